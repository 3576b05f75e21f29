"""How a command ends badly: exit code 1 or 2, and lines for people on standard error."""

import contextlib
from collections.abc import Iterable, Iterator
from typing import IO, Any, Protocol

import click


class FieldProblem(Protocol):
    """What is wrong with one field; a protocol, since importing the kernel's own class would import the kernel."""

    @property
    def pointer(self) -> str: ...

    @property
    def detail(self) -> str: ...


class Failure(click.ClickException):
    """A forecast failed, or a server could not be reached: exit code 1."""

    exit_code = 1

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(f"tokencast: error: {plain(self.message)}", file=file, err=True)


class BadInput(click.ClickException):
    """What was given cannot be used: exit code 2, one line for each bad field, beginning with its JSON pointer.

    `source` stands for the pointer of the whole document, which is empty; `inside` is where in the request that
    document was.
    """

    exit_code = 2

    def __init__(self, source: str, what: str | Iterable[FieldProblem], *, inside: str = "") -> None:
        if isinstance(what, str):
            self.lines = [f"{source}: {what}"]
        else:
            self.lines = [f"{one.pointer.removeprefix(inside) or source}: {one.detail}" for one in what]
        super().__init__("\n".join(self.lines))

    def show(self, file: IO[Any] | None = None) -> None:
        for line in self.lines:
            click.echo(plain(line), file=file, err=True)


@contextlib.contextmanager
def answers_reported(source: str, *, inside: str = "") -> Iterator[None]:
    """Turns what the client raises into exit codes; see BadInput for both arguments."""
    from tokencast.client import Refused, Unreachable

    try:
        yield
    except Unreachable as error:
        raise Failure(str(error)) from None
    except Refused as error:
        if not error.is_bad_input:
            raise Failure(f"the service answered {error.status}: {error.detail}") from None
        raise BadInput(source, error.problems or error.detail, inside=inside) from None


def plain(text: str) -> str:
    """The text on one line, without anything that would steer a terminal."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode() for character in text
    )
