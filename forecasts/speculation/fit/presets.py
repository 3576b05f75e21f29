"""Which presets and tasks the table of acceptance by task has rows for."""

# A preset with a range of first-position acceptance, and the family of methods in the evidence that it stands for.
FAMILIES: dict[str, str] = {
    "ngram": "ngram",
    "draft-model": "draft_model",
    "mtp-1": "mtp",
    "mtp-3": "mtp",
    "mtp-3-reused": "mtp",
    "eagle3": "eagle3",
    "dflash": "dflash",
    "dspark": "dspark",
}

TASKS = ("chat", "code", "math", "reasoning", "qa", "summarization", "classification", "creative", "agent")
