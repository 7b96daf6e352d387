"""The organisations a disclosure speaks for: its institution table, or the sentence that names them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from dutymine.layout.grids import Grid
from dutymine.layout.lists import items
from dutymine.model import Document, Institution, Section, SectionKind
from dutymine.text import Span, split_spans, squeeze

_HAN = re.compile(r"[\u4e00-\u9fff]{3}")
_NO_NAME = re.compile(r"(?:合计|小计|总计|无|单位名称).{0,4}")
_ORGANISATION = re.compile(
    r"[\u4e00-\u9fff“”]{2,30}(?:局|委员会|委|办公室|办|部|院|会|政府|中心|办事处|所|站|队|学校|中学|小学|馆|处|校|大队|支队|分局|公司|幼儿园|医院|台|社|园|机关)(?:\((?:机关|本级|含.{0,10})\)|机关|本级)?"
)
_LISTS = re.compile(
    r"(?:纳入|编制范围|预算单位|独立核算|所属|下属|构成)[^。\n]{0,60}?(?:包括|如下|分别是|分别为|有|是|:)\s*:?"
)
_DESCRIBED = re.compile(rf"({_ORGANISATION.pattern})\(([^()]{{2,12}}(?:，|、)[^()]{{2,40}})\)")
_LEAD = re.compile(r"(?:即|包括|分别[为是]|还有|另有)?")
_RANK = re.compile(r"[正副]?[省部厅局地县处乡科股]级")
_FUNDING = re.compile(r"财政|拨款|核拨|全额|差额|自收")
_SPLIT = "、，;。和及\n"
_KINDS = ("nature", "rank", "funding")
_INNER = re.compile(r"(?:科|股|处|室|办公室)$")


def institutions(
    document: Document, quiet: str, sections: Sequence[Section], grids: Sequence[Grid]
) -> tuple[Institution, ...]:
    """Organisations in order of position: of institution tables, and where there is none, of the sections'
    sentences.
    """
    found = [item for grid in grids for item in _rows(document, quiet, grid)]
    if not found:
        spans = [(table.start, table.end) for table in (grid.table for grid in grids)]
        found = [item for span in _bodies(sections, spans) for item in _named(document, quiet, span)]
    unique = {squeeze(item.name): item for item in reversed(found)}
    return tuple(sorted(unique.values(), key=lambda item: item.start))


def _rows(document: Document, quiet: str, grid: Grid) -> Iterator[Institution]:
    """Rows under a column of organisations beside one of their nature, rank or funding."""
    for band in grid.bands:
        kinds = [column.kind for column in band.columns]
        if "organisation" not in kinds or not set(kinds) & set(_KINDS):
            continue
        for row in band.rows:
            cells = {kinds[cell.column]: cell for cell in reversed(grid.rows[row]) if cell.column < len(kinds)}
            name = cells.get("organisation")
            words = squeeze(quiet[name.start : name.end]) if name else ""
            if name is None or not _HAN.search(words) or _NO_NAME.fullmatch(words):
                continue
            written = {
                kind: squeeze(document.text[cells[kind].start : cells[kind].end]) for kind in _KINDS if kind in cells
            }
            end = max(cell.end for cell in grid.rows[row])
            yield _institution(squeeze(document.text[name.start : name.end]), written, (name.start, end))


def _bodies(sections: Sequence[Section], tables: Sequence[Span]) -> Iterator[Span]:
    for i, section in enumerate(sections):
        if section.kind is SectionKind.INSTITUTIONS:
            end = min([section.end, *(other.start for other in sections[i + 1 : i + 2])])
            yield section.body, min([end, *(start for start, _ in tables if section.body <= start < end)])


def _named(document: Document, quiet: str, span: Span) -> Iterator[Institution]:
    """Names behind `纳入预算编制范围的单位包括：`, one after another or numbered."""
    lead = _LISTS.search(quiet, *span)
    if lead is None:
        return
    listed = items(quiet, lead.end(), span[1])
    parts = [(item.start, item.end) for item in listed] or list(
        split_spans(quiet, lead.end(), _sentence_end(quiet, lead.end(), span[1]), _SPLIT)
    )
    stated = list(_DESCRIBED.finditer(quiet, lead.end(), span[1]))
    yield from (_described(document, match) for match in stated)
    for start, end in parts if not stated else ():
        match = _ORGANISATION.match(quiet, start, end)
        if match and match.end() >= end - 2 and not _INNER.search(match[0]):
            yield Institution(document.text[slice(*match.span())], "", "", "", *match.span())


def _described(document: Document, match: re.Match[str]) -> Institution:
    """`X中心（公益一类事业单位，股级，财政核拨）`."""
    parts = dict.fromkeys(_KINDS, "")
    for start, end in split_spans(match.string, *match.span(2), "，、;"):
        words = document.text[start:end].strip(" ，、；,;")
        kind = "rank" if _RANK.search(words) else "funding" if _FUNDING.search(words) else "nature"
        parts[kind] = parts[kind] or words
    start = match.start(1) + len(_LEAD.match(match[1])[0])  # type: ignore[index]
    return _institution(document.text[start : match.end(1)], parts, (start, match.end(1)))


def _institution(name: str, parts: dict[str, str], span: Span) -> Institution:
    nature, rank, funding = (parts.get(kind, "") for kind in _KINDS)
    return Institution(name, nature, rank, funding, *span)


def _sentence_end(quiet: str, start: int, end: int) -> int:
    stop = quiet.find("。", start, end)
    return stop if stop >= 0 else end
