"""Plans: a whole estate as one document, applied whole or not at all."""

from collections.abc import Iterator

from tokencast.client.resources.resource import Resource, at
from tokencast.client.shapes.plans import PlanApplied, PlanIn, PlanOut, PlanSummary
from tokencast.client.versions import Held, if_match


class Plans(Resource):
    """A plan may also be given as the bytes of a JSON document, as it is in a file."""

    def apply(
        self, plan: PlanIn | bytes, *, dry_run: bool = False, prune: bool = False, idempotency_key: str | None = None
    ) -> PlanApplied:
        """Creates and updates what the plan declares; with `dry_run` only tells what that would change.

        With `prune` it also deletes what the plan's last version declared and this one no longer does.
        """
        query = {"dry_run": dry_run or None, "prune": prune or None}
        return self._connection.post(at("plans"), PlanApplied, plan, query=query, idempotency_key=idempotency_key)

    def each(self, *, name: str | None = None) -> Iterator[PlanSummary]:
        return self._connection.pages(at("plans"), PlanSummary, {"name": name})

    def get(self, plan_id: str) -> PlanOut:
        return self._connection.get(at("plans", plan_id), PlanOut)

    def replace(self, held: Held, plan: PlanIn | bytes, *, dry_run: bool = False, prune: bool = False) -> PlanApplied:
        """The same as `apply` for a plan that is still as it was read; raises Stale where it is not."""
        query = {"dry_run": dry_run or None, "prune": prune or None}
        return self._connection.put(
            at("plans", held["id"]), PlanApplied, plan, headers=if_match(held["version"]), query=query
        )

    def delete(self, held: Held) -> None:
        """Forgets the document; what it declared stays."""
        self._connection.delete(at("plans", held["id"]), headers=if_match(held["version"]))
