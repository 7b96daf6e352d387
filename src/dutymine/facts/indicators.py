"""Performance indicators of tables: every layout is a matter of which columns a band has.

Merged level cells are filled down; a second block of columns side by side (medium term and year) gives indicators of
its own; the project stands in a row above the header, in a column, or in the caption.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from dutymine.facts.projects import Pair, project_above, project_in_row
from dutymine.facts.thresholds import threshold
from dutymine.facts.values import Value, ValueCells, joined, read_value
from dutymine.layout.columns import Column, level_code
from dutymine.layout.grids import Band, Grid
from dutymine.model import Comparator, Document, Indicator, Reject, Table, Threshold
from dutymine.settings import Settings
from dutymine.text import Span, squeeze

_POINTS = re.compile(r"(\d+(?:\.\d+)?)分?")
_SCORED = re.compile(r"分值[:为]?(\d+(?:\.\d+)?)分")
_NO_NAME = re.compile(r"(?:指标|内容|目标)\d{1,2}:?|[.…/\-—*]*|合计|小计|总计|总分|.{0,6}总分.{0,6}|满分")
_NUMBERED = re.compile(r"^[★*]*指标\d{1,2}[:：]")
_NIL = re.compile(r"[-—/\s]*|无|[….]+")
_SHARE_NAME = re.compile(r"(?:率|度|比例|比重)(?:\([^)]*\))?$")
_EMPTY: Span = (0, 0)
_BELOW: dict[str, tuple[str, ...]] = {"project": ("level1", "level2"), "level1": ("level2",), "level2": ()}
_LEADING = frozenset({"level1", "level2", "name", "project", "operator", "description", "unit"})


@dataclass(frozen=True, slots=True)
class Found:
    """Indicators of a document's tables, their thresholds (which point at them by index) and what was left out."""

    indicators: tuple[Indicator, ...]
    thresholds: tuple[Threshold, ...]
    rejects: tuple[Reject, ...]


@dataclass(frozen=True, slots=True)
class _Source:
    """Where cells are read: the document, its quiet copy, and the table being read."""

    document: Document
    quiet: str
    grid: Grid
    number: int
    settings: Settings

    @property
    def pair(self) -> Pair:
        """The document's text and its quiet copy."""
        return Pair(self.document.text, self.quiet)


@dataclass(slots=True)
class _State:
    """What has been read, and what is filled down while the rows of one band are read."""

    project: str = ""
    filled: dict[tuple[int, str], Span] = field(default_factory=dict)
    indicators: list[Indicator] = field(default_factory=list)
    thresholds: list[Threshold] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Block:
    """Columns that make one indicator: column numbers by kind, and the period its header names."""

    columns: dict[str, int]
    period: str


def is_indicator_band(columns: Sequence[Column]) -> bool:
    """Whether columns are those of indicators: a name or a class beside a value."""
    kinds = {column.kind for column in columns}
    return "value" in kinds and bool(kinds & {"name", "level2", "level1"})


def table_indicators(document: Document, quiet: str, grids: Sequence[Grid], settings: Settings) -> Found:
    """Indicators of all tables in order, with the thresholds their values state."""
    state = _State()
    tables = [grid.table for grid in grids]
    for number, grid in enumerate(grids):
        source = _Source(document, quiet, grid, number, settings)
        if not number or quiet[tables[number - 1].end : grid.table.start].strip():
            state.project = project_above(source.pair, tables, number, settings)
        read_to = 0
        for band in grid.bands:
            if is_indicator_band(band.columns):
                _projects(source, (read_to, band.header[0]), state)
                _band(source, band, state)
                read_to = band.header[-1] + 1
        if not read_to:  # a form of keys, the indicators may follow in a table of their own
            _projects(source, (0, len(grid.rows)), state)
    return Found(tuple(state.indicators), tuple(state.thresholds), tuple(state.rejects))


def _projects(source: _Source, span: Span, state: _State) -> None:
    """Key rows above a header: `项目名称 | X`."""
    for row, words in zip(source.grid.rows[slice(*span)], source.grid.words[slice(*span)], strict=True):
        state.project = project_in_row(source.pair, row, words, source.settings) or state.project


def _band(source: _Source, band: Band, state: _State) -> None:
    blocks = _blocks(band.columns)
    state.filled.clear()
    rows, words = source.grid.rows, source.grid.words
    covering = _covering(source.grid.table)
    for row in band.rows:
        project = project_in_row(source.pair, rows[row], words[row], source.settings)
        if project:
            state.project = project
            state.filled.clear()
            continue
        for number, block in enumerate(blocks):
            _row(source, covering.get(row, {}), (row, number), block, state)


def _covering(table: Table) -> dict[int, dict[int, Span]]:
    """Cell spans by row and column, merged cells in every place they cover."""
    result: dict[int, dict[int, Span]] = {}
    for cell in table.cells:
        for row in range(cell.row, cell.row + cell.rowspan):
            for column in range(cell.column, cell.column + cell.colspan):
                result.setdefault(row, {})[column] = (cell.start, cell.end)
    return result


def _blocks(columns: Sequence[Column]) -> list[_Block]:
    """One block of columns for each value column: of every kind the nearest before it, else the next one behind it."""
    kinds = [column.kind for column in columns]
    values = [i for i, kind in enumerate(kinds) if kind == "value"]
    blocks = []
    for value, after in zip(values, [*values[1:], len(kinds)], strict=True):
        own = {"value": value}
        for kind in set(kinds) - {"", "value"}:
            places = [i for i, other in enumerate(kinds) if other == kind]
            before = [i for i in places if i < value]
            behind = [i for i in places if value < i < after] or (places if len(places) == 1 else [])
            nearest = before[-1:] if kind in _LEADING and before else behind[:1] or before[-1:]
            if nearest:
                own[kind] = nearest[0]
        path = columns[value].path
        blocks.append(_Block(own, path[0] if len(values) > 1 and len(path) > 1 else ""))
    return blocks


