"""The sections of the console, in the order in which people use them."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Section:
    """One entry of the navigation; `path` is also the beginning of the addresses below it."""

    name: str
    path: str


SECTIONS = (
    Section(name="Home", path="/"),
    Section(name="Forecasts", path="/forecasts"),
    Section(name="Workloads", path="/workloads"),
    Section(name="Fleets", path="/fleets"),
    Section(name="Budgets", path="/budgets"),
    Section(name="Prices", path="/prices"),
    Section(name="Decoders", path="/decoders"),
    Section(name="Schedules", path="/schedules"),
    Section(name="Webhooks", path="/webhooks"),
    Section(name="Keys", path="/keys"),
)
