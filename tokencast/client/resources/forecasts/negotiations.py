"""Negotiation briefs: what can be asked of a provider that a finished forecast pays."""

from tokencast.client.resources.resource import Resource, at
from tokencast.client.shapes.explanations import NegotiationOut


class Negotiations(Resource):
    def get(self, forecast_id: str, provider: str) -> NegotiationOut:
        return self._connection.get(at("forecasts", forecast_id, "negotiation", provider), NegotiationOut)

    def page(self, forecast_id: str, provider: str) -> bytes:
        """The brief as a page to print, complete in one HTML file."""
        return self._connection.read(at("forecasts", forecast_id, "negotiation", f"{provider}.html"))
