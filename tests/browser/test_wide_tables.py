"""Tables that are wider than a phone: prices are seen without scrolling, and their models with it."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from tests.browser.chromium import Watched
from tests.browser.conftest import Workspace

Opened = Callable[..., AbstractContextManager[Watched]]

# Where the first row's name and its last rate are, in pixels from the left edge of the table's frame.
PLACES = """() => {
  const frame = document.querySelector(".scroll"), left = frame.getBoundingClientRect().left;
  const row = frame.querySelector("tbody tr");
  return {
    width: frame.clientWidth,
    table: frame.scrollWidth,
    name: row.querySelector("th").getBoundingClientRect().left - left,
    rate: [...row.querySelectorAll("td.number")].at(-2).getBoundingClientRect().right - left,
    hidden: frame.scrollLeft,
  };
}"""


def test_a_phone_shows_the_rates_at_once_and_keeps_the_model_in_sight(workspace: Workspace, opened: Opened) -> None:
    with opened(width=390, extra_http_headers={"Authorization": f"Bearer {workspace.key}"}) as watched:
        watched.page.goto("/prices", wait_until="networkidle")
        before = watched.page.evaluate(PLACES)
        assert before["table"] > before["width"]
        assert before["rate"] <= before["width"]
        watched.page.evaluate("document.querySelector('.scroll').scrollLeft = 10000")
        after = watched.page.evaluate(PLACES)
    assert after["hidden"] > 0
    assert after["name"] == before["name"]
