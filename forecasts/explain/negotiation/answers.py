"""The answers of a negotiation brief: spend, support for a discount, alternatives, and when to walk away."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from forecasts.budgeting.tally import Distribution
from forecasts.draws import Pert
from forecasts.prices.price import Price
from forecasts.timeline import Timeline
from forecasts.workload import ApiRoute

Kind = Literal["named_for_work", "named_in_plan", "same_weights", "successor", "self_hosting"]


@dataclass(frozen=True, kw_only=True)
class MeterSpend:
    """What one meter costs over the horizon, with the price rows that it is taken from.

    `quantity` is the mean, in the pricing unit that `unit` names.
    """

    meter: str
    unit: str
    quantity: float
    spend: Distribution
    rows: tuple[Price, ...]


@dataclass(frozen=True, kw_only=True)
class DecoderSupport:
    """A decoder that the provider can run on a model, and what it takes off the unit cost of output at full load.

    `declared` says that the plan's own outlook gave the speedup, and not a preset of the catalogue.
    """

    preset: str
    speedup: Pert
    speedup_over: str
    pass_through_fraction: Pert
    declared: bool
    source: str

    @property
    def cost_cut(self) -> Pert:
        """`1 - 1/speedup` at each end and at the most likely speedup; below zero where the decoder slows down."""
        return Pert(
            low=1.0 - 1.0 / self.speedup.low, mode=1.0 - 1.0 / self.speedup.mode, high=1.0 - 1.0 / self.speedup.high
        )


@dataclass(frozen=True, kw_only=True)
class Ask:
    """Discounts on output as fractions, and what they are worth over the horizon in minor units.

    The weighed amounts count on no more than the provider's own history of cuts makes likely.
    """

    low_fraction: float
    high_fraction: float
    low: int
    high: int
    weighed_low: int
    weighed_high: int


@dataclass(frozen=True, kw_only=True)
class Alternative:
    """Where a route's requests could go instead, at the rates known today and the workloads' own mix.

    `cost` is of the whole horizon; a fleet has its realised utilisation and the nodes' cost, an API its price rows.
    `named_for_work` is what the plan itself names for these workloads, `named_in_plan` what it names for others.
    """

    kind: Kind
    name: str
    same_weights: bool
    cost: float
    per_mtok_output: float | None
    utilization_fraction: float | None
    rows: tuple[Price, ...]

    @property
    def is_vouched_for(self) -> bool:
        """Whether something but the price says that it could do the work."""
        return self.same_weights or self.kind in ("named_for_work", "successor")


@dataclass(frozen=True, kw_only=True)
class WalkAway:
    """The best alternative turned into a price: above it, leaving is cheaper.

    `discount_fraction` is of the route's whole bill and is negative where the alternative costs more. `output_rate` is
    the rate of a million output tokens at which staying costs the same, None where even free output would not do.
    """

    alternative: Alternative
    discount_fraction: float
    output_rate: float | None


@dataclass(frozen=True, kw_only=True)
class Position:
    """One route of the provider: what it costs as forecast and at known rates, and what can be asked for it.

    `cost_at_known_rates` is rounded as `spend` is, meter by meter: where no rate moves, both are the same amount.
    `walk_away` is by the cheapest alternative of all, `vouched_walk_away` by the cheapest that is vouched for.
    """

    route: ApiRoute
    workloads: tuple[str, ...]
    spend: Distribution
    output_spend: int
    cost_at_known_rates: float
    per_mtok_output: float | None
    output_rate: float | None
    rows: tuple[Price, ...]
    support: DecoderSupport | None
    ask: Ask | None
    alternatives: tuple[Alternative, ...]
    left_out: tuple[tuple[str, str], ...]
    walk_away: WalkAway | None
    vouched_walk_away: WalkAway | None


@dataclass(frozen=True, kw_only=True)
class Move:
    """A change of a model's output price; `fraction` is of the rate before, below zero for a cut."""

    model: str
    effective_from: datetime
    fraction: float


@dataclass(frozen=True, kw_only=True)
class PastMoves:
    """What a provider has done to output prices of models on sale, as known on the plan's day.

    `chance_of_cut` is that of at least one cut of a model's price from that day to the end of the horizon.
    """

    series: int
    series_years: float
    moves: tuple[Move, ...]
    chance_of_cut: float


@dataclass(frozen=True, kw_only=True, eq=False)
class NegotiationBrief:
    """Money in minor units of `currency`; unit costs per million tokens in `currency`."""

    provider: str
    currency: str
    digits: int
    as_of: date
    timeline: Timeline
    spend: Distribution
    output_share: float
    meters: tuple[MeterSpend, ...]
    positions: tuple[Position, ...]
    ask: Ask | None
    history: PastMoves
