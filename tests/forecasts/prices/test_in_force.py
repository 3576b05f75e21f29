"""Which row applies when several could: the most particular one, for as long as it lasts."""

from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.prices.in_force.periods import Period, periods_in_force
from forecasts.prices.price import Price
from tests.forecasts.estates import LARGE, a_plan, a_price, a_workload, answer, law, pointers, problems

JANUARY = {"calendar": "actual", "horizon": {"first_month": "2027-01", "months": 1}}


def month_cost(*prices: dict[str, Any], to: dict[str, Any] | None = None, **fields: Any) -> str:
    """January's cost of 500 million output tokens."""
    demand = fields.pop("demand", {})
    workload = a_workload(to=[to or {"model": LARGE, "share": 1}], **demand)
    cost: str = answer(a_plan(workload, prices=list(prices), **JANUARY | fields))["total"]["effective"]["mean"]
    return cost


def day(month: int, day_: int = 1) -> datetime:
    return datetime(2027, month, day_, tzinfo=UTC)


def row(rate: str, starts: datetime, **fields: Any) -> Price:
    return Price(
        provider="north",
        model="large",
        meter="output",
        rate=Decimal(rate),
        effective_from=starts,
        recorded_at=fields.pop("recorded_at", datetime(2026, 1, 1, tzinfo=UTC)),
        **fields,
    )


def in_force(*rows: Price, prompt_tokens: float = 0.0) -> list[tuple[str, str | None, datetime, datetime]]:
    found = periods_in_force(rows, "output", service_tier="standard", region=None, prompt_tokens=prompt_tokens)
    return [(str(one.row.rate), one.utc_window, one.starts, one.ends) for one in sorted(found, key=_order)]


def _order(period: Period) -> tuple[datetime, str]:
    return (period.starts, period.utc_window or "")


def test_a_route_that_names_a_region_pays_the_region_s_price_and_elsewhere_the_general_one() -> None:
    rows = [a_price(), a_price(rate="2.20", region="eu")]
    assert month_cost(*rows, to={"model": LARGE, "share": 1, "region": "eu"}) == "1100.00"
    assert month_cost(*rows, to={"model": LARGE, "share": 1, "region": "us"}) == "1000.00"
    assert month_cost(*rows) == "1000.00"


def test_a_route_with_a_region_says_so_in_its_lines() -> None:
    budget = answer(a_plan(a_workload(to=[{"model": LARGE, "share": 1, "region": "eu"}]), **JANUARY))
    assert budget["total"]["effective"]["mean"] == "1000.00"


def test_a_negotiated_rate_lies_over_the_list_price_and_gives_it_back() -> None:
    """Half of January's hours at 1.00, then the list price of 2.00 again, whoever was recorded last."""
    ours = a_price(
        rate="1",
        status="negotiated",
        effective_from="2027-01-01T00:00:00Z",
        effective_to="2027-01-16T12:00:00Z",
        recorded_at="2026-02-01T00:00:00Z",
    )
    listed_later = a_price(rate="2", recorded_at="2026-09-01T00:00:00Z", effective_from="2027-01-01T00:00:00Z")
    assert month_cost(a_price(), ours) == "750.00"
    assert month_cost(a_price(), ours, listed_later) == "750.00"


def test_a_promotion_with_an_end_gives_the_price_before_it_back() -> None:
    assert in_force(
        row("2", day(1)), row("1", day(3), status="promotional", effective_to=day(5)), row("3", day(8))
    ) == [
        ("2", None, day(1), day(3)),
        ("1", None, day(3), day(5)),
        ("2", None, day(5), day(8)),
        ("3", None, day(8), datetime.max.replace(tzinfo=UTC)),
    ]


def test_a_cancellation_takes_a_promotion_away_as_well() -> None:
    promotion = row("1", day(3), status="promotional", effective_to=day(5))
    gone = row("1", day(3), status="cancelled", recorded_at=day(2))
    assert [rate for rate, *_ in in_force(row("2", day(1)), promotion, gone)] == ["2"]


def test_a_peak_price_over_an_all_hours_price_leaves_the_other_hours_to_it() -> None:
    peak = row("4", day(1), utc_window="peak", prompt_tokens_from=1000)
    found = in_force(row("2", day(1)), peak, prompt_tokens=2000)
    assert [(rate, window) for rate, window, *_ in found] == [("2", "off_peak"), ("4", "peak")]


