"""The command line. Every command imports what it needs when it runs, so that `tokencast --help` answers at once."""

from service.cli.root import main

__all__ = ["main"]
