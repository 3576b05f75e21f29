"""Which method of the client stands for which operation of the API, and how it is called."""

from typing import Any

import httpx

HELD = {"id": "r1", "version": 3, "name": "n1"}

Call = tuple[str, str, tuple[Any, ...], dict[str, Any]]


def _call(operation_id: str, method: str, /, *given: Any, **named: Any) -> Call:
    return operation_id, method, given, named


CALLS: tuple[Call, ...] = (
    _call("createWorkload", "workloads.create", {}),
    _call("createWorkload", "workloads.create_and_forecast", {}, {}, wait_seconds=1),
    _call("listWorkloads", "workloads.each", name="n"),
    _call("getWorkload", "workloads.get", "r1"),
    _call("replaceWorkload", "workloads.replace", HELD, {}),
    _call("deleteWorkload", "workloads.delete", HELD),
    _call("createFleet", "fleets.create", {}),
    _call("listFleets", "fleets.each", name="n"),
    _call("getFleet", "fleets.get", "r1"),
    _call("replaceFleet", "fleets.replace", HELD, {}),
    _call("deleteFleet", "fleets.delete", HELD),
    _call("applyPlan", "plans.apply", b"{}", dry_run=True, prune=True),
    _call("listPlans", "plans.each", name="n"),
    _call("getPlan", "plans.get", "r1"),
    _call("replacePlan", "plans.replace", HELD, b"{}", dry_run=True, prune=True),
    _call("deletePlan", "plans.delete", HELD),
    _call("recordUsage", "usage.record", [], replace=True),
    _call("listUsage", "usage.each", month="2027-01", workload="n"),
    _call("listUsageMonths", "usage.months"),
    _call("closeMonth", "usage.close", "2027-01"),
    _call("reopenMonth", "usage.reopen", "2027-01"),
    _call("addPrices", "prices.add", {}),
    _call("addPrices", "prices.add_all", []),
    _call("importPrices", "prices.import_file", b"", "csv", dry_run=True),
    _call("listPrices", "prices.each", provider="p", model="m", meter="o", as_of="t", effective_at="t"),
    _call("getPrice", "prices.get", "r1"),
    _call("listPriceConflicts", "prices.conflicts", provider="p", model="m", as_of="t"),
    _call("costUsage", "prices.cost", {}),
    _call("getPriceHistory", "prices.history", "p/m", as_of="t", outlook="hold", months=1, service_tier="batch"),
    _call("getPriceHistoryPng", "prices.history_picture", "p/m", "png", theme="dark", size="phone", width=700),
    _call("getPriceHistorySvg", "prices.history_picture", "p/m"),
    _call("getPriceHistoryChart", "prices.history_chart", "p/m", theme="dark", size="phone", width=700),
    _call("listPriceProposals", "proposals.each", status="open", provider="p", model="m"),
    _call("acceptPriceProposals", "proposals.accept", {}),
    _call("rejectPriceProposals", "proposals.reject", {}),
    _call("listDecoders", "decoders.presets"),
    _call("getDecoder", "decoders.get", "mtp-1"),
    _call("getDecoderChart", "decoders.chart", "mtp-1", theme="dark", size="phone", width=700),
    _call("addMeasurement", "measurements.add", {}),
    _call("listMeasurements", "measurements.each", fleet="f", method="m"),
    _call("getMeasurement", "measurements.get", "r1"),
    _call("deleteMeasurement", "measurements.delete", "r1"),
    _call("createForecast", "forecasts.create", {}, wait_seconds=1),
    _call("previewForecast", "forecasts.preview", {}),
    _call("listForecasts", "forecasts.each", status="failed"),
    _call("getForecast", "forecasts.get", "r1", wait_seconds=1),
    _call("getForecast", "forecasts.wait", "r1"),
    _call("streamForecastEvents", "forecasts.follow", "r1"),
    _call("cancelForecast", "forecasts.cancel", "r1"),
    _call("reforecast", "forecasts.reforecast", "r1", {}),
    _call("getForecastMonths", "forecasts.months", "r1", "workload", largest=7),
    _call("listForecastLines", "forecasts.lines", "r1"),
    _call("traceForecastLine", "forecasts.trace", "r1", "7"),
    _call("replayForecast", "replays.create", "r1", wait_seconds=1),
    _call("getReplay", "replays.get", "r1", "r2", wait_seconds=1),
    _call("getForecastBridge", "bridges.get", "r1", from_="r0"),
    _call("getForecastBridgeChart", "bridges.chart", "r1", from_="r0", theme="dark", size="phone", width=700),
    _call("getForecastChart", "charts.get", "r1", "months.svg", theme="dark", size="phone", width=700, fleet="f"),
    _call("getForecastChart", "charts.get", "r1", "months.svg", budget_id="r2"),
    _call("getNegotiationBrief", "negotiations.get", "r1", "deepseek"),
    _call("getNegotiationBrief", "negotiations.page", "r1", "deepseek"),
    _call("exportForecast", "exports.write", "r1", "FILE", "csv-wide", basis="both", contingency=True, profile="n"),
    _call("createExportProfile", "export_profiles.create", {}),
    _call("listExportProfiles", "export_profiles.each"),
    _call("getExportProfile", "export_profiles.get", "n1"),
    _call("replaceExportProfile", "export_profiles.replace", HELD, {}),
    _call("deleteExportProfile", "export_profiles.delete", HELD),
    _call("compareFleets", "comparisons.fleets", {}),
    _call("planFleet", "comparisons.fleet_plan", {}),
    _call("createSchedule", "schedules.create", {}),
    _call("listSchedules", "schedules.each", name="n"),
    _call("getSchedule", "schedules.get", "r1"),
    _call("replaceSchedule", "schedules.replace", HELD, {}),
    _call("deleteSchedule", "schedules.delete", HELD),
    _call("listOccurrences", "schedules.occurrences", "r1", count=3),
    _call("listScheduleRuns", "schedules.runs", "r1"),
    _call("pauseSchedule", "schedules.pause", "r1"),
    _call("resumeSchedule", "schedules.resume", "r1"),
    _call("runSchedule", "schedules.run", "r1"),
    _call("skipOccurrence", "schedules.skip", "r1"),
    _call("getScheduleCalendar", "schedules.calendar", "r1", count=3),
    _call("createBudget", "budgets.create", {}),
    _call("listBudgets", "budgets.each", name="n", status="draft"),
    _call("getBudget", "budgets.get", "r1"),
    _call("deleteBudget", "budgets.delete", HELD),
    _call("submitBudget", "budgets.submit", HELD, "why"),
    _call("approveBudget", "budgets.approve", HELD, "why"),
    _call("returnBudget", "budgets.return_", HELD, "why"),
    _call("compareBudget", "budgets.compare", "r1", forecast_id="r2"),
    _call("getBudgetChart", "budgets.chart", "r1", forecast_id="r2", theme="dark", size="phone", width=700),
    _call("commentOnBudget", "budgets.comment", "r1", {}),
    _call("overrideBudget", "overrides.add", "r1", {}),
    _call("listOverrides", "overrides.all_of", "r1"),
    _call("withdrawOverride", "overrides.withdraw", "r1", "r2"),
    _call("addThreshold", "thresholds.add", "r1", {}),
    _call("listThresholds", "thresholds.all_of", "r1"),
    _call("removeThreshold", "thresholds.remove", "r1", "r2"),
    _call("listAlerts", "thresholds.alerts", "r1"),
    _call("createWebhook", "webhooks.create", {}),
    _call("listWebhooks", "webhooks.each"),
    _call("getWebhook", "webhooks.get", "r1"),
    _call("replaceWebhook", "webhooks.replace", HELD, {}),
    _call("deleteWebhook", "webhooks.delete", HELD),
    _call("rotateWebhookSecret", "webhooks.rotate_secret", "r1", overlap_hours=1),
    _call("testWebhook", "webhooks.test", "r1"),
    _call("listDeliveries", "webhooks.deliveries", "r1", status="dead"),
    _call("getDelivery", "webhooks.delivery", "r1"),
    _call("replayDelivery", "webhooks.replay", "r1"),
    _call("listDeadLetters", "webhooks.dead_letters", webhook_id="r1"),
    _call("replayDeadLetters", "webhooks.replay_dead_letters", webhook_id="r1"),
    _call("createKey", "keys.create", "ci", ["read"], expires_at="2027-01-01T00:00:00Z"),
    _call("listKeys", "keys.each"),
    _call("revokeKey", "keys.revoke", "r1"),
    _call("createSignInLink", "sign_in_links.create"),
    _call("getHealth", "service.health"),
    _call("getReadiness", "service.readiness"),
    _call("getProblem", "service.problem", "/problems/name-taken"),
    _call("getOpenApi", "service.openapi"),
)

WITHOUT_METHOD = {
    "getMetrics": "for the program that collects figures",
    "getSchema": "the same document as getOpenApi",
}


def answered(request: httpx.Request) -> httpx.Response:
    """The least that any method can read: an empty page, a finished forecast, the end of a stream."""
    if request.url.path.endswith("/events"):
        return httpx.Response(200, text='id: 1\ndata: {"status": "succeeded"}\n\n')
    return httpx.Response(
        200, json={"items": [], "next_cursor": None, "status": "succeeded", "secret": "tck_", "url": "/"}
    )
