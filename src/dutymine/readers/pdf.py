"""PDF with a text layer: lines to paragraphs, ruled tables to rows, what runs over pages joined, furniture left out."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from dutymine.model import Document, Reject
from dutymine.readers.compose import Composer
from dutymine.readers.encodings import common_share
from dutymine.readers.pdf_lines import TextLine, edges, lines_of, paragraphs, reaches
from dutymine.readers.signature import UnreadableError
from dutymine.readers.workbook import unwrapped
from dutymine.settings import Settings

MOST_PAGES = 600
_LEAST_CHARACTERS = 20  # a page with fewer and a picture is a scan
_LEAST_COMMON = 0.03
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
_PAGE_NUMBER = re.compile(r"[-—–\s]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[,/共]\s*\d{1,4}\s*页?)?[-—–\s]*|[ivxIVX]{1,5}")

Row = list[str | None]


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of one page: rows as composed, its columns' edges, top and bottom."""

    rows: list[Row]
    edges: tuple[float, ...]
    top: float
    bottom: float


@dataclass(slots=True)
class _Page:
    """What one page holds: lines outside tables and tables, in points from the top."""

    number: int
    height: float
    width: float
    lines: list[TextLine] = field(default_factory=list)
    tables: list[_Table] = field(default_factory=list)
    scanned: bool = False


def read(data: bytes, path: str, settings: Settings) -> Document:
    """The Document of a PDF; raises UnreadableError for a damaged, protected or wholly scanned one."""
    composer = Composer()
    pages = list(_pages(data, composer))
    scanned = [page.number for page in pages if page.scanned]
    if scanned:
        listed = ", ".join(map(str, scanned[:20])) + (" …" if len(scanned) > 20 else "")
        composer.rejects.append(Reject("read", "needs_ocr", f"pages without readable text: {listed}"))
    _compose(composer, _without_furniture(pages))
    if not any(part.strip() for part in composer.parts):
        raise UnreadableError("needs_ocr", "no page has a text layer; the file is a scan")
    return composer.document(data, path, "pdf")


def _pages(data: bytes, composer: Composer) -> Iterator[_Page]:
    import pdfplumber  # noqa: PLC0415  only a PDF needs it
    from pdfminer.pdfdocument import PDFPasswordIncorrect  # noqa: PLC0415

    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    try:
        with pdfplumber.open(io.BytesIO(data)) as book:
            if len(book.pages) > MOST_PAGES:
                detail = f"{len(book.pages)} pages, of which the first {MOST_PAGES} were read"
                composer.rejects.append(Reject("read", "too_many_pages", detail))
            for number, page in enumerate(book.pages[:MOST_PAGES], 1):
                yield _page(page, number, composer)
                page.close()
    except UnreadableError:
        raise
    except Exception as error:  # the library lets any error of a broken file through
        reason = error.__cause__ or error.__context__ or error
        if isinstance(error, PDFPasswordIncorrect) or isinstance(reason, PDFPasswordIncorrect):
            raise UnreadableError("encrypted_file", "the PDF is protected by a password") from None
        raise UnreadableError("damaged_file", f"the PDF cannot be opened: {type(error).__name__}: {error}") from None


def _page(page: Any, number: int, composer: Composer) -> _Page:
    result = _Page(number, float(page.height), float(page.width))
    try:
        found = page.find_tables()
        words = page.extract_words(x_tolerance=1.5, y_tolerance=3, keep_blank_chars=False)
        tables = [table for table in found if _is_table(table, words)]
        boxes = [table.bbox for table in tables]
        text = "".join(word["text"] for word in words)
        result.tables = [_table(table) for table in tables]
    except RecursionError as error:
        composer.rejects.append(Reject("read", "damaged_page", f"page {number}: {error}"))
        return result
    garbled = len(text) >= _LEAST_CHARACTERS and not text.isascii() and common_share(text) < _LEAST_COMMON
    result.scanned = garbled or (len(text) < _LEAST_CHARACTERS and bool(page.images))
    if garbled:
        result.tables = []
        return result
    blanks = [char for char in page.chars if char["text"].isspace()]
    outside = [word for word in [*words, *blanks] if not any(_inside(word, box) for box in boxes)]
    result.lines = lines_of(outside)
    return result


