"""The one MetaData of the schema: naming convention and the column types every table shares."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, cast
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, LargeBinary, MetaData, Numeric, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

Id = Annotated[UUID, mapped_column(Uuid, primary_key=True)]
WorkspaceId = Annotated[UUID, mapped_column(Uuid, ForeignKey("workspaces.id", ondelete="CASCADE"))]
Moment = Annotated[datetime, mapped_column(DateTime(timezone=True))]
Document = Annotated[dict[str, Any], mapped_column(JSONB)]


class Model(DeclarativeBase):
    """Every table; models define the schema, statements are written in Core beside each aggregate."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map = {  # noqa: RUF012 - the declarative base reads it as a plain class attribute
        str: Text,
        bytes: LargeBinary,
        Decimal: Numeric,
        UUID: Uuid,
    }


def table_of(model: type[Model]) -> Table:
    """The table behind a model, for statements of Core.

    Statements on hot paths are made once, on tables and with bound parameters, and run on the connection: making one
    for each call cost more than everything the driver does.
    """
    return cast("Table", model.__table__)
