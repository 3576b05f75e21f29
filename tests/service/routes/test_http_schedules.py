"""Schedules over HTTP: declared, changed under a condition, paused, run, skipped, and refused by pointer."""

from datetime import datetime
from typing import Any

import pytest
from icalendar import Calendar

from tests.service.routes.api import NOBODY, Api, pointers, slug, workload


def schedule(**changes: Any) -> dict[str, Any]:
    return {"name": "monthly", "time_zone": "Europe/Berlin", **changes}


@pytest.fixture
def estate(api: Api) -> Api:
    """A workspace with a workload to forecast."""
    assert api.post("/v1/workloads", json=workload()).status_code == 201
    return api


def test_a_schedule_is_due_on_the_first_weekday_of_each_month_at_six(estate: Api) -> None:
    made = estate.post("/v1/schedules", json=schedule())
    assert made.status_code == 201, made.text
    assert made.json()["state"] == "running"
    assert made.json()["starts"].endswith("T06:00")
    ahead = estate.get(made.headers["Location"] + "/occurrences").json()["items"]
    assert len(ahead) == 10
    assert ahead[0]["due_at"] == made.json()["next_due_at"]
    assert {one["local"][-5:] for one in ahead} == {"06:00"}
    assert not any(one["skipped"] for one in ahead)
    assert len({one["local"][:7] for one in ahead}) == 10


def test_a_schedule_changes_only_on_the_version_that_was_read(estate: Api) -> None:
    made = estate.post("/v1/schedules", json=schedule())
    path, tag = made.headers["Location"], made.headers["ETag"]
    assert slug(estate("PUT", path, json=schedule(name="other"))) == "condition-missing"
    changed = estate("PUT", path, json=schedule(rule="FREQ=WEEKLY;BYDAY=MO"), headers={"If-Match": tag})
    assert changed.status_code == 200, changed.text
    assert slug(estate("PUT", path, json=schedule(name="lost"), headers={"If-Match": tag})) == "stale-version"
    assert estate.get(path).json()["rule"] == "FREQ=WEEKLY;BYDAY=MO"
    assert slug(estate("DELETE", path, headers={"If-Match": tag})) == "stale-version"
    assert estate("DELETE", path, headers={"If-Match": changed.headers["ETag"]}).status_code == 204
    assert slug(estate.get(path)) == "not-found"


def test_a_paused_schedule_has_nothing_due_until_it_is_resumed(estate: Api) -> None:
    made = estate.post("/v1/schedules", json=schedule())
    path = made.headers["Location"]
    paused = estate.post(path + "/pause").json()
    assert (paused["state"], paused["next_due_at"]) == ("paused", None)
    assert estate.post(path + "/pause").json()["version"] == paused["version"]
    resumed = estate.post(path + "/resume").json()
    assert (resumed["state"], resumed["next_due_at"]) == ("running", made.json()["next_due_at"])


def test_a_run_on_demand_is_a_forecast_in_the_history(estate: Api) -> None:
    path = estate.post("/v1/schedules", json=schedule()).headers["Location"]
    asked = estate.post(path + "/run", headers={"Idempotency-Key": "once"})
    assert asked.status_code == 202, asked.text
    again = estate.post(path + "/run", headers={"Idempotency-Key": "once"})
    assert (again.json()["id"], again.headers["Idempotent-Replayed"]) == (asked.json()["id"], "true")
    [run] = estate.get(path + "/runs").json()["items"]
    assert (run["status"], run["occurrence"], run["forecast_id"]) == ("started", None, asked.json()["id"])
    estate.work(run["forecast_id"])
    forecast = estate.get(asked.headers["Location"]).json()
    assert forecast["status"] == "succeeded"
    assert forecast["horizon"] == {"first_month": forecast["as_of"][:7], "months": 12}


def test_skipping_takes_the_next_occurrence_out_and_then_the_one_after_it(estate: Api) -> None:
    path = estate.post("/v1/schedules", json=schedule()).headers["Location"]
    ahead = [one["occurrence"] for one in estate.get(path + "/occurrences").json()["items"]]
    assert [estate.post(path + "/skip").json()["occurrence"] for _ in range(2)] == ahead[:2]
    shown = estate.get(path + "/occurrences?count=3").json()["items"]
    assert [one["skipped"] for one in shown] == [True, True, False]
    assert [run["status"] for run in estate.get(path + "/runs").json()["items"]] == ["skipped", "skipped"]


def test_nothing_is_left_to_skip_of_a_rule_at_its_end(estate: Api) -> None:
    path = estate.post("/v1/schedules", json=schedule(starts="2190-01-01T06:00", rule="FREQ=DAILY;COUNT=1")).headers[
        "Location"
    ]
    assert estate.post(path + "/skip").status_code == 200
    assert slug(estate.post(path + "/skip")) == "nothing-ahead"


