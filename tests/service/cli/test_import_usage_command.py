"""`tokencast import usage` against the running service."""

import csv
import json
from collections.abc import Iterable, Sequence
from itertools import product
from pathlib import Path

from service.schemas.usage.record import MOST_ROWS
from tests.service.cli.conftest import Invoke

HEADER = ("period", "workload", "route", "meter", "quantity", "billed")
MODEL = "deepseek/deepseek-v4-pro"


def table(folder: Path, rows: Iterable[Sequence[object]]) -> Path:
    file = folder / "usage.csv"
    with file.open("w", newline="") as written:
        csv.writer(written).writerows([HEADER, *rows])
    return file


def test_a_table_is_recorded_once_however_often_it_is_imported(invoke: Invoke, tmp_path: Path) -> None:
    file = table(tmp_path, [("2026-01", "import-usage", MODEL, "output", 1200, "2.50")])
    words = ("import", "usage", file, "--format", "csv")
    first = invoke(*words)
    assert (first.exit_code, first.stdout) == (0, "1 rows added, 0 corrected, 0 unchanged.\n")
    assert "recording usage" in first.stderr
    assert json.loads(invoke(*words, "--json").stdout) == {"added": 0, "corrected": 0, "unchanged": 1}
    through_a_pipe = invoke("import", "usage", "-", "--format", "csv", stdin=file.read_text())
    assert through_a_pipe.stdout == "0 rows added, 0 corrected, 1 unchanged.\n"


def test_other_numbers_are_refused_unless_they_are_said_to_correct(invoke: Invoke, tmp_path: Path) -> None:
    words = (
        "import",
        "usage",
        table(tmp_path, [("2026-02", "import-usage", MODEL, "output", 10, 1)]),
        "--format",
        "csv",
    )
    assert invoke(*words).exit_code == 0
    table(tmp_path, [("2026-02", "import-usage", MODEL, "output", 10, 2)])
    refused = invoke(*words)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr.splitlines()[-1].startswith("/rows/0: ")
    assert invoke(*words, "--replace").stdout == "0 rows added, 1 corrected, 0 unchanged.\n"


def test_a_bad_file_is_refused_with_a_line_for_each_cell(invoke: Invoke, tmp_path: Path) -> None:
    good = ("2026-03", "import-usage", MODEL, "output", 10, 1)
    bad = ("2026-13", "import-usage", MODEL, "weight", 10, 1)
    refused = invoke("import", "usage", table(tmp_path, [good, bad]), "--format", "csv")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert [line.partition(":")[0] for line in refused.stderr.splitlines()] == ["/rows/1/period", "/rows/1/meter"]
    assert invoke("import", "usage", table(tmp_path, [good]), "--format", "csv").stdout.startswith("1 rows added")
    for text, pointer in (('{"rows": [{}]}', "/rows/0/period"), ("{", str(tmp_path / "usage.json"))):
        (tmp_path / "usage.json").write_text(text)
        refused = invoke("import", "usage", tmp_path / "usage.json", "--format", "json")
        assert refused.exit_code == 2
        assert refused.stderr.startswith(f"{pointer}: ")
    assert invoke("import", "usage", tmp_path / "none.csv", "--format", "csv").exit_code == 2


def test_a_json_file_says_itself_whether_it_corrects(invoke: Invoke, tmp_path: Path) -> None:
    row = {"period": "2026-04", "workload": "import-usage", "route": MODEL, "meter": "output", "quantity": 1}
    words = ("import", "usage", tmp_path / "usage.json", "--format", "json")
    for billed, added in ((1, 1), (2, 0)):
        (tmp_path / "usage.json").write_text(json.dumps({"rows": [{**row, "billed": billed}], "replace": True}))
        assert invoke(*words).stdout == f"{added} rows added, {1 - added} corrected, 0 unchanged.\n"
    assert invoke(*words, "--replace").exit_code == 2


def test_a_long_table_goes_in_pieces_and_a_refusal_names_the_row_of_the_file(invoke: Invoke, tmp_path: Path) -> None:
    days = [f"2026-05-{day:02}" for day in range(1, 32)]
    names = [f"import-usage-{number}" for number in range(MOST_ROWS // len(days) + 1)]
    rows = [(day, name, MODEL, "output", 10, 1) for day, name in product(days, names)]
    words = ("import", "usage", table(tmp_path, rows), "--format", "csv")
    assert invoke(*words).stdout == f"{len(rows):,} rows added, 0 corrected, 0 unchanged.\n"
    table(tmp_path, [*rows[:-1], (*rows[-1][:-1], 2)])
    refused = invoke(*words)
    assert refused.exit_code == 2
    assert f"the {MOST_ROWS:,} rows before these are recorded" in refused.stderr
    assert refused.stderr.splitlines()[-1].startswith(f"/rows/{len(rows) - 1}: ")
