"""Fiscal years and their periods, as ledgers count them."""

from datetime import date


def fiscal_year(month: date, starts_in: int) -> int:
    """The fiscal year of a month, named by the calendar year it ends in; `starts_in` is its first month, 1 to 12."""
    return _index(month, starts_in) // 12


def fiscal_month(month: date, starts_in: int) -> int:
    """1 for the first month of a fiscal year to 12 for its last."""
    return _index(month, starts_in) % 12 + 1


def fiscal_period(month: date, starts_in: int) -> str:
    """The period of a ledger as `YYYYPPP`."""
    return f"{fiscal_year(month, starts_in):04d}{fiscal_month(month, starts_in):03d}"


def _index(month: date, starts_in: int) -> int:
    return month.year * 12 + month.month - 1 + (13 - starts_in) % 12
