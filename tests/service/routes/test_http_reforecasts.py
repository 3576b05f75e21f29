"""A re-forecast takes what is known now, recorded months among it, and keeps the earlier forecast."""

import io
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.service.routes.api import NOBODY, Api, pointers, price, slug

MODEL = "acme/acme-1"
YEAR = {"first_month": "2026-01", "months": 12}
# The default outlook begins on the day of the forecast, so it differs by itself.
TERMS: dict[str, Any] = {"as_of": "2026-09-15", "horizon": YEAR, "draws": 64, "outlooks": [{"outlook": "hold"}]}


def workload(requests_per_month: float, name: str = "chat") -> dict[str, Any]:
    demand = {"base_month": "2026-01", "requests_per_month": requests_per_month, "output_tokens_per_request": 10}
    routes = [{"to": [{"model": MODEL, "share": 1.0}]}]
    return {"name": name, "demand": demand | {"noise_fraction": 0.2}, "routes": routes}


def asked(api: Api) -> dict[str, Any]:
    """A finished forecast of the stored workloads for 2026, as of September."""
    forecast_id = api.post("/v1/forecasts", json=TERMS).json()["id"]
    api.work(forecast_id)
    return finished(api, forecast_id)


def finished(api: Api, forecast_id: str) -> dict[str, Any]:
    forecast: dict[str, Any] = api.get(f"/v1/forecasts/{forecast_id}").json()
    assert forecast["status"] == "succeeded"
    return forecast


def again(api: Api, forecast_id: str, **body: Any) -> dict[str, Any]:
    answer = api.post(f"/v1/forecasts/{forecast_id}/reforecast", json={"as_of": "2026-11-20", **body})
    assert answer.status_code == 202, answer.text
    api.work(answer.json()["id"])
    return finished(api, answer.json()["id"])


def used(month: str, billed: str, name: str = "chat") -> dict[str, Any]:
    return {
        "period": month,
        "workload": name,
        "route": MODEL,
        "meter": "output",
        "quantity": "1000000",
        "billed": billed,
    }


@pytest.fixture
def estate(api: Api) -> Api:
    assert api.post("/v1/prices", json=price()).status_code == 201
    assert api.post("/v1/workloads", json=workload(1e6)).status_code == 201
    return api


def test_recorded_months_replace_forecast_ones_and_the_earlier_forecast_stays(estate: Api) -> None:
    earlier = asked(estate)
    daily = [used(f"2026-10-{day:02d}", "1.10") for day in (1, 2, 3)]
    rows = [used("2026-09", "70.07"), *daily, used("2026-10", "5", "other")]
    assert estate.post("/v1/usage", json={"rows": rows}).status_code == 200
    later = again(estate, earlier["id"])
    assert later["previous_forecast_id"] == earlier["id"]
    assert (later["horizon"], later["seed"]) == (earlier["horizon"], earlier["seed"])
    actual = {line["month"]: line["effective"] for line in later["lines"] if line["kind"] == "actual"}
    assert actual == {"2026-09": "70.07", "2026-10": "3.30"}
    months = {one["month"]: one["effective"] for one in later["monthly"]}
    assert months["2026-10"] == {"mean": "3.30", "p10": "3.30", "p50": "3.30", "p90": "3.30"}
    before = {one["month"]: one["effective"]["p50"] for one in earlier["monthly"]}
    assert {month: months[month]["p50"] for month in ("2026-08", "2026-11")} == {
        month: before[month] for month in ("2026-08", "2026-11")
    }
    assert sum(Decimal(line["effective"]) for line in later["lines"]) == Decimal(later["total"]["effective"]["mean"])
    assert finished(estate, earlier["id"]) == earlier


def test_usage_of_the_month_that_still_runs_waits_for_its_end(estate: Api) -> None:
    earlier = asked(estate)
    estate.post("/v1/usage", json={"rows": [used("2026-11", "9"), used("2026-12", "9")]})
    assert {line["kind"] for line in again(estate, earlier["id"])["lines"]} == {"usage"}


