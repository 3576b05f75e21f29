"""The interface that the service has promised is the one it serves, and what would break a client is told."""

import copy
import json
from typing import Any

import pytest

from scripts.api_interface.changes import breaking_changes, interface
from scripts.write_interface import PROMISED, served

BASE: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "made up"},
    "paths": {
        "/things": {
            "post": {
                "operationId": "makeThing",
                "summary": "Make a thing",
                "x-required-scope": "write",
                "parameters": [
                    {"name": "size", "in": "query", "required": False, "schema": {"enum": ["small", "large"]}}
                ],
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ThingIn"}}},
                },
                "responses": {
                    "201": {
                        "headers": {"Location": {}},
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ThingOut"}}},
                    },
                    "202": {},
                    "422": {},
                },
            }
        }
    },
    "components": {
        "schemas": {
            "ThingIn": {
                "type": "object",
                "required": ["name"],
                "properties": {
                    "name": {"type": "string", "maxLength": 10},
                    "colour": {"enum": ["red", "green"]},
                    "weight": {"anyOf": [{"type": "number"}, {"type": "null"}]},
                    "made_of": {
                        "anyOf": [{"$ref": "#/components/schemas/Wood"}, {"$ref": "#/components/schemas/Iron"}]
                    },
                    "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Part"}},
                },
            },
            "ThingOut": {
                "type": "object",
                "required": ["id", "price"],
                "properties": {
                    "id": {"type": "string"},
                    "price": {"type": "string"},
                    "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Part"}},
                },
            },
            "Part": {"type": "object", "required": ["of"], "properties": {"of": {"type": "string"}}},
            "Wood": {"type": "object", "properties": {"tree": {"type": "string"}}},
            "Iron": {"type": "object", "properties": {"mine": {"type": "string"}}},
        }
    },
}
POST = "/paths/~1things/post"
IN = "/components/schemas/ThingIn"
OUT = "/components/schemas/ThingOut"
GONE = object()


def changed(pointer: str, value: Any) -> dict[str, Any]:
    """The made-up document with one value set, or taken away."""
    document = copy.deepcopy(BASE)
    *path, last = [part.replace("~1", "/") for part in pointer.split("/")[1:]]
    target: Any = document
    for part in path:
        target = target[int(part)] if isinstance(target, list) else target[part]
    if isinstance(target, list):
        target.append(value)
    elif value is GONE:
        del target[last]
    else:
        target[last] = value
    return document


@pytest.mark.parametrize(
    ("pointer", "value", "told"),
    [
        ("/paths/~1things", GONE, "the operation is gone"),
        (POST, GONE, "the operation is gone"),
        (f"{POST}/operationId", "createThing", "operationId is another"),
        (f"{POST}/x-required-scope", "admin", "needs the scope admin in place of write"),
        (f"{POST}/parameters", [], "the parameter size is gone"),
        (f"{POST}/parameters/0/schema/enum", ["small"], "the parameter size no longer takes large"),
        (f"{POST}/parameters/0/required", True, "the parameter size is needed now"),
        (f"{POST}/parameters/-", {"name": "of", "in": "query", "required": True}, "the parameter of is needed now"),
        (f"{POST}/responses/202", GONE, "no longer answers 202"),
        (f"{POST}/responses/201/headers/Location", GONE, "the header Location is gone"),
        (f"{POST}/responses/201/content", {}, "no longer comes as application/json"),
        (f"{IN}/required", ["name", "colour"], "/colour: is needed now"),
        (f"{IN}/properties/colour/enum", ["red"], "/colour: no longer takes green"),
        (f"{IN}/properties/colour", GONE, "/colour: the field is gone"),
        (f"{IN}/properties/name/maxLength", 5, "/name: maxLength is 5 now"),
        (f"{IN}/properties/name/minLength", 1, "/name: minLength is 1 now"),
        (f"{IN}/properties/weight", {"type": "number"}, "/weight: may no longer be null"),
        (f"{IN}/properties/weight", {"type": "string"}, "/weight: may no longer be null, number"),
        (f"{IN}/properties/parts/minItems", 1, "/parts: minItems is 1 now"),
        ("/components/schemas/Part/required", ["of", "by"], "/parts/*/by: is needed now"),
        ("/components/schemas/Iron/properties/mine", GONE, "/made_of<Iron>/mine: the field is gone"),
        (f"{OUT}/properties/price", GONE, "/price: the field is gone"),
        (f"{OUT}/properties/price", {"type": "number"}, "/price: may be number now"),
        (f"{OUT}/properties/price", {"anyOf": [{"type": "string"}, {"type": "null"}]}, "/price: may be null now"),
        (f"{OUT}/required", ["id"], "/price: is no longer always there"),
        ("/components/schemas/Part/properties/of", GONE, "answer/parts/*/of: the field is gone"),
    ],
)
def test_what_breaks_a_client_is_told(pointer: str, value: Any, told: str) -> None:
    after = changed(pointer, value)
    assert any(change.endswith(told) for change in breaking_changes(interface(BASE), interface(after)))
    assert any(change.endswith(told) for change in breaking_changes(BASE, after))


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("/info/title", "another"),
        ("/paths/~1others", {"get": {"operationId": "listOthers", "responses": {"200": {}}}}),
        (f"{POST}/summary", "Make one"),
        (f"{POST}/deprecated", True),
        (f"{POST}/parameters/0/schema/enum", ["small", "large", "huge"]),
        (f"{POST}/parameters/-", {"name": "of", "in": "query", "required": False}),
        (f"{POST}/responses/200", {}),
        (f"{POST}/responses/422", GONE),
        (f"{POST}/responses/409", {}),
        (f"{POST}/responses/201/headers/ETag", {}),
        (f"{IN}/required", []),
        (f"{IN}/properties/size", {"type": "integer"}),
        (f"{IN}/properties/colour/enum", ["red", "green", "blue"]),
        (f"{IN}/properties/name/maxLength", 20),
        (f"{IN}/properties/name", {"anyOf": [{"type": "string", "maxLength": 10}, {"type": "null"}]}),
        (f"{OUT}/properties/made_at", {"type": "string"}),
        (f"{OUT}/required", ["id", "price", "parts"]),
    ],
)
def test_what_only_adds_is_no_break(pointer: str, value: Any) -> None:
    assert breaking_changes(interface(BASE), interface(changed(pointer, value))) == []


def test_words_are_no_part_of_the_interface() -> None:
    field = {"title": {"type": "string", "description": "Words."}}
    named = changed(f"{IN}/properties", field)
    assert interface(named)["components"]["schemas"]["ThingIn"]["properties"] == {"title": {"type": "string"}}


def test_the_served_interface_is_the_promised_one() -> None:
    promised = json.loads(PROMISED.read_text(encoding="utf-8"))
    assert served() == promised, "if this is meant: python -m scripts.write_interface, and read what git says of it"


def test_nothing_that_was_promised_is_broken() -> None:
    found = breaking_changes(json.loads(PROMISED.read_text(encoding="utf-8")), served())
    assert found == [], "docs/api.md promises otherwise: keep the old beside the new, and declare it deprecated"
