"""A bridge on the wire: the difference of two forecasts in parts, for the whole and for what it is the sum of."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

import msgspec
import numpy as np
import numpy.typing as npt

from forecasts.explain.bridge.bridge import Bridge, BridgeSide
from forecasts.explain.bridge.causes.sentences import Sentence
from forecasts.explain.bridge.cells import BASES, BridgeRow
from forecasts.money import IntArray, format_minor
from forecasts.timeline import Timeline
from service.schemas.chart import ChartLook
from service.schemas.wire import Name

Chosen = npt.NDArray[np.bool_]


class BridgeQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`from` is the id of the forecast to compare with."""

    from_: Name = msgspec.field(name="from")


class BridgeChartQuery(ChartLook, frozen=True, forbid_unknown_fields=True, kw_only=True):
    from_: Name = msgspec.field(name="from")


class AmountsOut(msgspec.Struct, frozen=True, kw_only=True):
    effective: str
    billed: str


class PartOut(AmountsOut, frozen=True, kw_only=True):
    part: str


class SplitOut(msgspec.Struct, frozen=True, kw_only=True):
    """On both bases `before` and the `parts`, in their order, add to `after`."""

    before: AmountsOut
    after: AmountsOut
    parts: tuple[PartOut, ...]


class MonthSplitOut(SplitOut, frozen=True, kw_only=True):
    month: str


class FiscalYearSplitOut(SplitOut, frozen=True, kw_only=True):
    fiscal_year: int


class NamedSplitOut(SplitOut, frozen=True, kw_only=True):
    name: str


class SentenceOut(msgspec.Struct, frozen=True, kw_only=True):
    """`amount` is on the bridge's `basis`; `fraction` is of what the forecast before costs."""

    part: str
    amount: str
    fraction: float | None
    causes: tuple[str, ...]
    text: str


class BridgeEndOut(msgspec.Struct, frozen=True, kw_only=True):
    """One of the two forecasts; a plan that nobody stored has no id."""

    id: UUID | None
    as_of: str
    first_month: str
    months: int
    model_version: str


class BridgeOut(SplitOut, frozen=True, kw_only=True):
    """`workloads`, `fleets` and `contracts` (what these cost beside workloads) add to the whole, as do the others.

    `basis` is that of the later forecast's budget; the sentences speak of it.
    """

    from_: BridgeEndOut = msgspec.field(name="from")
    to: BridgeEndOut
    currency: str
    basis: str
    sentences: tuple[SentenceOut, ...]
    annual: tuple[FiscalYearSplitOut, ...]
    monthly: tuple[MonthSplitOut, ...]
    workloads: tuple[NamedSplitOut, ...]
    fleets: tuple[NamedSplitOut, ...]
    contracts: tuple[NamedSplitOut, ...]
    cost_centers: tuple[NamedSplitOut, ...]


def bridge_out(
    found: Bridge,
    told: Iterable[Sentence],
    before: BridgeSide,
    after: BridgeSide,
    ids: tuple[UUID | None, UUID | None] = (None, None),
) -> BridgeOut:
    timeline = Timeline(
        first=found.first, months=len(found.months), fiscal_year_start_month=found.fiscal_year_start_month
    )
    years = timeline.fiscal_years
    every = np.ones(len(found.rows), dtype=bool)
    return BridgeOut(
        **_split(found, every, np.ones(len(found.months), dtype=bool)),
        from_=_end(before, ids[0]),
        to=_end(after, ids[1]),
        currency=found.currency,
        basis=after.plan.budget_basis,
        sentences=tuple(
            SentenceOut(
                part=one.part,
                amount=format_minor(one.amount, found.digits),
                fraction=None if one.fraction is None else round(one.fraction, 6),
                causes=one.causes,
                text=one.text,
            )
            for one in told
        ),
        annual=tuple(
            FiscalYearSplitOut(fiscal_year=year, **_split(found, every, years == year))
            for year in np.unique(years).tolist()
        ),
        monthly=tuple(
            MonthSplitOut(month=str(month), **_split(found, every, timeline.indices == month.index))
            for month in found.months
        ),
        workloads=_by_name(found, lambda row: row.workload or None),
        fleets=_by_name(found, lambda row: row.fleet or None),
        contracts=_by_name(found, lambda row: row.contract or None),
        cost_centers=_by_name(found, lambda row: row.cost_center),
    )


def _by_name(found: Bridge, name_of: Callable[[BridgeRow], str | None]) -> tuple[NamedSplitOut, ...]:
    names = [name_of(row) for row in found.rows]
    every = np.ones(len(found.months), dtype=bool)
    return tuple(
        NamedSplitOut(name=name, **_split(found, np.array([one == name for one in names]), every))
        for name in dict.fromkeys(names)
        if name is not None
    )


def _split(found: Bridge, rows: Chosen, months: Chosen) -> dict[str, Any]:
    def amounts(cells: IntArray) -> dict[str, str]:
        sums = cells[:, rows][:, :, months].sum(axis=(1, 2)).tolist()
        return {basis: format_minor(amount, found.digits) for basis, amount in zip(BASES, sums, strict=True)}

    return {
        "before": AmountsOut(**amounts(found.before)),
        "after": AmountsOut(**amounts(found.after)),
        "parts": tuple(PartOut(part=name, **amounts(cells)) for name, cells in found.parts.items()),
    }


def _end(side: BridgeSide, forecast_id: UUID | None) -> BridgeEndOut:
    return BridgeEndOut(
        id=forecast_id,
        as_of=side.plan.as_of.isoformat(),
        first_month=str(side.plan.timeline.first),
        months=side.plan.timeline.months,
        model_version=side.model_version,
    )
