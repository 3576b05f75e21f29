"""The months of a stored forecast by group: its lines, summed up by the database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Connection

from forecasts.money import minor_digits
from forecasts.route_names import contract_of_route, provider_of_route
from forecasts.timeline import Month
from service.schemas.forecast.months import ForecastMonthsOut, GroupBy, GroupMonthsOut, OtherMonthsOut, SeriesOut
from service.store import forecasts, lines
from service.store.forecasts import ForecastRecord
from service.store.lines import GroupSum


@dataclass
class _Amounts:
    """Billed and effective cost of each month."""

    billed: list[Decimal]
    effective: list[Decimal]

    @classmethod
    def none(cls, months: int, zero: Decimal) -> "_Amounts":
        return cls(billed=[zero] * months, effective=[zero] * months)

    def add(self, place: int, billed: Decimal, effective: Decimal) -> None:
        self.billed[place] += billed
        self.effective[place] += effective


@dataclass(kw_only=True)
class _Grouped:
    months: Sequence[date]
    zero: Decimal
    recorded: set[date] = field(default_factory=set)
    groups: dict[str | None, _Amounts] = field(default_factory=dict)

    def enter(self, sums: Iterable[GroupSum]) -> None:
        places = {month: place for place, month in enumerate(self.months)}
        for one in sums:
            # An account or cost centre that was left out is stored as an empty text.
            name = one.name or None
            if name not in self.groups:
                self.groups[name] = self.nothing()
            self.groups[name].add(places[one.month], one.billed, one.effective)
            if one.recorded:
                self.recorded.add(one.month)

    def nothing(self) -> _Amounts:
        return _Amounts.none(len(self.months), self.zero)

    def sum_of(self, several: Iterable[_Amounts]) -> _Amounts:
        total = self.nothing()
        for one in several:
            for place, (billed, effective) in enumerate(zip(one.billed, one.effective, strict=True)):
                total.add(place, billed, effective)
        return total


def load_months(
    session: Connection, record: ForecastRecord, by: GroupBy, *, largest: int | None = None
) -> ForecastMonthsOut:
    """Of a forecast that has succeeded."""
    first, count = Month.of(record.horizon_first_month or record.as_of), record.horizon_months or 0
    months = [first.plus(index).first_day for index in range(count)]
    sums = _sums(session, record, by)
    return months_by(sums, by, months, forecast_id=record.id, currency=record.currency, largest=largest)


def months_by(
    sums: Iterable[GroupSum],
    by: GroupBy,
    months: Sequence[date],
    *,
    forecast_id: UUID,
    currency: str,
    largest: int | None = None,
) -> ForecastMonthsOut:
    """Sums of lines put together by name and month. Names of equal cost are in the order of the alphabet."""
    grouped = _Grouped(months=months, zero=Decimal(0).scaleb(-minor_digits(currency)))
    grouped.enter(sums)
    ranked = sorted(grouped.groups.items(), key=lambda item: (-sum(item[1].effective), item[0] or ""))
    listed = ranked if largest is None else ranked[:largest]
    rest = [amounts for _, amounts in ranked[len(listed) :]]
    others, total = grouped.sum_of(rest), grouped.sum_of(grouped.groups.values())
    return ForecastMonthsOut(
        forecast_id=forecast_id,
        by=by,
        currency=currency,
        months=[f"{month:%Y-%m}" for month in grouped.months],
        actual=[month in grouped.recorded for month in grouped.months],
        actual_until=f"{max(grouped.recorded):%Y-%m}" if grouped.recorded else None,
        groups=[
            GroupMonthsOut(name=name, billed=amounts.billed, effective=amounts.effective) for name, amounts in listed
        ],
        others=OtherMonthsOut(count=len(rest), billed=others.billed, effective=others.effective) if rest else None,
        total=SeriesOut(billed=total.billed, effective=total.effective),
    )


def _sums(session: Connection, record: ForecastRecord, by: GroupBy) -> list[GroupSum]:
    if by != "provider":
        return lines.group_sums(session, record.id, by)
    sums = lines.group_sums(session, record.id, "route")
    settled = any(contract_of_route(one.name or "") is not None for one in sums)
    contracts = _providers_of_contracts(forecasts.get_snapshot(session, record.id)) if settled else {}
    return [one._replace(name=provider_of_route(one.name or "", contracts)) for one in sums]


def _providers_of_contracts(snapshot: bytes) -> dict[str, str]:
    """A settlement's line names its contract alone; who the contract is with stands in the frozen inputs."""
    document: dict[str, Any] = msgspec.json.decode(snapshot)
    return {one["name"]: one["provider"] for one in document.get("contracts", ())}
