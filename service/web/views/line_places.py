"""Where the things that a line of a budget names have pages of their own: none of what is no longer stored."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from service.schemas.forecast.line_trace import LineTraceOut

Model = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Named:
    """The names that the page of a line may lead to; `model` is that of the line's price rows."""

    workload: str | None
    fleet: str | None
    model: Model | None


@dataclass(frozen=True, kw_only=True)
class LinePlaces:
    """Addresses of pages; None where there is none. A line's route is its fleet or its model."""

    workload: str | None
    fleet: str | None
    model: str | None

    @property
    def route(self) -> str | None:
        return self.fleet or self.model


def named_by(trace: LineTraceOut) -> Named:
    row = trace.prices[0].row if trace.prices else None
    return Named(
        workload=trace.line.workload,
        fleet=None if trace.fleet is None else str(trace.fleet.document["name"]),
        model=None if row is None else (row.provider, row.model),
    )


def line_places(
    named: Named, *, workloads: Mapping[str, UUID], fleets: Mapping[str, UUID], models: Iterable[Model]
) -> LinePlaces:
    """`workloads`, `fleets` and `models` are those that are stored now, the first two with their ids."""
    workload, fleet = workloads.get(named.workload or ""), fleets.get(named.fleet or "")
    return LinePlaces(
        workload=None if workload is None else f"/workloads/{workload}",
        fleet=None if fleet is None else f"/fleets/{fleet}",
        model=f"/prices/model?{urlencode({'model': '/'.join(named.model)})}"
        if named.model is not None and named.model in set(models)
        else None,
    )
