"""Performance goals: overall, by duty, safeguards, and of projects, in prose and in table cells."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from dutymine.facts.projects import Pair, is_name, project_in_row
from dutymine.facts.stretches import SectionAt
from dutymine.layout.columns import header_kind, level_code
from dutymine.layout.grids import Grid
from dutymine.layout.lists import NUMBERED_GOAL, Item, items, stated_goals
from dutymine.layout.pairs import key_values
from dutymine.model import Document, Goal, GoalLevel, Indicator, Section, SectionKind
from dutymine.settings import Settings
from dutymine.text import Span, split_spans, squeeze, trim

_LEVELS = {
    SectionKind.GOALS_OVERALL: GoalLevel.OVERALL,
    SectionKind.GOALS_SUB: GoalLevel.SUB,
    SectionKind.SAFEGUARDS: GoalLevel.SAFEGUARD,
}
_LEAST = 6
_LEAST_NUMBERED = 4
_LABEL = re.compile(
    r"(?:20\d\d年度?)?(?:本|部门|单位|整体|支出|年度|总体|阶段性|中长期|长期|中期|当年|预期|绩效)*目标(?:为|是|如下)?:\s*"
)
_ITEM = re.compile(NUMBERED_GOAL.pattern + r"|\d{1,2}[.、]")
_WORDS = re.compile(r"[\u4e00-\u9fff]{3}")
_TITLE_END = re.compile(r"[。:\n]")
_LONGEST_TITLE = 40
_INDICATORS = re.compile(
    r"(?:(?:部门|主要|具体|对应)?(?:绩效)指标|(?:数量|质量|时效|成本|(?:经济|社会|生态)?效益|满意度|可持续影响|产出)指标)\s*\d{0,2}\s*:"
)


def goals(
    document: Document, quiet: str, sections: Sequence[Section], grids: Sequence[Grid], settings: Settings
) -> tuple[Goal, ...]:
    """Goals of a document in order of position."""
    spans = [(table.start, table.end) for table in (grid.table for grid in grids)]
    found = [
        *_prose(document, quiet, sections, spans),
        *_cells(document, quiet, sections, grids, settings),
        *_lines(document, quiet, sections, spans, settings),
    ]
    kept: list[Goal] = []
    reach = 0
    for goal in sorted(found, key=lambda goal: (goal.start, -goal.end)):
        if goal.end > reach:  # else it lies in one that is kept
            kept.append(goal)
            reach = goal.end
    return tuple(kept)


def with_projects(found: Sequence[Goal], indicators: Sequence[Indicator]) -> tuple[Goal, ...]:
    """Goals of projects that stand above their indicator table without the project's name take it from there."""
    named = [(item.start, item.project) for item in indicators if item.project]
    starts = [start for start, _ in named]
    result = []
    for goal in found:
        place = bisect_right(starts, goal.end)
        lacking = goal.level is GoalLevel.PROJECT and not goal.project
        result.append(replace(goal, project=named[place][1]) if lacking and place < len(named) else goal)
    return tuple(result)


def _prose(document: Document, quiet: str, sections: Sequence[Section], tables: Sequence[Span]) -> Iterator[Goal]:
    """Goals of goal sections: the overall goal whole, the others item by item."""
    for i, section in enumerate(sections):
        level = _LEVELS.get(section.kind)
        if level is None:
            continue
        end = min([section.end, *(other.start for other in sections[i + 1 : i + 2])])
        end = min([end, *(start for start, _ in tables if section.body <= start < end)])
        listed = items(quiet, section.body, end)
        if level is GoalLevel.OVERALL and len(listed) < 2:
            span = trim(quiet, section.body, end)
            listed = listed or _labelled_lines(quiet, span) or [Item((span[0], span[0]), None, *span)]
        for item in listed or _paragraphs(quiet, section.body, end):
            cut = _before_indicators(quiet, item)
            if len(squeeze(quiet[cut.start : cut.end])) >= (_LEAST if item.number is None else _LEAST_NUMBERED):
                yield _goal(document, level, "", cut, quiet)


def _labelled_lines(quiet: str, span: Span) -> list[Item]:
    """The lines of a paragraph in which each announces a goal of its own (`总体目标：…`, `阶段性目标：…`)."""
    rows = _paragraphs(quiet, *span)
    return rows if len(rows) > 1 and all(_LABEL.match(quiet, row.start) for row in rows[1:]) else []


def _before_indicators(quiet: str, item: Item) -> Item:
    """The item without the indicator list that follows its sentence."""
    match = _INDICATORS.search(quiet, item.start + _LEAST, item.end) if item.start + _LEAST < item.end else None
    return replace(item, end=trim(quiet, item.start, match.start())[1]) if match else item


def _paragraphs(quiet: str, start: int, end: int) -> list[Item]:
    return [Item((a, a), None, a, b) for a, b in split_spans(quiet, start, end, "\n")]


def _goal(document: Document, level: GoalLevel, project: str, item: Item, quiet: str) -> Goal:
    text = document.text[item.start : item.end]
    return Goal(level, project, item.number, _title(quiet[item.start : item.end], text), text, item.start, item.end)


