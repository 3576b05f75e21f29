"""The lines as Parquet."""

import io
from decimal import Decimal
from typing import Any

import pytest
from pyarrow import parquet

from service.exports.source import ExportSource
from tests.service.exports.sources import acme, by_hand, golden, mean, written


def table_of(source: ExportSource) -> Any:
    return parquet.read_table(io.BytesIO(written("parquet", source)))


def test_a_file_holds_what_it_held() -> None:
    table = table_of(by_hand())
    listed = [str(table.schema), *map(repr, table.to_pylist())]
    assert "\n".join(listed) + "\n" == golden("parquet.txt").decode()


@pytest.mark.parametrize("source", [by_hand(), acme()], ids=["by hand", "acme"])
@pytest.mark.parametrize("basis", ["billed", "effective"])
def test_lines_add_up_to_the_total_of_the_api(source: ExportSource, basis: str) -> None:
    assert sum(table_of(source).column(basis).to_pylist(), Decimal(0)) == mean(source, basis)


def test_a_file_of_many_row_groups_is_read_whole() -> None:
    source = acme()
    lines = [line for chunk in source.chunks() for line in chunk]
    many = ExportSource(
        forecast=source.forecast,
        document=source.document,
        fiscal_year_start_month=1,
        chunks=lambda: iter([lines] * 300),
    )
    content = written("parquet", many)
    assert parquet.ParquetFile(io.BytesIO(content)).num_row_groups > 1
    assert sum(table_of(many).column("effective").to_pylist()) == 300 * mean(source, "effective")
