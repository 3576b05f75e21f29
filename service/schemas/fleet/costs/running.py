"""What nodes cost beside their price, on the wire: fields that every kind of cost may declare."""

from decimal import Decimal

from forecasts.errors import Findings
from forecasts.fleet.costs.terms import RunningCosts
from service.schemas import meaning
from service.schemas.wire import Amount, Wire


class RunningCostsIn(Wire, kw_only=True, frozen=True):
    hosting_per_node_year: Amount = Decimal(0)
    licence_per_gpu_year: Amount = Decimal(0)
    power_kw_per_node: float = 0.0
    idle_power_fraction: float = 0.0
    pue: float = 1.0
    electricity_per_kwh: Amount = Decimal(0)
    operations_per_month: Amount = Decimal(0)

    def to_running_costs(self, findings: Findings, at: str) -> RunningCosts:
        for name in ("hosting_per_node_year", "licence_per_gpu_year", "electricity_per_kwh", "operations_per_month"):
            meaning.amount(findings, f"{at}/{name}", getattr(self, name))
        return RunningCosts(
            hosting_per_node_year=self.hosting_per_node_year,
            licence_per_gpu_year=self.licence_per_gpu_year,
            power_kw_per_node=meaning.bounded(
                findings, f"{at}/power_kw_per_node", self.power_kw_per_node, 0.0, 10_000.0
            ),
            idle_power_fraction=meaning.fraction(findings, f"{at}/idle_power_fraction", self.idle_power_fraction),
            pue=meaning.bounded(findings, f"{at}/pue", self.pue, 1.0, 5.0),
            electricity_per_kwh=self.electricity_per_kwh,
            operations_per_month=self.operations_per_month,
        )
