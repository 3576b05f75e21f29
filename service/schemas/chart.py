"""How a picture of a forecast is asked for."""

from typing import Literal

import msgspec

from service.schemas.wire import Name


class ChartLook(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    theme: Literal["light", "dark"] = "light"
    size: Literal["wide", "phone"] = "wide"


class ChartQuery(ChartLook, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`fleet` shows that fleet alone, in the charts of fleets."""

    fleet: Name | None = None
