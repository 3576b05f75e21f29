"""How many draft tokens the target keeps: two-parameter decay, and what measured figures say about it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from forecasts.timeline import FloatArray

MAX_DEPTH = 64
_BISECTIONS = 52  # Halving [0, 1] this often reaches the last bit of a double.


@dataclass(frozen=True, kw_only=True, eq=False)
class Acceptance:
    """Acceptance of draft position `i`, given that those before it were kept: `first * rho**(i - 1)`.

    `first` and `rho` are probabilities and broadcast against each other; `rho = 1` is independent acceptance.
    """

    first: FloatArray
    rho: FloatArray

    def length(self, depth: int) -> FloatArray:
        """Tokens of one step at a draft length, the bonus token included."""
        return acceptance_length(self.first, self.rho, depth)


def acceptance_length(first: npt.ArrayLike, rho: npt.ArrayLike, depth: int) -> FloatArray:
    """Tokens that one step of the target yields, its own included: `1 + sum_{j<=depth} prod_{i<=j} first*rho**(i-1)`.

    Shape: that of `first` and `rho` broadcast. Between 1 and `depth + 1`. With `rho = 1` it is
    `(1 - first**(depth + 1)) / (1 - first)` (Leviathan et al. 2023, arXiv 2211.17192, equation 1). Raises ValueError
    for a `first` or `rho` outside 0 to 1, or a depth outside 0 to 64.
    """
    first_, rho_ = np.asarray(first, dtype=np.float64), np.asarray(rho, dtype=np.float64)
    _require_fractions(first_, "first-position acceptance")
    _require_fractions(rho_, "decay")
    _require_depth(depth, lowest=0)
    return _length(first_, rho_, depth)


def acceptance_lengths(first: npt.ArrayLike, rho: npt.ArrayLike, depth: int) -> tuple[FloatArray, ...]:
    """The acceptance lengths at draft lengths 0, 1, ... `depth`; each of the shape of `acceptance_length`."""
    first_, rho_ = np.asarray(first, dtype=np.float64), np.asarray(rho, dtype=np.float64)
    _require_fractions(first_, "first-position acceptance")
    _require_fractions(rho_, "decay")
    _require_depth(depth, lowest=0)
    kept = np.ones(np.broadcast_shapes(first_.shape, rho_.shape))
    lengths = [kept]
    position = first_
    for _ in range(depth):
        kept = kept * position
        position = position * rho_
        lengths.append(lengths[-1] + kept)
    return tuple(lengths)


def acceptance_from_length(
    length: npt.ArrayLike, rho: npt.ArrayLike, depth: int, *, includes_bonus: bool = True
) -> Acceptance:
    """The acceptance whose length at `depth` is the measured one; shape: `length` and `rho` broadcast.

    The decay is kept while a first-position acceptance up to 1 can give the length, and is eased towards 1 where it
    cannot. Raises ValueError for a length below 1 or above `depth + 1` (without the bonus token: 0 and `depth`).
    """
    _require_depth(depth, lowest=1)
    kept = np.asarray(length, dtype=np.float64)
    length_ = kept if includes_bonus else kept + 1.0
    if not bool(np.all((length_ >= 1.0) & (length_ <= depth + 1.0))):
        low = 1 if includes_bonus else 0
        raise ValueError(f"an acceptance length at {depth} draft tokens lies between {low} and {low + depth}")
    decay = np.asarray(rho, dtype=np.float64)
    _require_fractions(decay, "decay")
    length_, decay = np.broadcast_arrays(length_, decay)
    one = np.ones_like(length_)
    beyond = length_ > _length(one, decay, depth)
    first = _bisect(lambda guess: _length(guess, decay, depth), length_)
    eased = _bisect(lambda guess: _length(one, guess, depth), length_)
    return Acceptance(first=np.where(beyond, 1.0, first), rho=np.where(beyond, eased, decay))


def acceptance_from_rate(rate: npt.ArrayLike, rho: npt.ArrayLike, depth: int) -> Acceptance:
    """The acceptance of which the fraction `rate` of all draft tokens is kept, as engines report it.

    Raises ValueError for a rate outside 0 to 1.
    """
    rate_ = np.asarray(rate, dtype=np.float64)
    _require_fractions(rate_, "acceptance rate")
    _require_depth(depth, lowest=1)
    return acceptance_from_length(np.minimum(1.0 + rate_ * depth, depth + 1.0), rho, depth)


def acceptance_from_curve(positions: Sequence[float], *, conditional: bool = False) -> Acceptance:
    """The (first, rho) that fits one measured curve by position best, in least squares of the kept fraction.

    `positions[i]` is the fraction of steps that keep draft token `i + 1`; with `conditional` it is the fraction among
    steps that kept all before it. Scalars of shape `[]`. Raises ValueError for an empty curve, a fraction outside 0 to
    1, or a curve of kept fractions that rises.
    """
    curve = np.asarray(positions, dtype=np.float64)
    if curve.ndim != 1 or not 1 <= curve.size <= MAX_DEPTH:
        raise ValueError(f"a curve has 1 to {MAX_DEPTH} positions")
    _require_fractions(curve, "acceptance by position")
    kept = np.cumprod(curve) if conditional else curve
    if bool(np.any(np.diff(kept) > 0.0)):
        raise ValueError("a later draft token cannot be kept in more steps than an earlier one")
    if kept.size == 1:
        return Acceptance(first=kept[0], rho=np.asarray(1.0))
    from scipy.optimize import least_squares

    order = np.arange(1.0, kept.size + 1.0)
    triangle = order * (order - 1.0) / 2.0
    fitted = least_squares(
        lambda guess: guess[0] ** order * guess[1] ** triangle - kept,
        x0=np.clip([kept[0], 0.95], 1e-3, 0.999),
        bounds=([0.0, 0.0], [1.0, 1.0]),
        xtol=1e-12,
        ftol=1e-12,
    ).x
    return Acceptance(first=np.asarray(fitted[0]), rho=np.asarray(fitted[1]))


def _length(first: FloatArray, rho: FloatArray, depth: int) -> FloatArray:
    """Horner's scheme from the last position to the first."""
    length = np.ones(np.broadcast_shapes(first.shape, rho.shape))
    for position in range(depth - 1, -1, -1):
        length = 1.0 + first * rho**position * length
    return length


def _bisect(rising: Callable[[FloatArray], FloatArray], target: FloatArray) -> FloatArray:
    """Where a function of a fraction that rises from 0 to 1 reaches the target; 1 where it stays below."""
    low, high = np.zeros_like(target), np.ones_like(target)
    for _ in range(_BISECTIONS):
        middle = 0.5 * (low + high)
        short = rising(middle) < target
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return high


def _require_fractions(values: FloatArray, what: str) -> None:
    if values.size and not (values.min() >= 0.0 and values.max() <= 1.0):
        raise ValueError(f"{what} must be a fraction from 0 to 1")


def _require_depth(depth: int, *, lowest: int) -> None:
    if not lowest <= depth <= MAX_DEPTH:
        raise ValueError(f"a draft length lies between {lowest} and {MAX_DEPTH}, not {depth}")
