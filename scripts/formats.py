"""Corpus documents in other formats, with the content of their text: for tests and for measuring the readers.

`python scripts/formats.py FOLDER` writes every document of the corpus as page, Word, workbook and PDF; `--fixtures` two
of them to tests/fixtures. Tables are those that the layout rebuilds; a merged cell of the source is merged in the copy.
"""

from __future__ import annotations

import argparse
import html
import io
import quopri
import re
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from dutymine.layout.noise import quiet
from dutymine.model import Cell, Mined, Table
from dutymine.pipeline import mine
from dutymine.readers import read
from dutymine.settings import Settings
from dutymine.text import fold

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
FIXTURES = Path(__file__).resolve().parent.parent / "tests" / "fixtures"
_FIXTURES = ("d10_canlian", "h16_zhengwu")
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
        for cells in unmerged(block.table):
            parts.append(f"<tr>{''.join(td(block, cell) for _, cell in cells)}</tr>")
        parts.append("</table>")
    return "".join([*parts, "</div></body></html>"]).encode()


def unmerged(table: Table) -> Iterator[list[tuple[int, Cell | None]]]:
    """The cells that begin in each row with their columns; None where an empty header cell was left out."""
    covering = {
        (cell.row + down, cell.column + right): cell
        for cell in table.cells
        for down in range(cell.rowspan)
        for right in range(cell.colspan)
    }
    for row in range(table.rows):
        cells = ((column, covering.get((row, column))) for column in range(table.columns))
        yield [(column, cell) for column, cell in cells if cell is None or (cell.row, cell.column) == (row, column)]


def td(block: Block, cell: Cell | None, column: int = 0, edges: Sequence[int] = ()) -> str:
    """A cell of a page; with `edges` its columns begin at those of a finer grid."""
    span = cell.colspan if cell else 1
    width = edges[column + span] - edges[column] if edges else span
    words = html.escape(block.shown(cell)).replace("\n", "<br>") if cell else ""
    return f"<td rowspan='{cell.rowspan if cell else 1}' colspan='{width}'>{words}</td>"


def as_mhtml(content: list[Block]) -> bytes:
    """A web archive as a browser saves one."""
    page = quopri.encodestring(as_html(content)).replace(b"\n", b"\r\n")
    kind = b'Content-Type: multipart/related; type="text/html"; boundary="saved"'
    part = b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable"
    return b"MIME-Version: 1.0\r\n%s\r\n\r\n--saved\r\n%s\r\n\r\n%s\r\n--saved--\r\n" % (kind, part, page)


def as_docx(content: list[Block]) -> bytes:
    """A Word document."""
    import docx  # noqa: PLC0415

    document = docx.Document()
    fill_docx(document, content)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def fill_docx(place: Any, content: list[Block]) -> None:
    """Paragraphs and tables at the end of a document or of a cell."""
    for block in content:
        if block.table is None:
            place.add_paragraph(block.text)
            continue
        grid = place.add_table(block.table.rows, block.table.columns)
        for cell in block.table.cells:
            target = grid.cell(cell.row, cell.column)
            if cell.rowspan > 1 or cell.colspan > 1:
                target = target.merge(grid.cell(cell.row + cell.rowspan - 1, cell.column + cell.colspan - 1))
            target.text = block.shown(cell)
        place.add_paragraph("")


