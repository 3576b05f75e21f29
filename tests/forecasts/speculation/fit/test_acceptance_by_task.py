"""Acceptance by method and task: from the right rows, between the measured and the preset's, and as packaged."""

from typing import get_args

import pytest

from forecasts.catalog.acceptance import find_acceptance, load_acceptance_by_task
from forecasts.catalog.decoders import load_decoders
from forecasts.speculation.fit.acceptance import (
    ANY_TASK,
    BY_CREATIVE,
    BY_METHOD,
    BY_PRESET,
    BY_TASK,
    AcceptanceEstimate,
    acceptance_points,
    estimate_acceptance,
    preset_range,
)
from forecasts.speculation.fit.presets import TASKS
from service.schemas.workload.workload import Task
from tests.forecasts.speculation.fit.measured import a_measurement


def estimate(
    *measurements: object, task: str = "chat", family: str = "eagle3", preset: str = "eagle3"
) -> AcceptanceEstimate:
    return estimate_acceptance(acceptance_points(measurements), family=family, preset=preset, task=task)  # type: ignore[arg-type]


def of_length(source: str, first: float, **fields: object) -> object:
    return a_measurement(source, draft_tokens=1, acceptance_length=1.0 + first, **fields)


def test_it_lies_between_what_was_measured_and_the_presets_own() -> None:
    found = estimate(of_length("north", 0.5), of_length("east", 0.5))
    assert 0.5 < found.acceptance.mode < preset_range("eagle3").mode
    assert (found.rows, found.sources, found.basis) == (2, 2, BY_TASK)


def test_more_sources_outweigh_the_preset_and_more_rows_of_one_do_not() -> None:
    one = estimate(of_length("north", 0.5)).acceptance.mode
    crowd = estimate(*[of_length("north", 0.5)] * 50).acceptance.mode
    many = estimate(*[of_length(f"source {index}", 0.5) for index in range(50)]).acceptance.mode
    assert crowd == pytest.approx(one)
    assert many == pytest.approx(0.5, abs=0.01)


def test_a_task_without_evidence_has_the_presets_own_range() -> None:
    found = estimate(of_length("north", 0.5), task="classification")
    assert (found.acceptance, found.basis) == (preset_range("eagle3"), BY_PRESET)


def test_a_mixture_of_tasks_is_judged_by_the_method() -> None:
    found = estimate(of_length("north", 0.5), of_length("east", 0.6, task="code"), task=ANY_TASK)
    assert (found.rows, found.basis) == (2, BY_METHOD)


def test_creative_work_borrows_from_other_methods_but_a_lookup_does_not() -> None:
    prose = of_length("north", 0.3, task="prose", method="mtp")
    assert estimate(prose, task="creative").basis == BY_CREATIVE
    assert estimate(prose, task="creative").acceptance.mode < preset_range("eagle3").mode
    assert estimate(prose, task="creative", family="ngram", preset="ngram").basis == BY_PRESET


def test_trees_and_rows_without_a_draft_length_say_nothing_of_the_first_position() -> None:
    points = acceptance_points([a_measurement(drafting="tree"), a_measurement(draft_tokens=None), a_measurement()])
    assert len(points.first) == 1


def test_leaving_out_a_source_leaves_nothing_of_it() -> None:
    points = acceptance_points([a_measurement("north"), a_measurement("east")])
    assert points.without("north").source.tolist() == ["east"]


def test_the_packaged_table_has_every_preset_with_a_range_for_every_task() -> None:
    presets = [row.preset for row in load_decoders() if row.first_acceptance is not None]
    rows = load_acceptance_by_task()
    assert {(row.preset, row.task) for row in rows} == {(preset, task) for preset in presets for task in TASKS}
    assert len(rows) == len(presets) * len(TASKS)
    for row in rows:
        assert 0 < row.acceptance.low <= row.acceptance.mode <= row.acceptance.high < 1, row
        assert row.source
        assert row.date_basis
        assert (row.rows == 0) == (row.basis == BY_PRESET)


def test_the_tasks_are_those_of_a_plan() -> None:
    assert get_args(Task) == TASKS


@pytest.mark.parametrize("preset", ["mtp-1", "eagle3", "dflash", "dspark"])
def test_code_is_accepted_more_often_than_chat_and_creative_work_can_be_far_below(preset: str) -> None:
    code, chat, creative = (find_acceptance(preset, task) for task in ("code", "chat", "creative"))
    assert code is not None
    assert chat is not None
    assert creative is not None
    assert chat.acceptance.mode < code.acceptance.mode
    assert creative.acceptance.mode < code.acceptance.mode
