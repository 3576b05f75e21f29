"""Versions of budgets: put forward, submitted, approved, and held against what happens."""

from collections.abc import Iterator
from typing import Unpack

from tokencast.client.looks import Look, query_of
from tokencast.client.resources.resource import Resource, at
from tokencast.client.shapes.budgets import (
    BudgetComparisonOut,
    BudgetDecisionIn,
    BudgetIn,
    BudgetVersionOut,
    CommentIn,
    CommentOut,
)
from tokencast.client.versions import Held, if_match


class Budgets(Resource):
    """Whoever moves a budget holds it as they read it, so that nobody approves what they have not seen."""

    def create(self, budget: BudgetIn, *, idempotency_key: str | None = None) -> BudgetVersionOut:
        """Puts a finished forecast forward as the next version of a budget."""
        return self._connection.post(at("budgets"), BudgetVersionOut, budget, idempotency_key=idempotency_key)

    def each(self, *, name: str | None = None, status: str | None = None) -> Iterator[BudgetVersionOut]:
        """The versions of budgets, the newest first."""
        return self._connection.pages(at("budgets"), BudgetVersionOut, {"name": name, "status": status})

    def get(self, budget_id: str) -> BudgetVersionOut:
        return self._connection.get(at("budgets", budget_id), BudgetVersionOut)

    def delete(self, held: Held) -> None:
        """Deletes a draft."""
        self._connection.delete(at("budgets", held["id"]), headers=if_match(held["version"]))

    def submit(self, held: Held, reason: str) -> BudgetVersionOut:
        return self._move(held, "submit", reason)

    def approve(self, held: Held, reason: str) -> BudgetVersionOut:
        """Locks the budget (needs the scope approve); the version of its name approved before is superseded."""
        return self._move(held, "approve", reason)

    def return_(self, held: Held, reason: str) -> BudgetVersionOut:
        """Makes a submitted budget a draft again."""
        return self._move(held, "return", reason)

    def compare(self, budget_id: str, *, forecast_id: str | None = None) -> BudgetComparisonOut:
        """The budget against a forecast, by default the newest that covers it."""
        return self._connection.get(
            at("budgets", budget_id, "variance"), BudgetComparisonOut, query={"forecast": forecast_id}
        )

    def chart(
        self, budget_id: str, file: str = "months.svg", *, forecast_id: str | None = None, **look: Unpack[Look]
    ) -> bytes:
        """Budget, actual and forecast by month, as the file that is named."""
        query = {"forecast": forecast_id, **query_of(look)}
        return self._connection.read(at("budgets", budget_id, "charts", file), query=query)

    def comment(self, budget_id: str, comment: CommentIn, *, idempotency_key: str | None = None) -> CommentOut:
        """Explains the variance of a month, or of the whole budget."""
        path = at("budgets", budget_id, "comments")
        return self._connection.post(path, CommentOut, comment, idempotency_key=idempotency_key)

    def _move(self, held: Held, step: str, reason: str) -> BudgetVersionOut:
        decision: BudgetDecisionIn = {"reason": reason}
        headers = if_match(held["version"])
        return self._connection.post(at("budgets", held["id"], step), BudgetVersionOut, decision, headers=headers)
