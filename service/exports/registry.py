"""Every export by name: what file it is, which choices it takes, and what writes it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from service.exports import beancount, parquet
from service.exports.focus import rows as focus
from service.exports.journals import netsuite, oracle
from service.exports.journals.documents import AGAINST
from service.exports.loads import business_central, netsuite_budget, oracle_planning, tall, wide
from service.exports.profile import ExportProfile
from service.exports.source import Choices, ExportSource
from service.exports.workbook import whole
from service.exports.workbook.lines import MOST_LINES
from service.refusals import ProfileIncomplete
from service.store.lines import Codes

Choice = Literal["basis", "both", "contingency", "profile"]

CHOICES: frozenset[Choice] = frozenset({"basis", "both", "contingency", "profile"})
ONE_BASIS = CHOICES - {"both"}
_PROFILE: frozenset[Choice] = frozenset({"profile"})
_CSV = "text/csv"


@dataclass(frozen=True, kw_only=True)
class Format:
    """`takes` names the choices that mean anything here; `both` is both bases in one file.

    `needs` says for each kind of line which field of the profile must be set; a file with such needs is of those kinds
    alone, and with any of them also `needs_always`. With `every_account`, every line must end up with an account.
    """

    suffix: str
    media_type: str
    takes: frozenset[Choice]
    needs: Mapping[str, str] = field(default_factory=dict)
    needs_always: tuple[str, ...] = ()
    every_account: bool = False
    most_lines: int | None = None
    always_utf_8: bool = False
    write: Callable[[ExportSource, Choices], Iterator[bytes]]

    def charset(self, profile: ExportProfile) -> str:
        """The encoding of its text as HTTP names it."""
        return "utf-16" if profile.encoding == "utf-16" and not self.always_utf_8 else "utf-8"

    def check(self, profile: ExportProfile, codes: Iterable[Codes], *, contingency: bool) -> None:
        """Raises ProfileIncomplete with all that this file needs and the profile does not say."""
        booked = {code for code in codes if code.kind in self.needs or not self.needs}
        needed = {self.needs[kind] for kind in {code.kind for code in booked} & self.needs.keys()}
        if booked:
            needed.update(self.needs_always)
        if contingency and self.every_account:
            needed.add("contingency_account")
        problems = [*profile.misses(booked, every_account=self.every_account), *profile.unset(*sorted(needed))]
        if problems:
            raise ProfileIncomplete(tuple(problems))


FORMATS: dict[str, Format] = {
    "csv-tall": Format(
        suffix="csv",
        media_type=_CSV,
        takes=CHOICES,
        write=tall.write,
    ),
    "csv-wide": Format(suffix="csv", media_type=_CSV, takes=ONE_BASIS, write=wide.write),
    **{
        name: Format(suffix="csv", media_type=_CSV, takes=ONE_BASIS, every_account=True, write=write)
        for name, write in (
            ("netsuite-budget", netsuite_budget.write),
            ("oracle-planning", oracle_planning.write),
            ("business-central", business_central.write),
        )
    },
    "xlsx": Format(
        suffix="xlsx",
        media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        takes=frozenset(),
        most_lines=MOST_LINES,
        write=whole.write,
    ),
    "parquet": Format(
        suffix="parquet", media_type="application/vnd.apache.parquet", takes=frozenset(), write=parquet.write
    ),
    **{
        f"focus-{version}": Format(
            suffix="csv", media_type=_CSV, takes=frozenset({"contingency", "profile"}), always_utf_8=True, write=write
        )
        for version, write in (("1.2", focus.write_1_2), ("1.4", focus.write_1_4))
    },
    "netsuite-journal": Format(
        suffix="csv", media_type=_CSV, takes=_PROFILE, every_account=True, needs=AGAINST, write=netsuite.write
    ),
    "oracle-journal": Format(
        suffix="csv",
        media_type=_CSV,
        takes=_PROFILE,
        every_account=True,
        needs=AGAINST,
        needs_always=("ledger_id",),
        write=oracle.write,
    ),
    "beancount": Format(
        suffix="beancount", media_type="text/plain", takes=ONE_BASIS, always_utf_8=True, write=beancount.write
    ),
}
MEDIA_TYPES = tuple(dict.fromkeys(one.media_type for one in FORMATS.values()))
