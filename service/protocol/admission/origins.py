"""Where a request comes from: by https or not, under which address, and from a page of ours or of somebody else."""

from typing import Any
from urllib.parse import urlsplit

from litestar.connection import ASGIConnection

from service.refusals import CsrfRefused

_ELSEWHERE = "the request comes from a page of another site"

Connection = ASGIConnection[Any, Any, Any, Any]


def came_by_https(connection: Connection, public_url: str | None) -> bool:
    """Whether the browser speaks https; behind a proxy that ends it only the public address can tell."""
    return connection.scope["scheme"] == "https" or (public_url or "").startswith("https://")


def address_of_service(connection: Connection, public_url: str | None) -> str:
    """The address without a slash at its end: the public one, or else the one that the request was sent to."""
    return public_url or f"{connection.scope['scheme']}://{connection.headers.get('host', '')}"


def require_same_origin(connection: Connection, public_url: str | None) -> None:
    """Raises CsrfRefused where the browser says that another site's page sent the request.

    Browsers say so in `Origin` with every POST, and in `Sec-Fetch-Site` over https and to this machine; what sends
    neither is no browser, and has no cookie that another site could borrow.
    """
    site = connection.headers.get("sec-fetch-site")
    if site is not None and site != "same-origin":
        raise CsrfRefused(_ELSEWHERE)
    origin = connection.headers.get("origin")
    if origin is None:
        return
    # A proxy that ends https leaves http here and https in Origin, so the address alone is compared.
    ours = {connection.headers.get("host", "").lower(), urlsplit(public_url or "").netloc.lower()} - {""}
    scheme, _, address = origin.partition("://")
    if scheme not in {"http", "https"} or address.lower() not in ours:
        raise CsrfRefused(_ELSEWHERE)
