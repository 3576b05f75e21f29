"""Labels of axes: as many as there is room for, at places that people count in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.timeline import Month
from service.charts.axes import labelled_months, log_money_axis
from service.charts.frame import frame


def months_from(year: int, month: int, count: int) -> list[str]:
    first = Month(year, month)
    return [str(first.plus(index)) for index in range(count)]


@given(month=st.integers(1, 12), count=st.integers(1, 60), width=st.floats(200, 1100))
def test_labels_of_months_do_not_touch_and_show_every_year(month: int, count: int, width: float) -> None:
    months = months_from(2027, month, count)
    labelled = labelled_months(months, frame(), width)
    assert labelled
    assert [one for one in months if one in labelled] == labelled
    assert len(labelled) <= max(1, width / (2 * frame().label_size)) + 1
    assert {one[:4] for one in months if one.endswith("-01")} <= {one[:4] for one in labelled}


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        ([1.0396, 17.36], [1, 2, 5]),
        ([0.12, 0.16], [0.1, 0.15]),
        ([0.0028, 1.32], [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1]),
        ([0.001, 4000.0], [0.001, 0.01, 0.1, 1, 10, 100, 1000]),
    ],
)
def test_a_logarithmic_axis_has_round_labels(amounts: list[float], expected: list[float]) -> None:
    axis = log_money_axis("cost", "USD", frame(), amounts).to_dict()["axis"]
    assert [value for value in axis["values"] if value in expected] == expected
    assert len(axis["values"]) <= 10
    assert axis["format"] == ("$,.2f" if min(amounts) >= 0.1 else "$,.4~f")
