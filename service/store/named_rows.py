"""What export profiles, fleets, plans, schedules and workloads share: rows with a name, a document and a version."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar, Generic, Literal, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import Connection, Text, any_, bindparam, delete, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.exc import IntegrityError

from service.store.database import workspace_of
from service.store.errors import NameTaken, NotFound, StaleVersion
from service.store.ids import new_id
from service.store.metadata import table_of
from service.store.pages import cut
from service.store.statements import Statement, Write
from service.store.tables import ExportProfiles, Fleets, Plans, Schedules, Workloads

Change = Literal["created", "updated", "unchanged"]
Beside = Callable[[UUID], Write]
"""Makes what is written in the same round trip as a new row, from the row's id."""


class NamedRecord(Protocol):
    """What every record kept here has beside its own fields."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def id(self) -> UUID: ...
    @property
    def name(self) -> str: ...
    @property
    def version(self) -> int: ...


class NewRow(Protocol):
    """A frozen dataclass whose fields are columns of the table, `name` among them."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def name(self) -> str: ...


R = TypeVar("R", bound=NamedRecord)


@dataclass(frozen=True)
class NamedRows(Generic[R]):
    """The statements on one such table; every one runs in a tenant's transaction."""

    resource: str
    table: type[ExportProfiles] | type[Fleets] | type[Plans] | type[Schedules] | type[Workloads]
    record: type[R]

    def add(
        self, session: Connection, row: NewRow, *, plan_id: UUID | None, now: datetime, beside: Beside | None = None
    ) -> R:
        values = self._new(session, row, plan_id, now)
        writes = [] if beside is None else [beside(values["id"])]
        if (found := self._insert.run(session, values, beside=writes).one_or_none()) is None:
            raise NameTaken(self.resource, row.name)
        return self.record(*found)

    def get(self, session: Connection, row_id: UUID) -> R:
        found = self._get.run(session, {"row_id": row_id}).one_or_none()
        if found is None:
            raise NotFound(self.resource, row_id)
        return self.record(*found)

    def find_by_names(self, session: Connection, names: Iterable[str]) -> dict[str, R]:
        rows = self._find.run(session, {"names": sorted(set(names))})
        return {record.name: record for record in (self.record(*row) for row in rows)}

    def page(
        self, session: Connection, *, after: UUID | None, limit: int, name: str | None, name_part: str | None = None
    ) -> tuple[list[R], UUID | None]:
        statement = select(*self._columns).order_by(self.table.id).limit(limit + 1)
        if after is not None:
            statement = statement.where(self.table.id > after)
        if name is not None:
            statement = statement.where(self.table.name == name)
        if name_part is not None:
            statement = statement.where(self.table.name.icontains(name_part, autoescape=True))
        return cut([self.record(*row) for row in session.execute(statement)], limit)

    def replace(self, session: Connection, row_id: UUID, row: NewRow, *, expected_version: int, now: datetime) -> R:
        statement = (
            update(self.table)
            .where(self.table.id == row_id, self.table.version == expected_version)
            .values(**_values(row), version=self.table.version + 1, updated_at=now)
            .returning(*self._columns)
        )
        try:
            found = session.execute(statement).one_or_none()
        except IntegrityError as error:
            if _is_name_conflict(error):
                raise NameTaken(self.resource, row.name) from error
            raise
        if found is None:
            raise self._stale(session, row_id)
        return self.record(*found)

    def remove(self, session: Connection, row_id: UUID, *, expected_version: int) -> None:
        statement = delete(self.table).where(self.table.id == row_id, self.table.version == expected_version)
        if session.execute(statement.returning(self.table.id)).one_or_none() is None:
            raise self._stale(session, row_id)

    def upsert_many(
        self, session: Connection, rows: Sequence[NewRow], *, plan_id: UUID | None, now: datetime
    ) -> list[tuple[str, Change]]:
        """One statement for all rows (names must differ); what is already so keeps its version and its times."""
        if not rows:
            return []
        statement = insert(self.table)
        new = statement.excluded
        old = self.table.__table__.c
        written = list(_values(rows[0]))
        if plan_id is not None and "plan_id" in old:
            written.append("plan_id")
        statement = statement.on_conflict_do_update(
            index_elements=["workspace_id", "name"],
            set_={**{column: new[column] for column in written}, "version": old.version + 1, "updated_at": now},
            where=or_(*(old[column].is_distinct_from(new[column]) for column in written)),
        )
        # A row that was inserted has version 1; a row that was updated has more; an unchanged one is not returned.
        written_rows = session.execute(
            statement.returning(old.name, old.version), [self._new(session, row, plan_id, now) for row in rows]
        )
        changes: dict[str, Change] = {name: "created" if version == 1 else "updated" for name, version in written_rows}
        return [(row.name, changes.get(row.name, "unchanged")) for row in rows]

    @cached_property
    def _columns(self) -> list[Any]:
        return [getattr(self.table, field.name) for field in fields(self.record)]

    @cached_property
    def _insert(self) -> Statement:
        statement = insert(table_of(self.table)).on_conflict_do_nothing(index_elements=["workspace_id", "name"])
        return Statement(statement.returning(*self._columns))

    @cached_property
    def _get(self) -> Statement:
        return Statement(select(*self._columns).where(self.table.id == bindparam("row_id")))

    @cached_property
    def _find(self) -> Statement:
        named = any_(bindparam("names", type_=ARRAY(Text)))
        return Statement(select(*self._columns).where(self.table.name == named))

    def _new(self, session: Connection, row: NewRow, plan_id: UUID | None, now: datetime) -> dict[str, Any]:
        values = {**_values(row), "id": new_id(), "workspace_id": workspace_of(session)}
        if "plan_id" in self.table.__table__.c:
            values["plan_id"] = plan_id
        return {**values, "version": 1, "created_at": now, "updated_at": now}

    def _stale(self, session: Connection, row_id: UUID) -> StaleVersion | NotFound:
        current = session.execute(select(self.table.version).where(self.table.id == row_id)).scalar_one_or_none()
        if current is None:
            return NotFound(self.resource, row_id)
        return StaleVersion(self.resource, row_id, current)


def _values(row: NewRow) -> Mapping[str, Any]:
    return {field.name: getattr(row, field.name) for field in fields(row)}


def _is_name_conflict(error: IntegrityError) -> bool:
    constraint = getattr(getattr(error.orig, "diag", None), "constraint_name", None) or ""
    return constraint.startswith("uq_") and constraint.endswith("_workspace_id_name")
