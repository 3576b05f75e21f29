"""Budgets as tests put them forward: small forecasts on one API route, computed here and now."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from service.store import outbox
from tests.service.routes.api import Api, workload

YEAR: dict[str, Any] = {"first_month": "2027-01", "months": 3}


def forecast(
    api: Api, *, requests: float = 1_000_000, steps: Sequence[dict[str, Any]] = (), work: bool = True, **plan: Any
) -> str:
    """A forecast of `requests` a month; prices hold, so cost is in proportion to them."""
    chat = workload()
    chat["demand"] |= {"requests_per_month": requests, "steps": list(steps)}
    terms = {"horizon": YEAR, "outlooks": [{"outlook": "hold"}], "workloads": [chat], **plan}
    made = api.post("/v1/forecasts", json={"plan": terms})
    assert made.status_code == 202, made.text
    forecast_id = str(made.json()["id"])
    if work:
        api.work(forecast_id)
    return forecast_id


def draft(api: Api, forecast_id: str | None = None, *, name: str = "fy27", **fields: Any) -> dict[str, Any]:
    sent = {"name": name, "forecast_id": forecast_id or forecast(api), **fields}
    made = api.post("/v1/budgets", json=sent)
    assert made.status_code == 201, made.text
    return dict(made.json())


def step(api: Api, budget: dict[str, Any], what: str, **sent: Any) -> Any:
    """The answer to submit, approve or return, on the version that the caller holds."""
    headers = {"If-Match": f'"{budget["version"]}"'}
    return api.post(f"/v1/budgets/{budget['id']}/{what}", json={"reason": f"to {what}"}, headers=headers, **sent)


def approved(api: Api, forecast_id: str | None = None, **fields: Any) -> dict[str, Any]:
    submitted = step(api, draft(api, forecast_id, **fields), "submit").json()
    answer = step(api, submitted, "approve")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def again(api: Api, budget: dict[str, Any]) -> dict[str, Any]:
    return dict(api.get(f"/v1/budgets/{budget['id']}").json())


def events(api: Api, name: str) -> list[outbox.OutboxRecord]:
    """The workspace's events of this name that wait for the relay, and takes them."""
    with api.database.system() as session:
        relayed = outbox.relay(session, limit=10_000, now=datetime.now(UTC))
    return [one for one in relayed if one.event == name and one.workspace_id == api.workspace_id]
