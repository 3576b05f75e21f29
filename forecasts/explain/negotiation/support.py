"""What supports a discount: the decoder that a provider can run on its model, and how its prices have moved."""

from datetime import UTC, datetime, time, timedelta

import numpy as np

from forecasts.catalog.decoders import load_decoders
from forecasts.catalog.price_series import jumps_known_as_of, load_model_series
from forecasts.draws import Pert
from forecasts.explain.negotiation.answers import DecoderSupport, Move, PastMoves
from forecasts.plan import Plan
from forecasts.prices.outlooks.courses.pass_through import DEFAULT_PASS_THROUGH, PassThrough
from forecasts.prices.outlooks.outlook import outlook_of
from forecasts.units import HOURS_PER_YEAR
from forecasts.workload import ApiRoute


def decoder_support(plan: Plan, route: ApiRoute) -> DecoderSupport | None:
    """The speedup that the plan's `pass_through` outlook declares for the route, else that of a preset made for the
    model; None where neither says anything.

    A preset counts only where it was measured on servers and bears the model's own name: a method that some model
    could be given says nothing about what this provider runs.
    """
    course = outlook_of(route, plan.outlooks).course
    if isinstance(course, PassThrough):
        return DecoderSupport(
            preset="pass_through",
            speedup=course.speedup,
            speedup_over="none",
            pass_through_fraction=course.pass_through_fraction,
            declared=True,
            source="the plan's own outlook",
        )
    for preset in load_decoders():
        named = any(route.model.startswith(family) for family in preset.model_families)
        if named and preset.speedup is not None and preset.hardware_class == "datacentre":
            return DecoderSupport(
                preset=preset.preset,
                speedup=Pert(low=preset.speedup.low, mode=preset.speedup.mode, high=preset.speedup.high),
                speedup_over=preset.speedup_over or "none",
                pass_through_fraction=DEFAULT_PASS_THROUGH,
                declared=False,
                source=preset.source,
            )
    return None


def past_moves(plan: Plan, provider: str) -> PastMoves:
    """The provider's packaged history as known at the end of the plan's day.

    Cuts of a model's price come at the rate of the outlook `history` (gamma with shape a over b years, see
    docs/model.md) times the share of cuts among all jumps on record, p; over T years the chance of at least one is
    `1 - (b / (b + p T))**a`, the Poisson chance averaged over the gamma.
    """
    known_by = (datetime.combine(plan.as_of, time(), tzinfo=UTC) + timedelta(days=1)).timestamp() / 3600.0
    moves: list[Move] = []
    series, years = 0, 0.0
    for one in load_model_series():
        known = one.known_by(known_by)
        if one.provider != provider or not known.begun_by(known_by):
            continue
        ends = min(known_by, one.observed_until)
        series += 1
        years += max(0.0, ends - float(known.starts[0])) / HOURS_PER_YEAR
        moves += [
            Move(
                model=one.name,
                effective_from=datetime.fromtimestamp(float(known.starts[index]) * 3600.0, tz=UTC),
                fraction=float(known.rates[index] / known.rates[index - 1]) - 1.0,
            )
            for index in np.flatnonzero(known.changes_by(ends)).tolist()
        ]
    return PastMoves(
        series=series,
        series_years=years,
        moves=tuple(sorted(moves, key=lambda move: (move.effective_from, move.model))),
        chance_of_cut=_chance_of_cut(plan, provider, known_by),
    )


def _chance_of_cut(plan: Plan, provider: str, known_by: float) -> float:
    record = jumps_known_as_of(plan.as_of, "models")
    if not record.log_ratios.size:
        return 0.0
    shape, years = record.posterior(provider)
    ahead = max(0.0, float(plan.timeline.edges[-1]) - known_by) / HOURS_PER_YEAR
    cuts = float((record.log_ratios < 0.0).mean())
    return float(1.0 - (years / (years + cuts * ahead)) ** shape)
