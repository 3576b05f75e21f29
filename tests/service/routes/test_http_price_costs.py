"""What usage of the past cost, over HTTP."""

from decimal import Decimal
from typing import Any

import pytest

from tests.service.routes.api import Api, pointers, price

COSTS = "/v1/prices/costs"
FLASH = {"model": "deepseek/deepseek-v4-flash", "units": {"output": "1000000"}}


def cost(api: Api, **fields: Any) -> dict[str, Any]:
    answer = api.post(COSTS, json=FLASH | fields)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_week_of_v4_flash_is_peak_in_35_of_its_168_hours(api: Api) -> None:
    week = {"starts": "2026-10-05T00:00:00Z", "ends": "2026-10-12T00:00:00Z"}
    found = cost(api, units={"output": "1000000000"}, **week)
    assert found["amount"] == "725.00"
    by_window = {part["utc_window"]: Decimal(part["cost"]) for part in found["parts"]}
    assert by_window["peak"] == 250
    assert by_window["off_peak"] == 475
    for part in found["parts"]:
        row = api.get(f"/v1/prices/{part['price_id']}").json()
        assert (row["rate"], row["source"]) == (part["rate"], part["source"])


def test_a_month_is_priced_by_what_was_known(api: Api) -> None:
    """In August the September price was not known yet, and what was in force was taken to last."""
    million = {"output": "1000000000"}
    assert cost(api, units=million, month="2026-07")["amount"] == "280.00"
    sunday = {"starts": "2026-09-20T00:00:00Z", "ends": "2026-09-21T00:00:00Z"}
    assert cost(api, units=million, **sunday)["amount"] == "600.00"
    daily_peaks = (7 * Decimal("1.32") + 17 * Decimal("0.66")) / 24 * 1000
    assert cost(api, units=million, as_of="2026-09-01", **sunday)["amount"] == f"{daily_peaks:.2f}"


def test_tiers_bands_hours_contracts_and_currencies_count(api: Api) -> None:
    rows = [
        price(meter="output", rate="2"),
        price(meter="output", rate="1", service_tier="batch"),
        price(meter="output", rate="4", prompt_tokens_from=200_000),
    ]
    assert api.post("/v1/prices", json=rows).status_code == 201
    found = cost(
        api,
        model="acme/acme-1",
        month="2026-02",
        units={"output": "100000000"},
        service_tiers={"standard": 0.5, "batch": 0.5},
        prompt_bands=[{"prompt_tokens": 1000, "share": "0.9"}, {"prompt_tokens": 300_000, "share": "0.1"}],
        currency="EUR",
        exchange_rates=[{"currency": "EUR", "per": "USD", "rate": "0.80", "from": "2026-01-01"}],
        contracts=[{"provider": "acme", "from": "2026-01-01", "discount_fraction": "0.5"}],
    )
    exact = (45 * 2 + 5 * 4 + 50 * 1) * Decimal("0.80") / 2
    assert (found["currency"], found["amount"]) == ("EUR", f"{exact:.2f}")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, ["/month"]),
        ({"month": "2026-13"}, ["/month"]),
        ({"month": "2026-10", "starts": "2026-10-01T00:00:00Z"}, ["/starts"]),
        ({"starts": "2026-10-01", "ends": "2026-10-02T00:00:00Z"}, ["/starts"]),
        ({"starts": "2026-10-03T00:00:00Z", "ends": "2026-10-02T00:00:00Z"}, ["/ends"]),
        ({"month": "2026-10", "units": {"output": "-1", "input": "NaN"}}, ["/units/output", "/units/input"]),
        ({"month": "2026-10", "service_tiers": {"standard": "0.5"}}, ["/service_tiers"]),
        ({"month": "2026-10", "prompt_bands": [{"prompt_tokens": 1, "share": "2"}]}, ["/prompt_bands/0/share"]),
        ({"month": "2026-10", "hourly_profile": "lunar"}, ["/hourly_profile"]),
        ({"month": "2026-10", "contracts": [{"provider": "deepseek", "discount_fraction": "2"}]},
         ["/contracts/0/discount_fraction"]),
        ({"month": "2025-10"}, ["/model"]),
        ({"month": "2026-10", "units": {"audio_input": "1"}}, ["/model"]),
        ({"month": "2026-10", "model": "nobody/none"}, ["/model"]),
        ({"month": "2026-10", "model": "flash"}, ["/model"]),
        ({"month": "2026-10", "currency": "EUR"}, ["/model"]),
    ],
)  # fmt: skip
def test_what_cannot_be_costed_is_told_by_its_field(api: Api, fields: dict[str, Any], expected: list[str]) -> None:
    refused = api.post(COSTS, json=FLASH | fields)
    assert (refused.status_code, pointers(refused)) == (422, expected)


def test_an_unknown_meter_is_refused(api: Api) -> None:
    refused = api.post(COSTS, json=FLASH | {"month": "2026-10", "units": {"weight": "1"}})
    assert refused.status_code == 400
