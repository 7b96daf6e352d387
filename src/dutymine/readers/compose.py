"""Frozen text for formats that have none of their own: paragraphs as lines, tables as flattened Word leaves them.

A cell is a line that begins with a TAB, an empty line ends a row, a second one the table; what a merged cell covers
below its origin is an empty cell, what it covers beside it is left out. The layout rebuilds tables from exactly this.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from dutymine.model import Cell, Document, Place, Reject, Table
from dutymine.text import Span, fold

_BLANKS = re.compile(r"[ \t\r\f\v\u00a0]+")
_LINES = re.compile(r"\s*\n\s*")
_LONG = 60
_PARAGRAPH = re.compile(
    r"[。；]$|表$|单位[:：]\s*(?:万元|元)|^(?:第[一二三四五六七八九十]+部分|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|注[:：])"
)


def line(text: str) -> str:
    """A paragraph as one line: white space of any kind is one blank."""
    return " ".join(text.split())


def cell(text: str) -> str:
    """A cell's text: its own line breaks stay, as lines without blank ones between them."""
    return _LINES.sub("\n", _BLANKS.sub(" ", text)).strip()


@dataclass(frozen=True, slots=True)
class Merged:
    """One cell of a row as a file has it: text and how many rows and columns it covers."""

    text: str
    rowspan: int = 1
    colspan: int = 1


@dataclass(slots=True)
class Composer:
    """A document on its way: text in order, where pages and sheets begin, and what was not taken."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    places: list[Place] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)  # only where they are certain

    def add(self, text: str) -> None:
        """Append text as it is."""
        self.parts.append(text)
        self.length += len(text)

    def paragraph(self, text: str) -> None:
        """Append a paragraph as a line; nothing for an empty one."""
        words = line(text)
        if words:
            self.add(words + "\n")

    def place(self, page: int | None = None, sheet: str = "") -> None:
        """From here on the text stands on this page or sheet."""
        self.places.append(Place(self.length, page, sheet))

    def table(self, rows: Sequence[Sequence[str | None]]) -> dict[tuple[int, int], Span]:
        """Append a table's rows; None is what a merged cell covers beside its origin. Returns the cells' spans."""
        spans: dict[tuple[int, int], Span] = {}
        for r, row in enumerate(rows):
            kept = [(c, cell(word)) for c, word in enumerate(row) if word is not None]
            if not any(word for _, word in kept):
                continue
            if not spans and self.parts and not self.parts[-1].endswith("\n\n"):
                self.add("\n")
            for c, word in kept:
                spans[r, c] = (self.length + 1, self.length + 1 + len(word))
                self.add(f"\t{word}\n")
            self.add("\n")
        if spans:
            self.add("\n")
        return spans

    def since(self, start: int) -> str:
        """The text composed from an offset on."""
        parts: list[str] = []
        length = self.length
        while length > start:
            parts.append(self.parts[-1 - len(parts)])
            length -= len(parts[-1])
        return "".join(reversed(parts))[start - length :]

    def mixed(self, rows: Sequence[Sequence[str | None]], loose: bool = False) -> None:
        """Append rows that may hold everything: tables, and between them paragraphs in cells over the whole width.

        With `loose` (sheets) a paragraph may also stand in one of several cells, and an empty row ends a table.
        """
        block: list[list[str | None]] = []
        for number, row in enumerate(rows):
            filled = [word for word in row if word]
            whole = len([word for word in row if word is not None]) == 1
            edge = not block or number == len(rows) - 1
            alone = len(filled) == 1 and ((edge and (whole or loose)) or (whole and _is_paragraph(filled[0])))
            if filled and not alone:
                block.append(list(row))
            elif alone or whole or loose:
                self.table(_narrow(block))
                block = []
                for paragraph in filled[0].split("\n") if filled else ():
                    self.paragraph(paragraph)
        self.table(_narrow(block))

    def known_table(self, rows: Sequence[Sequence[str]], heads: int) -> Table:
        """Append a table whose columns are certain and return it; the first `heads` rows are its header."""
        start, cells = self.length, []
        for r, row in enumerate(rows):
            for c, word in enumerate(row):
                text = cell(word)
                begin = self.length + 1
                self.add(f"\t{text}\n")
                cells.append(Cell(r, c, 1, 1, r < heads, begin, begin + len(text)))
            self.add("\n")
        self.add("\n")
        width = max(map(len, rows), default=0)
        return Table("", "", len(rows), width, tuple(cells), start, self.length)

    def document(self, data: bytes, path: str, form: str, encoding: str = "") -> Document:
        """The Document of the file's bytes with the composed text."""
        text = "".join(self.parts)
        sha256 = hashlib.sha256(data).hexdigest()
        name = (sha256[:12], path, sha256, form, encoding)
        tables, places, rejects = tuple(self.tables), tuple(self.places), tuple(self.rejects)
        return Document(*name, text, fold(text), tables, places, rejects)


def _is_paragraph(words: str) -> bool:
    """Whether a cell over the whole width of a table is text between two tables and no row of one."""
    return len(words) > _LONG or _PARAGRAPH.search(words) is not None


def _narrow(block: list[list[str | None]]) -> list[list[str | None]]:
    """A table without the columns that others of its sheet need and it does not."""
    used = [c for c in range(max(map(len, block), default=0)) if any(c < len(row) and row[c] for row in block)]
    return [[row[c] for c in used if c < len(row)] for row in block]


def grid(rows: Sequence[Sequence[Merged]], most: int) -> list[list[str | None]]:
    """Rows of texts from rows of merged cells: empty below a merged cell's origin, None beside it.

    `most` bounds what spans may claim, rows and columns alike: files lie.
    """
    result: list[list[str | None]] = []
    open_columns: dict[int, tuple[int, int]] = {}  # column: rows still covered, width
    for row in rows:
        out: list[str | None] = []
        cells = iter(row)
        column = 0
        while column <= most:
            if column in open_columns:
                left, width = open_columns.pop(column)
                if left > 1:
                    open_columns[column] = (left - 1, width)
                out += ["", *([None] * (width - 1))]
                column += width
                continue
            item = next(cells, None)
            if item is None:
                if not any(other > column for other in open_columns):
                    break
                out.append("")
                column += 1
                continue
            width, height = (max(1, min(span, most)) for span in (item.colspan, item.rowspan))
            if height > 1:
                open_columns[column] = (height - 1, width)
            out += [item.text, *([None] * (width - 1))]
            column += width
        result.append(out)
    return result
