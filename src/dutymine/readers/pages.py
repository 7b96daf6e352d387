"""Pages to one text: furniture left out, paragraphs and tables that run over pages joined, doubtful readings listed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from dutymine.model import Reject
from dutymine.readers.compose import Composer
from dutymine.readers.pdf_lines import TextLine, edges, paragraphs, reaches
from dutymine.readers.workbook import unwrapped

_FURNITURE_SHARE = 0.6
_LEAST_PAGES = 3
_MOST_HEADERS = 3  # rows
_LEAST_CUT = 8  # characters of a cell that may have been cut by the end of a page
_FINISHED = re.compile(r"[。；;！!？?]$")
_BEGINS = re.compile(
    r"[-+≥≤=<>＞＜＝]|\d[\d,.]*(?:\D{0,3})$|[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．]|合计|总计|小计|—|/$|无$"
)
_SAME = 3.0  # points within which two edges or heights are one
_MARGIN = 0.12  # of the page's height, where furniture stands
PAGE_NUMBER = re.compile(r"[-—–\s]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[,/共]\s*\d{1,4}\s*页?)?[-—–\s]*|[ivxIVX]{1,5}")

Row = list[str | None]


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table of one page: rows as composed, its columns' edges, top and bottom, and doubts by row and column."""

    rows: list[Row]
    edges: tuple[float, ...]
    top: float
    bottom: float
    doubts: dict[tuple[int, int], str] = field(default_factory=dict)


@dataclass(slots=True)
class Page:
    """What one page holds: lines outside tables and tables, in points from the top."""

    number: int
    height: float
    width: float
    lines: list[TextLine] = field(default_factory=list)
    tables: list[PageTable] = field(default_factory=list)
    scanned: bool = False
    score: float = 0.0  # mean of its readings, where it was read from a picture


def compose(composer: Composer, pages: Sequence[Page]) -> None:
    """Append everything on the pages but their furniture; a table or paragraph that runs over a page goes on.

    A page's place begins with the first paragraph or table that begins on it.
    """
    pages = _without_furniture(pages)
    flow = _Flow(composer, edges([line for page in pages for line in page.lines]))
    for page in pages:
        items: list[tuple[float, TextLine | PageTable]] = [(line.top, line) for line in page.lines]
        items += [(table.top, table) for table in page.tables]
        ordered = [item for _, item in sorted(items, key=lambda pair: pair[0])]
        if ordered and isinstance(ordered[0], TextLine):
            flow.end_table()
        if ordered and flow.table is None and not flow.run:
            composer.place(page=page.number)
        for item in ordered:
            if isinstance(item, TextLine):
                flow.line(item)
            else:
                flow.add_table(item)
        if flow.run and not reaches(flow.run[-1], flow.edges[1]):
            flow.end_lines()
    flow.end_lines()
    flow.end_table()


def _without_furniture(pages: Sequence[Page]) -> list[Page]:
    """Pages without page numbers and without what stands at the same height of most pages."""
    seen: Counter[tuple[int, str]] = Counter()
    for page in pages:
        seen.update({_masked(line) for line in page.lines if _at_edge(page, line)})
    least = max(_LEAST_PAGES, _FURNITURE_SHARE * len(pages))
    often = {key for key, count in seen.items() if count >= least}
    for page in pages:
        page.lines = [line for line in page.lines if not (_at_edge(page, line) and _is_furniture(line, often))]
    return list(pages)


def _is_furniture(line: TextLine, often: set[tuple[int, str]]) -> bool:
    return _masked(line) in often or PAGE_NUMBER.fullmatch(line.text.strip()) is not None


def _at_edge(page: Page, line: TextLine) -> bool:
    return line.top < _MARGIN * page.height or line.bottom > (1 - _MARGIN) * page.height


def _masked(line: TextLine) -> tuple[int, str]:
    return round(line.top / _SAME), re.sub(r"\d+", "#", line.text)


@dataclass(slots=True)
class _Flow:
    """The pages in one flow: lines of an open paragraph and an open table wait for what may go on on the next page."""

    composer: Composer
    edges: tuple[float, float]
    run: list[TextLine] = field(default_factory=list)
    table: PageTable | None = None

    def line(self, item: TextLine) -> None:
        self.end_table()
        self.run.append(item)

    def add_table(self, item: PageTable) -> None:
        self.end_lines()
        if self.table is not None and _goes_on(self.table, item):
            self.table = _joined(self.table, item)
        else:
            self.end_table()
            self.table = item

    def end_lines(self) -> None:
        start = self.composer.length
        for text in paragraphs(self.run, *self.edges):
            self.composer.paragraph(text)
        if any(line.doubt for line in self.run):
            self._doubt_lines(start)
        self.run.clear()

    def _doubt_lines(self, start: int) -> None:
        """List the doubtful lines of what was composed from `start` on; every line stands in it, in order."""
        text = self.composer.since(start)
        position = 0
        for line in self.run:
            found = text.find(line.text, position)
            if found < 0:
                continue
            position = found + len(line.text)
            if line.doubt:
                self._doubt(line.doubt, start + found, start + position)

    def end_table(self) -> None:
        if self.table is None:
            return
        spans = self.composer.table(self.table.rows)
        for place, doubt in sorted(self.table.doubts.items()):
            if place in spans:
                self._doubt(doubt, *spans[place])
        self.table = None

    def _doubt(self, detail: str, start: int, end: int) -> None:
        self.composer.rejects.append(Reject("read", "uncertain_reading", detail, start, end))


def _goes_on(table: PageTable, following: PageTable) -> bool:
    """Whether a table on the next page is the same table: the same columns, or all of them under merged headers."""
    few, many = sorted((table.edges, following.edges), key=len)
    if len(few) < len(many) and (few is not table.edges or len(table.rows) > _MOST_HEADERS):
        return False
    return _near(few[0], many[:1]) and _near(few[-1], many[-1:]) and all(_near(edge, many) for edge in few)


def _near(edge: float, edges: Sequence[float]) -> bool:
    return any(abs(edge - other) <= _SAME for other in edges)


def _joined(table: PageTable, rest: PageTable) -> PageTable:
    """Both parts as one, without the header that is printed again; a row that the page has cut is put together."""
    rows, repeated = list(table.rows), 0
    while repeated < min(len(rest.rows), len(rows)) and rest.rows[repeated] == rows[repeated]:
        repeated += 1
    following = rest.rows[repeated:]
    before = len(rows) - repeated  # row r of the rest becomes row r + before
    if following and _is_cut(rows[-1], following[0]):
        cut = following.pop(0)
        rows[-1] = [
            None if word is None else unwrapped(f"{word}\n{more or ''}")
            for word, more in zip(rows[-1], cut, strict=True)
        ]
        before -= 1
    doubts = {(r + before, c): text for (r, c), text in rest.doubts.items() if r >= repeated}
    return PageTable(rows + following, table.edges, table.top, rest.bottom, table.doubts | doubts)


def _is_cut(row: Row, following: Row) -> bool:
    """Whether a page's first row is the rest of the row above it: only words that go on with unfinished long ones.

    A row of its own has a number, or a cell where the one above has none, or fills as many cells.
    """
    if len(row) != len(following):
        return False
    pairs = list(zip(row, following, strict=True))
    if any((word is None) != (more is None) for word, more in pairs):
        return False
    going_on = [(word or "", more) for word, more in pairs if more]
    return 0 < len(going_on) < sum(bool(word) for word in row) and all(
        len(word) >= _LEAST_CUT and not _FINISHED.search(word) and not _BEGINS.match(more) for word, more in going_on
    )
