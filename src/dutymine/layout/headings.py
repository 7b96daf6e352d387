"""Headings of disclosures, one by one: a marker and a title, vocabulary alone, or both glued into the text.

Which of them open a section is decided in `sections`, where a heading's neighbours are known.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from operator import itemgetter

from dutymine.lexicon import HeadingRow, WordRow, rows
from dutymine.model import SectionKind
from dutymine.settings import Settings
from dutymine.text import Line, Span, lines, squeeze

_NUMERAL = "[一二三四五六七八九十]{1,3}"
_MARKERS = (
    (re.compile(rf"第(?:{_NUMERAL}|\d{{1,2}})(?:部分|章|篇)[、.:\s]*"), "part"),
    (re.compile(rf"({_NUMERAL})(?:[、.:]|\s(?=\S))\s*"), "cn"),
    (re.compile(rf"\(\s*({_NUMERAL})\s*\)[、.:\s]*|({_NUMERAL})\)[、.\s]*"), "cn_bracket"),
    (re.compile(r"(\d{1,2})(?:[、:]|\.(?!\d))\s*"), "number"),
    (re.compile(r"\(\s*(\d{1,2})\s*\)[、.\s]*|(\d{1,2})\)[、.\s]*"), "number_bracket"),
    (re.compile(r"【\s*(?=[^【】\n]{2,40}】\s*(?:\n|$))"), "part"),  # a title in 【】, alone on its line
)
_MARKER_START = re.compile(r"[第一二三四五六七八九十(\d【]")
_INLINE = re.compile(
    rf"(?:(?<=[。;:!)])|(?<=\s)|(?<=[\u4e00-\u9fff]))(?:第(?:{_NUMERAL})部分|{_NUMERAL}、|\({_NUMERAL}\)|\d{{1,2}}[、.](?!\d))"
)
_LEADERS = re.compile(r"[.…\s-]*(?:\(\s*\d{1,3}\s*\)|\d{1,3})?\s*$")
_OWN_NAME = re.compile(
    r"^[\u4e00-\u9fff()]{2,24}?(?:局|委员会|委|办公室|办事处|办(?!事)|部|院|会|政府|中心|街道|镇|乡|站|队)(?:\((?:部门|单位|本级|机关|本部|汇总)\))?(?:的|本级)?(?=[^局委办部院会])"
)
_HEAD_END = re.compile(r"(?:情况|说明)(?!说明|的)")
_LEAST_TITLE = 4
_NAMES = 3
_TITLE_LENGTH = 45
_LONG_LINE = 160
# How deep a marker style nests, as documents mostly use them.
RANK = {"part": 0, "cn": 1, "cn_bracket": 2, "number": 3, "number_bracket": 4, "plain": 5}


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: marker style, number, title as found, kind, and its span (`start` to `end`, where the body begins)."""

    style: str
    title: str
    kind: SectionKind
    known: bool
    stops: bool
    start: int
    end: int
    number: int = 0
    pure: bool = False
    glued: bool = False


@dataclass(frozen=True, slots=True)
class _Words:
    surface: re.Pattern[str]
    phrase: re.Pattern[str]
    rows: dict[str, list[tuple[int, str, HeadingRow]]]  # by the first character, with their place in the list


@cache
def _words(settings: Settings) -> _Words:
    heading_rows = rows("headings", HeadingRow, settings)
    parts = {row.name: row.surfaces for row in rows("heading_parts", WordRow, settings)}
    surfaces = [(surface, row) for row in heading_rows for surface in row.surfaces]
    by_first: dict[str, list[tuple[int, str, HeadingRow]]] = defaultdict(list)
    for place, (surface, row) in enumerate(surfaces):
        by_first[surface[0]].append((place, surface, row))
    any_surface = _alternatives([surface for surface, _ in surfaces])
    prefix, suffix = _alternatives(parts["prefix"]), _alternatives(parts["suffix"])
    phrase = rf"(?:(?:\d{{4}}|{prefix}){{0,8}}?)(?:{any_surface})(?:{suffix}|{any_surface})*"
    return _Words(re.compile(any_surface), re.compile(phrase), dict(by_first))


def _alternatives(words: Sequence[str]) -> str:
    return "(?:" + "|".join(re.escape(word) for word in sorted(set(words), key=len, reverse=True)) + ")"


