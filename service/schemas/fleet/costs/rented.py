"""Rented nodes on the wire, and hourly rates that change on a day."""

from typing import Annotated

import msgspec

from forecasts.errors import Findings
from forecasts.fleet.costs.terms import DatedRate, Rented
from service.schemas import meaning
from service.schemas.fleet.costs.running import RunningCostsIn
from service.schemas.wire import Amount, Wire


class DatedRateIn(Wire, kw_only=True, frozen=True):
    from_: str = msgspec.field(name="from")
    rate_per_node_hour: Amount


DatedRatesIn = Annotated[list[DatedRateIn], msgspec.Meta(max_length=240)]


class RentedIn(RunningCostsIn, tag="rented", tag_field="kind", kw_only=True, frozen=True):
    rate_per_node_hour: Amount | None = None
    rates: DatedRatesIn | None = None

    def to_cost(self, findings: Findings, at: str) -> Rented:
        return Rented(
            rates=hourly_rates(
                findings, at, self.rate_per_node_hour, self.rates, names=("rate_per_node_hour", "rates")
            ),
            running=self.to_running_costs(findings, at),
        )


def hourly_rates(
    findings: Findings, at: str, single: Amount | None, dated: list[DatedRateIn] | None, *, names: tuple[str, str]
) -> tuple[DatedRate, ...]:
    """One rate for all time or dated ones that rise in time, from the two fields of these `names` below `at`."""
    if (single is None) == (not dated):
        findings.add(at, f"must give either {names[0]} or {names[1]}")
    rates = []
    if single is not None:
        rates.append(DatedRate(starts=None, rate=meaning.amount(findings, f"{at}/{names[0]}", single)))
    for index, entry in enumerate(dated or ()):
        pointer = f"{at}/{names[1]}/{index}"
        starts = meaning.day(findings, f"{pointer}/from", entry.from_)
        rate = meaning.amount(findings, f"{pointer}/rate_per_node_hour", entry.rate_per_node_hour)
        if rates and rates[-1].starts is not None and starts <= rates[-1].starts:
            findings.add(f"{pointer}/from", "must be later than the rate before it")
        rates.append(DatedRate(starts=starts, rate=rate))
    return tuple(rates)
