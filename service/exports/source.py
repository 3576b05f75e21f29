"""What an export is made of: the forecast, its document, its lines in chunks, and what was asked for."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

from forecasts.money import minor_digits
from service.exports.fiscal import fiscal_year
from service.exports.profile import PLAIN, ExportProfile
from service.store.forecasts import ForecastRecord
from service.store.lines import LineRecord

Basis = Literal["billed", "effective"]
Chunks = Callable[[], Iterator[Sequence[LineRecord]]]


@dataclass(frozen=True, kw_only=True)
class ExportSource:
    """A finished forecast. `chunks` starts from the first line each time it is called; lines are never all held.

    `bridge` is the one from the forecast that this one renews, as the API answers it; None where there is none.
    """

    forecast: ForecastRecord
    document: Mapping[str, Any]
    fiscal_year_start_month: int
    chunks: Chunks
    bridge: Mapping[str, Any] | None = None

    @property
    def currency(self) -> str:
        return self.forecast.currency

    @property
    def basis(self) -> Basis:
        return "billed" if self.forecast.basis == "billed" else "effective"

    @property
    def cent(self) -> Decimal:
        """One minor unit of the currency."""
        return Decimal(1).scaleb(-minor_digits(self.currency))

    @cached_property
    def months(self) -> tuple[date, ...]:
        return tuple(date.fromisoformat(f"{month['month']}-01") for month in self.document["monthly"])

    @cached_property
    def contingency(self) -> dict[date, Decimal]:
        """The contingency of each fiscal year, spread evenly over its months, so that they add up to the year."""
        spread: dict[date, Decimal] = {}
        for year in self.document["annual"]:
            inside = [
                month
                for month in self.months
                if fiscal_year(month, self.fiscal_year_start_month) == year["fiscal_year"]
            ]
            total, before = Decimal(year["budget"]["contingency"]), Decimal(0)
            for count, month in enumerate(inside, start=1):
                until = (total * count / len(inside)).quantize(self.cent)
                spread[month], before = until - before, until
        return spread


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What was asked for: one basis, or both; the contingency as lines of its own, or not; whose codes."""

    bases: tuple[Basis, ...]
    contingency: bool = False
    profile: ExportProfile = PLAIN