def marker(text: str, position: int) -> tuple[str, int, int] | None:
    """Style, number and end of a numbering marker at `position`, or None."""
    if not _MARKER_START.match(text, position):
        return None
    for pattern, style in _MARKERS:
        match = pattern.match(text, position)
        if match:
            found = next((group for group in match.groups() if group), "")
            return style, numeral(found), match.end()
    return None


def numeral(word: str) -> int:
    """The value of `十二` or `12`; 0 for an empty word."""
    if not word or word.isdecimal():
        return int(word or 0)
    tens, _, ones = word.partition("十") if "十" in word else ("", "", word)
    digits = "〇一二三四五六七八九"
    base = (10 * (digits.index(tens) if tens else 1)) if "十" in word else 0
    return base + (digits.index(ones) if ones in digits and ones else 0)


@lru_cache(maxsize=1 << 15)
def classify(title: str, settings: Settings) -> tuple[SectionKind, bool, bool]:
    """Kind of a title, whether its words are known, and whether it only looks like duties."""
    bare = squeeze(title).strip(":。.、")
    by_first = _words(settings).rows
    held = [
        (place, row)
        for sign in set(bare) & by_first.keys()
        for place, surface, row in by_first[sign]
        if surface in bare and (not row.exact or len(bare) <= len(surface) + 2)
    ]
    if not held:
        return SectionKind.OTHER, False, False
    row = min(held, key=itemgetter(0))[1]  # the first of the list decides
    return SectionKind(row.kind), True, row.stops


def is_vocabulary(title: str, settings: Settings) -> bool:
    """Whether a squeezed title is nothing but words of headings."""
    return _words(settings).phrase.fullmatch(title.strip(":.。;，")) is not None


def find(text: str, cells: Sequence[Span], settings: Settings) -> list[Heading]:
    """All that looks like a heading in a quiet text, in order; in `cells`, the spans of tables, none is looked for."""
    starts = [start for start, _ in cells]
    headings: list[Heading] = []
    for line in lines(text):
        if not line.text:
            continue
        at = bisect_right(starts, line.start) - 1
        if at >= 0 and line.start < cells[at][1]:
            continue
        first = _line_heading(text, line, settings)
        if first:
            headings.append(first)
        if line.end - line.start > _LONG_LINE:
            _inline_headings(text, (first.end if first else line.start, line.end), headings, settings)
    return headings


# `一般公共预算拨款收入:1306.40万元`: a line of a list, not a heading with its text behind it.
_SUM_LINE = re.compile(r"[^:]{2,24}:\s*\d[\d,]*(?:\.\d+)?\s*(?:万元|元|亿元)[。;]?")


def _line_heading(text: str, line: Line, settings: Settings) -> Heading | None:
    start = line.start + (len(text[line.start : line.end]) - len(text[line.start : line.end].lstrip()))
    found = marker(text, start)
    style, number, body = found if found else ("plain", 0, start)
    rest = text[body : line.end]
    if len(rest) > _LONG_LINE or "。" in rest.strip()[:-1]:
        return _glued(text, (start, body, line.end), (style, number), settings)
    title = rest.strip().removesuffix("】")
    if style == "plain" and _SUM_LINE.fullmatch(title):
        return None
    cut = title.find(":")
    if 0 < cut < len(title) - 1:
        return _glued(text, (start, body, line.end), (style, number), settings)
    bare = _LEADERS.sub("", title) if found else title
    if not bare or len(bare) > _TITLE_LENGTH:
        return None
    kind, known, stops = classify(bare, settings)
    words = squeeze(bare).strip(":.。;，")
    if kind in (SectionKind.DUTIES, SectionKind.INSTITUTIONS) and style == "plain":
        words = _without_name(words, settings)
    pure = _words(settings).phrase.fullmatch(words) is not None
    if style == "plain" and (not pure or (words in LABELS and kind is not SectionKind.INDICATORS_PROJECT)):
        return None
    if style == "plain" and words in LABELS and title.endswith(":"):
        return None
    if title.endswith(("。", ";", "，")) and not (known and pure):
        return None
    if text.startswith("【", start) and not known:
        return None
    return Heading(style, bare.rstrip(":"), kind, known, stops, start, line.end, number, pure)


def _without_name(words: str, settings: Settings) -> str:
    """A title without the department's name in front, which may hold another one (`区人民政府某街道办事处`)."""
    bare = words
    for _ in range(_NAMES):
        bare = _OWN_NAME.sub("", bare)
        if _words(settings).phrase.fullmatch(bare):
            break
    return bare