def test_a_workload_that_grew_and_a_price_that_came_later_count(estate: Api) -> None:
    earlier = asked(estate)
    [stored] = estate.get("/v1/workloads").json()["items"]
    headers = {"If-Match": f'"{stored["version"]}"'}
    assert estate("PUT", f"/v1/workloads/{stored['id']}", json=workload(2e6), headers=headers).status_code == 200
    same_day = again(estate, earlier["id"], as_of="2026-09-15")
    twice = 2 * Decimal(earlier["total"]["effective"]["mean"])
    assert abs(Decimal(same_day["total"]["effective"]["mean"]) - twice) <= Decimal("0.02")
    row = price(rate="100", effective_from="2026-10-01T00:00:00Z", recorded_at="2026-10-01T00:00:00Z")
    assert estate.post("/v1/prices", json=row).status_code == 201
    assert again(estate, earlier["id"], as_of="2026-09-15")["total"] == same_day["total"]
    dearer = again(estate, earlier["id"])
    assert Decimal(dearer["monthly"][9]["effective"]["mean"]) > 10 * Decimal(
        same_day["monthly"][9]["effective"]["mean"]
    )


def test_the_same_day_and_the_same_estate_give_the_same_budget(estate: Api) -> None:
    earlier = asked(estate)
    later = again(estate, earlier["id"], as_of="2026-09-15")
    assert later["inputs_sha256"] == earlier["inputs_sha256"]
    assert (later["total"], later["lines"]) == (earlier["total"], earlier["lines"])


def test_a_plan_that_was_never_stored_is_forecast_again_as_it_was_frozen(api: Api) -> None:
    plan = {**TERMS, "prices": [price()], "workloads": [workload(1e6)]}
    forecast_id = api.post("/v1/forecasts", json={"plan": plan}).json()["id"]
    api.work(forecast_id)
    assert again(api, forecast_id)["total"] == finished(api, forecast_id)["total"]


def test_a_horizon_can_roll_on_or_keep_to_the_fiscal_year(estate: Api) -> None:
    earlier = asked(estate)
    rolling = again(estate, earlier["id"], horizon={"kind": "rolling", "months": 6, "past_months": 2})
    assert rolling["horizon"] == {"first_month": "2026-09", "months": 8}
    fiscal = again(estate, earlier["id"], horizon={"kind": "fiscal_year"})
    assert fiscal["horizon"] == {"first_month": "2026-01", "months": 12}


def test_what_cannot_be_forecast_again_is_refused_and_nothing_stored(estate: Api, stranger: Api) -> None:
    earlier = asked(estate)
    path = f"/v1/forecasts/{earlier['id']}/reforecast"
    assert pointers(estate.post(path, json={"as_of": "2026-02-30"})) == ["/as_of"]
    assert pointers(estate.post(path, json={"horizon": {"months": 0}})) == ["/horizon/months"]
    assert slug(estate.post(f"/v1/forecasts/{NOBODY}/reforecast", json={})) == "not-found"
    assert slug(stranger.post(path, json={})) == "not-found"
    assert len(estate.get("/v1/forecasts").json()["items"]) == 1


def test_a_schedule_s_forecasts_follow_each_other(estate: Api) -> None:
    sent = {"name": "monthly", "horizon": {"kind": "fiscal_year"}}
    path = estate.post("/v1/schedules", json=sent).headers["Location"]
    first, second = (estate.post(path + "/run").json() for _ in range(2))
    assert (first["previous_forecast_id"], second["previous_forecast_id"]) == (None, first["id"])


def test_the_workbook_of_a_re_forecast_has_the_bridge_from_the_one_it_renews(api: Api) -> None:
    api.post("/v1/prices", json=price())
    assert api.post("/v1/workloads", json=workload(1e6)).status_code == 201
    first = asked(api)
    assert api.post("/v1/usage", json={"rows": [used("2026-09", "77.25")]}).status_code == 200
    second = again(api, first["id"])
    book = load_workbook(
        io.BytesIO(api.get(f"/v1/forecasts/{second['id']}/export?format=xlsx").content), data_only=True
    )
    rows = {row[0]: row[1] for row in book["Bridge"].iter_rows(values_only=True) if row[1] is not None}
    ends = rows["All: before"], rows["All: after"]
    assert [f"{end:.2f}" for end in ends] == [one["total"]["effective"]["mean"] for one in (first, second)]
    assert "actuals" in rows
