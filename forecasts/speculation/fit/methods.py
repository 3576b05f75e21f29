"""What a method's name in the evidence means: who drafts, how long, and which preset stands for it."""

from dataclasses import dataclass

from forecasts.speculation.model.drafting import DraftKind


@dataclass(frozen=True, kw_only=True)
class Method:
    """`family` groups names whose drafters accept alike; `preset` is the catalogue's decoder with its own range."""

    family: str
    preset: str
    kind: DraftKind
    depth: int
    rho: float


_MTP = Method(family="mtp", preset="mtp-1", kind=DraftKind.AUTOREGRESSIVE, depth=1, rho=0.95)
_EAGLE3 = Method(family="eagle3", preset="eagle3", kind=DraftKind.AUTOREGRESSIVE, depth=3, rho=0.96)
_DFLASH = Method(family="dflash", preset="dflash", kind=DraftKind.ONE_PASS, depth=7, rho=0.96)

METHODS: dict[str, Method] = {
    "mtp": _MTP,
    "mtp-1": _MTP,
    "eagle": _EAGLE3,
    "eagle3": _EAGLE3,
    "p-eagle": Method(family="eagle3", preset="eagle3", kind=DraftKind.ONE_PASS, depth=3, rho=0.96),
    "dflash": _DFLASH,
    "dfly": _DFLASH,
    "dspark": Method(family="dspark", preset="dspark", kind=DraftKind.ONE_PASS, depth=5, rho=0.95),
    "ngram": Method(family="ngram", preset="ngram", kind=DraftKind.NGRAM, depth=3, rho=0.95),
    "draft_model": Method(family="draft_model", preset="draft-model", kind=DraftKind.DRAFT_MODEL, depth=3, rho=0.97),
}

# The evidence does not say how large its draft models are: a billion parameters before a dozen, or 0.6 before 8.
DRAFT_RATIO = 0.08

_TASKS = {
    "chat": "chat",
    "code": "code",
    "code edit": "code",
    "creative": "creative",
    "math": "math",
    "prose": "creative",
    "qa": "qa",
    "qa/reasoning": "qa",
    "rag": "qa",
    "reasoning": "reasoning",
    "summarization": "summarization",
    "tool_call": "agent",
}


def task_of(label: str) -> str:
    """The plan's word for a task of the evidence; `other` for mixtures, random tokens and what is not said."""
    return _TASKS.get(label, "other")
