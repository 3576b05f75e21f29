"""The budget of a preview: the forecast's own numbers, without the parts that a preview does not show."""

from collections.abc import Callable
from dataclasses import replace

from forecasts.forecast import forecast
from forecasts.plan import Plan
from service.schemas.forecast.preview import PreviewOut, preview_out


def compute_preview(plan: Plan, translate: Callable[[str], str]) -> PreviewOut:
    """Of a plan that was checked whole; `translate` leads pointers into it to what was sent.

    Break-even takes three quarters of the time of a small plan and changes no cost, so it is not asked for.
    """
    workloads = tuple(replace(workload, compare_to=None) for workload in plan.workloads)
    budget = forecast(replace(plan, workloads=workloads))
    return preview_out(budget, as_of=plan.as_of, draws=plan.draws, translate=translate)
