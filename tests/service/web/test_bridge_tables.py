"""A bridge as a table: every row adds up, and what moves nothing has no column."""

from decimal import Decimal
from typing import Any

from service.web.views.bridge import bridge_table


def _split(before: str, after: str, **parts: str) -> dict[str, Any]:
    return {
        "before": {"effective": before, "billed": before},
        "after": {"effective": after, "billed": after},
        "parts": [{"part": name, "effective": amount, "billed": "0.00"} for name, amount in parts.items()],
    }


DOCUMENT = {
    **_split("30.00", "35.00", volume="5.00", price="0.00", mix="0.00"),
    "workloads": [
        {"name": "small", **_split("10.00", "11.00", volume="2.00", price="-1.00", mix="0.00")},
        {"name": "large", **_split("20.00", "24.00", volume="3.00", price="1.00", mix="0.00")},
    ],
    "monthly": [
        {"month": "2027-01", **_split("20.00", "20.00", volume="0.00", price="0.00", mix="0.00")},
        {"month": "2027-02", **_split("10.00", "15.00", volume="5.00", price="0.00", mix="0.00")},
    ],
}


def test_the_largest_change_comes_first_and_parts_that_cancel_out_still_have_a_column() -> None:
    table = bridge_table(DOCUMENT, "workloads", "effective")
    assert table.columns == ("volume", "price")
    assert [row.name for row in table.rows] == ["large", "small"]
    for row in (*table.rows, table.total):
        assert row.before + sum(row.parts) == row.after
    assert table.total.change == Decimal("5.00")


def test_months_stay_in_their_order() -> None:
    table = bridge_table(DOCUMENT, "monthly", "effective")
    assert [row.name for row in table.rows] == ["2027-01", "2027-02"]
    assert table.columns == ("volume",)


def test_a_basis_on_which_nothing_moved_has_no_columns() -> None:
    assert bridge_table(DOCUMENT, "workloads", "billed").columns == ()


def test_what_no_name_is_of_has_a_row_of_its_own_so_that_rows_add_to_the_total() -> None:
    document = {**DOCUMENT, "workloads": DOCUMENT["workloads"][:1]}
    table = bridge_table(document, "workloads", "effective")
    assert [(row.name, row.rest) for row in table.rows] == [
        ("small", False),
        ("Idle fleets, one-offs and contracts", True),
    ]
    assert sum(row.after for row in table.rows) == table.total.after
    for index, whole in enumerate(table.total.parts):
        assert sum(row.parts[index] for row in table.rows) == whole