def _title(folded: str, text: str) -> str:
    """The short head of a goal that has one (`打击犯罪。保持…`)."""
    match = _TITLE_END.search(folded)
    if (
        match is None
        or match.start() > _LONGEST_TITLE
        or match.end() >= len(folded.rstrip())
        or "，" in folded[: match.start()]
    ):
        return ""
    return text[: match.start()].strip()


def _cells(
    document: Document, quiet: str, sections: Sequence[Section], grids: Sequence[Grid], settings: Settings
) -> Iterator[Goal]:
    """Goals that stand in a cell behind their label, or under one; in a table of the whole department they are
    overall.
    """
    pair, at = Pair(document.text, quiet), SectionAt(sections)
    for grid in grids:
        table = grid.table
        whole = at.kind(table.start) is SectionKind.INDICATORS_DEPARTMENT or "整体" in table.caption
        level = GoalLevel.OVERALL if whole else GoalLevel.PROJECT
        project, below, running = "", set[int](), set[int]()
        worded = partial(_worded, quiet)
        columns = _goal_columns(grid)
        for number, (row, words) in enumerate(zip(grid.rows, grid.words, strict=True)):
            project = project_in_row(pair, row, words, settings) or project
            labelled = [header_kind(word, settings) == "project_goal" for word in words]
            goal, named = columns.get(number, (None, None))
            numbered = {cell.column for cell in row if _ITEM.match(quiet, cell.start, cell.end)}
            under = numbered & running if any(labelled) else below | (numbered & running)
            running = set()
            for i, (cell, word) in enumerate(zip(row, words, strict=True)):
                own = GoalLevel.PROJECT if named is not None and cell.column == goal else level
                if cell.column == named and word:
                    project = pair.quote(cell.start, cell.end)
                wanted = any(labelled[:i]) or cell.column in under or cell.column == goal
                if wanted and _is_goal_text(word, settings):
                    running |= numbered & {cell.column}  # the list may go on in the rows below
                    for item in filter(worded, _parts(quiet, cell.start, cell.end)):
                        yield _goal(document, own, "" if own is GoalLevel.OVERALL else project, item, quiet)
            below = {cell.column for cell, is_label in zip(row, labelled, strict=True) if is_label}


def _goal_columns(grid: Grid) -> dict[int, tuple[int | None, int | None]]:
    """The columns of goals and of projects by data row."""
    result: dict[int, tuple[int | None, int | None]] = {}
    for band in grid.bands:
        kinds = [column.kind for column in band.columns]
        goal, project = (kinds.index(kind) if kind in kinds else None for kind in ("project_goal", "project"))
        result |= dict.fromkeys(band.rows, (goal, project))
    return result


def _parts(quiet: str, start: int, end: int) -> list[Item]:
    """The numbered goals of a cell or line, or its whole text."""
    listed = items(quiet, start, end)
    span = trim(quiet, start, end)
    whole = [Item((span[0], span[0]), None, *span)]
    if not listed or listed[0].marker[0] != span[0]:
        return whole
    return listed if len(listed) > 1 or _ITEM.match(quiet, *listed[0].marker) else whole


def _worded(quiet: str, item: Item) -> bool:
    """Whether a part says something (`目标3：……` is a row of the blank form)."""
    return _WORDS.search(quiet, item.start, item.end) is not None


def _is_goal_text(bare: str, settings: Settings) -> bool:
    return (
        len(bare) > _LEAST
        and not header_kind(bare, settings)
        and not level_code(bare, 2, settings)
        and bool(re.search(r"[\u4e00-\u9fff]{4}", bare))
    )


def _lines(
    document: Document, quiet: str, sections: Sequence[Section], tables: Sequence[Span], settings: Settings
) -> Iterator[Goal]:
    """`绩效目标：…` outside tables, in the sections of projects, also in the middle of a paragraph."""
    pair = Pair(document.text, quiet)
    for i, section in enumerate(sections):
        if section.kind not in (
            SectionKind.INDICATORS_PROJECT,
            SectionKind.INDICATORS_DEPARTMENT,
            SectionKind.PERFORMANCE,
        ):
            continue
        project = ""
        end = min([section.end, *(other.start for other in sections[i + 1 : i + 2])])  # its own text, no part of it
        for found in key_values(quiet, section.body, end, settings):
            if found.kind == "project" and is_name(quiet, found.value):
                project = pair.quote(*found.value)
            if found.kind != "project_goal" or any(a <= found.key[0] < b for a, b in tables):
                continue
            cut = _before_indicators(quiet, Item(found.value, None, *found.value))
            for item in _parts(quiet, cut.start, cut.end):
                if item.end - item.start >= _LEAST:
                    yield _goal(document, GoalLevel.PROJECT, project, item, quiet)
        yield from _run_on(document, quiet, (section.body, end), tables)


def _run_on(document: Document, quiet: str, span: Span, tables: Sequence[Span]) -> Iterator[Goal]:
    """Goals in the middle of a paragraph: `…，绩效目标为：…`, `部门整体绩效目标是…`."""
    for match, rest in stated_goals(quiet, *span):
        level = GoalLevel.OVERALL if match["whole"] else GoalLevel.PROJECT
        if rest[1] - rest[0] < _LEAST or any(a <= match.start() < b for a, b in tables):
            continue
        cut = _before_indicators(quiet, Item(rest, None, *rest))
        for item in _parts(quiet, cut.start, cut.end):
            yield _goal(document, level, "", item, quiet)
