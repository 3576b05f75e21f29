"""Pages without scripts, on paper, and out of the browser's memory."""

from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import keeping_chromium, watched_page
from tests.browser.conftest import Opened, Workspace
from tests.browser.in_use import Estate
from tests.browser.signing import signed_in

# Of each chart, the pictures that are seen: where they come from, and nothing where they never came.
PICTURES = """async () => {
  const charts = [...document.querySelectorAll(".chart")].filter((one) => !one.closest("details:not([open])"));
  const seen = charts.map((one) => [...one.querySelectorAll("img")].filter((image) => image.checkVisibility()));
  for (const one of seen.flat()) {
    one.scrollIntoView();
    const end = performance.now() + 20000;
    while (!one.complete && performance.now() < end) await new Promise((go) => setTimeout(go, 20));
  }
  return seen.map((images) => images.map((one) => one.naturalWidth > 100 ? one.currentSrc : ""));
}"""


def test_a_page_without_scripts_shows_figures_tables_and_pictures(
    used: tuple[Workspace, Estate], opened: Opened
) -> None:
    workspace, estate = used
    with opened(java_script_enabled=False) as watched:
        page = watched.page
        signed_in(page, workspace)
        for path, pictures in (
            ("/forecasts/{forecast}", 5),
            ("/forecasts/{forecast}/bridge", 1),
            ("/budgets/{budget}", 1),
            ("/prices/model?model=deepseek/deepseek-v4-pro", 1),
            ("/decoders/eagle3", 1),
        ):
            page.goto(estate.address(path))
            assert page.get_by_role("table").count() > 0, path
            seen = page.evaluate(PICTURES)
            assert len(seen) >= pictures, path
            assert all(len(one) == 1 and one[0] for one in seen), seen
        page.goto("/workloads/new")
        expect(page.locator("noscript .notice")).to_be_visible()


def test_paper_has_no_controls_and_has_the_pictures(used: tuple[Workspace, Estate], opened: Opened) -> None:
    workspace, estate = used
    with opened(color_scheme="dark") as watched:
        page = watched.page
        signed_in(page, workspace)
        for path in ("/forecasts/{forecast}", "/budgets/{budget}"):
            page.goto(estate.address(path))
            page.emulate_media(media="print", color_scheme="light")
            for control in ("banner", "contentinfo", "button"):
                assert page.get_by_role(control).count() == 0, control  # type: ignore[arg-type]
            seen = page.evaluate(PICTURES)
            assert seen
            assert all(len(one) == 1 and "theme=light" in one[0] for one in seen), seen
            assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
            page.emulate_media(media="screen", color_scheme="dark")


def test_a_page_out_of_the_browsers_memory_is_shown_to_who_is_still_signed_in(
    browser: Browser, used: tuple[Workspace, Estate]
) -> None:
    workspace, _ = used
    with keeping_chromium(browser) as keeping, watched_page(keeping, workspace.url) as watched:
        page = watched.page
        signed_in(page, workspace, "/keys")
        page.evaluate("window.same = true")
        page.get_by_role("link", name="Budgets").click()
        page.wait_for_url("**/budgets")
        page.evaluate("history.back()")
        expect(page.get_by_role("heading", level=1)).to_have_text("Keys")
        assert _kept(page)
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url("**/sign-in")
        page.evaluate("history.back()")
        expect(page.get_by_label("API key")).to_be_visible()
        assert not _kept(page)


def _kept(page: Page) -> bool:
    """Whether it is the very page that was left."""
    return bool(page.evaluate("window.same === true"))
