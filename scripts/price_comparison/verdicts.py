"""Prices each case both ways, and finds the row of evidence that decides where they differ."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from genai_prices import Usage, calc_price

from forecasts.catalog.prices import CatalogPrice, load_price_rows
from forecasts.catalog.windows import load_utc_windows
from forecasts.prices.costing import PastPrices, PastUsage
from forecasts.prices.in_force.conflicts import unit_rate
from price_comparison.cases import Case

# Our meter: their field, for what the cases use, and what their catalogue adds per request.
_THEIR_FIELDS = {
    "input": "input_mtok",
    "cached_input": "cache_read_mtok",
    "cache_write": "cache_write_mtok",
    "output": "output_mtok",
}
OURS, THEIRS, UNDECIDED = "ours", "theirs", "undecided"
OF_ANOTHER_TIME = "their price is of another time: they have no date for it"


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One meter on which the two differ: rates per million (None: no price of its own), and what decides it."""

    meter: str
    ours: Fraction | None
    theirs: Fraction | None
    verdict: str
    reason: str
    evidence: str


@dataclass(frozen=True, kw_only=True)
class Compared:
    case: Case
    ours: Fraction
    theirs: Fraction
    differences: tuple[Difference, ...]

    @property
    def verdict(self) -> str:
        """Undecided as long as one meter is; `theirs` where any meter is theirs."""
        verdicts = {difference.verdict for difference in self.differences}
        return next((one for one in (UNDECIDED, THEIRS, OURS) if one in verdicts), UNDECIDED)


class Comparison:
    """The packaged catalogue as the book, all of it as known today."""

    def __init__(self) -> None:
        self._rows = load_price_rows()
        self._windows = load_utc_windows()
        self._prices = PastPrices(self._rows, windows=self._windows)

    def compare(self, case: Case) -> Compared:
        units = {
            "input": case.input_tokens - case.cached - case.written,
            "cached_input": case.cached,
            "cache_write": case.written,
            "output": case.output,
        }
        cost = self._prices.cost(
            PastUsage(
                provider=case.provider,
                model=case.model,
                starts=case.at,
                ends=case.at + timedelta(seconds=1),
                units={meter: Decimal(count) for meter, count in units.items() if count},
                prompt_tokens=((case.input_tokens, Decimal(1)),),
            )
        )
        priced = calc_price(
            Usage(
                input_tokens=case.input_tokens,
                cache_read_tokens=case.cached,
                cache_write_tokens=case.written,
                output_tokens=case.output,
            ),
            case.model,
            provider_id=case.their_provider,
            genai_request_timestamp=case.at,
        )
        theirs = Fraction(priced.total_price)
        if theirs == cost.exact:
            return Compared(case=case, ours=cost.exact, theirs=theirs, differences=())
        used = {part.meter: part.row for part in cost.parts}
        differences = list(self._differences(case, used, priced.model_price))
        return Compared(case=case, ours=cost.exact, theirs=theirs, differences=tuple(_as_one_entry(differences)))

    def _differences(self, case: Case, used: dict[str, CatalogPrice], their_rates: object) -> Iterator[Difference]:
        for meter, row in used.items():
            theirs = _their_rate(their_rates, _THEIR_FIELDS[meter])
            ours = None if row.meter != meter else unit_rate(row) * 1_000_000
            billed = unit_rate(row) * 1_000_000
            their_billed = theirs if theirs is not None else _their_rate(their_rates, "input_mtok")
            # Where neither has a price of its own, the difference is that of the input price and told there.
            if billed != their_billed and not (ours is None and theirs is None):
                yield self._decide(case, meter, row, ours, theirs)
        fee = _their_rate(their_rates, "requests_kcount")
        if fee:
            yield Difference(
                meter="request",
                ours=None,
                theirs=fee,
                verdict=THEIRS,
                reason="the book has no price per request",
                evidence=f"genai-prices: requests_kcount {float(fee):g}",
            )

    def _decide(
        self, case: Case, meter: str, row: CatalogPrice, ours: Fraction | None, theirs: Fraction | None
    ) -> Difference:
        if ours is None:
            verdict, reason = THEIRS, f"the book has no price for {meter} and bills it as {row.meter}"
            evidence = f"genai-prices: {_THEIR_FIELDS[meter]} {_number(theirs)}"
        else:
            verdict, reason, evidence = self._by_our_row(case, row, theirs)
        return Difference(meter=meter, ours=ours, theirs=theirs, verdict=verdict, reason=reason, evidence=evidence)

    def _by_our_row(self, case: Case, row: CatalogPrice, theirs: Fraction | None) -> tuple[str, str, str]:
        others = [
            one
            for one in self._rows
            if (one.provider, one.model, one.meter, one.service_tier)
            == (row.provider, row.model, row.meter, row.service_tier)
        ]
        same_time = [one for one in others if one.effective_from == row.effective_from and one is not row]
        if any(unit_rate(one) * 1_000_000 == theirs for one in same_time):
            window = max(
                (
                    one
                    for one in self._windows
                    if one.provider == row.provider
                    and one.model in ("*", row.model)
                    and one.starts <= row.effective_from.date()
                ),
                key=lambda one: (one.model != "*", one.starts),
            )
            day = f"{case.at:%a %H:%M} UTC"
            return OURS, f"{day} is {row.utc_window}: peak is {window.rule}", f"utc_windows.csv: {window.source}"
        if theirs is None:
            return OURS, "their catalogue has no price for the meter", _cite(row)
        following = [one for one in others if one.effective_from > row.effective_from]
        announced_end = bool(following) and following[0].date_basis == "announced"
        dated = row.date_basis != "recalled" or announced_end
        if dated and any(unit_rate(one) * 1_000_000 == theirs for one in others):
            return OURS, OF_ANOTHER_TIME, _cite(row)
        if row.date_basis == "announced" or row.confidence == "high":
            return OURS, "the provider's own announcement or a source of high confidence", _cite(row)
        return UNDECIDED, f"our row's date is {row.date_basis}, its confidence {row.confidence}", _cite(row)


def _as_one_entry(differences: list[Difference]) -> Iterator[Difference]:
    """Their prices of a model are one entry: when one of them is of another time, so are those we have no row for."""
    of_another_time = next((one for one in differences if one.reason == OF_ANOTHER_TIME), None)
    for one in differences:
        if of_another_time is not None and one.ours is None:
            reason = f"its {of_another_time.meter} price shows that the whole entry is of another time"
            yield replace(one, verdict=OURS, reason=reason, evidence=of_another_time.evidence)
        else:
            yield one


def _their_rate(rates: object, field: str) -> Fraction | None:
    value = getattr(rates, field, None)
    value = getattr(value, "base", value)
    return None if value is None else Fraction(value)


def _cite(row: CatalogPrice) -> str:
    window = f" {row.utc_window}" if row.utc_window else ""
    return (
        f"prices.csv: {row.meter}{window} {row.rate} from {row.effective_from:%Y-%m-%d} ({row.date_basis},"
        f" {row.confidence}): {row.source}"
    )


def _number(value: Fraction | None) -> str:
    return "none" if value is None else f"{float(value):g}"
