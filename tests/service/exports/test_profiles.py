"""A workspace's own codes, signs, calendar, dates and decimals, in loads and in those of ledgers."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest

from service.exports.fiscal import fiscal_period
from service.exports.profile import ExportProfile
from service.exports.registry import FORMATS
from service.refusals import ProfileIncomplete
from service.store.lines import Codes
from tests.service.exports.sources import acme, by_hand, golden, mean, written

TOOL = ExportProfile(
    entity="ACME-EU",
    scenario="Budget",
    budget_version="V1",
    budget_name="FY budget",
    cube="Fin1",
    accounts={"6420": "64200", "6810": "68100", "6490": "64900", "": "99999"},
    cost_centers={"4100": "CC-AI", "4200": "CC-OPS"},
    contingency_account="69999",
    contingency_cost_center="CC-FIN",
)
LEDGERS = ("netsuite-budget", "oracle-planning", "business-central")


def codes() -> list[Codes]:
    return [Codes(line.gl_account, line.cost_center, line.kind) for chunk in by_hand().chunks() for line in chunk]


@pytest.mark.parametrize("name", LEDGERS)
def test_a_load_of_a_ledger_is_the_file_it_was(name: str) -> None:
    assert written(name, by_hand(), profile=TOOL, contingency=True) == golden(f"{name}.csv")


@pytest.mark.parametrize(
    ("name", "amounts"),
    [
        ("netsuite-budget", [f"periodamount{month}" for month in range(1, 13)]),
        ("netsuite-budget", ["amount"]),
        ("oracle-planning", ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]),
        ("business-central", ["budgetAmount"]),
    ],
)
def test_every_load_of_a_ledger_adds_up_to_the_total_of_the_api(name: str, amounts: list[str]) -> None:
    rows = csv.DictReader(io.StringIO(written(name, acme()).decode(), newline=""))
    assert sum(Decimal(row[amount]) for row in rows for amount in amounts) == mean(acme(), "effective")


def test_what_a_map_lacks_is_named_each_time() -> None:
    profile = ExportProfile(accounts={"6420": "a"}, cost_centers={"4200": "b"})
    with pytest.raises(ProfileIncomplete) as refused:
        FORMATS["csv-tall"].check(profile, codes(), contingency=False)
    assert [(one.pointer, one.detail) for one in refused.value.problems] == [
        ("/accounts", 'has no entry "" for the lines of the forecast without account'),
        ("/accounts", "has no entry for the account '6490', which the forecast uses"),
        ("/accounts", "has no entry for the account '6810', which the forecast uses"),
        ("/cost_centers", "has no entry for the cost centre '4100', which the forecast uses"),
    ]


@pytest.mark.parametrize("name", LEDGERS)
def test_a_ledger_takes_no_line_and_no_contingency_without_an_account(name: str) -> None:
    with pytest.raises(ProfileIncomplete) as refused:
        FORMATS[name].check(ExportProfile(), codes(), contingency=True)
    assert [one.pointer for one in refused.value.problems] == ["/accounts", "/contingency_account"]
    FORMATS[name].check(TOOL, codes(), contingency=True)
    FORMATS["csv-tall"].check(ExportProfile(), codes(), contingency=True)


def test_signs_dates_decimals_and_encodings_are_the_profile_s() -> None:
    profile = ExportProfile(
        sign="negative", date_format="DD.MM.YYYY", decimal_separator=",", delimiter=";", encoding="utf-8-bom"
    )
    content = written("csv-tall", by_hand(), profile=profile)
    assert content.startswith(b"\xef\xbb\xbfentity;account;")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert (rows[0]["period"], rows[0]["amount"]) == ("01.01.2027", "-3,00")
    assert sum(Decimal(row["amount"].replace(",", ".")) for row in rows) == -mean(by_hand(), "effective")
    wide = written("csv-wide", by_hand(), profile=ExportProfile(encoding="utf-16"))
    assert wide[:2] in {b"\xff\xfe", b"\xfe\xff"}
    assert wide.decode("utf-16") == written("csv-wide", by_hand()).decode()


def test_a_fiscal_year_is_named_by_the_year_it_ends_in() -> None:
    january, june = date(2027, 1, 1), date(2027, 6, 1)
    assert [fiscal_period(january, start) for start in (1, 2, 7)] == ["2027001", "2027012", "2027007"]
    assert [fiscal_period(june, start) for start in (1, 6, 7)] == ["2027006", "2028001", "2027012"]


def test_the_calendar_of_the_profile_wins_over_the_forecast_s() -> None:
    rows = csv.DictReader(
        io.StringIO(
            written("csv-tall", by_hand(), profile=ExportProfile(fiscal_year_start_month=1)).decode(), newline=""
        )
    )
    assert {row["fiscal_period"] for row in rows} == {"2027001", "2027002"}
