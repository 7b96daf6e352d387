"""Corpus documents in other formats, with the content of their text: for tests and for measuring the readers.

`python scripts/formats.py FOLDER` writes each document of the corpus as HTML, Word, Excel and PDF. Tables are those
that the layout rebuilds; a merged cell of the source is merged in the copy.
"""

from __future__ import annotations

import argparse
import html
import io
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from dutymine.model import Cell, Mined, Table
from dutymine.pipeline import mine
from dutymine.readers import read
from dutymine.settings import Settings

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
FIXTURES = Path(__file__).resolve().parent.parent / "tests" / "fixtures"
_FONT = "STSong-Light"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a table with its text."""

    text: str
    table: Table | None = None

    def shown(self, cell: Cell) -> str:
        """A cell's text with its line ends."""
        assert self.table is not None
        return self.text[cell.start - self.table.start : cell.end - self.table.start].strip()


def blocks(mined: Mined) -> list[Block]:
    """A document's paragraphs and tables in order."""
    text, done = mined.document.text, 0
    found: list[Block] = []
    for table in sorted(mined.tables, key=lambda table: table.start):
        found += _paragraphs(text[done : table.start])
        found.append(Block(text[table.start : table.end], table))
        done = table.end
    return found + _paragraphs(text[done:])


def _paragraphs(text: str) -> list[Block]:
    return [Block(line.strip(" \t|")) for line in re.split(r"[\r\n]+", text) if line.strip(" \t|")]


def as_html(content: list[Block]) -> bytes:
    """A saved page with a navigation bar around the content."""
    parts = [
        "<!DOCTYPE html><html><head><meta charset='utf-8'><title>信息公开</title></head><body>",
        "<div class='nav'><ul><li><a href='/'>首页</a></li><li><a href='/zwgk'>政务公开</a></li></ul></div><div>",
    ]
    for block in content:
        if block.table is None:
            parts.append(f"<p>{html.escape(block.text)}</p>")
            continue
        parts.append("<table border='1'>")
        for row in range(block.table.rows):
            cells = [cell for cell in block.table.cells if cell.row == row]
            spans = [
                f"<td rowspan='{cell.rowspan}' colspan='{cell.colspan}'>{html.escape(block.shown(cell))}</td>"
                for cell in sorted(cells, key=lambda cell: cell.column)
            ]
            parts.append(f"<tr>{''.join(spans)}</tr>")
        parts.append("</table>")
    return "".join([*parts, "</div></body></html>"]).encode()


def as_docx(content: list[Block]) -> bytes:
    """A Word document."""
    import docx  # noqa: PLC0415

    document = docx.Document()
    for block in content:
        if block.table is None:
            document.add_paragraph(block.text)
            continue
        grid = document.add_table(block.table.rows, block.table.columns)
        for cell in block.table.cells:
            place = grid.cell(cell.row, cell.column)
            if cell.rowspan > 1 or cell.colspan > 1:
                place = place.merge(grid.cell(cell.row + cell.rowspan - 1, cell.column + cell.colspan - 1))
            place.text = block.shown(cell)
        document.add_paragraph("")
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def as_xlsx(content: list[Block]) -> bytes:
    """A workbook of one sheet: a paragraph in the first cell of a row, tables in place, numbers as numbers."""
    import openpyxl  # noqa: PLC0415

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    row = 1
    for block in content:
        if block.table is None:
            sheet.cell(row, 1, block.text)
            row += 1
            continue
        for cell in block.table.cells:
            shown = block.shown(cell)
            number = re.fullmatch(r"-?(?:0|[1-9]\d{0,9})(?:\.\d*[1-9])?", shown)
            place = sheet.cell(row + cell.row, cell.column + 1, float(shown) if number else shown)
            if not number:
                place.data_type = "s"  # a bare = is a comparator here and no formula
            if cell.rowspan > 1 or cell.colspan > 1:
                sheet.merge_cells(
                    start_row=row + cell.row,
                    start_column=cell.column + 1,
                    end_row=row + cell.row + cell.rowspan - 1,
                    end_column=cell.column + cell.colspan,
                )
        row += block.table.rows + 1
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def as_pdf(content: list[Block]) -> bytes:
    """A PDF with a text layer, ruled tables and page numbers."""
    from reportlab.lib.pagesizes import A4  # noqa: PLC0415
    from reportlab.lib.styles import ParagraphStyle  # noqa: PLC0415
    from reportlab.pdfbase import pdfmetrics  # noqa: PLC0415
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont  # noqa: PLC0415
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, TableStyle  # noqa: PLC0415
    from reportlab.platypus import Table as Drawn  # noqa: PLC0415

    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    style = ParagraphStyle("p", fontName=_FONT, fontSize=10, leading=15, wordWrap="CJK", firstLineIndent=20)
    small = ParagraphStyle("c", fontName=_FONT, fontSize=7, leading=9, wordWrap="CJK")
    story: list[object] = []
    for block in content:
        if block.table is None:
            story.append(Paragraph(html.escape(block.text), style))
            continue
        rows: list[list[object]] = [[""] * block.table.columns for _ in range(block.table.rows)]
        look: list[tuple[object, ...]] = [
            ("GRID", (0, 0), (-1, -1), 0.5, "black"),
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ]
        for cell in block.table.cells:
            rows[cell.row][cell.column] = Paragraph(html.escape(block.shown(cell)), small)
            last = (cell.column + cell.colspan - 1, cell.row + cell.rowspan - 1)
            look.append(("SPAN", (cell.column, cell.row), last))
        drawn = Drawn(rows, colWidths=[500 / block.table.columns] * block.table.columns, style=TableStyle(look))
        story += [drawn, Spacer(1, 8)]
    stream = io.BytesIO()
    number = lambda canvas, page: canvas.drawCentredString(297, 30, f"- {page.page} -")  # noqa: E731
    SimpleDocTemplate(stream, pagesize=A4, topMargin=50, bottomMargin=50, leftMargin=45, rightMargin=45).build(
        story, onFirstPage=number, onLaterPages=number
    )
    return stream.getvalue()


