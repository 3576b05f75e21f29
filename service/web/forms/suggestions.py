"""What the packaged catalogue suggests where a name is free to choose."""

from functools import cache

from forecasts.catalog.benchmarks import load_benchmarks
from forecasts.catalog.models import load_models


@cache
def fixed_suggestions() -> dict[str, list[str]]:
    """By the name of a list on the page: models that a fleet can serve by size or measurement, and measured ones."""
    measured = sorted({row.model for row in load_benchmarks()})
    sized = {model.model for model in load_models() if model.weight_bytes_gb}
    return {"measured": measured, "served": sorted(sized.union(measured))}
