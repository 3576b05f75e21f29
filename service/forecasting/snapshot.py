"""Freezes everything a forecast depends on into one document, with all the prices it can see."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from importlib.metadata import version

import msgspec
from sqlalchemy import Connection

from forecasts.catalog.version import CATALOG_VERSION
from forecasts.errors import Findings
from forecasts.plan import Plan
from service.schemas.plan.plan import PlanIn
from service.schemas.pricing.price import PriceIn
from service.schemas.wire import canonical_json
from service.store.prices import PriceRecord, known_prices

MODEL_VERSION = f"{version('tokencast')}+{CATALOG_VERSION}"


@dataclass(frozen=True, kw_only=True)
class PreparedForecast:
    """A forecast's frozen inputs, and what its row says about them."""

    snapshot: bytes
    inputs_sha256: str
    as_of: date
    seed: int
    draws: int
    model_version: str
    currency: str
    horizon_first_month: date
    horizon_months: int


def prepare(session: Connection, plan: PlanIn, *, now: datetime) -> PreparedForecast:
    """Freezes a plan with all the prices it can see; raises InvalidInput with every problem, by pointers into it.

    The snapshot is a plan document of its own: whoever forecasts it gets the same budget.
    """
    findings = Findings()
    as_of = plan.resolve_as_of(findings, "", now.date())
    findings.end()
    used = models_used(plan)
    known = known_price_rows(session, plan, as_of)
    checked = plan.to_plan(now=now, known_prices=known)
    own = [
        row if row.recorded_at is not None else msgspec.structs.replace(row, recorded_at=now.isoformat())
        for row in plan.prices
        if (row.provider, row.model) in used
    ]
    frozen = msgspec.structs.replace(
        plan, as_of=as_of.isoformat(), horizon=plan.resolve_horizon(as_of), prices=known + own
    )
    snapshot = canonical_json(frozen)
    return PreparedForecast(
        snapshot=snapshot,
        inputs_sha256=hashlib.sha256(snapshot).hexdigest(),
        as_of=as_of,
        seed=plan.seed,
        draws=plan.draws,
        model_version=MODEL_VERSION,
        currency=plan.currency,
        horizon_first_month=checked.timeline.first.first_day,
        horizon_months=checked.timeline.months,
    )


def read_snapshot(snapshot: bytes) -> tuple[PlanIn, Plan]:
    """The frozen document and its domain value; raises InvalidInput where this version no longer understands it."""
    document = msgspec.json.decode(snapshot, type=PlanIn)
    # Everything dated is in the snapshot, so no clock changes anything.
    frozen_at = datetime.combine(date.fromisoformat(document.as_of or ""), time(), tzinfo=UTC)
    return document, document.to_plan(now=frozen_at)


def known_price_rows(session: Connection, plan: PlanIn, as_of: date) -> list[PriceIn]:
    """The rows of the workspace's price book that a forecast of the plan sees, the packaged ones among them."""
    return [price_in(record) for record in known_prices(session, models_used(plan), as_of=end_of_day(as_of))]


def models_used(plan: PlanIn) -> set[tuple[str, str]]:
    """The (provider, model) pairs whose prices a plan depends on."""
    named = {fleet.overflow_to.model for fleet in plan.fleets if fleet.overflow_to is not None}
    for workload in plan.workloads:
        named.update(entry.model for routes in workload.routes for entry in routes.to if entry.model is not None)
        if workload.compare_to is not None:
            named.add(workload.compare_to.model)
    named.update(outlook.to_model for outlook in plan.outlooks or () if outlook.to_model is not None)
    split = (name.partition("/") for name in named)
    return {(provider, model) for provider, _, model in split}


def end_of_day(day: date) -> datetime:
    """The last instant at which something was still known on a day."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=UTC) - timedelta(microseconds=1)


def price_in(record: PriceRecord) -> PriceIn:
    return PriceIn(
        provider=record.provider,
        model=record.model,
        meter=record.meter,  # type: ignore[arg-type]  # the table's check constraint holds the same names
        rate=record.rate,
        currency=record.currency,
        per_tokens=record.per_tokens,
        effective_from=record.effective_from.isoformat(),
        effective_to=None if record.effective_to is None else record.effective_to.isoformat(),
        recorded_at=record.recorded_at.isoformat(),
        status=record.status,  # type: ignore[arg-type]
        utc_window=record.utc_window,  # type: ignore[arg-type]
        service_tier=record.service_tier,  # type: ignore[arg-type]
        prompt_tokens_from=record.prompt_tokens_from,
        region=record.region,
        source=record.source or "",
        date_basis=record.date_basis or "",
        confidence=record.confidence or "",
    )
