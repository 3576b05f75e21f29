"""The result of a forecast on the wire, without its lines: what `GET /v1/forecasts/{id}` answers once it succeeded."""

import math
from typing import Any

import msgspec

from forecasts.budgeting.budget import Budget, BudgetAmount, FleetBudget, GroupCost, Period
from forecasts.explain.sensitivity.sensitivity import Sensitivity
from forecasts.money import format_minor
from service.schemas.explained.asset_register import AssetMonthOut, asset_months
from service.schemas.explained.break_even import BreakEvenOut, break_even_out
from service.schemas.explained.decoder_effect import DecoderOut, VerdictOut, WaitingOut
from service.schemas.explained.outlook_score import OutlookBacktestOut, outlook_backtest
from service.schemas.explained.sensitivity import DriverOut, drivers_out
from service.schemas.figures import Figure, Money, figure_of, money_of


class BudgetOut(msgspec.Struct, kw_only=True, frozen=True):
    basis: str
    confidence: float
    amount: str
    expected: str
    contingency: str


class TotalOut(msgspec.Struct, kw_only=True, frozen=True):
    billed: Money
    effective: Money
    budget: BudgetOut


class FiscalYearOut(TotalOut, kw_only=True, frozen=True):
    fiscal_year: int
    months: int


class MonthOut(msgspec.Struct, kw_only=True, frozen=True):
    month: str
    billed: Money
    effective: Money


class GroupOut(msgspec.Struct, kw_only=True, frozen=True):
    name: str
    effective: Money
    billed: Money


class WorkloadCostOut(GroupOut, kw_only=True, frozen=True):
    waiting: WaitingOut | None = None


class FleetMonthOut(msgspec.Struct, kw_only=True, frozen=True):
    month: str
    hours: float
    nodes: Figure
    node_hours: Figure
    utilization_fraction: float
    speedup: Figure
    speedup_basis: str | None
    usd_per_mtok_served: str | None
    usd_per_mtok_full_load: str | None
    usd_per_mtok_full_load_without_decoder: str | None
    tokens_served: float
    headroom_tokens: float
    overflow_tokens: float
    unserved_tokens: float
    billed: str
    effective: str


class FleetOut(msgspec.Struct, kw_only=True, frozen=True):
    name: str
    effective: Money
    billed: Money
    months: tuple[FleetMonthOut, ...]
    decoder: DecoderOut
    assets: tuple[AssetMonthOut, ...] = ()


class OutlookOut(msgspec.Struct, kw_only=True, frozen=True):
    name: str
    chosen: bool
    total: Money
    backtest: OutlookBacktestOut | None


class WarningOut(msgspec.Struct, kw_only=True, frozen=True):
    type: str
    pointer: str
    detail: str


class ForecastDocument(msgspec.Struct, kw_only=True, frozen=True):
    total: TotalOut
    annual: tuple[FiscalYearOut, ...]
    monthly: tuple[MonthOut, ...]
    workloads: tuple[WorkloadCostOut, ...]
    providers: tuple[GroupOut, ...]
    cost_centers: tuple[GroupOut, ...]
    fleets: tuple[FleetOut, ...]
    verdicts: tuple[VerdictOut, ...]
    outlooks: tuple[OutlookOut, ...]
    break_even: tuple[BreakEvenOut, ...] = ()
    sensitivity: tuple[DriverOut, ...] = ()
    bridge: dict[str, Any] | None = None
    warnings: tuple[WarningOut, ...] = ()

    @classmethod
    def of(cls, budget: Budget, moved_by: Sensitivity | None = None) -> "ForecastDocument":
        digits = budget.digits
        months = [str(month) for month in budget.timeline.labels]
        total = _period(budget.total, digits)
        waiting = {saved.workload: WaitingOut.of(saved, digits) for saved in budget.waiting}
        return cls(
            total=TotalOut(**total),
            annual=tuple(
                FiscalYearOut(fiscal_year=year.year, months=year.months, **_period(year.period, digits))
                for year in budget.fiscal_years
            ),
            monthly=tuple(
                MonthOut(month=month, billed=money_of(cost.billed, digits), effective=money_of(cost.effective, digits))
                for month, cost in zip(months, budget.months, strict=True)
            ),
            workloads=tuple(
                WorkloadCostOut(**_group(group, digits), waiting=waiting.get(group.name)) for group in budget.workloads
            ),
            providers=tuple(GroupOut(**_group(group, digits)) for group in budget.providers),
            cost_centers=tuple(GroupOut(**_group(group, digits)) for group in budget.cost_centers),
            fleets=tuple(_fleet(fleet, budget, months) for fleet in budget.fleets),
            verdicts=tuple(VerdictOut.of(verdict, digits) for verdict in budget.verdicts),
            outlooks=tuple(
                OutlookOut(
                    name=outlook.name,
                    chosen=outlook.chosen,
                    total=money_of(outlook.effective, digits),
                    backtest=outlook_backtest(outlook.name),
                )
                for outlook in budget.outlooks
            ),
            break_even=tuple(break_even_out(one) for one in budget.break_evens),
            sensitivity=() if moved_by is None else drivers_out(moved_by, digits),
            warnings=tuple(
                WarningOut(type=caution.type, pointer=caution.pointer, detail=caution.detail)
                for caution in budget.warnings
            ),
        )


