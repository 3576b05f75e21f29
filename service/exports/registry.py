"""Every export by name: what file it is, which choices it takes, and what writes it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from service.exports.loads import tall, wide
from service.exports.source import Choices, ExportSource

Choice = Literal["basis", "both", "contingency", "profile"]

CHOICES: frozenset[Choice] = frozenset({"basis", "both", "contingency", "profile"})
_CSV = "text/csv"


@dataclass(frozen=True, kw_only=True)
class Format:
    """`takes` names the choices that mean anything here; `both` is both bases in one file."""

    suffix: str
    media_type: str
    takes: frozenset[Choice]
    write: Callable[[ExportSource, Choices], Iterator[bytes]]


FORMATS: dict[str, Format] = {
    "csv-tall": Format(
        suffix="csv",
        media_type=_CSV,
        takes=CHOICES,
        write=tall.write,
    ),
    "csv-wide": Format(
        suffix="csv", media_type=_CSV, takes=frozenset({"basis", "contingency", "profile"}), write=wide.write
    ),
}
MEDIA_TYPES = tuple(dict.fromkeys(one.media_type for one in FORMATS.values()))
