"""What a fleet costs by month and kind, as billed (invoiced) and as effective (accrued)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal

import numpy as np

from forecasts.fleet.fleet import Fleet, Owned, Rented
from forecasts.timeline import FloatArray, Month, Timeline
from forecasts.units import MONTHS_PER_YEAR


@dataclass(frozen=True, kw_only=True)
class CostStream:
    """One kind of cost. Amounts in the plan's currency, shape `[months]`, or `[months, draws]` where they vary.

    `allocated` streams are shared out to workloads by the work they cause, the idle part standing alone.
    """

    kind: str
    unit: str
    quantity: FloatArray
    billed: FloatArray
    effective: FloatArray
    allocated: bool = True


def nodes_in_service(fleet: Fleet, timeline: Timeline) -> FloatArray:
    """Serving nodes by month, spares apart; an owned node serves from its in-service month on, shape `[months]`."""
    return fleet.nodes * _in_service(fleet, timeline)


def nodes_paid(fleet: Fleet, timeline: Timeline) -> FloatArray:
    """Serving nodes and spares by month, shape `[months]`."""
    return (fleet.nodes + fleet.spare_nodes) * _in_service(fleet, timeline)


def _in_service(fleet: Fleet, timeline: Timeline) -> FloatArray:
    """1 in months in which the fleet is in service, otherwise 0."""
    if isinstance(fleet.cost, Owned):
        return (timeline.indices >= Month.of(fleet.cost.in_service).index).astype(np.float64)
    return np.ones(timeline.months)


def cost_streams(fleet: Fleet, timeline: Timeline, exchange: FloatArray, utilization: FloatArray) -> list[CostStream]:
    """All streams of a fleet. `utilization` is of the serving nodes, shape `[months, draws]`."""
    cost = fleet.cost
    if isinstance(cost, Rented):
        streams = [_rental(fleet, cost, timeline, exchange)]
    else:
        streams = _ownership(fleet, cost, timeline, exchange, utilization)
    for one_off in fleet.one_offs:
        offset = timeline.offset_of(one_off.month)
        if 0 <= offset < timeline.months:
            quantity = np.zeros(timeline.months)
            quantity[offset] = 1.0
            amounts = quantity * float(one_off.amount) * exchange
            streams.append(
                CostStream(
                    kind="one_off", unit="Each", quantity=quantity, billed=amounts, effective=amounts, allocated=False
                )
            )
    return streams


def _rental(fleet: Fleet, cost: Rented, timeline: Timeline, exchange: FloatArray) -> CostStream:
    rate = np.zeros(timeline.months)
    for index, dated in enumerate(cost.rates):
        ends = cost.rates[index + 1].starts if index + 1 < len(cost.rates) else None
        rate += float(dated.rate) * timeline.share_of_months(_start(dated.starts), _start(ends))
    node_hours = (fleet.nodes + fleet.spare_nodes) * timeline.hours
    amounts = rate * node_hours * exchange
    return CostStream(kind="rental", unit="Node-Hours", quantity=node_hours, billed=amounts, effective=amounts)


def _ownership(
    fleet: Fleet, cost: Owned, timeline: Timeline, exchange: FloatArray, utilization: FloatArray
) -> list[CostStream]:
    nodes = float(fleet.nodes + fleet.spare_nodes)
    months_in_service = timeline.indices - Month.of(cost.in_service).index
    in_service = (months_in_service >= 0).astype(np.float64)
    streams = []

    bought = np.zeros(timeline.months)
    bought[timeline.indices == Month.of(cost.purchased).index] = nodes
    if bought.any():
        streams.append(
            CostStream(
                kind="purchase",
                unit="Nodes",
                quantity=bought,
                billed=bought * float(cost.purchase_price_per_node) * exchange,
                effective=np.zeros(timeline.months),
                allocated=False,
            )
        )

    depreciating = in_service * (months_in_service < cost.useful_life_months)
    # The cost of an asset is fixed in the plan's currency when it is bought: depreciation does not follow the rate.
    historic = exchange[np.clip(timeline.offset_of(Month.of(cost.purchased)), 0, timeline.months - 1)]
    per_month = nodes * float(straight_line_per_month(cost)) * historic
    streams.append(
        CostStream(
            kind="depreciation",
            unit="Node-Months",
            quantity=nodes * depreciating,
            billed=np.zeros(timeline.months),
            effective=per_month * depreciating,
        )
    )

    gpus = nodes * fleet.gpus_per_node
    for kind, unit, quantity, rate in (
        ("hosting", "Node-Months", nodes * in_service, cost.hosting_per_node_year / MONTHS_PER_YEAR),
        ("licence", "GPU-Months", gpus * in_service, cost.licence_per_gpu_year / MONTHS_PER_YEAR),
        ("operations", "Months", in_service, cost.operations_per_month),
    ):
        if rate:
            amounts = quantity * float(rate) * exchange
            streams.append(CostStream(kind=kind, unit=unit, quantity=quantity, billed=amounts, effective=amounts))

    if cost.power_kw_per_node and cost.electricity_per_kwh:
        hours = (timeline.hours * in_service)[:, None]
        idle = cost.idle_power_fraction
        busy_nodes = fleet.nodes * (idle + (1.0 - idle) * utilization) + fleet.spare_nodes * idle
        kwh = busy_nodes * (cost.power_kw_per_node * cost.pue * hours)
        amounts = kwh * (float(cost.electricity_per_kwh) * exchange[:, None])
        streams.append(CostStream(kind="power", unit="kWh", quantity=kwh, billed=amounts, effective=amounts))
    return streams


def straight_line_per_month(cost: Owned) -> Decimal:
    """Depreciation of one node in a month of its life: (cost - residual) / life."""
    return cost.purchase_price_per_node * (1 - cost.residual_fraction) / cost.useful_life_months


def _start(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), tzinfo=UTC)
