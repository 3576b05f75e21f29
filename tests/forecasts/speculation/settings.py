"""Targets, drafts and parameters that the tests of the physics share."""

from hypothesis import strategies as st

from forecasts.speculation.model.drafting import Drafting, DraftKind
from forecasts.speculation.model.parameters import UpliftParameters, load_uplift_parameters
from forecasts.speculation.model.speedup import Speculation
from forecasts.speculation.model.target import TargetModel

DENSE = TargetModel(active_params_b=8.0, total_params_b=8.0)
MOE = TargetModel(active_params_b=22.0, total_params_b=235.0)
LOOKUP = Drafting(kind=DraftKind.NGRAM)
HEAD = Drafting(kind=DraftKind.AUTOREGRESSIVE)
BLOCK = Drafting(kind=DraftKind.ONE_PASS)
SMALL_MODEL = Drafting(kind=DraftKind.DRAFT_MODEL, draft_params_b=0.6)

draftings = st.sampled_from([LOOKUP, HEAD, BLOCK, SMALL_MODEL])
targets = st.sampled_from([DENSE, MOE, TargetModel(active_params_b=49, total_params_b=1600, experts_saturated=True)])


def shipped() -> UpliftParameters:
    return load_uplift_parameters()


def speculation(drafting: Drafting = HEAD, *, depth: int = 3, rho: float = 0.95, adaptive: bool = False) -> Speculation:
    return Speculation(drafting=drafting, depth=depth, rho=rho, adaptive=adaptive)
