"""Self-hosting against an API: one row for each workload on a fleet, with the month from which the fleet wins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_EVEN = 0.5


@dataclass(frozen=True, kw_only=True)
class BreakEvenRow:
    """`probability` is the mean over the months; `turns_in` the first month in which the fleet is likely cheaper.

    `turning_tokens` are those of the last month, None where no volume makes the fleet cheaper.
    """

    workload: str
    fleet: str
    compare_to: str
    utilization_fraction: float
    fleet_cost: str
    api_cost: str
    probability: float
    turns_in: str | None
    turning_tokens: float | None
    verdict: str
    with_decoder: bool
    months: Sequence[Mapping[str, Any]]
    curve: Sequence[Mapping[str, Any]]


def break_even_rows(document: Mapping[str, Any]) -> list[BreakEvenRow]:
    return [_row(one) for one in document.get("break_even", ()) if one["months"]]


def _row(one: Mapping[str, Any]) -> BreakEvenRow:
    months = one["months"]
    likely = [month["month"] for month in months if month["probability"] > _EVEN]
    return BreakEvenRow(
        workload=one["workload"],
        fleet=one["fleet"],
        compare_to=one["compare_to"],
        utilization_fraction=one["utilization_fraction"],
        fleet_cost=one["usd_per_mtok_fleet"],
        api_cost=one["usd_per_mtok_api"],
        probability=sum(month["probability"] for month in months) / len(months),
        turns_in=likely[0] if likely else None,
        turning_tokens=months[-1]["turning_tokens"],
        verdict=_verdict(one, likely, len(months)),
        with_decoder=any(month["probability_without_decoder"] is not None for month in months),
        months=months,
        curve=one["curve"],
    )


def _verdict(one: Mapping[str, Any], likely: Sequence[str], months: int) -> str:
    if len(likely) == months:
        return "the fleet is likely cheaper in every month"
    if likely:
        return f"the fleet is likely cheaper in {len(likely)} of {months} months"
    if one["months"][-1]["turning_tokens"] is None:
        return "the API is cheaper at any volume"
    return "the API is likely cheaper in every month"
