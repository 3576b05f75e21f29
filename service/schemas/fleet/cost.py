"""What a fleet's nodes cost, on the wire."""

from decimal import Decimal
from typing import Annotated, Literal

import msgspec

from forecasts.errors import Findings
from forecasts.fleet.fleet import DatedRate, FleetCost, OneOff, Owned, Rented
from service.schemas import meaning
from service.schemas.wire import Amount, Text, Wire


class DatedRateIn(Wire, kw_only=True, frozen=True):
    from_: str = msgspec.field(name="from")
    rate_per_node_hour: Amount


class RentedIn(Wire, tag="rented", tag_field="kind", kw_only=True, frozen=True):
    rate_per_node_hour: Amount | None = None
    rates: Annotated[list[DatedRateIn], msgspec.Meta(max_length=240)] | None = None

    def to_cost(self, findings: Findings, at: str) -> FleetCost:
        if (self.rate_per_node_hour is None) == (not self.rates):
            findings.add(at, "must give either rate_per_node_hour or rates")
        dated = []
        if self.rate_per_node_hour is not None:
            rate = meaning.amount(findings, f"{at}/rate_per_node_hour", self.rate_per_node_hour)
            dated.append(DatedRate(starts=None, rate=rate))
        for index, entry in enumerate(self.rates or ()):
            pointer = f"{at}/rates/{index}"
            starts = meaning.day(findings, f"{pointer}/from", entry.from_)
            rate = meaning.amount(findings, f"{pointer}/rate_per_node_hour", entry.rate_per_node_hour)
            if dated and dated[-1].starts is not None and starts <= dated[-1].starts:
                findings.add(f"{pointer}/from", "must be later than the rate before it")
            dated.append(DatedRate(starts=starts, rate=rate))
        return Rented(rates=tuple(dated))


class OwnedIn(Wire, tag="owned", tag_field="kind", kw_only=True, frozen=True):
    purchase_price_per_node: Amount
    purchased: str
    in_service: str
    useful_life_months: int
    residual_fraction: Amount = Decimal(0)
    method: Literal["straight_line", "declining_balance", "sum_of_years_digits", "units_of_production"] = (
        "straight_line"
    )
    convention: Literal["full_month", "mid_month"] = "full_month"
    hosting_per_node_year: Amount = Decimal(0)
    licence_per_gpu_year: Amount = Decimal(0)
    power_kw_per_node: float = 0.0
    idle_power_fraction: float = 0.0
    pue: float = 1.0
    electricity_per_kwh: Amount = Decimal(0)
    operations_per_month: Amount = Decimal(0)

    def to_cost(self, findings: Findings, at: str) -> FleetCost:
        for name, computed in (("method", "straight_line"), ("convention", "full_month")):
            if getattr(self, name) != computed:
                findings.add(
                    f"{at}/{name}", f"{getattr(self, name)!r} is not computed by this version; it computes {computed!r}"
                )
        for name in ("hosting_per_node_year", "licence_per_gpu_year", "electricity_per_kwh", "operations_per_month"):
            meaning.amount(findings, f"{at}/{name}", getattr(self, name))
        residual = meaning.amount(findings, f"{at}/residual_fraction", self.residual_fraction)
        if residual > 1:
            findings.add(f"{at}/residual_fraction", f"must be at most 1, not {residual}")
        meaning.bounded(findings, f"{at}/useful_life_months", self.useful_life_months, 1, 600)
        purchased = meaning.day(findings, f"{at}/purchased", self.purchased)
        in_service = meaning.day(findings, f"{at}/in_service", self.in_service)
        if in_service < purchased:
            findings.add(f"{at}/in_service", "must not be before the purchase")
        return Owned(
            purchase_price_per_node=meaning.amount(
                findings, f"{at}/purchase_price_per_node", self.purchase_price_per_node
            ),
            purchased=purchased,
            in_service=in_service,
            useful_life_months=self.useful_life_months,
            residual_fraction=residual,
            hosting_per_node_year=self.hosting_per_node_year,
            licence_per_gpu_year=self.licence_per_gpu_year,
            power_kw_per_node=meaning.bounded(
                findings, f"{at}/power_kw_per_node", self.power_kw_per_node, 0.0, 10_000.0
            ),
            idle_power_fraction=meaning.fraction(findings, f"{at}/idle_power_fraction", self.idle_power_fraction),
            pue=meaning.bounded(findings, f"{at}/pue", self.pue, 1.0, 5.0),
            electricity_per_kwh=self.electricity_per_kwh,
            operations_per_month=self.operations_per_month,
        )


class OneOffIn(Wire, kw_only=True, frozen=True):
    month: str
    amount: Amount
    what: Text
    gpu_hours: float | None = None

    def to_one_off(self, findings: Findings, at: str) -> OneOff:
        if self.gpu_hours is not None:
            meaning.bounded(findings, f"{at}/gpu_hours", self.gpu_hours, 0.0, 1e9)
        return OneOff(
            month=meaning.month(findings, f"{at}/month", self.month),
            amount=meaning.amount(findings, f"{at}/amount", self.amount),
            what=self.what,
            gpu_hours=self.gpu_hours,
        )
