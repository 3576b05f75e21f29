"""The page of the interface says all of the document, links only into itself and loads nothing."""

import copy
from html.parser import HTMLParser

from service.app import ROUTES
from service.protocol.openapi import openapi_document
from service.protocol.openapi.page.reference import reference_content

DOCUMENT = openapi_document(ROUTES, version="test")
VOID = {"meta", "br", "img", "input", "link", "hr"}


class Read(HTMLParser):
    """What a page holds: its ids, links, tags and attributes, and whether its tags close in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            self.attributes.add(name)
            if name == "id":
                self.ids.append(str(value))
            if name == "href":
                self.links.append(str(value))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


READ = Read(reference_content(DOCUMENT))


def test_every_operation_and_shape_is_on_the_page_under_its_name() -> None:
    assert READ.open == []
    assert len(set(READ.ids)) == len(READ.ids)
    named = {one["operationId"] for item in DOCUMENT["paths"].values() for one in item.values()}
    assert named <= set(READ.ids)
    assert {f"shape-{name}" for name in DOCUMENT["components"]["schemas"]} <= set(READ.ids)


def test_every_link_of_the_page_leads_to_something_on_it() -> None:
    assert READ.links
    assert {link.removeprefix("#") for link in READ.links} <= set(READ.ids)


def test_the_page_loads_nothing_and_styles_nothing_by_itself() -> None:
    assert READ.tags.isdisjoint({"script", "style", "link", "img", "iframe", "form"})
    assert READ.attributes <= {"id", "href", "scope", "class", "tabindex", "aria-label", "aria-labelledby"}


def test_text_stays_text() -> None:
    hostile = copy.deepcopy(DOCUMENT)
    hostile["info"]["description"] = "<script>alert(1)</script> `<b>` **<i>**"
    operation = hostile["paths"]["/v1/workloads"]["post"]
    operation["description"] = "<img src=x onerror=alert(1)>"
    operation["parameters"][0]["description"] = "'\"><script>"
    operation["requestBody"]["content"]["application/json"]["examples"]["example"]["value"] = {"</pre><script>": "&"}
    read = Read(reference_content(hostile))
    assert read.tags.isdisjoint({"script", "img", "b", "i"})
    assert "onerror" not in read.attributes
    assert "<script>alert(1)</script> " in read.words
