"""The outline: sections by their headings, in every style disclosures use.

A heading is a marker with a title (`一、部门职责`), a bare title that is nothing but vocabulary (`部门职责：`), or, in text
whose line breaks were lost, a marker and vocabulary glued to the sentence before. Contents lists repeat headings
without a body; those repetitions become one `contents` section.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from dutymine.lexicon import HeadingRow, WordRow, rows
from dutymine.model import Section, SectionKind
from dutymine.settings import Settings
from dutymine.text import Line, Span, lines, squeeze

_NUMERAL = "[一二三四五六七八九十]{1,3}"
_MARKERS = (
    (re.compile(rf"第(?:{_NUMERAL}|\d{{1,2}})(?:部分|章|篇)[、.:\s]*"), "part"),
    (re.compile(rf"({_NUMERAL})(?:[、.:]|\s(?=\S))\s*"), "cn"),
    (re.compile(rf"\(\s*({_NUMERAL})\s*\)[、.:\s]*|({_NUMERAL})\)[、.\s]*"), "cn_bracket"),
    (re.compile(r"(\d{1,2})(?:[、:]|\.(?!\d))\s*"), "number"),
    (re.compile(r"\(\s*(\d{1,2})\s*\)[、.\s]*|(\d{1,2})\)[、.\s]*"), "number_bracket"),
)
_INLINE = re.compile(
    rf"(?:(?<=[。;:!)])|(?<=\s)|(?<=[\u4e00-\u9fff]))(?:第(?:{_NUMERAL})部分|{_NUMERAL}、|\({_NUMERAL}\)|\d{{1,2}}[、.](?!\d))"
)
_FIGURES = re.compile(r"--|\d\.\d\d|\d{5}")
_LEADERS = re.compile(r"[.…\s-]*(?:\(\s*\d{1,3}\s*\)|\d{1,3})?\s*$")
_OWN_NAME = re.compile(r"^[\u4e00-\u9fff()]{2,24}?(?:局|委员会|委|办公室|办事处|办(?!事)|部|院|会|政府|中心|街道|镇|乡|站|队)(?:的|本级)?(?=[^局委办部院会])")
_HEAD_END = re.compile(r"(?:情况|说明)(?!说明|的)")
_LEAST_TITLE = 4
_TITLE_LENGTH = 45
_LONG_LINE = 160


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
    rows: tuple[tuple[str, HeadingRow], ...]


@cache
def _words(settings: Settings) -> _Words:
    heading_rows = rows("headings", HeadingRow, settings)
    parts = {row.name: row.surfaces for row in rows("heading_parts", WordRow, settings)}
    surfaces = tuple((surface, row) for row in heading_rows for surface in row.surfaces)
    any_surface = _alternatives([surface for surface, _ in surfaces])
    prefix, suffix = _alternatives(parts["prefix"]), _alternatives(parts["suffix"])
    phrase = rf"(?:(?:\d{{4}}|{prefix}){{0,8}}?)(?:{any_surface})(?:{suffix}|{any_surface})*"
    return _Words(re.compile(any_surface), re.compile(phrase), surfaces)


def _alternatives(words: Sequence[str]) -> str:
    return "(?:" + "|".join(re.escape(word) for word in sorted(set(words), key=len, reverse=True)) + ")"


def outline(text: str, cells: Sequence[Span], settings: Settings) -> tuple[Section, ...]:
    """Sections of a quiet text in order; `cells` are spans of tables, in which no heading is looked for."""
    headings = _find(text, cells, settings)
    headings, contents = _drop_contents(headings, text)
    result = _containers(_nest(headings, text), text)
    if contents is not None:
        section = Section(SectionKind.CONTENTS, text[contents[0] : contents[0] + 20].strip().split("\n")[0], None, 1,
                          contents[0], contents[0], contents[1])
        result = [section, *(replace(s, parent=s.parent + 1 if s.parent is not None else None) for s in result)]
    return tuple(result)


def marker(text: str, position: int) -> tuple[str, int, int] | None:
    """Style, number and end of a numbering marker at `position`, or None."""
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


def classify(title: str, settings: Settings) -> tuple[SectionKind, bool, bool]:
    """Kind of a title, whether its words are known, and whether it only looks like duties."""
    bare = squeeze(title).strip(":。.、")
    for surface, row in _words(settings).rows:
        if surface in bare and (not row.exact or len(bare) <= len(surface) + 2):
            return SectionKind(row.kind), True, row.stops
    return SectionKind.OTHER, False, False


def is_vocabulary(title: str, settings: Settings) -> bool:
    """Whether a squeezed title is nothing but words of headings."""
    return _words(settings).phrase.fullmatch(title.strip(":.。;，")) is not None


def _find(text: str, cells: Sequence[Span], settings: Settings) -> list[Heading]:
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


def _line_heading(text: str, line: Line, settings: Settings) -> Heading | None:
    start = line.start + (len(text[line.start : line.end]) - len(text[line.start : line.end].lstrip()))
    found = marker(text, start)
    style, number, body = found if found else ("plain", 0, start)
    rest = text[body : line.end]
    if len(rest) > _LONG_LINE or "。" in rest.strip()[:-1]:
        return _glued(text, (start, body, line.end), (style, number), settings)
    title = rest.strip()
    cut = title.find(":")
    if 0 < cut < len(title) - 1:
        return _glued(text, (start, body, line.end), (style, number), settings)
    bare = _LEADERS.sub("", title) if found else title
    if not bare or len(bare) > _TITLE_LENGTH:
        return None
    kind, known, stops = classify(bare, settings)
    words = squeeze(bare).strip(":.。;，")
    if kind in (SectionKind.DUTIES, SectionKind.INSTITUTIONS) and style == "plain":
        words = _OWN_NAME.sub("", words)
    pure = _words(settings).phrase.fullmatch(words) is not None
    if style == "plain" and (not pure or squeeze(bare).strip(":") in _LABELS):
        return None
    if title.endswith(("。", ";", "，")) and not (known and pure):
        return None
    return Heading(style, bare.rstrip(":"), kind, known, stops, start, line.end, number, pure)


def _glued(text: str, spans: tuple[int, int, int], mark: tuple[str, int], settings: Settings) -> Heading | None:
    """A heading whose body follows in the same line: vocabulary, then a colon, a blank or the sentence."""
    start, body, end = spans
    match = _words(settings).phrase.match(text, body, min(end, body + _TITLE_LENGTH))
    if not match:
        return None
    follow = text[match.end() : match.end() + 1]
    style, number = mark
    if style == "plain" and follow != ":":
        return None
    if style != "plain" and follow not in (":", " ", "。", "") and not _free_standing(text, match.end()):
        return None
    if follow == "。" and style != "part" and len(match[0]) < 4:
        return None
    title = match[0]
    kind, known, stops = classify(title, settings)
    stop = match.end() + (follow in (":", "。"))
    if style == "plain" and squeeze(title) in _LABELS:
        return None
    return Heading(style, title, kind, known, stops, start, stop, number, True, bool(text[stop:end].strip())) if known else None


# Labels inside goals, never headings of a section by themselves.
_LABELS = frozenset({"绩效目标", "绩效指标", "年度绩效目标", "项目绩效目标", "收入", "支出", "职责", "资金绩效目标", "基本支出", "项目支出", "财政拨款收入", "其他事项"})
_SENTENCE_STARTS = re.compile(r"\s*(?:20\d\d|[一二三四五六七八九十]{1,2}、|\([一二三四五六七八九十]\)|\d[、.]|我|本|从|纳入|目前|现有|下设|内设|按照|根据|反映|收支|部门|截至|为|无|[\u4e00-\u9fff]{2,14}(?:局|委|办|部|中心|办事处|政府)(?:是|为|系|挂|承担|隶属|20|部门|的|包括|负责|主要))")


def _free_standing(text: str, position: int) -> bool:
    return bool(_SENTENCE_STARTS.match(text, position))


def _inline_headings(text: str, span: Span, headings: list[Heading], settings: Settings) -> None:
    """Adds headings in the middle of a line: a marker and vocabulary, behind a full stop or next in its row of numbers."""
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


def _sequel(text: str, spans: tuple[int, int, int], mark: tuple[str, int], settings: Settings) -> Heading | None:
    """A heading whose number is the next one: its vocabulary is enough, to the first 情况 or 说明."""
    start, body, end = spans
    phrase = _words(settings).phrase.match(text, body, min(end, body + _TITLE_LENGTH))
    if phrase is None:
        return None
    cut = _HEAD_END.search(phrase[0])
    title = phrase[0][: cut.end()] if cut else phrase[0].rstrip("(")
    kind, known, stops = classify(title, settings)
    if not known or len(title) < _LEAST_TITLE:
        return None
    return Heading(mark[0], title, kind, True, stops, start, body + len(title), mark[1], True, True)


def _is_next(headings: list[Heading], style: str, number: int) -> bool:
    """Whether a number goes on with the headings of its style (of the deeper ones only since the last shallower one)."""
    for heading in reversed(headings):
        if heading.style == style:
            return number == heading.number + 1
        if _RANK[heading.style] < _RANK[style]:
            return number == 1
    return False


def _drop_contents(headings: list[Heading], text: str) -> tuple[list[Heading], Span | None]:
    """Headings without those of a contents list, and the list's span."""
    title = next((h for h in headings[:4] if h.kind is SectionKind.CONTENTS), None)
    empty = [
        i
        for i, heading in enumerate(headings[:-1])
        if len(re.sub(r"[\s.…\d()-]", "", text[heading.end : headings[i + 1].start])) < 6
    ]
    runs = _runs(empty)
    for first, last in runs:
        last = _before_repeat(headings, first, last)
        later = {(h.kind, squeeze(h.title)) for h in headings[last + 1 :]}
        repeated = sum((h.kind, squeeze(h.title)) in later for h in headings[first : last + 1])
        if last - first >= 2 and repeated * 2 >= last - first:
            while last + 1 < len(headings) and (headings[last + 1].kind, squeeze(headings[last + 1].title)) in {
                (h.kind, squeeze(h.title)) for h in headings[last + 2 :]
            }:
                last += 1
            start = title.start if title and title.start <= headings[first].start else headings[first].start
            stop = headings[last + 1].start if last + 1 < len(headings) else headings[last].end
            kept = [h for i, h in enumerate(headings) if not first <= i <= last and h is not title]
            return kept, (start, stop)
    return [h for h in headings if h is not title], None


