"""Using a page without a pointer."""

from typing import Literal

from playwright.sync_api import Locator, Page

# More than any page of the tests has controls.
_MOST_STOPS = 400
_STOP = """(wanted) => {
  const here = document.activeElement;
  const style = getComputedStyle(here);
  const seen = here === document.body || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0);
  return [here === wanted, seen ? "" : here.outerHTML.slice(0, 200)];
}"""


def reach(page: Page, control: Locator) -> None:
    """Presses Tab until the control has the focus; whatever has it on the way has to show it."""
    wanted = control.element_handle()
    for _ in range(_MOST_STOPS):
        page.keyboard.press("Tab")
        there, unseen = page.evaluate(_STOP, wanted)
        assert not unseen, f"it does not show that it has the focus: {unseen}"
        if there:
            return
    raise AssertionError(f"no Tab leads to {control}")


def press(page: Page, name: str, *, role: Literal["button", "link"] = "button") -> None:
    """Goes to a button or link of this name and presses Enter."""
    reach(page, page.get_by_role(role, name=name, exact=True).first)
    page.keyboard.press("Enter")


def write(page: Page, label: str, text: str) -> None:
    """Goes to the field of this label and types, in the place of what it holds."""
    reach(page, page.get_by_label(label, exact=True).first)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)
