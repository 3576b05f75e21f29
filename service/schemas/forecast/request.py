"""A request for a forecast: of stored workloads by name, or of a whole plan that is not stored."""

from typing import Annotated

import msgspec

from service.schemas.plan.plan import PlanIn
from service.schemas.plan.terms import TermsIn
from service.schemas.wire import Name


class ForecastTermsIn(TermsIn, kw_only=True, frozen=True):
    """The `forecast` object of `POST /v1/workloads`: every key has a default, `{}` is enough."""


class ForecastIn(TermsIn, kw_only=True, frozen=True):
    """`workloads` by name (all of the workspace's when absent), under these terms; or a whole `plan` with its own."""

    workloads: Annotated[list[Name], msgspec.Meta(min_length=1, max_length=10_000)] | None = None
    plan: PlanIn | None = None
