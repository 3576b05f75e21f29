"""What the document says of the service as a whole: its conventions, its tags, and how a caller is known."""

from typing import Any

from service.problems import problem_types
from service.protocol.openapi.words.vocabulary import load_sections, load_tag_words
from service.protocol.operations import Operation
from service.protocol.sessions import COOKIE, CSRF_HEADER

SUMMARY = "Annual budgets for LLM inference that a finance team can sign."


def information(version: str) -> dict[str, Any]:
    return {
        "title": "Tokencast",
        "version": version,
        "summary": SUMMARY,
        "description": description(),
        "contact": {"name": "Tokencast"},
        "license": {"name": "MIT", "identifier": "MIT"},
    }


def description() -> str:
    """The sections as Markdown, with the table of problem types at its end."""
    written = [f"## {section.title}\n\n" + "\n\n".join(section.paragraphs) for section in load_sections()]
    rows = [f"| `{kind.type}` | {kind.status} | {kind.title} |" for kind in problem_types()]
    written.append("\n".join(("## Problem types\n", "| type | status | title |", "|---|---|---|", *rows)))
    return "\n\n".join(written)


def tags(used: set[str]) -> list[dict[str, str]]:
    """The tags that operations have, each with its description."""
    words = load_tag_words()
    return [{"name": tag, "description": words.get(tag, "")} for tag in sorted(used)]


SECURITY_SCHEMES: dict[str, Any] = {
    "key": {
        "type": "http",
        "scheme": "bearer",
        "description": "An API key of the workspace, made by `POST /v1/keys` or `tokencast keys create`.",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": COOKIE,
        "description": "The session of a page of the console.",
    },
    "csrf": {
        "type": "apiKey",
        "in": "header",
        "name": CSRF_HEADER,
        "description": "The page's own token, which a change with a session needs beside the cookie.",
    },
}


def security_of(method: str, operation: Operation) -> list[dict[str, list[str]]]:
    """The ways to be admitted to an operation: any one of the list, with all of its parts."""
    if operation.scope is None:
        return []
    if operation.keys_alone:
        return [{"key": []}]
    session: dict[str, list[str]] = {"session": []}
    return [{"key": []}, session if method == "GET" else {**session, "csrf": []}]
