"""Files of prices, and what public catalogues propose until somebody has decided about it."""

from datetime import datetime
from functools import partial
from typing import Any

from litestar import Response
from sqlalchemy import Connection

from forecasts.errors import Findings
from service.answers import Answer, json_answer
from service.imports.prices.importing import import_file, read_file
from service.imports.prices.wire import ImportOut, ImportQuery, import_out
from service.problem_types import (
    IDEMPOTENCY_KEY_BUSY,
    IDEMPOTENCY_KEY_REUSED,
    INVALID_INPUT,
    INVALID_JSON,
    TOO_LARGE,
)
from service.protocol.once import Keep, answer_once
from service.protocol.operations import Answered, operation
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import BodyBytes, Incoming, read_body, read_query
from service.protocol.resources import after_id, page_answer
from service.schemas.pricing.proposal import (
    DecisionIn,
    DecisionOut,
    ProposalPage,
    ProposalQuery,
    proposal_out,
)
from service.store import audit, prices
from service.store.price_book import proposals
from service.store.price_book.proposals import Decision, ProposalRecord

PATH = "/v1/prices"

_WRITE: dict[str, Any] = {"tag": "prices", "scope": "write", "takes": ("Idempotency-Key",)}
_ONCE = (IDEMPOTENCY_KEY_BUSY, IDEMPOTENCY_KEY_REUSED)


@operation(
    "POST",
    PATH + "/imports",
    "importPrices",
    summary="Import a file whole or not at all: CSV and JSON rows into the book, public catalogues as proposals",
    query=ImportQuery,
    file=True,
    answers={
        200: Answered(
            shape=ImportOut, headers=("Idempotent-Replayed",), description="The difference, and what was stored of it."
        )
    },
    problems=(INVALID_INPUT, INVALID_JSON, TOO_LARGE, *_ONCE),
    **_WRITE,
)
def import_prices(request: Incoming, body: BodyBytes) -> Response[bytes]:
    return answer_once(request, body, partial(_import_prices, request, body)).response()


def _import_prices(request: Incoming, body: bytes, keep: Keep) -> Answer:
    parts, caller = parts_of(request), caller_of(request)
    query = read_query(request, ImportQuery)
    now = parts.clock()
    read = read_file(body, query.format, now=now)
    with parts.database.tenant(caller.workspace_id) as session:
        imported = import_file(session, read, dry_run=query.dry_run, actor=caller.actor, now=now)
        answer = import_out(read, imported, dry_run=query.dry_run)
        if not query.dry_run:
            detail = {
                "format": query.format,
                "rows": 0 if answer.stored is None else answer.stored.inserted,
                "proposed": answer.proposed or 0,
            }
            audit.record(session, actor=caller.actor, action="price.import", subject="prices", detail=detail, now=now)
        return keep(session, json_answer(answer))


@operation(
    "GET",
    PATH + "/proposals",
    "listPriceProposals",
    summary="Prices that public catalogues proposed, in the order they were proposed",
    query=ProposalQuery,
    answers={200: Answered(shape=ProposalPage, headers=("Link",))},
    tag="prices",
    scope="read",
)
def list_proposals(request: Incoming) -> Response[bytes]:
    query = read_query(request, ProposalQuery)
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        records, after = proposals.page(
            session,
            status=query.status,
            provider=query.provider,
            model=query.model,
            after=after_id(query),
            limit=query.limit,
        )
    return page_answer(request, query, map(proposal_out, records), after).response()


_DECISION: dict[str, Any] = {
    "body": DecisionIn,
    "answers": {200: Answered(shape=DecisionOut, headers=("Idempotent-Replayed",))},
    "problems": (INVALID_INPUT, *_ONCE),
    **_WRITE,
}


@operation(
    "POST",
    PATH + "/proposals/accept",
    "acceptPriceProposals",
    summary="Accept open proposals, by id or all of a model: they become rows of the book, recorded now",
    **_DECISION,
)
def accept_proposals(request: Incoming, body: BodyBytes) -> Response[bytes]:
    return answer_once(request, body, partial(_decide, request, body, "accepted")).response()


@operation(
    "POST",
    PATH + "/proposals/reject",
    "rejectPriceProposals",
    summary="Reject open proposals, by id or all of a model: the same statement is not proposed again",
    **_DECISION,
)
def reject_proposals(request: Incoming, body: BodyBytes) -> Response[bytes]:
    return answer_once(request, body, partial(_decide, request, body, "rejected")).response()


def _decide(request: Incoming, body: bytes, decision: Decision, keep: Keep) -> Answer:
    parts, caller = parts_of(request), caller_of(request)
    sent = read_body(request, body, DecisionIn)
    sent.check()
    now = parts.clock()
    with parts.database.tenant(caller.workspace_id) as session:
        decided = _decided(session, sent, decision, caller.actor, now)
        inserted = 0
        if decision == "accepted":
            rows = [proposals.accepted_price(record) for record in decided]
            inserted = prices.add_prices(session, rows, now=now).inserted
        audit.record(
            session,
            actor=caller.actor,
            action=f"price.proposal.{decision}",
            subject="prices",
            detail={"proposals": len(decided), "rows": inserted},
            now=now,
        )
        return keep(session, json_answer(DecisionOut(decided=len(decided), inserted=inserted)))


def _decided(
    session: Connection, sent: DecisionIn, decision: Decision, actor: str, now: datetime
) -> list[ProposalRecord]:
    """Raises InvalidInput where a named proposal is not open, so that no decision is made about half of a list."""
    findings = Findings()
    if sent.ids is not None:
        decided = proposals.decide_by_id(session, sent.ids, decision, actor=actor, now=now)
        done = {record.id for record in decided}
        for index, one in enumerate(sent.ids):
            if one not in done:
                findings.add(f"/ids/{index}", "is no open proposal of this workspace")
    else:
        provider, model = sent.provider or "", sent.model or ""
        decided = proposals.decide_by_model(session, provider, model, decision, actor=actor, now=now)
        if not decided:
            findings.add("/model", f"{provider}/{model} has no open proposal")
    findings.end()
    return decided


ROUTES = (import_prices, list_proposals, accept_proposals, reject_proposals)
