"""A budget's picture over HTTP, and a budget beside the months of a forecast."""

from typing import Any

import pytest

from tests.service.routes.api import NOBODY, Api, slug
from tests.service.routes.budgets import approved, draft, forecast


def rows(spec: dict[str, Any], field: str) -> list[dict[str, Any]]:
    return [row for rows in spec["datasets"].values() for row in rows if field in row]


@pytest.mark.parametrize(
    ("kind", "media_type", "begins"),
    [("png", "image/png", b"\x89PNG"), ("svg", "image/svg+xml", b"<svg"), ("json", "application/json", b"{")],
)
def test_a_budget_has_a_picture_of_its_months(api: Api, kind: str, media_type: str, begins: bytes) -> None:
    budget = draft(api)
    answer = api.get(f"/v1/budgets/{budget['id']}/charts/months.{kind}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert answer.content.startswith(begins)


def test_the_picture_shows_what_the_comparison_says(api: Api) -> None:
    budget = approved(api)
    dearer = forecast(api, requests=2_000_000)
    at = f"/v1/budgets/{budget['id']}"
    told = api.get(f"{at}/variance?forecast={dearer}").json()
    spec = api.get(f"{at}/charts/months.json?forecast={dearer}").json()
    bars = {(row["month"], row["role"]): row["amount"] for row in rows(spec, "side")}
    for month in told["months"]:
        assert bars[month["month"], "Budget"] == float(month["budget"])
        assert bars[month["month"], "Forecast"] == float(month["forecast"])


def test_a_picture_that_has_changed_is_sent_again(api: Api) -> None:
    at = f"/v1/budgets/{draft(api)['id']}"
    first = api.get(f"{at}/charts/months.svg")
    held = {"If-None-Match": first.headers["etag"]}
    assert first.headers["cache-control"] == "private, no-cache"
    assert api.get(f"{at}/charts/months.svg", headers=held).status_code == 304
    override = {"month": "2027-02", "amount": "7.00", "reason": "a launch"}
    assert api.post(f"{at}/overrides", json=override).status_code == 201
    assert api.get(f"{at}/charts/months.svg", headers=held).status_code == 200


def test_a_budget_is_drawn_beside_the_months_of_a_forecast(api: Api) -> None:
    budget = approved(api)
    at = f"/v1/forecasts/{forecast(api)}/charts/months"
    spec = api.get(f"{at}.json?budget={budget['id']}")
    told = api.get(f"/v1/budgets/{budget['id']}/variance").json()["months"]
    held = {row["month"]: row["held"] for row in rows(spec.json(), "held")}
    assert held == {month["month"]: float(month["budget"]) for month in told}
    assert {row["of"] for row in rows(spec.json(), "held")} == {"fy27 1 (approved)"}
    assert spec.headers["cache-control"] == "private, no-cache"
    assert not rows(api.get(f"{at}.json").json(), "held")


def test_a_budget_that_cannot_be_compared_is_refused(api: Api, stranger: Api) -> None:
    budget = approved(api)
    euros = forecast(
        api, currency="EUR", exchange_rates=[{"currency": "EUR", "per": "USD", "rate": "0.9", "from": "2026-01-01"}]
    )
    refused = api.get(f"/v1/forecasts/{euros}/charts/months.svg?budget={budget['id']}")
    assert (refused.status_code, slug(refused)) == (400, "invalid-parameter")
    assert refused.json()["errors"][0]["parameter"] == "budget"
    assert "in USD" in refused.json()["errors"][0]["detail"]
    own = forecast(stranger)
    for one in (budget["id"], NOBODY):
        missing = stranger.get(f"/v1/forecasts/{own}/charts/months.svg?budget={one}")
        assert (missing.status_code, slug(missing)) == (404, "not-found")
    assert stranger.get(f"/v1/forecasts/{own}/charts/months.svg?budget=x").status_code == 400
