"""Who is signed in on pages."""

from service.protocol.requests import Incoming


def csrf_token(request: Incoming) -> str:
    return "" if request is None else "none"
