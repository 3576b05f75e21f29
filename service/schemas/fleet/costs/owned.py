"""Owned nodes on the wire: purchases, how they are written off, and what becomes of them."""

from decimal import Decimal
from typing import Annotated

import msgspec

from forecasts.errors import Findings
from forecasts.fleet.costs.terms import (
    Convention,
    DepreciationMethod,
    Disposal,
    Growth,
    Owned,
    Production,
    ProductionUnit,
    Tranche,
)
from forecasts.timeline import MAX_HORIZON_MONTHS
from forecasts.units import MONTHS_PER_YEAR
from service.schemas import meaning
from service.schemas.fleet.costs.running import RunningCostsIn
from service.schemas.fleet.scaling import MAX_NODES
from service.schemas.wire import Amount, Name, Wire

MAX_LIFE_MONTHS = 600
MIN_UNITS, MAX_UNITS = 1e-3, 1e24
# Where a purchase is described once for all nodes, these are the fields that tranches would have each.
_PURCHASE_FIELDS = ("purchase_price_per_node", "purchased", "in_service")


class DisposalIn(Wire, kw_only=True, frozen=True):
    on: str
    proceeds_per_node: Amount = Decimal(0)


class TrancheIn(Wire, kw_only=True, frozen=True):
    """Life and residual are the cost's own where a tranche does not say otherwise."""

    name: Name | None = None
    nodes: int
    purchase_price_per_node: Amount
    purchased: str
    in_service: str
    useful_life_months: int | None = None
    residual_fraction: Amount | None = None
    disposal: DisposalIn | None = None


class GrowthIn(Wire, kw_only=True, frozen=True):
    """Life and residual are the cost's own, and the lead time is the policy's, where growth does not say otherwise."""

    purchase_price_per_node: Amount
    lead_time_months: int | None = None
    useful_life_months: int | None = None
    residual_fraction: Amount | None = None


class ProductionIn(Wire, kw_only=True, frozen=True):
    """Units that one node produces: output tokens served, or hours in which it is busy."""

    unit: ProductionUnit
    total_per_node: float
    before_horizon_per_node: float | None = None

    def to_production(self, findings: Findings, at: str) -> Production:
        total = meaning.bounded(findings, f"{at}/total_per_node", self.total_per_node, MIN_UNITS, MAX_UNITS)
        if self.before_horizon_per_node is not None:
            meaning.bounded(findings, f"{at}/before_horizon_per_node", self.before_horizon_per_node, 0.0, MAX_UNITS)
        return Production(unit=self.unit, total_per_node=total, before_horizon_per_node=self.before_horizon_per_node)


