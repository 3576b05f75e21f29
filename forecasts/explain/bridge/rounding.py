"""Parts of a difference in whole minor units that add up to it in every cell."""

import numpy as np

from forecasts.money import IntArray, running_minor
from forecasts.timeline import FloatArray


def rounded_parts(parts: FloatArray, difference: IntArray, digits: int) -> IntArray:
    """`parts` has shape `[parts, ..., rows, months]`, `difference` without the first axis and in minor units.

    Parts are rounded by their running totals over months. What that leaves in a row goes to the row's largest part,
    and to the largest of all in a row that has none, so that a part of nothing stays nothing.
    """
    cells = running_minor(parts, digits)
    missing = difference - cells.sum(axis=0)
    weight = np.abs(parts).sum(axis=-1)
    largest_of_all = int(np.argmax(np.abs(parts).sum(axis=tuple(range(1, parts.ndim)))))
    absorber = np.where(weight.max(axis=0) > 0.0, weight.argmax(axis=0), largest_of_all)
    for index in np.ndindex(absorber.shape):
        cells[(absorber[index], *index)] += missing[index]
    return cells
