"""The migration plan of a workload: its routes by date in words, and what each step changes by the last forecast."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from forecasts.timeline import Month
from service.web.formatting import percent
from service.wording.months import month_name


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where a share of the requests goes; `kind` is `fleet` or `model`."""

    share: str
    kind: str
    name: str
    conditions: str


@dataclass(frozen=True, kw_only=True)
class MigrationStep:
    """`before` and `after` are the expected cost of the month before the step and of its first month.

    None where the forecast does not reach to both.
    """

    when: str
    targets: tuple[Target, ...]
    before: Decimal | None = None
    after: Decimal | None = None

    @property
    def change(self) -> Decimal | None:
        return None if self.before is None or self.after is None else self.after - self.before


def migration_plan(
    document: Mapping[str, Any], by_month: Mapping[date, Decimal], serves: Mapping[str, str]
) -> tuple[MigrationStep, ...]:
    """`by_month` is the workload's cost in the last forecast, `serves` the model of each fleet by its name."""
    steps = []
    for routes in document["routes"]:
        before = after = None
        if routes.get("from"):
            first = Month.parse(routes["from"][:7])
            before, after = by_month.get(first.plus(-1).first_day), by_month.get(first.first_day)
        steps.append(
            MigrationStep(
                when=f"From {month_name(routes['from'])}" if routes.get("from") else "From the start",
                targets=tuple(_target(one, serves) for one in routes["to"]),
                before=before,
                after=after,
            )
        )
    return tuple(steps)


def _target(share: Mapping[str, Any], serves: Mapping[str, str]) -> Target:
    fraction = percent(share["share"]).replace(".0 %", " %")
    if share.get("fleet"):
        model = serves.get(share["fleet"])
        return Target(
            share=fraction, kind="fleet", name=share["fleet"], conditions="" if model is None else f"serves {model}"
        )
    tier, region = share.get("service_tier") or "standard", share.get("region")
    conditions = [f"{tier} tier"] if tier != "standard" else []
    return Target(
        share=fraction,
        kind="model",
        name=share["model"],
        conditions=", ".join([*conditions, *([region] if region else [])]),
    )
