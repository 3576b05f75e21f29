"""Bridges: why one finished forecast costs other than another, to the cent."""

from typing import Literal

from tokencast.client.resources.resource import Resource, at
from tokencast.client.shapes.explanations import BridgeOut


class Bridges(Resource):
    def get(self, to: str, *, from_: str) -> BridgeOut:
        """From the earlier forecast `from_` to the later one."""
        return self._connection.get(at("forecasts", to, "bridge"), BridgeOut, query={"from": from_})

    def chart(
        self,
        to: str,
        *,
        from_: str,
        file: str = "bridge.svg",
        theme: Literal["light", "dark"] | None = None,
        size: Literal["wide", "phone"] | None = None,
    ) -> bytes:
        """The waterfall as the file that is named."""
        query = {"from": from_, "theme": theme, "size": size}
        return self._connection.read(at("forecasts", to, "bridge", "charts", file), query=query)
