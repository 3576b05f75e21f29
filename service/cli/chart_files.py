"""The charts of a document as files in a folder."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from service.charts.chart import Subject
from service.charts.frame import frame
from service.charts.registry import find, names_of
from service.charts.rendering import render
from tokencast.whole_files import write_whole


@dataclass(frozen=True, kw_only=True)
class WrittenCharts:
    """The names of the files written, and of the charts that had nothing to show."""

    files: tuple[str, ...]
    empty: tuple[str, ...]


def write_charts(
    folder: Path,
    document: Mapping[str, Any],
    kind: Literal["png", "svg"],
    *,
    subject: Subject = "forecast",
    of: str = "",
) -> WrittenCharts:
    """Every chart of a kind of document; `of` tells the files of several documents apart.

    Makes the folder if needed and each file whole or not at all; OSError when it cannot.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files, empty = [], []
    for name in names_of(subject):
        spec = find(name, document, frame())
        if spec is None:
            empty.append(name)
            continue
        path = folder / f"{name}{'-' if of else ''}{_file_part(of)}.{kind}"
        picture = render(spec, kind)
        with write_whole(path) as file:
            file.write(picture)
        files.append(path.name)
    return WrittenCharts(files=tuple(files), empty=tuple(empty))


def _file_part(name: str) -> str:
    """A name that any file system takes; two names that only differ in odd characters still differ."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name)
    return plain if plain == name else f"{plain}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
