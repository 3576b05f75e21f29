"""Which lines of a forecast a page shows: every parameter that is given must hold; an empty one asks for none."""

from datetime import date
from typing import Annotated

import msgspec

from service.schemas.page import PageQuery

Text = Annotated[str, msgspec.Meta(max_length=400)]
LineMonth = Annotated[str, msgspec.Meta(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]


class LineChoiceQuery(PageQuery, frozen=True, forbid_unknown_fields=True, kw_only=True):
    month: LineMonth | None = None
    workload: Text | None = None
    cost_center: Text | None = None
    gl_account: Text | None = None
    route: Text | None = None
    kind: Text | None = None
    meter: Text | None = None

    @property
    def given(self) -> dict[str, str]:
        """The parameters that choose, as they were given."""
        choosing = ("month", "workload", "cost_center", "gl_account", "route", "kind", "meter")
        return {name: getattr(self, name) for name in choosing if getattr(self, name) is not None}

    def to_wanted(self) -> dict[str, object]:
        """By column of a line."""
        wanted: dict[str, object] = {name: text or None for name, text in self.given.items()}
        if self.month is not None:
            wanted["month"] = date.fromisoformat(f"{self.month}-01")
        return wanted
