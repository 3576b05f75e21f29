"""How a picture is asked for."""

from typing import Annotated, Literal
from uuid import UUID

import msgspec

from service.schemas.wire import Name

# The narrowest telephone there is, less the page's own margins, and the widest picture that still reads as one.
LEAST_WIDTH, MOST_WIDTH = 300, 1600


Theme = Literal["light", "dark"]
Size = Literal["wide", "phone"]
Width = Annotated[int, msgspec.Meta(ge=LEAST_WIDTH, le=MOST_WIDTH)]


class ChartLook(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`width` is in logical pixels and stands over that of `size`: a page that draws for itself gives its own."""

    theme: Theme = "light"
    size: Size = "wide"
    width: Width | None = None


class ChartQuery(ChartLook, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`fleet` shows that fleet alone, in charts of fleets; `budget` is a budget's id, to draw it beside the months."""

    fleet: Name | None = None
    budget: UUID | None = None


class BudgetChartQuery(ChartLook, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`forecast` is what the budget is compared with, by default the newest that covers it."""

    forecast: UUID | None = None
