"""Disclosures of the corpus as scans: text and ruled tables printed with a Chinese font, then only the picture kept.

`scans.py measure` reads them with OCR and compares indicators and clauses with the gold, `scans.py fixture` writes the
picture the tests read. Both want a font file with Chinese glyphs (`--font`); tests need none.
"""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer
from reportlab.platypus import Table as Drawn

from dutymine.layout.grids import rebuild
from dutymine.layout.noise import quiet
from dutymine.model import Document, Mined, Table
from dutymine.output.csv_tables import read_cells
from dutymine.pipeline import mine
from dutymine.readers import read
from dutymine.settings import Settings
from dutymine.text import squeeze

ROOT = Path(__file__).resolve().parent.parent
FIXTURE = ROOT / "tests" / "fixtures" / "scan.png"
FONT = "print"
WIDTH = 470.0  # points between the margins
SETTINGS = Settings()


# --- printing --------------------------------------------------------------------------------------------------------


def printed(document: Document) -> bytes:
    """A document as a PDF: lines as paragraphs, tables with all their rules and with merged level cells."""
    tables, _ = rebuild(quiet(document.folded), SETTINGS)
    body = ParagraphStyle("body", fontName=FONT, fontSize=12, leading=20, wordWrap="CJK")
    flow: list[Any] = []
    position = 0
    for table in (*tables, None):
        end = table.start if table else len(document.text)
        for line in document.text[position:end].splitlines():
            if line.strip():
                flow.append(Paragraph(_escaped(line.strip()), body))
        if table:
            flow += [_drawn(document, table), Spacer(1, 8)]
            position = table.end
    out = io.BytesIO()
    SimpleDocTemplate(out, pagesize=A4, leftMargin=62, rightMargin=62, topMargin=70, bottomMargin=70).build(flow)
    return out.getvalue()


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _drawn(document: Document, table: Table) -> Drawn:
    style = ParagraphStyle("cell", fontName=FONT, fontSize=9, leading=12, wordWrap="CJK")
    rows: list[list[Any]] = [[""] * table.columns for _ in range(table.rows)]
    words = [[""] * table.columns for _ in range(table.rows)]
    rules: list[tuple[Any, ...]] = [("GRID", (0, 0), (-1, -1), 0.6, colors.black), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
    for cell in table.cells:
        text = squeeze(document.text[cell.start : cell.end])
        words[cell.row][cell.column] = text
        rows[cell.row][cell.column] = Paragraph(_escaped(text), style)
        if cell.rowspan > 1 or cell.colspan > 1:
            corner = (cell.column + cell.colspan - 1, cell.row + cell.rowspan - 1)
            rules.append(("SPAN", (cell.column, cell.row), corner))
    heads = max((cell.row for cell in table.cells if cell.is_header), default=-1) + 1
    for column in range(min(2, table.columns)):
        rules += [("SPAN", (column, top), (column, end)) for top, end in _runs(words, column, heads)]
    share = [max(2.4, min(12.0, max(len(row[c]) for row in words) ** 0.6)) for c in range(table.columns)]
    widths = [WIDTH * part / sum(share) for part in share]
    return Drawn(rows, colWidths=widths, style=rules)


def _runs(words: Sequence[Sequence[str]], column: int, heads: int) -> Iterator[tuple[int, int]]:
    """Stretches of rows whose cell of a column is empty below a filled one."""
    top = None
    for number in range(heads, len(words) + 1):
        filled = number == len(words) or bool(words[number][column]) or not any(words[number])
        if filled:
            if top is not None and number - 1 > top:
                yield top, number - 1
            top = number if number < len(words) and words[number][column] else None


def scanned(data: bytes, dpi: int = 150) -> bytes:
    """A PDF of pictures of a PDF's pages, grey, as an office scanner makes it."""
    import pypdfium2

    book = pypdfium2.PdfDocument(data)
    pages = [page.render(scale=dpi / 72).to_pil().convert("L") for page in book]
    out = io.BytesIO()
    pages[0].save(out, "PDF", resolution=dpi, save_all=True, append_images=pages[1:])
    return out.getvalue()
