"""The negotiation brief of a forecast's provider, from the inputs that the forecast froze."""

from datetime import UTC, date, datetime, time

import msgspec

from forecasts.explain.negotiation.brief import negotiation_briefs
from service.schemas.explained.negotiation import NegotiationOut, negotiation_out
from service.schemas.plan.plan import PlanIn


def brief_of_snapshot(snapshot: bytes, provider: str) -> NegotiationOut:
    """Raises NotPaid, which names the providers of the forecast."""
    document = msgspec.json.decode(snapshot, type=PlanIn)
    plan = document.to_plan(now=datetime.combine(date.fromisoformat(document.as_of or ""), time(), tzinfo=UTC))
    [brief] = negotiation_briefs(plan, provider)
    return negotiation_out(brief)
