"""Plain documents as charts are drawn from, and what a finished definition holds."""

import copy
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import msgspec
import yaml

from forecasts.explain.preset_measurements import preset_measurements
from forecasts.explain.uplift import (
    MeasuredSpeedup,
    ServingCurve,
    ServingPoint,
    SpeedupCurve,
    UpliftExplanation,
)
from forecasts.speculation.measurement import Measurement
from forecasts.speculation.presets import find_preset
from service.charts.frame import frame
from service.charts.registry import draw
from service.charts.rendering import Spec, render
from service.forecasting.bridging import bridged, unstored_side
from service.forecasting.result import compute
from service.schemas.explained.break_even import BreakEvenCostOut, BreakEvenMonthOut, BreakEvenOut
from tests.forecasts.estates import a_fleet, a_plan, a_workload, headline, read, to_fleet

Json = dict[str, Any]

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
SVG = "{http://www.w3.org/2000/svg}"
SCRIPT = "<script>alert('x')</script>"


def plain(value: object) -> Any:
    """As it arrives in an answer."""
    return json.loads(msgspec.json.encode(value))


def forecast_document(plan: Mapping[str, Any]) -> Json:
    """A whole forecast, its lines included, as the API answers it."""
    computed = compute(msgspec.json.encode(plan), report=lambda _: None)
    lines = [
        {
            "month": f"{month:%Y-%m}",
            "workload": workload,
            "cost_center": cost_center,
            "route": route,
            "kind": kind,
            "billed": str(billed),
            "effective": str(effective),
        }
        for month, workload, cost_center, _, route, kind, _, _, _, _, billed, effective, _ in computed.lines
    ]
    document = {
        **msgspec.json.decode(computed.document),
        "as_of": str(plan["as_of"]),
        "currency": plan.get("currency", "USD"),
        "lines": lines,
    }
    months_by = {by: months_by_group(document, by) for by in ("workload", "provider", "kind", "cost_center")}
    return {**document, "months_by": months_by}


def months_by_group(document: Json, by: str, *, largest: int = 7) -> Json:
    """As `GET /v1/forecasts/{id}/months` answers, of routes that are fleets or models alone."""
    months = [month["month"] for month in document["monthly"]]
    sums: dict[str | None, Counter[tuple[str, str]]] = {}
    for line in document["lines"]:
        fleet_of, _, provider = line["route"].partition("/")[0].rpartition("fleet:")
        name = (None if line["route"].startswith("fleet:") else provider or fleet_of) if by == "provider" else line[by]
        for basis in ("billed", "effective"):
            sums.setdefault(name or None, Counter())[line["month"], basis] += Decimal(line[basis])

    def amounts(names: list[str | None]) -> Json:
        return {
            basis: [str(sum((sums[name][month, basis] for name in names), Decimal(0))) for month in months]
            for basis in ("billed", "effective")
        }

    def size(name: str | None) -> tuple[Decimal, str]:
        return -sum((sums[name][month, "effective"] for month in months), Decimal(0)), name or ""

    ranked = sorted(sums, key=size)
    rest = ranked[largest:]
    recorded = {line["month"] for line in document["lines"] if line["kind"] == "actual"}
    return {
        "by": by,
        "months": months,
        "actual": [month in recorded for month in months],
        "actual_until": max(recorded, default=None),
        "groups": [{"name": name, **amounts([name])} for name in ranked[:largest]],
        "others": {"count": len(rest), **amounts(rest)} if rest else None,
        "total": amounts(ranked),
    }


def article(**changes: Any) -> Json:
    plan = yaml.safe_load((EXAMPLES / "article.yaml").read_text(encoding="utf-8"))
    return forecast_document({**plan, "draws": 64, **changes})


