"""What the sections of a forecast's page are worked out to."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from service.exports.profile import ExportProfile
from service.exports.registry import FORMATS
from service.store.lines import Codes
from service.web.views.forecast.break_even import break_even_rows
from service.web.views.forecast.decoders import MOST_VERDICTS, decoder_findings
from service.web.views.forecast.drivers import MOST_DRIVERS, driver_rows
from service.web.views.forecast.exports import NAMES, File, files_of
from service.web.views.forecast.fleet_plan import fleet_rows


def _fleet(name: str, effective: str, *months: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "effective": {"mean": effective},
        "months": list(months),
        "assets": [],
        "decoder": {"preset": "none"},
    }


def _month(month: str, *, nodes: float, used: float, served: float, hours: float = 1.0) -> dict[str, Any]:
    return {
        "month": month,
        "nodes": {"mean": nodes, "p90": nodes + 1},
        "node_hours": {"mean": hours},
        "utilization_fraction": used,
        "tokens_served": served,
        "headroom_tokens": 1.0,
        "overflow_tokens": 2.0,
        "unserved_tokens": 0.0,
    }


def test_a_fleet_over_the_horizon_is_weighed_by_the_hours_that_are_paid_for() -> None:
    fleet = _fleet(
        "a",
        "30.00",
        _month("2027-01", nodes=1, used=0.2, served=4e6, hours=1),
        _month("2027-02", nodes=3, used=0.6, served=6e6, hours=3),
    )
    [row] = fleet_rows({"fleets": [fleet]})
    assert row.utilization_fraction == pytest.approx(0.5)
    assert (row.nodes, row.most_nodes, row.busiest) == ((1, 3), 4, "2027-02")
    # 30.00 for ten million tokens.
    assert row.unit_cost == Decimal(3)


def test_the_costliest_fleet_comes_first_and_an_idle_one_has_no_unit_cost() -> None:
    idle = _fleet("idle", "9", _month("2027-01", nodes=0, used=0, served=0, hours=0))
    rows = fleet_rows({"fleets": [idle, _fleet("busy", "10", _month("2027-01", nodes=1, used=1, served=1))]})
    assert [row.name for row in rows] == ["busy", "idle"]
    assert (rows[1].unit_cost, rows[1].utilization_fraction) == (None, 0.0)


def _break_even(probabilities: list[float], turning: float | None) -> dict[str, Any]:
    months = [
        {
            "month": f"2027-{place:02d}",
            "probability": one,
            "probability_without_decoder": None,
            "turning_tokens": turning,
            "turning_tokens_without_decoder": None,
        }
        for place, one in enumerate(probabilities, 1)
    ]
    return {
        "workload": "chat",
        "fleet": "a",
        "compare_to": "acme/one",
        "utilization_fraction": 0.5,
        "usd_per_mtok_fleet": "1.0000",
        "usd_per_mtok_api": "2.0000",
        "months": months,
        "curve": [],
    }


@pytest.mark.parametrize(
    ("probabilities", "turning", "turns_in", "said"),
    [
        ([0.9, 0.8], 5.0, "2027-01", "cheaper in every month"),
        ([0.1, 0.8], 5.0, "2027-02", "cheaper in 1 of 2 months"),
        ([0.5, 0.1], 5.0, None, "the API is likely cheaper in every month"),
        ([0.0, 0.0], None, None, "the API is cheaper at any volume"),
    ],
)
def test_break_even_says_who_wins_and_from_when(
    probabilities: list[float], turning: float | None, turns_in: str | None, said: str
) -> None:
    [row] = break_even_rows({"break_even": [_break_even(probabilities, turning)]})
    assert row.turns_in == turns_in
    assert said in row.verdict
    assert row.probability == pytest.approx(sum(probabilities) / 2)


def test_a_comparison_without_a_month_is_left_out() -> None:
    assert break_even_rows({"break_even": [_break_even([], None)]}) == []


def test_drivers_keep_their_order_and_the_smallest_are_left_out() -> None:
    drivers = [
        {"kind": "growth", "name": f"w{place}", "p10": "5", "p90": "3", "share_of_variance": 0.1} for place in range(30)
    ]
    rows = driver_rows({"sensitivity": drivers})
    assert len(rows) == MOST_DRIVERS
    assert (rows[0].words, rows[0].swing) == ("growth of w0", Decimal(2))


def _verdict(workload: str, saving: str) -> dict[str, Any]:
    return {
        "fleet": "a",
        "workload": workload,
        "verdict": "pays",
        "probability_of_saving": 1.0,
        "saving": {"mean": saving, "p10": "1.00"},
        "reasons": [],
    }


def test_the_largest_decoder_savings_are_told_and_the_rest_counted() -> None:
    verdicts = [_verdict(f"w{place}", f"{place}.00") for place in range(MOST_VERDICTS + 5)]
    payback = {"cost": "100.00", "p50_month": None, "probability_within_horizon": 0.2}
    fleets = [{"name": "a", "decoder": {"payback": payback}}, {"name": "b", "decoder": {"payback": None}}]
    found = decoder_findings({"verdicts": verdicts, "fleets": fleets}, "USD")
    assert found.left_out == 5
    assert f"w{MOST_VERDICTS + 4}:" in found.told[0].sentence
    assert [one.verdict for one in found.told].count(None) == 1
    assert "Training the draft module of a" in found.told[-1].sentence


BOOKED = Codes(gl_account="6420", cost_center=None, kind="usage")
WORN = Codes(gl_account="6420", cost_center=None, kind="depreciation")


def _of(name: str, profiles: dict[str, ExportProfile], *codes: Codes) -> File:
    [file] = [one for one in files_of("/export", FORMATS, profiles, codes) if one.name == NAMES[name]]
    return file


def test_a_file_that_needs_a_profile_has_no_address_without_one_that_says_all_it_needs() -> None:
    short = ExportProfile(accumulated_depreciation_account="1890")
    whole = replace(short, ledger_id="300")
    file = _of("oracle-journal", {"short": short, "whole": whole}, WORN)
    assert file.address is None
    assert file.needs == ("accumulated depreciation account", "ledger id")
    assert file.profiled == {"whole": "/export?format=oracle-journal&profile=whole"}
    assert file.lacking == {"short": ("ledger id",)}
    assert _of("oracle-journal", {}, BOOKED).address == "/export?format=oracle-journal"


def test_lines_without_an_account_leave_only_files_that_need_none() -> None:
    bare = BOOKED._replace(gl_account=None)
    assert _of("netsuite-budget", {}, BOOKED, bare).needs == ("accounts",)
    assert _of("netsuite-budget", {}, BOOKED).needs == ()
    assert _of("csv-tall", {}, BOOKED, bare).address == "/export?format=csv-tall"


def test_every_export_has_a_name_and_an_address_with_each_profile_it_takes() -> None:
    files = files_of("/v1/forecasts/1/export", FORMATS, {"net suite": ExportProfile()}, [BOOKED])
    assert set(NAMES) == set(FORMATS)
    for file, (name, one) in zip(files, FORMATS.items(), strict=True):
        assert file.address == f"/v1/forecasts/1/export?format={name}"
        expected = {"net suite": f"{file.address}&profile=net+suite"} if "profile" in one.takes else {}
        assert file.profiled == expected
