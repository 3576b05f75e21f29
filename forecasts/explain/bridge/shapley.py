"""Shapley's fair division of a difference among the factors that cause it."""

from math import factorial

import numpy as np

from forecasts.timeline import FloatArray


def shapley(values: FloatArray, factors: int) -> FloatArray:
    """Each factor's mean contribution over all orders in which the factors could change, shape `[factors, ...]`.

    `values` has shape `[2**factors, ...]`: entry `s` is the value where exactly the factors of the bits of `s` have
    changed. The contributions add to `values[-1] - values[0]`; a factor that never changes a value gets exact zeros
    (Shapley 1953).
    """
    states = np.arange(2**factors)
    sizes = np.array([int(state).bit_count() for state in states])
    parts = np.zeros((factors, *values.shape[1:]))
    for factor in range(factors):
        without = states[(states >> factor) & 1 == 0]
        weights = np.array(
            [factorial(size) * factorial(factors - size - 1) / factorial(factors) for size in sizes[without].tolist()]
        )
        differences = values[without | (1 << factor)] - values[without]
        parts[factor] = np.tensordot(weights, differences, axes=1)
    return parts
