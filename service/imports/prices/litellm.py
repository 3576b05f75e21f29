"""LiteLLM's `model_prices_and_context_window.json`: dollars per token, undated."""

import re
from decimal import Decimal
from typing import Any

from service.imports.prices.found import Harvest, objects_in, rate_of
from service.imports.prices.providers import provider_here

NAME = "litellm"
# Keys of the file that describe no model.
_NO_MODELS = ("sample_spec", "fallback_generalizations")
_PER_TOKEN = {
    "input_cost_per_token": "input",
    "cache_read_input_token_cost": "cached_input",
    "cache_creation_input_token_cost": "cache_write",
    "cache_creation_input_token_cost_above_1hr": "cache_write_1h",
    "output_cost_per_token": "output",
    "output_cost_per_reasoning_token": "reasoning_output",
    "input_cost_per_audio_token": "audio_input",
    "cache_read_input_audio_token_cost": "cached_audio_input",
    "output_cost_per_audio_token": "audio_output",
    "input_cost_per_image_token": "image_input",
    "output_cost_per_image_token": "image_output",
}
_PER_UNIT = {"input_cost_per_request": "request", "output_cost_per_image": "image"}
_TIERS = {"_batches": "batch", "_flex": "flex", "_priority": "priority"}
_BAND = re.compile(r"(.*)_above_(\d+)k_tokens(_batches|_flex|_priority)?")


def read_litellm(document: Any, harvest: Harvest) -> None:
    """Fields that are not prices are ignored, as the file's own schema asks."""
    for name, pointer, entry in objects_in(document, "", harvest.findings):
        if name in _NO_MODELS:
            continue
        listed = entry.get("litellm_provider")
        if not isinstance(listed, str) or not listed:
            harvest.findings.add(f"{pointer}/litellm_provider", "must name the provider")
            continue
        model = name.removeprefix(f"{listed}/")
        for field, value in entry.items():
            if "cost" in field and value is not None and not isinstance(value, (dict, list)):
                _read_field(f"{pointer}/{field}", provider_here(listed), model, field, value, harvest)


def _read_field(pointer: str, provider: str, model: str, field: str, value: object, harvest: Harvest) -> None:
    meter, tier, band = _conditions(field)
    per_unit = _PER_UNIT.get(field)
    if meter is None and per_unit is None:
        harvest.leave_out(pointer, "no meter of the book counts what it prices")
        return
    rate = rate_of(value)
    harvest.add(
        pointer,
        provider=provider,
        model=model,
        meter=per_unit or meter or "",
        rate=value if rate is None or per_unit is not None else rate * Decimal(1_000_000),
        service_tier=tier,
        prompt_tokens_from=band,
    )


def _conditions(field: str) -> tuple[str | None, str, int]:
    """Meter, service tier and prompt-size band of a field's name."""
    tier, band = "standard", 0
    if field not in _PER_TOKEN and (banded := _BAND.fullmatch(field)):
        # A price above 200k tokens holds for prompts of more than 200,000.
        field, band = banded[1] + (banded[3] or ""), int(banded[2]) * 1000 + 1
    for suffix, named in _TIERS.items():
        if field.endswith(suffix):
            field, tier = field.removesuffix(suffix), named
    return _PER_TOKEN.get(field), tier, band
