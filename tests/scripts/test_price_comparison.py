"""The comparison with another catalogue is what its script writes, and leaves next to nothing undecided."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "price-comparison.md"


def counts() -> dict[str, int]:
    text = PAGE.read_text(encoding="utf-8")
    return {name: int(count) for name, count in re.findall(r"^\| ([^|]+) \| (\d+) \|$", text, flags=re.MULTILINE)}


def test_the_page_is_what_the_script_writes(tmp_path: Path) -> None:
    written = tmp_path / "page.md"
    subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "compare_prices.py"), "--out", str(written)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    assert written.read_bytes() == PAGE.read_bytes()


def test_five_hundred_cases_are_the_same_or_listed() -> None:
    found = counts()
    different = found["different"]
    assert found["the same to the last digit"] + different == 500
    decided = [count for name, count in found.items() if name.startswith("...")]
    assert sum(decided) == different
    listed = re.findall(r"^\| ([\w.-]+/[\w.-]+ \| [\d-]+ [\d:]+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(set(listed)) == different


def test_at_most_a_twentieth_of_the_differences_is_undecided() -> None:
    found = counts()
    assert found["... undecided"] <= 0.05 * found["different"]
    assert found["the same to the last digit"] >= 450
