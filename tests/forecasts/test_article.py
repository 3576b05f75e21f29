"""The article's numbers: one rented node of eight H100s at full load, with and without a headline speedup of 1.67."""

from datetime import date
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
import yaml
from inline_snapshot import snapshot

from tests.forecasts.estates import a_price, answer, document_bytes, headline

UNCERTAINTY_FREE: dict[str, Any] = {
    "name": "generation",
    "cost_center": "4100",
    "gl_account": "6420",
    "task": "code",
    "temperature": 0.3,
    "top_p": 1.0,
    "demand": {
        "base_month": "2027-01",
        "requests_per_month": 20_736_000,
        "input_tokens_per_request": 0,
        "cached_input_fraction": 0,
        "cache_write_fraction": 0,
        "output_tokens_per_request": {"mean": 500},
        "reasoning_fraction": 0,
        "monthly_growth": {"low": 0, "mode": 0, "high": 0},
        "noise_fraction": 0,
        "noise_autocorrelation": 0.6,
        "seasonality": None,
        "hourly_profile": "flat",
        "steps": [],
    },
    "routes": [{"from": None, "to": [{"fleet": "h100-pool", "share": 1.0}]}],
}


def the_article(*, calendar: str = "30/360", decoder: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "currency": "USD",
        "calendar": calendar,
        "fiscal_year_start_month": 1,
        "horizon": {"first_month": "2027-01", "months": 12},
        "as_of": "2026-11-23",
        "seed": 7,
        "draws": 4096,
        "confidence": 0.8,
        "budget_basis": "effective",
        "outlooks": [
            {
                "provider": "*",
                "outlook": "projected_cut",
                "window": ["2026-12-01", "2027-12-01"],
                "probability": 1.0,
                "size": {"low": 0.20, "mode": 0.25, "high": 0.40},
                "meters": ["output"],
            }
        ],
        "prices": [
            a_price(
                "deepseek/deepseek-v4-pro",
                rate="1.98",
                effective_from="2026-08-16T16:00:00Z",
                recorded_at="2026-08-16T16:00:00Z",
                utc_window="off_peak",
            )
        ],
        "fleets": [
            {
                "name": "h100-pool",
                "cost_center": "4200",
                "gl_accounts": {"depreciation": "6810", "rental": "6420", "power": "6430", "other": "6490"},
                "accelerator": "h100-sxm-80gb",
                "gpus_per_node": 8,
                "nodes": 1,
                "serves": "deepseek-v4-pro",
                "throughput": {"output_tokens_per_second": 4000, "concurrency_per_node": 256, "measured_with": "none"},
                "scaling": {"policy": "fixed"},
                "cost": {"kind": "rented", "rate_per_node_hour": "25.00"},
                "decoder": decoder or headline(1.67, over="none", since="2027-01-01"),
            }
        ],
        "workloads": [UNCERTAINTY_FREE],
    }


def collapsed(forecast: dict[str, Any]) -> dict[str, Any]:
    """The document with months that say the same written once, as `first..last`."""

    def runs(months: list[dict[str, Any]]) -> dict[str, Any]:
        grouped = [
            ([month["month"] for month in run], content)
            for content, run in (
                (content, list(run))
                for content, run in groupby(months, key=lambda month: {k: v for k, v in month.items() if k != "month"})
            )
        ]
        return {f"{names[0]}..{names[-1]}": content for names, content in grouped}

    fleets = [fleet | {"months": runs(fleet["months"])} for fleet in forecast["fleets"]]
    return forecast | {"monthly": runs(forecast["monthly"]), "fleets": fleets}


