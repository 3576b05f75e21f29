"""The file that is imported."""

import sys
from pathlib import Path

import click

FILE = click.Path(dir_okay=False, allow_dash=True, path_type=Path)


def read(file: Path) -> bytes:
    """What FILE holds, or standard input where it is `-`."""
    try:
        return sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise click.BadParameter(f"{file} cannot be read: {error.strerror}", param_hint="FILE") from None
