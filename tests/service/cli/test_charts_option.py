"""`tokencast forecast --charts` writes every chart that has something to show."""

from pathlib import Path

import pytest

from tests.service.cli.conftest import ROOT, Invoke

ARTICLE = ROOT / "examples/article.yaml"
WITH_SOMETHING_TO_SHOW = ["fleet-costs", "fleet-nodes", "fleet-unit-cost", "months", "outlooks"]


@pytest.mark.parametrize(("option", "suffix", "begins"), [((), "png", b"\x89PNG"), (("svg",), "svg", b"<svg")])
def test_charts_are_files_in_a_folder_that_is_made(
    tmp_path: Path, invoke: Invoke, option: tuple[str, ...], suffix: str, begins: bytes
) -> None:
    folder = tmp_path / "new" / "pictures"
    chosen = ("--chart-format", *option) if option else ()
    result = invoke("forecast", ARTICLE, "--charts", folder, *chosen)
    assert result.exit_code == 0, result.stderr
    written = sorted(path.name for path in folder.iterdir())
    assert set(written) >= {f"{name}.{suffix}" for name in WITH_SOMETHING_TO_SHOW}
    assert all((folder / name).read_bytes().startswith(begins) for name in written)
    assert f"{len(written)} charts in {folder}: " in result.stderr
    assert "charts in" not in result.stdout
    assert "Budget at 80 %" in " ".join(result.stdout.split())


def test_what_has_nothing_to_show_is_named_and_not_written(tmp_path: Path, invoke: Invoke) -> None:
    result = invoke("forecast", ARTICLE, "--charts", tmp_path)
    assert "nothing to show in break-even" in result.stderr
    assert not (tmp_path / "break-even.png").exists()


def test_the_same_forecast_writes_the_same_pictures_over_the_old_ones(tmp_path: Path, invoke: Invoke) -> None:
    invoke("forecast", ARTICLE, "--charts", tmp_path)
    first = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    (tmp_path / "months.png").write_bytes(b"old")
    invoke("forecast", ARTICLE, "--charts", tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == first


def test_a_place_where_no_folder_can_be_is_refused_before_anything_is_computed(tmp_path: Path, invoke: Invoke) -> None:
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        result = invoke("forecast", ARTICLE, "--charts", folder)
        assert result.exit_code == 2
        assert "--charts" in result.stderr
        assert "tokencast: forecast" not in result.stderr
    assert invoke("forecast", ARTICLE, "--charts", tmp_path, "--chart-format", "gif").exit_code == 2
