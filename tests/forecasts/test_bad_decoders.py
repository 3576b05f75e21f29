"""A decoder that cannot be is a problem of its field, which says what could be."""

from typing import Any

import pytest

from tests.forecasts.estates import a_fleet, problems
from tests.forecasts.speculation.gains.decoded import asked, decoded, flash, on
from tests.forecasts.test_bad_measurements import a_point

AT = "/fleets/0/decoder"


def refused(decoder: dict[str, Any], **throughput: Any) -> tuple[str, str]:
    [problem] = problems(on(decoded(decoder, **throughput)))
    return problem


def eagle(**fields: Any) -> dict[str, Any]:
    return {"preset": "eagle3"} | fields


@pytest.mark.parametrize("tokens", [0, -1, 65])
def test_a_draft_has_1_to_64_tokens(tokens: int) -> None:
    problem = refused(eagle(num_speculative_tokens=tokens))
    assert problem == (f"{AT}/num_speculative_tokens", f"must be 1 to 64 draft tokens, not {tokens}")


@pytest.mark.parametrize("tokens", [1, 64])
def test_a_draft_at_either_end_is_fine(tokens: int) -> None:
    assert problems(on(decoded(eagle(num_speculative_tokens=tokens)))) == []


@pytest.mark.parametrize(
    ("acceptance", "pointer", "detail"),
    [
        ({"rate": 1.2}, "rate", "must be 0 or more and at most 1, not 1.2"),
        ({"rate": -0.1}, "rate", "must be 0 or more and at most 1, not -0.1"),
        ({"length": 4.2}, "length", "must be 1 to 4 at 3 draft tokens, not 4.2"),
        ({"length": 0.9}, "length", "must be 1 to 4 at 3 draft tokens, not 0.9"),
        ({"length": 3.5, "length_includes_bonus": False}, "length", "must be 0 to 3 at 3 draft tokens, not 3.5"),
        ({"by_position": [0.8, 1.1]}, "by_position/1", "must be 0 or more and at most 1, not 1.1"),
        ({"by_position": [0.5, 0.7]}, "by_position/1", "must be at most the position before it (0.5), not 0.7"),
    ],
)
def test_an_acceptance_beyond_its_draft_is_told_what_it_can_be(
    acceptance: dict[str, Any], pointer: str, detail: str
) -> None:
    found = problems(on(decoded(eagle(acceptance=acceptance))))
    assert (f"{AT}/acceptance/{pointer}", detail) in found
    assert {where for where, _ in found} == {f"{AT}/acceptance/{pointer}"}


def test_a_length_is_checked_against_the_draft_that_the_plan_states() -> None:
    long_draft = eagle(num_speculative_tokens=7, acceptance={"length": 4.2})
    assert problems(on(decoded(long_draft))) == []
    pointer, detail = refused(eagle(num_speculative_tokens=2, acceptance={"length": 3.2}))
    assert (pointer, detail) == (f"{AT}/acceptance/length", "must be 1 to 3 at 2 draft tokens, not 3.2")


@pytest.mark.parametrize("acceptance", [{}, {"rate": 0.5, "length": 2.0}, {"length": 2.0, "by_position": [0.5]}])
def test_acceptance_is_one_of_three_figures(acceptance: dict[str, Any]) -> None:
    problem = refused(eagle(acceptance=acceptance))
    assert problem == (f"{AT}/acceptance", "must give exactly one of rate, length and by_position")


def test_a_preset_of_another_family_says_which_this_model_can_have() -> None:
    [(pointer, detail)] = problems(on(flash("gemma-mtp")))
    assert pointer == f"{AT}/preset"
    assert detail.startswith("'gemma-mtp' exists for gemma alone, not for 'deepseek-v4-flash'; this model can have ")
    assert "dspark-v4-flash" in detail


def test_a_throughput_measured_with_a_preset_of_another_family_cannot_be() -> None:
    [(pointer, detail)] = problems(on(decoded("none", measured_with="dspark-v4-pro")))
    assert pointer == "/fleets/0/throughput/measured_with"
    assert "this model can have" in detail


def test_an_unknown_preset_is_told_all_there_are() -> None:
    pointer, detail = refused({"preset": "mtp-9"})
    assert pointer == f"{AT}/preset"
    assert "'mtp-9' is no decoder preset; there are none, headline, ngram, " in detail


def test_a_model_of_unknown_size_has_to_state_it() -> None:
    [(pointer, detail)] = problems(on(decoded() | {"model_size": None}))
    assert (pointer, detail) == (
        "/fleets/0/serves",
        "the size of 'some-model' is not known: state it in model_size",
    )


