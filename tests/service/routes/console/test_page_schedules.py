"""The pages of schedules: the rule in words, what is ahead and behind, and the form filled with what is stored."""

from typing import Any

import pytest

from tests.service.routes.api import NOBODY, Api, workload

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def estate(api: Api) -> Api:
    """A workspace with a workload to forecast."""
    assert api.post("/v1/workloads", json=workload()).status_code == 201
    return api


def _page(api: Api, path: str) -> str:
    answer = api.get(path)
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def _made(api: Api, **fields: Any) -> str:
    made = api.post("/v1/schedules", json={"name": "monthly", "time_zone": "Europe/Berlin", **fields})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


def test_without_schedules_the_list_says_what_one_does(api: Api) -> None:
    assert 'href="/schedules/new"' in _page(api, "/schedules")
    assert 'href="/schedules/new"' not in _page(api.with_scopes("read"), "/schedules")
    assert "declare a workload" in _page(api, "/schedules/new")


def test_who_may_only_read_gets_a_sentence_instead_of_a_form_that_is_refused(estate: Api) -> None:
    assert "data-form" in _page(estate, "/schedules/new")
    page = _page(estate.with_scopes("read"), "/schedules/new")
    assert "data-form" not in page
    assert "somebody with the scope write can make a schedule" in page


def test_the_list_has_the_rule_in_words_and_the_last_run(estate: Api) -> None:
    schedule = _made(estate, rule="FREQ=WEEKLY;BYDAY=MO", starts="2027-01-04T06:00")
    page = _page(estate, "/schedules")
    assert "every week on Monday at 06:00" in page
    assert "Europe/Berlin" in page
    assert "never" in page
    ran = estate.post(f"/v1/schedules/{schedule}/run").json()["id"]
    assert f'href="/forecasts/{ran}"' in _page(estate, "/schedules")
    assert estate.post(f"/v1/schedules/{schedule}/pause").status_code == 200
    assert '<span class="badge paused">paused</span>' in _page(estate, "/schedules")


def test_a_schedule_shows_what_is_ahead_and_what_became_of_the_rest(estate: Api) -> None:
    schedule = _made(estate)
    for deed in ("skip", "run", "run"):
        assert estate.post(f"/v1/schedules/{schedule}/{deed}").status_code < 300
    page = _page(estate, f"/schedules/{schedule}")
    assert page.count('<span class="badge skipped">skipped</span>') == 2
    assert page.count("on demand, by test") == 2
    assert page.count('<span class="badge queued">queued</span>') == 2


def test_a_run_leads_to_its_bridge_once_both_forecasts_are_done(estate: Api) -> None:
    schedule = _made(estate)
    asked = []
    for _ in range(2):
        asked.append(str(estate.post(f"/v1/schedules/{schedule}/run").json()["id"]))
        estate.work(asked[-1])
    assert f'href="/forecasts/{asked[1]}/bridge?from={asked[0]}"' in _page(estate, f"/schedules/{schedule}")


def test_the_form_holds_what_is_stored_and_sends_it_on_the_version_that_was_read(estate: Api) -> None:
    schedule = _made(
        estate,
        rule="FREQ=MONTHLY;BYMONTHDAY=17",
        workloads=["chat"],
        horizon={"kind": "rolling", "months": 6, "past_months": 1},
        holidays=["2027-05-14"],
        terms={"outlooks": [{"outlook": "hold"}]},
    )
    page = _page(estate, f"/schedules/{schedule}")
    assert f'data-form="PUT /v1/schedules/{schedule}" data-version="1"' in page
    for held in (
        '<option value="month-day" selected>',
        "<option selected>17</option>",
        'value="FREQ=MONTHLY;BYMONTHDAY=17"',
        'value="Europe/Berlin"',
        '<input type="checkbox" value="chat" checked>',
        '<option value="some" selected>',
        ">2027-05-14</textarea>",
        '"outlook": "hold"',
    ):
        assert held in page, held


def test_who_may_only_read_changes_nothing(estate: Api) -> None:
    page = _page(estate.with_scopes("read"), f"/schedules/{_made(estate)}")
    assert "data-form" not in page
    assert "data-send" not in page


def test_a_paused_schedule_can_be_resumed_and_not_skipped(estate: Api) -> None:
    schedule = _made(estate)
    assert estate.post(f"/v1/schedules/{schedule}/pause").status_code == 200
    page = _page(estate, f"/schedules/{schedule}")
    assert f'data-send="POST /v1/schedules/{schedule}/resume"' in page
    assert "/skip" not in page
    assert "waits while paused" in page


def test_scripts_in_names_are_text(estate: Api) -> None:
    assert estate.post("/v1/workloads", json=workload(SCRIPT)).status_code == 201
    schedule = _made(estate, name=SCRIPT, workloads=[SCRIPT])
    for path in ("/schedules", "/schedules/new", f"/schedules/{schedule}"):
        page = _page(estate, path)
        assert SCRIPT not in page
        assert "alert(1)" in page


@pytest.mark.parametrize("path", [f"/schedules/{NOBODY}", "/schedules/nonsense"])
def test_a_schedule_that_is_not_there_is_not_found(api: Api, path: str) -> None:
    assert api.get(path).status_code == 404


def test_a_strangers_schedule_looks_as_if_it_were_not_there(estate: Api, stranger: Api) -> None:
    schedule = _made(estate)
    assert stranger.get(f"/schedules/{schedule}").status_code == 404
    assert schedule not in _page(stranger, "/schedules")
