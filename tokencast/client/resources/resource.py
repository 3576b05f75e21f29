"""What every resource of a client is made of."""

from urllib.parse import quote

from tokencast.client.connection import Connection


class Resource:
    """Methods are named after what the API's operations do; each of them is one request, unless it says otherwise."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection


def at(*steps: str) -> str:
    """The path under /v1 of these steps, each of which may hold any text."""
    return "/".join(["/v1", *(quote(step, safe="") for step in steps)])
