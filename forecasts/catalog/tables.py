"""Reads the packaged tables; every loader of the catalogue goes through here."""

import csv
from collections.abc import Iterator
from datetime import UTC, date, datetime
from importlib.resources import files


def read_table(name: str) -> Iterator[dict[str, str]]:
    """The rows of a packaged CSV file, as text."""
    with files("forecasts.catalog").joinpath(name).open(encoding="utf-8") as stream:
        yield from csv.DictReader(stream)


def instant(text: str) -> datetime:
    """An aware UTC instant from `YYYY-MM-DDTHH:MM:SSZ`."""
    return datetime.fromisoformat(text).astimezone(UTC)


def optional_instant(text: str) -> datetime | None:
    return instant(text) if text else None


def optional_date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def optional_number(text: str) -> float | None:
    return float(text) if text else None


def optional_integer(text: str) -> int | None:
    return int(text) if text else None