@law
@given(
    st.lists(
        st.tuples(
            st.integers(1, 12),
            st.one_of(st.none(), st.integers(1, 6)),
            st.sampled_from(["list", "promotional", "negotiated", "scheduled", "cancelled"]),
            st.sampled_from([0, 100]),
            st.integers(1, 12),
        ),
        max_size=8,
    )
)
def test_no_instant_has_two_prices(
    declared: list[tuple[int, int | None, str, int, int]],
) -> None:
    rows = [
        row(
            str(index),
            day(month),
            effective_to=None if length is None else datetime(2027 + (month + length) // 13, 1, 15, tzinfo=UTC),
            status=status,
            prompt_tokens_from=band,
            recorded_at=datetime(2026, recorded, 1, tzinfo=UTC),
        )
        for index, (month, length, status, band, recorded) in enumerate(declared)
        if length is None or datetime(2027 + (month + length) // 13, 1, 15, tzinfo=UTC) > day(month)
    ]
    found = in_force(*rows, prompt_tokens=500)
    for (_, _, _, ends), (_, _, starts, _) in pairwise(found):
        assert ends <= starts


@pytest.mark.parametrize(
    ("fields", "overlapping"),
    [
        ({}, True),
        ({"rate": "2.00", "effective_from": "2026-03-01T00:00:00Z"}, True),
        ({"effective_from": "2026-07-01T00:00:00Z"}, False),
        ({"status": "promotional"}, False),
        ({"service_tier": "batch"}, False),
        ({"region": "eu"}, False),
        ({"source": "another page"}, False),
        ({"recorded_at": "2026-02-01T00:00:00Z"}, False),
    ],
)
def test_ranges_that_overlap_under_the_same_status_and_conditions_are_refused(
    fields: dict[str, Any], *, overlapping: bool
) -> None:
    """The first row ends on 1 July; the second starts before that, or differs in what tells rows apart."""
    first = a_price(rate="2", effective_to="2026-07-01T00:00:00Z")
    document = a_plan(prices=[a_price(), a_price("north/other"), first | {"model": "other"}])
    document["prices"] = [a_price(), first | {"model": "m"}, a_price("north/m", rate="3") | fields]
    expected = ["/prices/2/effective_from"] if overlapping else []
    assert pointers(document) == expected


def test_the_same_row_twice_is_a_repetition() -> None:
    assert problems(a_plan(prices=[a_price(), a_price(rate="2.0")])) == []


EASTER = {"provider": "north", "from": "2026-01-01", "weekdays": ["Mon", "Tue", "Wed", "Thu", "Fri"],
          "hours_utc": ["01:00-04:00", "06:00-10:00"]}  # fmt: skip
WINDOWED = [a_price(rate=rate, utc_window=name) for name, rate in (("peak", "1.20"), ("off_peak", "0.60"))]


def test_a_plan_s_own_windows_price_its_providers_by_their_hours() -> None:
    """35 of a week's 168 hours at 1.20 and the others at 0.60."""
    assert month_cost(*WINDOWED, utc_windows=[EASTER]) == f"{500 * Decimal('0.725'):.2f}" == "362.50"


def test_a_holiday_s_peak_hours_are_off_peak() -> None:
    """Friday 1 January 2027 has 7 of the month's 744 hours at 0.60 instead of 1.20."""
    exact = 500 * (Decimal("0.725") - Decimal(7) / 744 * Decimal("0.60"))
    assert month_cost(*WINDOWED, utc_windows=[EASTER | {"holidays": ["2027-01-01"]}]) == f"{exact:.2f}"
    assert month_cost(*WINDOWED, utc_windows=[EASTER | {"holidays": ["CN"]}]) == f"{exact:.2f}"
    assert month_cost(*WINDOWED, utc_windows=[EASTER | {"holidays": ["2027-01-02", "2027-02-05"]}]) == "362.50"


def test_a_window_that_cannot_be_read_is_told_by_its_field() -> None:
    bad = EASTER | {"hours_utc": ["1-4", "10:00-06:00"], "holidays": ["XX", "2027-02-30"], "from": "soon"}
    assert pointers(a_plan(prices=WINDOWED, utc_windows=[bad])) == [
        "/utc_windows/0/hours_utc/0",
        "/utc_windows/0/hours_utc/1",
        "/utc_windows/0/from",
        "/utc_windows/0/holidays/0",
        "/utc_windows/0/holidays/1",
    ]
