"""Thresholds of a budget's name, and the alerts that crossing them raised."""

from tokencast.client.resources.resource import Resource, at
from tokencast.client.shapes.budgets import AlertOut, ThresholdIn, ThresholdOut


class Thresholds(Resource):
    def add(self, budget_id: str, threshold: ThresholdIn, *, idempotency_key: str | None = None) -> ThresholdOut:
        """The threshold; where the budget's name has the same one already, that one."""
        path = at("budgets", budget_id, "thresholds")
        return self._connection.post(path, ThresholdOut, threshold, idempotency_key=idempotency_key)

    def all_of(self, budget_id: str) -> list[ThresholdOut]:
        return self._connection.items(at("budgets", budget_id, "thresholds"), ThresholdOut)

    def remove(self, budget_id: str, threshold_id: str) -> None:
        """The alerts that it raised stay."""
        self._connection.delete(at("budgets", budget_id, "thresholds", threshold_id))

    def alerts(self, budget_id: str) -> list[AlertOut]:
        """Every crossing, the newest first, cleared ones too."""
        return self._connection.items(at("budgets", budget_id, "alerts"), AlertOut)
