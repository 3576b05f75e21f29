"""The second half of the story: forecasts, their explanation, budgets, usage, schedules and exports."""

from typing import Any

from tests.service.routes.story.estate import GENERATION, HELPDESK, PLAN, TERMS
from tests.service.routes.story.recorder import Recorder
from tests.service.routes.story.wires import tell_wires

_IF_FIRST: dict[str, Any] = {"headers": {"If-Match": '"1"'}}


def tell_year(recorder: Recorder, ids: dict[str, str]) -> None:
    forecast_id = _tell_forecasts(recorder)
    _tell_explanations(recorder, forecast_id)
    _tell_usage(recorder)
    _tell_budgets(recorder, forecast_id)
    _tell_schedules(recorder)
    _tell_profiles(recorder)
    tell_wires(recorder)
    recorder.say(
        "deleteWorkload", "The workload goes.", at={"workload_id": ids["workload_id"]}, headers={"If-Match": "*"}
    )


def _tell_forecasts(recorder: Recorder) -> str:
    say = recorder.say
    main_job = HELPDESK | {"name": "search", "forecast": TERMS}
    asked = say("createWorkload", "A workload, and its forecast in one call.", name="with_forecast", body=main_job)
    recorder.work(asked.json()["forecast"]["id"])
    by_name = TERMS | {"workloads": ["helpdesk", "generation"]}
    forecast = say("createForecast", "Stored workloads by name.", name="by_name", body=by_name).json()
    whole = say("createForecast", "A whole plan that is not stored.", name="plan", body={"plan": PLAN}).json()
    at = {"forecast_id": forecast["id"]}
    say("getForecast", "One that waits for a worker.", name="queued", at=at)
    recorder.work(forecast["id"])
    say("cancelForecast", "A forecast that is no longer wanted.", at={"forecast_id": whole["id"]})
    say("listForecasts", "Forecasts without their budgets.")
    say("getForecast", "One that has succeeded.", name="succeeded", at=at)
    say("getForecastMonths", "The months by workload.", at=at)
    say("listForecastLines", "The lines of the budget.", at=at, params={"limit": 2})
    say("traceForecastLine", "One line led back to its inputs.", at=at | {"line": "0"})
    replay = say("replayForecast", "The forecast is computed again.", at=at).json()
    recorder.work(replay["id"])
    say("getReplay", "Both computations compared.", at=at | {"replay_id": replay["id"]})
    renewed = say("reforecast", "The same on what is known a day later.", body={"as_of": "2026-11-24"}, at=at).json()
    recorder.work(renewed["id"])
    asked_from = {"params": {"from": forecast["id"]}}
    say("getForecastBridge", "Why the two differ.", at={"forecast_id": renewed["id"]}, **asked_from)
    return str(forecast["id"])


def _tell_explanations(recorder: Recorder, forecast_id: str) -> None:
    say = recorder.say
    say(
        "getNegotiationBrief",
        "What to ask a provider for.",
        at={"forecast_id": forecast_id, "provider": "deepseek"},
    )
    compared = {"workload": "generation", "as_of": "2026-11-23", "model": "deepseek-r1-0528"}
    typed = {"workload": HELPDESK | {"name": "drafts"}}
    say("previewForecast", "What a workload would cost, as it is typed.", body=typed)
    say("compareFleets", "A stored workload on other hardware.", body=compared)
    plan = {"name": "estate", **TERMS, "draws": 64, "fleets": PLAN["fleets"], "workloads": [GENERATION]}
    say("planFleet", "The cheapest mix of nodes of a plan.", body={"plan": plan, "fleet": "h100-pool"})


def _tell_usage(recorder: Recorder) -> None:
    say = recorder.say
    row = {
        "period": "2026-10",
        "workload": "helpdesk",
        "route": "deepseek/deepseek-v4-pro",
        "meter": "output",
        "quantity": "1200000",
        "billed": "2.50",
    }
    rows = [row, row | {"meter": "input", "quantity": "5000000", "billed": "3.10"}]
    say("recordUsage", "A month of one workload.", body={"rows": rows})
    table = (
        "period,workload,route,meter,quantity,billed\n2026-09,helpdesk,deepseek/deepseek-v4-pro,output,1100000,2.30\n"
    )
    say("importUsage", "A file of usage is recorded whole.", params={"format": "csv"}, content=table)
    say("listUsage", "Recorded usage.")
    say("closeMonth", "The month stands.", at={"month": "2026-10"})
    say("listUsageMonths", "The months that have usage.")
    say("reopenMonth", "The month can be corrected again.", at={"month": "2026-10"})