def test_the_whole_forecast_of_the_article() -> None:
    """Checked by hand, in the order in which they appear.

    A month is 720 h x 25.00 = 18,000.00. The node is busy for 1/1.67 of it (0.598802), so the workload causes
    216,000 / 1.67 = 129,341.32 of the year and 86,658.68 are idle. Served: 20,736,000 x 500 = 10,368 million tokens a
    month; full: 4,000 x 1.67 x 3600 x 720 = 17,314.56 million, 6,946.56 million more. 18,000 over 10,368 is 1.7361 per
    million, over 17,314.56 it is 1.0396. The decoder's 83,358.72 million tokens of headroom in a year would cost
    86,658.68 at full load. A model of 1.6 million million parameters at half a byte does not fit 8 x 80 GB.
    """
    forecast = collapsed(answer(the_article()))
    outlooks = forecast.pop("outlooks")
    assert [(one["name"], one["chosen"]) for one in outlooks] == [
        ("projected_cut", True),
        ("hold", False),
        ("history", False),
    ]
    # The article's fleet pays no provider, so that no outlook changes anything.
    assert all(one["total"] == forecast["total"]["effective"] for one in outlooks)
    assert forecast == snapshot(
        {
            "total": {
                "billed": {"mean": "216000.00", "p10": "216000.00", "p50": "216000.00", "p90": "216000.00"},
                "effective": {"mean": "216000.00", "p10": "216000.00", "p50": "216000.00", "p90": "216000.00"},
                "budget": {
                    "basis": "effective",
                    "confidence": 0.8,
                    "amount": "216000.00",
                    "expected": "216000.00",
                    "contingency": "0.00",
                },
            },
            "annual": [
                {
                    "billed": {"mean": "216000.00", "p10": "216000.00", "p50": "216000.00", "p90": "216000.00"},
                    "effective": {"mean": "216000.00", "p10": "216000.00", "p50": "216000.00", "p90": "216000.00"},
                    "budget": {
                        "basis": "effective",
                        "confidence": 0.8,
                        "amount": "216000.00",
                        "expected": "216000.00",
                        "contingency": "0.00",
                    },
                    "fiscal_year": 2027,
                    "months": 12,
                }
            ],
            "monthly": {
                "2027-01..2027-12": {
                    "billed": {"mean": "18000.00", "p10": "18000.00", "p50": "18000.00", "p90": "18000.00"},
                    "effective": {"mean": "18000.00", "p10": "18000.00", "p50": "18000.00", "p90": "18000.00"},
                }
            },
            "workloads": [
                {
                    "name": "generation",
                    "effective": {"mean": "129341.32", "p10": "129341.32", "p50": "129341.32", "p90": "129341.32"},
                    "billed": {"mean": "129341.32", "p10": "129341.32", "p50": "129341.32", "p90": "129341.32"},
                    "waiting": None,
                }
            ],
            "providers": [],
            "cost_centers": [
                {
                    "name": "4100",
                    "effective": {"mean": "129341.32", "p10": "129341.32", "p50": "129341.32", "p90": "129341.32"},
                    "billed": {"mean": "129341.32", "p10": "129341.32", "p50": "129341.32", "p90": "129341.32"},
                },
                {
                    "name": "4200",
                    "effective": {"mean": "86658.68", "p10": "86658.68", "p50": "86658.68", "p90": "86658.68"},
                    "billed": {"mean": "86658.68", "p10": "86658.68", "p50": "86658.68", "p90": "86658.68"},
                },
            ],
            "fleets": [
                {
                    "name": "h100-pool",
                    "effective": {"mean": "216000.00", "p10": "216000.00", "p50": "216000.00", "p90": "216000.00"},
                    "billed": {"mean": "216000.00", "p10": "216000.00", "p50": "216000.00", "p90": "216000.00"},
                    "months": {
                        "2027-01..2027-12": {
                            "hours": 720.0,
                            "nodes": {"mean": 1.0, "p10": 1.0, "p50": 1.0, "p90": 1.0},
                            "node_hours": {"mean": 720.0, "p10": 720.0, "p50": 720.0, "p90": 720.0},
                            "utilization_fraction": 0.598802,
                            "speedup": {"mean": 1.67, "p10": 1.67, "p50": 1.67, "p90": 1.67},
                            "speedup_basis": "headline",
                            "usd_per_mtok_served": "1.7361",
                            "usd_per_mtok_full_load": "1.0396",
                            "usd_per_mtok_full_load_without_decoder": "1.7361",
                            "tokens_served": 10368000000,
                            "headroom_tokens": 6946560000,
                            "overflow_tokens": 0,
                            "unserved_tokens": 0,
                            "billed": "18000.00",
                            "effective": "18000.00",
                        }
                    },
                    "decoder": {
                        "preset": "headline",
                        "measured_with": "none",
                        "speedup_over": "none",
                        "basis": "headline",
                        "gains": {"headline": {"mean": 1.67, "p10": 1.67, "p50": 1.67, "p90": 1.67}},
                        "saving": {"mean": "0.00", "p10": "0.00", "p50": "0.00", "p90": "0.00"},
                        "probability_of_saving": 0.0,
                        "reasons": ["no_node_removed"],
                        "payback": None,
                        "measurements_used": [],
                    },
                    "assets": [],
                }
            ],
            "verdicts": [
                {
                    "fleet": "h100-pool",
                    "workload": "generation",
                    "verdict": "does_not_pay",
                    "probability_of_saving": 0.0,
                    "saving": {"mean": "0.00", "p10": "0.00", "p50": "0.00", "p90": "0.00"},
                    "speedup": {"mean": 1.67, "p10": 1.67, "p50": 1.67, "p90": 1.67},
                    "reasons": [{"code": "no_node_removed", "money": "86658.68", "tokens": 83358720000}],
                }
            ],
            "break_even": [],
            "sensitivity": [],
            "bridge": None,
            "warnings": [
                {
                    "type": "model_does_not_fit",
                    "pointer": "/fleets/0/serves",
                    "detail": (
                        "deepseek-v4-pro has weights of about 800 GB; a node of 8 x 80 GB h100-sxm-80gb has 640 GB, "
                        "so the stated throughput needs checking"
                    ),
                }
            ],
        }
    )


