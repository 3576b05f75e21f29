"""The charts of a finished forecast as files in a folder."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from service.charts.frame import frame
from service.charts.registry import draw, find, names_of
from service.charts.rendering import render
from service.cli.whole_files import write_whole


@dataclass(frozen=True, kw_only=True)
class WrittenCharts:
    """The names of the files written, and of the charts that had nothing to show."""

    files: tuple[str, ...]
    empty: tuple[str, ...]


def write_charts(folder: Path, forecast: Mapping[str, Any], kind: Literal["png", "svg"]) -> WrittenCharts:
    """Makes the folder if needed and each file whole or not at all; OSError when it cannot."""
    folder.mkdir(parents=True, exist_ok=True)
    files, empty = [], []
    for name in names_of("forecast"):
        spec = find(name, forecast, frame())
        if spec is None:
            empty.append(name)
            continue
        path = folder / f"{name}.{kind}"
        picture = render(spec, kind)
        with write_whole(path) as file:
            file.write(picture)
        files.append(path.name)
    return WrittenCharts(files=tuple(files), empty=tuple(empty))


def write_uplift_charts(folder: Path, explanation: Mapping[str, Any], kind: Literal["png", "svg"]) -> tuple[str, ...]:
    """The pictures of one fleet's decoder, each named after the fleet; OSError when a file cannot be written."""
    folder.mkdir(parents=True, exist_ok=True)
    names = []
    for name in names_of("uplift"):
        path = folder / f"{name}-{_file_part(explanation['fleet'])}.{kind}"
        with write_whole(path) as file:
            file.write(render(draw(name, explanation, frame()), kind))
        names.append(path.name)
    return tuple(names)


def _file_part(name: str) -> str:
    """A name that any file system takes; two names that only differ in odd characters still differ."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name)
    return plain if plain == name else f"{plain}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
