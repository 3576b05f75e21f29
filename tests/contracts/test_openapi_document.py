"""The OpenAPI document says all there is to say, and what it shows is true of what handlers read and write."""

import re
from typing import Any

import jsonschema
import msgspec
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from service.app import ROUTES
from service.problems import MEDIA_TYPE, problem_types
from service.protocol.openapi import openapi_document
from service.protocol.openapi.answers.refusals import problems_of
from service.protocol.openapi.examples import load_examples
from service.protocol.openapi.words.vocabulary import load_parameter_words, load_vocabulary
from service.protocol.operations import SCOPES, Operation, operation_of
from service.schemas.shape import decode

DOCUMENT = openapi_document(ROUTES, version="test")
DECLARED = {str(handler.operation_id): declared for handler in ROUTES if (declared := operation_of(handler))}
DESCRIBED: dict[str, dict[str, Any]] = {
    one["operationId"]: one for item in DOCUMENT["paths"].values() for one in item.values()
}
METHODS = {str(handler.operation_id): min(handler.http_methods) for handler in ROUTES}
COMPONENTS = DOCUMENT["components"]["schemas"]
# Charts answer with definitions of another specification, and the document does not show itself.
NO_EXAMPLES = {
    name for name, one in DECLARED.items() if any(answer.shape == dict[str, Any] for answer in one.answers.values())
}
WAYS = [(method, path) for path, item in DOCUMENT["paths"].items() for method in item]


def conforms(value: Any, schema: dict[str, Any]) -> None:
    whole = {**schema, "components": DOCUMENT["components"]}
    checked = jsonschema.Draft202012Validator(whole, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)
    checked.validate(value)


def test_the_document_is_valid_openapi() -> None:
    assert [error.message for error in OpenAPIV31SpecValidator(DOCUMENT).iter_errors()] == []


def test_the_document_says_who_made_it_and_how_it_is_used() -> None:
    info = DOCUMENT["info"]
    assert info["license"]["identifier"] == "MIT"
    assert info["contact"]["name"]
    for convention in (
        "Authorization: Bearer",
        "X-CSRF-Token",
        "application/problem+json",
        "next_cursor",
        "Idempotency-Key",
        "If-Match",
        "Prefer: wait",
        "Deprecation",
        "HEAD",
    ):
        assert convention in info["description"]
    assert {kind.type for kind in problem_types()} == set(re.findall(r"`(/problems/[a-z-]+)`", info["description"]))
    assert DOCUMENT["servers"]


@pytest.mark.parametrize("tag", DOCUMENT["tags"], ids=lambda tag: str(tag["name"]))
def test_every_tag_is_described(tag: dict[str, str]) -> None:
    assert tag["description"], "add it to service/protocol/openapi/words/about.toml"


@pytest.mark.parametrize("component", sorted(COMPONENTS))
def test_every_component_and_field_is_described(component: str) -> None:
    schema = COMPONENTS[component]
    assert "." not in component
    assert schema.get("description"), "add it to [words] in service/protocol/openapi/words/schemas.toml"
    silent = [name for name, field in schema.get("properties", {}).items() if not field.get("description")]
    assert silent == [], "add them to service/protocol/openapi/words/fields.toml"


def test_no_word_is_for_a_field_that_there_is_not() -> None:
    vocabulary = load_vocabulary()
    fields = {name: set(schema.get("properties", ())) for name, schema in COMPONENTS.items()}
    known = {field for names in fields.values() for field in names}
    dead = [
        name
        for name in vocabulary.fields
        if (name not in known if "." not in name else name.split(".")[1] not in fields.get(name.split(".")[0], ()))
    ]
    assert dead == []
    assert set(vocabulary.components) <= set(COMPONENTS)
    assert set(vocabulary.names.values()) <= set(COMPONENTS)


def test_no_word_is_for_a_parameter_that_there_is_not() -> None:
    used = {
        (part["in"], name)
        for operation_id, one in DESCRIBED.items()
        for part in one["parameters"]
        for name in (part["name"], f"{operation_id}.{part['name']}")
    }
    words = load_parameter_words()
    assert [(where, name) for where, names in words.items() for name in names if (where, name) not in used] == []


