"""The fitted values of the model of step time and drafting cost, as one frozen value, and what was assumed of them."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache

from forecasts.catalog.tables import read_table


@dataclass(frozen=True, kw_only=True)
class UpliftParameters:
    """Times are in units of the load-independent part of the target's step; `docs/model.md` has the formulas."""

    knee_tokens_dense: float  # n_c: tokens in a step that cost as much compute time as the load-independent part
    knee_tokens_moe: float
    expert_time: float  # m0: time of reading all further experts, where the total is twice the active parameters
    expert_time_exponent: float  # mc
    expert_tokens: float  # e0: tokens after which 1 - 1/e of the further experts are read, per unit of that ratio
    request_time_dense: float  # q: time that each running request costs
    request_time_moe: float
    context_tokens: float  # kappa: tokens of context of all requests that take one unit of time to read
    draft_overhead: float  # s: sampling, verifying, scheduling
    draft_token_time: float  # d8: one autoregressive draft token, for a target of 8 billion active parameters
    draft_size_exponent: float  # b: how much dearer it is, relatively, for a smaller target
    tree_draft_factor: float  # how much dearer it is where several branches are drafted
    block_draft_time: float  # d_p: one pass of a block drafter
    draft_model_time: float  # one token of a separate draft model, beside its parameters over the target's
    draft_knee_requests: float  # n_d: running requests that double a drafter's time
    lookup_time: float  # finding a draft in the text itself
    lookup_hit_acceptance: float  # c: acceptance of the first token of a draft that was found in the text

    @classmethod
    def of(cls, values: Mapping[str, float]) -> "UpliftParameters":
        """Raises KeyError for a missing value."""
        return cls(**{name: values[name] for name in PARAMETER_NAMES})


PARAMETER_NAMES: tuple[str, ...] = tuple(field.name for field in fields(UpliftParameters))


@dataclass(frozen=True, kw_only=True)
class Prior:
    """What is assumed of a parameter before any measurement: a value and the standard deviation of its logarithm."""

    value: float
    spread: float


@cache
def load_uplift_parameters() -> UpliftParameters:
    """The shipped fit: `uplift_parameters.csv` of the catalogue, written by `scripts/fit_uplift.py`."""
    return UpliftParameters.of({row["parameter"]: float(row["value"]) for row in read_table("uplift_parameters.csv")})


@cache
def load_uplift_priors() -> Mapping[str, Prior]:
    """The priors of the fit by parameter; the table gives the reason for each."""
    return {
        row["parameter"]: Prior(value=float(row["prior"]), spread=float(row["prior_spread"]))
        for row in read_table("uplift_parameters.csv")
    }
