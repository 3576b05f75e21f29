"""What the DSpark paper says in words about its own curves, beside what we read off them."""

from dataclasses import dataclass

from forecasts.speculation.frontier import (
    BASELINE,
    Basis,
    gain_at_equal_concurrency,
    gain_at_matched_speed,
    gain_at_matched_throughput,
    throughput_at_speed,
)

SOURCE = "DeepSeek, DSpark paper (DeepSpec repository), Fig. 7 and Fig. 8"
TOLERANCE_POINTS = 3.0
_FLASH, _PRO = "deepseek-v4-flash", "deepseek-v4-pro"


@dataclass(frozen=True, kw_only=True)
class Claim:
    """The paper's gain of DSpark over MTP-1 on a basis, a ratio.

    `at` is running requests per GPU for `equal_concurrency`. For the other two it is tokens per second per user: what
    both serve for `matched_speed`, and what MTP-1 serves at the throughput in question for `matched_throughput`.
    """

    model: str
    basis: Basis
    at: float
    gain: float


@dataclass(frozen=True, kw_only=True)
class CheckedClaim:
    claim: Claim
    ours: float

    @property
    def difference_points(self) -> float:
        """Ours less the paper's, in percentage points of the gain."""
        return 100.0 * (self.ours - self.claim.gain)

    @property
    def is_within_tolerance(self) -> bool:
        return abs(self.difference_points) <= TOLERANCE_POINTS


CLAIMS = (
    Claim(model=_FLASH, basis="matched_speed", at=80.0, gain=1.51),
    Claim(model=_PRO, basis="matched_speed", at=35.0, gain=1.52),
    Claim(model=_FLASH, basis="matched_throughput", at=80.0, gain=1.60),
    Claim(model=_FLASH, basis="matched_throughput", at=120.0, gain=1.85),
    Claim(model=_PRO, basis="matched_throughput", at=35.0, gain=1.57),
    Claim(model=_PRO, basis="matched_throughput", at=50.0, gain=1.78),
    Claim(model=_FLASH, basis="equal_concurrency", at=5.0, gain=1.72),
    Claim(model=_FLASH, basis="equal_concurrency", at=200.0, gain=1.17),
    Claim(model=_PRO, basis="equal_concurrency", at=5.0, gain=1.85),
    Claim(model=_PRO, basis="equal_concurrency", at=200.0, gain=1.13),
    # Nominal figures: the baseline is near its end there.
    Claim(model=_FLASH, basis="matched_speed", at=120.0, gain=7.61),
    Claim(model=_PRO, basis="matched_speed", at=50.0, gain=5.06),
)


def most_stated_at_matched_speed() -> float:
    """The largest gain in throughput at the same speed of a user that the paper states, of any model.

    Its curves go further, to 22 where MTP-1 serves next to nobody: beyond what was stated no gain is counted.
    """
    return max(claim.gain for claim in CLAIMS if claim.basis == "matched_speed")


def check_paper() -> tuple[CheckedClaim, ...]:
    """Every claim with our own reading of the curves."""
    return tuple(CheckedClaim(claim=claim, ours=_gain(claim)) for claim in CLAIMS)


def _gain(claim: Claim) -> float:
    if claim.basis == "equal_concurrency":
        reading = gain_at_equal_concurrency(claim.model, claim.at)
    elif claim.basis == "matched_speed":
        reading = gain_at_matched_speed(claim.model, claim.at)
    else:
        reading = gain_at_matched_throughput(claim.model, throughput_at_speed(claim.model, BASELINE, claim.at).values)
    return float(reading.values)
