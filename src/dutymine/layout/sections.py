"""The outline: sections by their headings, in every style disclosures use.

A heading is a marker with a title (`一、部门职责`), a bare title that is nothing but vocabulary (`部门职责：`), or,
in text
whose line breaks were lost, a marker and vocabulary glued to the sentence before. Contents lists repeat headings
without a body; those repetitions become one `contents` section.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from dutymine.layout.headings import LABELS, RANK, Heading, find
from dutymine.model import Section, SectionKind
from dutymine.settings import Settings
from dutymine.text import Span, squeeze

_BODY = re.compile(r"(?:[\s.…\d()-]*[^\s.…\d()-]){6}")  # beside leaders and page numbers
_FIGURES = re.compile(r"--|\d\.\d\d|\d{5}")


def outline(text: str, cells: Sequence[Span], settings: Settings) -> tuple[Section, ...]:
    """Sections of a quiet text in order; `cells` are spans of tables, in which no heading is looked for."""
    headings = find(text, cells, settings)
    headings, contents = _drop_contents(headings, text)
    result = _by_content(_containers(_nest(headings, text), text), text, cells)
    if contents is not None:
        section = Section(
            SectionKind.CONTENTS,
            text[contents[0] : contents[0] + 20].strip().split("\n")[0],
            None,
            1,
            contents[0],
            contents[0],
            contents[1],
        )
        result = [section, *(replace(s, parent=s.parent + 1 if s.parent is not None else None) for s in result)]
    return tuple(result)


def _drop_contents(headings: list[Heading], text: str) -> tuple[list[Heading], Span | None]:
    """Headings without those of a contents list, and the list's span."""
    title = next((h for h in headings[:4] if h.kind is SectionKind.CONTENTS), None)
    empty = [i for i, heading in enumerate(headings[:-1]) if not _BODY.match(text, heading.end, headings[i + 1].start)]
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
        result.append(section if kind is section.kind else replace(section, kind=kind))
    return result


_OF_TABLE = re.compile(r"指标|表$")
_REPORT = re.compile(r"自评|完成|评价")


def _by_content(sections: list[Section], text: str, cells: Sequence[Span]) -> list[Section]:
    """`部门整体支出绩效目标` heads a table of indicators or a paragraph of goals: what stands under it decides."""
    result = []
    for section, below in zip(sections, [*sections[1:], None], strict=False):
        end = min(section.end, below.start if below else section.end)
        table = next((start for start, _ in cells if section.body <= start < end), None)
        kind = section.kind
        if kind is SectionKind.INDICATORS_DEPARTMENT and table is None and not _OF_TABLE.search(section.title):
            goals = "目标" in section.title and not _REPORT.search(section.title)
            kind = SectionKind.GOALS_OVERALL if goals else SectionKind.PERFORMANCE
        elif kind is SectionKind.GOALS_OVERALL and table is not None and not text[section.body : table].strip(" \n:"):
            kind = SectionKind.INDICATORS_DEPARTMENT
        result.append(section if kind is section.kind else replace(section, kind=kind))
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


_STATEMENT = re.compile(r".{4}(?:情况|说明|编制|概况|事项)$")
_TABLE_FOLLOWS = re.compile(r"[ \n]*[\t|]")
_LISTING = {
    SectionKind.DUTIES,
    SectionKind.GOALS_OVERALL,
    SectionKind.GOALS_SUB,
    SectionKind.SAFEGUARDS,
    SectionKind.GLOSSARY,
}


_ABOUT_GOALS = {
    SectionKind.GOALS_OVERALL,
    SectionKind.GOALS_SUB,
    SectionKind.SAFEGUARDS,
    SectionKind.INDICATORS_DEPARTMENT,
}
_OF_GOALS = {SectionKind.GOALS_OVERALL, SectionKind.PERFORMANCE, SectionKind.INDICATORS_PROJECT}


def _in_context(headings: list[Heading], text: str) -> list[Heading]:
    """Leave out list items that only look like headings: unknown titles in a list, small styles, known words in a
    glossary.
    """
    kept: list[Heading] = []
    for heading in headings:
        current = _list_section(kept)
        if _in_project(heading, kept) or _is_label(heading, kept):
            continue
        heading = _of_projects(heading, kept)
        if heading.style in ("number", "number_bracket") and not heading.known:
            continue
        if current is not None and not _is_below(heading, current, text) and not _leaves(heading, current):
            continue
        if (kept and _is_caption(heading, kept[-1], text)) or _is_title(heading, kept):
            continue
        kept.append(heading)
    return kept


