"""What the groups of a forecast's months are called, in charts and tables alike."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class GroupWords:
    """`one` is what lines are grouped by; `unnamed` what lines without a name are, `plural` the groups together."""

    one: str
    plural: str
    unnamed: str


GROUP_WORDS = {
    "workload": GroupWords(one="workload", plural="workloads", unnamed="Idle fleets and one-offs"),
    "provider": GroupWords(one="provider", plural="providers", unnamed="Own fleets"),
    "kind": GroupWords(one="kind of cost", plural="kinds of cost", unnamed="Other kinds"),
    "cost_center": GroupWords(one="cost centre", plural="cost centres", unnamed="No cost centre"),
}


def group_name(name: str | None, by: str) -> str:
    """Names that people gave stay as they are; a kind is a code, and said in words."""
    if name is None:
        return GROUP_WORDS[by].unnamed
    return name.replace("_", " ").capitalize() if by == "kind" else name


def other_groups(count: int, by: str) -> str:
    return f"{count} other {GROUP_WORDS[by].plural}"