def _before_repeat(headings: list[Heading], first: int, last: int) -> int:
    """The last of a run of empty headings before one of them comes again: there the document itself begins."""
    seen = set()
    for i in range(first, last + 1):
        key = (headings[i].kind, squeeze(headings[i].title))
        if key in seen:
            return i - 1
        seen.add(key)
    return last


def _runs(numbers: list[int]) -> list[Span]:
    runs: list[Span] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


_TWO_PARTS = re.compile(r"机构|编制|人员|工作|情况")


def _containers(sections: list[Section], text: str) -> list[Section]:
    """A heading directly over another one (`部门职责及机构设置` over `部门职责`) only holds it together."""
    result = []
    for section, below in zip(sections, [*sections[1:], None], strict=False):
        kind = section.kind
        if below and below.level > section.level and not text[section.body : below.start].strip(" \n:。."):
            if kind is SectionKind.OTHER_NOTES or (kind is SectionKind.DUTIES and _TWO_PARTS.search(section.title)):
                kind = SectionKind.OTHER
            if kind is SectionKind.GOALS_OVERALL:
                kind = SectionKind.PERFORMANCE
        result.append(replace(section, kind=kind))
    return result


def _nest(headings: list[Heading], text: str) -> list[Section]:
    """Sections from headings that pass in their context, levels by the order in which marker styles nest."""
    kept, length = _in_context(headings, text), len(text)
    stack: list[tuple[str, int]] = []
    result: list[Section] = []
    open_at: list[int] = []
    for heading in kept:
        styles = [style for style, _ in stack]
        if heading.style in styles:
            cut = styles.index(heading.style)
            stack, open_at = stack[:cut], open_at[:cut]
        parent = open_at[-1] if open_at else None
        stack.append((heading.style, heading.number))
        open_at.append(len(result))
        result.append(Section(heading.kind, heading.title, parent, len(stack), heading.start, heading.end, length))
    return [replace(section, end=_end(result, i, length)) for i, section in enumerate(result)]


