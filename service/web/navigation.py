"""The sections of the console, in the order in which people use them."""

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Section:
    """One entry of the navigation; `path` is also the beginning of the addresses below it.

    `scope` is what a reader needs to find anything there.
    """

    name: str
    path: str
    scope: str = "read"


SECTIONS = (
    Section(name="Home", path="/"),
    Section(name="Forecasts", path="/forecasts"),
    Section(name="Workloads", path="/workloads"),
    Section(name="Fleets", path="/fleets"),
    Section(name="Budgets", path="/budgets"),
    Section(name="Prices", path="/prices"),
    Section(name="Decoders", path="/decoders"),
    Section(name="Schedules", path="/schedules"),
    Section(name="Usage", path="/usage"),
    Section(name="Webhooks", path="/webhooks"),
    Section(name="Keys", path="/keys", scope="admin"),
)


def sections_for(scopes: Collection[str]) -> list[Section]:
    """The sections that lead somewhere for who holds these scopes."""
    return [one for one in SECTIONS if one.scope in scopes]
