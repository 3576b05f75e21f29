"""`tokencast webhooks`: endpoints that events are sent to, and what became of each delivery."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, cast

import click

from service.cli.connection import running_service_client
from service.cli.failures import answers_reported, plain

if TYPE_CHECKING:
    from tokencast.client.shapes.webhooks import DeliveryOut, WebhookIn, WebhookSecret

Status = Literal["dead", "delivered", "pending"]

_JSON = click.option("--json", "as_json", is_flag=True, help="Print the service's answer as JSON.")
_ID = click.argument("webhook_id", metavar="ID")


@click.group(short_help="Have events sent to addresses, and see what arrived.")
def webhooks() -> None:
    """Have events sent to addresses, signed as Standard Webhooks, and see what arrived.

    docs/webhooks.md says what receivers get and how they verify it.
    """


@webhooks.command()
@click.argument("url")
@click.option("--event", "events", multiple=True, metavar="NAME", help="Only this event; repeatable. Default: all.")
@click.option("--description", default="", help="What the endpoint is for.")
@click.option("--cloudevents", is_flag=True, help="Send CloudEvents 1.0 instead of {type, timestamp, data}.")
@_JSON
def create(url: str, *, events: tuple[str, ...], description: str, cloudevents: bool, as_json: bool) -> None:
    """Have events sent to URL, and print the secret that signs them, which is never shown again.

    The secret alone goes to standard output: SECRET=$(tokencast webhooks create https://example.com/hooks)
    """
    declared = {
        "url": url,
        "description": description,
        "events": list(events) or None,
        "envelope": "cloudevents" if cloudevents else "standard",
    }
    with answers_reported("webhooks create"), running_service_client() as client:
        made = client.webhooks.create(cast("WebhookIn", declared))  # the service says which words are none of its
    _tell_secret(made, as_json=as_json)


@webhooks.command("list")
@_JSON
def list_webhooks(*, as_json: bool) -> None:
    """List the endpoints of the workspace; never their secrets."""
    with answers_reported("webhooks list"), running_service_client() as client:
        found = list(client.webhooks.each())
    rows = [
        (
            one["id"],
            one["url"],
            " ".join(one["events"] or ["all"]),
            one["disabled_reason"] or ("fails" if one["failing_since"] else "well"),
        )
        for one in found
    ]
    _show(found, ("Id", "Address", "Events", "State"), rows, as_json=as_json)


@webhooks.command()
@_ID
def delete(webhook_id: str) -> None:
    """Delete the endpoint ID, with its deliveries and their log."""
    with answers_reported("webhooks delete"), running_service_client() as client:
        held = client.webhooks.get(webhook_id)
        client.webhooks.delete({"id": held["id"], "version": held["version"]})
    click.echo(f"deleted {plain(held['url'])}")


@webhooks.command()
@_ID
@click.option("--overlap-hours", type=float, default=24.0, show_default=True, help="How long the old one signs too.")
@_JSON
def rotate(webhook_id: str, *, overlap_hours: float, as_json: bool) -> None:
    """Exchange the secret of the endpoint ID, and print the new one, which is never shown again."""
    with answers_reported("webhooks rotate"), running_service_client() as client:
        made = client.webhooks.rotate_secret(webhook_id, overlap_hours=overlap_hours)
    _tell_secret(made, as_json=as_json)


@webhooks.command("test")
@_ID
@_JSON
def test_endpoint(webhook_id: str, *, as_json: bool) -> None:
    """Send the event webhook.test to the endpoint ID."""
    with answers_reported("webhooks test"), running_service_client() as client:
        sent = client.webhooks.test(webhook_id)
    if as_json:
        _print_json(sent)
    else:
        click.echo(f"sent as {sent['message_id']}: `tokencast webhooks deliveries {webhook_id}` tells what came back")


@webhooks.command()
@click.argument("webhook_id", metavar="[ID]", required=False)
@click.option("--status", type=click.Choice(["pending", "delivered", "dead"]), help="Only those.")
@_JSON
def deliveries(webhook_id: str | None, *, status: Status | None, as_json: bool) -> None:
    """List what was and is to be sent to the endpoint ID, the newest first; without an ID, all dead letters."""
    with answers_reported("webhooks deliveries"), running_service_client() as client:
        if webhook_id is None:
            if status not in (None, "dead"):
                raise click.UsageError("give the ID of an endpoint for deliveries that are not dead")
            found = list(client.webhooks.dead_letters())
        else:
            found = list(client.webhooks.deliveries(webhook_id, status=status))
    rows = [
        (one["id"], one["event"], one["subject"], one["status"], str(one["attempts"]), _outcome(one)) for one in found
    ]
    _show(found, ("Id", "Event", "Subject", "Status", "Attempts", "Last"), rows, as_json=as_json)


@webhooks.command()
@click.argument("ids", metavar="[DELIVERY]...", nargs=-1)
@click.option("--dead", "webhook_id", metavar="ID", help="Every dead letter of this endpoint, or of `all`.")
def replay(ids: tuple[str, ...], webhook_id: str | None) -> None:
    """Send deliveries again that have ended, under their first ids."""
    if bool(ids) == (webhook_id is not None):
        raise click.UsageError("give the ids of deliveries, or --dead ID, or --dead all")
    with answers_reported("webhooks replay"), running_service_client() as client:
        if webhook_id is not None:
            whose = None if webhook_id == "all" else webhook_id
            count = client.webhooks.replay_dead_letters(webhook_id=whose)["replayed"]
        else:
            count = len([client.webhooks.replay(one) for one in ids])
    click.echo(f"{count} to be sent again")


def _tell_secret(made: "WebhookSecret", *, as_json: bool) -> None:
    if as_json:
        _print_json(made)
        return
    click.echo(f"tokencast: this is the only time that the secret of {made['webhook']['id']} is shown:", err=True)
    if until := made["previous_secret_until"]:
        click.echo(f"tokencast: the one before signs too until {_minute(until)} UTC", err=True)
    click.echo(made["secret"])


def _outcome(one: "DeliveryOut") -> str:
    if one["status"] == "pending" and one["next_attempt_at"] and one["attempts"]:
        return f"{one['last_error']}; next at {_minute(one['next_attempt_at'])}"
    return one["last_error"] or str(one["last_status_code"] or "")


def _show(found: Sequence[object], columns: tuple[str, ...], rows: Sequence[tuple[str, ...]], *, as_json: bool) -> None:
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

    click.echo(msgspec.json.format(msgspec.json.encode(document), indent=2))


def _minute(moment: str) -> str:
    return moment[:16].replace("T", " ")
