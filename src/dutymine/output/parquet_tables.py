"""Parquet: the same tables, typed and unescaped.

Decimals are `decimal128(38, 12)`: exact and summable everywhere (also in DuckDB and Spark), at the price of the written
number of decimals (0.20 reads back as 0.2); the text of the row still shows it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Context, Decimal
from pathlib import Path
from typing import Any

from dutymine.output.columns import Row, TableSchema, Type, Value
from dutymine.output.csv_tables import encode

_DIGITS, _SCALE = 38, 12
_LARGEST = Decimal(10) ** (_DIGITS - _SCALE)
_STEP = Decimal(1).scaleb(-_SCALE)
_EXACT = Context(prec=200)
_INT64 = 2**63
# Rows of one row group: fixed, so that the bytes do not depend on how documents came in.
_GROUP = 20_000


def _fits(value: Value, kind: Type) -> bool:
    if isinstance(value, Decimal):
        return abs(value) < _LARGEST and value == value.quantize(_STEP, context=_EXACT)
    return kind is not Type.INT or value is None or -_INT64 <= int(value) < _INT64


class ParquetTable:
    """One table on its way to `<folder>/<name>.parquet`; `refused` are numbers no typed column can hold."""

    suffix = ".parquet"

    def __init__(self, folder: Path, table: TableSchema) -> None:
        import pyarrow  # noqa: PLC0415  heavy
        import pyarrow.parquet  # noqa: PLC0415

        types: dict[Type, Any] = {
            Type.TEXT: pyarrow.string(),
            Type.CODE: pyarrow.string(),
            Type.INT: pyarrow.int64(),
            Type.DECIMAL: pyarrow.decimal128(_DIGITS, _SCALE),
            Type.BOOL: pyarrow.bool_(),
        }
        self.path = folder / f"{table.name}.parquet"
        self.refused: list[str] = []
        self._table = table
        self._batch = pyarrow.RecordBatch
        self._schema = pyarrow.schema([(column.name, types[column.type]) for column in table.columns])
        self._writer = pyarrow.parquet.ParquetWriter(self.path, self._schema)
        self._rows: list[Row] = []

    def write(self, rows: Iterable[Row]) -> None:
        """Append rows whose cells stand in the table's column order."""
        self._rows.extend(rows)
        while len(self._rows) >= _GROUP:
            self._flush(self._rows[:_GROUP])
            del self._rows[:_GROUP]

    def write_packed(self, rows: list[list[Any]]) -> None:
        """Append rows that `packed` has made plain."""
        decimals = [i for i, column in enumerate(self._table.columns) if column.type is Type.DECIMAL]
        for row in rows:
            for i in decimals:
                row[i] = None if row[i] is None else Decimal(row[i])
        self.write(tuple(row) for row in rows)

    def close(self) -> None:
        """Write what is left and end the file; closing twice does no harm."""
        if self._rows:
            self._flush(self._rows)
            self._rows = []
        self._writer.close()

    def _flush(self, rows: list[Row]) -> None:
        columns: list[list[Value]] = [list(column) for column in zip(*rows, strict=True)]
        for column, values in zip(self._table.columns, columns, strict=True):
            for index, value in enumerate(values):
                if not _fits(value, column.type):
                    self.refused.append(f"{self._table.name}.{column.name}: {value}")
                    values[index] = None
                elif isinstance(value, str):
                    values[index] = encode(value).decode("utf-8")
        self._writer.write_batch(self._batch.from_arrays(self._arrays(columns), schema=self._schema))

    def _arrays(self, columns: list[list[Value]]) -> list[Any]:
        import pyarrow  # noqa: PLC0415

        return [pyarrow.array(values, field.type) for values, field in zip(columns, self._schema, strict=True)]


def packed(rows: Iterable[Row], table: TableSchema) -> list[list[Any]]:
    """Rows with their decimals as digits, so that JSON can hold them."""
    return [[format(value, "f") if isinstance(value, Decimal) else value for value in row] for row in rows]


def read(path: Path) -> Iterator[dict[str, Value]]:
    """Typed rows of a Parquet file, read in batches."""
    import pyarrow.parquet  # noqa: PLC0415  heavy

    with pyarrow.parquet.ParquetFile(path) as source:
        for batch in source.iter_batches():
            yield from batch.to_pylist()
