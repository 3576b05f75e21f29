"""Pictures of a finished forecast."""

from typing import Literal

from tokencast.client.resources.resource import Resource, at


class Charts(Resource):
    def get(
        self,
        forecast_id: str,
        file: str,
        *,
        theme: Literal["light", "dark"] | None = None,
        size: Literal["wide", "phone"] | None = None,
        fleet: str | None = None,
    ) -> bytes:
        """A chart as PNG, SVG or Vega-Lite, by the ending of `file`: months.png, tornado.svg, outlooks.json."""
        query = {"theme": theme, "size": size, "fleet": fleet}
        return self._connection.read(at("forecasts", forecast_id, "charts", file), query=query)
