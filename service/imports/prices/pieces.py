"""A catalogue in pieces of few models each, so that whoever sends a long one can tell how far it is."""

import json
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from typing import Any

import msgspec

from service.imports.prices import genai_prices, litellm

_MODELS_IN_A_PIECE = 400
_PROVIDERS_IN_A_PIECE = 5
_ENCODER = msgspec.json.Encoder(decimal_format="number")


def catalogue_in_pieces(body: bytes, format_: str) -> list[bytes]:
    """The same catalogue as files of its own format; it has been read without a problem before."""
    packaged = format_ == genai_prices.NAME and not body
    document = genai_prices.packaged_document() if packaged else json.loads(body, parse_float=Decimal)
    return [_ENCODER.encode(piece) for piece in _pieces(document, by_model=format_ == litellm.NAME)]


def _pieces(document: Any, *, by_model: bool) -> Iterator[Any]:
    size = _MODELS_IN_A_PIECE if by_model else _PROVIDERS_IN_A_PIECE
    members = iter(document.items() if isinstance(document, dict) else document)
    while piece := list(islice(members, size)):
        yield dict(piece) if isinstance(document, dict) else piece
