"""Every block of the documents for users of the API runs as it stands, and prints what it is said to print."""

import contextlib
import io
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import httpx
import pytest

from tests.docs.blocks import Block, blocks_of, kinds_of
from tests.docs.conftest import ROOT, Reader
from tokencast.client import Client

RECIPES = ROOT / "docs" / "recipes.md"
CLIENT = ROOT / "docs" / "client.md"
_BETWEEN = "---- the next block ----"


def test_no_block_is_of_a_kind_that_nobody_runs() -> None:
    assert kinds_of(RECIPES) == {"sh", "python httpx", "python client", "text", "sh-session"}
    assert kinds_of(CLIENT) == {"python client", "text", "sh-session"}


def test_the_recipes_for_curl_run(reader: Reader, tmp_path: Path) -> None:
    if shutil.which("curl") is None:
        assert os.environ.get("TOKENCAST_FORBID_SKIPS") != "1", "curl is missing"
        pytest.skip("curl is missing")
    blocks = blocks_of(RECIPES, "sh")
    script = f"\necho '{_BETWEEN}'\n".join(f"# line {block.line}\n{block.text}" for block in blocks)
    ran = subprocess.run(
        ["/bin/sh", "-eu"],
        input=script,
        capture_output=True,
        text=True,
        timeout=150,
        cwd=tmp_path,
        env={"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "HOME": str(tmp_path), **reader()},
    )
    printed = ran.stdout.split(f"{_BETWEEN}\n")
    assert ran.returncode == 0, f"the block at line {blocks[len(printed) - 1].line}: {ran.stderr}\n{printed[-1]}"
    _compare(blocks, printed)


@pytest.mark.parametrize(
    ("document", "kind"), [(RECIPES, "python httpx"), (RECIPES, "python client"), (CLIENT, "python client")]
)
def test_the_recipes_for_python_run(
    document: Path, kind: str, reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in reader().items():
        monkeypatch.setenv(name, value)
    blocks = blocks_of(document, kind)
    _compare(blocks, _printed_by_python(document, blocks))


def test_a_type_checker_understands_the_recipes_and_finds_slips_in_them(tmp_path: Path) -> None:
    texts = {
        document.stem: "\n".join(block.text for block in blocks_of(document, "python client"))
        for document in (RECIPES, CLIENT)
    }
    slips = '\nprint(client.fleets.get("1")["knots"])\nclient.fleets.create({"name": "a"})\n'
    texts["slipped"] = texts["client"] + slips
    files = [tmp_path / f"of_{name}.py" for name in texts]
    for file, text in zip(files, texts.values(), strict=True):
        file.write_text(text)
    found = [line for line in _type_checked(*files) if "error" in line]
    assert [line for line in found if "of_slipped" not in line] == []
    assert [line.rpartition("[")[2] for line in found] == ["typeddict-item]", "typeddict-item]"]


def _type_checked(*files: Path) -> list[str]:
    arguments = ["--strict", "--config-file=", "--no-error-summary", f"--cache-dir={files[0].parent / 'cache'}"]
    ran = subprocess.run(
        [sys.executable, "-m", "mypy", *arguments, *map(str, files)],
        capture_output=True,
        text=True,
        timeout=150,
        cwd=ROOT,
    )
    return ran.stdout.splitlines()


def _printed_by_python(document: Path, blocks: Sequence[Block]) -> list[str]:
    """What each block prints, all of them run one after the other in one namespace, as a reader would."""
    namespace: dict[str, object] = {"__name__": "__main__"}
    printed = []
    with contextlib.ExitStack() as open_clients:
        for block in blocks:
            # Blank lines before the block let a traceback show the line of the document.
            code = compile("\n" * (block.line - 1) + block.text, str(document), "exec")
            with contextlib.redirect_stdout(io.StringIO()) as out:
                exec(code, namespace)  # noqa: S102 - the document's own code is what is tested.
            printed.append(out.getvalue())
            for value in list(namespace.values()):
                if isinstance(value, Client | httpx.Client):
                    open_clients.callback(value.close)
    return printed


def _compare(blocks: Sequence[Block], printed: Sequence[str]) -> None:
    differing: Mapping[int, tuple[str, str]] = {
        block.line: (block.promised, found)
        for block, found in zip(blocks, printed, strict=True)
        if block.promised is not None and block.promised != found
    }
    assert differing == {}
    assert any(block.promised for block in blocks)
