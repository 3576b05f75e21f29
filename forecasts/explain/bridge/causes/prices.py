"""What of the prices differs between two plans: rows, outlooks, rates of exchange, the rates of fleets."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from forecasts.explain.bridge.causes.wording import words
from forecasts.plan import Plan
from forecasts.prices.outlooks.outlook import outlook_of
from forecasts.prices.price import Price
from forecasts.prices.usage import tokens_by_meter
from forecasts.workload import ApiRoute, Demand, Workload

_CONDITIONS = ("meter", "utc_window", "prompt_tokens_from", "region")


def routes_of(plan: Plan, workload: Workload) -> list[ApiRoute]:
    """The API routes of a workload and, where it is on fleets, those of their overflow."""
    overflow = {fleet.name: fleet.overflow_to for fleet in plan.fleets}
    routes: dict[ApiRoute, None] = {}
    for route_set in workload.route_sets:
        for entry in route_set.shares:
            route = entry.route if isinstance(entry.route, ApiRoute) else overflow.get(entry.route.fleet)
            if route is not None:
                routes[route] = None
    return list(routes)


def changes_of_route(before: Plan, after: Plan, route: ApiRoute, demand: Demand) -> Iterator[str]:
    """The rows of a workload's meters that one plan alone knows and that reach into the horizon, then the outlook."""
    meters = {*tokens_by_meter(demand), *(meter for meter, _ in demand.other_units_per_request), "request"}
    if demand.reasoning_fraction:
        meters.add("reasoning_output")
    if meters & {"cached_input", "cache_write", "cache_write_1h"}:
        # Without a price of their own they are billed as input.
        meters.add("input")
    old, new = ([row for row in _rows_known(plan, after, route) if row.meter in meters] for plan in (before, after))
    for row in new:
        if row not in old:
            yield f"{_row(row)}{_instead_of(row, old)}"
    for row in old:
        if row not in new and not any(_same_meter(row, other) for other in new):
            yield f"{_row(row)} no longer known"
    outlooks = [outlook_of(route, plan.outlooks) for plan in (before, after)]
    if outlooks[0] != outlooks[1]:
        names = [outlook.course.name for outlook in outlooks]
        if names[0] != names[1]:
            yield f"outlook of {route} {names[0]} to {names[1]}"
        else:
            was, now = (words(outlook.course) for outlook in outlooks)
            yield f"outlook of {route}: {was} to {now}"


def changes_of_contracts(before: Plan, after: Plan) -> Iterator[str]:
    old = {contract.name: contract for contract in before.contracts}
    new = {contract.name: contract for contract in after.contracts}
    for name in dict.fromkeys((*new, *old)):
        if old.get(name) != new.get(name):
            what = "has other terms" if name in old and name in new else "came" if name in new else "went"
            yield f"the contract {name} {what}"


def changes_of_exchange(before: Plan, after: Plan) -> Iterator[str]:
    old = set(before.exchange_rates)
    for rate in after.exchange_rates:
        if rate not in old:
            yield f"{words(rate.rate)} {rate.currency} for one {rate.per} from {rate.starts:%Y-%m-%d}"


def _rows_known(plan: Plan, horizon: Plan, route: ApiRoute) -> list[Price]:
    """The rows of a route's model in its tier that a plan knows and that matter to the months of another plan."""
    ends_of_day = _end_of(plan.as_of)
    starts = horizon.timeline.first.starts
    ends = horizon.timeline.first.plus(horizon.timeline.months).starts
    return [
        row
        for row in plan.prices
        if (row.provider, row.model, row.service_tier) == (route.provider, route.model, route.service_tier)
        and row.region in (None, route.region)
        and row.recorded_at < ends_of_day
        and row.effective_from < ends
        and (row.effective_to is None or row.effective_to > starts)
    ]


def _instead_of(row: Price, old: list[Price]) -> str:
    """The last row of the same meter that was known before."""
    same = [one for one in old if _same_meter(one, row)]
    if not same:
        return ""
    last = max(same, key=lambda one: (one.effective_from, one.recorded_at))
    return "" if last.rate == row.rate else f", {words(last.rate)} before"


def _same_meter(one: Price, other: Price) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in _CONDITIONS)


def _row(row: Price) -> str:
    window = "" if row.utc_window is None else f" {row.utc_window}"
    source = f" ({row.source})" if row.source else ""
    per = "a million" if row.per_tokens == 1_000_000 else f"per {row.per_tokens:,}"
    return (
        f"{row.provider}/{row.model}{window} {row.meter} at {words(row.rate)} {row.currency} {per} "
        f"from {row.effective_from:%Y-%m-%d}{source}"
    )


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=UTC)
