"""A measured point that cannot be is a problem of its field, which says what could be."""

from typing import Any

import pytest

from tests.forecasts.estates import a_fleet, a_plan, a_workload, problems, read, to_fleet


def a_point(**fields: Any) -> dict[str, Any]:
    return {
        "fleet": "pool",
        "method": "eagle3",
        "concurrency": 32,
        "input_tokens": 1000,
        "output_tokens": 500,
        "acceptance_length": 2.4,
    } | fields


def a_speedup(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in a_point().items() if name != "acceptance_length"} | {"speedup": 1.4} | fields


def plan_with(*points: dict[str, Any], serves: str = "deepseek-v4-pro") -> dict[str, Any]:
    return a_plan(a_workload(to=[to_fleet()]), fleets=[a_fleet(serves=serves)], measurements=list(points))


@pytest.mark.parametrize(
    ("point", "field", "detail"),
    [
        (
            a_point(concurrency=None),
            "/concurrency",
            "is required: the requests that ran at once on one node, 1 or more",
        ),
        (a_point(concurrency=0), "/concurrency", "must be 1 or more and at most 1e+06, not 0"),
        (a_point(input_tokens=-1), "/input_tokens", "must be 0 or more and at most 1e+08, not -1"),
        (a_point(output_tokens=0), "/output_tokens", "must be 1 or more and at most 1e+08, not 0"),
        (
            a_point(acceptance_length=4.01),
            "/acceptance_length",
            "must be 1 to 4 for 3 draft tokens, the step's own token included, not 4.01",
        ),
        (
            a_point(acceptance_length=0.99),
            "/acceptance_length",
            "must be 1 to 4 for 3 draft tokens, the step's own token included, not 0.99",
        ),
        (
            a_point(acceptance_length=3.2, acceptance_length_includes_bonus=False),
            "/acceptance_length",
            "must be 0 to 3 for 3 draft tokens, the step's own token not counted, not 3.2",
        ),
        (
            a_point(acceptance_length=7, num_speculative_tokens=5),
            "/acceptance_length",
            "must be 1 to 6 for 5 draft tokens, the step's own token included, not 7",
        ),
        (
            a_point(num_speculative_tokens=0),
            "/num_speculative_tokens",
            "must be 1 to 64 tokens of a draft, not 0",
        ),
        (
            a_point(num_speculative_tokens=65),
            "/num_speculative_tokens",
            "must be 1 to 64 tokens of a draft, not 65",
        ),
        (a_speedup(speedup=0.04), "/speedup", "must be 0.05 or more and at most 100, not 0.04"),
        (a_speedup(speedup=101), "/speedup", "must be 0.05 or more and at most 100, not 101"),
        (a_point(acceptance_length=None), "", "must give either acceptance_length or speedup, and has neither"),
        (
            a_point(speedup=1.4),
            "/speedup",
            "must be left out where acceptance_length is given: a point has one of them",
        ),
        (
            a_point(speedup_over="mtp-1"),
            "/speedup_over",
            "belongs to a speedup: an acceptance length is over no other decoder",
        ),
        (a_point(measured_on="last week"), "/measured_on", "'last week' is not a date such as 2027-01-31"),
        (a_point(fleet="pond"), "/fleet", "'pond' is no fleet of the plan; known are pool"),
    ],
)
def test_a_point_that_cannot_be_says_what_could(point: dict[str, Any], field: str, detail: str) -> None:
    assert problems(plan_with(point)) == [(f"/measurements/0{field}", detail)]


@pytest.mark.parametrize("method", ["eagle9", "none", "headline", "measured"])
def test_a_method_that_does_not_draft_is_told_those_that_do(method: str) -> None:
    [(pointer, detail)] = problems(plan_with(a_point(method=method)))
    assert pointer == "/measurements/0/method"
    assert detail.startswith(f"{method!r} is no method that drafts; there are ngram, draft-model, mtp-1, ")


@pytest.mark.parametrize("over", ["eagle3", "eagle9", "headline"])
def test_a_speedup_is_over_another_decoder(over: str) -> None:
    [(pointer, detail)] = problems(plan_with(a_speedup(speedup_over=over)))
    assert pointer == "/measurements/0/speedup_over"
    assert detail.startswith(f"{over!r} is no other decoder; there are none, ngram, ")


def test_a_method_of_another_model_family_is_refused() -> None:
    [(pointer, detail)] = problems(plan_with(a_speedup(method="dspark-v4-flash", speedup_over="mtp-1")))
    assert pointer == "/measurements/0/method"
    assert detail.startswith("'dspark-v4-flash' exists for deepseek-v4-flash alone, not for 'deepseek-v4-pro'")


def test_a_point_given_twice_would_count_twice_and_is_refused() -> None:
    points = [a_speedup(), a_speedup(concurrency=64), a_speedup(note="again", source="the same run")]
    assert problems(plan_with(*points)) == [
        ("/measurements/2", "says what measurement 0 says already: give each point once")
    ]


def test_everything_wrong_with_a_point_is_told_at_once() -> None:
    point = a_point(fleet="pond", concurrency=-1, num_speculative_tokens=99, measured_on="x")
    assert sorted(pointer for pointer, _ in problems(plan_with(point))) == [
        f"/measurements/0/{field}" for field in ("concurrency", "fleet", "measured_on", "num_speculative_tokens")
    ]


def test_good_points_are_part_of_the_plan_with_the_draft_length_of_their_preset() -> None:
    points = [a_point(), a_speedup(method="dspark", speedup_over="mtp-1", num_speculative_tokens=7)]
    found = read(plan_with(*points)).measurements
    assert [(point.num_speculative_tokens, point.acceptance_length, point.speedup) for point in found] == [
        (3, 2.4, None),
        (7, None, 1.4),
    ]


def test_a_forecast_does_not_know_points_that_were_measured_after_its_day() -> None:
    points = [a_speedup(measured_on="2026-11-23"), a_speedup(measured_on="2026-11-24"), a_speedup()]
    document = plan_with(*points) | {"as_of": "2026-11-23"}
    assert [str(point.measured_on) for point in read(document).measurements] == ["2026-11-23", "None"]


def test_a_decoder_cannot_rest_on_a_point_that_was_measured_after_the_day_of_the_forecast() -> None:
    point = a_speedup(measured_on="2026-11-24")
    document = plan_with(point) | {"as_of": "2026-11-23"}
    document["fleets"][0] |= {
        "decoder": {"preset": "measured"},
        "throughput": {"output_tokens_per_second": 4000, "concurrency_per_node": 32},
    }
    assert problems(document | {"as_of": "2026-11-24"}) == []
    assert [pointer for pointer, _ in problems(document)] == ["/fleets/0/decoder/preset"]


def test_pointers_count_the_points_that_a_forecast_does_not_know_as_well() -> None:
    points = [a_speedup(measured_on="2026-11-24"), a_speedup(fleet="pond")]
    assert [pointer for pointer, _ in problems(plan_with(*points) | {"as_of": "2026-11-23"})] == [
        "/measurements/1/fleet"
    ]
