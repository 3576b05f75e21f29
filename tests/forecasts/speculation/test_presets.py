"""The presets: complete, told apart by what they exist for, and found by name."""

import pytest

from forecasts.catalog.decoders import DecoderPreset, load_decoders
from forecasts.speculation.frontier import frontier_models
from forecasts.speculation.model.drafting import DraftKind
from forecasts.speculation.presets import UnknownPreset, find_preset, preset_applies_to, preset_names

TAKES_ITS_FIGURES_FROM_THE_PLAN = {"headline", "measured"}


@pytest.mark.parametrize("preset", load_decoders(), ids=lambda preset: preset.preset)
def test_a_preset_has_figures_of_its_own_unless_the_plan_gives_them(preset: DecoderPreset) -> None:
    has_figures = preset.first_acceptance is not None or preset.speedup is not None
    assert has_figures == (preset.preset not in TAKES_ITS_FIGURES_FROM_THE_PLAN)


@pytest.mark.parametrize(
    "preset",
    [one for one in load_decoders() if one.preset not in TAKES_ITS_FIGURES_FROM_THE_PLAN],
    ids=lambda preset: preset.preset,
)
def test_a_preset_with_figures_says_how_it_drafts_and_over_what_it_gains(preset: DecoderPreset) -> None:
    assert preset.num_speculative_tokens is not None
    assert preset.preset == "none" or DraftKind(preset.drafting)
    assert preset.speedup_over in preset_names()
    assert (preset.rho is not None) == (preset.first_acceptance is not None)


def test_every_preset_has_words_for_people() -> None:
    assert all(preset.title for preset in load_decoders())
    assert all(preset.limits for preset in load_decoders() if preset.preset != "none")
    assert {preset.hardware_class for preset in load_decoders()} == {"any", "datacentre", "consumer"}


def test_the_two_v4_presets_read_packaged_curves_over_mtp_1() -> None:
    reading = {preset.preset: preset for preset in load_decoders() if preset.frontier_model is not None}
    assert set(reading) == {"dspark-v4-flash", "dspark-v4-pro"}
    assert {preset.frontier_model for preset in reading.values()} == set(frontier_models())
    assert {preset.speedup_over for preset in reading.values()} == {"mtp-1"}


@pytest.mark.parametrize(
    ("preset", "model"),
    [
        ("dspark-v4-flash", "deepseek-v4-flash"),
        ("dspark-v4-pro", "deepseek/deepseek-v4-pro"),
        ("dspark-v4-pro", "DeepSeek-V4-Pro-0731"),
        ("gemma-mtp", "gemma-4-31b"),
        ("eagle3", "a-model-of-our-own"),
        ("headline", "deepseek-v4-pro"),
    ],
)
def test_a_preset_exists_for_its_own_family_or_for_any_model(preset: str, model: str) -> None:
    assert preset_applies_to(preset, model) is None


@pytest.mark.parametrize(
    ("preset", "model"),
    [("dspark-v4-flash", "deepseek-v4-pro"), ("dspark-v4-pro", "qwen3-8b"), ("gemma-mtp", "not-gemma")],
)
def test_a_preset_of_another_family_is_refused_and_told_what_the_model_can_have(preset: str, model: str) -> None:
    problem = preset_applies_to(preset, model)
    assert problem is not None
    assert problem.startswith(f"{preset!r} exists for ")
    usable = problem.rpartition("can have ")[2].split(", ")
    assert usable
    assert all(preset_applies_to(one, model) is None for one in usable)


def test_an_unknown_name_is_told_every_preset_there_is() -> None:
    with pytest.raises(UnknownPreset, match="'mtp-9' is no decoder preset; there are none, headline, ngram"):
        find_preset("mtp-9")