def two_fleets(**changes: Any) -> Json:
    """A rented fleet with a decoder that overflows to an API, and an owned one bought within the horizon."""
    owned = {
        "kind": "owned",
        "purchase_price_per_node": "370000",
        "purchased": "2027-01-01",
        "in_service": "2027-01-01",
        "useful_life_months": 36,
        "power_kw_per_node": 10.2,
        "electricity_per_kwh": "0.11",
        "operations_per_month": "1500",
    }
    growth = {"low": 0, "mode": 0.02, "high": 0.1}
    fleets = [a_fleet("rented", decoder=headline(1.2, 1.4, 1.9)), a_fleet("owned", nodes=2, cost=owned)]
    workloads = [
        a_workload("chat", to=[to_fleet("rented")], requests_per_month=2.5e7, noise_fraction=0.2),
        a_workload("code", to=[to_fleet("owned")], requests_per_month=6e6, monthly_growth=growth),
        a_workload("mail"),
    ]
    return forecast_document(a_plan(*workloads, **{"fleets": fleets, "confidence": 0.8, **changes}))


def break_even(months: tuple[str, ...] = ("2027-01", "2027-02"), **names: str) -> Json:
    curve = tuple(
        BreakEvenCostOut(
            utilization_fraction=percent / 100,
            usd_per_mtok_fleet=f"{104 / percent:.4f}",
            usd_per_mtok_fleet_without_decoder=f"{174 / percent:.4f}",
            usd_per_mtok_api="3.9600",
        )
        for percent in (5, 25, 50, 100)
    )
    made = BreakEvenOut(
        workload=names.get("workload", "chat"),
        fleet=names.get("fleet", "rented"),
        compare_to="north/large",
        utilization_fraction=0.4,
        usd_per_mtok_fleet="2.6000",
        usd_per_mtok_api="3.9600",
        curve=curve,
        months=tuple(
            BreakEvenMonthOut(
                month=month,
                probability=0.25 + index / 10,
                probability_without_decoder=0.125,
                turning_tokens=3e9,
                turning_tokens_without_decoder=None,
            )
            for index, month in enumerate(months)
        ),
    )
    return dict(plain(made))


def uplift(fleet: str = "pool", *, concurrency: tuple[float, ...] = (1.0, 16.0, 64.0, 256.0)) -> Json:
    speeds = tuple(50 / (1 + one / 100) for one in concurrency)
    gains = tuple(2.0 - one / 300 for one in concurrency)
    faster = tuple(speed * gain for speed, gain in zip(speeds, gains, strict=True))

    def serving(of_user: tuple[float, ...]) -> ServingCurve:
        return ServingCurve(
            concurrency=concurrency,
            tokens_per_second_per_user=of_user,
            tokens_per_second_per_node=tuple(one * speed for one, speed in zip(concurrency, of_user, strict=True)),
        )

    def point(speed: float) -> ServingPoint:
        return ServingPoint(concurrency=64.0, tokens_per_second_per_user=speed, tokens_per_second_per_node=64 * speed)

    return dict(
        plain(
            asdict(
                UpliftExplanation(
                    fleet=fleet,
                    serves="some-model",
                    preset="mtp-3",
                    speedup_over="none",
                    basis="matched_speed",
                    speedup=1.52,
                    equal_concurrency_speedup=1.787,
                    required_tokens_per_second_per_user=30.0,
                    curve=SpeedupCurve(
                        concurrency=concurrency,
                        p10=tuple(gain * 0.7 for gain in gains),
                        p50=gains,
                        p90=tuple(gain * 1.3 for gain in gains),
                    ),
                    measured=(
                        MeasuredSpeedup(concurrency=32.0, speedup=1.6, source=SCRIPT, used=True),
                        MeasuredSpeedup(concurrency=8.0, speedup=2.1, source="a paper", used=False),
                    ),
                    without_decoder=serving(speeds),
                    with_decoder=serving(faster),
                    standing_without=point(30.5),
                    standing_with=point(54.5),
                )
            )
        )
    )


