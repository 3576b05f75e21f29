"""How a model's price history and its projection are asked for."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

import msgspec

from forecasts.errors import Findings
from forecasts.prices.outlooks.outlook import Outlook
from forecasts.timeline import MAX_HORIZON_MONTHS
from forecasts.workload import ApiRoute
from service.refusals import BadParameters
from service.schemas import meaning
from service.schemas.chart import Size, Theme, Width
from service.schemas.plan.outlook import OutlookIn
from service.schemas.workload.workload import ServiceTier

# The outlooks that need no terms of their own.
PlainOutlook = Literal["hold", "scheduled", "projected_cut", "planning_haircut", "history"]

_Model = Annotated[
    str,
    msgspec.Meta(
        min_length=3,
        max_length=401,
        description="Written as provider/model.",
        extra_json_schema={"pattern": "^[^/\\x00]+/[^\\x00]+$"},
    ),
]
_AsOf = Annotated[
    str,
    msgspec.Meta(
        description="The book as known by the end of this day (UTC); by default today.",
        extra_json_schema={"format": "date"},
    ),
]
_Months = Annotated[
    int, msgspec.Meta(ge=1, le=MAX_HORIZON_MONTHS, description="The months after that of `as_of` to project.")
]


@dataclass(frozen=True, kw_only=True)
class HistoryTerms:
    """What is asked for, in the domain's words."""

    route: ApiRoute
    as_of: date
    months: int
    outlook: Outlook


class PriceHistoryQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    model: _Model
    as_of: _AsOf | None = None
    outlook: PlainOutlook = "projected_cut"
    months: _Months = 12
    service_tier: ServiceTier = "standard"

    def to_terms(self, today: date) -> HistoryTerms:
        """Raises BadParameters; the window of a cut is the year after `as_of`."""
        findings = Findings()
        as_of = today if self.as_of is None else meaning.day(findings, "/as_of", self.as_of)
        route = meaning.api_route(findings, "/model", self.model, self.service_tier)
        if findings.problems:
            raise BadParameters(tuple(findings.problems))
        outlook = OutlookIn(outlook=self.outlook).to_outlook(findings, "", as_of)
        return HistoryTerms(route=route, as_of=as_of, months=self.months, outlook=outlook)


class PriceHistoryChartQuery(PriceHistoryQuery, frozen=True, forbid_unknown_fields=True, kw_only=True):
    theme: Theme = "light"
    size: Size = "wide"
    width: Width | None = None
