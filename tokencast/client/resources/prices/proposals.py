"""Prices that catalogues publish, until somebody accepts or rejects them."""

from collections.abc import Iterator

from tokencast.client.resources.resource import Resource, at
from tokencast.client.shapes.prices import ProposalDecisionIn, ProposalDecisionOut, ProposalOut


class Proposals(Resource):
    """A decision names open proposals by `ids`, or all of a `provider`'s `model`."""

    def each(
        self, *, status: str | None = None, provider: str | None = None, model: str | None = None
    ) -> Iterator[ProposalOut]:
        query = {"status": status, "provider": provider, "model": model}
        return self._connection.pages(at("prices", "proposals"), ProposalOut, query)

    def accept(self, which: ProposalDecisionIn) -> ProposalDecisionOut:
        return self._connection.post(at("prices", "proposals", "accept"), ProposalDecisionOut, which)

    def reject(self, which: ProposalDecisionIn) -> ProposalDecisionOut:
        return self._connection.post(at("prices", "proposals", "reject"), ProposalDecisionOut, which)
