"""How long a request waits for a forecast before it is answered as it stands."""

FINISHED = frozenset({"succeeded", "failed", "cancelled"})
MOST_SECONDS_TO_WAIT = 60


def prefer_wait(seconds: int | None) -> dict[str, str]:
    """The header of RFC 7240 that asks to wait; nothing for None."""
    return {} if seconds is None else {"Prefer": f"wait={seconds}"}
