"""How a picture of a forecast is asked for."""

from typing import Literal

import msgspec

from service.schemas.wire import Name


class ChartQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`fleet` shows that fleet alone, in the charts of fleets."""

    theme: Literal["light", "dark"] = "light"
    size: Literal["wide", "phone"] = "wide"
    fleet: Name | None = None
