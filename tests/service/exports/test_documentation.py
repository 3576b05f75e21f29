"""docs/exports.md says what there is."""

import re

import pytest

from service.exports.focus.columns import OURS
from service.exports.journals import netsuite, oracle
from service.exports.loads import business_central, netsuite_budget, tall, wide
from service.exports.registry import FORMATS
from service.schemas.export_profile import ExportProfileIn
from tests.service.exports.sources import ROOT

PAGE = (ROOT / "docs" / "exports.md").read_text(encoding="utf-8")
CHOSEN = ("basis", "both", "contingency", "profile")
# Told by their first and last.
SPANNED = {
    *(f"M{number:02d}" for number in range(2, 12)),
    *(f"periodamount{number}" for number in range(2, 12)),
    "SEGMENT2",
}
NAMED = set(re.findall(r"`([^`]+)`", PAGE))


def test_every_format_has_a_row_that_says_what_it_takes() -> None:
    table = PAGE.partition("|---|")[2].partition("\n\n")[0]
    rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in table.splitlines()[1:]]
    told = {}
    for names, _, *takes in rows:
        taken = {choice for choice, cell in zip(CHOSEN, takes, strict=True) if cell}
        told.update(dict.fromkeys(re.findall(r"`([^`]+)`", names), taken))
    assert told == {name: set(one.takes) for name, one in FORMATS.items()}


@pytest.mark.parametrize("field", ExportProfileIn.__struct_fields__)
def test_every_field_of_a_profile_is_told(field: str) -> None:
    assert field in NAMED


@pytest.mark.parametrize(
    "columns",
    [
        tall.COLUMNS,
        wide.COLUMNS,
        netsuite_budget.COLUMNS,
        business_central.COLUMNS,
        oracle.COLUMNS,
        netsuite.COLUMNS,
        OURS,
    ],
)
def test_every_column_is_told(columns: tuple[str, ...]) -> None:
    assert {column.removeprefix("Journal Entry - Line: ") for column in columns} - NAMED - SPANNED == set()
