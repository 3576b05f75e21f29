"""Instants, days and months as the renderer counts time."""

from datetime import UTC, datetime

_MONTH = "2027-01"


def milliseconds(text: str) -> int:
    """Of an ISO instant, a day's or a month's first instant; without a zone it is UTC."""
    instant = datetime.fromisoformat(f"{text}-01" if len(text) == len(_MONTH) else text)
    return int((instant if instant.tzinfo else instant.replace(tzinfo=UTC)).timestamp() * 1000)