WRITERS: dict[str, Callable[[list[Block]], bytes]] = {
    "html": as_html,
    "docx": as_docx,
    "xlsx": as_xlsx,
    "pdf": as_pdf,
}

# --- the same content? -----------------------------------------------------------------------------------------------

_TABLES = ("clauses", "amounts", "thresholds", "indicators")


def _flat(text: str) -> str:
    return re.sub(r"\s+", "", text)


def content_of(mined: Mined) -> dict[str, Counter[tuple[object, ...]]]:
    """What was mined, without places, so that it can be compared between formats."""
    return {
        "clauses": Counter((item.number, _flat(item.text)) for item in mined.clauses),
        "amounts": Counter((item.yuan, item.unit, str(item.role), item.period) for item in mined.amounts),
        "thresholds": Counter(
            (str(item.comparator), item.low, item.high, item.unit, str(item.kind)) for item in mined.thresholds
        ),
        "indicators": Counter(
            (_flat(item.name), str(item.comparator), item.low, item.high, item.unit, str(item.class_code))
            for item in mined.indicators
        ),
    }


def agreement(
    expected: dict[str, Counter[tuple[object, ...]]], found: dict[str, Counter[tuple[object, ...]]]
) -> dict[str, float]:
    """F1 of each table of one format against another."""
    scores = {}
    for table in _TABLES:
        both = (expected[table] & found[table]).total()
        size = expected[table].total() + found[table].total()
        scores[table] = 2 * both / size if size else 1.0
    return scores


def measured(files: Iterable[Path]) -> dict[str, dict[str, float]]:
    """F1 by format and table over documents, against what their text gives."""
    total: dict[str, dict[str, list[Counter[tuple[object, ...]]]]] = {}
    settings = Settings()
    for file in files:
        text = mine(read(file.read_bytes(), file.name, settings), settings)
        content = blocks(text)
        expected = content_of(text)
        for name, write in WRITERS.items():
            found = content_of(mine(read(write(content), file.name, settings), settings))
            for table in _TABLES:
                both, one, other = total.setdefault(name, {}).setdefault(table, [Counter(), Counter(), Counter()])
                both[(file.name,)] += (expected[table] & found[table]).total()
                one[(file.name,)] += expected[table].total()
                other[(file.name,)] += found[table].total()
    return {
        name: {table: 2 * b.total() / max(1, o.total() + t.total()) for table, (b, o, t) in tables.items()}
        for name, tables in total.items()
    }


def main() -> int:
    """Write the copies."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    settings = Settings()
    for file in sorted([*(CORPUS / "samples").glob("*.txt"), *(CORPUS / "heldout").glob("*.txt")]):
        content = blocks(mine(read(file.read_bytes(), file.name, settings), settings))
        for name, write in WRITERS.items():
            (options.folder / f"{file.stem}.{name}").write_bytes(write(content))
    return 0


if __name__ == "__main__":
    sys.exit(main())
