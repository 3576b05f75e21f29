"""Sources of exports: a small one written by hand, and those the kernel makes of plans; without a database."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import yaml

from forecasts.catalog.prices import load_price_rows
from service.exports.registry import FORMATS
from service.exports.source import Choices, ExportSource
from service.forecasting.result import compute
from service.schemas.pricing.price import PriceIn
from service.store.forecasts import ForecastRecord
from service.store.lines import BudgetLine, LineRecord

ROOT = Path(__file__).parents[3]
GOLDEN = Path(__file__).parent / "golden"
FORECAST_ID = UUID("019aa5e3-0000-7000-8000-000000000001")
FORMULA = '=HYPERLINK("http://x")'
_NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def _dist(mean: str) -> dict[str, str]:
    return {"mean": mean, "p10": mean, "p50": mean, "p90": mean}


def _budget(expected: str, contingency: str, amount: str) -> dict[str, Any]:
    return {
        "basis": "effective",
        "confidence": 0.8,
        "expected": expected,
        "contingency": contingency,
        "amount": amount,
    }


def _book(cost: str, accumulated: str, net: str) -> dict[str, str]:
    return {"cost": cost, "accumulated_depreciation": accumulated, "net_book_value": net}


def _asset(month: str, depreciation: str, **changes: Any) -> dict[str, Any]:
    nothing = _book("0.00", "0.00", "0.00")
    return {
        "asset": "node",
        "month": month,
        "nodes": 1.0,
        "additions": "0.00",
        "depreciation": depreciation,
        "disposals": nothing,
        "proceeds": "0.00",
        "gain": "0.00",
        **changes,
    }


_BOUGHT = _book("370.00", "10.33", "359.67")
_DOCUMENT: dict[str, Any] = {
    "total": {"effective": _dist("27.67"), "billed": _dist("372.00"), "budget": _budget("27.67", "1.50", "29.17")},
    "annual": [
        {"fiscal_year": 2027, "months": 1, "budget": _budget("13.33", "1.25", "14.58")},
        {"fiscal_year": 2028, "months": 1, "budget": _budget("14.34", "0.50", "14.84")},
    ],
    "monthly": [
        {"month": "2027-01", "billed": _dist("373.00"), "effective": _dist("13.33")},
        {"month": "2027-02", "billed": _dist("-1.00"), "effective": _dist("14.34")},
    ],
    "outlooks": [
        {"name": "projected_cut", "chosen": True, "total": _dist("27.67")},
        {"name": "hold", "chosen": False, "total": _dist("28.00")},
    ],
    "fleets": [
        {
            "name": "own",
            "decoder": {"preset": "none", "basis": None, "measured_with": "none"},
            "assets": [
                _asset("2027-01", "10.33", opening=_book("0.00", "0.00", "0.00"), additions="370.00", closing=_BOUGHT),
                _asset("2027-02", "10.34", opening=_BOUGHT, closing=_book("370.00", "20.67", "349.33")),
            ],
        }
    ],
    "warnings": [],
}


def by_hand() -> ExportSource:
    """Two fiscal years that begin in February: January is the last month of 2027 and February the first of 2028."""
    january, february = date(2027, 1, 1), date(2027, 2, 1)
    usage: tuple[Any, ...] = ("4100", "6420", "north/large", "usage", "output")
    fleet: tuple[Any, ...] = ("4200", "6810", "fleet:own", "depreciation", "used")
    lines = [
        _line(january, FORMULA, *usage, "1.500000", "1000000 Tokens", "2.0000000000", "3.00", "3.00"),
        _line(february, FORMULA, *usage, "2.000000", "1000000 Tokens", "2.0000000000", "4.00", "4.00"),
        _line(january, "chat, fast", *fleet, "1.000000", "Node-Months", "10.3333333333", "0.00", "10.33"),
        _line(february, "chat, fast", *fleet, "1.000000", "Node-Months", "10.3333333333", "0.00", "10.34"),
        _line(january, None, "4200", None, "fleet:own", "purchase", "purchase", "1", "Nodes", "370", "370.00", "0.00"),
        _line(february, None, "4200", "6490", "fleet:own", "disposal", "disposal", "1", "Nodes", "-5", "-5.00", "0.00"),
    ]
    return _source(lines, _DOCUMENT, fiscal_year_start_month=2)


@cache
def acme() -> ExportSource:
    """The example estate with the packaged prices."""
    plan = yaml.safe_load((ROOT / "examples/acme.yaml").read_text(encoding="utf-8"))
    rows = [msgspec.to_builtins(row) for row in load_price_rows()]
    plan["prices"] += [{key: value for key, value in row.items() if key in PriceIn.__struct_fields__} for row in rows]
    return computed({**plan, "draws": 64})


def computed(plan: Mapping[str, Any]) -> ExportSource:
    """What the kernel makes of a plan."""
    result = compute(msgspec.json.encode(plan), report=lambda _: None)
    lines = [BudgetLine(*line) for line in result.lines]
    amounts = {"basis": result.basis, "confidence": result.confidence, "budget_amount": result.amount}
    return _source(
        lines,
        msgspec.json.decode(result.document),
        fiscal_year_start_month=plan.get("fiscal_year_start_month", 1),
        currency=plan.get("currency", "USD"),
        **amounts,
        expected=result.expected,
        contingency=result.contingency,
    )


def written(name: str, source: ExportSource, **choices: Any) -> bytes:
    """The whole export of this name, in the basis of the budget unless told."""
    return b"".join(FORMATS[name].write(source, Choices(**{"bases": (source.basis,), **choices})))


def mean(source: ExportSource, basis: str) -> Decimal:
    """The total that the API answers."""
    return Decimal(source.document["total"][basis]["mean"])


def golden(file: str) -> bytes:
    return (GOLDEN / file).read_bytes()


def _line(month: date, *fields: Any) -> BudgetLine:
    workload, center, account, route, kind, meter, quantity, unit, price, billed, effective = fields
    numbers = {"quantity": quantity, "unit_price": price, "billed": billed, "effective": effective}
    return BudgetLine(
        month=month,
        workload=workload,
        cost_center=center,
        gl_account=account,
        route=route,
        kind=kind,
        meter=meter,
        unit=unit,
        currency="USD",
        **{name: Decimal(number) for name, number in numbers.items()},
    )


def _source(
    lines: Sequence[BudgetLine],
    document: Mapping[str, Any],
    *,
    fiscal_year_start_month: int,
    currency: str = "USD",
    **amounts: Any,
) -> ExportSource:
    records = [LineRecord(position, *line) for position, line in enumerate(lines)]

    def chunks() -> Iterator[Sequence[LineRecord]]:
        for start in range(0, len(records), 4):
            yield records[start : start + 4]

    months = [date.fromisoformat(f"{one['month']}-01") for one in document["monthly"]]
    defaults = {
        "basis": "effective",
        "confidence": Decimal("0.8"),
        "budget_amount": Decimal("29.17"),
        "expected": Decimal("27.67"),
        "contingency": Decimal("1.50"),
    }
    record = ForecastRecord(
        id=FORECAST_ID,
        status="succeeded",
        inputs_sha256="0" * 64,
        as_of=date(2026, 11, 23),
        seed=7,
        draws=64,
        model_version="1",
        currency=currency,
        horizon_first_month=months[0],
        horizon_months=len(months),
        requested_by="test",
        progress_fraction=1.0,
        queued_at=_NOW,
        started_at=_NOW,
        finished_at=_NOW,
        attempt=1,
        cancel_requested_at=None,
        problem=None,
        previous_forecast_id=None,
        **{**defaults, **amounts},
    )
    return ExportSource(
        forecast=record, document=document, fiscal_year_start_month=fiscal_year_start_month, chunks=chunks
    )
