"""Usage is recorded whole or not at all, once, and not into a closed month."""

from typing import Any

import pytest

from tests.service.routes.api import MODEL, Api, pointers, slug


def row(**changes: Any) -> dict[str, Any]:
    return {
        "period": "2027-01",
        "workload": "chat",
        "route": MODEL,
        "meter": "output",
        "quantity": "1200000",
        "billed": "2.50",
        **changes,
    }


def record(api: Api, *rows: dict[str, Any], **beside: Any) -> Any:
    return api.post("/v1/usage", json={"rows": list(rows), **beside})


def listed(api: Api, query: str = "") -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = api.get(f"/v1/usage{query}").json()["items"]
    return items


def test_the_same_rows_as_often_as_one_likes_are_recorded_once(api: Api) -> None:
    rows = [row(), row(meter="input"), row(period="2027-02-03"), row(workload=None, route="fleet:pool", meter="idle")]
    answers = [record(api, *rows).json() for _ in range(3)]
    assert answers[0] == {"added": 4, "corrected": 0, "unchanged": 0}
    assert answers[1:] == [{"added": 0, "corrected": 0, "unchanged": 4}] * 2
    assert [(one["period"], one["meter"]) for one in listed(api)] == [
        ("2027-01", "output"),
        ("2027-01", "input"),
        ("2027-02-03", "output"),
        ("2027-01", "idle"),
    ]
    assert listed(api)[0] | {"id": "", "recorded_at": "", "recorded_by": ""} == {
        **row(effective="2.5", billed="2.5", currency="USD", source=""),
        "id": "",
        "recorded_at": "",
        "recorded_by": "",
    }


def test_other_numbers_are_refused_unless_they_correct(api: Api) -> None:
    assert record(api, row()).status_code == 200
    refused = record(api, row(meter="input"), row(billed="2.51"))
    assert (refused.status_code, pointers(refused)) == (422, ["/rows/1"])
    assert [one["billed"] for one in listed(api)] == ["2.5"]
    assert record(api, row(billed="2.51"), replace=True).json()["corrected"] == 1
    assert [one["billed"] for one in listed(api)] == ["2.51"]


def test_a_closed_month_takes_nothing_until_it_is_reopened(api: Api) -> None:
    assert record(api, row()).status_code == 200
    assert slug(api.with_scopes("read", "write").post("/v1/usage/months/2027-01/close")) == "scope-missing"
    assert api.post("/v1/usage/months/2027-01/close").json()["closed"] is True
    refused = record(api, row(meter="input"), row(period="2027-02"), row(billed="9"), replace=True)
    assert pointers(refused) == ["/rows/0/period", "/rows/2/period"]
    assert len(listed(api)) == 1
    assert record(api, row()).json()["unchanged"] == 1
    assert api.get("/v1/usage/months").json()["items"][0]["rows"] == 1
    assert api.post("/v1/usage/months/2027-01/reopen").json()["closed"] is False
    assert record(api, row(billed="9"), replace=True).status_code == 200


def test_a_month_is_told_whole_or_by_its_days_but_not_both(api: Api) -> None:
    both = record(api, row(), row(period="2027-01-05"))
    assert pointers(both) == ["/rows/0/period", "/rows/1/period"]
    assert record(api, row()).status_code == 200
    assert pointers(record(api, row(period="2027-01-05"))) == ["/rows/0/period"]
    assert record(api, row(period="2027-01-05", meter="input")).status_code == 200


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"period": "2027-13"}, "/rows/0/period"),
        ({"period": "2027-02-30"}, "/rows/0/period"),
        ({"period": "1066-01"}, "/rows/0/period"),
        ({"route": "deepseek"}, "/rows/0/route"),
        ({"route": "fleet:"}, "/rows/0/route"),
        ({"route": MODEL + "#gold"}, "/rows/0/route"),
        ({"meter": "steam"}, "/rows/0/meter"),
        ({"workload": None}, "/rows/0/workload"),
        ({"quantity": "-1"}, "/rows/0/quantity"),
        ({"quantity": "1e18"}, "/rows/0/quantity"),
        ({"billed": "NaN"}, "/rows/0/billed"),
        ({"effective": "1e13"}, "/rows/0/effective"),
    ],
)
def test_a_row_that_makes_no_sense_is_refused_by_pointer(api: Api, changes: dict[str, Any], pointer: str) -> None:
    refused = record(api, row(**changes))
    assert (refused.status_code, pointers(refused)) == (422, [pointer])
    assert listed(api) == []


def test_rows_that_contradict_each_other_are_refused(api: Api) -> None:
    assert pointers(record(api, row(), row(), row(billed="3"))) == ["/rows/2"]


def test_a_list_is_cut_into_pages_and_chosen_by_month_and_workload(api: Api) -> None:
    record(api, *(row(period=f"2027-{month:02d}", workload=name) for month in (1, 2, 3) for name in ("chat", "code")))
    assert len(listed(api, "?month=2027-02")) == 2
    assert len(listed(api, "?workload=code")) == 3
    assert slug(api.get("/v1/usage?month=2027-2")) == "invalid-parameter"
    first = api.get("/v1/usage?limit=4").json()
    assert len(first["items"]) == 4
    assert len(listed(api, f"?limit=4&cursor={first['next_cursor']}")) == 2


def test_another_workspace_sees_no_usage_and_closes_no_month_of_it(api: Api, stranger: Api) -> None:
    record(api, row())
    assert listed(stranger) == []
    stranger.post("/v1/usage/months/2027-01/close")
    assert record(api, row(meter="input")).status_code == 200
    assert slug(api.post("/v1/usage/months/winter/close")) == "not-found"