def _row(source: _Source, cells: dict[int, Span], place: Span, block: _Block, state: _State) -> None:
    """One indicator of one row and block; blank template rows and totals give none."""
    row, number = place
    span = {kind: cells.get(column, _EMPTY) for kind, column in block.columns.items()}
    for kind in ("project", "level1", "level2"):
        key = (number, kind)
        if _filled(span.get(kind, _EMPTY)):
            for lower in _BELOW[kind] if state.filled.get(key) != span[kind] else ():
                state.filled.pop((number, lower), None)
            state.filled[key] = span[kind]
        span[kind] = state.filled.get(key, _EMPTY)
    if _filled(span["value"]) and span["value"] == span.get("name"):
        return  # one cell over both: a line between two lists of indicators
    name = squeeze(source.quiet[slice(*span.get("name", _EMPTY))])
    value = squeeze(source.quiet[slice(*span["value"])])
    if not name and "name" not in block.columns and (value or span["level2"] != _EMPTY):
        span["name"] = span["level2"]
        name = squeeze(source.quiet[slice(*span["name"])])
    if _NO_NAME.fullmatch(name) or (_NIL.fullmatch(value) and not _has_level(source, span)):
        if value and not _NIL.fullmatch(value) and not name:
            state.rejects.append(Reject("indicators", "indicator_without_name", value[:60], *span["value"]))
        return
    _add(source, span, (row, number), block, state)


def _filled(span: Span) -> bool:
    return span[0] < span[1]


def _has_level(source: _Source, span: dict[str, Span]) -> bool:
    return bool(_class_code(source, span))


def _text(source: _Source, span: Span) -> str:
    """A cell as written, without white space."""
    return squeeze(source.document.text[slice(*span)])


def _class_code(source: _Source, span: dict[str, Span]) -> str:
    """Canonical class: of the second level, else of the first where that says enough."""
    second = level_code(squeeze(source.quiet[slice(*span["level2"])]), 2, source.settings)
    first = level_code(squeeze(source.quiet[slice(*span["level1"])]), 1, source.settings)
    if first == "C" and second in ("", "C.econ"):
        return "C.econ"
    return second or (
        first if first == "S" else level_code(squeeze(source.quiet[slice(*span["level1"])]), 2, source.settings)
    )


def _add(source: _Source, span: dict[str, Span], place: Span, block: _Block, state: _State) -> None:
    cells = ValueCells(*(span.get(kind, _EMPTY) for kind in ("operator", "value", "unit", "name")))
    value = read_value(source.document.text, source.quiet, cells, source.settings)
    if _misread(source, span, value):
        detail = f"{_text(source, span['name'])} {value.text}"[:80]
        state.rejects.append(Reject("indicators", "suspect_ocr", detail, value.start, value.end))
        value = Value((), value.text, value.start, value.end)
    indicator = _indicator(source, span, value, state.project, (place[0], block.period))
    for target in value.targets:
        state.thresholds.append(threshold(target, indicator.name, len(state.indicators)))
    state.indicators.append(indicator)


def _indicator(source: _Source, span: dict[str, Span], value: Value, project: str, place: tuple[int, str]) -> Indicator:
    """The indicator of one row; `place` is the row and the period of its block."""
    first = value.targets[0] if value.targets else None
    start, end = joined([span["name"], (value.start, value.end)])
    scoring = _text(source, span.get("scoring", _EMPTY))
    comparator = first.comparator if first else (Comparator.TEXT if value.text else None)
    return Indicator(
        project=_text(source, span["project"]) if _filled(span.get("project", _EMPTY)) else project,
        level1=_text(source, span["level1"]),
        level2=_text(source, span["level2"]),
        name=_NUMBERED.sub("", _text(source, span["name"])),
        class_code=_class_code(source, span),
        description=_text(source, span.get("description", _EMPTY)),
        comparator=comparator,
        low=first.low if first else None,
        high=first.high if first else None,
        unit=first.unit if first else "",
        value_text=value.text,
        period=place[1],
        points=_points(squeeze(source.quiet[slice(*span.get("points", _EMPTY))]), scoring),
        scoring_rule=scoring,
        basis=_text(source, span.get("basis", _EMPTY)),
        start=start,
        end=end,
        value_start=value.start,
        value_end=value.end,
        table=source.number,
        row=place[0],
    )


def _points(cell: str, scoring: str) -> Decimal | None:
    """Points of a cell (`15`, `15分`) or of the scoring rule (`分值15分，…`)."""
    match = _POINTS.fullmatch(cell) or _SCORED.search(scoring)
    return Decimal(match[1]) if match else None


def _misread(source: _Source, span: dict[str, Span], value: Value) -> bool:
    """A sign that could not be read, or a rate of more than 200 % that begins with 2: scanned ≥ read as a digit."""
    if any("□" in _text(source, span.get(kind, _EMPTY)) for kind in ("operator", "value", "unit")):
        return True
    if not value.targets or value.targets[0].comparator is not Comparator.EQUAL:
        return False
    low = value.targets[0].low
    name = _text(source, span["name"])
    return (
        value.targets[0].unit == "%"
        and low is not None
        and low > 200
        and value.text.startswith("2")
        and _SHARE_NAME.search(name) is not None
    )
