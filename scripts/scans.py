"""Disclosures of the corpus as scans: text and ruled tables printed with a Chinese font, then only the picture kept.

`scans.py measure` reads them with OCR and compares indicators and clauses with the gold, `scans.py fixture` writes the
picture the tests read. Both want a font file with Chinese glyphs (`--font`); tests need none.
"""

from __future__ import annotations

import argparse
import io
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
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
FIXTURE = ROOT / "tests" / "fixtures" / "scan" / "scan.png"
FONT = "print"
WIDTH = 470.0  # points between the margins
SETTINGS = Settings()
_BOOKMARK = re.compile(r"\[bookmark:[^\]]*\]")


# --- printing --------------------------------------------------------------------------------------------------------


def printed(document: Document) -> bytes:
    """A document as a PDF: lines as paragraphs, tables with all their rules and with merged level cells."""
    tables, _ = rebuild(quiet(document.folded), SETTINGS)
    text = _BOOKMARK.sub(lambda match: " " * len(match[0]), document.text)
    body = ParagraphStyle("body", fontName=FONT, fontSize=12, leading=20, wordWrap="CJK")
    flow: list[Any] = []
    position = 0
    for table in (*tables, None):
        end = table.start if table else len(text)
        for line in text[position:end].splitlines():
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
    rules: list[tuple[Any, ...]] = [
        ("GRID", (0, 0), (-1, -1), 0.6, colors.black),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
    ]
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
    if words[0][0].startswith("一级"):  # often set downwards, one character a line
        share[0] = 0.05 * sum(share[1:])
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


def scanned(data: bytes, dpi: int = 150, worn: bool = False) -> bytes:
    """A PDF of grey pictures of a PDF's pages, as an office scanner makes it; `worn` ones lie askew and are blurred."""
    import pypdfium2

    book = pypdfium2.PdfDocument(data)
    pages = [page.render(scale=dpi / 72).to_pil().convert("L") for page in book]
    if worn:
        dice = random.Random(7)
        pages = [_worn(page, dice) for page in pages]
    out = io.BytesIO()
    pages[0].save(out, "PDF", resolution=dpi, save_all=True, append_images=pages[1:], quality=60 if worn else 90)
    return out.getvalue()


def _worn(page: Any, dice: random.Random) -> Any:
    import numpy as np
    from PIL import Image, ImageFilter

    page = page.rotate(dice.uniform(-1.2, 1.2), Image.Resampling.BICUBIC, fillcolor=255)
    page = page.filter(ImageFilter.GaussianBlur(0.8))
    noise = np.random.default_rng(dice.randrange(1000)).normal(-12, 14, (page.height, page.width))
    return Image.fromarray(np.clip(np.asarray(page) + noise, 0, 255).astype("uint8"))


# --- measuring -------------------------------------------------------------------------------------------------------


def measure(documents: Sequence[Path], gold: Path, dpi: int, worn: bool) -> None:
    """Print how well indicators, clauses and sums come out of text, of PDFs with a text layer and of scans."""
    print(f"{'document':16}{'pages':>6}{'s/page':>8}  F1 text / PDF / scan: indicators, clauses, sums; wrong; doubts")
    total: dict[str, list[Counter[Any]]] = {}
    pages = seconds = 0.0
    for path in documents:
        text = read(path.read_bytes(), path.name, SETTINGS)
        data = printed(text)
        picture = scanned(data, dpi, worn)
        began = time.perf_counter()
        scan = read(picture, path.name, SETTINGS)
        spent = time.perf_counter() - began
        count = len(_pypdfium2(picture))
        pages, seconds = pages + count, seconds + spent
        mined = [mine(item, SETTINGS) for item in (text, read(data, path.name, SETTINGS), scan)]
        line = f"{path.stem:16}{count:6}{spent / count:8.2f}  "
        for table, told in (("indicators", _indicators), ("clauses", _clauses), ("amounts", _sums)):
            right = _gold(gold, path.stem, table)
            found = [told(item) for item in mined]
            for number, item in enumerate((right, *found)):
                total.setdefault(table, [Counter() for _ in range(4)])[number].update(
                    {(path.stem, *key): n for key, n in item.items()}
                )
            line += " ".join(f"{_f1(right, item):.3f}" for item in found) + " · "
            if table == "indicators":
                _differences(right, found)
        doubts = Counter(item.reason for item in scan.rejects)
        print(line, dict(doubts), flush=True)
    for table, (right, *found) in total.items():
        print(f"{table}: " + " ".join(f"{_f1(right, item):.3f}" for item in found))
    print(f"{pages / seconds:.2f} pages/s, {pages:.0f} pages")


