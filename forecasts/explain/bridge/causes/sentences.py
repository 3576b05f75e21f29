"""A sentence for each part of a bridge that is large enough to be asked about."""

from collections.abc import Sequence
from dataclasses import dataclass

from forecasts.explain.bridge.bridge import Bridge, BridgeSide
from forecasts.explain.bridge.causes.parts import causes_of
from forecasts.explain.bridge.causes.wording import label, money
from forecasts.explain.bridge.ownership import PartName

LEAST_FRACTION = 0.01
_MOST_CAUSES = 4


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """`amount` is in minor units on the basis of the budget, `fraction` of what the forecast before costs."""

    part: PartName
    amount: int
    fraction: float | None
    causes: tuple[str, ...]
    text: str


def sentences(found: Bridge, before: BridgeSide, after: BridgeSide) -> tuple[Sentence, ...]:
    """For each part of more than a hundredth of the forecast before, or of the one after where that costs nothing.

    Parts that cancel between rows are judged by their sum.
    """
    basis = after.plan.budget_basis
    was, now = found.total(found.before, basis), found.total(found.after, basis)
    scale = abs(was) or abs(now)
    told = []
    for part, cells in found.parts.items():
        amount = found.total(cells, basis)
        if abs(amount) > LEAST_FRACTION * scale:
            causes = _shortened(list(causes_of(part, found, before, after)))
            told.append(
                Sentence(
                    part=part,
                    amount=amount,
                    fraction=amount / abs(was) if was else None,
                    causes=causes,
                    text=_text(found, part, amount, was, causes),
                )
            )
    return tuple(told)


def _text(found: Bridge, part: PartName, amount: int, was: int, causes: Sequence[str]) -> str:
    verb = "adds" if amount > 0 else "takes off"
    share = f" ({100 * amount / abs(was):+.1f} %)" if was else ""
    why = f": {'; '.join(causes)}" if causes else ""
    return f"{label(part).capitalize()} {verb} {money(amount, found.digits)} {found.currency}{share}{why}."


def _shortened(causes: list[str]) -> tuple[str, ...]:
    unique = list(dict.fromkeys(causes))
    if len(unique) <= _MOST_CAUSES:
        return tuple(unique)
    return (*unique[:_MOST_CAUSES], f"and {len(unique) - _MOST_CAUSES} more")
