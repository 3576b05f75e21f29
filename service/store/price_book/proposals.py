"""Proposed prices: added by imports, decided once, and in the book only when they are accepted."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

import msgspec
from sqlalchemy import Connection, bindparam, column, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY, Insert, insert

from service.store.database import workspace_of
from service.store.ids import new_id
from service.store.pages import cut
from service.store.prices import NewPrice
from service.store.statements import Statement
from service.store.tables import PriceProposals

Decision = Literal["accepted", "rejected"]


@dataclass(frozen=True, kw_only=True)
class NewProposal:
    """A price that a catalogue states, and what the book says of the same conditions now.

    `dated` says whether the catalogue states when the price took effect: otherwise the same statement tomorrow is no
    new one.
    """

    format: str
    provider: str
    model: str
    meter: str
    rate: Decimal
    currency: str
    per_tokens: int
    effective_from: datetime
    dated: bool
    service_tier: str
    prompt_tokens_from: int
    source: str
    date_basis: str
    current_price_id: UUID | None = None
    current_rate: Decimal | None = None
    current_per_tokens: int | None = None
    current_source: str | None = None


@dataclass(frozen=True)
class ProposalRecord:
    id: UUID
    status: str
    format: str
    provider: str
    model: str
    meter: str
    rate: Decimal
    currency: str
    per_tokens: int
    effective_from: datetime
    service_tier: str
    prompt_tokens_from: int
    source: str
    date_basis: str
    current_price_id: UUID | None
    current_rate: Decimal | None
    current_per_tokens: int | None
    current_source: str | None
    created_at: datetime
    decided_at: datetime | None
    decided_by: str | None


_COLUMNS = [getattr(PriceProposals, field.name) for field in fields(ProposalRecord)]
_SENT = [field.name for field in fields(NewProposal) if field.name != "dated"]


def _insert_many() -> Insert:
    names = [*_SENT, "id", "workspace_id", "status", "conditions_hash", "statement_hash", "created_at"]
    types = {name: getattr(PriceProposals, name).type for name in names}
    arrays = (
        func.unnest(*(bindparam(name, type_=ARRAY(types[name])) for name in names))
        .table_valued(*(column(name, types[name]) for name in names), name="sent")
        .render_derived()
    )
    sent = select(*(arrays.c[name] for name in names))
    return insert(PriceProposals).from_select(names, sent).on_conflict_do_nothing()


_INSERT = Statement(_insert_many())


def add_proposals(session: Connection, proposals: Sequence[NewProposal], *, actor: str, now: datetime) -> int:
    """Adds what does not wait already and was not rejected before; how many that were.

    An open proposal for the same conditions with another rate is superseded: the catalogue changed its mind.
    """
    if not proposals:
        return 0
    conditions = [_conditions_hash(one) for one in proposals]
    statements = [_statement_hash(one) for one in proposals]
    open_now = PriceProposals.status == "open"
    session.execute(
        update(PriceProposals)
        .where(
            open_now,
            PriceProposals.conditions_hash.in_(conditions),
            PriceProposals.statement_hash.not_in(statements),
        )
        .values(status="superseded", decided_at=now, decided_by=actor)
    )
    columns: dict[str, list[Any]] = {name: [getattr(one, name) for one in proposals] for name in _SENT}
    columns["id"] = [new_id() for _ in proposals]
    columns["workspace_id"] = [workspace_of(session)] * len(proposals)
    columns["status"] = ["open"] * len(proposals)
    columns["conditions_hash"] = conditions
    columns["statement_hash"] = statements
    columns["created_at"] = [now] * len(proposals)
    added: int = _INSERT.run(session, columns).rowcount
    return added


def page(
    session: Connection,
    *,
    status: str | None = None,
    provider: str | None = None,
    model: str | None = None,
    after: UUID | None,
    limit: int,
) -> tuple[list[ProposalRecord], UUID | None]:
    """Proposals in the order in which they were made, and the cursor behind the page unless it is the last."""
    statement = select(*_COLUMNS).order_by(PriceProposals.id).limit(limit + 1)
    if after is not None:
        statement = statement.where(PriceProposals.id > after)
    for which, wanted in (
        (PriceProposals.status, status),
        (PriceProposals.provider, provider),
        (PriceProposals.model, model),
    ):
        if wanted is not None:
            statement = statement.where(which == wanted)
    return cut([ProposalRecord(*row) for row in session.execute(statement)], limit)


def decide_by_id(
    session: Connection, ids: Sequence[UUID], decision: Decision, *, actor: str, now: datetime
) -> list[ProposalRecord]:
    """The open ones among these ids, decided; ids that are not among the answer were not open."""
    return _decide(session, PriceProposals.id.in_(ids), decision, actor, now)


def decide_by_model(
    session: Connection, provider: str, model: str, decision: Decision, *, actor: str, now: datetime
) -> list[ProposalRecord]:
    """All open proposals for a model, decided."""
    of_model = (PriceProposals.provider == provider) & (PriceProposals.model == model)
    return _decide(session, of_model, decision, actor, now)


def accepted_price(proposal: ProposalRecord) -> NewPrice:
    """The row that an accepted proposal becomes: known from the moment of its acceptance."""
    return NewPrice(
        provider=proposal.provider,
        model=proposal.model,
        meter=proposal.meter,
        rate=proposal.rate,
        currency=proposal.currency,
        per_tokens=proposal.per_tokens,
        effective_from=proposal.effective_from,
        service_tier=proposal.service_tier,
        prompt_tokens_from=proposal.prompt_tokens_from,
        source=proposal.source,
        date_basis=proposal.date_basis,
        confidence="reviewed",
    )


def _decide(session: Connection, which: Any, decision: Decision, actor: str, now: datetime) -> list[ProposalRecord]:
    statement = (
        update(PriceProposals)
        .where(PriceProposals.status == "open", which)
        .values(status=decision, decided_at=now, decided_by=actor)
        .returning(*_COLUMNS)
    )
    return [ProposalRecord(*row) for row in session.execute(statement)]


def _conditions_hash(proposal: NewProposal) -> bytes:
    return _hash(
        proposal.provider,
        proposal.model,
        proposal.meter,
        proposal.service_tier,
        proposal.prompt_tokens_from,
        proposal.currency,
        proposal.effective_from.isoformat() if proposal.dated else "",
    )


def _statement_hash(proposal: NewProposal) -> bytes:
    rate = f"{proposal.rate.normalize():f}"
    return _hash(_conditions_hash(proposal).hex(), rate, proposal.per_tokens, proposal.format)


def _hash(*parts: object) -> bytes:
    return hashlib.sha256(msgspec.json.encode(parts)).digest()