def _pypdfium2(data: bytes) -> Any:
    import pypdfium2

    return pypdfium2.PdfDocument(data)


def _differences(right: Counter[Any], found: Sequence[Counter[Any]]) -> None:
    """What the scan says and the PDF with a text layer does not, and the other way round."""
    for key in (found[2] - found[1]) | (found[1] - found[2]):
        mark = "+" if found[2][key] > found[1][key] else "-"
        print("   ", mark, "right" if key in right else "wrong", key)


def _f1(right: Counter[Any], found: Counter[Any]) -> float:
    both = 2 * (right & found).total()
    return both / (right.total() + found.total()) if both else float(right == found)


def _number(value: object) -> str:
    return "" if value in (None, "") else str(Decimal(str(value)).normalize())


def _indicators(mined: Mined) -> Counter[Any]:
    return Counter(
        (squeeze(item.name), str(item.comparator or ""), _number(item.low), _number(item.high), squeeze(item.unit))
        for item in mined.indicators
    )


def _clauses(mined: Mined) -> Counter[Any]:
    return Counter((_bare(item.text),) for item in mined.clauses)


def _sums(mined: Mined) -> Counter[Any]:
    return Counter((_number(item.value), item.unit) for item in mined.amounts)


def _bare(text: str) -> str:
    return re.sub(r"[^\w]", "", text)


def _gold(folder: Path, stem: str, table: str) -> Counter[Any]:
    rows = [row for row in read_cells(folder / f"{table}.csv") if row["doc"] == stem]
    if table == "clauses":
        return Counter((_bare(row["text"]),) for row in rows)
    if table == "amounts":
        return Counter((_number(row["value"]), row["unit"]) for row in rows)
    return Counter(
        (squeeze(row["name"]), row["comparator"], _number(row["low"]), _number(row["high"]), squeeze(row["unit"]))
        for row in rows
    )


def fixture() -> None:
    """Write the picture that the tests read, of the text beside it: the inked part of one page, in 16 greys."""
    from PIL import ImageChops

    text = FIXTURE.with_suffix(".txt")
    page = _pypdfium2(printed(read(text.read_bytes(), text.name, SETTINGS)))[0]
    picture = page.render(scale=150 / 72).to_pil().convert("L")
    left, top, right, bottom = ImageChops.invert(picture).getbbox()
    picture = picture.crop((left - 60, top - 60, right + 60, bottom + 60))
    picture.quantize(16).save(FIXTURE, optimize=True)


def main() -> None:
    """Measure, or write the fixture."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("measure", "fixture"))
    parser.add_argument("documents", nargs="*", help="names of documents of corpus/samples and corpus/heldout")
    parser.add_argument("--font", required=True, help="a TrueType file with Chinese glyphs")
    parser.add_argument("--dpi", type=int, default=150)
    parser.add_argument("--worn", action="store_true", help="askew, blurred, noisy")
    options = parser.parse_args()
    pdfmetrics.registerFont(TTFont(FONT, options.font))
    if options.what == "fixture":
        fixture()
    for name in ("samples", "heldout"):
        folder = ROOT / "corpus" / name
        paths = [path for path in sorted(folder.glob("*.txt")) if path.stem.split("_")[0] in options.documents]
        if paths:
            measure(paths, ROOT / "corpus" / "gold" / name, options.dpi, options.worn)


if __name__ == "__main__":
    main()
