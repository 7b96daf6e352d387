"""Numbered lists in running text: items by the chain of their numbers, in any style, several on a line or lost numbers.

The main chain has the style of the first marker. Other styles inside an item are sub-lists and stay in it. A marker in
mid-line counts only where its number is the next one; at the start of a line also where numbers are wrong or doubled.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from dutymine.layout.headings import numeral
from dutymine.text import Span, split_spans, squeeze, trim

_NUMERAL = "[一二三四五六七八九十]{1,3}"
_STYLES = (
    (
        "goal",
        re.compile(
            rf"(?:(?:绩效|年度)?目标|职责|任务)\s?(\d{{1,2}}|{_NUMERAL})\s?[:、.]|【(?:目标|任务)(\d{{1,2}}|{_NUMERAL})】:?"
        ),
    ),
    ("cn_bracket", re.compile(rf"\(\s?({_NUMERAL})\s?\)[、.]?|({_NUMERAL})\)[、.]?")),
    ("number_bracket", re.compile(r"\(\s?(\d{1,2})\s?\)[、.]?|(\d{1,2})\)[、.]?")),
    ("number", re.compile(r"(\d{1,2})(?:[、]|\.(?!\d)|\s{1,3}(?=[\u4e00-\u9fff]{2})|(?<=0\d)(?=[\u4e00-\u9fff]))")),
    ("ordinal", re.compile(rf"第({_NUMERAL})(?:[，、:]|是)|({_NUMERAL})(?:是|要)(?=[\u4e00-\u9fff])")),
    ("article", re.compile(rf"第({_NUMERAL}|\d{{1,2}})条\s?")),
    ("cn", re.compile(rf"({_NUMERAL})[、.]")),
    ("circle", re.compile(r"([①-⑳])[、.]?")),
    ("lost", re.compile(r"\(\s?\)[、.]?")),
    ("bullet", re.compile(r"[◆◇●○■□▪➢★☆]\s?")),
)
_CANDIDATE = re.compile(
    r"(?=[(\d一二三四五六七八九十第①-⑳◆◇●○■□▪➢★☆【]|(?:绩效|年度)?目标|职责|任务)(?<![^\s。;:!，)])"
)
_LEAD_END = re.compile(
    r"(?:职责|职能|任务|承担|负责|工作|包括|如下|具体|主要有|目标|措施|内容|为|是)[^。;:，\n]{0,12}:"
)
_LEAD_REACH = 400
# A goal in the middle of a paragraph: of a project, or of the whole department.
STATED_GOAL = re.compile(
    r"(?:(?<=[，。;])(?:其|年度|总体|项目)?(?:绩效)?目标(?:为|是|:)"
    r"|(?P<whole>(?:部门|单位|整体)(?:支出)?(?:年度|总体)?绩效目标(?:为|是))):?(?=\S)"
)
NUMBERED_GOAL = re.compile(r"(?:绩效|年度)?目标\s?[\d一二三四五六七八九十]")
_LONGEST_JUMP = 3


_AFTER_GOAL = re.compile(
    rf"\n|(?<=[。;])\s*(?:\d{{1,2}}[、.](?!\d)|\((?:\d{{1,2}}|{_NUMERAL})\)|{_NUMERAL}、|第{_NUMERAL}部分)"
)


@dataclass(frozen=True, slots=True)
class Item:
    """One item: marker as written, its number (None where lost), and the span of its text behind the marker."""

    marker: Span
    number: int | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Mark:
    style: str
    number: int | None
    start: int
    end: int
    at_line: bool


def stated_goals(text: str, start: int, end: int) -> Iterator[tuple[re.Match[str], Span]]:
    """Goals in running text with their spans: to the end of the line or to the next number of a list."""
    position = start
    while match := STATED_GOAL.search(text, position, end):
        after = _AFTER_GOAL.search(text, match.end(), end)
        position = after.start() if after else end
        yield match, trim(text, match.end(), position)


def items(text: str, start: int, end: int) -> list[Item]:
    """Items of the list between `start` and `end` of a quiet text; empty where no number stands there."""
    marks = list(_marks(text, start, end))
    chain = _chain(marks)
    result = []
    for mark, after in zip(chain, [*chain[1:], None], strict=False):
        stop = after.start if after else end
        span = trim(text, mark.end, stop)
        span = trim(text, span[0], span[1] - (text[span[1] - 1 : span[1]] == "，"))  # `目标1：…，目标2：…`
        if span[0] < span[1]:
            result += _own_lines(text, Item(trim(text, mark.start, mark.end), mark.number, *span), mark.style == "lost")
    return _without_tail(text, result)


def _own_lines(text: str, item: Item, lost: bool) -> list[Item]:
    """The item without a stray line at its end; where numbers are lost, every sentence on a line of its own is an
    item.
    """
    rows = _lines(text, item)
    while len(rows) > 1 and text[rows[-2][1] - 1] in "。;" and text[rows[-1][1] - 1] not in "。;:，、)":
        rows.pop()
    if not lost or any(text[end - 1] not in "。;" for _, end in rows):
        return [item if rows[-1][1] == item.end else replace(item, end=rows[-1][1])]
    return [replace(item, end=rows[0][1]), *(Item((a, a), None, a, b) for a, b in rows[1:])]


def _marks(text: str, start: int, end: int) -> Iterator[_Mark]:
    first = trim(text, start, end)[0]
    others = (candidate.start() for candidate in _CANDIDATE.finditer(text, start, end))
    for position in (first, *(other for other in others if other > first)):
        for style, pattern in _STYLES:
            match = pattern.match(text, position, end)
            if match is None:
                continue
            if style == "bullet" and not _at_line(text, first, position):
                break
            word = next((group for group in match.groups() if group), "")
            value = ord(word) - ord("①") + 1 if style == "circle" else numeral(word)
            yield _Mark(style, value or None, position, match.end(), _at_line(text, first, position))
            break


def _at_line(text: str, start: int, position: int) -> bool:
    while position > start and text[position - 1] in " \t":
        position -= 1
    return position == start or text[position - 1] == "\n"


def _chain(marks: list[_Mark]) -> list[_Mark]:
    """The marks of the main list: the first style that begins at a line (or, on one line, begins with 1)."""
    first = next((i for i, mark in enumerate(marks) if _opens(mark, marks[i + 1 :])), None)
    if first is None:
        return []
    style = marks[first].style
    chain = [marks[first]]
    later = [mark for mark in marks[first + 1 :] if mark.style == style]
    for mark, after in zip(later, [*later[1:], None], strict=False):
        expected = (chain[-1].number or 0) + 1
        skips = mark.number == expected + 1 and after is not None and after.number == expected + 2  # one left out
        follows = mark.number is None or mark.number == expected or skips
        wrong = mark.at_line and mark.number is not None and expected - 1 <= mark.number <= expected + _LONGEST_JUMP
        if follows or (wrong and (mark.number != expected - 1 or chain[-1].at_line)):
            chain.append(mark)
    return chain if len(chain) > 1 or marks[first].at_line else []


def _opens(mark: _Mark, later: Sequence[_Mark]) -> bool:
    """Whether a list may begin with a mark: number 1, or at a line a low number or one that the next goes on from."""
    if mark.number == 1:
        return True
    if not mark.at_line or (mark.number is None and mark.style == "ordinal"):
        return False
    following = next((other.number for other in later if other.style == mark.style), None)
    return (mark.number or 0) <= _LONGEST_JUMP or following == (mark.number or 0) + 1


def _without_tail(text: str, found: list[Item]) -> list[Item]:
    """The last item ends where one of its kind would: not more lines than the longest before it."""
    if len(found) < 2:
        return found
    depth = max(len(_lines(text, item)) for item in found[:-1])
    rows = _lines(text, found[-1])
    if len(rows) <= depth:
        return found
    return [*found[:-1], replace(found[-1], end=rows[depth - 1][1])]


def _lines(text: str, item: Item) -> list[Span]:
    return list(split_spans(text, item.start, item.end, "\n"))


def after_lead(text: str, start: int, end: int) -> int:
    """Where the list begins behind a lead-in sentence (`…，主要职责是：`); `start` where there is none."""
    stop = text.find("\n", start, end)
    reach = min(end, start + _LEAD_REACH)
    match = None
    for match in _LEAD_END.finditer(text, start, reach):
        if stop < 0 or match.end() <= stop or not squeeze(text[start:stop]):
            break
    return match.end() if match else start


def unnumbered(text: str, start: int, end: int) -> list[Item]:
    """Items without numbers: lines where there are several, else parts between semicolons, else sentences."""
    start = after_lead(text, start, end)
    rows = list(split_spans(text, start, end, "\n"))
    if len(rows) > 1:
        spans = rows
    else:
        parts = list(split_spans(text, start, end, ";"))
        spans = parts if len(parts) > 2 else list(split_spans(text, start, end, "。"))
    return [Item((a, a), None, a, b) for a, b in spans]
