"""The script that draws a chart's definition in a page, as one ES module, from the library that draws files."""

from functools import cache

import vl_convert

# Expressions are interpreted, so a page that allows no evaluation of text can draw too.
_EXPORTS = """
export async function tokencastChart(element, spec) {
  const options = {
    ast: true, renderer: "svg", actions: false, defaultStyle: false, tooltip: { disableDefaultStyle: true },
  };
  return (await vegaEmbed(element, spec, options)).view;
}
"""


@cache
def browser_bundle() -> bytes:
    return vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;").encode() + _EXPORTS.encode()
