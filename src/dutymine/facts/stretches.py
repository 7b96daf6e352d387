"""The running text of a document: prose between tables, section by section, and the cells that hold sentences."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dutymine.facts.indicators import is_indicator_band
from dutymine.layout.grids import Grid
from dutymine.layout.lists import stated_goals
from dutymine.model import Cell, Section, SectionKind, Table
from dutymine.text import Span, squeeze, trim

TARGETS_STATED = frozenset(
    {
        *(SectionKind.GOALS_OVERALL, SectionKind.GOALS_SUB, SectionKind.SAFEGUARDS),
        *(SectionKind.INDICATORS_DEPARTMENT, SectionKind.INDICATORS_PROJECT),
    }
)
_SENTENCES = frozenset({"project_goal", "", "label", "item", "organisation", "project", "source_of_funds"})
_LABELS = frozenset({"label", "item", "organisation"})
_LEAST_GOAL = 12
_GOAL_LINE = re.compile(r"(?m)^[^\n:。，]{0,24}(?:年度|绩效|总体|预期)目标:[^\n]+")
_REPORT = re.compile(r"(?:全年|年度|目标)?(?:实际)?完成情况")


class Stretch(NamedTuple):
    """A piece of running text: span, kind of its section, whether bare counts are targets in it, and what cell it is.

    In a label cell (an indicator's name, what came of it) only conditions are looked for.
    """

    start: int
    end: int
    section: SectionKind
    bare: bool = False
    value_cell: bool = False
    label_cell: bool = False
    grade: bool = False  # what earns a lower grade: a condition, never a target


class SectionAt:
    """The innermost section of an offset."""

    __slots__ = ("sections", "starts")

    def __init__(self, sections: Sequence[Section]) -> None:
        self.sections = sections
        self.starts = [section.start for section in sections]

    def kind(self, offset: int) -> SectionKind:
        """Kind of the section that began last before the offset, or of the first above it that says what it is
        about.
        """
        at: int | None = bisect_right(self.starts, offset) - 1
        while at is not None and at >= 0:
            section = self.sections[at]
            if section.kind is not SectionKind.OTHER:
                return section.kind
            at = section.parent
        return SectionKind.OTHER


def stretches(quiet: str, sections: Sequence[Section], grids: Sequence[Grid]) -> list[Stretch]:
    """All running text in order of position; headings and figures of tables are left out."""
    at = SectionAt(sections)
    found = [*_prose(quiet, sections, [grid.table for grid in grids])]
    for grid in grids:
        found += _cells(quiet, grid, at.kind(grid.table.start))
    return sorted(found, key=lambda stretch: stretch.start)


def _prose(quiet: str, sections: Sequence[Section], tables: Sequence[Table]) -> Iterator[Stretch]:
    holes = sorted(
        [
            *((section.start, section.body) for section in sections),
            *((table.start, table.end) for table in tables),
            (len(quiet), len(quiet)),
        ]
    )
    at = SectionAt(sections)
    position = 0
    for start, end in holes:
        if position < start:
            kind = at.kind(position)
            if kind is SectionKind.PERFORMANCE:
                yield from _with_goals(quiet, position, start)
            elif kind is not SectionKind.CONTENTS:
                yield Stretch(position, start, kind, kind in TARGETS_STATED)
        position = max(position, end)


def _with_goals(quiet: str, start: int, end: int) -> Iterator[Stretch]:
    """Text about performance: lines `年度目标：…` and what follows `绩效目标为` state targets, the rest does not."""
    lines = [match.span() for match in _GOAL_LINE.finditer(quiet, start, end)]
    position = start
    for goal in sorted([*lines, *(span for _, span in stated_goals(quiet, start, end))]):
        if goal[0] < position:
            continue
        if position < goal[0]:
            yield Stretch(position, goal[0], SectionKind.PERFORMANCE)
        yield Stretch(*goal, SectionKind.PERFORMANCE, bare=True)
        position = goal[1]
    if position < end:
        yield Stretch(position, end, SectionKind.PERFORMANCE)


def _is_report(quiet: str, cell: Cell) -> bool:
    return _REPORT.fullmatch(squeeze(quiet[cell.start : cell.end])) is not None


def _cells(quiet: str, grid: Grid, section: SectionKind) -> Iterator[Stretch]:
    """Cells that may hold a bound, a sum with its unit or a goal."""
    kinds: dict[int, tuple[bool, list[str]]] = {}
    for band in grid.bands:
        columns = [column.kind for column in band.columns]
        kinds |= dict.fromkeys(band.rows, (is_indicator_band(band.columns), columns))
    reports = set[int]()  # columns of the row above that are headed `实际完成情况`
    for number, row in enumerate(grid.rows):
        of_indicators, columns = kinds.get(number, (False, []))
        reported, reports = reports, {cell.column for cell in row if _is_report(quiet, cell)}
        for cell in row:
            span: Span = trim(quiet, cell.start, cell.end)
            if cell.is_header or span[1] - span[0] < 2:
                continue
            kind = columns[cell.column] if cell.column < len(columns) else ""
            if of_indicators and kind == "value":
                yield Stretch(*span, section, value_cell=True)
            elif of_indicators and kind == "grade":
                yield Stretch(*span, section, grade=True)
            elif (of_indicators and kind in ("name", "actual")) or cell.column in reported:
                yield Stretch(*span, section, label_cell=True)
            elif kind in _SENTENCES and not (of_indicators and kind in _LABELS):
                goal = kind == "project_goal" or (section in TARGETS_STATED and not of_indicators)
                yield Stretch(*span, section, bare=goal and len(squeeze(quiet[slice(*span)])) > _LEAST_GOAL)
