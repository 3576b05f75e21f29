"""The catalogue of the `genai-prices` package, and the same as its `data.json`: dollars, dated where prices changed."""

from datetime import UTC, date, datetime, time
from typing import Any

from service.imports.prices.found import Harvest, objects_in
from service.imports.prices.providers import provider_here
from service.schemas.shape import escaped

NAME = "genai-prices"
# Field of the catalogue: our meter, and how many of its units a rate is for.
_METERS = {
    "input_mtok": ("input", 1_000_000),
    "cache_read_mtok": ("cached_input", 1_000_000),
    "cache_write_mtok": ("cache_write", 1_000_000),
    "cache_write_1h_mtok": ("cache_write_1h", 1_000_000),
    "output_mtok": ("output", 1_000_000),
    "output_reasoning_mtok": ("reasoning_output", 1_000_000),
    "input_audio_mtok": ("audio_input", 1_000_000),
    "cache_audio_read_mtok": ("cached_audio_input", 1_000_000),
    "output_audio_mtok": ("audio_output", 1_000_000),
    "input_image_mtok": ("image_input", 1_000_000),
    "output_image_mtok": ("image_output", 1_000_000),
    "requests_kcount": ("request", 1000),
    "web_searches_kcount": ("web_search", 1000),
}
_TIERS = {"batch": "batch", "flex": "flex", "priority": "priority"}


def read_genai_prices(document: Any, harvest: Harvest) -> None:
    """Of dated prices those in force and those to come; the past is the book's own to know."""
    for _, pointer, provider in objects_in(document, "", harvest.findings):
        name = provider.get("id")
        if not isinstance(name, str):
            harvest.findings.add(f"{pointer}/id", "is required and must be text")
            continue
        for _, at, model in objects_in(provider.get("models", []), f"{pointer}/models", harvest.findings):
            if not isinstance(model.get("id"), str):
                harvest.findings.add(f"{at}/id", "is required and must be text")
                continue
            _read_model(at, provider_here(name), model, harvest)


def _read_model(pointer: str, provider: str, model: dict[str, Any], harvest: Harvest) -> None:
    stated = model.get("prices", {})
    dated = stated if isinstance(stated, list) else [{"prices": stated}]
    starting: list[tuple[str, datetime | None, dict[str, Any]]] = []
    for _, at, entry in objects_in(dated, f"{pointer}/prices", harvest.findings):
        constraint = entry.get("constraint") or {}
        starts = _start(constraint)
        if constraint and starts is None:
            harvest.leave_out(at, "holds for hours of the day: declare them as peak and off-peak prices")
            continue
        prices = entry.get("prices")
        if not isinstance(prices, dict):
            harvest.findings.add(f"{at}/prices", "must be an object")
            continue
        starting.append((f"{at}/prices" if isinstance(stated, list) else f"{pointer}/prices", starts, prices))
    for at, starts, prices in _from_now_on(starting, harvest.now):
        _read_prices(at, provider, model["id"], prices, "standard", starts, harvest)
    for _, at, variant in objects_in(model.get("price_variants") or [], f"{pointer}/price_variants", harvest.findings):
        tier = _TIERS.get(str((variant.get("when") or {}).get("processing")))
        if tier is None or not isinstance(variant.get("prices"), dict):
            harvest.leave_out(at, "is for no service tier of the book")
            continue
        starts = _start(variant.get("constraint") or {})
        _read_prices(f"{at}/prices", provider, model["id"], variant["prices"], tier, starts, harvest)


def _from_now_on(
    starting: list[tuple[str, datetime | None, dict[str, Any]]], now: datetime
) -> list[tuple[str, datetime | None, dict[str, Any]]]:
    """The last price that has started by now, and those that start later."""
    begun = [entry for entry in starting if entry[1] is None or entry[1] <= now]
    latest = max(begun, key=lambda entry: entry[1] or datetime.min.replace(tzinfo=UTC), default=None)
    return [entry for entry in starting if entry is latest or (entry not in begun and entry[1] is not None)]


def _read_prices(
    pointer: str,
    provider: str,
    model: str,
    prices: dict[str, Any],
    tier: str,
    starts: datetime | None,
    harvest: Harvest,
) -> None:
    for field, value in prices.items():
        if value is None:
            continue
        at = f"{pointer}/{escaped(field)}"
        if field not in _METERS:
            harvest.leave_out(at, "no meter of the book counts what it prices")
            continue
        meter, per_tokens = _METERS[field]
        bands = [(0, at, value)]
        if isinstance(value, dict):
            bands = [(0, f"{at}/base", value.get("base"))]
            # A tier starts above its threshold.
            bands += [
                (int(band["start"]) + 1, f"{tier_at}/price", band.get("price"))
                for _, tier_at, band in objects_in(value.get("tiers", []), f"{at}/tiers", harvest.findings)
                if isinstance(band.get("start"), int)
            ]
        for prompt_tokens_from, band_at, rate in bands:
            harvest.add(
                band_at,
                provider=provider,
                model=model,
                meter=meter,
                rate=rate,
                per_tokens=per_tokens,
                effective_from=starts,
                service_tier=tier,
                prompt_tokens_from=prompt_tokens_from,
            )


def _start(constraint: dict[str, Any]) -> datetime | None:
    text = constraint.get("start_date")
    try:
        day = text if isinstance(text, date) else date.fromisoformat(str(text))
    except ValueError:
        return None
    return datetime.combine(day, time(), tzinfo=UTC)


def packaged_document() -> list[dict[str, Any]]:
    """The installed package's own catalogue, in the shape of its `data.json`."""
    from genai_prices.data_snapshot import get_snapshot

    return [
        {"id": provider.id, "models": [_model_document(model) for model in provider.models]}
        for provider in get_snapshot().providers
    ]


def _model_document(model: Any) -> dict[str, Any]:
    stated = model.prices
    prices: Any = (
        [{"constraint": _constraint(entry.constraint), "prices": _rates(entry.prices)} for entry in stated]
        if isinstance(stated, list)
        else _rates(stated)
    )
    variants = [
        {"when": one.when, "constraint": _constraint(one.constraint), "prices": _rates(one.prices)}
        for one in model.price_variants or ()
    ]
    return {"id": model.id, "prices": prices, "price_variants": variants}


def _constraint(constraint: Any) -> dict[str, Any]:
    return {} if constraint is None else dict(vars(constraint))


def _rates(prices: Any) -> dict[str, Any]:
    return {
        field: {
            "base": value.base,
            "tiers": [{"start": tier.start, "price": tier.price} for tier in value.tiers],
        }
        if hasattr(value, "tiers")
        else value
        for field, value in vars(prices).items()
    }
