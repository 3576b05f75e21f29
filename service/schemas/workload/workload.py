"""A workload on the wire, and its conversion to the domain."""

import math
from itertools import pairwise
from typing import Annotated, Literal

import msgspec

from forecasts.errors import Findings
from forecasts.workload import (
    ApiRoute,
    Demand,
    FleetRoute,
    OutputLengths,
    Route,
    RouteSet,
    RouteShare,
    Step,
    Waiting,
    Workload,
)
from service.schemas import meaning
from service.schemas.wire import Amount, Label, Name, PertIn, Text, Wire
from service.schemas.workload.hourly_profile import HourlyProfileIn, hourly_weights

Task = Literal["chat", "code", "math", "reasoning", "qa", "summarization", "classification", "creative", "agent"]
ServiceTier = Literal["standard", "batch", "flex", "priority"]

# Meters whose units do not follow from the tokens of a request.
OtherMeter = Literal[
    "audio_input", "cached_audio_input", "audio_output", "image_input", "image_output", "image", "web_search"
]

MAX_TOKENS_PER_REQUEST = MAX_PER_REQUEST = 1e8
MAX_REQUESTS_PER_MONTH = 1e13
MAX_MONTHLY_GROWTH = 10.0


class OutputLengthsIn(Wire, kw_only=True, frozen=True):
    """Output tokens per request: the mean, with quantiles; or a histogram of `[from, to, share]`."""

    mean: float | None = None
    p50: float | None = None
    p90: float | None = None
    histogram: Annotated[list[tuple[float, float, float]], msgspec.Meta(max_length=1000)] | None = None

    def to_output_lengths(self, findings: Findings, at: str) -> OutputLengths:
        shares = tuple((float(low), float(high), float(share)) for low, high, share in self.histogram or ())
        if self.mean is None and not shares:
            findings.add(f"{at}/mean", "is needed where there is no histogram")
        before = len(findings.problems)
        for index, (low, high, share) in enumerate(shares):
            if not (0 <= low <= high <= MAX_TOKENS_PER_REQUEST):
                findings.add(f"{at}/histogram/{index}", f"must be a range of tokens, not {low:g} to {high:g}")
            meaning.fraction(findings, f"{at}/histogram/{index}/2", share)
        if shares and len(findings.problems) == before:
            total = math.fsum(share for _, _, share in shares)
            if abs(total - 1.0) > 1e-3:
                findings.add(f"{at}/histogram", f"its shares must add to 1, not {total:g}")
        if self.mean is not None:
            mean = meaning.bounded(findings, f"{at}/mean", self.mean, 0.0, MAX_TOKENS_PER_REQUEST)
        elif len(findings.problems) > before:
            mean = 0.0  # numbers that make no sense may not even have a sum
        else:
            # Shares written with few digits add to nearly 1: their rounding must not become a loss of tokens.
            total = math.fsum(share for _, _, share in shares) or 1.0
            mean = math.fsum((low + high) / 2.0 * share for low, high, share in shares) / total
        for name in ("p50", "p90"):
            value = getattr(self, name)
            if value is not None:
                meaning.bounded(findings, f"{at}/{name}", value, 0.0, MAX_TOKENS_PER_REQUEST)
        if self.p50 is not None and self.p90 is not None and self.p50 > self.p90:
            findings.add(f"{at}/p90", f"must not be below p50 ({self.p50:g}), not {self.p90:g}")
        return OutputLengths(mean=mean, p50=self.p50, p90=self.p90, histogram=shares)


class StepIn(Wire, kw_only=True, frozen=True):
    from_: str = msgspec.field(name="from")
    factor: float
    why: Text = ""


