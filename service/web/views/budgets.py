"""What the page of a budget says beside its figures: what was done with it, what it is watched by and compared with."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from service.store.audit import AuditRecord
from service.store.budgets.thresholds import AlertRecord, NewThreshold, ThresholdRecord
from service.store.forecasts import ForecastRecord
from service.web.formatting import moment, money, whole_money
from service.web.views.actors import actor_name
from service.wording.months import month_name


@dataclass(frozen=True, kw_only=True)
class Deed:
    """One line of a budget's history; `why` is empty where nobody had to say it."""

    at: datetime
    by: str
    what: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Watched:
    """An alert with its threshold in words; `of` is the month, or the whole budget."""

    record: AlertRecord
    rule: str
    of: str


def deeds(log: Iterable[AuditRecord], names: Mapping[UUID, str], currency: str) -> list[Deed]:
    """What was done with a budget, in the order of its audit log; actions without words of their own are left out."""
    return [
        Deed(
            at=one.created_at,
            by=actor_name(one.actor, names),
            what=_SAID[one.action](one.detail, currency),
            why=str(one.detail.get("reason") or one.detail.get("comment") or ""),
        )
        for one in log
        if one.action in _SAID
    ]


def threshold_words(rule: NewThreshold, currency: str) -> str:
    """`Forecast cost of a month reaches 80 %`, or an amount."""
    limit = money(rule.amount, currency) if rule.fraction is None else f"{(rule.fraction * 100).normalize():f} %"
    of = "the whole budget" if rule.period == "total" else "a month"
    return f"{rule.measure.capitalize()} cost of {of} reaches {limit}"


def watched(alerts: Iterable[AlertRecord], rules: Iterable[ThresholdRecord], currency: str) -> list[Watched]:
    """Alerts outlive their thresholds: one that was removed is told so."""
    said = {rule.id: threshold_words(rule, currency) for rule in rules}
    return [
        Watched(
            record=alert,
            rule=said.get(alert.threshold_id, "A threshold that was removed since"),
            of="the whole budget" if alert.month is None else month_name(f"{alert.month:%Y-%m}"),
        )
        for alert in alerts
    ]


def forecast_choices(
    candidates: Iterable[ForecastRecord], *, newest: UUID, chosen: ForecastRecord
) -> list[tuple[str, str]]:
    """Ids and names of the forecasts a budget can be held against, the newest first; `chosen` is always among them."""
    found = {one.id: one for one in candidates if one.currency == chosen.currency}
    found[chosen.id] = chosen
    return [
        (str(one.id), forecast_name(one) + (" (the newest that covers the budget)" if one.id == newest else ""))
        for one in sorted(found.values(), key=lambda one: one.id, reverse=True)
    ]


def forecast_name(forecast: ForecastRecord) -> str:
    """When it was asked for, its months and its amount."""
    first = forecast.horizon_first_month
    months = "" if first is None else f", {forecast.horizon_months} months from {month_name(f'{first:%Y-%m}')}"
    return f"{moment(forecast.queued_at)}{months}, {whole_money(forecast.budget_amount, forecast.currency)}"


def _month(detail: Mapping[str, Any]) -> str:
    month = detail.get("month")
    return "the whole budget" if month is None else month_name(str(month)[:7])


def _overridden(detail: Mapping[str, Any], currency: str) -> str:
    line = "" if detail.get("line") is None else f", line {detail['line']},"
    amounts = f"{money(detail['amount'], currency)} instead of {money(detail['original'], currency)}"
    return f"Budgeted {_month(detail)}{line} at {amounts}"


def _rule(detail: Mapping[str, Any], currency: str) -> str:
    fraction, amount = (
        None if detail.get(name) is None else Decimal(str(detail[name])) for name in ("fraction", "amount")
    )
    rule = NewThreshold(measure=detail["measure"], period=detail["period"], fraction=fraction, amount=amount)
    return threshold_words(rule, currency)


# What each action of the audit log is called here; `detail` is as it was written down.
_SAID: dict[str, Callable[[Mapping[str, Any], str], str]] = {
    "budget.create": lambda detail, _: f"Put forward as version {detail['number']}",
    "budget.submit": lambda _, __: "Submitted for approval",
    "budget.return": lambda _, __: "Sent back",
    "budget.approve": lambda _, __: "Approved",
    "budget.supersede": lambda _, __: "Superseded by a later version",
    "budget.override": _overridden,
    "budget.withdraw_override": lambda detail, _: f"Withdrew the override of {_month(detail)}",
    "budget.comment": lambda detail, _: f"Commented on {_month(detail)}",
    "budget.add_threshold": lambda detail, currency: f"Added a threshold: {_rule(detail, currency)}",
    "budget.remove_threshold": lambda detail, currency: f"Removed a threshold: {_rule(detail, currency)}",
}
