"""What units are called."""

_WORDS = {"1000000 Tokens": "million tokens"}


def unit_words(unit: str) -> str:
    """`1000000 Tokens` is `million tokens`; others are codes, and said in words."""
    return _WORDS.get(unit) or unit.replace("_", " ").replace("-", " ")
