"""Everything a forecast depends on, in one frozen value: nothing else may change a number."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import numpy as np
import numpy.typing as npt

from forecasts.fleet.fleet import Fleet
from forecasts.prices.contracts.contract import Contract
from forecasts.prices.outlooks.outlook import Outlook
from forecasts.prices.price import ExchangeRate, Price
from forecasts.speculation.measurement import Measurement
from forecasts.timeline import Timeline
from forecasts.workload import Workload

Basis = Literal["effective", "billed"]


@dataclass(frozen=True, kw_only=True)
class Correlations:
    """How much of growth and of noise the workloads of a portfolio have in common, as correlations."""

    growth: float = 0.5
    noise: float = 0.2


@dataclass(frozen=True, kw_only=True, eq=False)
class UtcWindow:
    """The hours of the week, Monday 00:00 UTC first, that a provider's peak price covers from a day on.

    On a holiday all hours are off-peak.
    """

    provider: str
    model: str
    window: str
    starts: date
    hours: npt.NDArray[np.bool_]
    holidays: tuple[date, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Plan:
    currency: str = "USD"
    exchange_rates: tuple[ExchangeRate, ...] = ()
    timeline: Timeline
    as_of: date
    seed: int
    draws: int = 4096
    confidence: float = 0.8
    budget_basis: Basis = "effective"
    correlations: Correlations = field(default_factory=Correlations)
    outlooks: tuple[Outlook, ...] = ()
    prices: tuple[Price, ...] = ()
    utc_windows: tuple[UtcWindow, ...] = ()
    contracts: tuple[Contract, ...] = ()
    fleets: tuple[Fleet, ...] = ()
    workloads: tuple[Workload, ...] = ()
    measurements: tuple[Measurement, ...] = ()
