"""R55: one numbering style a level, no gap, no repeat, and no list that takes its heading's own number."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from dutymine.checks.facts import Facts
from dutymine.layout.headings import numeral
from dutymine.model import Clause, Finding, Outcome, Section, SectionKind, Severity, Verdict

_NUMERAL = "[一二三四五六七八九十]{1,3}"
_STYLES = (
    ("（一）", re.compile(rf"\(({_NUMERAL})\)")),
    ("（1）", re.compile(r"\((\d{1,2})\)")),
    ("一、", re.compile(rf"({_NUMERAL})、")),
    ("1.", re.compile(r"(\d{1,2})[.、](?!\d)")),
    ("第一部分", re.compile(rf"第({_NUMERAL})部分")),
)
_SHOWN = 14
_REACH = 3  # a list that skips more is another list
_WIDTH = str.maketrans("()（）", "hhff")


@dataclass(frozen=True, slots=True)
class _Mark:
    """A number at its place: style, value and span of what is quoted."""

    style: str
    number: int
    start: int
    end: int


def _r55(facts: Facts) -> Verdict:
    findings = [*_clauses(facts), *_widths(facts), *_headings(facts), *_deeper(facts), *_nested(facts)]
    told = {found.start for found in findings}
    findings += [found for found in _lines(facts) if found.start not in told]
    if not facts.mined.sections:
        return Verdict(Outcome.NOT_APPLICABLE)
    return Verdict(Outcome.FAIL if findings else Outcome.PASS, findings=tuple(findings))


def _shown(facts: Facts, start: int, end: int) -> tuple[int, int]:
    """The number with the first words behind it, on its line."""
    stop = facts.quiet.find("\n", start, start + _SHOWN)
    return start, max(end, min(start + _SHOWN, len(facts.quiet)) if stop < 0 else stop)


_SIGNS = frozenset("(第一二三四五六七八九十")  # what a number begins with, but for digits


def _mark(facts: Facts, start: int) -> _Mark | None:
    marks: dict[int, _Mark | None] = facts.memory.setdefault("marks", {})  # a heading is asked for again and again
    if start not in marks:
        marks[start] = _read_mark(facts, start)
    return marks[start]


def _read_mark(facts: Facts, start: int) -> _Mark | None:
    sign = facts.quiet[start : start + 1]
    if sign not in _SIGNS and not sign.isdecimal():
        return None
    for style, pattern in _STYLES:
        match = pattern.match(facts.quiet, start)
        if match:
            return _Mark(style, numeral(match[1]), *_shown(facts, start, match.end()))
    return None


def _steps(marks: Sequence[_Mark]) -> Iterator[tuple[_Mark, _Mark, str]]:
    """Marks of one list that do not go on from the one before them, with what is wrong."""
    for before, mark in pairwise(marks):
        if mark.number == before.number:
            yield before, mark, f"编号重复：第{mark.number}项出现两次"
        elif before.number + 1 < mark.number <= before.number + 1 + _REACH:
            yield before, mark, f"编号不连续：第{before.number}项之后是第{mark.number}项"
        elif 1 < mark.number < before.number:
            yield before, mark, f"编号颠倒：第{before.number}项之后是第{mark.number}项"


def _clauses(facts: Facts) -> Iterator[Finding]:
    marks = [mark for clause in facts.mined.clauses if (mark := _of_clause(facts, clause))]
    for _, run in groupby(_lists(marks), key=lambda pair: pair[0]):
        for last, mark, wrong in _steps([mark for _, mark in run]):
            if not _hidden(facts, mark, last.end):
                yield Finding("R55", Severity.WARNING, f"疑似职责{wrong}", mark.start, mark.end)


def _lists(marks: Sequence[_Mark]) -> Iterator[tuple[int, _Mark]]:
    """Marks with the number of their list: a number 1 behind a higher one opens the next."""
    part = 0
    for before, mark in zip([None, *marks], marks, strict=False):
        if before is not None and (mark.number == 1 < before.number or mark.style != before.style):
            part += 1
        yield part, mark


def _of_clause(facts: Facts, clause: Clause) -> _Mark | None:
    if not clause.marker or clause.number is None:
        return None
    at = facts.mined.document.text.rfind(clause.marker, 0, clause.start)
    style = re.sub(rf"\d+|{_NUMERAL}", "n", clause.marker.translate(_WIDTH).replace("h", "f"))
    return _Mark(style, clause.number, *_shown(facts, at, clause.start)) if at >= 0 else None


def _hidden(facts: Facts, mark: _Mark, since: int) -> bool:
    """Whether the number that seems to be missing stands in the text after all, cut as something else."""
    before = facts.quiet[since : mark.start]
    wanted = mark.number - 1
    forms = {"（一）": _NUMERAL, "一、": _NUMERAL}.get(mark.style, r"\d{1,2}")
    return any(numeral(match[1]) == wanted for match in re.finditer(rf"(?:^|[\s(。;])({forms})[)、.]", before))


def _lines(facts: Facts) -> Iterator[Finding]:
    """Numbers at the beginning of lines outside duties and tables: a list that leaves one out, or has one twice.

    A list within a list may have the same style: a number goes on the innermost list that it can go on.
    """
    lists: list[tuple[_Mark, bool]] = []  # the last mark of every open list, and whether it began with 1
    for mark in _outside(facts):
        fitting = [i for i, (last, _) in enumerate(lists) if (last.style, last.number + 1) == (mark.style, mark.number)]
        if fitting:
            lists = [*lists[: fitting[-1]], (mark, lists[fitting[-1]][1])]
            continue
        same = [i for i, (last, _) in enumerate(lists) if last.style == mark.style]
        if mark.number == 1 or not same:
            lists.append((mark, mark.number == 1))
            continue
        last, is_sure = lists[same[-1]]
        lists = [*lists[: same[-1]], (mark, is_sure)]
        for _, _, wrong in _steps([last, mark]):
            is_told = "重复" in wrong or (is_sure and "不连续" in wrong)
            if is_told and not _hidden(facts, mark, last.end):
                yield Finding(
                    "R55", Severity.WARNING, f"疑似{wrong}", mark.start, mark.end, related=(last.start, last.end)
                )


_LINE = re.compile(r"\n[ \t]*(?=[(\d一二三四五六七八九十第])")
_BLANK = re.compile(r"[ \t]*")


def _outside(facts: Facts) -> Iterator[_Mark]:
    """Marks at the beginning of lines, but for contents, tables and the clauses that are looked at by themselves."""
    apart = [(table.start, table.end) for table in facts.mined.tables]
    kinds = (SectionKind.CONTENTS, SectionKind.DUTIES)
    apart += [(part.body, part.end) for part in facts.mined.sections if part.kind in kinds]
    for begin in (_BLANK.match(facts.quiet), *_LINE.finditer(facts.quiet)):
        at = begin.end() if begin else 0
        if any(start <= at < end for start, end in apart):
            continue
        mark = _mark(facts, at)
        if mark:
            yield mark


def _widths(facts: Facts) -> Iterator[Finding]:
    """Brackets of another width at one clause among many."""
    marked = [clause for clause in facts.mined.clauses if clause.marker]
    shapes = [re.sub(rf"\d+|{_NUMERAL}|\s", "", clause.marker.translate(_WIDTH)) for clause in marked]
    for clause, shape in zip(marked, shapes, strict=True):
        if shapes.count(shape) == 1 and len(shapes) > 3 and len(set(shapes)) == 2:
            mark = _of_clause(facts, clause)
            if mark:
                message = f"疑似编号样式不统一：“{clause.marker}”与其他各项不同"
                yield Finding("R55", Severity.HINT, message, mark.start, mark.end)


def _headings(facts: Facts) -> Iterator[Finding]:
    """Headings beside each other: one of another style that goes on the count, or a number that comes twice."""
    families: dict[int | None, list[Section]] = defaultdict(list)
    for section in facts.mined.sections:
        families[section.parent].append(section)
    for siblings in families.values():
        marks = [mark for section in siblings if (mark := _mark(facts, section.start))]
        for first, second in pairwise(marks):
            if second.number == first.number + 1 and {first.style, second.style} == {"（一）", "（1）"}:
                message = f"疑似标题编号样式不统一：前一标题用“{first.style}”式"
                yield Finding(
                    "R55", Severity.WARNING, message, second.start, second.end, related=(first.start, first.end)
                )
            elif first.style == second.style and first.number == second.number:
                message = f"疑似标题编号重复：第{second.number}项出现两次"
                yield Finding(
                    "R55", Severity.WARNING, message, second.start, second.end, related=(first.start, first.end)
                )


def _deeper(facts: Facts) -> Iterator[Finding]:
    """A heading that goes on the count of the one above it in another style, so that it seems to stand under it."""
    for section in facts.mined.sections:
        mark = _mark(facts, section.start)
        above = None if section.parent is None else _mark(facts, facts.mined.sections[section.parent].start)
        if mark and above and mark.number == above.number + 1 > 2 and {mark.style, above.style} == {"（一）", "（1）"}:
            message = f"疑似标题编号样式不统一：前一标题用“{above.style}”式"
            yield Finding("R55", Severity.WARNING, message, mark.start, mark.end, related=(above.start, above.end))


def _nested(facts: Facts) -> Iterator[Finding]:
    """A list under a heading that begins with the heading's own style and number."""
    for section in facts.mined.sections:
        mark = _mark(facts, section.start)
        body = section.body
        while body < section.end and facts.quiet[body].isspace():
            body += 1
        inner = _mark(facts, body)
        if mark and inner and (inner.style, inner.number) == (mark.style, mark.number) and inner.start != mark.start:
            message = "疑似编号层次不清：下级条目与上级标题用同一编号样式"
            yield Finding("R55", Severity.HINT, message, inner.start, inner.end, related=(mark.start, mark.end))


NUMBERING = {"R55": _r55}