def _tell_budgets(recorder: Recorder, forecast_id: str) -> None:
    say = recorder.say
    sent = {"name": "fy27", "forecast_id": forecast_id, "note": "first round"}
    budget = say("createBudget", "A finished forecast is put forward.", body=sent).json()
    at = {"budget_id": budget["id"]}
    month = {"month": "2027-03", "amount": "41000.00", "reason": "migration in March"}
    override = say("overrideBudget", "A month is budgeted at another amount.", body=month, at=at).json()
    say("listOverrides", "The overrides of a budget.", at=at)
    say("withdrawOverride", "The computed amount counts again.", at=at | {"override_id": override["id"]})
    limit = {"fraction": "0.9", "measure": "forecast"}
    threshold = say("addThreshold", "Told when the forecast reaches 90 %.", body=limit, at=at).json()
    say("listThresholds", "The thresholds of the name.", at=at)
    say("removeThreshold", "No longer told.", at=at | {"threshold_id": threshold["id"]})
    say("listAlerts", "Crossings of thresholds.", at=at)
    comment = {"month": "2027-01", "comment": "launch moved to February"}
    say("commentOnBudget", "A variance is explained.", body=comment, at=at)
    say("listBudgets", "Versions of budgets.")
    shown = say("getBudget", "One version.", at=at)
    reason = {"reason": "reviewed with finance"}
    for operation, summary in (
        ("submitBudget", "A draft is submitted."),
        ("returnBudget", "It goes back to its author."),
        ("submitBudget", "It is submitted again."),
        ("approveBudget", "It is approved and locked."),
    ):
        tag = shown.headers["etag"]
        shown = say(operation, summary, body=reason, at=at, headers={"If-Match": tag})
    say("compareBudget", "The budget beside actual cost and the newest forecast.", at=at)
    draft = say("createBudget", "The next version.", name="next_version", body=sent | {"note": "second round"}).json()
    say("deleteBudget", "A draft is removed.", at={"budget_id": draft["id"]}, **_IF_FIRST)


def _tell_schedules(recorder: Recorder) -> None:
    say = recorder.say
    monthly = {"name": "monthly", "time_zone": "Europe/Berlin", "workloads": ["helpdesk"], "terms": {"draws": 256}}
    at = {"schedule_id": say("createSchedule", "The first weekday of each month at six.", body=monthly).json()["id"]}
    say("listSchedules", "The schedules of the workspace.")
    say("getSchedule", "One schedule.", at=at)
    say("listOccurrences", "When it is due.", at=at, params={"count": 2})
    say("skipOccurrence", "The next one will not run.", at=at)
    say("pauseSchedule", "Nothing runs until it is resumed.", at=at)
    say("resumeSchedule", "It goes on.", at=at)
    say("runSchedule", "A run at once.", at=at)
    say("listScheduleRuns", "What it has done.", at=at)
    weekly = monthly | {"rule": "FREQ=WEEKLY;BYDAY=MO"}
    say("replaceSchedule", "Every Monday.", body=weekly, at=at, headers={"If-Match": "*"})
    say("deleteSchedule", "The schedule goes; its forecasts stay.", at=at, headers={"If-Match": "*"})


def _tell_profiles(recorder: Recorder) -> None:
    say = recorder.say
    tool = {"name": "netsuite", "accounts": {"6420": "64200"}, "cost_centers": {"4100": "CC-1"}}
    at = {"profile_name": "netsuite"}
    say("createExportProfile", "What a finance tool calls things.", body=tool)
    say("listExportProfiles", "The profiles of the workspace.")
    say("getExportProfile", "One profile.", at=at)
    changed = tool | {"sign": "negative"}
    say("replaceExportProfile", "Costs as negative numbers.", body=changed, at=at, **_IF_FIRST)
    say("deleteExportProfile", "The profile goes.", at=at, headers={"If-Match": '"2"'})
