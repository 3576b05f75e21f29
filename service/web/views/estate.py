"""Workloads and fleets as lists and pages show them, read from their stored documents."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from forecasts.timeline import Month

# More than these are named on the form itself.
_MOST_TARGETS = 3


def targets_of(document: Mapping[str, Any]) -> list[str]:
    """The names of all fleets and models that a workload is ever routed to, in order."""
    names = (one.get("fleet") or one.get("model") for routes in document["routes"] for one in routes["to"])
    return list(dict.fromkeys(name for name in names if name))


def targets_in_words(document: Mapping[str, Any]) -> str:
    """The first few of them."""
    names = targets_of(document)
    more = len(names) - _MOST_TARGETS
    return ", ".join(names[:_MOST_TARGETS]) + (f" and {more} more" if more > 0 else "")


def models_of(document: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each `provider/model` with the service tier that a workload pays for or is compared with."""
    routed = [one for routes in document["routes"] for one in routes["to"]]
    compared = [document["compare_to"]] if document.get("compare_to") else []
    found = ((one.get("model"), one.get("service_tier") or "standard") for one in routed + compared)
    return list(dict.fromkeys((model, tier) for model, tier in found if model))


def fleets_of(document: Mapping[str, Any]) -> list[str]:
    return list(
        dict.fromkeys(one["fleet"] for routes in document["routes"] for one in routes["to"] if one.get("fleet"))
    )


def new_workload_document(today: date) -> dict[str, Any]:
    """What an empty form begins with: one route, and next month's volume."""
    return {"demand": {"base_month": str(Month.of(today).plus(1))}, "routes": [{"to": [{"share": 1.0}]}]}


def new_fleet_document() -> dict[str, Any]:
    """What an empty form begins with: one node, rented."""
    return {"nodes": 1, "cost": {"kind": "rented"}}


def requests_per_month(document: Mapping[str, Any]) -> float:
    """Of the base month, before growth."""
    return float(document["demand"]["requests_per_month"])


def decoder_of(document: Mapping[str, Any]) -> str:
    """The preset that a fleet runs, and since when if not always."""
    decoder = document.get("decoder") or {}
    since = f" from {decoder['from']}" if decoder.get("from") else ""
    return f"{decoder.get('preset') or 'none'}{since}"