class DemandIn(Wire, kw_only=True, frozen=True):
    base_month: str
    requests_per_month: float
    input_tokens_per_request: float = 0.0
    cached_input_fraction: float = 0.0
    cache_write_fraction: float = 0.0
    long_lived_cache_write_fraction: float = 0.0  # of cache writes
    output_tokens_per_request: OutputLengthsIn | float = 0.0
    reasoning_fraction: float = 0.0
    other_units_per_request: dict[OtherMeter, float] = {}
    monthly_growth: PertIn | float = 0.0
    noise_fraction: float = 0.0
    noise_autocorrelation: float = 0.6
    seasonality: list[float] | None = None
    hourly_profile: HourlyProfileIn = "flat"
    steps: Annotated[list[StepIn], msgspec.Meta(max_length=240)] = []

    def to_demand(self, findings: Findings, at: str) -> Demand:
        tokens = self.output_tokens_per_request
        if isinstance(tokens, (int, float)):
            mean = meaning.bounded(findings, f"{at}/output_tokens_per_request", tokens, 0.0, MAX_TOKENS_PER_REQUEST)
            lengths = OutputLengths(mean=mean)
        else:
            lengths = tokens.to_output_lengths(findings, f"{at}/output_tokens_per_request")
        before = len(findings.problems)
        cached = meaning.fraction(findings, f"{at}/cached_input_fraction", self.cached_input_fraction)
        written = meaning.fraction(findings, f"{at}/cache_write_fraction", self.cache_write_fraction)
        if len(findings.problems) == before and cached + written > 1.0 + 1e-9:
            findings.add(
                f"{at}/cache_write_fraction", f"cached and written shares add to {cached + written:g}, above 1"
            )
        return Demand(
            base_month=meaning.month(findings, f"{at}/base_month", self.base_month),
            requests_per_month=meaning.bounded(
                findings, f"{at}/requests_per_month", self.requests_per_month, 0.0, MAX_REQUESTS_PER_MONTH
            ),
            input_tokens_per_request=meaning.bounded(
                findings, f"{at}/input_tokens_per_request", self.input_tokens_per_request, 0.0, MAX_TOKENS_PER_REQUEST
            ),
            cached_input_fraction=cached,
            cache_write_fraction=written,
            long_lived_cache_write_fraction=meaning.fraction(
                findings, f"{at}/long_lived_cache_write_fraction", self.long_lived_cache_write_fraction
            ),
            output_lengths=lengths,
            reasoning_fraction=meaning.fraction(findings, f"{at}/reasoning_fraction", self.reasoning_fraction),
            other_units_per_request=tuple(
                (meter, meaning.bounded(findings, f"{at}/other_units_per_request/{meter}", count, 0.0, MAX_PER_REQUEST))
                for meter, count in self.other_units_per_request.items()
            ),
            monthly_growth=meaning.pert(
                findings, f"{at}/monthly_growth", self.monthly_growth, -0.99, MAX_MONTHLY_GROWTH
            ),
            noise_fraction=meaning.bounded(findings, f"{at}/noise_fraction", self.noise_fraction, 0.0, 2.0),
            noise_autocorrelation=meaning.bounded(
                findings, f"{at}/noise_autocorrelation", self.noise_autocorrelation, 0.0, 0.999
            ),
            seasonality=self._seasonality(findings, f"{at}/seasonality"),
            hourly_weights=hourly_weights(findings, f"{at}/hourly_profile", self.hourly_profile),
            steps=tuple(
                Step(
                    first_month=meaning.first_of_month(findings, f"{at}/steps/{index}/from", step.from_),
                    factor=meaning.bounded(findings, f"{at}/steps/{index}/factor", step.factor, 0.0, 1000.0),
                    why=step.why,
                )
                for index, step in enumerate(self.steps)
            ),
        )

    def _seasonality(self, findings: Findings, at: str) -> tuple[float, ...] | None:
        if self.seasonality is None:
            return None
        if len(self.seasonality) != 12:
            findings.add(at, f"must have 12 factors, January first, not {len(self.seasonality)}")
            return None
        before = len(findings.problems)
        factors = tuple(
            meaning.bounded(findings, f"{at}/{index}", factor, 0.0, 100.0)
            for index, factor in enumerate(self.seasonality)
        )
        if len(findings.problems) == before and abs(math.fsum(factors) / 12.0 - 1.0) > 1e-3:
            findings.add(at, f"its factors must average 1, not {math.fsum(factors) / 12.0:g}")
        return factors


class RouteShareIn(Wire, kw_only=True, frozen=True):
    """A share of requests to a fleet, or to a model as `provider/model`."""

    fleet: Name | None = None
    model: Name | None = None
    share: float
    service_tier: ServiceTier = "standard"
    region: Label | None = None


