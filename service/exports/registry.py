"""Every export by name: what file it is, which choices it takes, and what writes it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from service.exports import parquet
from service.exports.focus import rows as focus
from service.exports.loads import business_central, netsuite_budget, oracle_planning, tall, wide
from service.exports.profile import Codes, ExportProfile
from service.exports.source import Choices, ExportSource
from service.exports.workbook import whole
from service.exports.workbook.lines import MOST_LINES
from service.refusals import ProfileIncomplete

Choice = Literal["basis", "both", "contingency", "profile"]

CHOICES: frozenset[Choice] = frozenset({"basis", "both", "contingency", "profile"})
ONE_BASIS = CHOICES - {"both"}
_CSV = "text/csv"


@dataclass(frozen=True, kw_only=True)
class Format:
    """`takes` names the choices that mean anything here; `both` is both bases in one file.

    `needs` names fields of the profile that must be set; with `every_account`, every line must end up with one.
    """

    suffix: str
    media_type: str
    takes: frozenset[Choice]
    needs: tuple[str, ...] = ()
    every_account: bool = False
    most_lines: int | None = None
    write: Callable[[ExportSource, Choices], Iterator[bytes]]

    def check(self, profile: ExportProfile, codes: Iterable[Codes], *, contingency: bool) -> None:
        """Raises ProfileIncomplete with all that this file needs and the profile does not say."""
        needed = (*self.needs, *(("contingency_account",) if contingency and self.every_account else ()))
        problems = [*profile.misses(codes, every_account=self.every_account), *profile.unset(*needed)]
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
            suffix="csv", media_type=_CSV, takes=frozenset({"contingency", "profile"}), write=write
        )
        for version, write in (("1.2", focus.write_1_2), ("1.4", focus.write_1_4))
    },
}
MEDIA_TYPES = tuple(dict.fromkeys(one.media_type for one in FORMATS.values()))
