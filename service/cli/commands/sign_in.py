"""`tokencast sign-in`: a link into the console for a browser."""

import click

from service.cli.connection import running_service_client
from service.cli.failures import answers_reported


@click.command("sign-in", short_help="Print a link that signs a browser in to the console.")
@click.option("--json", "as_json", is_flag=True, help="Print the service's answer as JSON.")
def sign_in(*, as_json: bool) -> None:
    """Print a link that signs a browser in to the console, once and within 15 minutes.

    Who opens it may do what the command's own key may, until they sign out: the link is a secret like the key.
    """
    with answers_reported("sign-in"), running_service_client() as client:
        link = client.sign_in_links.create()
    if as_json:
        import msgspec

        click.echo(msgspec.json.format(msgspec.json.encode(link), indent=2))
    else:
        click.echo(link["url"])
