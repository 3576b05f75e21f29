"""How a command ends badly: exit code 1 or 2, and lines for people on standard error."""

import contextlib
from collections.abc import Iterable, Iterator
from typing import IO, Any

import click

from forecasts.errors import Problem


class Failure(click.ClickException):
    """A forecast failed, or a server could not be reached: exit code 1."""

    exit_code = 1

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(f"tokencast: error: {plain(self.message)}", file=file, err=True)


class BadInput(click.ClickException):
    """What was given cannot be used: exit code 2, one line for each bad field, beginning with its JSON pointer.

    `source` stands for the pointer of the whole document, which is empty.
    """

    exit_code = 2

    def __init__(self, source: str, problems: Iterable[Problem]) -> None:
        self.lines = [f"{problem.pointer or source}: {problem.detail}" for problem in problems]
        super().__init__("\n".join(self.lines))

    def show(self, file: IO[Any] | None = None) -> None:
        for line in self.lines:
            click.echo(plain(line), file=file, err=True)


@contextlib.contextmanager
def answers_reported(source: str, *, inside: str = "") -> Iterator[None]:
    """Turns what the client raises into exit codes; `inside` is where in the request the user's own document was."""
    from service.client import Refused, Unreachable

    try:
        yield
    except Unreachable as error:
        raise Failure(str(error)) from None
    except Refused as error:
        if not error.is_bad_input:
            raise Failure(f"the service answered {error.status}: {error.detail}") from None
        problems = error.problems or (Problem(pointer="", detail=error.detail),)
        raise BadInput(
            source, [Problem(pointer=one.pointer.removeprefix(inside), detail=one.detail) for one in problems]
        ) from None


def plain(text: str) -> str:
    """The text on one line, without anything that would steer a terminal."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode() for character in text
    )
