"""`tokencast import prices` against the running service."""

import json
from pathlib import Path

from tests.service.cli.conftest import Invoke

HEADER = "provider,model,meter,rate,effective_from\n"


def test_a_table_goes_into_the_book_after_a_dry_run_that_stores_nothing(invoke: Invoke, tmp_path: Path) -> None:
    file = tmp_path / "prices.csv"
    file.write_text(f"{HEADER}import-test,one,output,2.50,2026-01-01T00:00:00Z\n")
    words = ("import", "prices", file, "--format", "csv")
    looked = invoke(*words, "--dry-run")
    assert looked.exit_code == 0, looked.stderr
    assert "1 new, 0 changed, 0 unchanged" in looked.stdout
    assert "nothing is stored" in looked.stdout
    assert "2.50 USD per 1,000,000" in looked.stdout
    stored = invoke(*words)
    assert "1 rows added, 0 known already." in stored.stdout
    assert "importing prices" in stored.stderr
    assert "0 rows added, 1 known already." in invoke(*words).stdout


def test_a_half_broken_table_is_refused_with_a_line_for_each_cell(invoke: Invoke, tmp_path: Path) -> None:
    file = tmp_path / "prices.csv"
    file.write_text(f"{HEADER}import-test,two,output,2.50,2026-01-01T00:00:00Z\nimport-test,two,weight,-1,soon\n")
    refused = invoke("import", "prices", file, "--format", "csv")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert [line.partition(":")[0] for line in refused.stderr.splitlines()] == ["/1/meter"]
    file.write_text(f"{HEADER}import-test,two,output,-1,soon\n")
    refused = invoke("import", "prices", file, "--format", "csv")
    assert [line.partition(":")[0] for line in refused.stderr.splitlines()] == ["/0/effective_from", "/0/rate"]


def test_the_installed_catalogue_is_proposed_piece_by_piece(invoke: Invoke) -> None:
    looked = invoke("import", "prices", "--format", "genai-prices", "--dry-run", "--json")
    assert looked.exit_code == 0, looked.stderr
    answer = json.loads(looked.stdout)
    assert answer["counts"]["new"] > 1000
    assert (answer["proposed"], answer["stored"]) == (None, None)
    assert looked.stderr == "tokencast: comparing prices\n"
    proposed = invoke("import", "prices", "--format", "genai-prices")
    assert "proposals wait for a decision." in proposed.stdout
    assert "\n0 proposals wait for a decision." in invoke("import", "prices", "--format", "genai-prices").stdout


def test_what_cannot_be_read_is_bad_input(invoke: Invoke, tmp_path: Path) -> None:
    assert invoke("import", "prices", tmp_path / "none.csv", "--format", "csv").exit_code == 2
    assert invoke("import", "prices", "--format", "litellm").exit_code == 2
    (tmp_path / "bad.json").write_text("{")
    refused = invoke("import", "prices", tmp_path / "bad.json", "--format", "models.dev")
    assert (refused.exit_code, str(tmp_path) in refused.stderr) == (2, True)
