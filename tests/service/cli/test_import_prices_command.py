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


def test_proposals_are_listed_accepted_and_rejected(invoke: Invoke, tmp_path: Path) -> None:
    entry = {"litellm_provider": "import-test", "input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06}
    file = tmp_path / "catalogue.json"
    file.write_text(json.dumps({"import-test/reviewed": entry, "import-test/other": entry}))
    assert "4 proposals wait" in invoke("import", "prices", file, "--format", "litellm").stdout
    listed = invoke("proposals", "list", "--model", "import-test/reviewed")
    assert (listed.exit_code, listed.stdout.splitlines()[-1]) == (0, "2 open")
    assert "import-test/reviewed" in listed.stdout
    of_both = json.loads(invoke("proposals", "list", "--model", "import-test/other", "--json").stdout)["items"]
    assert invoke("proposals", "reject", of_both[0]["id"]).stdout == "1 rejected\n"
    accepted = invoke("proposals", "accept", "--model", "import-test/reviewed")
    assert accepted.stdout == "2 accepted, 2 rows added to the price book\n"
    assert invoke("proposals", "list", "--model", "import-test/reviewed").stdout == "0 open\n"


def test_a_decision_that_cannot_be_made_is_bad_input(invoke: Invoke) -> None:
    assert invoke("proposals", "accept").exit_code == 2
    assert invoke("proposals", "accept", "--model", "flash").exit_code == 2
    nobody = invoke("proposals", "reject", "01a20ac5-0000-7000-8000-000000000000")
    assert (nobody.exit_code, nobody.stderr) == (2, "/ids/0: is no open proposal of this workspace\n")
    assert invoke("proposals", "accept", "--model", "import-test/none").exit_code == 2
