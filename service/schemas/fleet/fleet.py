"""A fleet on the wire, and its conversion to the domain."""

from datetime import date
from typing import Annotated

import msgspec

from forecasts.catalog.accelerators import load_accelerators
from forecasts.errors import Findings
from forecasts.fleet.costs.checks import check_declared_nodes
from forecasts.fleet.fleet import Fleet
from service.schemas import meaning
from service.schemas.fleet.costs.kinds import HIRED_BY_THE_HOUR, CostIn, check_growth
from service.schemas.fleet.costs.one_off import OneOffIn
from service.schemas.fleet.decoder import DecoderIn
from service.schemas.fleet.model_size import ModelSizeIn
from service.schemas.fleet.replica import ReplicaIn
from service.schemas.fleet.scaling import MAX_NODES, ScalingIn
from service.schemas.fleet.throughput import ThroughputIn
from service.schemas.wire import CurrencyCode, Label, Name, Wire
from service.schemas.workload.workload import ModelIn


class FleetIn(Wire, kw_only=True, frozen=True):
    name: Name
    cost_center: Label = ""
    gl_accounts: Annotated[dict[Label, Label], msgspec.Meta(max_length=50)] = {}
    accelerator: Label
    gpus_per_node: int = 8
    nodes: int
    serves: Name
    model_size: ModelSizeIn | None = None
    throughput: ThroughputIn
    target_utilization_fraction: float = 1.0
    burst_factor: float = 1.0
    overflow_to: ModelIn | None = None
    scaling: ScalingIn = ScalingIn()
    replica: ReplicaIn = ReplicaIn()
    currency: CurrencyCode | None = None
    cost: CostIn
    one_offs: Annotated[list[OneOffIn], msgspec.Meta(max_length=240)] = []
    decoder: DecoderIn = DecoderIn()

    def to_fleet(
        self, findings: Findings, at: str = "", *, plan_currency: str = "USD", as_of: date | None = None
    ) -> Fleet:
        """The domain value; records in `findings` what is wrong, by pointers below `at`."""
        known = [accelerator.name for accelerator in load_accelerators()]
        if self.accelerator not in known:
            findings.add(f"{at}/accelerator", f"{self.accelerator!r} is unknown; there are {', '.join(known)}")
        meaning.bounded(findings, f"{at}/gpus_per_node", self.gpus_per_node, 1, 1024)
        meaning.bounded(findings, f"{at}/nodes", self.nodes, 0, MAX_NODES)
        check_growth(self.cost, self.scaling, findings, f"{at}/cost")
        hired = isinstance(self.cost, HIRED_BY_THE_HOUR)
        fleet = Fleet(
            name=self.name,
            cost_center=self.cost_center,
            gl_accounts=dict(self.gl_accounts),
            accelerator=self.accelerator,
            gpus_per_node=self.gpus_per_node,
            nodes=self.nodes,
            spare_nodes=self.scaling.spare_nodes,
            scaling=self.scaling.to_scaling(findings, f"{at}/scaling", str(self.cost.__struct_config__.tag)),
            replica=self.replica.to_replica(findings, f"{at}/replica"),
            serves=self.serves,
            model_size=None if self.model_size is None else self.model_size.to_target(findings, f"{at}/model_size"),
            throughput=self.throughput.to_throughput(
                findings,
                f"{at}/throughput",
                serves=self.serves,
                accelerator=self.accelerator,
                gpus_per_node=self.gpus_per_node,
                as_of=as_of,
            ),
            target_utilization_fraction=meaning.bounded(
                findings,
                f"{at}/target_utilization_fraction",
                self.target_utilization_fraction,
                0.0,
                1.0,
                above_low=True,
            ),
            burst_factor=meaning.bounded(findings, f"{at}/burst_factor", self.burst_factor, 1.0, 100.0),
            overflow_to=None
            if self.overflow_to is None
            else self.overflow_to.to_api_route(findings, f"{at}/overflow_to"),
            currency=self.currency or plan_currency,
            cost=self.cost.to_cost(findings, f"{at}/cost"),
            one_offs=tuple(
                one_off.to_one_off(findings, f"{at}/one_offs/{index}", hired=hired)
                for index, one_off in enumerate(self.one_offs)
            ),
            decoder=self.decoder.to_decoder(findings, f"{at}/decoder"),
        )
        check_declared_nodes(fleet, findings, at)
        return fleet
