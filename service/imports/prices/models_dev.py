"""models.dev's `api.json`: dollars per million tokens by provider and model, undated."""

from typing import Any

from service.imports.prices.found import Harvest, objects_in
from service.imports.prices.providers import provider_here
from service.schemas.shape import escaped

NAME = "models.dev"
_METERS = {
    "input": "input",
    "cache_read": "cached_input",
    "cache_write": "cache_write",
    "output": "output",
    "reasoning": "reasoning_output",
    "input_audio": "audio_input",
    "output_audio": "audio_output",
}
_LONG_PROMPTS = "context_over_200k"
_LONG_PROMPT_TOKENS = 200_001


def read_models_dev(document: Any, harvest: Harvest) -> None:
    for provider, pointer, entry in objects_in(document, "", harvest.findings):
        if "models" not in entry:
            harvest.findings.add(f"{pointer}/models", "is required")
            continue
        for model, at, described in objects_in(entry["models"], f"{pointer}/models", harvest.findings):
            cost = described.get("cost")
            if cost is None:
                continue
            if not isinstance(cost, dict):
                harvest.findings.add(f"{at}/cost", "must be an object")
                continue
            _read_cost(f"{at}/cost", provider_here(provider), model, cost, 0, harvest)


def _read_cost(pointer: str, provider: str, model: str, cost: dict[str, Any], band: int, harvest: Harvest) -> None:
    for field, value in cost.items():
        at = f"{pointer}/{escaped(field)}"
        if field == _LONG_PROMPTS and isinstance(value, dict) and band == 0:
            _read_cost(at, provider, model, value, _LONG_PROMPT_TOKENS, harvest)
        elif field in _METERS and value is not None:
            harvest.add(
                at,
                provider=provider,
                model=model,
                meter=_METERS[field],
                rate=value,
                prompt_tokens_from=band,
            )
        elif value is not None:
            harvest.leave_out(at, "no meter of the book counts what it prices")
