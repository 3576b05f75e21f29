"""Statements of hot paths: written with SQLAlchemy against the tables, worded once, then sent as they stand.

SQLAlchemy takes about twice as long to look up a compiled statement and bind its values as the driver takes for the
whole round trip; the words alone skip that.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import JSON, Connection, CursorResult
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.sql.dml import Delete, Insert, Update
from sqlalchemy.sql.selectable import Select

_DIALECT = PGDialect_psycopg()  # type: ignore[no-untyped-call]  # SQLAlchemy declares no types here


_PLACEHOLDER = re.compile(r"%\((\w+)\)s")

_joined: dict[tuple[str, ...], str] = {}


class Write(NamedTuple):
    """A write that answers nothing, ready to be sent; `text` names its parameters."""

    text: str
    parameters: Mapping[str, Any]


def write_together(session: Connection, *writes: Write) -> None:
    """Sends writes that do not see each other's rows as one statement: one round trip for all."""
    *first, last = writes
    session.exec_driver_sql(*_together(first, last))


def _together(beside: Sequence[Write], last: Write) -> Write:
    """`last` as it is, behind a WITH that holds the others: Postgres runs them whether or not anything reads them."""
    if not beside:
        return last
    texts = (*(write.text for write in beside), last.text)
    joined = _joined.get(texts)
    if joined is None:
        named = [_PLACEHOLDER.sub(rf"%(w{place}_\1)s", write.text) for place, write in enumerate(beside)]
        first = ", ".join(f"w{place} AS ({text})" for place, text in enumerate(named))
        joined = _joined[texts] = f"WITH {first} {last.text}"
    parameters = {
        f"w{place}_{name}": value for place, write in enumerate(beside) for name, value in write.parameters.items()
    }
    return Write(joined, {**last.parameters, **parameters})


class Statement:
    """One statement with bound parameters. INSERT and UPDATE also set the columns named by the values of a run.

    Rows hold what the driver makes of them: UUID, Decimal, datetime, bytes, and decoded JSON.
    """

    def __init__(self, statement: Select[*tuple[Any, ...]] | Insert | Update | Delete) -> None:
        self._statement = statement
        self._worded: dict[tuple[str, ...], _Words] = {}

    def run(
        self, session: Connection, values: Mapping[str, Any], *, beside: Sequence[Write] = ()
    ) -> CursorResult[*tuple[Any, ...]]:
        """Sends it, with writes `beside` it in the same round trip; answers its own rows.

        What the database refuses raises what SQLAlchemy makes of the driver's error.
        """
        return session.exec_driver_sql(*_together(beside, self.with_values(values)))

    def with_values(self, values: Mapping[str, Any]) -> Write:
        """The statement as it would be sent."""
        names = tuple(values)
        words = self._worded.get(names)
        if words is None:
            words = self._worded[names] = _Words(self._statement, names)
        return Write(words.text, words.parameters(values))


class _Words:
    """The statement's text for one set of named values."""

    def __init__(self, statement: Select[*tuple[Any, ...]] | Insert | Update | Delete, names: tuple[str, ...]) -> None:
        compiled = statement.compile(dialect=_DIALECT, column_keys=list(names))
        self.text = str(compiled)
        self._constants = {name: value for name, value in compiled.params.items() if name not in names}
        # What the text casts to JSON has to arrive as text.
        self._documents = [name for name in names if isinstance(compiled.binds[name].type, JSON)]

    def parameters(self, values: Mapping[str, Any]) -> dict[str, Any]:
        filled = {**self._constants, **values}
        for name in self._documents:
            if filled[name] is not None:
                filled[name] = msgspec.json.encode(filled[name]).decode()
        return filled
