"""Leased nodes on the wire."""

from decimal import Decimal

from forecasts.errors import Findings
from forecasts.fleet.costs.dating import Term
from forecasts.fleet.costs.terms import Leased
from service.schemas import meaning
from service.schemas.fleet.costs.running import RunningCostsIn
from service.schemas.wire import Amount

MAX_ESCALATION_FRACTION = 1


class LeasedIn(RunningCostsIn, tag="leased", tag_field="kind", kw_only=True, frozen=True):
    payment_per_node_month: Amount
    starts: str
    ends: str
    rent_free_months: int = 0
    escalation_fraction_per_year: Amount = Decimal(0)

    def to_cost(self, findings: Findings, at: str) -> Leased:
        starts, ends = meaning.term(findings, at, self.starts, self.ends)
        months = Term(starts=starts, ends=ends).months
        if not 0 <= self.rent_free_months < months:
            findings.add(
                f"{at}/rent_free_months",
                f"must be 0 or more and fewer than the lease's {months:.4g} months, not {self.rent_free_months}",
            )
        escalation = meaning.amount(findings, f"{at}/escalation_fraction_per_year", self.escalation_fraction_per_year)
        if escalation > MAX_ESCALATION_FRACTION:
            findings.add(
                f"{at}/escalation_fraction_per_year", f"must be at most {MAX_ESCALATION_FRACTION}, not {escalation}"
            )
        return Leased(
            payment_per_node_month=meaning.amount(
                findings, f"{at}/payment_per_node_month", self.payment_per_node_month
            ),
            starts=starts,
            ends=ends,
            rent_free_months=self.rent_free_months,
            escalation_fraction_per_year=min(escalation, Decimal(MAX_ESCALATION_FRACTION)),
            running=self.to_running_costs(findings, at),
        )
