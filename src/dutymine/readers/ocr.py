"""Pictures of pages to lines and ruled tables, by the extra [ocr]; what is not read for certain says so."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dutymine.model import Document, Reject
from dutymine.readers.compose import Composer, line
from dutymine.readers.pages import Page, PageTable, Row, compose
from dutymine.readers.pdf_lines import TextLine, lines_of
from dutymine.readers.picture import Grey, frames, ink_of, smaller, straightened
from dutymine.readers.ruling import Box, Grid, Mask, find_grids
from dutymine.readers.signature import UnreadableError
from dutymine.readers.workbook import unwrapped
from dutymine.settings import Settings

INSTALL = "pip install 'dutymine[ocr]' reads scans"
ILLEGIBLE = "□"  # as in print: something stands here that could not be read
_POINTS = 595.0  # width of an A4 page: pictures do not know theirs

# Scores of the reader, measured on corpus pages printed, blurred and rasterised at 100 to 200 dpi.
_SURE = 0.9  # of a line: below it is reported
_READ = 0.5  # of a line: below it is no text
_DIGIT = 0.6  # of every character of a number: below it the number is not legible
_NUMBER = re.compile(r"[≥≤≧≦<>=＜＞＝±~～-]{0,2}\d(?:[\d,，.．]*\d)?(?:[%％‰]|[万亿千百]{0,2}元)?")

_NUMBER_END = re.compile(r"[A-Z\d.,]$")
_NUMBER_START = re.compile(r"[\d.,%]")

_FULL = 1.2  # characters that a full line of a cell may lack
_FLAT = 4  # times its height: what is wider is a stroke
_TALL = 1.6  # of its width: a higher stretch of text is set downwards
_APART = 0.65  # of a character's width: more lies between a 一 and its neighbour, less between the strokes of a 二
_LEAST_PIECE = 0.5  # of its height: what is narrower is no text of this cell
_SPECK = 6  # pixels
_HEIGHT = 24  # pixels of a line where none was found
_DETECTED_AT = 900  # pixels of the shorter side: finds lines as well as at 150 dpi, three times faster
_NARROWEST = (
    96  # pixels at a height of 48 that a line is padded to: as good as 320 for two characters or more, and faster
)
_NARROWEST_TWICE = 320  # of 186 lone signs 178 are right and 1 wrong with a high score; shown once 173 and 9
_LONE = 1.3  # of its height: what is narrower is one or two characters


@dataclass(frozen=True, slots=True)
class _Reading:
    """What stands in a box of the picture; `doubt` says with what score where that is low.

    A level `stroke` is the dash of an empty cell, which the reader takes for a 一 or a low line, or is a 一.
    """

    text: str
    doubt: str
    box: Box
    stroke: bool = False


def available() -> bool:
    """Whether the extra [ocr] is installed."""
    return all(find_spec(name) for name in ("rapidocr", "onnxruntime", "scipy"))


def read(data: bytes, path: str, settings: Settings) -> Document:
    """The Document of an image file, every page of it; raises UnreadableError for one without text."""
    if not available():
        raise UnreadableError("needs_ocr", f"the file is a picture; {INSTALL}")
    composer = Composer()
    pages: list[Page] = []
    try:
        for number, grey in frames(data):
            height, width = grey.shape
            page = Page(number, _POINTS * height / width, _POINTS)
            read_page(page, grey, composer)
            pages.append(page)
    except UnreadableError as error:
        if not pages:
            raise
        composer.rejects.append(Reject("read", error.reason, error.detail))
    compose(composer, pages)
    if not any(part.strip() for part in composer.parts):
        raise UnreadableError("no_text", "no text was found in the picture")
    return composer.document(data, path, "image")


def read_page(page: Page, grey: Grey, composer: Composer) -> None:
    """Fill a page with the lines and tables of its picture."""
    grey = straightened(grey)
    ink = ink_of(grey)
    grids, rules = find_grids(ink)
    clean = grey.copy()
    clean[rules] = int(np.median(grey))
    ink &= ~rules
    boxes, owners = _boxes(clean, ink, grids)
    scale = page.width / grey.shape[1]
    outside: list[_Reading] = []
    cells: dict[tuple[int, int, int], list[_Reading]] = defaultdict(list)
    for owner, reading in zip(owners, _readings(clean, ink, boxes), strict=True):
        if owner is not None and reading.text:
            cells[owner].append(reading)
        elif reading.stroke:
            continue
        elif reading.text and reading.text != ILLEGIBLE:
            outside.append(reading)
        elif reading.text:
            composer.rejects.append(Reject("read", "illegible_text", f"page {page.number}, {reading.doubt}"))
    page.lines = lines_of([_word(reading, scale) for reading in outside])
    page.tables = [_table(grid, number, cells, scale) for number, grid in enumerate(grids)]
    page.scanned = False


# --- where text stands -----------------------------------------------------------------------------------------------


def _boxes(clean: Grey, ink: Mask, grids: Sequence[Grid]) -> tuple[list[Box], list[tuple[int, int, int] | None]]:
    """Boxes of text, and the table, row and column of the cell each stands in; None outside tables."""
    boxes: list[Box] = []
    owners: list[tuple[int, int, int] | None] = []
    for box in _detected(clean):
        number = next((n for n, grid in enumerate(grids) if _is_inside(box, grid)), None)
        if number is None:
            boxes.append(box)
            owners.append(None)
            continue
        for (row, column), piece in _cut(box, grids[number]):
            characters = list(_downwards(ink, piece)) or [piece]
            boxes += characters
            owners += [(number, row, column)] * len(characters)
    left = ink.copy()
    for box in boxes:
        left[max(0, box[1] - 2) : box[3] + 2, max(0, box[0] - 2) : box[2] + 2] = False
    size = int(np.median([box[3] - box[1] for box in boxes])) if boxes else _HEIGHT
    for number, grid in enumerate(grids):
        for row, column in grid.origins():
            rest = list(_unread(left, grid.box(row, column), size))
            boxes += rest
            owners += [(number, row, column)] * len(rest)
    return boxes, owners


def _detected(grey: Grey) -> Iterator[Box]:
    """Boxes of the lines that the detector finds."""
    height, width = grey.shape
    scale = min(1.0, _DETECTED_AT / min(height, width))
    found = _engine()(_colour(smaller(grey, scale)), use_det=True, use_cls=False, use_rec=False)
    for corners in found.boxes if found.boxes is not None else ():
        left, top = np.floor(corners.min(axis=0) / scale).astype(int)
        right, bottom = np.ceil(corners.max(axis=0) / scale).astype(int)
        box = (max(0, int(left)), max(0, int(top)), min(width, int(right)), min(height, int(bottom)))
        if box[2] - box[0] > 2 and box[3] - box[1] > 2:
            yield box


def _is_inside(box: Box, grid: Grid) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return grid.xs[0] <= x <= grid.xs[-1] and grid.ys[0] <= y <= grid.ys[-1]


def _cut(box: Box, grid: Grid) -> Iterator[tuple[tuple[int, int], Box]]:
    """The pieces of a box by the cells it runs through, in the row of its middle."""
    middle = (box[1] + box[3]) / 2
    row = next((r for r, bottom in enumerate(grid.ys[1:]) if middle <= bottom), len(grid.ys) - 2)
    for origin in dict.fromkeys(grid.cells[row]):
        left, top, right, bottom = grid.box(*origin)
        piece = (max(box[0], left), max(box[1], top), min(box[2], right), min(box[3], bottom))
        whole = box[0] >= left - 4 and box[2] <= right + 4
        if whole or piece[2] - piece[0] >= _LEAST_PIECE * (box[3] - box[1]):
            yield origin, piece


def _unread(ink: Mask, cell: Box, size: int) -> Iterator[Box]:
    """Boxes of the ink in a cell that the detector has not found: lone signs, dashes, a 一 above other characters."""
    left, top, right, bottom = cell[0] + 4, cell[1] + 4, cell[2] - 3, cell[3] - 3
    rows = np.flatnonzero(ink[top:bottom, left:right].any(axis=1))
    for run in np.split(rows, np.flatnonzero(np.diff(rows) > _APART * size) + 1):
        if not len(run):
            continue
        first, last = top + int(run[0]), top + int(run[-1]) + 1
        inside = ink[first:last, left:right]
        columns = np.flatnonzero(inside.any(axis=0))
        if inside.sum() >= _SPECK and max(len(run), int(np.ptp(columns))) >= size / 4:
            box = (left + int(columns[0]), first, left + int(columns[-1]) + 1, last)
            yield _widened(box, cell)


def _widened(box: Box, cell: Box) -> Box:
    """A box with a margin inside its cell."""
    margin = 4
    return (
        max(cell[0], box[0] - margin),
        max(cell[1], box[1] - margin),
        min(cell[2], box[2] + margin),
        min(cell[3], box[3] + margin),
    )


# --- what it says ----------------------------------------------------------------------------------------------------


def _readings(clean: Grey, ink: Mask, boxes: Sequence[Box]) -> list[_Reading]:
    """The reading of every box."""
    lone = [box[2] - box[0] < _LONE * (box[3] - box[1]) for box in boxes]
    said = iter(_recognised([_crop(clean, box) for box, alone in zip(boxes, lone, strict=True) if not alone]))
    twice = iter(
        _recognised_twice([_closely(clean, ink, box) for box, alone in zip(boxes, lone, strict=True) if alone])
    )
    readings = []
    for box, alone in zip(boxes, lone, strict=True):
        text, scores = next(twice if alone else said)
        readings.append(replace(_judged(text, scores, box), stroke=_is_stroke(_crop(ink, box))))
    return readings


def _recognised(crops: Sequence[Grey], narrowest: int = _NARROWEST) -> list[tuple[str, list[float]]]:
    """Text and the score of each of its characters, for every crop."""
    if not crops:
        return []
    result = _engine(narrowest).recognize_txt([_colour(crop) for crop in crops])
    pairs = zip(result.txts, result.word_results, strict=True)
    return [(text, list(info.confs) if text else []) for text, info in pairs]


def _recognised_twice(crops: Sequence[Grey]) -> list[tuple[str, list[float]]]:
    """Lone characters, shown twice side by side: what is not read the same twice is not read."""
    result = []
    for text, scores in _recognised([np.hstack([crop, crop]) for crop in crops], _NARROWEST_TWICE):
        half = len(text) // 2
        same = text[:half] == text[half:]
        both = [min(pair) for pair in zip(scores[:half], scores[half:], strict=True)] if same else scores
        result.append((text[:half], both) if same else (text, [0.0] * len(text)))
    return result


def _is_stroke(ink: Mask) -> bool:
    """Whether ink is one level stroke."""
    ys, xs = np.nonzero(ink)
    if len(ys) < _SPECK:
        return False
    thick = int(np.ptp(ys)) + 1
    return thick < ink.shape[0] / 3 and int(np.ptp(xs)) >= _FLAT * thick


def _crop(picture: NDArray[Any], box: Box) -> NDArray[Any]:
    return picture[box[1] : box[3], box[0] : box[2]]


def _closely(clean: Grey, ink: Mask, box: Box) -> Grey:
    """A box without the empty columns beside its ink."""
    left, top, right, bottom = box
    columns = np.flatnonzero(ink[top:bottom, left:right].any(axis=0))
    if not len(columns):
        return _crop(clean, box)
    return clean[top:bottom, max(0, left + int(columns[0]) - 1) : left + int(columns[-1]) + 2]


def _judged(text: str, scores: Sequence[float], box: Box) -> _Reading:
    """A reading with what is not legible taken out: a whole number where one of its characters is not."""
    if not text.strip():
        return _Reading("", "", box)
    score = float(np.mean(scores))
    if score < _READ:
        return _Reading(ILLEGIBLE, f"score {score:.2f}: {text}", box)
    kept, position = "", 0
    for number in _NUMBER.finditer(text):
        least = min(scores[number.start() : number.end()])
        if least < _DIGIT:
            kept += text[position : number.start()] + ILLEGIBLE
            position, score = number.end(), min(score, least)
    kept += text[position:]
    return _Reading(line(kept), f"score {score:.2f}: {text}" if score < _SURE else "", box)


def _downwards(ink: Mask, box: Box) -> Iterator[Box]:
    """The characters of a box that is set downwards; none of one that is set across."""
    left, top, right, bottom = box
    height = bottom - top
    if height < _TALL * (right - left):
        return
    columns = np.flatnonzero(ink[top:bottom, left:right].any(axis=0))
    rows = np.flatnonzero(ink[top:bottom, left:right].any(axis=1))
    width = len(columns) and int(np.ptp(columns))
    start = None
    for row, following in zip(rows, [*rows[1:], None], strict=True):
        start = row if start is None else start
        gap = following - row if following is not None else height
        if gap > _APART * width or (gap > 2 and row - start >= _LEAST_PIECE * width):
            yield left, max(top, top + int(start) - 3), right, min(bottom, top + int(row) + 4)
            start = None


def _word(reading: _Reading, scale: float) -> dict[str, Any]:
    left, top, right, bottom = (edge * scale for edge in reading.box)
    return {"text": reading.text, "x0": left, "x1": right, "top": top, "bottom": bottom, "doubt": reading.doubt}


def _table(grid: Grid, number: int, cells: dict[tuple[int, int, int], list[_Reading]], scale: float) -> PageTable:
    """A grid's rows with what merged cells cover: an empty cell below the origin, none beside it."""
    rows: list[Row] = []
    doubts: dict[tuple[int, int], str] = {}
    for r, origins in enumerate(grid.cells):
        row: Row = []
        for c, origin in enumerate(origins):
            if origin != (r, c):
                row.append("" if origin[1] == c else None)
                continue
            readings = cells.get((number, r, c), [])
            if len(readings) == 1 and readings[0].stroke and (readings[0].text != "一" or readings[0].doubt):
                row.append("—")
                continue
            # Above other characters a stroke that is no clear dash is a 一: a dash there would stand upright.
            readings = [replace(item, text="一") if item.stroke and item.doubt else item for item in readings]
            lines = lines_of([_word(reading, scale) for reading in readings])
            row.append(_cell_text(lines, grid.box(r, c)[2] * scale))
            doubt = "; ".join(item.doubt for item in lines if item.doubt)
            if doubt:
                doubts[r, c] = doubt
        rows.append(row)
    edges = tuple(edge * scale for edge in grid.xs)
    return PageTable(rows, edges, grid.ys[0] * scale, grid.ys[-1] * scale, doubts)


