"""A fleet on the wire, and its conversion to the domain."""

from decimal import Decimal
from typing import Annotated, Literal

import msgspec

from forecasts.catalog.accelerators import load_accelerators
from forecasts.errors import Findings
from forecasts.fleet.fleet import DatedRate, Fleet, FleetCost, OneOff, Owned, Rented, Throughput
from forecasts.speculation.decoder import HEADLINE, NONE, Decoder
from service.schemas import meaning
from service.schemas.wire import Amount, CurrencyCode, Label, Name, PertIn, Text, Wire
from service.schemas.workload import ModelIn

# A rate below a token in twenty minutes is a typing error, and dividing by far smaller ones overflows.
MIN_TOKENS_PER_SECOND, MAX_TOKENS_PER_SECOND = 1e-3, 1e9
MAX_NODES = 1_000_000
COMPUTED_PRESETS = (NONE, HEADLINE)


class ThroughputIn(Wire, kw_only=True, frozen=True):
    output_tokens_per_second: float
    input_tokens_per_second: float | None = None
    input_includes_cached: bool = False
    combined: bool = False
    concurrency_per_node: float | None = None
    measured_with: Label = NONE

    def to_throughput(self, findings: Findings, at: str) -> Throughput:
        for name in ("output_tokens_per_second", "input_tokens_per_second", "concurrency_per_node"):
            value = getattr(self, name)
            if value is not None:
                meaning.bounded(findings, f"{at}/{name}", value, MIN_TOKENS_PER_SECOND, MAX_TOKENS_PER_SECOND)
        if self.combined and self.input_tokens_per_second is not None:
            findings.add(f"{at}/input_tokens_per_second", "must be null where the output rate is combined")
        return Throughput(
            output_tokens_per_second=self.output_tokens_per_second,
            input_tokens_per_second=self.input_tokens_per_second,
            input_includes_cached=self.input_includes_cached,
            combined=self.combined,
            concurrency_per_node=self.concurrency_per_node,
            measured_with=self.measured_with,
        )


class ScalingIn(Wire, kw_only=True, frozen=True):
    policy: Literal["fixed", "monthly", "hourly"] = "fixed"
    min_nodes: int | None = None
    max_nodes: int | None = None
    spare_nodes: int = 0
    lead_time_months: int | None = None

    def check(self, findings: Findings, at: str) -> None:
        if self.policy != "fixed":
            findings.add(f"{at}/policy", f"{self.policy!r} is not computed by this version; it computes 'fixed'")
        for name in ("min_nodes", "max_nodes", "lead_time_months"):
            if getattr(self, name) is not None and self.policy == "fixed":
                findings.add(f"{at}/{name}", "has no meaning under the policy 'fixed', which never changes the count")
        meaning.bounded(findings, f"{at}/spare_nodes", self.spare_nodes, 0, MAX_NODES)


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


class DecoderIn(Wire, kw_only=True, frozen=True):
    preset: Label = NONE
    speedup: PertIn | float | None = None
    speedup_over: Label = NONE
    basis: Literal["equal_concurrency", "matched_speed", "matched_throughput"] | None = None
    from_: str | None = msgspec.field(name="from", default=None)

    def to_decoder(self, findings: Findings, at: str, measured_with: str) -> Decoder:
        if self.preset not in COMPUTED_PRESETS:
            findings.add(
                f"{at}/preset",
                f"{self.preset!r} is not computed by this version; it computes {' and '.join(COMPUTED_PRESETS)}",
            )
        speedup = None
        if self.preset == HEADLINE:
            if self.speedup is None:
                findings.add(f"{at}/speedup", "is needed by the preset 'headline'")
            else:
                speedup = meaning.pert(findings, f"{at}/speedup", self.speedup, 0.05, 100.0)
            if self.speedup_over != measured_with:
                findings.add(
                    f"{at}/speedup_over",
                    f"a gain over {self.speedup_over!r} does not apply to a throughput measured with {measured_with!r}",
                )
            if self.basis is not None:
                findings.add(f"{at}/basis", "has no meaning for the preset 'headline', which is a constant")
        elif self.speedup is not None:
            findings.add(f"{at}/speedup", "belongs to the preset 'headline' alone")
        first = None if self.from_ is None else meaning.first_of_month(findings, f"{at}/from", self.from_)
        return Decoder(preset=self.preset, speedup=speedup, speedup_over=self.speedup_over, first_month=first)


class FleetIn(Wire, kw_only=True, frozen=True):
    name: Name
    cost_center: Label = ""
    gl_accounts: Annotated[dict[Label, Label], msgspec.Meta(max_length=50)] = {}
    accelerator: Label
    gpus_per_node: int = 8
    nodes: int
    serves: Name
    throughput: ThroughputIn
    target_utilization_fraction: float = 1.0
    burst_factor: float = 1.0
    overflow_to: ModelIn | None = None
    scaling: ScalingIn = ScalingIn()
    currency: CurrencyCode | None = None
    cost: RentedIn | OwnedIn
    one_offs: Annotated[list[OneOffIn], msgspec.Meta(max_length=240)] = []
    decoder: DecoderIn = DecoderIn()

    def to_fleet(self, findings: Findings, at: str = "", *, plan_currency: str = "USD") -> Fleet:
        """The domain value; records in `findings` what is wrong, by pointers below `at`."""
        self.scaling.check(findings, f"{at}/scaling")
        known = [accelerator.name for accelerator in load_accelerators()]
        if self.accelerator not in known:
            findings.add(f"{at}/accelerator", f"{self.accelerator!r} is unknown; there are {', '.join(known)}")
        meaning.bounded(findings, f"{at}/gpus_per_node", self.gpus_per_node, 1, 1024)
        meaning.bounded(findings, f"{at}/nodes", self.nodes, 0, MAX_NODES)
        return Fleet(
            name=self.name,
            cost_center=self.cost_center,
            gl_accounts=dict(self.gl_accounts),
            accelerator=self.accelerator,
            gpus_per_node=self.gpus_per_node,
            nodes=self.nodes,
            spare_nodes=self.scaling.spare_nodes,
            serves=self.serves,
            throughput=self.throughput.to_throughput(findings, f"{at}/throughput"),
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
                one_off.to_one_off(findings, f"{at}/one_offs/{index}") for index, one_off in enumerate(self.one_offs)
            ),
            decoder=self.decoder.to_decoder(findings, f"{at}/decoder", self.throughput.measured_with),
        )
