"""The files of a forecast: what each is called, and where it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from service.exports.registry import Format

NAMES = {
    "csv-tall": "CSV, one row for each line and month",
    "csv-wide": "CSV, one column for each month",
    "netsuite-budget": "NetSuite budget import",
    "oracle-planning": "Oracle Planning load",
    "business-central": "Business Central budget",
    "xlsx": "Excel workbook with live formulas",
    "parquet": "Parquet",
    "focus-1.2": "FOCUS 1.2 forecast rows",
    "focus-1.4": "FOCUS 1.4 forecast rows",
    "netsuite-journal": "NetSuite journal of depreciation and prepayments",
    "oracle-journal": "Oracle journal of depreciation and prepayments",
    "beancount": "beancount ledger",
}


@dataclass(frozen=True, kw_only=True)
class File:
    """`profiled` are the addresses of the same file under the workspace's export profiles, by their names.

    `needs_profile` is true of files with accounts, which a profile names unless every line has its own.
    """

    name: str
    suffix: str
    address: str
    needs_profile: bool
    profiled: Mapping[str, str]


def files_of(address: str, formats: Mapping[str, Format], profiles: Iterable[str]) -> list[File]:
    """`address` is that of the export without its query."""
    held = tuple(profiles)
    return [
        File(
            name=NAMES.get(name, name),
            suffix=one.suffix,
            address=f"{address}?{urlencode({'format': name})}",
            needs_profile=one.every_account or bool(one.needs),
            profiled={profile: f"{address}?{urlencode({'format': name, 'profile': profile})}" for profile in held}
            if "profile" in one.takes
            else {},
        )
        for name, one in formats.items()
    ]
