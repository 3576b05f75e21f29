"""What a fleet costs by month and kind, as billed (invoiced) and as effective (accrued)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal

import numpy as np

from forecasts.fleet.fleet import Fleet, Owned, Rented
from forecasts.fleet.nodes import NodeUse
from forecasts.fleet.scaling.fixed import in_service
from forecasts.timeline import FloatArray, Month, Timeline
from forecasts.units import MONTHS_PER_YEAR


@dataclass(frozen=True, kw_only=True)
class CostStream:
    """One kind of cost. Amounts in the plan's currency, shape `[months, draws]`, or `[months, 1]` where certain.

    `allocated` streams are shared out to workloads by the work they cause, the idle part standing alone.
    """

    kind: str
    unit: str
    quantity: FloatArray
    billed: FloatArray
    effective: FloatArray
    allocated: bool = True


def cost_streams(
    fleet: Fleet, timeline: Timeline, exchange: FloatArray, nodes: NodeUse, utilization: FloatArray
) -> list[CostStream]:
    """All streams of a fleet. `exchange` has shape `[months]`, `utilization` is of the serving nodes' hours."""
    cost = fleet.cost
    rates = exchange[:, None]
    if isinstance(cost, Rented):
        streams = [_rental(cost, timeline, rates, nodes)]
    else:
        streams = _ownership(fleet, cost, timeline, rates, nodes, utilization)
    for one_off in fleet.one_offs:
        offset = timeline.offset_of(one_off.month)
        if 0 <= offset < timeline.months:
            quantity = np.zeros((timeline.months, 1))
            quantity[offset] = 1.0
            amounts = quantity * float(one_off.amount) * rates
            streams.append(
                CostStream(
                    kind="one_off", unit="Each", quantity=quantity, billed=amounts, effective=amounts, allocated=False
                )
            )
    return streams


def _rental(cost: Rented, timeline: Timeline, rates: FloatArray, nodes: NodeUse) -> CostStream:
    hourly = np.zeros(timeline.months)
    for index, dated in enumerate(cost.rates):
        ends = cost.rates[index + 1].starts if index + 1 < len(cost.rates) else None
        hourly += float(dated.rate) * timeline.share_of_months(_start(dated.starts), _start(ends))
    amounts = hourly[:, None] * nodes.paid_hours * rates
    return CostStream(kind="rental", unit="Node-Hours", quantity=nodes.paid_hours, billed=amounts, effective=amounts)


def _ownership(
    fleet: Fleet, cost: Owned, timeline: Timeline, rates: FloatArray, nodes: NodeUse, utilization: FloatArray
) -> list[CostStream]:
    owned = float(fleet.nodes + fleet.spare_nodes)
    months_in_service = (timeline.indices - Month.of(cost.in_service).index)[:, None]
    serves = in_service(fleet, timeline)
    nothing = np.zeros((timeline.months, 1))
    streams = []

    bought = nothing.copy()
    bought[timeline.indices == Month.of(cost.purchased).index] = owned
    if bought.any():
        streams.append(
            CostStream(
                kind="purchase",
                unit="Nodes",
                quantity=bought,
                billed=bought * float(cost.purchase_price_per_node) * rates,
                effective=nothing,
                allocated=False,
            )
        )

    depreciating = serves * (months_in_service < cost.useful_life_months)
    # The cost of an asset is fixed in the plan's currency when it is bought: depreciation does not follow the rate.
    historic = rates[np.clip(timeline.offset_of(Month.of(cost.purchased)), 0, timeline.months - 1), 0]
    per_month = owned * float(straight_line_per_month(cost)) * historic
    streams.append(
        CostStream(
            kind="depreciation",
            unit="Node-Months",
            quantity=owned * depreciating,
            billed=nothing,
            effective=per_month * depreciating,
        )
    )

    for kind, unit, quantity, rate in (
        ("hosting", "Node-Months", nodes.paid, cost.hosting_per_node_year / MONTHS_PER_YEAR),
        ("licence", "GPU-Months", nodes.paid * fleet.gpus_per_node, cost.licence_per_gpu_year / MONTHS_PER_YEAR),
        ("operations", "Months", serves, cost.operations_per_month),
    ):
        if rate:
            amounts = quantity * float(rate) * rates
            streams.append(CostStream(kind=kind, unit=unit, quantity=quantity, billed=amounts, effective=amounts))

    if cost.power_kw_per_node and cost.electricity_per_kwh:
        idle = cost.idle_power_fraction
        busy_hours = nodes.serving_hours * (idle + (1.0 - idle) * utilization) + nodes.spares * nodes.hours * idle
        kwh = busy_hours * (cost.power_kw_per_node * cost.pue)
        amounts = kwh * (float(cost.electricity_per_kwh) * rates)
        streams.append(CostStream(kind="power", unit="kWh", quantity=kwh, billed=amounts, effective=amounts))
    return streams


def straight_line_per_month(cost: Owned) -> Decimal:
    """Depreciation of one node in a month of its life: (cost - residual) / life."""
    return cost.purchase_price_per_node * (1 - cost.residual_fraction) / cost.useful_life_months


def _start(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), tzinfo=UTC)
