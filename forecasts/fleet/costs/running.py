"""What nodes cost beside their price: hosting, licences, operations and power."""

from forecasts.fleet.costs.stream import CostStream
from forecasts.fleet.costs.terms import RunningCosts
from forecasts.fleet.nodes import NodeUse
from forecasts.timeline import FloatArray
from forecasts.units import MONTHS_PER_YEAR


def running_streams(
    costs: RunningCosts,
    gpus_per_node: int,
    rates: FloatArray,
    held: FloatArray,
    operating: FloatArray,
    nodes: NodeUse,
    utilization: FloatArray,
    used_fraction: FloatArray | None,
) -> list[CostStream]:
    """docs/model.md, Fleet cost. `held` are nodes in racks, run or not; `operating` is 1 while there are any.

    Only nodes that run draw power: a busy one in full, an idle one and a spare their idle share.
    """
    streams = []
    for kind, unit, quantity, rate in (
        ("hosting", "Node-Months", held, costs.hosting_per_node_year / MONTHS_PER_YEAR),
        ("licence", "GPU-Months", held * gpus_per_node, costs.licence_per_gpu_year / MONTHS_PER_YEAR),
        ("operations", "Months", operating, costs.operations_per_month),
    ):
        if rate:
            amounts = quantity * float(rate) * rates
            streams.append(
                CostStream(
                    kind=kind,
                    unit=unit,
                    quantity=quantity,
                    billed=amounts,
                    effective=amounts,
                    used_fraction=used_fraction,
                )
            )
    if costs.power_kw_per_node and costs.electricity_per_kwh:
        idle = costs.idle_power_fraction
        busy_hours = nodes.serving_hours * (idle + (1.0 - idle) * utilization) + nodes.spares * nodes.hours * idle
        kwh = busy_hours * (costs.power_kw_per_node * costs.pue)
        amounts = kwh * (float(costs.electricity_per_kwh) * rates)
        streams.append(CostStream(kind="power", unit="kWh", quantity=kwh, billed=amounts, effective=amounts))
    return streams