class RouteSetIn(Wire, kw_only=True, frozen=True):
    from_: str | None = msgspec.field(name="from", default=None)
    to: Annotated[list[RouteShareIn], msgspec.Meta(min_length=1, max_length=50)]

    def to_route_set(self, findings: Findings, at: str) -> RouteSet:
        shares = []
        for index, entry in enumerate(self.to):
            pointer = f"{at}/to/{index}"
            share = meaning.fraction(findings, f"{pointer}/share", entry.share)
            route: Route
            if (entry.fleet is None) == (entry.model is None):
                findings.add(pointer, "must name either a fleet or a model")
            if entry.fleet is not None:
                route = FleetRoute(fleet=entry.fleet)
            else:
                named = entry.model or "none/none"
                route = meaning.api_route(findings, f"{pointer}/model", named, entry.service_tier, entry.region)
            shares.append(RouteShare(route=route, share=share))
        total = sum(entry.share for entry in self.to)  # fsum raises where numbers that make no sense overflow
        if math.isfinite(total) and abs(total - 1.0) > 1e-6:
            findings.add(f"{at}/to", f"its shares must add to 1, not {total:g}")
        first = None if self.from_ is None else meaning.first_of_month(findings, f"{at}/from", self.from_)
        return RouteSet(first_month=first, shares=tuple(shares))


class WaitingIn(Wire, kw_only=True, frozen=True):
    loaded_hourly_rate: Amount
    people_waiting_fraction: float

    def to_waiting(self, findings: Findings, at: str) -> Waiting:
        return Waiting(
            loaded_hourly_rate=meaning.amount(findings, f"{at}/loaded_hourly_rate", self.loaded_hourly_rate),
            people_waiting_fraction=meaning.fraction(
                findings, f"{at}/people_waiting_fraction", self.people_waiting_fraction
            ),
        )


class ModelIn(Wire, kw_only=True, frozen=True):
    """An API route named as `provider/model`."""

    model: Name
    service_tier: ServiceTier = "standard"
    region: Label | None = None

    def to_api_route(self, findings: Findings, at: str) -> ApiRoute:
        return meaning.api_route(findings, f"{at}/model", self.model, self.service_tier, self.region)


class WorkloadIn(Wire, kw_only=True, frozen=True):
    name: Name
    cost_center: Label = ""
    gl_account: Label = ""
    task: Task = "chat"
    temperature: float | None = None
    top_p: float | None = None
    demand: DemandIn
    min_tokens_per_second_per_user: float | None = None
    waiting: WaitingIn | None = None
    compare_to: ModelIn | None = None
    routes: Annotated[list[RouteSetIn], msgspec.Meta(min_length=1, max_length=120)]

    def to_workload(self, findings: Findings, at: str = "") -> Workload:
        """The domain value; records in `findings` what is wrong, by pointers below `at`."""
        for name, high in (("temperature", 5.0), ("top_p", 1.0), ("min_tokens_per_second_per_user", 1e6)):
            value = getattr(self, name)
            if value is not None:
                meaning.bounded(findings, f"{at}/{name}", value, 0.0, high)
        route_sets = tuple(
            route_set.to_route_set(findings, f"{at}/routes/{index}") for index, route_set in enumerate(self.routes)
        )
        for index, (earlier, later) in enumerate(pairwise(route_sets), start=1):
            if later.first_month is None or (earlier.first_month and later.first_month <= earlier.first_month):
                findings.add(f"{at}/routes/{index}/from", "must be later than the `from` of the set before it")
        return Workload(
            name=self.name,
            cost_center=self.cost_center,
            gl_account=self.gl_account,
            task=self.task,
            temperature=self.temperature,
            top_p=self.top_p,
            demand=self.demand.to_demand(findings, f"{at}/demand"),
            min_tokens_per_second_per_user=self.min_tokens_per_second_per_user,
            waiting=None if self.waiting is None else self.waiting.to_waiting(findings, f"{at}/waiting"),
            compare_to=None if self.compare_to is None else self.compare_to.to_api_route(findings, f"{at}/compare_to"),
            route_sets=route_sets,
        )
