"""`tokencast schedule`: re-forecasts that recur, by a rule in local time."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, cast

import click

from service.cli.connection import running_service_client
from service.cli.failures import answers_reported, plain

if TYPE_CHECKING:
    from tokencast.client import Client
    from tokencast.client.shapes.schedules import ScheduleIn, ScheduleOut

_JSON = click.option("--json", "as_json", is_flag=True, help="Print the service's answer as JSON.")


@click.group(short_help="Make re-forecasts recur, and see what became of them.")
def schedule() -> None:
    """Make re-forecasts recur: by default on the first weekday of each month at 06:00, by the clock on the wall.

    Schedules are called by their names.
    """


@schedule.command()
@click.argument("name")
@click.option("--rule", help="An RRULE (RFC 5545), such as FREQ=MONTHLY;BYMONTHDAY=-1.")
@click.option("--starts", metavar="TIME", help="Local time from which it counts, such as 2027-01-04T06:00.")
@click.option("--time-zone", default="UTC", show_default=True, help="An IANA zone, such as Europe/Berlin.")
@click.option("--holiday-calendar", metavar="CODE", help="A packaged calendar, whose days move an occurrence on.")
@click.option("--holiday", "holidays", multiple=True, metavar="DATE", help="A day of your own that does; repeatable.")
@click.option("--catch-up", type=click.Choice(["latest", "all"]), help="What to make up for after an absence.")
@click.option("--plan", help="A stored plan, whose terms and workloads are forecast.")
@click.option("--workload", "workloads", multiple=True, help="A stored workload; repeatable. Default: all of them.")
@click.option("--fiscal-year", is_flag=True, help="Forecast the fiscal year of each run, not a rolling horizon.")
@click.option("--months", type=int, help="Months of the rolling horizon, that of the run being the first.")
@_JSON
def create(name: str, *, as_json: bool, fiscal_year: bool, months: int | None, **given: Any) -> None:
    """Make a schedule called NAME."""
    declared = {"name": name, **{field: value for field, value in given.items() if value}}
    horizon = {"kind": "fiscal_year"} if fiscal_year else {}
    declared["horizon"] = horizon if months is None else {**horizon, "months": months}
    with answers_reported("schedule create"), running_service_client() as client:
        made = client.schedules.create(cast("ScheduleIn", declared))
    if as_json:
        _print_json(made)
    else:
        click.echo(f"{plain(made['name'])} is next due at {_minute(made['next_due_at'])} UTC")


@schedule.command("list")
@_JSON
def list_schedules(*, as_json: bool) -> None:
    """List the schedules of the workspace."""
    with answers_reported("schedule list"), running_service_client() as client:
        found = list(client.schedules.each())
    columns = ("Name", "Rule", "Zone", "State", "Next due (UTC)")
    rows = [(one["name"], one["rule"], one["time_zone"], one["state"], _minute(one["next_due_at"])) for one in found]
    _show(found, columns, rows, as_json=as_json)


@schedule.command("next")
@click.argument("name")
@click.option("--count", type=click.IntRange(1, 100), default=10, show_default=True)
@_JSON
def list_occurrences(name: str, *, count: int, as_json: bool) -> None:
    """List the next dates of the schedule NAME."""
    with answers_reported("schedule next"), running_service_client() as client:
        found = client.schedules.occurrences(_named(client, name)["id"], count=count)
    rows = [
        (one["local"].replace("T", " "), _minute(one["due_at"]), "skipped" if one["skipped"] else "") for one in found
    ]
    _show(found, ("Local time", "UTC", ""), rows, as_json=as_json)


@schedule.command()
@click.argument("name")
@_JSON
def history(name: str, *, as_json: bool) -> None:
    """List what became of the occurrences of the schedule NAME, the newest first."""
    with answers_reported("schedule history"), running_service_client() as client:
        found = list(client.schedules.runs(_named(client, name)["id"]))
    rows = [
        (
            one["occurrence"] or "on demand",
            one["status"],
            one["forecast_id"] or (one["problem"] or {}).get("detail", ""),
            _minute(one["decided_at"]),
        )
        for one in found
    ]
    _show(found, ("Occurrence", "Status", "Forecast", "Decided (UTC)"), rows, as_json=as_json)


@schedule.command()
@click.argument("name")
@_JSON
def pause(name: str, *, as_json: bool) -> None:
    """Pause the schedule NAME; what falls due meanwhile does not run."""
    answer = _tell("pause", name)
    _say(answer, f"{plain(name)} is paused", as_json=as_json)


@schedule.command()
@click.argument("name")
@_JSON
def resume(name: str, *, as_json: bool) -> None:
    """Let the schedule NAME go on with its next occurrence."""
    answer = _tell("resume", name)
    _say(answer, f"{plain(name)} is next due at {_minute(answer['next_due_at'])} UTC", as_json=as_json)


@schedule.command()
@click.argument("name")
@_JSON
def skip(name: str, *, as_json: bool) -> None:
    """Skip the next occurrence of the schedule NAME that is to run."""
    answer = _tell("skip", name)
    _say(answer, f"{plain(answer['occurrence'])} is skipped", as_json=as_json)


@schedule.command()
@click.argument("name")
@_JSON
def run(name: str, *, as_json: bool) -> None:
    """Ask for the forecast of the schedule NAME now, beside its occurrences."""
    answer = _tell("run", name)
    _say(answer, answer["id"], as_json=as_json)


@schedule.command()
@click.argument("name")
def delete(name: str) -> None:
    """Delete the schedule NAME and its history; the forecasts it asked for stay."""
    with answers_reported("schedule delete"), running_service_client() as client:
        client.schedules.delete(_named(client, name))
    click.echo(f"deleted {plain(name)}")


def _tell(what: Literal["pause", "resume", "skip", "run"], name: str) -> Mapping[str, Any]:
    with answers_reported(f"schedule {what}"), running_service_client() as client:
        ways = {
            "pause": client.schedules.pause,
            "resume": client.schedules.resume,
            "skip": client.schedules.skip,
            "run": client.schedules.run,
        }
        return ways[what](_named(client, name)["id"])


def _named(client: "Client", name: str) -> "ScheduleOut":
    from tokencast.client import NotFound

    found = next(client.schedules.each(name=name), None)
    if found is None:
        raise NotFound(404, f"there is no schedule {name!r}")
    return found


def _say(answer: Mapping[str, Any], line: str, *, as_json: bool) -> None:
    if as_json:
        _print_json(answer)
    else:
        click.echo(line)


def _show(
    found: Sequence[Mapping[str, Any]], columns: Sequence[str], rows: Sequence[Sequence[str]], *, as_json: bool
) -> None:
    if as_json:
        _print_json({"items": found})
        return
    from rich.text import Text

    from service.cli.screen import results, table

    shown = table("", *columns, numbers=0)
    for row in rows:
        shown.add_row(*(Text(plain(cell)) for cell in row))
    results().print(shown)


def _print_json(document: object) -> None:
    import msgspec

    click.echo(msgspec.json.format(msgspec.json.encode(document), indent=2).decode())


def _minute(moment: str | None) -> str:
    return "never" if moment is None else moment[:16].replace("T", " ")