def price_row(rate: str, since: str, until: str | None = None, **changes: Any) -> Json:
    return {
        "meter": "output",
        "rate": rate,
        "per_tokens": 1_000_000,
        "effective_from": since,
        "effective_to": until,
        "recorded_at": since,
        "status": "list",
        "utc_window": None,
        "source": "price page",
        **changes,
    }


def price_history(**changes: Any) -> Json:
    months = [
        {"month": month, "mean": mean, "p10": p10, "p50": mean, "p90": "2.00"}
        for month, mean, p10 in (("2026-12", "2.00", "2.00"), ("2027-01", "1.80", "1.60"))
    ]
    return {
        "provider": "north",
        "model": "large",
        "currency": "USD",
        "as_of": "2026-11-23",
        "rows": [
            price_row("3.00", "2026-01-01T00:00:00Z"),
            price_row("2.00", "2026-06-01T00:00:00Z"),
            price_row("0.05", "2026-01-01T00:00:00Z", meter="cached_input"),
        ],
        "projections": [{"meter": "output", "outlook": "projected_cut", "months": months}],
        **changes,
    }


def backtest(**changes: Any) -> Json:
    def scores(pinball: float | None, coverage: float | None = None, median_error: float | None = None) -> Json:
        return {"pinball": pinball, "coverage": coverage, "median_error": median_error, "bias": None}

    cases = [
        {"case": "all", "rows": 10, "series": 4, "methods": {"hold": scores(0.064), "history": scores(0.065, 0.8)}},
        {"case": "tiers", "rows": 5, "series": 2, "methods": {"hold": scores(0.257), "history": scores(0.212, 0.75)}},
        {
            "case": "errors",
            "rows": 5,
            "series": 2,
            "methods": {"flat": scores(None, None, 0.237), "none": scores(None)},
        },
    ]
    return {"what": "prices", "data": "packaged price history", "cases": cases, **changes}


def comparison(workload: str = "chat", **changes: Any) -> Json:
    def ranked(name: str, cost: str, usd: str, day: str) -> Json:
        costs = dict.fromkeys(("usd_per_mtok_full_load", "usd_per_mtok_served"), cost)
        rate = {"usd_per_gpu_hour": usd, "provider": "seller", "date": day, "tier": "on-demand", "stands_in": False}
        return {"accelerator": name, **costs, **rate}

    def option(one: Json, **rate: Any) -> Json:
        return {**one, "usd_per_mtok_served": "0.30", "gpus": 8, "rate": {**one, **rate}}

    first = [ranked("b200", "0.15", "4.00", "2026-01-01"), ranked("mi355x", "0.16", "2.60", "2026-01-01")]
    second = [ranked("mi355x", "0.12", "2.00", "2026-06-01"), ranked("b200", "0.15", "4.00", "2026-01-01")]
    return {
        "workload": {"name": workload},
        "model": "some-model",
        "tier": "on-demand",
        "currency": "USD",
        "as_of": "2026-11-23",
        "options": [option(second[0], tier="spot", stands_in=True), option(second[1])],
        "without_evidence": [{"accelerator": "gb200", "reason": "no rate"}],
        "rankings": [
            {"from": "2026-01-01", "order": first, "order_changed": True},
            {"from": "2026-06-01", "order": second, "order_changed": True},
        ],
        **changes,
    }


def bridging(name: str = "chat", requests: float = 1.2e6, rate: str = "2.50", months: int = 3) -> Json:
    """From one plan to another in which a workload grew and its price moved."""
    horizon = {"first_month": "2027-01", "months": months}
    before = a_plan(a_workload(name), a_workload("mail"), horizon=horizon)
    prices = [{**price, "rate": rate} if price["meter"] == "output" else price for price in before["prices"]]
    after = a_plan(a_workload(name, requests_per_month=requests), a_workload("mail"), horizon=horizon, prices=prices)
    return dict(plain(bridged(unstored_side(read(before)), unstored_side(read(after)))))


