"""The document as a page for people: what stands between the header and the footer of `/reference`, as plain HTML."""

import re
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

import msgspec

from service.protocol.openapi.page.shape_words import shape_of

_CODE = re.compile(r"`([^`]+)`")
_STRONG = re.compile(r"\*\*([^*]+)\*\*")
_HEADING = "## "


def reference_content(document: Mapping[str, Any]) -> str:
    """HTML without a script, style or anything from elsewhere; each operation is at its operationId as a fragment."""
    operations = [
        (method, path, one) for path, item in document["paths"].items() for method, one in sorted(item.items())
    ]
    by_tag = {
        tag["name"]: [entry for entry in operations if tag["name"] in entry[2]["tags"]] for tag in document["tags"]
    }
    return "".join(
        (
            _contents(by_tag),
            f"<section id='conventions'><h2>Conventions</h2>{_prose(document['info']['description'])}</section>",
            *(_tag(tag, by_tag[tag["name"]]) for tag in document["tags"]),
            _shapes(document["components"]["schemas"]),
        )
    )


def _contents(by_tag: Mapping[str, list[tuple[str, str, Any]]]) -> str:
    listed = "".join(
        f"<li><a href='#{_anchor(tag)}'>{escape(tag)}</a></li>" for tag, operations in by_tag.items() if operations
    )
    return (
        "<nav aria-label='Contents'><ul><li><a href='#conventions'>conventions</a></li>"
        f"{listed}<li><a href='#shapes'>shapes</a></li></ul></nav>"
    )


def _tag(tag: Mapping[str, str], operations: Iterable[tuple[str, str, Any]]) -> str:
    told = "".join(_operation(method, path, one) for method, path, one in operations)
    return (
        f"<section id='{_anchor(tag['name'])}'><h2>{escape(tag['name'])}</h2>"
        f"<p>{_inline(tag['description'])}</p>{told}</section>"
    )


def _operation(method: str, path: str, one: Mapping[str, Any]) -> str:
    name = escape(one["operationId"])
    return (
        f"<article id='{name}' aria-labelledby='{name}-title'>"
        f"<h3 id='{name}-title'><code>{method.upper()} {escape(path)}</code></h3>"
        f"{_prose(one['description'])}{_parameters(one['parameters'])}{_body(one)}{_answers(one)}</article>"
    )


def _parameters(parameters: list[Mapping[str, Any]]) -> str:
    rows = (
        (
            f"<code>{escape(one['name'])}</code>",
            f"{one['in']}{', needed' if one['required'] else ''}",
            shape_of(one["schema"]),
            _inline(one["description"]),
        )
        for one in parameters
    )
    return _table(("parameter", "where", "what", "meaning"), rows) if parameters else ""


def _body(one: Mapping[str, Any]) -> str:
    told = ""
    for media_type, content in one.get("requestBody", {}).get("content", {}).items():
        told += f"<p>Body: {shape_of(content['schema'])} as <code>{escape(media_type)}</code></p>"
        told += _examples(content.get("examples", {}), "body")
    return told


def _answers(one: Mapping[str, Any]) -> str:
    rows, shown = [], ""
    for status, answer in sorted(one["responses"].items()):
        content = answer.get("content", {})
        shapes = {media_type: shape_of(part.get("schema", {})) for media_type, part in content.items()}
        succeeded = int(status) < 400
        what = "; ".join(f"{shape} as <code>{escape(media_type)}</code>" for media_type, shape in shapes.items())
        headers = ", ".join(f"<code>{escape(name)}</code>" for name in answer["headers"])
        rows.append((f"<code>{status}</code>", _inline(answer["description"]), what if succeeded else "", headers))
        if succeeded:
            shown += "".join(_examples(part.get("examples", {}), f"answer {status}") for part in content.values())
    return _table(("answer", "when", "what", "headers"), rows) + shown


def _examples(examples: Mapping[str, Any], of: str) -> str:
    return "".join(
        f"<details><summary>Example of {of}: {_inline(example['summary'])}</summary>"
        f"<pre tabindex='0'><code>{escape(_indented(example['value']))}</code></pre></details>"
        for example in examples.values()
        if "value" in example
    )


def _shapes(components: Mapping[str, Any]) -> str:
    told = "".join(
        f"<article id='shape-{escape(name)}'><h3>{escape(name)}</h3>{_prose(schema.get('description', ''))}"
        f"{_fields(schema)}</article>"
        for name, schema in components.items()
    )
    return f"<section id='shapes'><h2>Shapes</h2>{told}</section>"


def _fields(schema: Mapping[str, Any]) -> str:
    needed = schema.get("required", ())
    rows = (
        (
            f"<code>{escape(name)}</code>{' (needed)' if name in needed else ''}",
            shape_of(field),
            _inline(field.get("description", "")),
        )
        for name, field in schema.get("properties", {}).items()
    )
    return _table(("field", "what", "meaning"), rows)


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = "".join(f"<th scope='col'>{one}</th>" for one in heads)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<div class='scroll'><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"


def _prose(text: str) -> str:
    """Paragraphs, headings and the table that the description is written with; no other Markdown occurs in it."""
    told = ""
    for block in text.split("\n\n"):
        if block.startswith(_HEADING):
            told += f"<h3>{_inline(block.removeprefix(_HEADING))}</h3>"
        elif block.startswith("| "):
            head, _, *rows = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in block.splitlines()]
            told += _table(head, ([_inline(cell) for cell in row] for row in rows))
        elif block:
            told += f"<p>{_inline(block)}</p>"
    return told


def _inline(text: str) -> str:
    return _STRONG.sub(r"<strong>\1</strong>", _CODE.sub(r"<code>\1</code>", escape(text)))


def _indented(value: Any) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()


def _anchor(tag: str) -> str:
    return "tag-" + escape(tag.replace(" ", "-"))
