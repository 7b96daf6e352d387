"""The tables as pandas data frames, for Python users."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from dutymine.model import Mined
from dutymine.output.columns import Column, Type, Value
from dutymine.output.files import read_table, table_path
from dutymine.output.frames import frames
from dutymine.output.schema import TABLES

if TYPE_CHECKING:
    import pandas

# Missing stays missing: no integer turns into a float, no sum of money into a binary number.
_TYPES = {Type.TEXT: "str", Type.CODE: "str", Type.INT: "Int64", Type.DECIMAL: "object", Type.BOOL: "boolean"}


def to_pandas(source: Mined | Path | str) -> dict[str, pandas.DataFrame]:
    """Data frames by table name, of one mined document or of a result folder (tables that stand in it).

    Decimals stay `decimal.Decimal`; a number that is not stated is missing (`None`, `<NA>`), a text is empty.
    """
    if isinstance(source, Mined):
        rows = frames(source)
        return {name: _frame(name, zip(*rows[name], strict=True) if rows[name] else ()) for name in rows}
    folder = Path(source)
    return {name: _read(folder, name) for name in TABLES if _has(folder, name)}


def _has(folder: Path, name: str) -> bool:
    try:
        table_path(folder, name)
    except FileNotFoundError:
        return False
    return True


def _read(folder: Path, name: str) -> pandas.DataFrame:
    columns = TABLES[name].columns
    values: list[list[Value]] = [[] for _ in columns]
    for row in read_table(folder, name):
        for index, column in enumerate(columns):
            values[index].append(row.get(column.name))
    return _frame(name, values)


def _frame(name: str, values: Iterable[Iterable[Value]]) -> pandas.DataFrame:
    import pandas  # noqa: PLC0415  heavy

    columns = TABLES[name].columns
    cells = [list(column) for column in values] or [[] for _ in columns]
    return pandas.DataFrame({column.name: _series(column, cells[index]) for index, column in enumerate(columns)})


def _series(column: Column, values: list[Value]) -> pandas.Series:
    import pandas  # noqa: PLC0415

    return pandas.Series(values, dtype=_TYPES[column.type])
