"""Why a forecast failed, and what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.forecasting.declared_names import DeclaredNames
from service.problem_types import INTERNAL, INVALID_INPUT, WORKER_LOST
from service.web.views.forecast.places import Place, place_of

_ADVICE = {
    INVALID_INPUT.type: "Correct what is named below, then forecast again. Nothing was budgeted.",
    WORKER_LOST.type: "Several workers stopped while they computed it. Forecast again; if it fails again, the plan may "
    "need more memory than a worker has.",
    INTERNAL.type: "This is an error of ours. Report it with the forecast's id: the log has the reason under it.",
}
_OTHERWISE = "Forecast again, and report it with the forecast's id if it fails again."


@dataclass(frozen=True, kw_only=True)
class Failure:
    """`errors` are what is wrong and where."""

    title: str
    detail: str
    advice: str
    errors: tuple[tuple[str, Place], ...]


def failure_of(problem: Mapping[str, Any], names: DeclaredNames, stored: Mapping[tuple[str, str], str]) -> Failure:
    """`problem` is that of the forecast, as the API shows it."""
    errors = tuple((str(one["detail"]), place_of(one["pointer"], names, stored)) for one in problem.get("errors", ()))
    return Failure(
        title=str(problem.get("title", "The forecast failed")),
        # The detail of several errors is all of them in one line, which the list says better.
        detail="" if errors else str(problem.get("detail", "")),
        advice=_ADVICE.get(str(problem.get("type")), _OTHERWISE),
        errors=errors,
    )