class OwnedIn(RunningCostsIn, tag="owned", tag_field="kind", kw_only=True, frozen=True):
    """One purchase of all the fleet's nodes, or `tranches` of several."""

    purchase_price_per_node: Amount | None = None
    purchased: str | None = None
    in_service: str | None = None
    tranches: Annotated[list[TrancheIn], msgspec.Meta(min_length=1, max_length=240)] | None = None
    useful_life_months: int
    residual_fraction: Amount = Decimal(0)
    method: DepreciationMethod = "straight_line"
    convention: Convention = "full_month"
    declining_balance_factor: float | None = None
    production: ProductionIn | None = None
    disposal: DisposalIn | None = None
    growth: GrowthIn | None = None

    def to_cost(self, findings: Findings, at: str) -> Owned:
        self._check_method(findings, at)
        life = self._life(findings, f"{at}/useful_life_months", self.useful_life_months)
        residual = _residual(findings, f"{at}/residual_fraction", self.residual_fraction)
        factor = 2.0 if self.declining_balance_factor is None else self.declining_balance_factor
        return Owned(
            tranches=self._tranches(findings, at, life, residual),
            method=self.method,
            convention=self.convention,
            declining_balance_factor=meaning.bounded(findings, f"{at}/declining_balance_factor", factor, 1.0, 3.0),
            production=None if self.production is None else self.production.to_production(findings, f"{at}/production"),
            growth=self._growth(findings, f"{at}/growth", life, residual),
            running=self.to_running_costs(findings, at),
        )

    def _check_method(self, findings: Findings, at: str) -> None:
        by_use = self.method == "units_of_production"
        if by_use and self.production is None:
            findings.add(f"{at}/production", "is needed by the method 'units_of_production': a unit and total_per_node")
        if not by_use and self.production is not None:
            findings.add(f"{at}/production", "belongs to the method 'units_of_production' alone")
        if self.declining_balance_factor is not None and self.method != "declining_balance":
            findings.add(f"{at}/declining_balance_factor", "belongs to the method 'declining_balance' alone")

    def _life(self, findings: Findings, pointer: str, months: int) -> int:
        life = int(meaning.bounded(findings, pointer, months, 1, MAX_LIFE_MONTHS))
        if self.method == "sum_of_years_digits" and life % MONTHS_PER_YEAR:
            findings.add(pointer, f"must be whole years under the method 'sum_of_years_digits', not {life} months")
        return life

    def _tranches(self, findings: Findings, at: str, life: int, residual: Decimal) -> tuple[Tranche, ...]:
        if self.tranches is None:
            missing = [name for name in _PURCHASE_FIELDS if getattr(self, name) is None]
            for name in missing:
                findings.add(f"{at}/{name}", "is required where there are no tranches")
            if missing:
                return ()
        else:
            for name in (*_PURCHASE_FIELDS, "disposal"):
                if getattr(self, name) is not None:
                    findings.add(f"{at}/{name}", "must be left out beside tranches, which say it each for themselves")
        if self.tranches is None:
            return (self._tranche(findings, at, self, name="nodes", nodes=None, life=life, residual=residual),)
        tranches = []
        names: set[str] = set()
        for index, entry in enumerate(self.tranches):
            pointer = f"{at}/tranches/{index}"
            name = entry.name or f"tranche-{index + 1}"
            if name in names or (name == "growth" and self.growth is not None):
                findings.add(f"{pointer}/name", f"{name!r} is the name of another asset of the fleet")
            names.add(name)
            nodes = int(meaning.bounded(findings, f"{pointer}/nodes", entry.nodes, 1, MAX_NODES))
            own_life, own_residual = self._own(findings, pointer, entry, life, residual)
            tranches.append(
                self._tranche(findings, pointer, entry, name=name, nodes=nodes, life=own_life, residual=own_residual)
            )
        return tuple(tranches)

    def _own(
        self, findings: Findings, at: str, part: TrancheIn | GrowthIn, life: int, residual: Decimal
    ) -> tuple[int, Decimal]:
        if part.useful_life_months is not None:
            life = self._life(findings, f"{at}/useful_life_months", part.useful_life_months)
        if part.residual_fraction is not None:
            residual = _residual(findings, f"{at}/residual_fraction", part.residual_fraction)
        return life, residual

    def _tranche(
        self,
        findings: Findings,
        at: str,
        purchase: "TrancheIn | OwnedIn",
        *,
        name: str,
        nodes: int | None,
        life: int,
        residual: Decimal,
    ) -> Tranche:
        purchased = meaning.day(findings, f"{at}/purchased", purchase.purchased or "")
        in_service = meaning.day(findings, f"{at}/in_service", purchase.in_service or "")
        if in_service < purchased:
            findings.add(f"{at}/in_service", f"must not be before the purchase, {purchased}")
        disposal = None
        if purchase.disposal is not None:
            day = meaning.day(findings, f"{at}/disposal/on", purchase.disposal.on)
            if day < in_service:
                findings.add(f"{at}/disposal/on", f"must not be before the nodes are in service, {in_service}")
            proceeds = meaning.amount(findings, f"{at}/disposal/proceeds_per_node", purchase.disposal.proceeds_per_node)
            disposal = Disposal(day=day, proceeds_per_node=proceeds)
        return Tranche(
            name=name,
            nodes=nodes,
            purchase_price_per_node=meaning.amount(
                findings, f"{at}/purchase_price_per_node", purchase.purchase_price_per_node or Decimal(0)
            ),
            purchased=purchased,
            in_service=in_service,
            useful_life_months=life,
            residual_fraction=residual,
            disposal=disposal,
        )

    def _growth(self, findings: Findings, at: str, life: int, residual: Decimal) -> Growth | None:
        if self.growth is None:
            return None
        own_life, own_residual = self._own(findings, at, self.growth, life, residual)
        lead = self.growth.lead_time_months
        if lead is not None:
            lead = int(meaning.bounded(findings, f"{at}/lead_time_months", lead, 0, MAX_HORIZON_MONTHS))
        return Growth(
            purchase_price_per_node=meaning.amount(
                findings, f"{at}/purchase_price_per_node", self.growth.purchase_price_per_node
            ),
            lead_time_months=lead,
            useful_life_months=own_life,
            residual_fraction=own_residual,
        )


def _residual(findings: Findings, pointer: str, fraction: Decimal) -> Decimal:
    residual = meaning.amount(findings, pointer, fraction)
    if residual > 1:
        findings.add(pointer, f"must be at most 1, for a residual is no more than the cost, not {residual}")
        return Decimal(1)
    return residual