def _fleet(fleet: FleetBudget, budget: Budget, months: list[str]) -> FleetOut:
    digits = budget.digits
    own = [index for index, series in enumerate(budget.lines.series) if series.fleet == fleet.name]
    billed = budget.lines.billed[own].sum(axis=0).tolist()
    effective = budget.lines.effective[own].sum(axis=0).tolist()
    cost = next(group for group in budget.fleet_costs if group.name == fleet.name)
    hours = budget.timeline.hours.tolist()
    return FleetOut(
        name=fleet.name,
        effective=money_of(cost.effective, digits),
        billed=money_of(cost.billed, digits),
        months=tuple(
            FleetMonthOut(
                month=month,
                hours=hours[index],
                nodes=figure_of(fleet.nodes[index]),
                node_hours=figure_of(fleet.node_hours[index]),
                utilization_fraction=round(float(fleet.utilization_fraction[index]), 6),
                speedup=figure_of(fleet.speedup[index]),
                speedup_basis=fleet.speedup_basis,
                usd_per_mtok_served=_unit_cost(float(fleet.usd_per_mtok_served[index])),
                usd_per_mtok_full_load=_unit_cost(float(fleet.usd_per_mtok_full_load[index])),
                usd_per_mtok_full_load_without_decoder=_unit_cost(
                    float(fleet.usd_per_mtok_full_load_without_decoder[index])
                ),
                tokens_served=round(float(fleet.tokens_served[index])),
                headroom_tokens=round(float(fleet.headroom_tokens[index])),
                overflow_tokens=round(float(fleet.overflow_tokens[index])),
                unserved_tokens=round(float(fleet.unserved_tokens[index])),
                billed=format_minor(billed[index], digits),
                effective=format_minor(effective[index], digits),
            )
            for index, month in enumerate(months)
        ),
        decoder=DecoderOut.of(fleet.decoder, digits),
        assets=tuple(row for asset in fleet.assets for row in asset_months(asset, months, digits)),
    )


def _period(period: Period, digits: int) -> dict[str, Any]:
    return {
        "billed": money_of(period.billed, digits),
        "effective": money_of(period.effective, digits),
        "budget": _budget(period.budget, digits),
    }


def _budget(budget: BudgetAmount, digits: int) -> BudgetOut:
    return BudgetOut(
        basis=budget.basis,
        confidence=budget.confidence,
        amount=format_minor(budget.amount, digits),
        expected=format_minor(budget.expected, digits),
        contingency=format_minor(budget.contingency, digits),
    )


def _group(group: GroupCost, digits: int) -> dict[str, Any]:
    return {
        "name": group.name,
        "effective": money_of(group.effective, digits),
        "billed": money_of(group.billed, digits),
    }


def _unit_cost(value: float) -> str | None:
    return None if math.isnan(value) else f"{value:.4f}"
