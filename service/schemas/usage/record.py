"""Totals of usage and cost as they are sent, checked row by row."""

from datetime import date
from decimal import Decimal
from typing import Annotated

import msgspec

from forecasts.errors import Findings
from forecasts.prices.price import METERS, SERVICE_TIERS
from forecasts.timeline import Month
from service.schemas import meaning
from service.schemas.wire import Amount, CurrencyCode, Label, Name, Text, Wire
from service.store.usage import NewUsage

MOST_ROWS = 20_000
MOST_QUANTITY = Decimal("1e17")
# More would not be kept exactly beside as large a number.
_DECIMALS = 10
FLEET = "fleet:"


class UsageIn(Wire, kw_only=True, frozen=True):
    """What one workload used and cost on one route and meter in a `period`: a month, 2027-01, or a day, 2027-01-15.

    `route` is provider/model, with #tier where that is not standard, or fleet:name. `meter` is a meter of the model, or
    any word for what was used of a fleet. Only what a fleet cost without serving anything has no workload. `quantity`
    is in the meter's own unit, such as tokens; for a fleet in node-hours. `billed` is what was invoiced, `effective`
    what accrued: the same unless it is given.
    """

    period: Annotated[str, msgspec.Meta(max_length=10)]
    workload: Name | None = None
    route: Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
    meter: Annotated[Label, msgspec.Meta(min_length=1)]
    quantity: Amount
    billed: Amount
    effective: Amount | None = None
    currency: CurrencyCode = "USD"
    source: Text = ""

    def to_usage(self, findings: Findings, at: str) -> NewUsage:
        month, day = _period(findings, f"{at}/period", self.period)
        billed = _bounded(findings, f"{at}/billed", self.billed, -meaning.MAX_AMOUNT, meaning.MAX_AMOUNT)
        self._check_route(findings, at)
        return NewUsage(
            month=month.first_day,
            day=day,
            workload=self.workload,
            route=self.route,
            meter=self.meter,
            quantity=_bounded(findings, f"{at}/quantity", self.quantity, Decimal(0), MOST_QUANTITY),
            billed=billed,
            effective=billed
            if self.effective is None
            else _bounded(findings, f"{at}/effective", self.effective, -meaning.MAX_AMOUNT, meaning.MAX_AMOUNT),
            currency=self.currency,
            source=self.source,
        )

    def _check_route(self, findings: Findings, at: str) -> None:
        if self.route.startswith(FLEET):
            if self.route == FLEET:
                findings.add(f"{at}/route", "must name the fleet, such as fleet:h100-pool")
            return
        name, marked, tier = self.route.partition("#")
        meaning.api_route(findings, f"{at}/route", name)
        if marked and (tier not in SERVICE_TIERS or tier == "standard"):
            listed = ", ".join(one for one in SERVICE_TIERS if one != "standard")
            findings.add(f"{at}/route", f"{tier!r} is no service tier to be marked; there are {listed}")
        if self.meter not in METERS:
            findings.add(f"{at}/meter", f"{self.meter!r} is no meter of a model; there are {', '.join(METERS)}")
        if self.workload is None:
            findings.add(f"{at}/workload", "is required: only a fleet costs anything without a workload")


class UsageBatch(Wire, kw_only=True, frozen=True):
    """Rows are recorded all or none. One that is recorded already changes nothing; with other numbers it is refused,
    unless `replace` says that it corrects what was recorded. Rows of closed months are refused.
    """

    rows: Annotated[list[UsageIn], msgspec.Meta(min_length=1, max_length=MOST_ROWS)]
    replace: bool = False

    def to_usage(self) -> list[NewUsage]:
        """The rows in order; raises InvalidInput with every problem, rows that contradict each other among them."""
        findings = Findings()
        rows = [row.to_usage(findings, f"/rows/{index}") for index, row in enumerate(self.rows)]
        findings.end()
        first: dict[object, int] = {}
        for index, row in enumerate(rows):
            other = first.setdefault(row.key, index)
            if rows[other].numbers != row.numbers:
                findings.add(f"/rows/{index}", f"is of the same as /rows/{other}, with other numbers")
        findings.end()
        return rows


def _period(findings: Findings, at: str, text: str) -> tuple[Month, date | None]:
    if len(text) <= len("2027-01"):
        return meaning.month(findings, at, text), None
    day = meaning.day(findings, at, text)
    return Month.of(day), day


def _bounded(findings: Findings, at: str, value: Decimal, low: Decimal, high: Decimal) -> Decimal:
    if value.is_finite() and low <= value <= high:
        return round(value, _DECIMALS)
    findings.add(at, f"must be a number from {low} to {high}, not {value}")
    return low
