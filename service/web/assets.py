"""The console's static files: read once, named by what is in them, and so kept by browsers for ever."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from service.charts.browser import bundle_version

_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}


@dataclass(frozen=True, kw_only=True)
class Asset:
    """One file as it is sent; `packed` is the same, compressed by gzip."""

    media_type: str
    plain: bytes
    packed: bytes


@cache
def assets() -> dict[str, Asset]:
    """Every packaged static file by its name."""
    folder = resources.files("service.web").joinpath("static")
    return {
        file.name: packed_asset(file.name, file.read_bytes())
        for file in sorted(folder.iterdir(), key=lambda one: one.name)
        if file.name.rpartition(".")[2] in _TYPES
    }


@cache
def assets_version() -> str:
    """Changes whenever one of the files does, so that an address never means two things."""
    digest = hashlib.sha256(bundle_version().encode())
    for name, asset in assets().items():
        digest.update(name.encode() + asset.plain)
    return digest.hexdigest()[:16]


def address_of(name: str) -> str:
    """The address of a static file; its modules import each other by relative names and so get the same version."""
    return f"/static/{assets_version()}/{name}"


@cache
def packed_asset(name: str, plain: bytes) -> Asset:
    """A file under its name, whose ending says what it is; packed once."""
    return Asset(
        media_type=_TYPES[name.rpartition(".")[2]], plain=plain, packed=gzip.compress(plain, compresslevel=9, mtime=0)
    )
