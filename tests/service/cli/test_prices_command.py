"""`tokencast prices history`: the packaged prices of a model, without any service."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.cli import main

FLASH = "deepseek/deepseek-v4-flash"


def history(model: str, *arguments: object) -> Result:
    result = CliRunner().invoke(main, ["prices", "history", model, *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_json_is_what_the_service_answers_of_the_catalogue() -> None:
    document = json.loads(history(FLASH, "--as-of", "2026-07-01", "--outlook", "hold", "--json").stdout)
    assert {float(row["rate"]) for row in document["rows"] if row["meter"] == "output"} == {0.28}
    assert {one["outlook"] for one in document["projections"]} == {"hold"}


def test_the_table_has_every_row_and_the_ends_of_the_projection() -> None:
    result = history(FLASH, "--as-of", "2026-11-23", "--outlook", "hold", "--months", 2)
    assert result.exit_code == 0, result.stderr
    assert "Per million tokens under hold" in result.stdout
    assert "0.7250" in result.stdout
    assert "2027-01" in result.stdout


def test_a_day_before_any_price_says_so() -> None:
    assert "No price of it was known then." in history(FLASH, "--as-of", "2020-01-01").stdout


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_it_is_drawn_into_a_folder(tmp_path: Path, kind: str) -> None:
    result = history(FLASH, "--as-of", "2026-11-23", "--out", tmp_path / "charts", "--chart-format", kind)
    assert result.exit_code == 0, result.stderr
    [drawn] = (tmp_path / "charts").iterdir()
    assert drawn.name.startswith("price-history-deepseek-")
    assert drawn.suffix == f".{kind}"
    assert drawn.stat().st_size > 5_000


@pytest.mark.parametrize(
    ("model", "arguments", "line"),
    [
        ("deepseek/none", (), "MODEL: no price of deepseek/none is known; known are deepseek/deepseek-chat"),
        ("deepseek", (), "MODEL: 'deepseek' must be written as provider/model"),
        (FLASH, ("--as-of", "soon"), "--as-of: 'soon' is not a date"),
        (FLASH, ("--months", "0"), "--months: "),
    ],
)
def test_bad_input_is_told_by_its_option(model: str, arguments: tuple[str, ...], line: str) -> None:
    result = history(model, *arguments)
    assert result.exit_code == 2
    assert result.stderr.startswith(line)
