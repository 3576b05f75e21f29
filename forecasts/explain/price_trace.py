"""Traces the rate of a usage line back to the price rows it was made of."""

from dataclasses import dataclass, replace

from forecasts.checks import frozen_book_of, price_book_of
from forecasts.plan import Plan
from forecasts.prices.outlooks.outlook import Outlook, outlook_of
from forecasts.prices.price import Price
from forecasts.timeline import FloatArray, Month
from forecasts.workload import ApiRoute, Workload


@dataclass(frozen=True, kw_only=True)
class UsedPrice:
    """A row that priced a share of a month's usage.

    `index` is its place in the plan's prices; `rate_per_unit` is what one unit of the meter costs by it at list, in
    the plan's currency.
    """

    index: int
    row: Price
    share_fraction: float
    rate_per_unit: float


@dataclass(frozen=True, kw_only=True)
class UsageTrace:
    """The rows of one meter in one month, and the outlook on them with its index; None where none is declared.

    `moves_rate` says whether the outlook moves this meter's rate at all.
    """

    prices: tuple[UsedPrice, ...]
    outlook_index: int | None
    outlook: Outlook
    moves_rate: bool


def api_routes_of(plan: Plan, workload: Workload) -> dict[str, ApiRoute]:
    """The routes by which a workload can cause API usage, overflow of its fleets included, by the name on its lines."""
    declared = [share.route for routes in workload.route_sets for share in routes.shares]
    fleets = {str(route) for route in declared}
    direct = [route for route in declared if isinstance(route, ApiRoute)]
    overflow = [
        fleet.overflow_to for fleet in plan.fleets if fleet.overflow_to is not None and f"fleet:{fleet.name}" in fleets
    ]
    return {str(route): route for route in (*direct, *overflow)}


def trace_usage(plan: Plan, workload: Workload, route: ApiRoute, meter: str, month: Month) -> UsageTrace:
    """What the month's list rate of `meter` was made of (docs/model.md, Prices).

    `month` lies in the horizon; the rows' shares are of the month's usage and add to what is priced of it. Raises
    NoPrice as the forecast itself would.
    """
    outlook = outlook_of(route, plan.outlooks)
    book = price_book_of(plan)
    if not outlook.scheduled_steps:
        book = frozen_book_of(plan, book)
    at = month.index - plan.timeline.first.index
    demand = workload.demand
    used = []
    for period in book.periods(route, meter, prompt_tokens=demand.input_tokens_per_request):
        path = book.rate_of([period], demand.hourly_weights)
        if path.covered[at] > 0.0:
            used.append((period.row, _at(path.covered, at), _at(path.per_token, at)))
    return UsageTrace(
        prices=_by_row(plan, used),
        outlook_index=next((index for index, one in enumerate(plan.outlooks) if one is outlook), None),
        outlook=outlook,
        moves_rate=outlook.meters is None or meter in outlook.meters,
    )


def _by_row(plan: Plan, used: list[tuple[Price, float, float]]) -> tuple[UsedPrice, ...]:
    """Each row once, however many periods of the month it priced."""
    found: dict[int, UsedPrice] = {}
    for row, share, cost in used:
        index = _index_of(plan, row)
        before = found.get(index)
        share_before, cost_before = (0.0, 0.0) if before is None else (before.share_fraction, before.rate_per_unit)
        found[index] = UsedPrice(
            index=index, row=plan.prices[index], share_fraction=share_before + share, rate_per_unit=cost_before + cost
        )
    # What was summed is the rows' part of the month's rate; a rate is that over the share.
    return tuple(replace(one, rate_per_unit=one.rate_per_unit / one.share_fraction) for one in found.values())


def _index_of(plan: Plan, row: Price) -> int:
    for index, one in enumerate(plan.prices):
        if one is row:
            return index
    # A frozen book takes away ends that lie after the plan's day.
    return next(index for index, one in enumerate(plan.prices) if replace(one, effective_to=None) == row)


def _at(path: FloatArray, month: int) -> float:
    return float(path[month])
