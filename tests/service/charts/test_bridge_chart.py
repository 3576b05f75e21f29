"""The waterfall of a bridge: bars that meet, and the words beside them."""

from itertools import pairwise

import pytest

from tests.service.charts.documents import bridging, drawn, rows_with


def test_every_bar_begins_where_the_one_before_it_ended() -> None:
    document = bridging()
    rows = rows_with(drawn("bridge", document), "step", "starts", "ends")
    assert [row["step"] for row in rows] == ["before", "volume", "price", "after"]
    for row, following in pairwise(rows[:-1]):
        assert following["starts"] == row["ends"]
    assert rows[-2]["ends"] == pytest.approx(rows[-1]["ends"])
    assert rows[-1]["ends"] == float(document["after"]["effective"])


def test_the_words_say_the_difference_and_what_caused_the_largest_parts() -> None:
    lines = drawn("bridge", bridging())["title"]["subtitle"]
    text = " ".join(lines)
    assert "$6,000 as of 2026-11-23, $8,250 as of 2026-11-23: +$2,250 (+37.5%)." in text
    assert "chat: requests per month 1,000,000 to 1,200,000" in text


def test_an_axis_that_is_cut_says_so() -> None:
    small = str(drawn("bridge", bridging(requests=1.05e6, rate="2.00")))
    assert "the axis does not begin at 0" in small
    large = str(drawn("bridge", bridging(requests=9e6, rate="2.00")))
    assert "the axis does not begin at 0" not in large
