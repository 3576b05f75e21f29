"""Draws the cases: model, usage and date, by a fixed seed and before anything is compared."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from genai_prices.data_snapshot import get_snapshot

from forecasts.catalog.prices import load_price_rows

SEED = 20261124
CASES = 500
# The catalogues were last gathered around this day: later prices are nobody's evidence.
LAST_DAY = datetime(2026, 11, 15, tzinfo=UTC)
_THEIR_NAMES = {"xai": "x-ai"}


@dataclass(frozen=True, kw_only=True)
class Case:
    """One request: tokens by meter, at an instant. `cached` and `written` are parts of the input."""

    provider: str
    model: str
    at: datetime
    input_tokens: int
    cached: int
    written: int
    output: int

    @property
    def their_provider(self) -> str:
        return _THEIR_NAMES.get(self.provider, self.provider)


def draw_cases() -> list[Case]:
    """Models that both catalogues know by name, each alike; dates since the model's first price here."""
    draws = random.Random(SEED)  # noqa: S311 - cases, not secrets.
    first: dict[tuple[str, str], datetime] = {}
    for row in load_price_rows():
        key = row.provider, row.model
        first[key] = min(first.get(key, row.effective_from), row.effective_from)
    theirs = {provider.id: provider for provider in get_snapshot().providers}
    models = [
        (provider, model)
        for provider, model in sorted(first)
        if (known := theirs.get(_THEIR_NAMES.get(provider, provider))) and known.find_model(model)
    ]
    return [_draw(draws, *(chosen := draws.choice(models)), first[chosen]) for _ in range(CASES)]


def _draw(draws: random.Random, provider: str, model: str, first: datetime) -> Case:
    hours = max(int((LAST_DAY - first) / timedelta(hours=1)), 1)
    input_tokens = draws.randrange(100, 100_000)
    return Case(
        provider=provider,
        model=model,
        at=first + timedelta(hours=draws.randrange(hours)),
        input_tokens=input_tokens,
        cached=draws.choice((0, 0, input_tokens // 2)),
        written=draws.choice((0, 0, 0, input_tokens // 4)),
        output=draws.randrange(10, 20_000),
    )
