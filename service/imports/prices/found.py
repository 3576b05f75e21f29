"""What an importer makes of a file: prices with their places in it, and what it had to leave out."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from forecasts.errors import Findings
from forecasts.prices.price import Price, usual_per_tokens
from service.schemas.meaning import MAX_AMOUNT
from service.schemas.shape import escaped

_LONGEST_NAME = 120


@dataclass(frozen=True, kw_only=True)
class FoundPrice:
    """`pointer` is the price's place in the file; `dated` says whether the file states when it took effect."""

    pointer: str
    price: Price
    dated: bool


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """A price that has no place in the book, and why."""

    pointer: str
    why: str


@dataclass
class Harvest:
    """Collects what a catalogue holds; numbers that cannot be prices are findings, so that nothing of it is taken."""

    now: datetime
    source: str
    findings: Findings
    prices: list[FoundPrice] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    def leave_out(self, pointer: str, why: str) -> None:
        self.left_out.append(LeftOut(pointer=pointer, why=why))

    def add(
        self,
        pointer: str,
        *,
        provider: str,
        model: str,
        meter: str,
        rate: object,
        per_tokens: int | None = None,
        effective_from: datetime | None = None,
        **conditions: Any,
    ) -> None:
        """A price in dollars; without a date of its own it counts from the import on."""
        amount = rate_of(rate)
        if amount is None:
            self.findings.add(pointer, f"must be an amount of 0 or more and at most 1e12, not {rate!r}")
            return
        if not (is_name(provider) and is_name(model)) or "/" in provider:
            self.findings.add(pointer, f"{provider!r} and {model!r} are no names of a provider and its model")
            return
        self.prices.append(
            FoundPrice(
                pointer=pointer,
                dated=effective_from is not None,
                price=Price(
                    provider=provider,
                    model=model,
                    meter=meter,
                    rate=amount,
                    per_tokens=per_tokens or usual_per_tokens(meter),
                    effective_from=effective_from or self.now,
                    recorded_at=self.now,
                    source=self.source,
                    date_basis="" if effective_from is not None else "observed",
                    **conditions,
                ),
            )
        )


def rate_of(value: object) -> Decimal | None:
    """A JSON number as the decimal that was written; None for what is no rate."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return None
    amount = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
    return amount if amount.is_finite() and 0 <= amount <= MAX_AMOUNT else None


def is_name(text: str) -> bool:
    return 0 < len(text) <= _LONGEST_NAME and text.isprintable() and text == text.strip()


def objects_in(value: object, pointer: str, findings: Findings) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The members of an object or array that are objects themselves: key, pointer, member; others are findings."""
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if members is None:
        findings.add(pointer, "must be an object or an array")
        return
    for key, member in members:
        at = f"{pointer}/{escaped(key)}"
        if isinstance(member, dict):
            yield str(key), at, member
        else:
            findings.add(at, "must be an object")
