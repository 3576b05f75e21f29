"""`tokencast explain uplift` shows what a fleet's decoder gains by load, without any service."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from click.testing import CliRunner, Result

from service.cli import main
from tests.forecasts.estates import answer, headline
from tests.forecasts.speculation.gains.decoded import asked, decoded, flash, on, pro
from tests.forecasts.speculation.gains.test_points_move_gains import a_point

Explain = Callable[..., Result]


@pytest.fixture
def explain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Explain:
    monkeypatch.setenv("TOKENCAST_DATA_DIR", str(tmp_path / "nothing"))
    monkeypatch.delenv("TOKENCAST_URL", raising=False)

    def run(document: Mapping[str, Any], *words: str) -> Result:
        path = tmp_path / "plan.yaml"
        path.write_text(yaml.safe_dump(dict(document), sort_keys=False))
        return CliRunner().invoke(main, ["explain", "uplift", str(path), *words])

    return run


def curves(result: Result) -> Any:
    assert result.exit_code == 0, result.stderr
    [found] = json.loads(result.stdout)["fleets"]
    return found


def test_the_speedup_shown_is_the_one_that_the_forecast_uses(explain: Explain) -> None:
    for document in (on(decoded()), on(decoded(), asked(speed=40)), on(flash(), asked(speed=80))):
        found = curves(explain(document, "--json"))
        decoder = answer(document)["fleets"][0]["decoder"]
        assert found["basis"] == decoder["basis"]
        assert found["speedup"] == pytest.approx(decoder["gains"][found["basis"]]["p50"], abs=1e-6)
        assert found["equal_concurrency_speedup"] == pytest.approx(
            decoder["gains"]["equal_concurrency"]["p50"], abs=1e-6
        )


def test_the_curve_passes_through_the_fleet_and_its_band_holds_it(explain: Explain) -> None:
    found = curves(explain(on(decoded()), "--json"))
    curve = found["curve"]
    assert all(low < middle < high for low, middle, high in zip(curve["p10"], curve["p50"], curve["p90"], strict=True))
    here = np.interp(np.log(64), np.log(curve["concurrency"]), curve["p50"])
    assert found["equal_concurrency_speedup"] == pytest.approx(here, rel=0.01)
    assert curve["p50"][0] > curve["p50"][-1]


def test_the_fleet_stands_at_its_stated_speed_without_and_gains_the_speedup_with(explain: Explain) -> None:
    """4,000 tokens a second over 64 requests are 62.5 each."""
    found = curves(explain(on(decoded()), "--json"))
    without, with_it = found["standing_without"], found["standing_with"]
    assert without["tokens_per_second_per_user"] == pytest.approx(62.5, rel=1e-3)
    assert without["concurrency"] == with_it["concurrency"] == 64
    assert with_it["tokens_per_second_per_node"] == pytest.approx(
        without["tokens_per_second_per_node"] * found["equal_concurrency_speedup"]
    )
    speeds = found["without_decoder"]["tokens_per_second_per_user"]
    assert speeds == sorted(speeds, reverse=True)
    per_node = found["without_decoder"]["tokens_per_second_per_node"]
    assert per_node == sorted(per_node)


def test_the_plan_s_own_points_are_marked_as_used(explain: Explain) -> None:
    point = a_point(1.3, source="our bench")
    found = curves(explain(on(decoded(), measurements=[point]), "--json"))
    used = [one for one in found["measured"] if one["used"]]
    assert used == [{"concurrency": 64, "speedup": 1.3, "source": "our bench", "used": True}]
    shown = explain(on(decoded(), measurements=[point]))
    words = " ".join(shown.stdout.split())
    assert "Measured and used: 1.300 at 64 running requests (our bench)." in words
    assert "Measured elsewhere, near this case and not used: 30 points, from " in words


def test_the_tables_say_which_basis_and_speed_the_forecast_uses(explain: Explain) -> None:
    shown = explain(on(decoded(), asked(speed=40)))
    assert shown.exit_code == 0
    words = " ".join(shown.stdout.split())
    assert "pool serves some-model with eagle3, over none." in words
    assert "at the 40 tokens per second per user that a workload asks for" in words
    assert "(matched_speed)" in words


def test_pictures_are_drawn_for_each_fleet(explain: Explain, tmp_path: Path) -> None:
    document = on(decoded()) | {"fleets": [decoded(), decoded("none") | {"name": "plain"}]}
    result = explain(document, "--json", "--out", str(tmp_path / "out"), "--chart-format", "svg")
    assert [one["fleet"] for one in json.loads(result.stdout)["fleets"]] == ["pool"]
    drawn = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert drawn == ["uplift-serving-pool.svg", "uplift-speedup-pool.svg"]
    assert "uplift-speedup-pool.svg" in result.stderr


def test_a_headline_is_one_figure_at_every_load(explain: Explain) -> None:
    found = curves(explain(on(decoded(headline(1.67))), "--json"))
    assert set(found["curve"]["p10"]) == set(found["curve"]["p90"]) == {found["speedup"]} == {1.67}


def test_a_fleet_that_is_not_there_is_told_which_are(explain: Explain) -> None:
    refused = explain(on(decoded()), "--fleet", "pond")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "--fleet: 'pond' is no fleet of the plan; there are pool" in refused.stderr


@pytest.mark.parametrize("fleet", [decoded("none"), decoded("mtp-1", measured_with="mtp-1")])
def test_a_plan_without_anything_to_explain_says_so(explain: Explain, fleet: dict[str, Any]) -> None:
    refused = explain(on(fleet))
    assert refused.exit_code == 2
    assert "/fleets: has no fleet with a workload and a decoder" in refused.stderr


def test_a_bad_plan_is_refused_with_its_pointers(explain: Explain) -> None:
    refused = explain(on(pro("dspark-v4-flash")))
    assert refused.exit_code == 2
    assert "/fleets/0/decoder/preset" in refused.stderr
