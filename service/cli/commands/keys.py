"""`tokencast keys`: API keys of the workspace."""

import os
from typing import TYPE_CHECKING, Literal

import click

from service.cli.connection import running_service_client
from service.cli.failures import BadInput, Failure, answers_reported, plain

if TYPE_CHECKING:
    from tokencast.client.shapes.service import KeyCreated

Scope = Literal["read", "write", "approve", "admin"]

SCOPES: tuple[Scope, ...] = ("read", "write", "approve", "admin")


@click.group(short_help="Make, list and revoke API keys.")
def keys() -> None:
    """Make, list and revoke API keys of your workspace.

    A key is the whole right to use the service within its scopes: read, write (the estate, forecasts,
    schedules), approve (budgets) and admin (keys and webhooks, which send events to addresses outside).
    """


@keys.command()
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice(SCOPES),
    help="What the key may do; repeat it for several. Default: read and write.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the service's answer as JSON.")
@click.option(
    "--in-database",
    "workspace",
    metavar="WORKSPACE",
    help="Make the key in the database of TOKENCAST_DATABASE_URL, without the service: a deployment's first key.",
)
def create(name: str, *, scopes: tuple[Scope, ...], as_json: bool, workspace: str | None) -> None:
    """Make a key called NAME and print its secret, which is never shown again.

    The secret alone goes to standard output: KEY=$(tokencast keys create ci --scope read)
    """
    chosen: tuple[Scope, ...] = scopes or ("read", "write")
    with answers_reported("keys create"):
        if workspace is not None:
            made = _create_in_database(workspace, name, chosen)
        else:
            with running_service_client() as client:
                made = client.keys.create(name, chosen)
    if as_json:
        _print_json(made)
        return
    click.echo(f"tokencast: this is the only time that the secret of {plain(name)!r} is shown:", err=True)
    click.echo(made["secret"])


@keys.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print the keys as JSON.")
def list_keys(*, as_json: bool) -> None:
    """List the keys of the workspace, revoked ones too; never their secrets."""
    with answers_reported("keys list"), running_service_client() as client:
        found = list(client.keys.each())
    if as_json:
        _print_json({"items": found})
        return
    from rich.text import Text

    from service.cli.screen import results, table

    shown = table("", "Id", "Name", "Begins with", "Scopes", "Made", "Last used", "State", numbers=0)
    for key in found:
        shown.add_row(
            key["id"],
            Text(plain(key["name"])),
            f"tck_{key['prefix']}",
            " ".join(key["scopes"]),
            _minute(key["created_at"]),
            _minute(key["last_used_at"]),
            "revoked" if key["revoked_at"] else "valid",
        )
    results().print(shown)


@keys.command()
@click.argument("key_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="Print the service's answer as JSON.")
def revoke(key_id: str, *, as_json: bool) -> None:
    """Revoke the key with this ID (see `tokencast keys list`), at once and for ever."""
    with answers_reported("keys revoke"), running_service_client() as client:
        revoked = client.keys.revoke(key_id)
    if as_json:
        _print_json(revoked)
    else:
        click.echo(f"revoked {plain(revoked['name'])} ({revoked['id']})")


def _create_in_database(workspace: str, name: str, scopes: tuple[str, ...]) -> "KeyCreated":
    import msgspec
    from sqlalchemy.exc import OperationalError, ProgrammingError

    from service.local.first_key import create_key_in_database
    from service.schemas import key as wire

    url = os.environ.get("TOKENCAST_DATABASE_URL")
    if not url:
        raise BadInput("TOKENCAST_DATABASE_URL", "must be set for --in-database")
    try:
        record, secret = create_key_in_database(url, workspace=workspace, name=name, scopes=scopes)
    except ValueError as error:
        raise BadInput("TOKENCAST_DATABASE_URL", str(error)) from None
    except (OperationalError, ProgrammingError) as error:
        raise Failure(f"the database cannot be used: {error.orig}") from None
    made: KeyCreated = msgspec.to_builtins(wire.KeyCreated(key=wire.key_out(record), secret=secret))
    return made


def _print_json(document: object) -> None:
    import msgspec

    click.echo(msgspec.json.format(msgspec.json.encode(document), indent=2))


def _minute(moment: str | None) -> str:
    return "never" if moment is None else moment[:16].replace("T", " ")