@pytest.mark.parametrize("fleet", [decoded(concurrency_per_node=None), flash(concurrency_per_node=None)])
def test_a_gain_that_depends_on_the_load_needs_one(fleet: dict[str, Any]) -> None:
    [(pointer, detail)] = problems(on(fleet))
    assert pointer == "/fleets/0/throughput/concurrency_per_node"
    assert "state how many requests run" in detail


def test_what_is_the_same_at_any_load_needs_neither_size_nor_load() -> None:
    assert problems(on(a_fleet(decoder={"preset": "unsloth-mtp"}))) == []
    assert problems(on(a_fleet(decoder={"preset": "headline", "speedup": 1.67}))) == []


def test_a_speed_that_not_even_a_lone_request_gets_is_told_how_fast_one_is() -> None:
    [(pointer, detail)] = problems(on(decoded(), asked(speed=5000)))
    assert pointer == "/workloads/0/min_tokens_per_second_per_user"
    assert detail.startswith("no configuration of pool reaches 5000: a lone request gets ")
    reachable = float(detail.split("at the most ")[1].split()[0])
    assert problems(on(decoded(), asked(speed=reachable * 0.99))) == []
    assert problems(on(decoded(), asked(speed=reachable * 1.01))) != []


def test_a_speed_is_no_problem_of_a_basis_that_asks_for_none() -> None:
    assert problems(on(decoded(eagle(basis="equal_concurrency")), asked(speed=5000))) == []


@pytest.mark.parametrize(
    ("decoder", "pointer", "words"),
    [
        ({"preset": "headline"}, "speedup", "is needed by the preset 'headline'"),
        ({"preset": "headline", "speedup": 0.01}, "speedup", "must be 0.05 or more and at most 100"),
        (eagle(speedup=1.5), "speedup", "belongs to the preset 'headline' alone"),
        (eagle(speedup_over="mtp-1"), "speedup_over", "'eagle3' is known over 'none'; leave this out"),
        ({"preset": "headline", "speedup": 1.5, "speedup_over": "mtp"}, "speedup_over", "one of none, ngram, "),
        ({"preset": "draft-model"}, "draft_params_b", "is needed by the preset 'draft-model'"),
        ({"preset": "draft-model", "draft_params_b": 0}, "draft_params_b", "must be above 0"),
        (
            {"preset": "headline", "speedup": 1.5, "basis": "matched_speed"},
            "basis",
            "has no meaning for the preset 'headline', which has no curve",
        ),
        ({"preset": "unsloth-mtp", "basis": "matched_throughput"}, "basis", "which has no curve"),
        (
            {"preset": "headline", "speedup": 1.5, "num_speculative_tokens": 3},
            "num_speculative_tokens",
            "which has no acceptance",
        ),
        ({"preset": "measured"}, "preset", "'measured' needs a measurement of this fleet that states its speedup"),
    ],
)
def test_a_field_that_does_not_go_with_the_preset_says_why(decoder: dict[str, Any], pointer: str, words: str) -> None:
    where, detail = refused(decoder)
    assert where == f"{AT}/{pointer}"
    assert words in detail


def test_points_over_another_decoder_say_what_the_fleet_has_to_state() -> None:
    point = a_point(speedup=1.3, speedup_over="mtp-1", method="dspark")
    del point["acceptance_length"]
    [(pointer, detail)] = problems(on(decoded("measured"), measurements=[point]))
    assert pointer == f"{AT}/speedup_over"
    assert "'mtp-1'" in detail
    right = decoded({"preset": "measured", "speedup_over": "mtp-1"}, measured_with="mtp-1")
    assert problems(on(right, measurements=[point])) == []


@pytest.mark.parametrize(
    ("size", "pointer"),
    [({"total_params_b": 0}, "total_params_b"), ({"total_params_b": 8, "active_params_b": 9}, "active_params_b")],
)
def test_a_model_has_parameters_and_no_more_active_than_it_has(size: dict[str, float], pointer: str) -> None:
    found = problems(on(decoded() | {"model_size": size}))
    assert f"/fleets/0/model_size/{pointer}" in [where for where, _ in found]


def test_every_problem_of_a_decoder_is_told_at_once() -> None:
    bad = eagle(num_speculative_tokens=0, acceptance={"rate": 2}, speedup=1.5)
    found = [pointer for pointer, _ in problems(on(decoded(bad)))]
    assert found == [f"{AT}/speedup", f"{AT}/num_speculative_tokens", f"{AT}/acceptance/rate"]
