"""Enters the cost of API usage into the lines and the running sums of a forecast."""

from forecasts.budgeting.lines import LineLedger, LineSeries
from forecasts.budgeting.tally import Tally
from forecasts.prices.price import UNITS_BY_METER
from forecasts.prices.usage import Metered, Usage
from forecasts.timeline import FloatArray
from forecasts.units import TOKENS_PER_MTOK
from forecasts.workload import ApiRoute, Workload

MTOK_UNIT = "1000000 Tokens"


def quantity_and_unit(metered: Metered) -> tuple[FloatArray, str]:
    """Millions of tokens, or whole requests, images and searches, with the pricing unit's name in FOCUS."""
    unit = UNITS_BY_METER[metered.meter]
    return (metered.units / TOKENS_PER_MTOK, MTOK_UNIT) if unit == "Tokens" else (metered.units, unit)


def record_usage(
    ledger: LineLedger,
    tally: Tally,
    by_outlook: dict[str, FloatArray],
    workload: Workload,
    route: ApiRoute,
    usage: Usage,
    *,
    kind: str,
) -> None:
    """`kind` is `usage`, or `overflow` for what a fleet could not serve. Billed as used: both bases are the same."""
    for meter in usage.meters:
        quantity, unit = quantity_and_unit(meter)
        ledger.add(
            LineSeries(
                workload=workload.name,
                cost_center=workload.cost_center,
                gl_account=workload.gl_account,
                provider=route.provider,
                route=str(route),
                kind=kind,
                meter=meter.meter,
                unit=unit,
                quantity=quantity,
                billed=meter.cost,
                effective=meter.cost,
            )
        )
    tally.add(
        (("workload", workload.name), ("provider", route.provider), ("cost_center", workload.cost_center)), usage.paths
    )
    tally.contracts.add(usage.contract_uses)
    for name, horizon in usage.horizon_by_outlook.items():
        by_outlook[name] += horizon
