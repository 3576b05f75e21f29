"""Amounts and shares inside of sentences."""

from decimal import Decimal


def money(amount: str) -> str:
    """A decimal string with its thousands apart."""
    return f"{Decimal(amount):,f}"


def percent(fraction: float) -> str:
    return f"{100 * fraction:.3g} %"
