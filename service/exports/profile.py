"""How a workspace wants its exports: its own codes, signs, calendar, dates and decimals."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from forecasts.errors import Problem
from service.store.lines import Codes

Sign = Literal["positive", "negative"]
DateFormat = Literal["YYYY-MM", "YYYY-MM-DD", "YYYYMMDD", "MM/DD/YYYY", "DD/MM/YYYY", "DD.MM.YYYY"]
DecimalSeparator = Literal[".", ","]
Delimiter = Literal[",", ";", "\t"]
Encoding = Literal["utf-8", "utf-8-bom", "utf-16"]

_PATTERNS: dict[DateFormat, str] = {
    "YYYY-MM": "%Y-%m",
    "YYYY-MM-DD": "%Y-%m-%d",
    "YYYYMMDD": "%Y%m%d",
    "MM/DD/YYYY": "%m/%d/%Y",
    "DD/MM/YYYY": "%d/%m/%Y",
    "DD.MM.YYYY": "%d.%m.%Y",
}
_WITHOUT = 'has no entry "" for the lines of the forecast without {what}'
_MOST_NAMED = 50


@dataclass(frozen=True, kw_only=True)
class ExportProfile:
    """`accounts` and `cost_centers` map the forecast's codes to the tool's; None passes them on as they are.

    Without a `fiscal_year_start_month` the forecast's own holds, and without a `date_format` that of the export.
    """

    entity: str = ""
    scenario: str = "Forecast"
    budget_version: str | None = None
    accounts: Mapping[str, str] | None = None
    cost_centers: Mapping[str, str] | None = None
    contingency_account: str = ""
    contingency_cost_center: str = ""
    accumulated_depreciation_account: str = ""
    prepaid_account: str = ""
    budget_name: str = ""
    budget_type: str = ""
    accounting_book: str = ""
    cube: str = ""
    ledger_id: str = ""
    sign: Sign = "positive"
    fiscal_year_start_month: int | None = None
    date_format: DateFormat | None = None
    decimal_separator: DecimalSeparator = "."
    delimiter: Delimiter = ","
    encoding: Encoding = "utf-8"

    def account(self, code: str | None) -> str:
        return (code or "") if self.accounts is None else self.accounts[code or ""]

    def cost_center(self, code: str | None) -> str:
        return (code or "") if self.cost_centers is None else self.cost_centers[code or ""]

    def date(self, day: date, default: DateFormat) -> str:
        # Not strftime of a year below 1000 anywhere: horizons lie within 1970 to 2200.
        return day.strftime(_PATTERNS[self.date_format or default])

    def misses(self, codes: Iterable[Codes], *, every_account: bool) -> Iterator[Problem]:
        """Every account and cost centre of `codes` that a map lacks; with `every_account`, also lines without one."""
        used = set(codes)
        accounts = {code.gl_account or "" for code in used}
        yield from _missing("/accounts", "account", self.accounts, accounts)
        yield from _missing(
            "/cost_centers", "cost centre", self.cost_centers, {code.cost_center or "" for code in used}
        )
        if every_account and self.accounts is None and "" in accounts:
            yield Problem(pointer="/accounts", detail=_WITHOUT.format(what="account"))

    def unset(self, *names: str) -> Iterator[Problem]:
        """Those of its own fields that are empty."""
        for name in names:
            if not getattr(self, name):
                yield Problem(pointer=f"/{name}", detail="must be set for this export")


PLAIN = ExportProfile()


def _missing(pointer: str, what: str, known: Mapping[str, str] | None, used: set[str]) -> Iterator[Problem]:
    missing = sorted(used - known.keys()) if known is not None else []
    for code in missing[:_MOST_NAMED]:
        detail = f"has no entry for the {what} {code!r}, which the forecast uses"
        yield Problem(pointer=pointer, detail=detail if code else _WITHOUT.format(what=what))
    if len(missing) > _MOST_NAMED:
        yield Problem(pointer=pointer, detail=f"misses {len(missing) - _MOST_NAMED} more")
