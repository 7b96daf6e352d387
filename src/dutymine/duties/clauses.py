"""Duty clauses: the items of every duties section, with their markers, numbers and text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from dutymine.layout.lists import Item, items, unnumbered
from dutymine.model import Clause, Document, Section, SectionKind
from dutymine.text import Span

_HAN = re.compile(r"[\u4e00-\u9fff]")
_LEAST_HAN = 4
_SECRET = re.compile(r"(?:涉密|秘密|保密)[^。]{0,12}(?:不予|不宜|不便|暂不|免予|未予|不作)[^。]{0,3}公开")
_ATTACHED = re.compile(r"\S*\.(?:pdf|docx?|xlsx?|zip|rar)", re.IGNORECASE)
_STOPS = re.compile(
    r"(?:职能转变|与?有?关?部门?的?职责分工|有关职责分工|职责划分|重点工作|主要工作任务|工作任务|机构设置|内设机构|人员编制)[。:]?\s*$|.{0,8}(?:职能转变|职责分工)。"
)
_CLOSES = re.compile(r"(?:内设|下设|设有?|共有|现有)[^。]{0,30}(?:科|股|处|室|机构|编制|单位)|核定.{0,6}编制")
_DUTIES_ARE = re.compile(r"(?:职责|职能|任务)(?:是|为|如下|包括)?[^。，;]{0,4}:")
_LEAD = 120


def clauses(document: Document, quiet: str, sections: Sequence[Section], tables: Sequence[Span]) -> tuple[Clause, ...]:
    """Clauses of a document in order; functions, acts and role are left open.

    `tables` are the spans of tables, in which no clause is looked for.
    """
    result: list[Clause] = []
    for start, end in _bodies(sections, tables):
        for item in _items(quiet, start, end):
            result.append(_clause(document, quiet, item, len(result) + 1))
    return tuple(result)


def _bodies(sections: Sequence[Section], tables: Sequence[Span]) -> Iterator[Span]:
    """Own text of each duties section: to the next section and to the first table in it."""
    for i, section in enumerate(sections):
        if section.kind is not SectionKind.DUTIES:
            continue
        end = min([section.end, *(other.start for other in sections[i + 1 : i + 2])])
        end = min([end, *(table for table, _ in tables if section.body <= table < end)])
        if section.body < end:
            yield section.body, end


def _items(quiet: str, start: int, end: int) -> list[Item]:
    found = items(quiet, start, end) or _sentences(quiet, start, end)
    for item in found:  # a whole statute pasted in: its article on duties holds the list
        lead = _DUTIES_ARE.search(quiet, item.start, min(item.end, item.start + _LEAD))
        inner = items(quiet, lead.end(), item.end) if lead else []
        if len(inner) > 1:
            found = inner
            break
    kept = []
    for item in found:
        bare = quiet[item.start : item.end]
        if _STOPS.match(bare) and item.end - item.start < 40:
            break
        if item.number is None and _SECRET.search(bare):
            continue
        if len(_HAN.findall(bare)) >= _LEAST_HAN and not _ATTACHED.fullmatch(bare.strip()):
            kept.append(item)
    return kept


def _sentences(quiet: str, start: int, end: int) -> list[Item]:
    """Clauses without numbers; what follows about offices and staff is none."""
    kept = []
    for item in unnumbered(quiet, start, end):
        if _CLOSES.search(quiet, item.start, min(item.end, item.start + 40)):
            break
        kept.append(item)
    return kept


def _clause(document: Document, quiet: str, item: Item, ordinal: int) -> Clause:
    marker = document.text[slice(*item.marker)]
    return Clause(ordinal, marker, item.number, clean(document, quiet, item.start, item.end), item.start, item.end)


def clean(document: Document, quiet: str, start: int, end: int) -> str:
    """The frozen text of a span without page numbers and other furniture that fell into it."""
    if quiet[start:end] == document.folded[start:end]:
        return document.text[start:end]
    pairs = zip(document.text[start:end], document.folded[start:end], quiet[start:end], strict=True)
    return "".join(raw for raw, folded, still in pairs if still == folded or folded.isspace())
