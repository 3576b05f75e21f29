"""The script with which a page draws charts for itself: from the renderer's package, complete in one file."""

from functools import cache
from importlib.metadata import version

import vl_convert

from service.charts.rendering import LANGUAGE

# Expressions are interpreted, never compiled, and no style is put into the page: both would need a weaker content
# security policy. Definitions carry their data, so whatever one would load is refused.
_ENTRY = """
const tell = (row, clean) => `<table>${Object.entries(row)
  .filter(([, value]) => !["", "null", "undefined"].includes(String(value)))
  .map(([name, value]) => `<tr><th scope="row">${clean(name)}</th><td>${clean(value)}</td></tr>`).join("")}</table>`;
const refuse = () => Promise.reject(new Error("charts load nothing"));
export const tokencastChart = (element, spec) => vegaEmbed(element, spec, {
  ast: true,
  renderer: "svg",
  actions: false,
  defaultStyle: false,
  tooltip: { disableDefaultStyle: true, formatTooltip: tell },
  loader: { load: refuse, sanitize: refuse },
});
"""


def bundle_version() -> str:
    """Differs wherever the script does, and is known without making it."""
    return f"{version('vl-convert-python')} {LANGUAGE} {_ENTRY}"


@cache
def browser_bundle() -> bytes:
    """An ES module of about 0.9 MB; made once in a process, in a second or a few.

    It exports `tokencastChart(element, spec)`, which draws a definition into an element and answers a promise of
    vega-embed's result: `result.finalize()` before the element is drawn into again.
    """
    return vl_convert.javascript_bundle(_ENTRY, vl_version=LANGUAGE).encode()
