"""What a customer declares about a workload: its demand, its need for speed and where it is served."""

from dataclasses import dataclass, field
from decimal import Decimal

from forecasts.draws import Pert
from forecasts.timeline import FloatArray, Month


@dataclass(frozen=True, kw_only=True)
class OutputLengths:
    """Output tokens of one request: the mean, and the distribution as far as it is known."""

    mean: float
    p50: float | None = None
    p90: float | None = None
    histogram: tuple[tuple[float, float, float], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Step:
    """A dated change of volume that stays, such as a launch."""

    first_month: Month
    factor: float
    why: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Demand:
    """Declared volume and its shape. Token figures are per request; fractions are of the input or output."""

    base_month: Month
    requests_per_month: float
    input_tokens_per_request: float = 0.0
    cached_input_fraction: float = 0.0
    cache_write_fraction: float = 0.0
    long_lived_cache_write_fraction: float = 0.0  # of cache writes: those that are kept for an hour
    output_lengths: OutputLengths = field(default_factory=lambda: OutputLengths(mean=0.0))
    reasoning_fraction: float = 0.0
    monthly_growth: Pert = field(default_factory=lambda: Pert.certain(0.0))
    noise_fraction: float = 0.0
    noise_autocorrelation: float = 0.6
    seasonality: tuple[float, ...] | None = None
    hourly_weights: FloatArray  # shape [168], Monday 00:00 UTC first, mean 1
    steps: tuple[Step, ...] = ()
    other_units_per_request: tuple[tuple[str, float], ...] = ()  # by meter: images, audio tokens, searches

    @property
    def cached_input_tokens(self) -> float:
        return self.input_tokens_per_request * self.cached_input_fraction

    @property
    def cache_write_tokens(self) -> float:
        return self.input_tokens_per_request * self.cache_write_fraction

    @property
    def uncached_input_tokens(self) -> float:
        """Input that is neither read from a cache nor written to one."""
        return self.input_tokens_per_request * (1.0 - self.cached_input_fraction - self.cache_write_fraction)

    @property
    def output_tokens(self) -> float:
        return self.output_lengths.mean


@dataclass(frozen=True, kw_only=True)
class ApiRoute:
    """Requests sent to a provider's model at a price; a region has prices of its own where the provider says so."""

    provider: str
    model: str
    service_tier: str = "standard"
    region: str | None = None

    def __str__(self) -> str:
        tier = "" if self.service_tier == "standard" else f"#{self.service_tier}"
        region = "" if self.region is None else f"@{self.region}"
        return f"{self.provider}/{self.model}{tier}{region}"


@dataclass(frozen=True, kw_only=True)
class FleetRoute:
    """Requests served by one of the plan's own fleets."""

    fleet: str

    def __str__(self) -> str:
        return f"fleet:{self.fleet}"


Route = ApiRoute | FleetRoute


@dataclass(frozen=True, kw_only=True)
class RouteShare:
    route: Route
    share: float


@dataclass(frozen=True, kw_only=True)
class RouteSet:
    """Where requests go from a month on, until the next set; None is from the beginning."""

    first_month: Month | None
    shares: tuple[RouteShare, ...]


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """People who wait for answers; valued beside the bill and never inside it."""

    loaded_hourly_rate: Decimal
    people_waiting_fraction: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Workload:
    name: str
    cost_center: str = ""
    gl_account: str = ""
    task: str = "chat"
    temperature: float | None = None
    top_p: float | None = None
    demand: Demand
    min_tokens_per_second_per_user: float | None = None
    waiting: Waiting | None = None
    compare_to: ApiRoute | None = None
    route_sets: tuple[RouteSet, ...]
