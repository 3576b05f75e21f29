"""The blocks of a document: what is to be run, and the output that stands behind it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_FENCE = re.compile(r"^```(.*?)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Block:
    """`line` is that of its first line in the document; `promised` is its output, None where none is shown."""

    line: int
    text: str
    promised: str | None


def blocks_of(document: Path, kind: str) -> Sequence[Block]:
    """The blocks whose fence says `kind`, each with the block of text that follows it at once."""
    text = document.read_text()
    fences = list(_FENCE.finditer(text))
    found = []
    for fence, following in zip(fences, [*fences[1:], None], strict=True):
        if fence[1] == kind:
            between = "" if following is None else text[fence.end() : following.start()].strip()
            shown = following is not None and following[1] == "text" and not between
            line = text[: fence.start(2)].count("\n") + 1
            found.append(Block(line=line, text=fence[2], promised=following[2] if following and shown else None))
    return found


def kinds_of(document: Path) -> set[str]:
    return {fence[1] for fence in _FENCE.finditer(document.read_text())}
