"""The frame of every page to print: its style, the policy that forbids everything else, and escaped pieces."""

import base64
import hashlib
from collections.abc import Iterable
from html import escape

STYLE = """
:root { color-scheme: light; }
body { font: 15px/1.5 system-ui, sans-serif; color: #1b1f24; background: #fff; max-width: 60rem; margin: 2rem auto;
  padding: 0 1.25rem; }
h1 { font-size: 1.7rem; margin: 0; }
h2 { font-size: 1.15rem; margin: 2.2rem 0 .6rem; border-bottom: 2px solid #0072b2; padding-bottom: .2rem; }
h3 { font-size: 1rem; margin: 1.4rem 0 .4rem; }
p { margin: .4rem 0; }
.muted { color: #57606a; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)); gap: .8rem; margin: 1.2rem 0; }
.figure { border: 1px solid #d0d7de; border-radius: 6px; padding: .7rem .9rem; }
.figure b { display: block; font-size: 1.35rem; font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 600; border-bottom: 1px solid #57606a; padding: .25rem .8rem .25rem 0; }
td { border-bottom: 1px solid #e4e7eb; padding: .25rem .8rem .25rem 0; vertical-align: top; }
th.number, td.number { text-align: right; white-space: nowrap; }
th:last-child, td:last-child { padding-right: 0; }
tr.best td { font-weight: 600; }
a { color: #0072b2; text-decoration: none; }
.rows { font-size: .8rem; }
.rows td:last-child { overflow-wrap: anywhere; }
tr:target td { background: #fff4d6; }
@page { size: A4; margin: 16mm 14mm; }
@media print {
  html { font-size: 9pt; }
  .figures { grid-template-columns: repeat(4, 1fr); }
  body { font-size: 9pt; line-height: 1.35; max-width: none; margin: 0; padding: 0; }
  .rows { font-size: 7pt; }
  th, td { padding: .12rem .6rem .12rem 0; }
  h2, h3 { break-after: avoid; }
  tr, .figure { break-inside: avoid; }
  thead { display: table-header-group; }
  a { color: inherit; }
}
"""

_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
_ALLOWED = f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none'"
# What only a header may say is left out of the page itself, which is also saved as a file.
POLICY = f"{_ALLOWED}; frame-ancestors 'none'"


def whole_page(title: str, body: str) -> str:
    """`body` is HTML; `title` is text."""
    return (
        "<!doctype html>\n<html lang='en'><head><meta charset='utf-8'>"
        f'<meta http-equiv="Content-Security-Policy" content="{_ALLOWED}">'
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>\n<body>{body}</body></html>\n"
    )


def table(columns: Iterable[str], rows: Iterable[str], *, numbers: int, css: str = "") -> str:
    """`columns` are text and the last but one `numbers` of them are aligned as numbers; `rows` are from `row`."""
    names = list(columns)
    first = len(names) - 1 - numbers
    heads = "".join(
        f"<th{_number(first <= place < len(names) - 1)}>{escape(name)}</th>" for place, name in enumerate(names)
    )
    return (
        f"<div class='scroll'><table class='{css}'><thead><tr>{heads}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def row(cells: Iterable[str], *, numbers: int, css: str = "", anchor: str = "") -> str:
    """`cells` are HTML: what comes from outside must have been escaped."""
    held = list(cells)
    first = len(held) - 1 - numbers
    inside = "".join(f"<td{_number(first <= place < len(held) - 1)}>{cell}</td>" for place, cell in enumerate(held))
    return f"<tr class='{css}'{f' id={anchor!r}' if anchor else ''}>{inside}</tr>"


def figure(name: str, value: str, note: str) -> str:
    """One large number; all three are text."""
    return f"<div class='figure'>{escape(name)}<b>{escape(value)}</b><span class='muted'>{escape(note)}</span></div>"


def _number(is_one: bool) -> str:  # noqa: FBT001 - a cell either is one or not.
    return " class='number'" if is_one else ""