def test_a_fiscal_year_begins_before_the_run(estate: Api) -> None:
    terms = {"fiscal_year_start_month": 7}
    sent = schedule(horizon={"kind": "fiscal_year"}, terms=terms)
    path = estate.post("/v1/schedules", json=sent).headers["Location"]
    forecast = estate.post(path + "/run").json()
    year, month = (int(part) for part in forecast["as_of"].split("-")[:2])
    first = f"{year if month >= 7 else year - 1}-07"
    assert forecast["horizon"] == {"first_month": first, "months": 12}


def test_a_plan_lends_its_schedule_its_terms_and_workloads(api: Api) -> None:
    plan = {"name": "estate", "seed": 41, "workloads": [workload()]}
    assert api.post("/v1/plans", json=plan).status_code == 201
    path = api.post("/v1/schedules", json=schedule(plan="estate")).headers["Location"]
    assert api.post(path + "/run").json()["seed"] == 41


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"rule": "FREQ=SECONDLY"}, "/rule"),
        ({"rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, "/rule"),
        ({"rule": "FREQ=DAILY;UNTIL=20200101", "starts": "2019-01-01T06:00"}, "/rule"),
        ({"time_zone": "Europe/Atlantis"}, "/time_zone"),
        ({"time_zone": "../../etc/passwd"}, "/time_zone"),
        ({"starts": "2027-01-01T06:00Z"}, "/starts"),
        ({"starts": "2027-01-01"}, "/starts"),
        ({"holiday_calendar": "Atlantis"}, "/holiday_calendar"),
        ({"holidays": ["2027-02-30"]}, "/holidays/0"),
        ({"horizon": {"months": 0}}, "/horizon/months"),
        ({"horizon": {"months": 40, "past_months": 40}}, "/horizon/past_months"),
        ({"horizon": {"kind": "fiscal_year", "months": 6}}, "/horizon/months"),
        ({"terms": {"as_of": "2027-01-01"}}, "/terms/as_of"),
        ({"terms": {"draws": 1}}, "/terms/draws"),
        ({"terms": {"horizon": {"first_month": "2027-01"}}}, "/terms/horizon"),
        ({"workloads": ["chat", "nobody"]}, "/workloads/1"),
        ({"plan": "nothing"}, "/plan"),
    ],
)
def test_a_schedule_that_could_not_run_is_refused_by_pointer(
    estate: Api, changes: dict[str, Any], pointer: str
) -> None:
    refused = estate.post("/v1/schedules", json=schedule(**changes))
    assert refused.status_code == 422, refused.text
    assert pointers(refused) == [pointer]
    assert estate.get("/v1/schedules").json()["items"] == []


def test_an_unknown_zone_is_told_what_is_close_to_it(estate: Api) -> None:
    refused = estate.post("/v1/schedules", json=schedule(time_zone="Europe/Berln"))
    assert "Europe/Berlin" in refused.json()["errors"][0]["detail"]


def test_a_name_is_one_schedule_s_alone(estate: Api) -> None:
    assert estate.post("/v1/schedules", json=schedule()).status_code == 201
    assert slug(estate.post("/v1/schedules", json=schedule())) == "name-taken"


def test_another_workspace_sees_no_schedule_and_does_nothing_to_it(estate: Api, stranger: Api) -> None:
    path = estate.post("/v1/schedules", json=schedule()).headers["Location"]
    assert stranger.get("/v1/schedules").json()["items"] == []
    for what in ("pause", "resume", "skip", "run"):
        assert slug(stranger.post(f"{path}/{what}")) == "not-found"
    assert slug(estate.post(f"/v1/schedules/{NOBODY}/run")) == "not-found"
    assert estate.get(path + "/runs").json()["items"] == []


def test_a_calendar_can_follow_the_dates_of_a_schedule(estate: Api) -> None:
    made = estate.post("/v1/schedules", json=schedule()).headers["Location"]
    skipped = estate.get(made + "/occurrences").json()["items"][0]["due_at"]
    assert estate.post(made + "/skip").status_code == 200
    feed = estate.get(made + "/calendar.ics?count=3")
    assert feed.headers["Content-Type"].partition(";")[0] == "text/calendar"
    events = Calendar.from_ical(feed.content).walk("VEVENT")
    ahead = [one for one in estate.get(made + "/occurrences?count=3").json()["items"] if not one["skipped"]]
    assert [event.decoded("dtstart") for event in events] == [datetime.fromisoformat(one["due_at"]) for one in ahead]
    assert datetime.fromisoformat(skipped) not in [event.decoded("dtstart") for event in events]
    assert {str(event["summary"]) for event in events} == {"Re-forecast: monthly"}
