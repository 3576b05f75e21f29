"""How the order of accelerators moves with their rates, on the wire."""

from datetime import date

import msgspec

from forecasts.hardware.ranking import PairComparison, Ranking


class RankedOut(msgspec.Struct, kw_only=True, frozen=True):
    accelerator: str
    usd_per_gpu_hour: str
    provider: str
    tier: str
    stands_in: bool
    date: date | None
    usd_per_mtok_served: str
    usd_per_mtok_full_load: str


class RankingOut(msgspec.Struct, kw_only=True, frozen=True):
    """The order from a day on, the cheapest served token first."""

    from_: date = msgspec.field(name="from")
    order_changed: bool
    order: list[RankedOut]


class ObservationOut(msgspec.Struct, kw_only=True, frozen=True):
    tier: str
    provider: str | None
    from_: date = msgspec.field(name="from")
    first_usd_per_gpu_hour: str
    second_usd_per_gpu_hour: str
    rate_ratio: float
    cheaper: str


class PairOut(msgspec.Struct, kw_only=True, frozen=True):
    """`first` is cheaper at full load while its rate over that of `second` is below `break_even_rate_ratio`."""

    first: str
    second: str
    break_even_rate_ratio: float
    turns: bool
    observations: list[ObservationOut]


def ranking_out(ranking: Ranking) -> RankingOut:
    return RankingOut(
        from_=ranking.day,
        order_changed=ranking.order_changed,
        order=[
            RankedOut(
                accelerator=one.accelerator,
                usd_per_gpu_hour=str(one.rate.usd_per_gpu_hour),
                provider=one.rate.row.provider,
                tier=one.rate.row.tier,
                stands_in=one.rate.stands_in,
                date=one.rate.row.effective_from,
                usd_per_mtok_served=unit_cost(one.usd_per_mtok_served),
                usd_per_mtok_full_load=unit_cost(one.usd_per_mtok_full_load),
            )
            for one in ranking.order
        ],
    )


def pair_out(pair: PairComparison) -> PairOut:
    return PairOut(
        first=pair.first,
        second=pair.second,
        break_even_rate_ratio=figure(pair.break_even_rate_ratio),
        turns=pair.turns,
        observations=[
            ObservationOut(
                tier=one.tier,
                provider=one.provider,
                from_=one.day,
                first_usd_per_gpu_hour=str(one.first.usd_per_gpu_hour),
                second_usd_per_gpu_hour=str(one.second.usd_per_gpu_hour),
                rate_ratio=figure(one.rate_ratio),
                cheaper=one.cheaper,
            )
            for one in pair.observations
        ],
    )


def unit_cost(value: float) -> str:
    return f"{value:.4f}"


def figure(value: float) -> float:
    """Six digits that count: measured figures have no more."""
    return float(f"{value:.6g}")