def as_xlsx(content: list[Block]) -> bytes:
    """A workbook of one sheet: a paragraph in the first cell of a row, tables in place, numbers as numbers."""
    import openpyxl  # noqa: PLC0415

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    row = 1
    for block in content:
        row = fill_sheet(sheet, block, row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def fill_sheet(sheet: Any, block: Block, row: int) -> int:
    """A paragraph or a table from a row of a sheet on; returns the row for what follows."""
    if block.table is None:
        sheet.cell(row, 1, block.text)
        return row + 1
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
    return row + block.table.rows + 1


def heads(table: Table) -> int:
    """How many rows at a table's top are its header."""
    headed = {cell.row for cell in table.cells if cell.is_header}
    return next(row for row in range(table.rows + 1) if row not in headed)


def as_xls(content: list[Block]) -> bytes:
    """An old workbook, laid out like the new one."""
    import xlwt  # noqa: PLC0415

    book = xlwt.Workbook(encoding="utf-8")
    sheet, row = book.add_sheet("Sheet1"), 0
    for block in content:
        if block.table is None:
            sheet.write(row, 0, block.text)
            row += 1
            continue
        for cell in block.table.cells:
            top, left = row + cell.row, cell.column
            sheet.write_merge(top, top + cell.rowspan - 1, left, left + cell.colspan - 1, block.shown(cell))
        row += block.table.rows + 1
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _flowing(content: list[Block]) -> list[Block]:
    """Paragraphs without the page numbers and hard line ends of a printed text: a PDF makes its own."""
    still = quiet(fold("\n".join(block.text for block in content)))
    found: list[Block] = []
    end = 0
    for block in content:
        start, end = end, end + len(block.text) + 1
        if block.table is None and found and found[-1].table is None and still[start - 1] == " ":
            found[-1] = Block(found[-1].text + (block.text if still[start : end - 1].strip() else ""))
        elif block.table is not None or still[start : end - 1].strip():
            found.append(block)
    return found


def as_pdf(content: list[Block], height: float = 842, repeat: bool = False) -> bytes:
    """A PDF with a text layer, ruled tables and page numbers; with `repeat` headers come again on each page."""
    from reportlab.lib.styles import ParagraphStyle  # noqa: PLC0415
    from reportlab.pdfbase import pdfmetrics  # noqa: PLC0415
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont  # noqa: PLC0415
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, TableStyle  # noqa: PLC0415
    from reportlab.platypus import Table as Drawn  # noqa: PLC0415

    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    style = ParagraphStyle("p", fontName=_FONT, fontSize=10, leading=15, wordWrap="CJK", firstLineIndent=20)
    small = ParagraphStyle("c", fontName=_FONT, fontSize=7, leading=9, wordWrap="CJK")
    story: list[object] = []
    for block in _flowing(content):
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
        widths = [500 / block.table.columns] * block.table.columns
        drawn = Drawn(rows, widths, style=TableStyle(look), repeatRows=heads(block.table) if repeat else 0)
        story += [drawn, Spacer(1, 8)]
    stream = io.BytesIO()
    number = lambda canvas, page: canvas.drawCentredString(297, 30, f"- {page.page} -")  # noqa: E731
    SimpleDocTemplate(
        stream, pagesize=(595, height), topMargin=50, bottomMargin=50, leftMargin=45, rightMargin=45
    ).build(story, onFirstPage=number, onLaterPages=number)
    return stream.getvalue()


Writer = Callable[[list[Block]], bytes]
WRITERS: dict[str, Writer] = {
    "html": as_html,
    "mhtml": as_mhtml,
    "docx": as_docx,
    "xlsx": as_xlsx,
    "xls": as_xls,
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


def measured(files: Iterable[Path], writers: Mapping[str, Writer]) -> dict[str, dict[str, float]]:
    """F1 by format and table over documents, against what their text gives."""
    total: dict[str, dict[str, list[Counter[tuple[object, ...]]]]] = {}
    settings = Settings()
    for file in files:
        text = mine(read(file.read_bytes(), file.name, settings), settings)
        content = blocks(text)
        expected = content_of(text)
        for name, write in writers.items():
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


# --- files -----------------------------------------------------------------------------------------------------------


def _write(files: Iterable[Path], folder: Path) -> None:
    """Copies of documents in every format."""
    settings = Settings()
    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        content = blocks(mine(read(file.read_bytes(), file.name, settings), settings))
        for name, write in WRITERS.items():
            (folder / f"{file.stem}.{name}").write_bytes(write(content))


def _write_fixtures() -> None:
    """The files of tests/fixtures; old Word and rich text are LibreOffice's, from the Word copies."""
    files = sorted(file for stem in _FIXTURES for file in CORPUS.glob(f"[sh]*/{stem}.txt"))
    _write(files, FIXTURES)
    for form in ("doc", "rtf"):
        copies = [str(FIXTURES / f"{file.stem}.docx") for file in files]
        command = ["soffice", "--headless", "--convert-to", form, "--outdir", str(FIXTURES), *copies]
        subprocess.run(command, check=True, capture_output=True)
    for file in files:
        (FIXTURES / file.name).write_bytes(file.read_bytes())
        with zipfile.ZipFile(FIXTURES / f"{file.stem}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(FIXTURES / f"{file.stem}.xlsx", f"附件/{file.stem}.xlsx")


def main() -> int:
    """Write the copies."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--fixtures", action="store_true", help="write tests/fixtures anew (needs LibreOffice)")
    options = parser.parse_args()
    if options.fixtures:
        _write_fixtures()
    if options.folder:
        _write(sorted([*(CORPUS / "samples").glob("*.txt"), *(CORPUS / "heldout").glob("*.txt")]), options.folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
