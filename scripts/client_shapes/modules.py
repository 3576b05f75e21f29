"""The shapes of the API in modules of the client, one for each room of shapes in the service."""

import ast
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec

from client_shapes.types import referred, typed_dict
from service.app import ROUTES
from service.protocol.openapi import openapi_document
from service.protocol.openapi.words.vocabulary import load_vocabulary

# Where a room's own name says little to somebody outside.
_ROOMS = {"imports": "price_imports", "pricing": "prices", "explained": "explanations", "forecast": "forecasts"} | {
    name: f"{name}s" for name in ("fleet", "plan", "workload")
}
_REST = "service"


def shape_modules() -> dict[str, str]:
    """File name to text of every module, as ruff lays it out."""
    components: dict[str, Any] = openapi_document(ROUTES, version="0")["components"]["schemas"]
    rooms = {component: _room(component) for component in components}
    names = {component: component for component in components}
    by_room: defaultdict[str, list[str]] = defaultdict(list)
    for component in components:
        by_room[rooms[component]].append(component)
    modules = {"__init__.py": '"""The shapes of what is sent and answered, as typed dictionaries."""\n'}
    for room, members in sorted(by_room.items()):
        own = [names[one] for one in members]
        if len(set(own)) != len(own):
            raise ValueError(f"two shapes of {room} bear one name: {sorted(own)}")
        foreign = sorted(set().union(*(referred(components[one]) for one in members)) - set(members))
        modules[f"{room}.py"] = _laid_out(
            [
                f'"""Shapes of the API, of {room}: written by `scripts/build_client_shapes.py`, not by hand."""',
                "from __future__ import annotations",
                "from typing import TYPE_CHECKING, Any, Literal, NotRequired, TypedDict",
                "if TYPE_CHECKING:\n    pass",
                *(f"    from tokencast.client.shapes.{rooms[one]} import {names[one]}" for one in foreign),
                *(typed_dict(names[one], components[one], names.__getitem__) for one in members),
            ]
        )
    for text in modules.values():
        ast.parse(text)
    return modules


def _path_of(component: str) -> str:
    """The dotted path of a shape whose name another one bears too, which the document calls otherwise."""
    paths = {public: path for path, public in load_vocabulary().names.items()}
    return paths.get(component, component)


def _room(component: str) -> str:
    module = _path_of(component).rpartition(".")[0]
    if not module:
        [module] = _modules()[component]
    match module.split("."):
        case ["service", "schemas", room, _, *_] | ["service", "imports" as room, *_]:
            return _ROOMS.get(room, room)
        case _:
            return _REST


@cache
def _modules() -> dict[str, set[str]]:
    """The modules that have a shape of a name; where the document has two of them, it names the module itself."""
    modules = defaultdict(set)
    for shape in _shapes(msgspec.Struct):
        modules[shape.__name__].add(shape.__module__)
    return modules


def _shapes(base: type) -> Iterator[type]:
    for shape in base.__subclasses__():
        yield shape
        yield from _shapes(shape)


def _laid_out(parts: list[str]) -> str:
    text = "\n".join(parts)
    ruff = [sys.executable, "-m", "ruff"]
    for arguments in (["check", "--fix", "--select", "F401,I,PIE790,TC005", "-q", "-"], ["format", "-"]):
        text = subprocess.run(  # noqa: S603 - our own tool and our own words
            [*ruff, *arguments], input=text, capture_output=True, text=True, check=True, timeout=60
        ).stdout
    return text
