"""Every page of the console by name, and what a test may ask of any page."""

from collections.abc import Sequence

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# Their addresses, in which names in braces are ids of an estate.
FULL = {
    "home": "/",
    "forecasts": "/forecasts",
    "new forecast": "/forecasts/new",
    "forecast": "/forecasts/{forecast}",
    "cancelled forecast": "/forecasts/{cancelled}",
    "lines": "/forecasts/{forecast}/lines",
    "line": "/forecasts/{forecast}/lines/0",
    "bridge": "/forecasts/{forecast}/bridge",
    "workloads": "/workloads",
    "new workload": "/workloads/new",
    "workload": "/workloads/{workload}",
    "fleets": "/fleets",
    "new fleet": "/fleets/new",
    "fleet": "/fleets/{fleet}",
    "budgets": "/budgets",
    "new budget": "/budgets/new?forecast={forecast}",
    "approved budget": "/budgets/{budget}",
    "draft budget": "/budgets/{draft}",
    "prices": "/prices",
    "model's prices": "/prices/model?model=deepseek/deepseek-v4-pro",
    "own model's prices": "/prices/model?model=acme/acme-1",
    "proposals": "/prices/proposals",
    "decoders": "/decoders",
    "decoder": "/decoders/eagle3",
    "schedules": "/schedules",
    "new schedule": "/schedules/new",
    "schedule": "/schedules/{schedule}",
    "usage": "/usage",
    "month of usage": "/usage/{usage_month}",
    "webhooks": "/webhooks",
    "webhook": "/webhooks/{webhook}",
    "delivery": "/webhooks/deliveries/{delivery}",
    "dead letters": "/webhooks/dead-letters",
    "keys": "/keys",
    "problem": "/forecasts/none",
}
# What says something else where there is nothing.
EMPTY = {
    "home": "/",
    "forecasts": "/forecasts",
    "workloads": "/workloads",
    "fleets": "/fleets",
    "budgets": "/budgets",
    "new budget": "/budgets/new",
    "proposals": "/prices/proposals",
    "decoder": "/decoders/eagle3",
    "schedules": "/schedules",
    "usage": "/usage",
    "webhooks": "/webhooks",
}

_SCROLLED_THROUGH = """async (seconds) => {
  const charts = [...document.querySelectorAll("[data-chart]")].filter((one) => !one.closest("details:not([open])"));
  const end = performance.now() + 1000 * seconds;
  for (const chart of charts) {
    chart.scrollIntoView();
    while (!chart.querySelector(".drawn svg") && performance.now() < end) await new Promise(requestAnimationFrame);
  }
  scrollTo(0, 0);
  return charts.filter((one) => !one.querySelector(".drawn svg")).map((one) => one.dataset.chart);
}"""
_AXE = """async ({within, ...options}) => {
  const where = within.length ? {include: within.map((one) => [one])} : document;
  const found = (await axe.run(where, {resultTypes: ["violations"], ...options})).violations;
  return found.filter((one) => ["serious", "critical"].includes(one.impact)).flatMap((one) =>
    one.nodes.slice(0, 3).map((node) => `${one.id} (${one.impact}): ${node.html.slice(0, 200)}`));
}"""


def charts_not_drawn(page: Page) -> list[str]:
    """Scrolls through the page until each of its charts has been drawn; the addresses of those that never were."""
    return list(page.evaluate(_SCROLLED_THROUGH, 20))


def too_wide(page: Page) -> str:
    """How the page does not fit its window; nothing where it does."""
    wide, window = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    return "" if wide <= window else f"{wide} wide in a window of {window}"


def barriers(page: Page, *rules: str, within: Sequence[str] = ()) -> list[str]:
    """What axe-core calls serious or critical, in words; by these rules, or within these selectors, where some are."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    asked = {"within": list(within), **({"runOnly": list(rules)} if rules else {})}
    return list(page.evaluate(_AXE, asked))