def _in_project(heading: Heading, kept: Sequence[Heading]) -> bool:
    """A project's name, a label of its goal or a key of its description, in the section of projects."""
    if not kept or kept[-1].kind is not SectionKind.INDICATORS_PROJECT:
        return False
    plain = kept[-1].style == "plain"
    deeper = heading.style not in ("part", "cn") if plain else RANK[heading.style] > RANK[kept[-1].style]
    if not deeper:
        return False
    if heading.style == "plain":
        return heading.kind is SectionKind.GOALS_OVERALL
    return not heading.known or (heading.glued and heading.kind in _OF_GOALS)


def _is_label(heading: Heading, kept: Sequence[Heading]) -> bool:
    """A bare `项目绩效目标` is a label of a form, but a heading behind other bare headings about goals."""
    if heading.style != "plain" or squeeze(heading.title) not in LABELS:
        return False
    return not (kept and kept[-1].style == "plain" and kept[-1].kind in _ABOUT_GOALS)


def _of_projects(heading: Heading, kept: Sequence[Heading]) -> Heading:
    """`重点项目情况` below a heading of performance is about the projects' goals."""
    if heading.kind is not SectionKind.OTHER or "项目" not in heading.title or heading.stops:
        return heading
    above = next((other for other in reversed(kept) if RANK[other.style] < RANK[heading.style]), None)
    if above is not None and above.kind is SectionKind.PERFORMANCE:
        return replace(heading, kind=SectionKind.INDICATORS_PROJECT)
    return heading


def _is_below(heading: Heading, current: Heading, text: str) -> bool:
    """Whether a heading follows the one of a list at once: the list has two levels of headings."""
    directly = not text[current.end : heading.start].strip(" \n:。.")
    return (
        directly and heading.known and heading.pure and not heading.glued and current.kind is not SectionKind.GLOSSARY
    )


def _is_caption(heading: Heading, current: Heading, text: str) -> bool:
    """Whether a heading is only the title of a table: of the section's own kind, or of one project."""
    title = squeeze(heading.title)
    if heading.style == "plain" and title == squeeze(current.title) and not text[current.end : heading.start].strip():
        return True
    if heading.glued and heading.kind is current.kind and RANK[heading.style] > RANK[current.style]:
        return heading.kind is not SectionKind.DUTIES
    if heading.style == "plain" and title.endswith("表"):
        return not heading.kind.startswith("indicators")
    if current.kind is SectionKind.INDICATORS_PROJECT and heading.kind is SectionKind.INDICATORS_PROJECT:
        return not heading.pure
    if heading.style == "plain" and current.style in ("plain", "part") and _STATEMENT.search(title):
        return _TABLE_FOLLOWS.match(text, heading.end) is not None
    return heading.style == "plain" and heading.kind is current.kind and heading.kind not in _LISTING


def _is_title(heading: Heading, kept: Sequence[Heading]) -> bool:
    """The document's own title, attachments and rows of figures are no headings."""
    if _FIGURES.search(heading.title):
        return True
    return heading.style == "plain" and heading.kind is SectionKind.OTHER and (not kept or heading.glued)


def _list_section(kept: list[Heading]) -> Heading | None:
    return kept[-1] if kept and kept[-1].kind in _LISTING else None


def _leaves(heading: Heading, current: Heading) -> bool:
    """Whether a heading ends the list it stands in: a shallower style, the list's own style going on, or known
    words.
    """
    if heading.style == "part":
        return True
    if current.kind is SectionKind.GLOSSARY:
        if heading.glued and current.style == "plain":
            return False
        if heading.style == "plain":  # no term is explained under such a name
            return current.style == "plain" and heading.pure and _STATEMENT.search(squeeze(heading.title)) is not None
        return (
            RANK[heading.style] <= RANK[current.style]
            and heading.style != "plain"
            and (heading.number != 1 or current.style == "part")
        )
    if heading.style == current.style and heading.style != "plain":
        return heading.known or heading.number == current.number + 1
    if current.kind is not SectionKind.DUTIES and heading.style in ("number", "number_bracket") and not heading.pure:
        return False
    if RANK[heading.style] < RANK[current.style]:
        return heading.known or heading.number > 1 or heading.style == "part"
    if current.kind is SectionKind.DUTIES and heading.glued and heading.style != "plain":
        return False  # `(十一)其他事项。完成…` is a clause
    if heading.kind is current.kind and heading.pure and not heading.glued and heading.style != "plain":
        return heading.number == 1  # `一、主要职责`, some sentences, `(一)主要职责`
    return (heading.known and heading.kind is not current.kind) or heading.stops
