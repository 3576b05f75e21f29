"""The pages of recorded usage: months with their amounts and state, rows of a month, and the form for a file."""

from typing import Any

import pytest

from tests.service.routes.api import MODEL, Api

SCRIPT = "<script>alert(1)</script>"


def _page(api: Api, path: str) -> str:
    answer = api.get(path)
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def _record(api: Api, **changes: Any) -> None:
    told = {"period": "2027-01", "workload": "chat", "route": MODEL}
    row = {**told, "meter": "output", "quantity": "10", "billed": "2.5"}
    assert api.post("/v1/usage", json={"rows": [{**row, **changes}]}).status_code == 200


def test_without_usage_the_page_says_what_it_is_for_and_takes_a_file(api: Api) -> None:
    page = _page(api, "/usage")
    assert "Nothing is recorded yet" in page
    assert 'data-upload="/v1/usage/imports"' in page
    assert "data-upload" not in _page(api.with_scopes("read"), "/usage")


def test_months_come_newest_first_with_their_amounts_by_currency(api: Api) -> None:
    _record(api)
    _record(api, meter="input", billed="1.50")
    _record(api, meter="cache_write", billed="7", effective="6", currency="EUR")
    _record(api, period="2027-02")
    page = _page(api, "/usage")
    assert page.index("Feb 2027") < page.index("Jan 2027")
    assert "$4.00" in page
    assert "€7.00" in page
    assert "€6.00" in page


def test_only_who_may_approve_closes_and_reopens_months(api: Api) -> None:
    _record(api)
    assert 'data-send="POST /v1/usage/months/2027-01/close"' in _page(api, "/usage")
    assert api.post("/v1/usage/months/2027-01/close").status_code == 200
    page = _page(api, "/usage")
    assert 'data-send="POST /v1/usage/months/2027-01/reopen"' in page
    assert "by test" in page
    assert "data-send" not in _page(api.with_scopes("read", "write"), "/usage")


def test_a_month_shows_its_rows_and_those_of_one_workload(api: Api) -> None:
    _record(api, source=SCRIPT)
    _record(api, workload="search", meter="input")
    _record(api, period="2027-02", workload="other")
    page = _page(api, "/usage/2027-01")
    assert SCRIPT not in page
    assert "&lt;script&gt;" in page
    assert "search" in page
    assert "other" not in page
    only = _page(api, "/usage/2027-01?workload=search")
    assert "&lt;script&gt;" not in only
    assert "search" in _page(api, "/usage/2027-01?workload=")


def test_rows_go_on_behind_the_cursor(api: Api) -> None:
    for day in (1, 2, 3):
        _record(api, period=f"2027-01-0{day}", workload="c & d")
    page = _page(api, "/usage/2027-01?limit=2&workload=c %26 d")
    assert "2027-01-03" not in page
    rest = page.partition('class="more"')[2].partition('href="')[2].partition('"')[0].replace("&amp;", "&")
    assert "2027-01-03" in _page(api, rest)


@pytest.mark.parametrize("path", ["/usage/2027-13", "/usage/nonsense"])
def test_a_month_that_cannot_be_is_not_found(api: Api, path: str) -> None:
    assert api.get(path).status_code == 404


def test_usage_of_others_is_not_shown(api: Api, stranger: Api) -> None:
    _record(api)
    assert "Nothing is recorded yet" in _page(stranger, "/usage")
    assert "Nothing is recorded here" in _page(stranger, "/usage/2027-01")
