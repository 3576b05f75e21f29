"""Bridges: why one finished forecast costs other than another, to the cent."""

from typing import Unpack

from tokencast.client.looks import Look, query_of
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
        **look: Unpack[Look],
    ) -> bytes:
        """The waterfall as the file that is named."""
        query = {"from": from_, **query_of(look)}
        return self._connection.read(at("forecasts", to, "bridge", "charts", file), query=query)
