"""The lines as a Parquet file, a row group at a time."""

import io
from collections.abc import Iterable, Iterator
from typing import Any

from forecasts.money import minor_digits
from service.exports.source import Choices, ExportSource
from service.store.lines import LineRecord

_LINES_IN_A_ROW_GROUP = 32_768


def write(source: ExportSource, _: Choices) -> Iterator[bytes]:
    # A hundred megabytes that most processes never need.
    import pyarrow as pa
    from pyarrow import parquet

    schema = _schema(pa, source)
    sink = io.BytesIO()
    with parquet.ParquetWriter(sink, schema, compression="zstd") as writer:
        for lines in _row_groups(source.chunks()):
            columns = zip(*lines, strict=True)
            writer.write_batch(
                pa.record_batch(
                    [pa.array(cells, field.type) for cells, field in zip(columns, schema, strict=True)], schema
                )
            )
            yield _taken(sink)
    yield _taken(sink)


def _schema(pa: Any, source: ExportSource) -> Any:
    money = pa.decimal128(38, minor_digits(source.currency))
    types = {
        "position": pa.int32(),
        "month": pa.date32(),
        "quantity": pa.decimal128(38, 6),
        "unit_price": pa.decimal128(38, 10),
        "billed": money,
        "effective": money,
    }
    metadata = {"forecast_id": str(source.forecast.id), "as_of": source.forecast.as_of.isoformat()}
    return pa.schema([(name, types.get(name, pa.string())) for name in LineRecord._fields], metadata=metadata)


def _row_groups(chunks: Iterable[Iterable[LineRecord]]) -> Iterator[list[LineRecord]]:
    """Row groups that readers like, of chunks that the database likes; none is empty."""
    group: list[LineRecord] = []
    for chunk in chunks:
        group.extend(chunk)
        if len(group) >= _LINES_IN_A_ROW_GROUP:
            yield group
            group = []
    if group:
        yield group


def _taken(sink: io.BytesIO) -> bytes:
    """What was written since; a writer of Parquet only appends, and counts its offsets by itself."""
    piece = sink.getvalue()
    sink.seek(0)
    sink.truncate()
    return piece
