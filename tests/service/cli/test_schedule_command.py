"""`tokencast schedule` against the running service."""

import json

from tests.service.cli.conftest import ROOT, Invoke


def test_a_schedule_is_made_looked_at_paused_skipped_run_and_deleted(invoke: Invoke) -> None:
    assert invoke("apply", ROOT / "examples/article.yaml").exit_code == 0
    # What other tests stored has no prices for the whole of this year.
    own = ("--workload", "generation")
    made = invoke("schedule", "create", "close", "--time-zone", "Europe/Berlin", "--fiscal-year", *own, "--json")
    assert made.exit_code == 0, made.stderr
    schedule = json.loads(made.stdout)
    assert schedule["horizon"]["kind"] == "fiscal_year"
    ahead = json.loads(invoke("schedule", "next", "close", "--json").stdout)["items"]
    assert [one["due_at"] for one in ahead[:1]] == [schedule["next_due_at"]]
    assert len(ahead) == 10
    assert "close" in invoke("schedule", "list").stdout
    assert invoke("schedule", "skip", "close").stdout == f"{ahead[0]['occurrence']} is skipped\n"
    assert "skipped" in invoke("schedule", "next", "close").stdout
    assert invoke("schedule", "pause", "close").stdout == "close is paused\n"
    assert "next due at" in invoke("schedule", "resume", "close").stdout
    forecast_id = invoke("schedule", "run", "close").stdout.strip()
    history = json.loads(invoke("schedule", "history", "close", "--json").stdout)["items"]
    assert [(run["status"], run["forecast_id"]) for run in history] == [("started", forecast_id), ("skipped", None)]
    assert "on demand" in invoke("schedule", "history", "close").stdout
    assert invoke("schedule", "delete", "close").stdout == "deleted close\n"
    assert invoke("schedule", "run", "close").exit_code == 2


def test_what_is_wrong_with_a_schedule_is_told_by_its_pointer(invoke: Invoke) -> None:
    refused = invoke("schedule", "create", "often", "--rule", "FREQ=SECONDLY", "--time-zone", "Mars/Olympus")
    assert refused.exit_code == 2
    assert sorted(line.partition(":")[0] for line in refused.stderr.splitlines()) == ["/rule", "/time_zone"]