def _is_table(table: Any, words: Sequence[dict[str, Any]]) -> bool:
    """Whether ruled cells are a table and no frame: of two cells in a row only a header cut off by the page's end."""
    if len(table.rows) > 1 or len(table.cells) > 2:
        return True
    below = " ".join(word["text"] for word in words if word["top"] > table.bbox[3])
    return len(table.cells) > 1 and (not below or _PAGE_NUMBER.fullmatch(below) is not None)


def _inside(word: dict[str, Any], box: tuple[float, float, float, float]) -> bool:
    x, y = (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2
    return bool(box[0] - 1 <= x <= box[2] + 1 and box[1] - 1 <= y <= box[3] + 1)


def _table(table: Any) -> _Table:
    """Rows with what merged cells cover: an empty cell below the origin, none beside it."""
    texts = table.extract(x_tolerance=1.5, y_tolerance=3)
    rows: list[Row] = []
    covering: dict[int, float] = {}  # column: bottom of the cell that reaches down into it
    for row, words in zip(table.rows, texts, strict=True):
        out: Row = []
        top = row.bbox[1]
        for column, (box, word) in enumerate(zip(row.cells, words, strict=True)):
            if box is not None:
                covering[column] = box[3]
                out.append(unwrapped(word or ""))
            else:
                out.append("" if covering.get(column, 0.0) > top + _SAME else None)
        rows.append(out)
    edges = sorted({round(cell[0]) for cell in table.cells} | {round(table.bbox[2])})
    return _Table(rows, tuple(float(edge) for edge in edges), float(table.bbox[1]), float(table.bbox[3]))


def _without_furniture(pages: Sequence[_Page]) -> list[_Page]:
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
    return _masked(line) in often or _PAGE_NUMBER.fullmatch(line.text.strip()) is not None


def _at_edge(page: _Page, line: TextLine) -> bool:
    return line.top < _MARGIN * page.height or line.bottom > (1 - _MARGIN) * page.height


def _masked(line: TextLine) -> tuple[int, str]:
    return round(line.top / _SAME), re.sub(r"\d+", "#", line.text)


@dataclass(slots=True)
class _Flow:
    """The pages in one flow: lines of an open paragraph and an open table wait for what may go on on the next page."""

    composer: Composer
    edges: tuple[float, float]
    run: list[TextLine] = field(default_factory=list)
    table: _Table | None = None

    def line(self, item: TextLine) -> None:
        self.end_table()
        self.run.append(item)

    def add_table(self, item: _Table) -> None:
        self.end_lines()
        if self.table is not None and _goes_on(self.table, item):
            self.table = _joined(self.table, item)
        else:
            self.end_table()
            self.table = item

    def end_lines(self) -> None:
        for text in paragraphs(self.run, *self.edges):
            self.composer.paragraph(text)
        self.run.clear()

    def end_table(self) -> None:
        if self.table is not None:
            self.composer.table(self.table.rows)
            self.table = None


def _compose(composer: Composer, pages: Sequence[_Page]) -> None:
    """Everything in order of height; a table or paragraph that runs over a page goes on.

    A page's place begins with the first paragraph or table that begins on it.
    """
    flow = _Flow(composer, edges([line for page in pages for line in page.lines]))
    for page in pages:
        items: list[tuple[float, TextLine | _Table]] = [(line.top, line) for line in page.lines]
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


def _goes_on(table: _Table, following: _Table) -> bool:
    """Whether a table on the next page is the same table: the same columns, or all of them under merged headers."""
    few, many = sorted((table.edges, following.edges), key=len)
    if len(few) < len(many) and (few is not table.edges or len(table.rows) > _MOST_HEADERS):
        return False
    return _near(few[0], many[:1]) and _near(few[-1], many[-1:]) and all(_near(edge, many) for edge in few)


def _near(edge: float, edges: Sequence[float]) -> bool:
    return any(abs(edge - other) <= _SAME for other in edges)


def _joined(table: _Table, rest: _Table) -> _Table:
    """Both parts as one, without the header that is printed again; a row that the page has cut is put together."""
    rows, repeated = list(table.rows), 0
    while repeated < min(len(rest.rows), len(rows)) and rest.rows[repeated] == rows[repeated]:
        repeated += 1
    following = rest.rows[repeated:]
    if following and _is_cut(rows[-1], following[0]):
        cut = following.pop(0)
        rows[-1] = [
            None if word is None else unwrapped(f"{word}\n{more or ''}")
            for word, more in zip(rows[-1], cut, strict=True)
        ]
    return _Table(rows + following, table.edges, table.top, rest.bottom)


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
