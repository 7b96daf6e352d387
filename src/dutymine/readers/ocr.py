"""Pictures of pages to lines and ruled tables; what is not read for certain says so."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, pairwise
from typing import Any

import numpy as np

from dutymine.model import Document, Reject
from dutymine.readers import recognise
from dutymine.readers.compose import Composer
from dutymine.readers.pages import Page, PageTable, Row, compose
from dutymine.readers.pdf_lines import TextLine, lines_of
from dutymine.readers.picture import Grey, frames, ink_of, straightened, without_specks
from dutymine.readers.recognise import ILLEGIBLE, Reading, detected, readings, upright
from dutymine.readers.ruling import Box, Grid, Mask, find_grids
from dutymine.readers.signature import UnreadableError
from dutymine.readers.workbook import unwrapped
from dutymine.settings import Settings

INSTALL = "pip install 'dutymine[ocr]' reads scans"
_POINTS = 595.0  # width of an A4 page: pictures do not know theirs
_UPSIDE_DOWN = 0.6  # score of a page below which it is looked at the other way up

_TALL = 1.6  # of its width: a higher stretch of text is set downwards
_APART = 0.65  # of a character's width: more lies between a 一 and its neighbour, less between the strokes of a 二
_LEAST_PIECE = 0.5  # of its height: what is narrower is no text of this cell
_SHARED = 0.3  # of the lower one's height: boxes of neighbouring lines overlap less
_LEAST_INK = 20  # pixels of a sign; a dash may have fewer
_HEIGHT = 24  # pixels of a line where none was found
_FULL = 1.2  # characters that a full line of a cell may lack
_NUMBER_END = re.compile(r"[A-Z\d.,]$")
_NUMBER_START = re.compile(r"[\d.,%]")

Owner = tuple[int, int, int]  # table, row and column of a cell


def read(data: bytes, path: str, settings: Settings) -> Document:
    """The Document of an image file, every page of it; raises UnreadableError for one without text."""
    if not recognise.available():
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
    note_scores(pages, composer)
    compose(composer, pages)
    if not any(part.strip() for part in composer.parts):
        raise UnreadableError("no_text", "no text was found in the picture")
    return composer.document(data, path, "image")


def read_page(page: Page, grey: Grey, composer: Composer, turned: bool = False) -> None:
    """Fill a page with the lines and tables of its picture, turned the right way up."""
    grey = straightened(grey)
    ink = ink_of(grey)
    grids, rules = find_grids(ink)
    clean = grey.copy()
    clean[rules] = int(np.median(grey))
    ink = without_specks(ink & ~rules)
    found = list(detected(clean))
    owned = [] if _is_sideways(found) and not turned else _boxes(found, ink, grids)
    read = readings(clean, ink, [box for _, box in owned])
    page.score = float(np.mean([reading.score for reading in read])) if read else 0.0
    if found and not turned and page.score < _UPSIDE_DOWN:
        turned_grey = upright(grey, (1, 3) if _is_sideways(found) else (2,))
        if turned_grey.shape != grey.shape:
            page.width, page.height = page.height, page.width
        read_page(page, turned_grey, composer, turned=True)
        return
    own = [(owner, reading) for (owner, _), reading in zip(owned, read, strict=True)]
    _fill(page, own, grids, page.width / grey.shape[1])
    page.scanned = False
    for owner, reading in own:
        if owner is None and reading.text == ILLEGIBLE and not reading.stroke:
            composer.rejects.append(Reject("read", "illegible_text", f"page {page.number}, {reading.doubt}"))


def _fill(page: Page, read: Sequence[tuple[Owner | None, Reading]], grids: Sequence[Grid], scale: float) -> None:
    """Put what was read into lines and tables; `scale` is the points of a pixel."""
    cells: dict[Owner, list[Reading]] = defaultdict(list)
    words = []
    for owner, reading in read:
        if owner is not None:
            cells[owner].append(reading)
        elif reading.text != ILLEGIBLE and not reading.stroke:
            words.append(_word(reading, scale))
    page.lines = lines_of(words)
    page.tables = [_table(grid, number, cells, scale) for number, grid in enumerate(grids)]


def note_scores(pages: Sequence[Page], composer: Composer) -> None:
    """Say which pages were read from their pictures, and how well."""
    read = [page for page in pages if page.score]
    if read:
        worst = min(read, key=lambda page: page.score)
        mean = sum(page.score for page in read) / len(read)
        detail = f"{len(read)} pages, mean score {mean:.2f}, lowest {worst.score:.2f} on page {worst.number}"
        composer.rejects.append(Reject("read", "read_from_picture", detail))


def _is_sideways(boxes: Sequence[Box]) -> bool:
    """Whether most lines of a page run downwards."""
    tall = sum(box[3] - box[1] > _TALL * (box[2] - box[0]) for box in boxes)
    return len(boxes) > 3 and tall > len(boxes) / 2


# --- where text stands -----------------------------------------------------------------------------------------------


def _boxes(found: Sequence[Box], ink: Mask, grids: Sequence[Grid]) -> list[tuple[Owner | None, Box]]:
    """Boxes of text, each with the table, row and column of the cell it stands in; None outside tables."""
    outside: list[Box] = []
    inside: dict[Owner, list[Box]] = defaultdict(list)
    for box in found:
        number = next((n for n, grid in enumerate(grids) if _is_inside(box, grid)), None)
        if number is None:
            outside.append(box)
            continue
        for (row, column), piece in _cut(box, grids[number]):
            inside[number, row, column].append(piece)
    left = ink.copy()
    for piece in chain.from_iterable(inside.values()):
        left[max(0, piece[1] - 2) : piece[3] + 2, max(0, piece[0] - 2) : piece[2] + 2] = False
    size = int(np.median([box[3] - box[1] for box in found])) if found else _HEIGHT
    result: list[tuple[Owner | None, Box]] = [(None, box) for box in outside]
    for number, grid in enumerate(grids):
        for row, column in grid.origins():
            owner = (number, row, column)
            pieces = [*_united(inside[owner]), *_unread(left, grid.box(row, column), size)]
            result += [(owner, part) for piece in pieces for part in _downwards(ink, piece)]
    return result


def _united(boxes: Sequence[Box]) -> list[Box]:
    """The boxes of a cell, those that run into each other as one: characters set downwards are often found in parts."""
    result: list[Box] = []
    for box in sorted(boxes, key=lambda box: box[1]):
        last = result[-1] if result else None
        if last and min(last[2], box[2]) > max(last[0], box[0]):
            shared = min(last[3], box[3]) - box[1]
            if shared > _SHARED * min(last[3] - last[1], box[3] - box[1]):
                result[-1] = (min(last[0], box[0]), last[1], max(last[2], box[2]), max(last[3], box[3]))
                continue
        result.append(box)
    return result


def _is_inside(box: Box, grid: Grid) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return grid.xs[0] <= x <= grid.xs[-1] and grid.ys[0] <= y <= grid.ys[-1]


def _cut(box: Box, grid: Grid) -> Iterator[tuple[tuple[int, int], Box]]:
    """The pieces of a box by the cells it runs through; what only reaches over a rule is left out."""
    least = _LEAST_PIECE * min(box[2] - box[0], box[3] - box[1])
    rows = [r for r, (top, bottom) in enumerate(pairwise(grid.ys)) if top < box[3] and bottom > box[1]]
    for origin in dict.fromkeys(origin for r in rows for origin in grid.cells[r]):
        left, top, right, bottom = grid.box(*origin)
        piece = (max(box[0], left), max(box[1], top), min(box[2], right), min(box[3], bottom))
        if piece[2] - piece[0] >= least and piece[3] - piece[1] >= least:
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
        wide = int(np.ptp(columns)) + 1
        if max(len(run), wide) >= size / 4 and inside.sum() >= min(_LEAST_INK, wide):
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


def _downwards(ink: Mask, box: Box) -> list[Box]:
    """The characters of a box that is set downwards; the box itself where it is set across."""
    left, top, right, bottom = box
    columns = np.flatnonzero(ink[top:bottom, left:right].any(axis=0))
    rows = np.flatnonzero(ink[top:bottom, left:right].any(axis=1))
    if not len(rows) or np.ptp(rows) < _TALL * np.ptp(columns):
        return [box]
    width = int(np.ptp(columns))
    characters: list[Box] = []
    start = rows[0]
    for row, following in pairwise([*rows, bottom + width]):
        gap = following - row
        if gap > _APART * width or (gap > 2 and row - start >= _LEAST_PIECE * width):
            characters.append((left, max(top, top + int(start) - 3), right, min(bottom, top + int(row) + 4)))
            start = following
    return characters if len(characters) > 1 else [box]


def _word(reading: Reading, scale: float) -> dict[str, Any]:
    left, top, right, bottom = (edge * scale for edge in reading.box)
    return {"text": reading.text, "x0": left, "x1": right, "top": top, "bottom": bottom, "doubt": reading.doubt}


def _table(grid: Grid, number: int, cells: dict[Owner, list[Reading]], scale: float) -> PageTable:
    """A grid's rows with what merged cells cover: an empty cell below the origin, none beside it."""
    rows: list[Row] = []
    doubts: dict[tuple[int, int], str] = {}
    for r, origins in enumerate(grid.cells):
        row: Row = []
        for c, origin in enumerate(origins):
            if origin != (r, c):
                row.append("" if origin[1] == c else None)
                continue
            own = cells.get((number, r, c), [])
            if len(own) == 1 and own[0].stroke and (own[0].text != "一" or own[0].doubt):
                row.append("—")
                continue
            # Above other characters a stroke that is no clear dash is a 一: a dash there would stand upright.
            own = [replace(item, text="一") if item.stroke and item.doubt else item for item in own]
            lines = lines_of([_word(reading, scale) for reading in own])
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