def preset(name: str = "dspark-v4-flash", *own: Measurement) -> Json:
    return dict(plain(preset_measurements(find_preset(name), own)))


def own_point(**changes: Any) -> Measurement:
    """A point of somebody's own fleet with DSpark on V4-Flash."""
    point = Measurement(
        fleet="pool",
        method="dspark-v4-flash",
        concurrency=48.0,
        input_tokens=1000.0,
        output_tokens=500.0,
        num_speculative_tokens=5,
        speedup=1.45,
    )
    return replace(point, **changes)


def held_budget(**changes: Any) -> Json:
    """A budget of three months: the first is over, the second still runs, of the third nothing is forecast."""

    def month(name: str, budget: str, actual: str | None, forecast: str | None, estimate: str, of: str) -> Json:
        variance = Decimal(estimate) - Decimal(budget)
        return {
            "month": name,
            "original": budget,
            "budget": budget,
            "actual": actual,
            "forecast": forecast,
            "estimate": estimate,
            "estimate_from": of,
            "variance": str(variance),
            "variance_fraction": float(variance / Decimal(budget)),
            "comment": None,
        }

    return {
        "name": "fy27",
        "number": 2,
        "currency": "USD",
        "basis": "effective",
        "months": [
            month("2027-01", "100.00", "130.00", "101.00", "130.00", "actual"),
            month("2027-02", "100.00", "40.00", "95.00", "95.00", "forecast"),
            month("2027-03", "100.00", None, None, "100.00", "budget"),
        ],
        "total": {"budget": "300.00", "contingency": "20.00", "estimate": "325.00", "remaining": "-5.00"},
        **changes,
    }


def recorded_until(document: Json, count: int, as_of: str) -> Json:
    """The forecast with its first months recorded: certain, and marked in every grouping of its months."""
    changed: Json = copy.deepcopy(document)
    for month in changed["monthly"][:count]:
        for basis in ("billed", "effective"):
            month[basis] = dict.fromkeys(month[basis], month[basis]["mean"])
    for grouping in changed["months_by"].values():
        grouping["actual"] = [place < count for place in range(len(grouping["months"]))]
        grouping["actual_until"] = grouping["months"][count - 1]
    return {**changed, "as_of": as_of}


def every_document() -> dict[str, Json]:
    """A document with something to show for each kind of document."""
    return {
        "forecast": {**two_fleets(), "break_even": [break_even(), break_even(workload="code", fleet="owned")]},
        "uplift": uplift(),
        "price_history": price_history(),
        "backtest": backtest(),
        "fleet_comparison": comparison(),
        "bridge": bridging(),
        "decoder": preset("dspark-v4-flash", own_point()),
        "budget": held_budget(),
    }


def drawn(name: str, document: Mapping[str, Any], size: Any = "wide", theme: Any = "light") -> Spec:
    return draw(name, document, frame(size, theme))


def svg_of(spec: Spec) -> ET.Element:
    """The picture as a parsed document: what is not well-formed fails here."""
    return ET.fromstring(render(spec, "svg"))  # noqa: S314 - it is our own.


def rows_with(spec: Spec, *fields: str) -> list[Json]:
    """The rows of a definition that have all these fields, each once."""
    found: list[Json] = []
    for rows in spec["datasets"].values():
        found += [row for row in rows if set(fields) <= set(row) and row not in found]
    return found


def strings_under(value: Any, key: str) -> Iterator[str]:
    """Every text that stands under this key, at any depth."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == key and isinstance(inner, str):
                yield inner
            yield from strings_under(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from strings_under(inner, key)


def layers_of(panel: Mapping[str, Any]) -> Iterator[Json]:
    """Every layer with a mark, at any depth."""
    if "mark" in panel:
        yield dict(panel)
    for how in ("layer", "hconcat", "vconcat"):
        for part in panel.get(how, ()):
            yield from layers_of(part)
