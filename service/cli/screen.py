"""What people see: tables on standard output, and progress on standard error."""

import contextlib
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_WIDTH_OF_A_FILE = 120
_BEFORE_IT_RUNS = frozenset({"queued"})


def results() -> "Console":
    """Standard output; as wide as the terminal, or a fixed width where there is none."""
    from rich.console import Console

    width = None if sys.stdout.isatty() else _WIDTH_OF_A_FILE
    return Console(width=width, markup=False, highlight=False, emoji=False)


def table(title: str, *columns: str, numbers: int) -> "Table":
    """An empty table whose last `numbers` columns are aligned as numbers."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    made = Table(title=Text(title), title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for index, column in enumerate(columns):
        number = index >= len(columns) - numbers
        made.add_column(Text(column), justify="right" if number else "left", no_wrap=number, overflow="fold")
    return made


@contextlib.contextmanager
def working(what: str) -> Iterator[None]:
    """A spinner on standard error while something runs whose length is not known; nothing where that is no terminal."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(what):
        yield


@contextlib.contextmanager
def forecast_progress() -> Iterator[Callable[[Mapping[str, Any]], None]]:
    """A bar on standard error that each state moves; where that is no terminal, a line for each new status."""
    if not sys.stderr.isatty():
        last = ""

        def tell(state: Mapping[str, Any]) -> None:
            nonlocal last
            if state["status"] != last:
                last = state["status"]
                click.echo(f"tokencast: forecast {state['id']}: {last}", err=True)

        yield tell
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("queued", total=1.0)

        def move(state: Mapping[str, Any]) -> None:
            fraction = None if state["status"] in _BEFORE_IT_RUNS else state["progress_fraction"]
            progress.update(task, description=state["status"], completed=fraction or 0.0)

        yield move


@contextlib.contextmanager
def progress_of(what: str) -> Iterator[Callable[[float], None]]:
    """A bar on standard error that each fraction done moves; where that is no terminal, one line says what is done."""
    if not sys.stderr.isatty():
        click.echo(f"tokencast: {what}", err=True)
        yield lambda _fraction: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=1.0)
        yield lambda fraction: progress.update(task, completed=fraction)
