"""Leased nodes: payments as the lease says, expensed by straight line over its term."""

import numpy as np

from forecasts.fleet.costs.dating import Term
from forecasts.fleet.costs.stream import CostStream
from forecasts.fleet.costs.terms import Leased
from forecasts.timeline import FloatArray, Timeline
from forecasts.units import MONTHS_PER_YEAR


def lease(
    cost: Leased, timeline: Timeline, rates: FloatArray, nodes: FloatArray, used_fraction: FloatArray
) -> CostStream:
    """Billed is each month's payment; effective is all payments of the term, spread evenly over its months.

    An operating lease as in ASC 842-20-25-6. `nodes` are leased, shape `[months, 1]`; `rates` are of exchange.
    """
    term = Term(starts=cost.starts, ends=cost.ends)
    paid_by = _paid_by(cost, term.elapsed(timeline), term.months)
    total = _paid_by(cost, np.array([term.months]), term.months)[0]
    share = term.share_of_months(timeline)[:, None]
    return CostStream(
        kind="lease",
        unit="Node-Months",
        quantity=nodes * share,
        billed=np.diff(paid_by)[:, None] * nodes * rates,
        effective=total / term.months * share * nodes * rates,
        used_fraction=used_fraction,
    )


def _paid_by(cost: Leased, elapsed: FloatArray, months: float) -> FloatArray:
    """Payments for one node for the first `elapsed` months of the term, shape as `elapsed`.

    The payment of a month of the term grows with each full year of it, and is nothing in its rent-free months.
    """
    month = np.arange(np.ceil(months))
    growth = (1.0 + float(cost.escalation_fraction_per_year)) ** (month // MONTHS_PER_YEAR)
    payments = np.where(month < cost.rent_free_months, 0.0, float(cost.payment_per_node_month) * growth)
    paid: FloatArray = np.interp(elapsed, np.arange(month.size + 1), np.concatenate([[0.0], np.cumsum(payments)]))
    return paid