def test_every_month_costs_eighteen_thousand_and_the_year_twelve_times_that() -> None:
    forecast = answer(the_article())
    assert [month["effective"]["mean"] for month in forecast["monthly"]] == ["18000.00"] * 12
    assert forecast["total"]["effective"]["mean"] == f"{Decimal(25) * 720 * 12:.2f}" == "216000.00"


def test_a_real_year_has_more_hours() -> None:
    assert answer(the_article(calendar="actual"))["total"]["effective"]["mean"] == f"{25 * 8760:.2f}" == "219000.00"


def test_a_million_tokens_cost_less_at_full_load_with_the_decoder() -> None:
    month = answer(the_article())["fleets"][0]["months"][0]
    per_second = Decimal(4000)
    without = Decimal(25) * 1_000_000 / (3600 * per_second)
    assert month["usd_per_mtok_full_load_without_decoder"] == f"{without:.4f}" == "1.7361"
    assert month["usd_per_mtok_full_load"] == f"{without / Decimal('1.67'):.4f}" == "1.0396"
    assert round(month["utilization_fraction"], 3) == 0.599


def test_the_tokens_of_a_full_month_are_those_of_the_article() -> None:
    month = answer(the_article())["fleets"][0]["months"][0]
    assert month["tokens_served"] == 10.368e9
    assert month["tokens_served"] + month["headroom_tokens"] == pytest.approx(17.315e9, abs=0.0005e9)


@pytest.mark.parametrize(("speedup", "cut"), [(1.60, 0.375), (1.67, 0.4012), (1.85, 0.4595)])
def test_the_cut_of_the_unit_cost_is_one_less_the_inverse_of_the_speedup(speedup: float, cut: float) -> None:
    month = answer(the_article(decoder=headline(speedup)))["fleets"][0]["months"][0]
    with_decoder, without = (float(month[f"usd_per_mtok_full_load{suffix}"]) for suffix in ("", "_without_decoder"))
    # Unit costs are given to four decimals: half of the last one on each side is 0.00006 of the cut.
    assert 1 - with_decoder / without == pytest.approx(cut, abs=0.0001)


def test_a_decoder_that_removes_no_node_saves_nothing() -> None:
    forecast = answer(the_article())
    decoder = forecast["fleets"][0]["decoder"]
    assert decoder["saving"] == dict.fromkeys(("mean", "p10", "p50", "p90"), "0.00")
    assert decoder["probability_of_saving"] == 0
    assert decoder["reasons"] == ["no_node_removed"]
    assert [(one["fleet"], one["workload"], one["verdict"]) for one in forecast["verdicts"]] == [
        ("h100-pool", "generation", "does_not_pay")
    ]


def test_the_model_that_does_not_fit_is_warned_of() -> None:
    warnings = answer(the_article())["warnings"]
    assert [(warning["type"], warning["pointer"]) for warning in warnings] == [
        ("model_does_not_fit", "/fleets/0/serves")
    ]


def as_written(node: Any) -> Any:
    """YAML's dates as the text that stands in the file."""
    if isinstance(node, dict):
        return {key: as_written(value) for key, value in node.items()}
    if isinstance(node, list):
        return [as_written(value) for value in node]
    return node.isoformat() if isinstance(node, date) else node


def test_the_example_in_the_repository_is_this_plan() -> None:
    example = Path(__file__).resolve().parents[2] / "examples" / "article.yaml"
    document = as_written(yaml.safe_load(example.read_text(encoding="utf-8")))
    assert document_bytes(document) == document_bytes(the_article())
