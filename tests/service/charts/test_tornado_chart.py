"""The tornado: two bars a driver on either side of the middle, the widest first."""

import pytest

from tests.service.charts.documents import Json, drawn, rows_with, two_fleets


@pytest.fixture(scope="module")
def document() -> Json:
    return two_fleets()


def test_the_bars_of_a_driver_reach_from_its_p10_to_its_p90(document: Json) -> None:
    rows = rows_with(drawn("tornado", document), "driver", "starts", "ends")
    drivers = document["sensitivity"][:12]
    assert len(rows) == 2 * len(drivers)
    for driver, below, above in zip(drivers, rows[::2], rows[1::2], strict=True):
        assert below["driver"] == above["driver"]
        assert (below["starts"], above["ends"]) == (float(driver["p10"]), float(driver["p90"]))
        assert below["ends"] == above["starts"] == float(driver["central"])


def test_the_words_name_the_first_driver_as_it_is_spelt(document: Json) -> None:
    first = {**document["sensitivity"][0], "name": "Coding-Agents"}
    text = " ".join(drawn("tornado", {**document, "sensitivity": [first]})["title"]["subtitle"])
    assert "of Coding-Agents alone moves the total from $" in text


def test_a_small_share_is_not_nothing(document: Json) -> None:
    first = {**document["sensitivity"][0], "share_of_variance": 0.004}
    [words] = [row["words"] for row in rows_with(drawn("tornado", {**document, "sensitivity": [first]}), "right")][1:]
    assert words == "<1%"


def test_two_long_names_that_are_cut_alike_keep_bars_of_their_own(document: Json) -> None:
    first = document["sensitivity"][0]
    alike = [{**first, "name": "x" * 60 + end} for end in "ab"]
    rows = rows_with(drawn("tornado", {**document, "sensitivity": alike}), "driver", "starts", "ends")
    assert len({row["driver"] for row in rows}) == 2
