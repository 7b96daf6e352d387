"""Which project a table or a goal speaks of: a key row, a line or a caption above it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from dutymine.layout.columns import header_kind, level_code
from dutymine.layout.headings import is_vocabulary
from dutymine.layout.pairs import key_values
from dutymine.model import Cell, Goal, GoalLevel, Indicator, Section, SectionKind, Table
from dutymine.settings import Settings
from dutymine.text import Span, split_spans, squeeze

_LINE = re.compile(r"\s*(?:项目|政策|资金)名称\s*(?::\s*|\s)([^\n:\t|]{2,60}?)\s*(?=\n|$|\t|\|)")
_MARKER = re.compile(
    r"(?:第[一二三四五六七八九十]{1,3}部分\s*|项目[一二三四五六七八九十\d]{1,3}[:、.]|[一二三四五六七八九十]{1,3}[、.]|\([一二三四五六七八九十\d]{1,3}\)|\d{1,2}[、.]|附件\d*[:：]?|附?表[一二三四五六七八九十\d]*[:：、-]?)\s*"
)
_TITLE = re.compile(
    r"(.+?)(?:年度)?(?:预算)?(?:支出)?绩效(?:目标|指标|自评)(?:及指标)?(?:申报|自评|情况|完成情况|批复|公开)?(?:表)?(?:\(.*\))?"
)
_NAMED = re.compile(
    r"(?:\([一二三四五六七八九十\d]{1,3}\)|\d{1,2}[、.])?\s*([\u4e00-\u9fff]{2,30}(?:项目|工程|专项|资金))(?:年?度?绩效目标:|\s*(?=\n|$))"
)  # a line of its own, or `X项目绩效目标：…`
_GENERIC = re.compile(
    r"(?:\d{4}|年度?|部门|单位|整体|支出|预算|项目|重点|主要|财政|专项|资金|本级|总体|分项|具体|各|及|和|的|市|县|区|省级?|表|政策|一般|公开|所属|情况|说明|"
    r"[一二三四五六七八九十]|[()、.\s])*"
)
_LONGEST = 40
_REACH = 800
_ASSESSED = re.compile(r"(?:项目)?(?:支出)?(?:绩效)?自评(?:情况|结果|报告)?$")
_SPEAKS_OF_PROJECT = re.compile(r"预算|绩效|目标|资金|自评")
_MARKS = re.compile(r"[。;，:|\t]")
_LEAST_NAME = 3


class Named(NamedTuple):
    """A line that names a project: where it starts, how far its section goes, and the name as written."""

    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A text and its quiet copy of the same length: matched in the one, quoted from the other."""

    raw: str
    quiet: str

    def quote(self, start: int, end: int) -> str:
        """The frozen text of a span without white space."""
        return squeeze(self.raw[start:end])


def project_in_row(pair: Pair, row: Sequence[Cell], words: Sequence[str], settings: Settings) -> str:
    """The project that a key row names (`项目名称 | X | 预算金额 | 12`), or an empty string."""
    last = len(row) - 1
    for i, (cell, word) in enumerate(zip(row, words, strict=True)):
        if "名称" in word and (inline := _LINE.fullmatch(pair.quiet, cell.start, cell.end)):
            return pair.quote(*inline.span(1))
        if i < last and not cell.is_header and header_kind(word, settings) == "project":
            return pair.quote(row[i + 1].start, row[i + 1].end)
    return ""


def project_above(pair: Pair, tables: Sequence[Table], number: int, settings: Settings) -> str:
    """The project that the lines above a table or its caption name, or an empty string."""
    table = tables[number]
    floor = max(table.start - _REACH, tables[number - 1].end if number else 0)
    named = [found.value for found in key_values(pair.quiet, floor, table.start, settings) if found.kind == "project"]
    if named and is_name(pair.quiet, named[-1]):
        return pair.quote(*named[-1])
    for span in reversed(list(split_spans(pair.quiet, floor, table.start, "\n"))[-3:]):
        title = project_of_title(pair, span)
        if title is not None:
            return title
        alone = _NAMED.match(pair.quiet, *span)
        if alone and not _GENERIC.fullmatch(squeeze(alone[1])):
            return pair.quote(*alone.span(1))
    return ""


def is_name(quiet: str, span: Span) -> bool:
    """Whether a value can be a project's name: one short line without cell borders."""
    value = quiet[span[0] : span[1]]
    return 1 < len(value) <= _LONGEST and "|" not in value and "\t" not in value and "\n" not in value


def project_of_title(pair: Pair, span: Span) -> str | None:
    """The project of `1、政务外网运维项目绩效目标表`; empty where the title names none, None where it is no such
    title.
    """
    start, end = span
    marker = _MARKER.match(pair.quiet, start, end)
    match = _TITLE.fullmatch(pair.quiet, marker.end() if marker else start, end)
    if match is None or end - start > _LONGEST + 20:
        return None
    name = squeeze(match[1])
    if "整体" in name or "部门" in name or _GENERIC.fullmatch(name) or len(name) > _LONGEST:
        return ""
    return re.sub(r"^\d{4}年(?:度)?", "", pair.quote(*match.span(1)))


def named_projects(
    pair: Pair, sections: Sequence[Section], tables: Sequence[Span], settings: Settings
) -> tuple[Named, ...]:
    """Lines of the sections of projects that name one: `项目名称：X`, a numbered title alone or before its sentence."""
    result = []
    for section in sections:
        if section.kind is not SectionKind.INDICATORS_PROJECT:
            continue
        for span in split_spans(pair.quiet, section.body, section.end, "\n"):
            name = _name_of_line(pair, span, settings)
            if name and not any(start <= span[0] < end for start, end in tables):
                result.append(Named(span[0], section.end, name))
    return tuple(sorted(result))


def _name_of_line(pair: Pair, span: Span, settings: Settings) -> str:
    marker = _MARKER.match(pair.quiet, *span)
    start, end = marker.end() if marker else span[0], span[1]
    keyed = _LINE.fullmatch(pair.quiet, start, end)
    if keyed:
        return pair.quote(*keyed.span(1))
    mark = _MARKS.search(pair.quiet, start, end)
    if marker is None or (mark and (mark[0] != "。" or not _SPEAKS_OF_PROJECT.search(pair.quiet, mark.end(), end))):
        return ""
    stop = mark.start() if mark else end
    words = squeeze(pair.quiet[start:stop])
    if not _LEAST_NAME <= len(words) <= _LONGEST or is_vocabulary(words, settings) or level_code(words, 2, settings):
        return ""
    titled = project_of_title(pair, (span[0], stop))
    return _ASSESSED.sub("", pair.quote(start, stop)) if titled is None else titled


def with_names(found: Sequence[Indicator], named: Sequence[Named]) -> tuple[Indicator, ...]:
    """Indicators that no table and no key gives a project take that of the last line that names one."""
    return tuple(item if item.project else replace(item, project=_before(named, item.start)) for item in found)


def goals_with_names(found: Sequence[Goal], named: Sequence[Named]) -> tuple[Goal, ...]:
    """The same for goals of projects."""
    return tuple(
        item
        if item.project or item.level is not GoalLevel.PROJECT
        else replace(item, project=_before(named, item.start))
        for item in found
    )


def _before(named: Sequence[Named], offset: int) -> str:
    at = bisect_right(named, (offset,)) - 1
    return named[at].name if at >= 0 and offset < named[at].end else ""
