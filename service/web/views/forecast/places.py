"""Where in a plan something is, in words: pointers are for programs."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.forecasting.declared_names import DeclaredNames

_SINGULAR = {"workloads": "workload", "fleets": "fleet", "contracts": "contract"}


@dataclass(frozen=True, kw_only=True)
class Place:
    """Such as workload chat, demand, noise fraction; `address` is the page of what is stored under that name."""

    words: str
    pointer: str
    address: str | None


def place_of(pointer: str, names: DeclaredNames, stored: Mapping[tuple[str, str], str]) -> Place:
    """`stored` has the addresses of workloads and fleets by the list they are in and their name."""
    tokens = [one.replace("~1", "/").replace("~0", "~") for one in pointer.split("/")[1:]]
    words, address, head = [], None, names.head_of(pointer)
    if head is not None:
        words, address, tokens = [f"{_SINGULAR[head[0]]} {head[1]}"], stored.get(head), tokens[2:]
    words += [f"no. {int(one) + 1}" if one.isdecimal() else one.replace("_", " ") for one in tokens]
    return Place(words=", ".join(words) or "the whole plan", pointer=pointer, address=address)