@pytest.mark.parametrize("operation_id", sorted(DESCRIBED))
def test_every_operation_is_described_with_its_scope_and_parameters(operation_id: str) -> None:
    one, declared = DESCRIBED[operation_id], DECLARED[operation_id]
    assert one["summary"]
    assert not one["summary"].endswith(".")
    assert one["description"]
    if declared.scope is None:
        assert one["security"] == []
        assert "x-required-scope" not in one
    else:
        assert one["x-required-scope"] == declared.scope in SCOPES
        assert f"`{declared.scope}`" in one["description"]
        assert one["security"] == _admitted(declared, METHODS[operation_id])
    assert [part["name"] for part in one["parameters"] if not part["description"]] == []
    for response in one["responses"].values():
        assert response["description"]
        assert "X-Request-ID" in response["headers"]


def _admitted(declared: Operation, method: str) -> list[dict[str, list[str]]]:
    """By what a request may be known: a key, or a session, which changes nothing without its page's token."""
    session = {"session": []} if method == "GET" else {"session": [], "csrf": []}
    return [{"key": []}] if declared.keys_alone else [{"key": []}, session]


@pytest.mark.parametrize(("method", "path"), WAYS)
def test_what_changes_something_can_be_repeated_or_has_a_condition(method: str, path: str) -> None:
    taken = {part["name"] for part in DOCUMENT["paths"][path][method]["parameters"]}
    if method == "post":
        assert "Idempotency-Key" in taken
    if method == "put":
        assert "If-Match" in taken


@pytest.mark.parametrize("operation_id", sorted(DESCRIBED))
def test_every_problem_that_an_operation_answers_with_has_an_example(operation_id: str) -> None:
    by_status: dict[str, set[str]] = {}
    for kind in problems_of(DECLARED[operation_id], METHODS[operation_id]):
        by_status.setdefault(str(kind.status), set()).add(kind.slug)
    responses = {status: one for status, one in DESCRIBED[operation_id]["responses"].items() if int(status) >= 400}
    assert set(responses) == set(by_status)
    for status, slugs in by_status.items():
        content = responses[status]["content"][MEDIA_TYPE]
        assert set(content["examples"]) == slugs
        for slug in slugs:
            value = DOCUMENT["components"]["examples"][slug]["value"]
            assert value["type"] == f"/problems/{slug}"
            assert value["status"] == int(status)
            conforms(value, content["schema"])


@pytest.mark.parametrize("operation_id", sorted(name for name, one in DECLARED.items() if one.body is not None))
def test_every_body_has_an_example_that_its_own_handler_can_read(operation_id: str) -> None:
    content = DESCRIBED[operation_id]["requestBody"]["content"]["application/json"]
    assert content.get("examples"), "tell it in tests/service/routes/story and run scripts/record_examples.py"
    for example in content["examples"].values():
        conforms(example["value"], content["schema"])
        decode(msgspec.json.encode(example["value"]), DECLARED[operation_id].body)


@pytest.mark.parametrize("operation_id", sorted(set(DESCRIBED) - NO_EXAMPLES))
def test_every_operation_that_answers_with_json_shows_an_answer(operation_id: str) -> None:
    shown = []
    for status, response in DESCRIBED[operation_id]["responses"].items():
        content = response.get("content", {}).get("application/json")
        if int(status) < 300 and content is not None:
            shown.append(len(content.get("examples", {})))
            for example in content.get("examples", {}).values():
                conforms(example["value"], content["schema"])
    assert not shown or any(shown), "tell it in tests/service/routes/story and run scripts/record_examples.py"


def test_no_example_is_of_an_operation_or_answer_that_there_is_not() -> None:
    for example in load_examples():
        assert example.status in DECLARED[example.operation].answers, example.operation


def test_a_new_resource_links_to_what_can_be_done_with_it() -> None:
    made = DOCUMENT["paths"]["/v1/fleets"]["post"]["responses"]["201"]["links"]
    assert set(made) == {"getFleet", "replaceFleet", "deleteFleet"}
    assert made["getFleet"]["parameters"] == {"fleet_id": "$response.body#/id"}
