"""What a driver of the sensitivity is called."""

_KINDS = {
    "growth": "growth of",
    "noise": "noise of",
    "price": "prices of",
    "migration": "move from",
    "decoder": "decoder",
}


def driver_words(kind: str, name: str) -> str:
    """Such as `growth of support-chat`."""
    return f"{_KINDS.get(kind, kind)} {name}"
