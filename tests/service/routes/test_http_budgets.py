"""A forecast becomes a draft, is submitted and approved, and is then locked until another version takes its place."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest

from service.store import audit, claims
from service.store.budgets import versions
from service.store.budgets.versions import BudgetRecord
from service.store.errors import StaleVersion, StoreError, WrongStatus
from tests.service.routes import budgets
from tests.service.routes.api import NOBODY, Api, pointers, slug


def test_a_draft_has_the_figures_of_its_forecast(api: Api) -> None:
    forecast_id = budgets.forecast(api)
    made = budgets.draft(api, forecast_id, note="first try")
    forecast = api.get(f"/v1/forecasts/{forecast_id}").json()
    expected = forecast["total"]["budget"]
    assert {name: made[name] for name in ("amount", "expected", "contingency")} == {
        name: expected[name] for name in ("amount", "expected", "contingency")
    }
    assert made["original"] == {name: expected[name] for name in ("amount", "expected", "contingency")}
    assert (made["basis"], made["confidence"]) == (expected["basis"], expected["confidence"])
    assert (made["status"], made["number"], made["version"], made["note"]) == ("draft", 1, 1, "first try")
    assert made["horizon"] == forecast["horizon"]


def test_each_step_is_kept_with_its_key_its_time_and_its_reason(api: Api) -> None:
    author, approver = api.with_scopes("read", "write"), api.with_scopes("read", "approve")
    draft = budgets.draft(author, budgets.forecast(api))
    submitted = budgets.step(author, draft, "submit").json()
    assert (submitted["status"], submitted["version"]) == ("submitted", 2)
    done = budgets.step(approver, submitted, "approve").json()
    assert done["status"] == "approved"
    assert (done["submitted"]["reason"], done["approved"]["reason"]) == ("to submit", "to approve")
    assert done["submitted"]["by"] == done["created_by"] != done["approved"]["by"]
    assert done["submitted"]["at"] <= done["approved"]["at"]
    with api.database.tenant(api.workspace_id) as session:
        deeds, _ = audit.page(session, after=None, limit=10, subject=f"budget/{draft['id']}")
    assert [deed.action for deed in reversed(deeds) if "threshold" not in deed.action] == [
        "budget.create",
        "budget.submit",
        "budget.approve",
    ]
    assert deeds[0].detail["reason"] == "to approve"


def test_an_approval_is_announced_once(api: Api) -> None:
    done = budgets.approved(api)
    assert slug(budgets.step(api, done, "approve")) == "wrong-status"
    [event] = budgets.events(api, "budget.approved")
    assert (event.data["id"], event.data["name"], event.data["number"]) == (done["id"], "fy27", 1)


@pytest.mark.parametrize("what", ["submit", "return", "approve"])
def test_an_approved_budget_is_locked(api: Api, what: str) -> None:
    done = budgets.approved(api)
    refused = budgets.step(api, done, what)
    assert (refused.status_code, slug(refused)) == (409, "wrong-status")
    assert slug(api("DELETE", f"/v1/budgets/{done['id']}", headers={"If-Match": "*"})) == "wrong-status"
    override = {"month": "2027-01", "amount": "1.00", "reason": "x"}
    assert slug(api.post(f"/v1/budgets/{done['id']}/overrides", json=override)) == "wrong-status"
    assert budgets.again(api, done) == done


def test_only_what_was_submitted_can_be_approved(api: Api) -> None:
    draft = budgets.draft(api)
    assert slug(budgets.step(api, draft, "approve")) == "wrong-status"
    assert budgets.again(api, draft) == draft


def test_what_is_returned_is_a_draft_again(api: Api) -> None:
    submitted = budgets.step(api, budgets.draft(api), "submit").json()
    returned = budgets.step(api, submitted, "return").json()
    assert (returned["status"], returned["submitted"]) == ("draft", None)
    assert budgets.step(api, returned, "submit").status_code == 200


def test_approving_a_version_supersedes_the_one_before_it(api: Api) -> None:
    first = budgets.approved(api)
    second = budgets.approved(api, budgets.forecast(api, requests=2_000_000))
    assert second["number"] == 2
    before = budgets.again(api, first)
    assert (before["status"], before["superseded_by"]) == ("superseded", second["id"])
    assert (before["amount"], before["approved"]) == (first["amount"], first["approved"])
    listed = api.get("/v1/budgets?name=fy27&status=approved").json()["items"]
    assert [one["id"] for one in listed] == [second["id"]]


def test_an_earlier_version_never_takes_the_place_of_a_later_one(api: Api) -> None:
    forecast_id = budgets.forecast(api)
    earlier = budgets.step(api, budgets.draft(api, forecast_id), "submit").json()
    later = budgets.approved(api, forecast_id)
    refused = budgets.step(api, earlier, "approve")
    assert (refused.status_code, slug(refused)) == (409, "wrong-status")
    assert budgets.again(api, later)["status"] == "approved"


def test_a_change_on_another_version_than_was_read_is_refused(api: Api) -> None:
    draft = budgets.draft(api)
    budgets.step(api, draft, "submit")
    lost = budgets.step(api, draft, "submit")
    assert (lost.status_code, slug(lost)) == (412, "stale-version")
    without = api.post(f"/v1/budgets/{draft['id']}/approve", json={"reason": "x"})
    assert (without.status_code, slug(without)) == (428, "condition-missing")
    assert budgets.again(api, draft)["status"] == "submitted"


def test_an_approver_cannot_approve_what_changed_after_it_was_read(api: Api) -> None:
    draft = budgets.draft(api)
    override = {"month": "2027-02", "amount": "5.00", "reason": "launch"}
    assert api.post(f"/v1/budgets/{draft['id']}/overrides", json=override).status_code == 201
    assert slug(budgets.step(api, draft, "submit")) == "stale-version"


@pytest.mark.parametrize("status", ["queued", "cancelled", "failed"])
def test_a_forecast_without_a_budget_cannot_be_put_forward(api: Api, status: str) -> None:
    forecast_id = budgets.forecast(api, work=False)
    if status == "cancelled":
        api.post(f"/v1/forecasts/{forecast_id}/cancel")
    if status == "failed":
        _fail(api, UUID(forecast_id))
    assert api.get(f"/v1/forecasts/{forecast_id}").json()["status"] == status
    refused = api.post("/v1/budgets", json={"name": "fy27", "forecast_id": forecast_id})
    assert (refused.status_code, slug(refused)) == (409, "no-budget")
    assert api.get("/v1/budgets").json()["items"] == []


def test_bad_fields_are_all_named(api: Api) -> None:
    sent = {"name": "fy27", "forecast_id": NOBODY, "thresholds": [{"fraction": "0"}, {"amount": "5", "fraction": "1"}]}
    refused = api.post("/v1/budgets", json=sent)
    assert (refused.status_code, sorted(pointers(refused))) == (
        422,
        ["/forecast_id", "/thresholds/0/fraction", "/thresholds/1/fraction"],
    )
    blank = api.post(f"/v1/budgets/{budgets.draft(api)['id']}/submit", json={"reason": " "}, headers={"If-Match": "*"})
    assert (blank.status_code, pointers(blank)) == (400, ["/reason"])


def test_a_draft_can_be_removed_and_nothing_else(api: Api) -> None:
    draft = budgets.draft(api)
    assert api("DELETE", f"/v1/budgets/{draft['id']}", headers={"If-Match": '"1"'}).status_code == 204
    assert slug(api.get(f"/v1/budgets/{draft['id']}")) == "not-found"
    submitted = budgets.step(api, budgets.draft(api), "submit").json()
    assert slug(api("DELETE", f"/v1/budgets/{submitted['id']}", headers={"If-Match": "*"})) == "wrong-status"


def test_of_two_approvals_at_once_one_wins(api: Api) -> None:
    submitted = budgets.step(api, budgets.draft(api), "submit").json()
    outcomes = _approve_at_once(api, [(submitted["id"], 2), (submitted["id"], 2)])
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["BudgetRecord", StaleVersion.__name__]
    assert len(budgets.events(api, "budget.approved")) == 1


def test_of_two_versions_approved_at_once_the_later_one_stands(api: Api) -> None:
    forecast_id = budgets.forecast(api)
    both = [budgets.step(api, budgets.draft(api, forecast_id), "submit").json() for _ in range(2)]
    outcomes = _approve_at_once(api, [(one["id"], one["version"]) for one in both])
    # Either the earlier came first and was superseded, or it came second and was refused.
    assert all(isinstance(outcome, BudgetRecord | WrongStatus) for outcome in outcomes)
    assert budgets.again(api, both[1])["status"] == "approved"
    assert budgets.again(api, both[0])["status"] in {"superseded", "submitted"}


def test_versions_put_forward_at_once_are_numbered_apart(api: Api) -> None:
    forecast_id = budgets.forecast(api)
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: budgets.draft(api, forecast_id)["number"], range(4)))
    assert sorted(made) == [1, 2, 3, 4]


def test_an_approval_that_is_rolled_back_supersedes_nothing(api: Api) -> None:
    first = budgets.approved(api)
    budgets.events(api, "budget.approved")
    second = budgets.step(api, budgets.draft(api), "submit").json()
    now = datetime.now(UTC)
    with api.database.tenant(api.workspace_id) as session:
        approve = {"expected_version": second["version"], "reason": "x", "actor": "key/test", "now": now}
        assert versions.approve(session, UUID(second["id"]), **approve).status == "approved"
        session.rollback()
    assert budgets.again(api, first) == first
    assert budgets.again(api, second) == second
    assert budgets.events(api, "budget.approved") == []


def test_a_key_repeats_an_approval_without_doing_it_twice(api: Api) -> None:
    submitted = budgets.step(api, budgets.draft(api), "submit").json()
    headers = {"If-Match": '"2"', "Idempotency-Key": "sign"}
    path = f"/v1/budgets/{submitted['id']}/approve"
    first = api.post(path, json={"reason": "ok"}, headers=headers)
    again = api.post(path, json={"reason": "ok"}, headers=headers)
    assert (again.status_code, again.headers["idempotent-replayed"]) == (200, "true")
    assert again.json() == first.json()


def test_the_budget_is_in_the_currency_and_the_basis_of_its_forecast(api: Api) -> None:
    rates = [{"currency": "JPY", "per": "USD", "rate": "150", "from": "2026-01-01"}]
    forecast_id = budgets.forecast(api, currency="JPY", exchange_rates=rates, budget_basis="billed")
    made = budgets.draft(api, forecast_id)
    assert (made["currency"], made["basis"]) == ("JPY", "billed")
    assert Decimal(made["amount"]) == Decimal(made["amount"]).to_integral_value()
    assert "." not in made["amount"]


def _fail(api: Api, forecast_id: UUID) -> None:
    """Ends the forecast as a worker does whose computation broke."""
    token, now = uuid4(), datetime.now(UTC)
    with api.database.system() as session:
        claims.claim(session, forecast_id, workspace_id=api.workspace_id, token=token, lease_seconds=9, now=now)
    with api.database.tenant(api.workspace_id) as session:
        claims.fail(session, forecast_id, token=token, problem={"type": "/problems/internal"}, now=now)


def _approve_at_once(api: Api, which: list[tuple[str, int]]) -> list[BudgetRecord | StoreError]:
    together = Barrier(len(which))

    def approve(one: tuple[str, int]) -> BudgetRecord | StoreError:
        try:
            with api.database.tenant(api.workspace_id) as session:
                together.wait(timeout=10)
                return versions.approve(
                    session,
                    UUID(one[0]),
                    expected_version=one[1],
                    reason="race",
                    actor="key/test",
                    now=datetime.now(UTC),
                )
        except StoreError as error:
            return error

    with ThreadPoolExecutor(len(which)) as pool:
        return list(pool.map(approve, which))


@pytest.mark.parametrize(
    ("horizon", "covers"),
    [
        ({"first_month": "2027-01", "months": 3}, True),
        ({"first_month": "2026-12", "months": 12}, True),
        ({"first_month": "2027-02", "months": 2}, False),
        ({"first_month": "2026-12", "months": 3}, False),
    ],
)
def test_a_budget_is_compared_with_a_forecast_that_covers_it_whole(
    api: Api,
    horizon: dict[str, Any],
    covers: bool,  # noqa: FBT001 - a column of the table.
) -> None:
    budget = budgets.approved(api)
    later = budgets.forecast(api, requests=2_000_000, horizon=horizon)
    compared = api.get(f"/v1/budgets/{budget['id']}/variance").json()
    assert compared["forecast_id"] == (later if covers else budget["forecast_id"])
    asked = api.get(f"/v1/budgets/{budget['id']}/variance", params={"forecast": later}).json()
    assert asked["forecast_id"] == later


def test_months_before_that_of_a_forecast_need_no_forecast(api: Api) -> None:
    whole = {"first_month": "2026-10", "months": 6}
    budget = budgets.approved(api, budgets.forecast(api, horizon=whole, as_of="2026-09-15"))
    later = {"first_month": "2026-11", "months": 5}
    rest = budgets.forecast(api, requests=2_000_000, horizon=later, as_of="2026-11-15")
    assert api.get(f"/v1/budgets/{budget['id']}/variance").json()["forecast_id"] == rest