def _end(sections: list[Section], at: int, length: int) -> int:
    for other in sections[at + 1 :]:
        if other.level <= sections[at].level:
            return other.start
    return length


_LISTING = {SectionKind.DUTIES, SectionKind.GOALS_OVERALL, SectionKind.GOALS_SUB, SectionKind.SAFEGUARDS, SectionKind.GLOSSARY}


def _in_context(headings: list[Heading], text: str) -> list[Heading]:
    """Leave out list items that only look like headings: unknown titles in a list, small styles, known words in a glossary."""
    kept: list[Heading] = []
    for heading in headings:
        current = _list_section(kept)
        if heading.style in ("number", "number_bracket") and not heading.known:
            continue
        if current is not None and not _is_below(heading, current, text) and not _leaves(heading, current):
            continue
        if (kept and _is_caption(heading, kept[-1])) or _is_title(heading, kept):
            continue
        kept.append(heading)
    return kept


def _is_below(heading: Heading, current: Heading, text: str) -> bool:
    """Whether a heading follows the one of a list at once: the list has two levels of headings."""
    directly = not text[current.end : heading.start].strip(" \n:。.")
    return directly and heading.known and heading.pure and not heading.glued and current.kind is not SectionKind.GLOSSARY


def _is_caption(heading: Heading, current: Heading) -> bool:
    """Whether a heading is only the title of a table: of the section's own kind, or of one project."""
    title = squeeze(heading.title)
    if heading.glued and heading.kind is current.kind and _RANK[heading.style] > _RANK[current.style]:
        return heading.kind is not SectionKind.DUTIES
    if heading.style == "plain" and title.endswith("表"):
        return not heading.kind.startswith("indicators")
    if current.kind is SectionKind.INDICATORS_PROJECT and heading.kind is SectionKind.INDICATORS_PROJECT:
        return not heading.pure
    return heading.style == "plain" and heading.kind is current.kind and heading.kind not in _LISTING


