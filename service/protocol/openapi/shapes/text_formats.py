"""What a text may look like, as schema keywords: dates and months that the code checks with their meaning, decimals."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from service.protocol.openapi.words.vocabulary import load_format_words

# Python's own notation of a decimal; the reader takes a few others, which nobody needs to write.
_DECIMAL = r"^-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?$"
_NO_NUL = r"^[^\x00]*$"


def with_format(component: str, field: str, schema: Mapping[str, Any], *, is_input: bool) -> dict[str, Any]:
    """The schema of a field, or of the texts inside it, with what else is known of how they are written."""
    known = _formats()
    return _marked(schema, known.get(f"{component}.{field}") or known.get(field), is_input=is_input)


def _marked(schema: Mapping[str, Any], keywords: Mapping[str, str] | None, *, is_input: bool) -> dict[str, Any]:
    found = dict(schema)
    for inside in ("anyOf", "prefixItems"):
        if inside in found:
            found[inside] = [_marked(part, keywords, is_input=is_input) for part in found[inside]]
    for inside in ("items", "additionalProperties"):
        if isinstance(found.get(inside), Mapping):
            found[inside] = _marked(found[inside], keywords, is_input=is_input)
    if found.get("type") != "string" or "enum" in found or "pattern" in found:
        return found
    if found.get("format") == "decimal":
        return {**found, "pattern": _DECIMAL}
    if "format" in found:
        return found
    return {**found, **(keywords or ({"pattern": _NO_NUL} if is_input else {}))}


@cache
def _formats() -> dict[str, dict[str, str]]:
    return {
        field: {keyword: value for keyword, value in kind.items() if keyword != "fields"}
        for kind in load_format_words().values()
        for field in kind["fields"]
    }