def _cell_text(lines: Sequence[TextLine], right: float) -> str:
    """The lines of a cell as one; a number that fills its line goes on in the next one."""
    text = ""
    for before, item in zip([None, *lines], lines, strict=False):
        full = before is not None and before.right > right - _FULL * item.size
        if full and _NUMBER_END.search(text) and _NUMBER_START.match(item.text):
            text += item.text
        else:
            text = unwrapped(f"{text}\n{item.text}")
    return text


# --- the reader ------------------------------------------------------------------------------------------------------


@cache
def _engine(narrowest: int = _NARROWEST) -> Any:
    """The reader, which pads what is narrower; its models are named by file, so that it never looks elsewhere."""
    import rapidocr  # noqa: PLC0415  heavy: only a picture needs it

    models = Path(rapidocr.__file__).parent / "models"
    return rapidocr.RapidOCR(
        params={
            "Global.use_cls": False,
            "Global.return_word_box": True,
            "Global.max_side_len": 10_000,  # the picture has its size
            "Global.log_level": "critical",
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,  # a core a document
            "Det.model_path": str(next(models.glob("*_det_*.onnx"))),
            "Rec.model_path": str(next(models.glob("*_rec_*.onnx"))),
            "Rec.rec_batch_num": 1,  # lines of one batch are padded to the longest
            "Rec.rec_img_shape": [3, 48, narrowest],
        }
    )


def _colour(grey: Grey) -> Any:
    return np.repeat(grey[:, :, None], 3, axis=2)
