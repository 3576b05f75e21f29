"""What all wire shapes share: strict fields, and the scalar types that people write."""

from decimal import Decimal
from typing import Annotated

import msgspec

from service.schemas.accepted import ACCEPTS

Name = Annotated[
    str,
    msgspec.Meta(
        min_length=1,
        max_length=120,
        # `\s` is not the same everywhere; with these beside it, every reader of the pattern means the same.
        pattern=r"^[^\x00-\x20\x7f-\xa0\ufeff\s]([^\x00-\x1f]*[^\x00-\x20\x7f-\xa0\ufeff\s])?$",
        extra={ACCEPTS: "text on one line with no space at either end"},
    ),
]
Label = Annotated[str, msgspec.Meta(max_length=120, pattern=r"^[^\x00-\x1f]*$", extra={ACCEPTS: "text on one line"})]
Text = Annotated[str, msgspec.Meta(max_length=2000, pattern=r"^[^\x00]*$")]
CurrencyCode = Annotated[
    str, msgspec.Meta(pattern=r"^[A-Z]{3}$", extra={ACCEPTS: "a currency's three capital letters, such as USD"})
]
Amount = Decimal  # a decimal string such as "25.00"; a JSON number is read by its own digits


class Wire(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, frozen=True):
    """A shape that crosses HTTP: unknown fields are refused, so that a typing error cannot be ignored."""


class PertIn(Wire, kw_only=True, frozen=True):
    """A range: low, most likely, high."""

    low: float
    mode: float
    high: float


def canonical_json(value: object) -> bytes:
    """The same bytes for the same value, whoever encodes it: the form that is hashed and stored."""
    return msgspec.json.encode(value, order="deterministic")
