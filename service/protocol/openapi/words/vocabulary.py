"""Words for components and their fields, from `words/`: one meaning a name, with exceptions where it has another."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

_MODULE_DOT = "."


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """`fields` are keyed by a field's name, or by `Component.field`; `units` by a name's ending."""

    names: dict[str, str]
    components: dict[str, str]
    fields: dict[str, str]
    units: dict[str, str]

    def name_of(self, component: str) -> str:
        """A component's public name: where two classes share one, the code's dotted path must not show."""
        if _MODULE_DOT not in component:
            return component
        *_, module, class_name = component.split(_MODULE_DOT)
        return self.names.get(component) or f"{''.join(part.title() for part in module.split('_'))}{class_name}"

    def of_field(self, component: str, field: str) -> str | None:
        found = self.fields.get(f"{component}.{field}") or self.fields.get(field)
        return found or next((words for ending, words in self.units.items() if field.endswith(ending)), None)


@cache
def load_vocabulary() -> Vocabulary:
    components, fields = _table("schemas.toml"), _table("fields.toml")
    return Vocabulary(
        names=components["names"], components=components["words"], fields=fields["fields"], units=fields["units"]
    )


@dataclass(frozen=True, kw_only=True)
class Section:
    """A convention that every operation keeps; paragraphs are plain text with `code` in backticks."""

    title: str
    paragraphs: tuple[str, ...]


@cache
def load_sections() -> tuple[Section, ...]:
    return tuple(
        Section(title=one["title"], paragraphs=tuple(" ".join(text.split()) for text in one["paragraphs"]))
        for one in _table("about.toml")["sections"]
    )


@cache
def load_tag_words() -> dict[str, str]:
    found: dict[str, str] = _table("about.toml")["tags"]
    return found


@cache
def load_parameter_words() -> dict[str, dict[str, str]]:
    """Words for parameters, by where they are (`path`, `query`) and by name or `operationId.name`."""
    return _table("parameters.toml")


@cache
def load_format_words() -> dict[str, dict[str, Any]]:
    """How text fields are written, by kind: keywords of a schema, and the `fields` that they are of."""
    return _table("formats.toml")


@cache
def load_bound_words() -> dict[str, dict[str, Any]]:
    """Bounds by field in groups, each for the `components` it names."""
    return _table("bounds.toml")


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((files("service.protocol.openapi.words") / name).read_text(encoding="utf-8"))
