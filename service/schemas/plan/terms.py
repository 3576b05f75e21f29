"""The terms of a forecast, in a plan or a request for one: horizon, calendar, outlooks, confidence."""

from datetime import date
from decimal import Decimal
from typing import Annotated

import msgspec

from forecasts.errors import Findings
from forecasts.plan import Basis, Correlations, UtcWindow
from forecasts.prices.contracts.contract import Contract
from forecasts.prices.outlooks.outlook import Outlook
from forecasts.prices.price import ExchangeRate
from forecasts.timeline import MAX_HORIZON_MONTHS, Calendar, Month, Timeline
from service.schemas import meaning
from service.schemas.decoders.measurement import MOST_MEASUREMENTS, MeasurementIn
from service.schemas.plan.outlook import OutlookIn, default_outlook
from service.schemas.pricing.contract import ContractIn
from service.schemas.pricing.utc_window import UtcWindowIn
from service.schemas.wire import Amount, CurrencyCode, Wire

MAX_DRAWS = 100_000
LEAST_EXCHANGE_RATE = Decimal("1e-9")  # it is divided by


class HorizonIn(Wire, kw_only=True, frozen=True):
    first_month: str
    months: int = 12

    def to_timeline(self, findings: Findings, at: str, calendar: Calendar, fiscal_year_start_month: int) -> Timeline:
        months = self.months
        if not 1 <= months <= MAX_HORIZON_MONTHS:
            findings.add(f"{at}/months", f"must be 1 to {MAX_HORIZON_MONTHS}, not {months}")
            months = 1
        first = meaning.month(findings, f"{at}/first_month", self.first_month)
        return Timeline(first=first, months=months, calendar=calendar, fiscal_year_start_month=fiscal_year_start_month)


class ExchangeRateIn(Wire, kw_only=True, frozen=True):
    """`rate` units of `currency` buy one unit of `per`."""

    currency: CurrencyCode
    per: CurrencyCode
    rate: Amount
    from_: str = msgspec.field(name="from")

    def to_exchange_rate(self, findings: Findings, at: str) -> ExchangeRate:
        if self.currency == self.per:
            findings.add(f"{at}/per", "must be another currency")
        return ExchangeRate(
            currency=self.currency,
            per=self.per,
            rate=meaning.amount(findings, f"{at}/rate", self.rate, least=LEAST_EXCHANGE_RATE),
            starts=meaning.start_of_day(meaning.day(findings, f"{at}/from", self.from_)),
        )


class CorrelationsIn(Wire, kw_only=True, frozen=True):
    growth: float = 0.5
    noise: float = 0.2

    def to_correlations(self, findings: Findings, at: str) -> Correlations:
        return Correlations(
            growth=meaning.fraction(findings, f"{at}/growth", self.growth),
            noise=meaning.fraction(findings, f"{at}/noise", self.noise),
        )


class TermsIn(Wire, kw_only=True, frozen=True):
    """Every key is optional; `horizon` defaults to the twelve months after `as_of`, `as_of` to today."""

    currency: CurrencyCode = "USD"
    exchange_rates: Annotated[list[ExchangeRateIn], msgspec.Meta(max_length=2000)] = []
    calendar: Calendar = "actual"
    fiscal_year_start_month: int = 1
    horizon: HorizonIn | None = None
    as_of: str | None = None
    seed: Annotated[int, msgspec.Meta(ge=0, le=2**53)] = 0
    draws: int = 4096
    confidence: float = 0.8
    budget_basis: Basis = "effective"
    correlations: CorrelationsIn = CorrelationsIn()
    outlooks: Annotated[list[OutlookIn], msgspec.Meta(max_length=200)] | None = None
    utc_windows: Annotated[list[UtcWindowIn], msgspec.Meta(max_length=500)] = []
    contracts: Annotated[list[ContractIn], msgspec.Meta(max_length=500)] = []
    measurements: Annotated[list[MeasurementIn], msgspec.Meta(max_length=MOST_MEASUREMENTS)] = []

    def resolve_as_of(self, findings: Findings, at: str, today: date) -> date:
        return today if self.as_of is None else meaning.day(findings, f"{at}/as_of", self.as_of)

    def resolve_horizon(self, as_of: date) -> HorizonIn:
        return self.horizon or HorizonIn(first_month=str(Month.of(as_of).plus(1)))

    def check(self, findings: Findings, at: str) -> None:
        meaning.bounded(findings, f"{at}/fiscal_year_start_month", self.fiscal_year_start_month, 1, 12)
        meaning.bounded(findings, f"{at}/draws", self.draws, 16, MAX_DRAWS)
        if not 0.0 < self.confidence < 1.0:
            findings.add(f"{at}/confidence", f"must be between 0 and 1, not {self.confidence:g}")

    def to_contracts(self, findings: Findings, at: str, as_of: date) -> tuple[Contract, ...]:
        return tuple(
            contract.to_contract(findings, f"{at}/contracts/{index}", as_of=as_of, plan_currency=self.currency)
            for index, contract in enumerate(self.contracts)
        )

    def to_utc_windows(self, findings: Findings, at: str) -> tuple[UtcWindow, ...]:
        return tuple(
            window.to_utc_window(findings, f"{at}/utc_windows/{index}") for index, window in enumerate(self.utc_windows)
        )

    def to_outlooks(self, findings: Findings, at: str, as_of: date) -> tuple[Outlook, ...]:
        """The outlooks in order; by default one projected cut for every provider in the year after `as_of`."""
        if self.outlooks is None:
            return (default_outlook(as_of),)
        return tuple(
            outlook.to_outlook(findings, f"{at}/outlooks/{index}", as_of) for index, outlook in enumerate(self.outlooks)
        )
