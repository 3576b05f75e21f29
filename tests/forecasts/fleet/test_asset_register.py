"""The asset register ties out: with itself by month, and with the lines of purchase, depreciation and disposal."""

from decimal import Decimal
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.forecasts.estates import a_fleet, a_plan, a_workload, answer, law, to_fleet
from tests.forecasts.fleet.costed import a_costed_plan, a_tranche, by_kind, in_tranches, owned, register


def book(row: dict[str, Any], moment: str) -> tuple[str, str, str]:
    values = row[moment]
    return values["cost"], values["accumulated_depreciation"], values["net_book_value"]


def test_the_register_shows_a_purchase_its_depreciation_and_its_sale() -> None:
    cost = owned(
        purchase_price_per_node="1200",
        purchased="2027-01-10",
        in_service="2027-02-01",
        useful_life_months=12,
        disposal={"on": "2027-04-20", "proceeds_per_node": "700"},
    )
    rows = register(a_costed_plan(cost, months=5))
    assert [row["month"] for row in rows] == ["2027-01", "2027-02", "2027-03", "2027-04", "2027-05"]
    assert [row["additions"] for row in rows] == ["1200.00"] + ["0.00"] * 4
    assert [row["depreciation"] for row in rows] == ["0.00", "100.00", "100.00", "0.00", "0.00"]
    assert [row["nodes"] for row in rows] == [0, 1, 1, 0, 0]
    assert [book(row, "closing") for row in rows] == [
        ("1200.00", "0.00", "1200.00"),
        ("1200.00", "100.00", "1100.00"),
        ("1200.00", "200.00", "1000.00"),
        ("0.00", "0.00", "0.00"),
        ("0.00", "0.00", "0.00"),
    ]
    assert book(rows[3], "disposals") == ("1200.00", "200.00", "1000.00")
    assert (rows[3]["proceeds"], rows[3]["gain"]) == ("700.00", "-300.00")


def test_an_asset_from_before_the_horizon_opens_with_what_was_written_off() -> None:
    cost = owned(purchased="2025-07-01", in_service="2025-07-01", residual_fraction="0.1")
    first = register(a_costed_plan(cost, months=1))[0]
    # Eighteen of 36 months of 370,000 less a tenth.
    assert book(first, "opening") == ("370000.00", "166500.00", "203500.00")
    assert first["additions"] == "0.00"


def test_what_cannot_be_split_into_cents_ends_at_the_residual_wherever_the_horizon_starts() -> None:
    for first_month in ("2027-01", "2027-02", "2028-12", "2029-12"):
        rows = register(a_costed_plan(owned(), months=2, first_month=first_month))
        assert book(rows[0], "opening")[0] == ("0.00" if first_month == "2027-01" else "370000.00")
    assert book(rows[0], "closing") == book(rows[1], "closing") == ("370000.00", "370000.00", "0.00")


def test_a_rented_fleet_owns_nothing() -> None:
    assert register(a_costed_plan({"kind": "rented", "rate_per_node_hour": "25"}, months=2)) == []


def sums(rows: list[dict[str, Any]], month: str, field: str) -> Decimal:
    return sum((Decimal(row[field]) for row in rows if row["month"] == month), Decimal(0))


@st.composite
def estates(draw: st.DrawFn) -> dict[str, Any]:
    """Two tranches under noisy demand, by any method, in any currency, perhaps sold."""
    method = draw(st.sampled_from(["straight_line", "declining_balance", "sum_of_years_digits", "units_of_production"]))
    tranches = [
        a_tranche(
            draw(st.integers(1, 2)),
            day,
            str(Decimal(draw(st.integers(0, 40_000_000))) / 100),
            useful_life_months=draw(st.integers(1, 3)) * 12,
            residual_fraction=draw(st.sampled_from(["0", "0.125", "1"])),
        )
        for day in draw(st.sampled_from([["2026-03-15", "2027-02-01"], ["2027-01-20", "2027-01-20"]]))
    ]
    if draw(st.booleans()):
        tranches[0]["disposal"] = {"on": "2027-09-09", "proceeds_per_node": str(draw(st.integers(0, 90_000)))}
    cost = in_tranches(*tranches, method=method, convention=draw(st.sampled_from(["full_month", "mid_month"])))
    if method == "units_of_production":
        cost["production"] = {"unit": "output_tokens", "total_per_node": 7e10, "before_horizon_per_node": 1e9}
    workload = a_workload(to=[to_fleet()], requests_per_month=draw(st.integers(0, 30_000_000)), noise_fraction=0.3)
    return a_plan(
        workload,
        horizon={"first_month": "2027-01", "months": draw(st.integers(3, 30))},
        exchange_rates=[{"currency": "EUR", "per": "USD", "rate": "0.93", "from": "2026-01-01"}],
        fleets=[
            a_fleet(
                nodes=sum(tranche["nodes"] for tranche in tranches),
                currency=draw(st.sampled_from(["USD", "EUR"])),
                cost=cost,
            )
        ],
    )


@law
@given(estates())
def test_the_register_ties_out_to_the_cent_with_itself_and_with_the_lines(document: dict[str, Any]) -> None:
    rows = register(document)
    for row in rows:
        for part, sign in (("cost", 1), ("accumulated_depreciation", -1)):
            change = Decimal(row["additions"]) if sign > 0 else Decimal(row["depreciation"])
            closing = Decimal(row["opening"][part]) + change - Decimal(row["disposals"][part])
            assert closing == Decimal(row["closing"][part])
        cost, written_off, value = (Decimal(figure) for figure in book(row, "closing"))
        assert value == cost - written_off >= 0
    for asset in {row["asset"] for row in rows}:
        own = [row for row in rows if row["asset"] == asset]
        assert all(later["opening"] == earlier["closing"] for earlier, later in pairwise(own))
    months = [month["month"] for month in answer(document)["monthly"]]
    billed, effective = by_kind(document, "billed"), by_kind(document)
    nothing = ["0.00"] * len(months)
    for index, month in enumerate(months):
        assert sums(rows, month, "additions") == Decimal(billed.get("purchase", nothing)[index])
        assert sums(rows, month, "depreciation") == Decimal(effective["depreciation"][index])
        assert sums(rows, month, "proceeds") == -Decimal(billed.get("disposal", nothing)[index])
        assert sums(rows, month, "gain") == -Decimal(effective.get("disposal", nothing)[index])
