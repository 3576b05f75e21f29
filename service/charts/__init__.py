"""Pictures of plain documents: one definition of each chart, for the page (Vega-Lite), as SVG and as PNG."""
