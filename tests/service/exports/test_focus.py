"""Forecast rows in the shape of FOCUS."""

import csv
import io
import re
from decimal import Decimal
from pathlib import Path

import pytest

from service.exports.focus.columns import OURS, VERSION_1_2, VERSION_1_4
from service.exports.profile import ExportProfile
from service.exports.source import ExportSource
from tests.forecasts.estates import a_fleet, a_plan, a_workload
from tests.service.exports.focus_check import failed_rules
from tests.service.exports.sources import acme, by_hand, computed, golden, mean, written

# FOCUS 1.4: the mandatory columns, those that may be null apart.
MANDATORY_1_4 = [
    "BilledCost",
    "BillingAccountId",
    "BillingCurrency",
    "BillingPeriodStart",
    "BillingPeriodEnd",
    "ChargeCategory",
    "ChargePeriodStart",
    "ChargePeriodEnd",
    "ContractedCost",
    "EffectiveCost",
    "HostProviderName",
    "InvoiceIssuerName",
    "ListCost",
    "ServiceCategory",
    "ServiceName",
    "ServiceProviderName",
]
NULLABLE_1_4 = ["BillingAccountName", "ChargeClass", "ChargeDescription", "PricingQuantity", "PricingUnit"]
INSTANT = re.compile(r"\d{4}-\d\d-01T00:00:00Z")
DECIMAL = re.compile(r"-?\d+\.\d+")


def rows_of(name: str, source: ExportSource, **choices: object) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(written(name, source, **choices).decode(), newline="")))


@pytest.mark.parametrize("version", ["1.2", "1.4"])
def test_a_file_is_the_one_it_was(version: str) -> None:
    profile = ExportProfile(entity="ACME", contingency_account="6999")
    content = written(f"focus-{version}", by_hand(), contingency=True, profile=profile)
    assert content == golden(f"focus-{version}.csv")


def contracted() -> ExportSource:
    """Every kind of line that a contract settles, a prepaid commitment, and nodes that are bought and sold."""
    contract = {
        "provider": "north",
        "committed_spend": "5000",
        "commitment_period": "month",
        "credits": [{"amount": "100"}],
        "volume_tiers": [{"from_tokens_per_month": "0", "fraction": "0.1"}],
    }
    term = {"starts": "2027-01-01", "ends": "2027-12-31"}
    layer = term | {"nodes": 1, "rate_per_node_hour": "20", "upfront": "1000"}
    owned = {
        "kind": "owned",
        "purchase_price_per_node": "370000",
        "purchased": "2027-01-01",
        "in_service": "2027-01-01",
        "useful_life_months": 36,
        "power_kw_per_node": 10.2,
        "electricity_per_kwh": "0.11",
        "disposal": {"on": "2027-03-01", "proceeds_per_node": "300000"},
    }
    committed = {"kind": "committed", "commitments": [layer], "on_demand_rate_per_node_hour": "50"}
    leased = term | {"kind": "leased", "payment_per_node_month": "9000"}
    fleets = [a_fleet(cost["kind"], cost=cost) for cost in (owned, committed, leased)]
    return computed(a_plan(a_workload(), fleets=fleets, contracts=[contract], draws=32))


@pytest.mark.timeout(600)
@pytest.mark.parametrize("source", [by_hand(), acme(), contracted()], ids=["by hand", "acme", "contracted"])
def test_the_validator_finds_nothing_that_a_file_could_avoid(source: ExportSource, tmp_path: Path) -> None:
    file = tmp_path / "forecast.csv"
    file.write_bytes(written("focus-1.2", source, contingency=True))
    assert failed_rules(file) == []


@pytest.mark.timeout(600)
def test_the_validator_does_find_what_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "forecast.csv"
    file.write_bytes(written("focus-1.2", by_hand()).replace(b",Usage,", b",Forecast,"))
    assert any("ConsumedQuantity MUST be NULL" in rule for rule in failed_rules(file))


@pytest.mark.parametrize("version", ["1.2", "1.4"])
@pytest.mark.parametrize("source", [by_hand(), acme()], ids=["by hand", "acme"])
def test_cash_is_billed_and_accrual_is_effective(version: str, source: ExportSource) -> None:
    rows = rows_of(f"focus-{version}", source)
    assert sum(Decimal(row["BilledCost"]) for row in rows) == mean(source, "billed")
    assert sum(Decimal(row["EffectiveCost"]) for row in rows) == mean(source, "effective")


def test_the_contingency_is_outside_the_lines_with_an_account_of_its_own() -> None:
    profile = ExportProfile(contingency_account="6999")
    rows = rows_of("focus-1.2", acme(), contingency=True, profile=profile)
    beside = [row for row in rows if row["x_Kind"] == "contingency"]
    assert {(row["x_GlAccount"], row["ChargeCategory"], row["x_LineId"]) for row in beside} == {
        ("6999", "Adjustment", "")
    }
    assert sum(Decimal(row["EffectiveCost"]) for row in beside) == acme().forecast.contingency
    assert rows[: -len(beside)] == rows_of("focus-1.2", acme())


def test_each_kind_of_line_is_a_charge_of_its_category() -> None:
    found = {row["x_Kind"]: row["ChargeCategory"] for row in rows_of("focus-1.2", contracted())}
    expected = {
        "usage": "Usage",
        "depreciation": "Usage",
        "lease": "Usage",
        "purchase": "Purchase",
        "upfront": "Purchase",
        "disposal": "Adjustment",
        "shortfall": "Adjustment",
        "volume_discount": "Adjustment",
        "credit": "Credit",
    }
    assert {kind: found.get(kind) for kind in expected} == expected


def test_the_columns_of_1_4_are_those_it_asks_for() -> None:
    rows = rows_of("focus-1.4", acme(), contingency=True)
    assert tuple(rows[0]) == VERSION_1_4
    assert {*MANDATORY_1_4, *NULLABLE_1_4} <= set(VERSION_1_4)
    # What 1.3 replaced, 1.4 no longer has.
    assert set(VERSION_1_2) - set(VERSION_1_4) == {"ProviderName", "PublisherName"}
    assert all(row[column] for row in rows for column in MANDATORY_1_4)
    for row in rows:
        assert row["ChargeCategory"] in {"Usage", "Purchase", "Tax", "Credit", "Adjustment"}
        assert row["ChargeClass"] in {"", "Correction"}
        assert all(INSTANT.fullmatch(row[column]) for column in row if column.endswith(("PeriodStart", "PeriodEnd")))
        numbers = [row[column] for column in row if column.endswith(("Cost", "Quantity", "UnitPrice"))]
        assert all(DECIMAL.fullmatch(number) for number in numbers if number)
        assert bool(row["ConsumedQuantity"]) == (row["ChargeCategory"] == "Usage")
    assert list(VERSION_1_4) == sorted(set(VERSION_1_4) - set(OURS)) + sorted(OURS)


def test_tokens_are_consumed_singly_and_priced_by_the_million() -> None:
    for row in rows_of("focus-1.2", acme()):
        if row["PricingUnit"] == "1000000 Tokens":
            assert row["ConsumedUnit"] == "Tokens"
            assert Decimal(row["ConsumedQuantity"]) == Decimal(row["PricingQuantity"]) * 1_000_000
        assert Decimal(row["ContractedCost"]) == Decimal(row["ContractedUnitPrice"]) * Decimal(row["PricingQuantity"])
