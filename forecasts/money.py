"""Where floating point becomes money: once, by rounding running totals to the currency's minor unit."""

import numpy as np
import numpy.typing as npt

from forecasts.errors import InvalidInput, Problem
from forecasts.timeline import FloatArray

IntArray = npt.NDArray[np.int64]

# ISO 4217 currencies whose minor unit is not a hundredth.
_MINOR_DIGITS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV"), 0),
    **dict.fromkeys(("XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}

# Beyond this many minor units a float64 no longer holds single ones.
_LARGEST_MINOR = 2.0**53


def minor_digits(currency: str) -> int:
    return _MINOR_DIGITS.get(currency, 2)


def to_minor(amounts: FloatArray, digits: int) -> IntArray:
    """Amounts in minor units, halves away from zero; raises InvalidInput beyond what float64 holds exactly."""
    scaled = amounts * 10.0**digits
    if scaled.size and not np.abs(scaled).max() < _LARGEST_MINOR:
        raise InvalidInput((Problem(pointer="", detail="amounts grow beyond what can be budgeted (9e15 minor units)"),))
    # The nudge lets a tie that binary fractions place just below a half round as its decimal does.
    rounded: IntArray = (np.sign(scaled) * np.floor(np.abs(scaled) + 0.5 + 1e-6)).astype(np.int64)
    return rounded


def running_minor(amounts: FloatArray, digits: int) -> IntArray:
    """Cells of shape `[..., months]` whose every prefix sum is the rounded prefix sum of `amounts`."""
    totals = to_minor(np.cumsum(amounts, axis=-1), digits)
    return np.diff(totals, axis=-1, prepend=0)


def format_minor(value: int, digits: int) -> str:
    """`1800000` as `18000.00`."""
    if digits == 0:
        return str(value)
    sign = "-" if value < 0 else ""
    whole, fraction = divmod(abs(value), 10**digits)
    return f"{sign}{whole}.{fraction:0{digits}d}"