def _glued(text: str, spans: tuple[int, int, int], mark: tuple[str, int], settings: Settings) -> Heading | None:
    """A heading whose body follows in the same line: vocabulary, then a colon, a blank or the sentence."""
    start, body, end = spans
    style, number = mark
    reach = min(end, body + _TITLE_LENGTH)
    if style == "plain" and text.find(":", body, reach + 1) < 0:
        return None
    match = _words(settings).phrase.match(text, body, reach)
    if not match:
        return None
    follow = text[match.end() : match.end() + 1]
    if style == "plain" and follow != ":":
        return None
    if style != "plain" and follow not in (":", " ", "。", "") and not _free_standing(text, match.end()):
        return None
    if follow == "。" and style != "part" and len(match[0]) < 4:
        return None
    title = match[0]
    kind, known, stops = classify(title, settings)
    stop = match.end() + (follow in (":", "。"))
    if style == "plain" and squeeze(title) in LABELS:
        return None
    return (
        Heading(style, title, kind, known, stops, start, stop, number, True, bool(text[stop:end].strip()))
        if known
        else None
    )


# Labels inside goals, never headings of a section by themselves.
LABELS = frozenset(
    {
        "绩效目标",
        "绩效指标",
        "年度目标",
        "中期目标",
        "长期目标",
        "具体目标",
        "年度绩效目标",
        "项目绩效目标",
        "收入",
        "支出",
        "职责",
        "资金绩效目标",
        "基本支出",
        "项目支出",
        "财政拨款收入",
        "其他事项",
    }
)


_SENTENCE_STARTS = re.compile(
    r"\s*(?:20\d\d|[一二三四五六七八九十]{1,2}、|\([一二三四五六七八九十]\)|\d[、.]|我|本|从|纳入|目前|现有|下设|内设|按照|根据|反映|收支|部门|截至|为|无|[\u4e00-\u9fff]{2,14}(?:局|委|办|部|中心|办事处|政府)(?:是|为|系|挂|承担|隶属|20|部门|的|包括|负责|主要))"
)


def _free_standing(text: str, position: int) -> bool:
    return bool(_SENTENCE_STARTS.match(text, position))


def _inline_headings(text: str, span: Span, headings: list[Heading], settings: Settings) -> None:
    """Adds headings in the middle of a line: a marker and vocabulary, behind a full stop or next in its row of
    numbers.
    """
    for match in _INLINE.finditer(text, *span):
        found = marker(text, match.start())
        if not found or (headings and match.start() < headings[-1].end):
            continue
        style, number, body = found
        heading = _glued(text, (match.start(), body, span[1]), (style, number), settings)
        if heading is None and _is_next(headings, style, number):
            heading = _sequel(text, (match.start(), body, span[1]), (style, number), settings)
        if heading:
            headings.append(heading)


_CLASS_REACH = 12
_CLASS = re.compile(r"(?=(?:数|质|时|成|社|经|生|满|产|效|服|可)\S{1,8}指标\s?:)")


def _sequel(text: str, spans: tuple[int, int, int], mark: tuple[str, int], settings: Settings) -> Heading | None:
    """A heading whose number is the next one: its vocabulary is enough, to the first 情况 or 说明."""
    start, body, end = spans
    phrase = _words(settings).phrase.match(text, body, min(end, body + _TITLE_LENGTH))
    if phrase is None:
        return None
    cut = _HEAD_END.search(phrase[0])
    title = phrase[0][: cut.end()] if cut else phrase[0].rstrip("(")
    listed = _CLASS.search(text, body + 2, body + len(title) + _CLASS_REACH)
    if listed and listed.start() < body + len(title):
        title = text[body : listed.start()]  # `三、绩效指标数量指标:…`
    kind, known, stops = classify(title, settings)
    if not known or len(title) < _LEAST_TITLE:
        return None
    return Heading(mark[0], title, kind, True, stops, start, body + len(title), mark[1], True, True)


def _is_next(headings: list[Heading], style: str, number: int) -> bool:
    """Whether a number goes on with the headings of its style (of the deeper ones only since the last shallower
    one).
    """
    for heading in reversed(headings):
        if heading.style == style:
            return number == heading.number + 1
        if RANK[heading.style] < RANK[style]:
            return number == 1
    return False
