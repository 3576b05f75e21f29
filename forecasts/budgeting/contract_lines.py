"""Enters what contracts settle beside their rates: a line of its own for each kind, which no workload bears."""

import numpy as np

from forecasts.budgeting.lines import LineLedger, LineSeries
from forecasts.budgeting.tally import Tally
from forecasts.plan import Plan
from forecasts.prices.book import PriceBook
from forecasts.prices.contracts.contract import Contract
from forecasts.prices.contracts.settlement import Settlement, settle
from forecasts.timeline import FloatArray


def enter_settlements(
    plan: Plan, book: PriceBook, ledger: LineLedger, tally: Tally, by_outlook: dict[str, FloatArray]
) -> None:
    """After all usage is entered: commitments and tiers look at the whole portfolio's."""
    shape = (plan.timeline.months, plan.draws)
    for contract in plan.contracts:
        if not contract.is_settled:
            continue
        worth = book.exchange_path(contract.currency)
        for settlement in settle(contract, tally.contracts.spend(contract, None, shape), plan.timeline, worth):
            ledger.add(_series(contract, settlement))
            groups = (("provider", contract.provider), ("cost_center", contract.cost_center))
            tally.add(groups, settlement.effective, settlement.billed)
        for name, horizon in by_outlook.items():
            for settlement in settle(contract, tally.contracts.spend(contract, name, shape), plan.timeline, worth):
                horizon += settlement.effective.sum(axis=0)


def _series(contract: Contract, settlement: Settlement) -> LineSeries:
    return LineSeries(
        workload=None,
        cost_center=contract.cost_center,
        gl_account=contract.gl_account,
        provider=contract.provider,
        route=f"contract:{contract.name}",
        kind=settlement.kind,
        meter=settlement.kind,
        unit="Each",
        # An amount has no quantity of its own; one in each month it touches lets a unit price be the amount.
        quantity=np.any(settlement.effective != 0.0, axis=1).astype(np.float64),
        billed=settlement.billed.mean(axis=1),
        effective=settlement.effective.mean(axis=1),
    )
