"""A folder of results: written document by document, moved into place at the end, read back row by row."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from dutymine.output import csv_tables, parquet_tables
from dutymine.output.columns import Row, TableSchema, Value
from dutymine.output.csv_tables import CsvTable, encode
from dutymine.output.parquet_tables import ParquetTable
from dutymine.output.schema import EXTRACTED, TABLES


class TableFile(Protocol):
    """What a format must offer: rows in, one file out."""

    path: Path

    def write(self, rows: Iterable[Row]) -> None:
        """Append rows whose cells stand in the table's column order."""

    def write_packed(self, rows: Any) -> None:
        """Append rows that the format's own `packed` made."""

    def close(self) -> None:
        """Write what is left and end the file; closing twice does no harm."""


OpenTable = Callable[[Path, TableSchema], TableFile]

# Formats by name; an engine that knows another one (DuckDB) hands its own `OpenTable` to `Results`.
FORMATS: dict[str, OpenTable] = {"csv": CsvTable, "parquet": ParquetTable}
_PACKERS: dict[str, Callable[[list[Row], TableSchema], Any]] = {
    "csv": csv_tables.packed,
    "parquet": parquet_tables.packed,
}


def pack(frames: Mapping[str, list[Row]], form: str) -> dict[str, Any]:
    """Rows of one document in a shape that JSON holds and that the format takes without more work."""
    return {name: _PACKERS[form](rows, TABLES[name]) for name, rows in frames.items() if rows}


_BESIDE = ".unfinished-"


class Results:
    """The result folder of one run, as a context: what was written stands in place only when the run came to its end.

    Texts are named by their content and stand at once; tables are written beside and moved into place together.
    """

    def __init__(self, folder: Path, open_table: OpenTable, names: tuple[str, ...] = EXTRACTED) -> None:
        (folder / "texts" if "documents" in names else folder).mkdir(parents=True, exist_ok=True)
        _sweep(folder)
        self.folder = folder
        self.counts: Counter[str] = Counter(dict.fromkeys(names, 0))
        self._beside = Path(tempfile.mkdtemp(prefix=_BESIDE, dir=folder))
        self._tables = {name: open_table(self._beside, TABLES[name]) for name in names}

    def write(self, frames: Mapping[str, list[Row]]) -> None:
        """Append the rows of one document to their tables."""
        for name, rows in frames.items():
            if rows:
                self._tables[name].write(rows)
                self.counts[name] += len(rows)

    def write_packed(self, packed: Mapping[str, Any], counts: Mapping[str, int]) -> None:
        """Append what `pack` made of one document."""
        for name, rows in packed.items():
            self._tables[name].write_packed(rows)
            self.counts[name] += counts[name]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._commit()
        finally:
            for table in self._tables.values():
                table.close()
            shutil.rmtree(self._beside, ignore_errors=True)

    def _commit(self) -> None:
        # rejects last: closing another table may still refuse something.
        for name in sorted(self._tables, key=lambda name: name == "rejects"):
            self._tables[name].close()
            refused: list[str] = getattr(self._tables[name], "refused", [])
            rows: list[Row] = [("", "", "write", "number_too_long", line, None, None, None) for line in refused]
            self.write({"rejects": rows})
        for table in self._tables.values():
            os.replace(table.path, self.folder / table.path.name)


def _sweep(folder: Path) -> None:
    """Clear away what a run that was killed has left half done."""
    for left in (*folder.glob(f"{_BESIDE}*"), *(folder / "texts").glob(f"{_BESIDE}*")):
        if left.is_dir():
            shutil.rmtree(left)
        else:
            left.unlink()


def write_text(folder: Path, doc_id: str, text: str) -> None:
    """Write `texts/<doc_id>.txt` of a result folder: the frozen text, no line end touched."""
    write_whole(folder / "texts" / f"{doc_id}.txt", encode(text))


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that a reader sees all of it or nothing."""
    beside = path.with_name(f"{_BESIDE}{os.getpid()}-{path.name}")
    try:
        beside.write_bytes(data)
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def write_json(path: Path, content: object) -> None:
    """Write a JSON file, readable, keys in the order given."""
    write_whole(path, encode(json.dumps(content, ensure_ascii=False, indent=1) + "\n"))


def table_path(folder: Path, name: str) -> Path:
    """The file of a table in a result folder; of two formats the one the last run wrote.

    Raises FileNotFoundError where there is none.
    """
    found = [path for path in (folder / f"{name}.csv", folder / f"{name}.parquet") if path.is_file()]
    if not found:
        raise FileNotFoundError(f"{folder} has no table {name}")
    return max(found, key=lambda path: path.stat().st_mtime_ns)


def read_table(folder: Path, name: str) -> Iterator[dict[str, Value]]:
    """Rows of a table of a result folder, typed by the schema, one after another (never the whole file in memory).

    Raises FileNotFoundError where the folder has no such table.
    """
    path = table_path(folder, name)
    return parquet_tables.read(path) if path.suffix == ".parquet" else csv_tables.read(path, TABLES[name])
