"""Duty clauses of lists of powers and responsibilities (权责清单): the column of duties, each distinct clause once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from dutymine.layout.grids import Grid
from dutymine.layout.lists import items
from dutymine.model import Cell, Clause, Document
from dutymine.text import Span, squeeze, trim

_COLUMN = "部门职责"
_HAN = re.compile(r"[\u4e00-\u9fff]")
_LEAST_HAN = 4

Place = tuple[int, int]


def listed_clauses(document: Document, quiet: str, grids: Sequence[Grid]) -> tuple[Clause, ...]:
    """Distinct clauses in order of their first row; `rows` of each are all the rows that state it."""
    first: dict[str, tuple[Span, Span, int | None]] = {}
    rows: dict[str, list[Place]] = {}
    for table, row, cell in _duty_cells(quiet, grids):
        for marker, number, span in _parts(quiet, cell):
            key = squeeze(quiet[slice(*span)]).strip("。;")
            if len(_HAN.findall(key)) < _LEAST_HAN:
                continue
            first.setdefault(key, (marker, span, number))
            rows.setdefault(key, []).append((table, row))
    return tuple(
        Clause(
            ordinal,
            document.text[slice(*marker)],
            number,
            document.text[slice(*span)],
            *span,
            rows=tuple(dict.fromkeys(rows[key])),
        )
        for ordinal, (key, (marker, span, number)) in enumerate(first.items(), 1)
    )


def _duty_cells(quiet: str, grids: Sequence[Grid]) -> Iterator[tuple[int, int, Cell]]:
    """Cells under the header of duties, with the numbers of their table and row."""
    for number, grid in enumerate(grids):
        columns = {
            cell.column
            for cell in grid.table.cells
            if cell.is_header and squeeze(quiet[cell.start : cell.end]) == _COLUMN
        }
        for cell in grid.table.cells:
            if cell.column in columns and not cell.is_header and cell.start < cell.end:
                yield number, cell.row, cell


def _parts(quiet: str, cell: Cell) -> list[tuple[Span, int | None, Span]]:
    """The numbered duties of a cell, or the whole cell: marker, number, span."""
    start, end = trim(quiet, cell.start, cell.end)
    found = items(quiet, start, end)
    if len(found) > 1 and found[0].marker[0] == start:
        return [(item.marker, item.number, (item.start, item.end)) for item in found]
    return [((start, start), None, (start, end))]
