"""PDF with a text layer: lines to paragraphs, ruled tables to rows, what runs over pages joined, furniture left out."""

from __future__ import annotations

import io
import logging
import math
from collections.abc import Iterator, Sequence
from typing import Any

from dutymine.model import Document, Reject
from dutymine.readers import ocr, recognise
from dutymine.readers.compose import Composer
from dutymine.readers.encodings import common_share
from dutymine.readers.pages import PAGE_NUMBER, Page, PageTable, Row, compose
from dutymine.readers.pdf_lines import lines_of
from dutymine.readers.picture import MOST_PIXELS, rendered
from dutymine.readers.signature import UnreadableError
from dutymine.readers.workbook import unwrapped
from dutymine.settings import Settings

MOST_PAGES = 600
MOST_SCANS = 100
_LOSSES = ("image_too_large", "damaged_page")
_OUTLINES = 200  # curves of a page whose letters are drawn
_LEAST_CHARACTERS = 20  # a page with fewer and a picture is a scan
_LEAST_COMMON = 0.03
_SAME = 3.0  # points within which two heights are one


def read(data: bytes, path: str, settings: Settings) -> Document:
    """The Document of a PDF; raises UnreadableError for a damaged, protected or wholly scanned one."""
    composer = Composer()
    pages = list(_pages(data, composer))
    unread = _read_scans(data, [page for page in pages if page.scanned], composer)
    compose(composer, pages)
    if not any(part.strip() for part in composer.parts):
        if unread:
            raise UnreadableError("needs_ocr", f"no page has a text layer; the file is a scan; {ocr.INSTALL}")
        lost = next((item for item in composer.rejects if item.reason in _LOSSES), None)
        raise UnreadableError(lost.reason, lost.detail) if lost else UnreadableError("no_text", "the PDF holds no text")
    return composer.document(data, path, "pdf")


def _read_scans(data: bytes, scans: Sequence[Page], composer: Composer) -> bool:
    """Read the pages that are pictures; False where nothing can read them or there is none."""
    if not scans or not recognise.available():
        if scans:
            detail = f"pages without readable text: {_listed(scans)}; {ocr.INSTALL}"
            composer.rejects.append(Reject("read", "needs_ocr", detail))
        return bool(scans)
    import pypdfium2  # noqa: PLC0415  only a scan needs it

    if len(scans) > MOST_SCANS:
        detail = f"{len(scans)} scanned pages, of which the first {MOST_SCANS} were read"
        composer.rejects.append(Reject("read", "too_many_pages", detail))
    try:
        with pypdfium2.PdfDocument(data) as book:
            for page in scans[:MOST_SCANS]:
                ocr.read_page(page, rendered(book, page.number - 1), composer)
    except pypdfium2.PdfiumError as error:
        composer.rejects.append(Reject("read", "damaged_page", f"a scanned page cannot be shown: {error}"))
    ocr.note_scores(scans, composer)
    empty = [page for page in scans[:MOST_SCANS] if not page.lines and not page.tables]
    if empty:
        composer.rejects.append(
            Reject("read", "no_text", f"pages in whose pictures no text was found: {_listed(empty)}")
        )
    return False


def _listed(pages: Sequence[Page]) -> str:
    return ", ".join(str(page.number) for page in pages[:20]) + (" …" if len(pages) > 20 else "")


def _pages(data: bytes, composer: Composer) -> Iterator[Page]:
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


def _page(page: Any, number: int, composer: Composer) -> Page:
    result = Page(number, float(page.height), float(page.width))
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
    drawn = bool(page.images) or len(page.curves) > _OUTLINES
    result.scanned = garbled or (len(text) < _LEAST_CHARACTERS and drawn)
    if result.scanned and any(map(_is_huge, page.images)):
        composer.rejects.append(Reject("read", "image_too_large", f"page {number}: a picture of too many pixels"))
        result.scanned = False
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
    return len(table.cells) > 1 and (not below or PAGE_NUMBER.fullmatch(below) is not None)


def _is_huge(image: dict[str, Any]) -> bool:
    """Whether a picture says that it would fill the memory."""
    size = image.get("srcsize") or ()
    return all(isinstance(side, int) for side in size) and math.prod(size) > MOST_PIXELS


def _inside(word: dict[str, Any], box: tuple[float, float, float, float]) -> bool:
    x, y = (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2
    return bool(box[0] - 1 <= x <= box[2] + 1 and box[1] - 1 <= y <= box[3] + 1)


def _table(table: Any) -> PageTable:
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
    return PageTable(rows, tuple(float(edge) for edge in edges), float(table.bbox[1]), float(table.bbox[3]))
