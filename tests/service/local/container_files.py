"""Reads the Dockerfile and docker-compose.yml the way the container tools do, as far as this project uses them."""

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Instruction:
    name: str
    text: str

    def words(self) -> list[str]:
        """The exec form's list, or the shell form split into words."""
        return list(json.loads(self.text)) if self.text.startswith("[") else shlex.split(self.text)


def dockerfile() -> list[Instruction]:
    text = "\n".join(line for line in (ROOT / "Dockerfile").read_text().splitlines() if not line.startswith("#"))
    lines = re.sub(r"\\\n\s*", " ", text).splitlines()
    return [Instruction(*line.split(maxsplit=1)) for line in lines if line.strip()]


def image_health_check() -> list[str]:
    (check,) = (i for i in dockerfile() if i.name == "HEALTHCHECK")
    return list(json.loads(check.text.partition("CMD ")[2]))


def image_command() -> list[str]:
    (command,) = (i for i in dockerfile() if i.name == "CMD")
    return command.words()


def compose() -> dict[str, Any]:
    """The file with its anchors and merges resolved and its variables as they stand."""
    return dict(yaml.safe_load((ROOT / "docker-compose.yml").read_text()))


_VARIABLE = re.compile(r"\$(?:\$|\{(?P<name>\w+)(?P<rule>:[?-])?(?P<rest>[^}]*)\})")


def variables(text: str) -> list[tuple[str, str]]:
    """Name and rule of each variable: `:?` must be set, `:-` has a default, empty for neither."""
    return [(m["name"], m["rule"] or "") for m in _VARIABLE.finditer(text) if m["name"]]


def interpolated(text: str, values: Mapping[str, str]) -> str:
    """The text with its variables replaced and `$$` as a dollar; KeyError names one that must be set."""

    def value(match: re.Match[str]) -> str:
        if match["name"] is None:
            return "$"
        if match["rule"] == ":-":
            return values.get(match["name"]) or match["rest"]
        return values[match["name"]]

    return _VARIABLE.sub(value, text)
