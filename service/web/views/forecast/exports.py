"""The files of a forecast: what each is called, and where it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from service.exports.profile import PLAIN, ExportProfile
from service.exports.registry import Format
from service.refusals import ProfileIncomplete
from service.store.lines import Codes

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
    """Where a file is to be had: nothing that is refused has an address.

    `address` is None of a file that a profile is needed for; `needs` are the fields that such a profile has to set.
    `profiled` are the addresses of the same file under the workspace's export profiles by their names, `lacking` what
    those profiles do not say that it needs.
    """

    name: str
    suffix: str
    address: str | None
    needs: tuple[str, ...]
    profiled: Mapping[str, str]
    lacking: Mapping[str, tuple[str, ...]]


def files_of(
    address: str, formats: Mapping[str, Format], profiles: Mapping[str, ExportProfile], codes: Iterable[Codes]
) -> list[File]:
    """`address` is that of the export without its query, `codes` are what the forecast's lines bear."""
    used = tuple(codes)
    return [_file(address, name, one, profiles, used) for name, one in formats.items()]


def _file(
    address: str, name: str, one: Format, profiles: Mapping[str, ExportProfile], codes: tuple[Codes, ...]
) -> File:
    needs = _missing(one, PLAIN, codes)
    offered = profiles if "profile" in one.takes else {}
    lacks = {profile: _missing(one, said, codes) for profile, said in offered.items()}
    return File(
        name=NAMES.get(name, name),
        suffix=one.suffix,
        address=None if needs else f"{address}?{urlencode({'format': name})}",
        needs=needs,
        profiled={
            profile: f"{address}?{urlencode({'format': name, 'profile': profile})}"
            for profile, lacking in lacks.items()
            if not lacking
        },
        lacking={profile: lacking for profile, lacking in lacks.items() if lacking},
    )


def _missing(one: Format, profile: ExportProfile, codes: tuple[Codes, ...]) -> tuple[str, ...]:
    """The fields of a profile, in words, that leave something open; none where the file can be written."""
    try:
        one.check(profile, codes, contingency=False)
    except ProfileIncomplete as incomplete:
        fields = (problem.pointer.removeprefix("/").replace("_", " ") for problem in incomplete.problems)
        return tuple(dict.fromkeys(fields))
    return ()
