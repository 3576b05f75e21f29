"""What the log of a delivery says where no connection came about: in words, without the system's numbers."""

import asyncio
import socket
from ipaddress import ip_network

from service.webhooks.addresses import AddressRule, Resolve
from service.webhooks.sending import Sender


def _error(resolve: Resolve) -> str | None:
    async def attempt() -> str | None:
        rule = AddressRule(allowed=(ip_network("127.0.0.0/8"),))
        async with Sender(rule, resolve=resolve, seconds_to_answer=5) as sender:
            return (await sender.post("http://hooks.example:9/", {}, b"{}")).error

    return asyncio.run(attempt())


def test_a_name_that_does_not_resolve_is_said_to_be_one() -> None:
    def unknown(_host: str, _port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    assert _error(unknown) == "no connection: the name does not resolve"


def test_a_closed_port_is_told_without_the_number_of_the_error() -> None:
    error = _error(lambda _host, _port: ["127.0.0.1"])
    assert error is not None
    assert error.startswith("no connection: Connect")
    assert "Errno" not in error
