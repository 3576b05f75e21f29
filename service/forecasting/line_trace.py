"""Traces a line of a budget back to the frozen inputs it was computed from."""

from collections.abc import Sequence

import msgspec

from forecasts.budgeting.actual_lines import KIND as RECORDED
from forecasts.explain.price_trace import UsageTrace, api_routes_of, trace_usage
from forecasts.plan import Plan
from forecasts.timeline import Month
from service.forecasting.snapshot import read_snapshot
from service.schemas.fleet.fleet import FleetIn
from service.schemas.forecast.forecast import forecast_state, line_out
from service.schemas.forecast.line_trace import LineTraceOut, MethodOut, OutlookTraceOut, TracedDocument, UsedPriceOut
from service.schemas.plan.plan import PlanIn
from service.schemas.workload.workload import WorkloadIn
from service.store.forecasts import ForecastRecord
from service.store.lines import LineRecord

_FLEET, _CONTRACT = "fleet:", "contract:"
_USAGE_KINDS = frozenset({"usage", "overflow"})

_METERED = MethodOut(
    name="metered_usage",
    formula="mean over draws of requests x units per request x list rate x contract terms x outlook's multiplier",
    documented_in="docs/model.md#prices",
)
_FLEET_COST = MethodOut(
    name="fleet_cost",
    formula="mean over draws of the fleet's cost of this kind x the workload's share of the node-hours in use",
    documented_in="docs/model.md#fleet-cost",
)
_SETTLEMENT = MethodOut(
    name="contract_settlement",
    formula="mean over draws of what the contract settles over its whole portfolio of usage",
    documented_in="docs/model.md#contracts",
)
_RECORDED = MethodOut(
    name="recorded_cost",
    formula="what was recorded of the month, in the forecast's currency",
    documented_in="docs/model.md#actuals",
)


def trace_line(forecast: ForecastRecord, line: LineRecord, snapshot: bytes) -> LineTraceOut:
    """Everything of the snapshot that decided the line, by pointers into it."""
    document, plan = read_snapshot(snapshot)
    usage = _usage(plan, line)
    route = line.route or ""
    fleet = route.removeprefix(_FLEET) if route.startswith(_FLEET) else None
    contract = route.removeprefix(_CONTRACT) if route.startswith(_CONTRACT) else None
    currencies = {used.row.currency for used in usage.prices} if usage is not None else set()
    currencies |= {one.currency or document.currency for one in document.fleets if one.name == fleet}
    return LineTraceOut(
        line=line_out(line),
        forecast=forecast_state(forecast),
        method=_method(line, usage, contract),
        workload=_named(document.workloads, line.workload, "/workloads"),
        fleet=_named(document.fleets, fleet, "/fleets"),
        prices=() if usage is None else _prices(document, usage),
        outlook=None if usage is None else _outlook(document, usage),
        contracts=_contracts(document, line, contract),
        exchange_rates=_exchange_rates(document, currencies - {document.currency}),
    )


def _usage(plan: Plan, line: LineRecord) -> UsageTrace | None:
    if line.kind not in _USAGE_KINDS:
        return None
    workload = next(one for one in plan.workloads if one.name == line.workload)
    route = api_routes_of(plan, workload)[line.route or ""]
    return trace_usage(plan, workload, route, line.meter or "", Month.of(line.month))


def _method(line: LineRecord, usage: UsageTrace | None, contract: str | None) -> MethodOut:
    if line.kind == RECORDED:
        return _RECORDED
    if usage is not None:
        return _METERED
    return _FLEET_COST if contract is None else _SETTLEMENT


def _prices(document: PlanIn, usage: UsageTrace) -> tuple[UsedPriceOut, ...]:
    return tuple(
        UsedPriceOut(
            pointer=f"/prices/{used.index}",
            share_fraction=round(used.share_fraction, 9),
            rate_per_unit=used.rate_per_unit,
            row=document.prices[used.index],
        )
        for used in usage.prices
    )


def _outlook(document: PlanIn, usage: UsageTrace) -> OutlookTraceOut:
    """A plan that declares no outlook has a default one, which is nowhere in its document."""
    declared = usage.outlook_index if document.outlooks is not None else None
    outlook = None if declared is None or document.outlooks is None else document.outlooks[declared]
    return OutlookTraceOut(
        name=usage.outlook.course.name,
        pointer=None if declared is None else f"/outlooks/{declared}",
        document=None if outlook is None else msgspec.to_builtins(outlook),
        moves_rate=usage.moves_rate,
    )


def _contracts(document: PlanIn, line: LineRecord, settled: str | None) -> tuple[TracedDocument, ...]:
    """The contract that was settled, or those with the provider whose usage this is."""
    provider = (line.route or "").partition("/")[0] if line.kind in _USAGE_KINDS else None
    return tuple(
        TracedDocument(pointer=f"/contracts/{index}", document=msgspec.to_builtins(contract))
        for index, contract in enumerate(document.contracts)
        if contract.provider == provider or (settled is not None and contract.name == settled)
    )


def _exchange_rates(document: PlanIn, foreign: set[str]) -> tuple[TracedDocument, ...]:
    """Those that say what the foreign currencies of a line are worth."""
    return tuple(
        TracedDocument(pointer=f"/exchange_rates/{index}", document=msgspec.to_builtins(rate))
        for index, rate in enumerate(document.exchange_rates)
        if foreign & {rate.currency, rate.per}
    )


def _named(documents: Sequence[WorkloadIn | FleetIn], name: str | None, at: str) -> TracedDocument | None:
    for index, document in enumerate(documents):
        if name is not None and document.name == name:
            return TracedDocument(pointer=f"{at}/{index}", document=msgspec.to_builtins(document))
    return None
