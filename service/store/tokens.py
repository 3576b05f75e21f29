"""Random secrets that are shown once and kept as hashes alone."""

import hashlib
import secrets

_BYTES = 32


def new_token() -> str:
    """256 random bits as text that may stand in a cookie or an address."""
    return secrets.token_urlsafe(_BYTES)


def hash_of(token: str) -> bytes:
    # Of 256 random bits: a slow password hash would cost every request and protect nothing more.
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()
