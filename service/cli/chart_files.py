"""The charts of a finished forecast as files in a folder."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from service.charts.frame import frame
from service.charts.registry import find, names_of
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
