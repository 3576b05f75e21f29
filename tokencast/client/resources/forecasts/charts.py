"""Pictures of a finished forecast."""

from typing import Unpack

from tokencast.client.looks import Look, query_of
from tokencast.client.resources.resource import Resource, at


class Charts(Resource):
    def get(
        self,
        forecast_id: str,
        file: str,
        *,
        fleet: str | None = None,
        budget_id: str | None = None,
        **look: Unpack[Look],
    ) -> bytes:
        """A chart as PNG, SVG or Vega-Lite, by the ending of `file`: months.png, tornado.svg, outlooks.json.

        A budget is drawn beside the months.
        """
        query = {"fleet": fleet, "budget": budget_id, **query_of(look)}
        return self._connection.read(at("forecasts", forecast_id, "charts", file), query=query)
