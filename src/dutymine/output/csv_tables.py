"""CSV as the contract has it: UTF-8 with BOM, bare line feeds, RFC 4180, cells no spreadsheet will run."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from dutymine.output.columns import TableSchema, Type, Value

# The csv module is not used for writing: before Python 3.13 it leaves a lone `\r` unquoted.
_SPECIAL = re.compile(r'[",\r\n]')
_SURROGATE = re.compile("[\ud800-\udfff]")
# What a spreadsheet would take for a formula.
_FORMULA = ("=", "+", "-", "@", "\t")
_LONGEST_CELL = 2**31 - 1


def encode(text: str) -> bytes:
    """UTF-8 bytes of any text: a lone surrogate, which has none, becomes U+FFFD, so that offsets hold."""
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text).encode("utf-8")


def _quoted(value: Any) -> str:
    text: str = value or ""
    if _SPECIAL.search(text):
        return '"' + text.replace('"', '""') + '"'
    return text


def _harmless(value: Any) -> str:
    text: str = value or ""
    return _quoted("'" + text if text.startswith(_FORMULA) else text)


def _integer(value: Any) -> str:
    return "" if value is None else str(value)


def _decimal(value: Any) -> str:
    """Digits as given, never an exponent."""
    return "" if value is None else format(value, "f")


def _flag(value: Any) -> str:
    return "" if value is None else "true" if value else "false"


_WRITERS: dict[Type, Callable[[Any], str]] = {
    Type.TEXT: _harmless,
    Type.CODE: _quoted,
    Type.INT: _integer,
    Type.DECIMAL: _decimal,
    Type.BOOL: _flag,
}


def _lines(rows: Iterable[tuple[Value, ...]], writers: tuple[Callable[[Any], str], ...]) -> str:
    lines = [",".join([write(value) for write, value in zip(writers, row, strict=True)]) + "\n" for row in rows]
    return "".join(lines)


def packed(rows: Iterable[tuple[Value, ...]], table: TableSchema) -> str:
    """Rows of a table as they will stand in its file."""
    return _lines(rows, tuple(_WRITERS[column.type] for column in table.columns))


class CsvTable:
    """One table on its way to `<folder>/<name>.csv`."""

    suffix = ".csv"

    def __init__(self, folder: Path, table: TableSchema) -> None:
        self.path = folder / f"{table.name}.csv"
        self._writers = tuple(_WRITERS[column.type] for column in table.columns)
        self._stream = self.path.open("wb")
        self._stream.write(codecs.BOM_UTF8 + encode(",".join(table.names) + "\n"))

    def write(self, rows: Iterable[tuple[Value, ...]]) -> None:
        """Append rows whose cells stand in the table's column order."""
        self._stream.write(encode(_lines(rows, self._writers)))

    def write_packed(self, lines: str) -> None:
        """Append rows that `packed` has made lines of."""
        self._stream.write(encode(lines))

    def close(self) -> None:
        """End the file; closing twice does no harm."""
        self._stream.close()


def _read_text(cell: str) -> Value:
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(_FORMULA) else cell


_READERS: dict[Type, Callable[[str], Value]] = {
    Type.TEXT: _read_text,
    Type.CODE: str,
    Type.INT: lambda cell: int(cell) if cell else None,
    Type.DECIMAL: lambda cell: Decimal(cell) if cell else None,
    Type.BOOL: lambda cell: cell == "true" if cell else None,
}


def read_cells(path: Path, encoding: str = "utf-8-sig") -> Iterator[dict[str, str]]:
    """Rows of any CSV with a header row, cells as they stand in the file (BOM removed)."""
    csv.field_size_limit(_LONGEST_CELL)
    with path.open(encoding=encoding, newline="") as stream:
        rows = csv.reader(stream)
        header = next(rows, [])
        for cells in rows:
            if cells:
                yield dict(zip(header, cells, strict=False))


def typed(cells: dict[str, str], table: TableSchema) -> dict[str, Value]:
    """A row's cells as values of their columns; columns the schema does not know stay text."""
    kinds = {column.name: column.type for column in table.columns}
    return {name: _READERS[kinds.get(name, Type.TEXT)](cell) for name, cell in cells.items()}


def read(path: Path, table: TableSchema) -> Iterator[dict[str, Value]]:
    """Typed rows of a CSV that `CsvTable` wrote."""
    for cells in read_cells(path):
        yield typed(cells, table)
