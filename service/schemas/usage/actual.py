"""What was recorded of a month, in a plan: the months of a forecast that are no forecast any more."""

from decimal import Decimal
from typing import Annotated

import msgspec

from forecasts.actuals import Actual
from forecasts.budgeting.metering import MTOK_UNIT
from forecasts.errors import Findings
from forecasts.prices.price import METERS, UNITS_BY_METER
from forecasts.units import TOKENS_PER_MTOK
from service.schemas import meaning
from service.schemas.wire import Amount, CurrencyCode, Label, Name, Wire

FLEET = "fleet:"
NODE_HOURS = "Node-Hours"
MOST_QUANTITY = Decimal("1e17")


class ActualIn(Wire, kw_only=True, frozen=True):
    """A total of one workload, route and meter in a month that has ended; all of a month's rows stand for the month.

    `quantity` is in the meter's own unit, such as tokens; for a fleet in node-hours. `effective` is `billed` unless
    it is given.
    """

    month: Annotated[str, msgspec.Meta(max_length=7)]
    workload: Name | None = None
    route: Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
    meter: Annotated[Label, msgspec.Meta(min_length=1)]
    quantity: Amount
    billed: Amount
    effective: Amount | None = None
    currency: CurrencyCode

    def to_actual(self, findings: Findings, at: str) -> Actual:
        of_fleet = self.route.startswith(FLEET)
        if not of_fleet:
            meaning.api_route(findings, f"{at}/route", self.route.partition("#")[0])
            if self.meter not in METERS:
                findings.add(f"{at}/meter", f"{self.meter!r} is no meter of a model; there are {', '.join(METERS)}")
        in_tokens = not of_fleet and UNITS_BY_METER.get(self.meter, "Tokens") == "Tokens"
        quantity = _signed(findings, f"{at}/quantity", self.quantity, MOST_QUANTITY, least=Decimal(0))
        billed = _signed(findings, f"{at}/billed", self.billed, meaning.MAX_AMOUNT)
        return Actual(
            month=meaning.month(findings, f"{at}/month", self.month),
            workload=self.workload,
            route=self.route,
            meter=self.meter,
            unit=MTOK_UNIT if in_tokens else NODE_HOURS if of_fleet else UNITS_BY_METER.get(self.meter, ""),
            quantity=float(quantity) / TOKENS_PER_MTOK if in_tokens else float(quantity),
            billed=billed,
            effective=billed
            if self.effective is None
            else _signed(findings, f"{at}/effective", self.effective, meaning.MAX_AMOUNT),
            currency=self.currency,
        )


def _signed(findings: Findings, at: str, value: Decimal, most: Decimal, *, least: Decimal | None = None) -> Decimal:
    low = -most if least is None else least
    if value.is_finite() and low <= value <= most:
        return value
    findings.add(at, f"must be a number from {low} to {most}, not {value}")
    return Decimal(0)
