"""A file of dated prices to series: the columns of the packaged history, or those of the packaged tiers."""

import csv
import io
import math
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

import numpy as np

from forecasts.errors import Findings, InvalidInput, Problem
from forecasts.prices.history.series import PriceSeries

HISTORY_COLUMNS = ("provider", "model", "effective_from", "output_usd_per_mtok", "observed_until")
TIER_COLUMNS = ("tier", "effective_from", "output_usd_per_mtok")
KINDS = ("sku", "alias")
PEAK_SUFFIX = "#peak"
MOST_PROBLEMS = 100
FIRST_YEAR, LAST_YEAR = 1970, 2200
GREATEST_RATE = 1e9

Row = dict[str, str]
PeakShare = Callable[[str, str, date], float | None]


@dataclass(frozen=True, kw_only=True)
class PriceFile:
    """Series of models on sale and of tiers; a file holds one of the two."""

    models: tuple[PriceSeries, ...]
    tiers: tuple[PriceSeries, ...]


@dataclass(frozen=True, kw_only=True)
class _Step:
    starts: date
    rate: float
    observed_until: date


def read_prices(text: str, *, peak_share: PeakShare) -> PriceFile:
    """The series of a CSV file; raises InvalidInput with every problem found, by pointers `/row/column`.

    A history needs `provider, model, effective_from, output_usd_per_mtok, observed_until` and may have `scope` (rows
    other than `first_party` are left out) and `kind` (`sku`, `alias`; `rate_window` of peak rows). Rows without an
    output price are left out; peak rows (`model#peak`) are weighted by the hours of a flat week. Tiers need `tier`
    (written as provider|tier), `effective_from` and `output_usd_per_mtok`; without `observed_until` they are taken as
    observed until the file's last date.
    """
    reader = csv.DictReader(io.StringIO(text), strict=True)
    try:
        rows = list(reader)
    except csv.Error as error:
        raise InvalidInput((Problem(pointer="", detail=f"line {max(1, reader.line_num)}: {error}"),)) from None
    findings = Findings()
    header = set(reader.fieldnames or ())
    _require_columns(findings, header, TIER_COLUMNS if "tier" in header else HISTORY_COLUMNS)
    cells = [_Cells(row, index, findings) for index, row in enumerate(rows)]
    whole = [one for one in cells if not one.is_ragged()]
    file = PriceFile(
        models=() if "tier" in header else _models(whole, peak_share),
        tiers=_tiers(whole) if "tier" in header else (),
    )
    del findings.problems[MOST_PROBLEMS:]
    findings.end()
    return file


def _require_columns(findings: Findings, header: set[str], columns: tuple[str, ...]) -> None:
    missing = [column for column in columns if column not in header]
    if missing:
        wanted = f"a price history has {', '.join(HISTORY_COLUMNS)}; tiers have {', '.join(TIER_COLUMNS)}"
        findings.add("", f"the header lacks {', '.join(missing)}: {wanted}")
        findings.end()


class _Cells:
    """The cells of one row; each reading records its problem and then answers with None."""

    def __init__(self, row: Row, index: int, findings: Findings) -> None:
        self._row = row
        self._index = index
        self._findings = findings

    def problem(self, column: str, detail: str) -> None:
        # A header stands above the first row, and people count lines from one.
        self._findings.add(f"/{self._index}{column and '/'}{column}", f"line {self._index + 2}: {detail}")

    def is_ragged(self) -> bool:
        ragged = None in self._row or None in self._row.values()
        if ragged:
            self.problem("", "has another number of cells than the header")
        return ragged

    def text(self, column: str, default: str = "") -> str:
        return self._row.get(column, "").strip() or default

    def name(self, column: str) -> str | None:
        if not self.text(column):
            self.problem(column, "must not be empty")
        return self.text(column) or None

    def day(self, column: str) -> date | None:
        """A day, or a month that stands for its first day."""
        text = self.text(column)
        try:
            day = date.fromisoformat(f"{text}-01" if len(text) == len("2026-11") else text)
        except ValueError:
            day = date.min
        if FIRST_YEAR <= day.year <= LAST_YEAR:
            return day
        self.problem(column, f"{text!r} is not a date such as 2026-11-15")
        return None

    def rate(self) -> float | None:
        """US dollars per million tokens; None also where there is none, or one of nothing, which has no logarithm."""
        text = self.text("output_usd_per_mtok", "0")
        try:
            rate = float(text)
        except ValueError:
            rate = math.nan
        if 0.0 <= rate <= GREATEST_RATE:
            return rate or None
        self.problem("output_usd_per_mtok", f"{text!r} is not an amount of 0 or more")
        return None