def _is_title(heading: Heading, kept: Sequence[Heading]) -> bool:
    """The document's own title, attachments and rows of figures are no headings."""
    if _FIGURES.search(heading.title):
        return True
    return heading.style == "plain" and heading.kind is SectionKind.OTHER and (not kept or heading.glued)


def _list_section(kept: list[Heading]) -> Heading | None:
    return kept[-1] if kept and kept[-1].kind in _LISTING else None


_RANK = {"part": 0, "cn": 1, "cn_bracket": 2, "number": 3, "number_bracket": 4, "plain": 5}


def _leaves(heading: Heading, current: Heading) -> bool:
    """Whether a heading ends the list it stands in: a shallower style, the list's own style going on, or known words."""
    if heading.style == "part":
        return True
    if current.kind is SectionKind.GLOSSARY:
        if heading.glued and current.style == "plain":
            return False
        return _RANK[heading.style] <= _RANK[current.style] and heading.style != "plain" and (
            heading.number != 1 or current.style == "part")
    if heading.style == current.style and heading.style != "plain":
        return heading.known or heading.number == current.number + 1
    if current.kind is not SectionKind.DUTIES and heading.style in ("number", "number_bracket") and not heading.pure:
        return False
    if _RANK[heading.style] < _RANK[current.style]:
        return heading.known or heading.number > 1 or heading.style == "part"
    if current.kind is SectionKind.DUTIES and heading.glued and heading.style != "plain":
        return False  # `(十一)其他事项。完成…` is a clause
    return heading.known and heading.kind is not current.kind or heading.stops
