"""What a forecast found about decoders, in sentences, the largest amounts first."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from service.wording.decoders import payback_sentence, verdict_sentence

MOST_VERDICTS = 60


@dataclass(frozen=True, kw_only=True)
class Found:
    """A verdict or a payback with its sentence; `verdict` is None for a payback."""

    verdict: str | None
    sentence: str


@dataclass(frozen=True, kw_only=True)
class DecoderFindings:
    """`left_out` verdicts are about smaller amounts than those that are told."""

    told: tuple[Found, ...]
    left_out: int


def decoder_findings(document: Mapping[str, Any], currency: str) -> DecoderFindings:
    verdicts = sorted(document["verdicts"], key=_size, reverse=True)
    paybacks = [
        Found(verdict=None, sentence=payback_sentence(fleet["name"], fleet["decoder"]["payback"], currency))
        for fleet in document["fleets"]
        if fleet["decoder"]["payback"] is not None
    ]
    told = [Found(verdict=one["verdict"], sentence=verdict_sentence(one, currency)) for one in verdicts[:MOST_VERDICTS]]
    return DecoderFindings(told=(*told, *paybacks), left_out=max(0, len(verdicts) - MOST_VERDICTS))


def _size(verdict: Mapping[str, Any]) -> Decimal:
    """What is at stake: the saving, or what stands in its way."""
    amounts = [verdict["saving"]["mean"], *(reason["money"] for reason in verdict["reasons"])]
    return max(abs(Decimal(amount)) for amount in amounts)
