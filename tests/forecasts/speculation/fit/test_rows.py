"""Rows of evidence: what can be predicted, what cannot and why, and that many at once are predicted like one."""

import numpy as np
import pytest

from forecasts.catalog.measurements import load_speculation_measurements
from forecasts.speculation.fit.acceptance import acceptance_points
from forecasts.speculation.fit.learning import preset_acceptances
from forecasts.speculation.fit.methods import DRAFT_RATIO, METHODS
from forecasts.speculation.fit.prediction import Acceptances, lengths_at, predict_speedups
from forecasts.speculation.fit.rows import EvidenceRows, evidence_rows
from forecasts.speculation.model.drafting import Drafting, DraftKind
from forecasts.speculation.model.parameters import load_uplift_parameters
from forecasts.speculation.model.requests import decode_share, whole_request_speedup
from forecasts.speculation.model.speedup import Speculation, decode_speedup
from forecasts.speculation.model.target import TargetModel
from tests.forecasts.speculation.fit.measured import a_measurement


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"speedup": None}, "no speedup"),
        ({"metric": "acceptance_only"}, "no speedup"),
        ({"requests": None}, "no concurrency"),
        ({"active_params_b": None}, "no size of the model"),
        ({"method": "medusa"}, "no preset for the method 'medusa'"),
        ({"baseline": "dspark-fixed"}, "a baseline of 'dspark-fixed'"),
    ],
)
def test_a_row_that_cannot_be_predicted_is_counted_with_its_reason(fields: dict[str, object], reason: str) -> None:
    rows, left_out = evidence_rows([a_measurement(), a_measurement(**fields)])
    assert rows.count == 1
    assert left_out == {reason: 1}


def test_an_acceptance_rate_stands_for_its_length_and_a_length_for_itself() -> None:
    by_rate = a_measurement(acceptance_length=None, acceptance_rate=0.5)
    rows, _ = evidence_rows([by_rate, a_measurement(), a_measurement(acceptance_length=None)])
    assert rows.length.tolist()[:2] == [2.5, 2.5]
    assert rows.acceptance_known.tolist() == [True, True, False]


def test_a_draft_length_that_is_not_stated_is_the_presets_or_what_the_length_needs() -> None:
    rows, _ = evidence_rows([a_measurement(draft_tokens=None), a_measurement(draft_tokens=None, acceptance_length=4.9)])
    assert rows.depth.tolist() == [3.0, 4.0]


def test_prefill_counts_in_total_throughput_alone() -> None:
    rows, _ = evidence_rows([a_measurement(), a_measurement(metric="total_throughput")])
    assert rows.prefill_tokens.tolist() == [0.0, 500.0]


def test_every_row_of_the_evidence_is_predicted_as_the_product_would_predict_it_alone() -> None:
    measurements = load_speculation_measurements()
    rows, _ = evidence_rows(measurements)
    by_preset = preset_acceptances(rows, acceptance_points(measurements))
    together = predict_speedups(rows, by_preset, load_uplift_parameters())
    chosen = range(0, rows.count, 7)
    alone = [predicted_alone(rows, row, by_preset) for row in chosen]
    assert together[list(chosen)] == pytest.approx(np.array(alone), rel=1e-9)


def predicted_alone(rows: EvidenceRows, row: int, acceptances: Acceptances) -> float:
    kind = DraftKind(str(rows.kind[row]))
    active = float(rows.active_params_b[row])
    target = TargetModel(
        active_params_b=active,
        total_params_b=float(rows.total_params_b[row]),
        experts_saturated=bool(rows.over_mtp[row]),
    )
    drafting = Drafting(
        kind=kind,
        draft_params_b=DRAFT_RATIO * active if kind is DraftKind.DRAFT_MODEL else None,
        tree=bool(rows.tree[row]),
    )
    heads = Drafting(kind=METHODS["mtp-1"].kind)
    own = Speculation(
        drafting=drafting, depth=int(rows.depth[row]), rho=float(rows.rho[row]), adaptive=bool(rows.adaptive[row])
    )
    speedup = whole(rows, row, own, float(acceptances.first[row]), target)
    if rows.over_mtp[row]:
        speedup /= whole(
            rows, row, Speculation(drafting=heads, depth=1), float(acceptances.baseline_first[row]), target
        )
    return speedup


def whole(rows: EvidenceRows, row: int, speculation: Speculation, first: float, target: TargetModel) -> float:
    load, context = float(rows.requests[row]), float(rows.context_tokens[row])
    parameters = load_uplift_parameters()
    speedup = decode_speedup(
        first, load, speculation=speculation, target=target, context_tokens=context, parameters=parameters
    )
    share = decode_share(
        load,
        output_tokens=float(rows.output_tokens[row]),
        input_tokens=float(rows.prefill_tokens[row]),
        context_tokens=context,
        target=target,
        parameters=parameters,
    )
    return float(whole_request_speedup(speedup, share))


def test_the_first_position_of_a_measured_length_gives_the_length_back() -> None:
    rows, _ = evidence_rows([a_measurement(acceptance_length=length) for length in (1.0, 1.7, 3.2)])
    assert lengths_at(rows.first, rows) == pytest.approx(rows.length)
    assert rows.first[0] == pytest.approx(0.0, abs=1e-12)
