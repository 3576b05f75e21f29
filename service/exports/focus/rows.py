"""One row for each line: cash as BilledCost, accrual as EffectiveCost, and where the forecast of it came from."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

import msgspec

from forecasts.timeline import Month
from service.exports.cells import csv_pieces, text_cell
from service.exports.focus.charges import MTOK_UNIT, TOKENS_PER_MTOK, charge_of
from service.exports.focus.columns import VERSION_1_2, VERSION_1_4
from service.exports.source import Choices, ExportSource
from service.store.lines import LineRecord

_ACCOUNT = "Tokencast"
_NOTHING = Decimal("0.0")


def write_1_2(source: ExportSource, choices: Choices) -> Iterator[bytes]:
    return _written(source, choices, VERSION_1_2)


def write_1_4(source: ExportSource, choices: Choices) -> Iterator[bytes]:
    return _written(source, choices, VERSION_1_4)


def _written(source: ExportSource, choices: Choices, columns: Sequence[str]) -> Iterator[bytes]:
    chunks = ([[row.get(column, "") for column in columns] for row in rows] for rows in _rows(source, choices))
    return csv_pieces(columns, chunks)


def _rows(source: ExportSource, choices: Choices) -> Iterator[Iterable[Mapping[str, str]]]:
    shared = _shared(source, choices)
    months = {month: _month(source, month) for month in source.months}
    for chunk in source.chunks():
        yield [shared | months[line.month] | _line(line, choices) for line in chunk]
    if choices.contingency:
        yield [
            shared | months[month] | _contingency(amount, source, choices)
            for month, amount in source.contingency.items()
        ]


def _shared(source: ExportSource, choices: Choices) -> dict[str, str]:
    forecast = source.forecast
    account = text_cell(choices.profile.entity or _ACCOUNT)
    return {
        "BillingAccountId": account,
        "BillingAccountName": account,
        "BillingCurrency": source.currency,
        "PricingCategory": "Standard",
        "PricingCurrency": source.currency,
        "x_ForecastGeneratedAt": _instant(forecast.finished_at or forecast.queued_at),
        "x_ForecastId": str(forecast.id),
        "x_ForecastMethod": text_cell(f"tokencast/{forecast.model_version}"),
        "x_ForecastScenario": text_cell(choices.profile.scenario),
        "x_ForecastSource": "practitioner",
        "x_RecordType": "forecast",
    }


def _month(source: ExportSource, month: date) -> dict[str, str]:
    starts, ends = (_instant(one.starts) for one in (Month.of(month), Month.of(month).plus(1)))
    return {
        "BillingPeriodStart": starts,
        "BillingPeriodEnd": ends,
        "ChargePeriodStart": starts,
        "ChargePeriodEnd": ends,
        "x_ForecastHorizonMonth": str(source.months.index(month) + 1),
    }


def _line(line: LineRecord, choices: Choices) -> dict[str, str]:
    charge = charge_of(line)
    quantity, price = line.quantity or _NOTHING, line.unit_price
    if price is None:
        price = _NOTHING
    elif price < 0:
        # What is received is a negative quantity: a price must not be negative.
        quantity, price = -quantity, -price
    tokens = charge.unit == MTOK_UNIT
    # List and contracted cost are exact products: only what is invoiced and what accrues is rounded.
    cost, unit_price = _number(quantity * price), _number(price)
    sku = text_cell("/".join(part for part in (line.route, line.meter or line.kind) if part))
    return {
        "BilledCost": _number(line.billed),
        "EffectiveCost": _number(line.effective),
        "ChargeCategory": charge.category,
        "ChargeFrequency": charge.frequency,
        "ChargeDescription": text_cell(line.kind if line.meter in {None, line.kind} else f"{line.kind} {line.meter}"),
        "ConsumedQuantity": _number(quantity * (TOKENS_PER_MTOK if tokens else 1)) if charge.consumed else "",
        "ConsumedUnit": ("Tokens" if tokens else charge.unit) if charge.consumed else "",
        "ContractedCost": cost,
        "ListCost": cost,
        **dict.fromkeys(
            (
                "ContractedUnitPrice",
                "ListUnitPrice",
                "PricingCurrencyContractedUnitPrice",
                "PricingCurrencyListUnitPrice",
            ),
            unit_price,
        ),
        "PricingCurrencyEffectiveCost": _number(line.effective),
        "PricingQuantity": _number(quantity),
        "PricingUnit": charge.unit,
        **dict.fromkeys(
            ("InvoiceIssuerName", "ProviderName", "PublisherName", "HostProviderName", "ServiceProviderName"),
            text_cell(charge.provider),
        ),
        "ServiceCategory": charge.service_category,
        "ServiceName": text_cell(charge.service),
        "ServiceSubcategory": charge.service_subcategory,
        "SkuId": sku,
        "SkuMeter": text_cell(line.meter or line.kind),
        "SkuPriceDetails": _json({"x_ModelId": charge.model}) if charge.model else "",
        "SkuPriceId": text_cell(f"{sku}/{line.kind}"),
        "Tags": _json({"cost_center": choices.profile.cost_center(line.cost_center), "workload": line.workload or ""}),
        "x_GlAccount": text_cell(choices.profile.account(line.gl_account)),
        "x_Kind": line.kind,
        "x_LineId": str(line.position),
    }


def _contingency(amount: Decimal, source: ExportSource, choices: Choices) -> dict[str, str]:
    """An adjustment of the budget's own basis, with an account of its own: no line and no service bears it."""
    billed, effective = (_number(amount if source.basis == basis else _NOTHING) for basis in ("billed", "effective"))
    return {
        "BilledCost": billed,
        "EffectiveCost": effective,
        "ChargeCategory": "Adjustment",
        "ChargeFrequency": "One-Time",
        "ChargeDescription": "contingency",
        "ContractedCost": _number(amount),
        "ListCost": _number(amount),
        "PricingCategory": "",
        "PricingCurrencyEffectiveCost": effective,
        **dict.fromkeys(
            ("InvoiceIssuerName", "ProviderName", "PublisherName", "HostProviderName", "ServiceProviderName"),
            "Internal",
        ),
        "ServiceCategory": "Other",
        "ServiceName": "Contingency",
        "ServiceSubcategory": "Other (Other)",
        "Tags": _json({"cost_center": choices.profile.contingency_cost_center}),
        "x_GlAccount": text_cell(choices.profile.contingency_account),
        "x_Kind": "contingency",
    }


def _number(number: Decimal) -> str:
    """With a decimal point always: readers that guess a column's type would take whole numbers for integers."""
    whole, _, fraction = f"{number:f}".partition(".")
    return f"{whole}.{fraction.rstrip('0') or '0'}"


def _json(pairs: Mapping[str, str]) -> str:
    return msgspec.json.encode({key: value for key, value in pairs.items() if value}).decode()


def _instant(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
