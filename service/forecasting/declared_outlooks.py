"""The price outlooks that a frozen plan declares, with everything filled in that it leaves to a default."""

from dataclasses import dataclass
from datetime import date

import msgspec

from forecasts.errors import Findings
from forecasts.prices.outlooks.outlook import Outlook
from service.schemas.plan.outlook import OutlookIn, default_outlook


@dataclass(frozen=True, kw_only=True)
class DeclaredOutlooks:
    """`by_default` where nobody declared any, and the one that is assumed then stands here."""

    outlooks: tuple[Outlook, ...]
    by_default: bool


class _Declared(msgspec.Struct, frozen=True):
    """What a snapshot says of outlooks; everything else in it is passed over."""

    as_of: str
    outlooks: tuple[OutlookIn, ...] | None = None


def declared_outlooks(snapshot: bytes) -> DeclaredOutlooks:
    told = msgspec.json.decode(snapshot, type=_Declared)
    as_of = date.fromisoformat(told.as_of)
    if told.outlooks is None:
        return DeclaredOutlooks(outlooks=(default_outlook(as_of),), by_default=True)
    # They were checked before they were frozen.
    findings = Findings()
    return DeclaredOutlooks(
        outlooks=tuple(one.to_outlook(findings, "", as_of) for one in told.outlooks), by_default=False
    )
