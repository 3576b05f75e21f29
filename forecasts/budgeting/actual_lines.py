"""Enters recorded months into the lines and the running sums, and says which workloads they leave out."""

from collections.abc import Iterator
from itertools import groupby

import numpy as np

from forecasts.actuals import Actual, months_ahead
from forecasts.budgeting.budget import Caution
from forecasts.budgeting.lines import LineLedger, LineSeries
from forecasts.budgeting.tally import Tally
from forecasts.plan import Plan
from forecasts.prices.book import PriceBook
from forecasts.timeline import FloatArray

KIND = "actual"
_MOST_MONTHS_NAMED = 12


def enter_actuals(
    plan: Plan, book: PriceBook, ledger: LineLedger, tally: Tally, by_outlook: dict[str, FloatArray]
) -> None:
    """What was recorded is certain: the same on every path and under every outlook."""
    for line in actual_series(plan, book):
        ledger.add_recorded(line)
        groups = (
            ("workload", line.workload),
            ("provider", line.provider),
            ("fleet", line.fleet),
            ("cost_center", line.cost_center),
        )
        tally.add_recorded([(kind, of) for kind, of in groups if of is not None], line.effective, line.billed)
        for horizon in by_outlook.values():
            horizon += line.effective.sum()


def actual_series(plan: Plan, book: PriceBook) -> Iterator[LineSeries]:
    """One for each workload, route, meter and unit that was recorded."""
    workloads = {workload.name: workload for workload in plan.workloads}
    fleets = {fleet.name: fleet for fleet in plan.fleets}
    for (name, route, meter, unit), rows in groupby(sorted(plan.actuals, key=_key), key=_key):
        found = list(rows)
        series = _series(plan, book, found)
        workload, fleet = workloads.get(name), fleets.get(found[0].fleet or "")
        cost_center = workload.cost_center if workload is not None else fleet.cost_center if fleet is not None else ""
        if fleet is not None:
            gl_account = fleet.gl_accounts.get(meter, fleet.gl_accounts.get("other", ""))
        else:
            gl_account = "" if workload is None else workload.gl_account
        yield LineSeries(
            workload=name or None,
            cost_center=cost_center,
            gl_account=gl_account,
            provider=found[0].provider,
            fleet=found[0].fleet,
            route=route,
            kind=KIND,
            meter=meter,
            unit=unit,
            quantity=series[0],
            billed=series[1],
            effective=series[2],
        )


def left_out(plan: Plan) -> Iterator[Caution]:
    """Workloads of which nothing is recorded in a month that counts as recorded."""
    ahead = months_ahead(plan.actuals, plan.timeline)
    recorded = [month for month, is_ahead in zip(plan.timeline.labels, ahead.tolist(), strict=True) if not is_ahead]
    told = {(actual.workload, actual.month) for actual in plan.actuals}
    for index, workload in enumerate(plan.workloads):
        months = [str(month) for month in recorded if (workload.name, month) not in told]
        if months:
            more = ", ..." if len(months) > _MOST_MONTHS_NAMED else ""
            listed = ", ".join(months[:_MOST_MONTHS_NAMED]) + more
            detail = f"nothing is recorded of {workload.name} in {listed}, so it counts as nothing there"
            yield Caution(type="no_recorded_usage", pointer=f"/workloads/{index}", detail=detail)


def _key(actual: Actual) -> tuple[str, str, str, str]:
    return (actual.workload or "", actual.route, actual.meter, actual.unit)


def _series(plan: Plan, book: PriceBook, rows: list[Actual]) -> FloatArray:
    """Quantity, billed and effective cost in the plan's currency, shape `[3, months]`."""
    sums = np.zeros((3, plan.timeline.months))
    for currency in sorted({row.currency for row in rows}):
        own = [row for row in rows if row.currency == currency]
        places = np.array([plan.timeline.offset_of(row.month) for row in own])
        worth = book.exchange_path(currency)[places]
        amounts = np.array([(row.quantity, float(row.billed), float(row.effective)) for row in own]).T
        amounts[1:] *= worth
        np.add.at(sums.T, places, amounts.T)
    return sums
