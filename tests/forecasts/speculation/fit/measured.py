"""Measurements as the tests of the fit declare them, each field with a plain default."""

from typing import Any

from forecasts.catalog.measurements import SpeculationMeasurement


def a_measurement(source: str = "north", **fields: Any) -> SpeculationMeasurement:
    given = {
        "source_id": source,
        "target_model": "Model-8B",
        "hardware": "H100",
        "engine": "engine",
        "hw_class": "datacenter",
        "method": "eagle3",
        "baseline": "none",
        "drafting": "chain",
        "task": "chat",
        "metric": "per_user_tps",
        "draft_tokens": 3,
        "requests": 8.0,
        "input_tokens": 500.0,
        "output_tokens": 300.0,
        "active_params_b": 8.0,
        "total_params_b": 8.0,
        "acceptance_length": 2.5,
        "acceptance_rate": None,
        "speedup": 1.8,
    }
    return SpeculationMeasurement(**(given | fields))
