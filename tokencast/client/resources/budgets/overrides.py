"""Overrides: months or lines of a draft that are budgeted at another amount than was computed."""

from tokencast.client.resources.resource import Resource, at
from tokencast.client.shapes.budgets import OverrideIn, OverrideOut


class Overrides(Resource):
    def add(self, budget_id: str, override: OverrideIn, *, idempotency_key: str | None = None) -> OverrideOut:
        return self._connection.post(
            at("budgets", budget_id, "overrides"), OverrideOut, override, idempotency_key=idempotency_key
        )

    def all_of(self, budget_id: str) -> list[OverrideOut]:
        """In the order they were made, withdrawn and expired ones too."""
        return self._connection.items(at("budgets", budget_id, "overrides"), OverrideOut)

    def withdraw(self, budget_id: str, override_id: str) -> OverrideOut:
        """The computed amount counts again."""
        return self._connection.post(at("budgets", budget_id, "overrides", override_id, "withdraw"), OverrideOut)
