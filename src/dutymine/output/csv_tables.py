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

Column = Iterable[Any]


def encode(text: str) -> bytes:
    """UTF-8 bytes of any text: a lone surrogate, which has none, becomes U+FFFD, so that offsets hold."""
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text).encode("utf-8")


# A column at a time: what a whole column has not need not be looked for cell by cell.


def _codes(column: Column) -> list[str]:
    texts: list[str] = [value or "" for value in column]
    if not _SPECIAL.search("".join(texts)):
        return texts
    return ['"' + text.replace('"', '""') + '"' if _SPECIAL.search(text) else text for text in texts]


def _texts(column: Column) -> list[str]:
    return _codes(["'" + value if value and value.startswith(_FORMULA) else value for value in column])


def _integers(column: Column) -> list[str]:
    return ["" if value is None else str(value) for value in column]


def _decimals(column: Column) -> list[str]:
    """Digits as given, never an exponent."""
    return ["" if value is None else format(value, "f") for value in column]


def _flags(column: Column) -> list[str]:
    return ["" if value is None else "true" if value else "false" for value in column]


_WRITERS: dict[Type, Callable[[Column], list[str]]] = {
    Type.TEXT: _texts,
    Type.CODE: _codes,
    Type.INT: _integers,
    Type.DECIMAL: _decimals,
    Type.BOOL: _flags,
}


def packed(rows: Iterable[tuple[Value, ...]], table: TableSchema) -> str:
    """Rows of a table as they will stand in its file."""
    columns = list(zip(*rows, strict=True))
    if not columns:
        return ""
    written = [_WRITERS[kind.type](column) for kind, column in zip(table.columns, columns, strict=True)]
    return "\n".join([*map(",".join, zip(*written, strict=True)), ""])


class CsvTable:
    """One table on its way to `<folder>/<name>.csv`."""

    suffix = ".csv"

    def __init__(self, folder: Path, table: TableSchema) -> None:
        self.path = folder / f"{table.name}.csv"
        self._table = table
        self._stream = self.path.open("wb")
        self._stream.write(codecs.BOM_UTF8 + encode(",".join(table.names) + "\n"))

    def write(self, rows: Iterable[tuple[Value, ...]]) -> None:
        """Append rows whose cells stand in the table's column order."""
        self._stream.write(encode(packed(rows, self._table)))

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
    kinds = {column.name: column.type for column in table.columns}
    changed: list[tuple[str, Callable[[str], Value]]] = []
    width = 0
    for cells in read_cells(path):
        if len(cells) != width:  # most cells stay the text they are: only the others are touched
            found = ((name, kinds.get(name, Type.TEXT)) for name in cells)
            changed = [(name, _READERS[kind]) for name, kind in found if kind is not Type.CODE]
            width = len(cells)
        row: dict[str, Value] = {**cells}
        for name, reader in changed:
            row[name] = reader(cells[name])
        yield row
