"""The page of a negotiation brief: complete in itself, escaped, and every figure leads to its rows."""

import base64
import hashlib
import re
from html.parser import HTMLParser
from typing import Any

from forecasts.explain.negotiation.brief import negotiation_briefs
from service.printing.negotiation import negotiation_page
from service.printing.page import POLICY, STYLE
from service.schemas.explained.negotiation import negotiation_out
from tests.forecasts.estates import SMALL, a_fleet, a_plan, a_price, a_workload, known_prices, read, to_fleet, to_model

SCRIPT = "<script>alert(1)</script>"


def page_of(document: dict[str, Any], provider: str = "north") -> str:
    [brief] = negotiation_briefs(read(document), provider)
    return negotiation_page(negotiation_out(brief), subject="Forecast 1")


def estate(name: str = "chat", source: str = "price page") -> dict[str, Any]:
    prices = [row | {"source": source} for row in known_prices()]
    return a_plan(
        a_workload(name, input_tokens_per_request=100),
        a_workload("other", to=[to_model(SMALL)]),
        a_workload("own", to=[to_fleet()], input_tokens_per_request=100),
        fleets=[a_fleet()],
        prices=prices,
        outlooks=[{"outlook": "pass_through", "speedup": 1.67}],
    )


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: set[str] = set()
        self.targets: set[str] = set()
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.ids |= {value for name, value in attrs if name == "id" and value}
        if tag == "a":
            self.targets.add(given.get("href") or "")
        self.fetched += [name for name in given if name in {"src", "srcset", "action"} or name.startswith("on")]
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def parsed(page: str) -> _Tags:
    tags = _Tags()
    tags.feed(page)
    tags.close()
    return tags


def test_a_page_is_well_formed_and_asks_for_nothing_from_outside() -> None:
    tags = parsed(page_of(estate()))
    assert tags.open == []
    assert tags.fetched == []
    assert all(target.startswith("#row-") for target in tags.targets)


def test_every_figure_leads_to_a_row_that_is_there() -> None:
    tags = parsed(page_of(estate()))
    assert tags.targets
    assert {target.removeprefix("#") for target in tags.targets} == tags.ids


def test_a_name_from_outside_is_text_and_nothing_else() -> None:
    page = page_of(estate(name=SCRIPT, source=f"'\"&{SCRIPT}"))
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert parsed(page).open == []


def test_the_policy_allows_this_style_and_nothing_else() -> None:
    [style] = re.findall(r"<style>(.*?)</style>", page_of(estate()), re.DOTALL)
    assert style == STYLE
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in POLICY
    assert "default-src 'none'" in POLICY
    assert "unsafe" not in POLICY


def test_the_page_says_what_to_ask_for_and_when_to_walk_away() -> None:
    page = page_of(estate())
    assert "ask for <b>20.1-40.1 %</b> off output" in page
    assert "Walk away above" in page
    assert "Not compared" not in page


def test_a_meter_has_its_unit_in_words() -> None:
    page = page_of(estate())
    assert "<td>million tokens</td>" in page
    assert "1000000 Tokens" not in page


def test_a_page_says_where_nothing_but_a_price_speaks_for_an_alternative() -> None:
    assert "Nothing but the price says that any of these could do this work." in page_of(estate())


def test_a_page_without_support_or_alternatives_says_so() -> None:
    page = page_of(a_plan())
    assert "No decoder of this provider's model is evidenced" in page
    assert "No alternative is known." in page


def test_a_dearer_alternative_is_no_place_to_walk_to() -> None:
    dear = a_price("west/dear", "output", "9.00")
    plan = a_plan(a_workload(), a_workload("b", to=[to_model("west/dear")]), prices=[*known_prices(), dear])
    assert "There is nowhere to walk to." in page_of(plan)
