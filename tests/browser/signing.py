"""Ways into the console."""

from playwright.sync_api import Page

from tests.browser.conftest import Workspace


def sign_in(page: Page, key: str) -> None:
    page.get_by_label("API key").fill(key)
    page.get_by_role("button", name="Sign in").click()


def signed_in(page: Page, workspace: Workspace, path: str = "/") -> None:
    """Opens a page of the console as somebody with the workspace's key."""
    page.goto(f"/sign-in?next={path}")
    sign_in(page, workspace.key)
    page.wait_for_url(f"{workspace.url}{path}")


def link_of(workspace: Workspace) -> str:
    with workspace.api as api:
        return str(api.post("/v1/sign-in-links").json()["url"])
