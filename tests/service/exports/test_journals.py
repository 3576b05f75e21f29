"""Journals of depreciation and of what was prepaid: balanced, and never actual."""

import csv
import io
from collections import defaultdict
from decimal import Decimal
from typing import Any

import pytest

from service.exports.profile import ExportProfile
from service.exports.registry import FORMATS
from service.exports.source import ExportSource
from service.refusals import ProfileIncomplete
from service.store.lines import Codes
from tests.forecasts.estates import a_fleet, a_plan, a_workload, to_fleet
from tests.service.exports.sources import acme, by_hand, computed, golden, written

BOOKS = ExportProfile(
    entity="ACME-EU", accumulated_depreciation_account="1890", prepaid_account="1310", ledger_id="300000001"
)
SIDES = {
    "netsuite-journal": ("External ID", "Journal Entry - Line: Debit", "Journal Entry - Line: Credit"),
    "oracle-journal": ("REFERENCE4", "ENTERED_DR", "ENTERED_CR"),
}


def prepaid() -> ExportSource:
    """A commitment of three months that was paid 1,000.00 upfront."""
    commitment = {
        "nodes": 1,
        "rate_per_node_hour": "1.00",
        "upfront": "1000",
        "starts": "2027-01-01",
        "ends": "2027-03-31",
    }
    cost = {"kind": "committed", "commitments": [commitment], "on_demand_rate_per_node_hour": "9.00"}
    fleet = a_fleet("pool", cost=cost, gl_accounts={"other": "6490"})
    return computed(a_plan(a_workload("chat", to=[to_fleet("pool")]), fleets=[fleet], draws=32))


def rows_of(name: str, source: ExportSource) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(written(name, source, profile=BOOKS).decode(), newline="")))


@pytest.mark.parametrize("name", sorted(SIDES))
def test_a_journal_is_the_file_it_was(name: str) -> None:
    assert written(name, by_hand(), profile=BOOKS) == golden(f"{name}.csv")


@pytest.mark.parametrize("name", sorted(SIDES))
@pytest.mark.parametrize("source", [by_hand(), acme(), prepaid()], ids=["by hand", "acme", "prepaid"])
def test_every_document_is_balanced(name: str, source: ExportSource) -> None:
    document, debit, credit = SIDES[name]
    left: defaultdict[str, Decimal] = defaultdict(Decimal)
    right: defaultdict[str, Decimal] = defaultdict(Decimal)
    for row in rows_of(name, source):
        assert bool(row[debit]) != bool(row[credit])
        left[row[document]] += Decimal(row[debit] or 0)
        right[row[document]] += Decimal(row[credit] or 0)
    assert left == right
    assert left


def test_depreciation_is_booked_as_the_asset_register_has_it() -> None:
    assets = [asset for fleet in acme().document["fleets"] for asset in fleet["assets"]]
    booked = sum(
        Decimal(row["ENTERED_CR"] or 0) for row in rows_of("oracle-journal", acme()) if row["SEGMENT3"] == "1890"
    )
    assert booked == sum(Decimal(asset["depreciation"]) for asset in assets)


def test_what_was_prepaid_is_booked_off_whole() -> None:
    rows = [row for row in rows_of("oracle-journal", prepaid()) if row["SEGMENT3"] == "1310"]
    assert {row["ACCOUNTING_DATE"] for row in rows} == {"2027-01-31", "2027-02-28", "2027-03-31"}
    assert sum(Decimal(row["ENTERED_CR"]) for row in rows) == Decimal("1000.00")


def test_a_journal_says_that_it_is_a_budget() -> None:
    assert {row["ACTUAL_FLAG"] for row in rows_of("oracle-journal", acme())} == {"B"}
    rows = rows_of("netsuite-journal", acme())
    assert all(row["External ID"].startswith("BUDGET-") for row in rows)
    assert all(row["Journal Entry - Line: Memo"].startswith("BUDGET, not actual") for row in rows)


@pytest.mark.parametrize(
    ("name", "kinds", "missing"),
    [
        ("oracle-journal", ["depreciation"], ["/accumulated_depreciation_account", "/ledger_id"]),
        (
            "netsuite-journal",
            ["depreciation", "amortization"],
            ["/accumulated_depreciation_account", "/prepaid_account"],
        ),
        ("netsuite-journal", ["rental"], []),
    ],
)
def test_a_journal_needs_the_accounts_it_is_booked_against(name: str, kinds: list[str], missing: list[str]) -> None:
    codes = [Codes("6810", "4200", kind) for kind in kinds]
    found: list[Any] = []
    try:
        FORMATS[name].check(ExportProfile(), codes, contingency=False)
    except ProfileIncomplete as refused:
        found = [problem.pointer for problem in refused.problems]
    assert found == missing
    FORMATS[name].check(BOOKS, codes, contingency=False)
