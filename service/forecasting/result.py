"""Computes the budget of a snapshot, and spells it for the store."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import msgspec

from forecasts.budgeting.budget import Budget
from forecasts.explain.sensitivity.sensitivity import Sensitivity, sensitivity
from forecasts.forecast import forecast
from forecasts.money import format_minor
from forecasts.plan import Plan
from service.forecasting.snapshot import read_snapshot
from service.schemas.forecast.document import ForecastDocument

# With more of them it would take longer than the forecast itself.
MOST_WORKLOADS_WITH_SENSITIVITY = 200

Line = tuple[date, str | None, str, str, str, str, str, Decimal, str, Decimal | None, Decimal, Decimal, str]


@dataclass(frozen=True, kw_only=True)
class ComputedForecast:
    """The result as JSON without its lines, the lines in the order of `service.store.lines.BudgetLine`, the budget."""

    document: bytes
    lines: list[Line]
    basis: str
    confidence: Decimal
    amount: Decimal
    expected: Decimal
    contingency: Decimal


def compute(snapshot: bytes, *, report: Callable[[float], None]) -> ComputedForecast:
    """The budget of a snapshot. `report` is told the fraction done and may raise to stop the work."""
    _, plan = read_snapshot(snapshot)
    budget = forecast(plan, report)
    amount = budget.total.budget
    return ComputedForecast(
        document=msgspec.json.encode(ForecastDocument.of(budget, _moved_by(plan))),
        lines=list(_lines(budget)),
        basis=amount.basis,
        confidence=Decimal(str(amount.confidence)),
        amount=Decimal(format_minor(amount.amount, budget.digits)),
        expected=Decimal(format_minor(amount.expected, budget.digits)),
        contingency=Decimal(format_minor(amount.contingency, budget.digits)),
    )


def _moved_by(plan: Plan) -> Sensitivity | None:
    return sensitivity(plan) if len(plan.workloads) <= MOST_WORKLOADS_WITH_SENSITIVITY else None


def _lines(budget: Budget) -> Iterator[Line]:
    """Cells that hold anything, series by series."""
    months = [month.first_day for month in budget.timeline.labels]
    digits = budget.digits
    for series, billed_cells, effective_cells in zip(
        budget.lines.series, budget.lines.billed.tolist(), budget.lines.effective.tolist(), strict=True
    ):
        quantities = series.quantity.tolist()
        amounts = (series.effective if any(effective_cells) else series.billed).tolist()
        for month, quantity, amount, billed, effective in zip(
            months, quantities, amounts, billed_cells, effective_cells, strict=True
        ):
            if not (billed or effective or quantity):
                continue
            yield (
                month,
                series.workload,
                series.cost_center,
                series.gl_account,
                series.route,
                series.kind,
                series.meter,
                Decimal(f"{quantity:.6f}"),
                series.unit,
                Decimal(f"{amount / quantity:.10f}") if quantity else None,
                Decimal(format_minor(billed, digits)),
                Decimal(format_minor(effective, digits)),
                budget.currency,
            )
