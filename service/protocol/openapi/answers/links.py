"""Links from the answer that made a resource to what can be done with it, found from paths alone."""

import re
from collections.abc import Mapping
from typing import Any


def add_links(paths: Mapping[str, Mapping[str, Any]], components: Mapping[str, Any]) -> None:
    """Gives each answer of a POST that shows a new resource the operations on it.

    POST /v1/things links to every operation whose path is /v1/things/{thing_id}, with or without more after it, and
    needs nothing else.
    """
    for path, item in paths.items():
        for status in ("200", "201", "202"):
            answer = item.get("post", {}).get("responses", {}).get(status)
            if answer is None or not _shows_an_id(answer, components):
                continue
            links = _links_below(path, paths)
            if links:
                answer["links"] = links


def _shows_an_id(answer: Mapping[str, Any], components: Mapping[str, Any]) -> bool:
    content = answer.get("content", {}).get("application/json", {})
    name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
    return "id" in components.get(name, {}).get("properties", {})


def _links_below(path: str, paths: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    links = {}
    given = {name: f"$request.path.{name}" for name in re.findall(r"\{(\w+)\}", path)}
    for other, item in paths.items():
        rest = other.removeprefix(f"{path}/")
        if rest == other or not rest.startswith("{") or rest.count("{") != 1:
            continue
        parameter = rest[1:].partition("}")[0]
        if not parameter.endswith("_id"):
            continue
        for method, described in item.items():
            links[described["operationId"]] = {
                "operationId": described["operationId"],
                "description": f"{method.upper()} {other}",
                "parameters": {**given, parameter: "$response.body#/id"},
            }
    return links
