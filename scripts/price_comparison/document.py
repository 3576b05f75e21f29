"""The comparison as a page: counts first, then every case that differs with what decides it."""

from collections import Counter
from collections.abc import Sequence
from importlib.metadata import version

from price_comparison.cases import CASES, LAST_DAY, SEED
from price_comparison.verdicts import OURS, THEIRS, UNDECIDED, Compared, Difference

HEADER = """# Prices beside genai-prices

What the same requests cost by this package's catalogue and by that of the `genai-prices` package, {version}. {cases}
cases of a model, a usage and a date were drawn with the seed {seed} before anything was compared: models that both
know, all alike likely; an hour between the model's first price here and {last:%Y-%m-%d}; 100 to 100,000 input tokens,
in a third of the cases half of them cached and in a quarter of them a quarter written to a cache; up to 20,000 output
tokens. Prompts above 100,000 tokens, batch prices and everything but text tokens are left out. Written by
`python scripts/compare_prices.py`.

| | cases |
|---|---|
| the same to the last digit | {same} |
| different | {different} |
| ... decided by a row of this catalogue | {ours} |
| ... decided by theirs: this catalogue has no such row | {theirs} |
| ... undecided | {undecided} |

Undecided are {of_all:.1%} of all cases and {of_different:.1%} of those that differ.

- **Decided by a row here**: the row is dated and their price is that of another day, or the hour is not the one that
  they take it for, or they have no price for what was used.
- **Decided by theirs**: they price something that this catalogue is silent about: mostly cached input, which is billed
  as input here, and prices per request. These are gaps; an import of their catalogue proposes each as a new row.
- **Undecided**: both state a price, and the date of the row here is only recalled.

## Cases that differ

Rates are dollars per million tokens (per thousand requests); "-" is no price of its own.

| model | when (UTC) | meter | ours | theirs | decides | because | evidence |
|---|---|---|---|---|---|---|---|
"""


def document(compared: Sequence[Compared]) -> str:
    different = [one for one in compared if one.differences]
    verdicts = Counter(one.verdict for one in different)
    rows = [
        _line(one, difference)
        for one in sorted(different, key=lambda one: (one.case.provider, one.case.model, one.case.at))
        for difference in one.differences
    ]
    header = HEADER.format(
        version=version("genai-prices"),
        cases=CASES,
        seed=SEED,
        last=LAST_DAY,
        same=len(compared) - len(different),
        different=len(different),
        ours=verdicts[OURS],
        theirs=verdicts[THEIRS],
        undecided=verdicts[UNDECIDED],
        of_all=verdicts[UNDECIDED] / len(compared),
        of_different=verdicts[UNDECIDED] / len(different) if different else 0.0,
    )
    return header + "".join(f"{row}\n" for row in rows)


def _line(one: Compared, difference: Difference) -> str:
    case = one.case
    cells = (
        f"{case.provider}/{case.model}",
        f"{case.at:%Y-%m-%d %H:%M}",
        difference.meter,
        "-" if difference.ours is None else f"{float(difference.ours):g}",
        "-" if difference.theirs is None else f"{float(difference.theirs):g}",
        difference.verdict,
        difference.reason,
        difference.evidence,
    )
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"
