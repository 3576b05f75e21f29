"""Committed nodes on the wire: layers of commitments, and the rate on demand above them."""

from decimal import Decimal
from typing import Annotated

import msgspec

from forecasts.errors import Findings
from forecasts.fleet.costs.terms import Commitment, Committed
from service.schemas import meaning
from service.schemas.fleet.costs.rented import DatedRatesIn, hourly_rates
from service.schemas.fleet.costs.running import RunningCostsIn
from service.schemas.fleet.scaling import MAX_NODES
from service.schemas.wire import Amount, Wire


class CommitmentIn(Wire, kw_only=True, frozen=True):
    """`upfront` is for the layer as a whole; `ends` is its last day."""

    nodes: int
    rate_per_node_hour: Amount
    starts: str
    ends: str
    upfront: Amount = Decimal(0)
    invoiced: str | None = None

    def to_commitment(self, findings: Findings, at: str) -> Commitment:
        starts, ends = meaning.term(findings, at, self.starts, self.ends)
        invoiced = None if self.invoiced is None else meaning.day(findings, f"{at}/invoiced", self.invoiced)
        if invoiced is not None and invoiced > ends:
            findings.add(f"{at}/invoiced", f"must not be after the commitment's last day, {ends}")
        if invoiced is not None and not self.upfront:
            findings.add(f"{at}/invoiced", "has no meaning without an upfront amount")
        return Commitment(
            nodes=int(meaning.bounded(findings, f"{at}/nodes", self.nodes, 1, MAX_NODES)),
            rate_per_node_hour=meaning.amount(findings, f"{at}/rate_per_node_hour", self.rate_per_node_hour),
            starts=starts,
            ends=ends,
            upfront=meaning.amount(findings, f"{at}/upfront", self.upfront),
            invoiced=invoiced,
        )


class CommittedIn(RunningCostsIn, tag="committed", tag_field="kind", kw_only=True, frozen=True):
    commitments: Annotated[list[CommitmentIn], msgspec.Meta(min_length=1, max_length=240)]
    on_demand_rate_per_node_hour: Amount | None = None
    on_demand_rates: DatedRatesIn | None = None

    def to_cost(self, findings: Findings, at: str) -> Committed:
        return Committed(
            commitments=tuple(
                layer.to_commitment(findings, f"{at}/commitments/{index}")
                for index, layer in enumerate(self.commitments)
            ),
            on_demand_rates=hourly_rates(
                findings,
                at,
                self.on_demand_rate_per_node_hour,
                self.on_demand_rates,
                names=("on_demand_rate_per_node_hour", "on_demand_rates"),
            ),
            running=self.to_running_costs(findings, at),
        )