def _models(rows: list[_Cells], peak_share: PeakShare) -> tuple[PriceSeries, ...]:
    steps: defaultdict[tuple[str, str], dict[date, _Step]] = defaultdict(dict)
    kinds: dict[tuple[str, str], str] = {}
    peaks: list[tuple[tuple[str, str], date, float]] = []
    for row in rows:
        if row.text("scope", "first_party") != "first_party":
            continue
        provider, name = row.name("provider"), row.name("model")
        starts, until, rate = row.day("effective_from"), row.day("observed_until"), row.rate()
        if not (provider and name and starts and until and rate):
            continue
        model = (provider, name.removesuffix(PEAK_SUFFIX))
        if name.endswith(PEAK_SUFFIX):
            peaks.append((model, starts, rate))
            continue
        kinds[model] = row.text("kind", "sku")
        if kinds[model] not in KINDS:
            row.problem("kind", f"must be one of {', '.join(KINDS)}, not {kinds[model]!r}")
        if starts in steps[model]:
            row.problem("effective_from", f"{provider}/{name} has a price from {starts} already")
        steps[model][starts] = _Step(starts=starts, rate=rate, observed_until=until)
    for model, starts, rate in peaks:
        off_peak, share = steps[model].get(starts), peak_share(*model, starts)
        if off_peak is not None and share is not None:
            steps[model][starts] = replace(off_peak, rate=off_peak.rate * (1.0 - share) + rate * share)
    return tuple(
        _series(provider, name, kinds[provider, name], dated.values())
        for (provider, name), dated in steps.items()
        if dated
    )


def _tiers(rows: list[_Cells]) -> tuple[PriceSeries, ...]:
    steps: defaultdict[tuple[str, str], dict[date, _Step]] = defaultdict(dict)
    for row in rows:
        named, starts, rate = row.name("tier"), row.day("effective_from"), row.rate()
        until = row.day("observed_until") if row.text("observed_until") else starts
        if not (named and starts and until and rate):
            continue
        provider, _, tier = named.partition("|")
        if not (provider and tier):
            row.problem("tier", f"{named!r} must be written as provider|tier")
        if starts in steps[provider, tier]:
            row.problem("effective_from", f"{named} has a price from {starts} already")
        steps[provider, tier][starts] = _Step(starts=starts, rate=rate, observed_until=until)
    last = max((step.observed_until for dated in steps.values() for step in dated.values()), default=date.min)
    return tuple(
        _series(provider, tier, "tier", [replace(step, observed_until=last) for step in dated.values()])
        for (provider, tier), dated in steps.items()
    )


def _series(provider: str, name: str, kind: str, steps: Iterable[_Step]) -> PriceSeries:
    ordered = sorted(steps, key=lambda step: step.starts)
    until = max(step.observed_until for step in ordered)
    starts = np.array([_hours(step.starts) for step in ordered])
    return PriceSeries(
        provider=provider,
        name=name,
        kind=kind,
        starts=starts,
        # A step that was dated ahead was known at the latest when the price was last observed.
        recorded=np.minimum(starts, _hours(until)),
        rates=np.array([step.rate for step in ordered]),
        observed_until=_hours(until + timedelta(days=1)),
    )


def _hours(day: date) -> float:
    return datetime.combine(day, time(), tzinfo=UTC).timestamp() / 3600.0
