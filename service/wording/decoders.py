"""What a forecast found about decoders, in sentences for people who answer for the money."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from service.wording.amounts import money, percent

Json = Mapping[str, Any]

_VERDICTS = {"pays": "pays for", "marginal": "may or may not pay for", "does_not_pay": "does not pay for"}
_REASONS: dict[str, str] = {
    "no_node_removed": "no node can be given back, so that what it adds is headroom",
    "idle_capacity": "less than half of what the nodes can do is used as it is",
    "already_accelerated": "the measured throughput has a decoder in it already",
    "short_outputs": "its answers are short",
    "low_acceptance": "too little of what is drafted for it is accepted",
    "prefill_bound": "its time goes into reading prompts, which no decoder shortens",
    "compute_bound": "so many requests run at once that checking drafts costs much of what they gain",
}


def decoder_sentences(document: Json) -> Iterator[str]:
    """One for each verdict, each training of a draft module, and each workload that people wait for."""
    currency = document["currency"]
    for verdict in document["verdicts"]:
        yield verdict_sentence(verdict, currency)
    for fleet in document["fleets"]:
        if fleet["decoder"]["payback"] is not None:
            yield payback_sentence(fleet["name"], fleet["decoder"]["payback"], currency)
    for workload in document["workloads"]:
        if workload["waiting"] is not None:
            yield waiting_sentence(workload["name"], workload["waiting"], currency)


def verdict_sentence(verdict: Json, currency: str) -> str:
    because = "; ".join(_reason(reason, currency) for reason in verdict["reasons"])
    return (
        f"The decoder of {verdict['fleet']} {_VERDICTS[verdict['verdict']]} {verdict['workload']}: "
        f"{_saving(verdict, currency)}{', because ' if because else ''}{because}."
    )


def _saving(verdict: Json, currency: str) -> str:
    """The mean, and what one case in ten is worse than."""
    mean, low = Decimal(verdict["saving"]["mean"]), Decimal(verdict["saving"]["p10"])
    if verdict["probability_of_saving"] == 0.0 and mean == low == 0:
        return "it saves nothing in any case"
    expected = f"it {_saves(mean, currency)} on average"
    worst = f"less than {_amount(low, currency)}" if low > 0 else f"{_saves(low, currency)} or worse"
    chance = percent(verdict["probability_of_saving"])
    return f"{expected} and {worst} in one case of ten, with a chance of {chance} to save anything"


def _saves(amount: Decimal, currency: str) -> str:
    if amount == 0:
        return "saves nothing"
    return f"saves {_amount(amount, currency)}" if amount > 0 else f"costs {_amount(-amount, currency)} more"


def _amount(amount: Decimal, currency: str) -> str:
    return f"{money(str(amount))} {currency}"


def _reason(reason: Json, currency: str) -> str:
    words = _REASONS[reason["code"]]
    if not reason["tokens"]:
        return words
    return f"{words} ({_tokens(reason['tokens'])} tokens, worth {money(reason['money'])} {currency})"


def _tokens(number: float) -> str:
    for size, name in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if abs(number) >= size:
            return f"{number / size:,.1f} {name}"
    return f"{number:,.0f}"


def payback_sentence(fleet: str, payback: Json, currency: str) -> str:
    month = payback["p50_month"]
    when = f"most likely by {month}" if month else "most likely not within the horizon"
    return (
        f"Training the draft module of {fleet} costs {money(payback['cost'])} {currency} and is earned back {when}, "
        f"with a chance of {percent(payback['probability_within_horizon'])} within the horizon."
    )


def waiting_sentence(workload: str, waiting: Json, currency: str) -> str:
    return (
        f"People who wait for {workload} spend {waiting['hours_with']['mean']:,.0f} hours instead of "
        f"{waiting['hours_without']['mean']:,.0f}; the difference is worth {money(waiting['value']['mean'])} "
        f"{currency} to them and is in no total of this budget."
    )
