"""Tables back from flattened text: grids with header paths, merged cells, captions and inherited units."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from dutymine.layout.align import align
from dutymine.layout.columns import Column, header_kind, is_header, money_unit
from dutymine.layout.header_rows import (
    columns_under,
    common_width,
    header_cells,
    header_depth,
    is_header_row,
    is_over_header,
    spread,
)
from dutymine.layout.lists import NUMBERED_GOAL
from dutymine.layout.regions import Region, find_regions
from dutymine.model import Cell, Reject, Table
from dutymine.settings import Settings
from dutymine.text import Span, squeeze

_NUMBER = re.compile(r"[-+]?[\d,]+(?:\.\d+)?%?|-+")
_TOTAL = re.compile(r"合计|总计|小计|共计")
_NUMBERED_LABEL = re.compile(r"[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十\d]{1,2}\)|\d{1,2}[.、]")
_GLUED = re.compile(r"(?m)^[^\s|]{2,30}指标[^\s|]{0,30}$")
_NO_CAPTION = re.compile(r"公开\d{0,2}表.{0,3}$|(?:编制|填报|公开)?(?:部门|单位)(?:名称)?:")
_UNIT_NOTE = re.compile(r"[(\[]?(?:金额)?单位[:为]?(?:人民币)?(?:万元|亿元|元)[)\]]?$")
_UNIT_BEHIND = re.compile(r"[\u4e00-\u9fff]\((?:万元|元|亿元)\)$")
_CAPTION_LINES = 4
_CAPTION_LENGTH = 120


@dataclass(frozen=True, slots=True)
class Band:
    """Rows of a table under one header: `rows` are row numbers, `columns` what each column holds."""

    header: tuple[int, ...]
    rows: tuple[int, ...]
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with its cells and their texts without white space row by row and its bands, worked out once for all who
    read it.
    """

    table: Table
    rows: tuple[tuple[Cell, ...], ...]
    words: tuple[tuple[str, ...], ...]
    bands: tuple[Band, ...]


def grids(text: str, tables: Sequence[Table], settings: Settings) -> tuple[Grid, ...]:
    """The grids of tables, in their order."""
    result = []
    for table in tables:
        rows = tuple(map(tuple, _rows(table)))
        words = tuple(tuple([cell_text(text, cell) for cell in row]) for row in rows)
        result.append(Grid(table, rows, words, tuple(_bands(text, table, (rows, words), settings))))
    return tuple(result)


def rebuild(text: str, settings: Settings) -> tuple[tuple[Table, ...], tuple[Reject, ...]]:
    """Tables of a quiet text, and what could not be put into columns."""
    tables: list[Table] = []
    rejects: list[Reject] = []
    for region in find_regions(text, settings):
        table, lost = _build(text, region, settings)
        if tables and not text[tables[-1].end : table.start].strip():
            table = replace(table, caption=tables[-1].caption, unit=table.unit or tables[-1].unit)
            if _goes_on(tables[-1], table):
                table = _joined(tables.pop(), table)
        if table.cells:
            tables.append(table)
        rejects += lost
    return tuple(tables), (*rejects, *_without_separators(text, settings))


def _without_separators(text: str, settings: Settings) -> Iterator[Reject]:
    """Tables whose cells run together (`一级指标二级指标指标值`): where a number ends is lost, so none is read."""
    for line in _GLUED.finditer(text):
        if _is_glued(line[0], settings):
            end = text.find("\n\n", line.end())
            yield Reject("layout", "no_separators", line[0], line.start(), end if end >= 0 else len(text))


def _is_glued(words: str, settings: Settings) -> bool:
    """Whether a line is nothing but three or more header words without anything between them."""
    position = count = 0
    while position < len(words):
        stop = next((end for end in range(len(words), position + 1, -1) if is_header(words[position:end], settings)), 0)
        if not stop:
            return False
        position, count = stop, count + 1
    return count > 2


def _goes_on(table: Table, following: Table) -> bool:
    """Whether a table without a header is the rest of the one before it (a page break fell between)."""
    headed = any(cell.is_header for cell in table.cells)
    return headed and table.columns == following.columns and not any(cell.is_header for cell in following.cells)


def _joined(table: Table, rest: Table) -> Table:
    cells = table.cells + tuple(replace(cell, row=cell.row + table.rows) for cell in rest.cells)
    return replace(table, rows=table.rows + rest.rows, cells=cells, end=rest.end)


def cell_text(text: str, cell: Cell) -> str:
    """A cell's text without white space."""
    return squeeze(text[cell.start : cell.end])


def _rows(table: Table) -> list[list[Cell]]:
    """The table's cells row by row."""
    result: list[list[Cell]] = [[] for _ in range(table.rows)]
    for cell in table.cells:
        result[cell.row].append(cell)
    return result


def _build(text: str, region: Region, settings: Settings) -> tuple[Table, list[Reject]]:
    rows = [row for row in region.rows if row]
    caption, unit = _caption(text, region)
    if region.stream:
        cells, rejects = _stream_cells(text, rows[0], settings)
    else:
        cells, rejects = _row_cells(text, rows, settings)
    unit = unit or _inner_unit(text, cells)
    caption = _inner_caption(text, cells) or caption
    size = (max((c.row + c.rowspan for c in cells), default=0), max((c.column + c.colspan for c in cells), default=0))
    return Table(caption, unit, size[0], size[1], tuple(cells), region.start, region.end), rejects


def _caption(text: str, region: Region) -> tuple[str, str]:
    """Caption and unit from the lines above a table; the nearest line that is no unit line is the caption."""
    above = text[max(0, region.start - 400) : region.start].split("\n")
    near = [line.strip() for line in above[-8:] if line.strip()][-_CAPTION_LINES:]
    unit = next(
        (unit for line in reversed(near) if len(line) < _CAPTION_LENGTH and (unit := money_unit(squeeze(line)))),
        "",
    )
    for line in reversed(near):
        bare = squeeze(line)
        named = _UNIT_NOTE.sub("", bare)
        if named != bare and named.endswith("表"):
            return named, unit
        is_note = _NO_CAPTION.match(bare) or (money_unit(bare) and len(bare) < 24) or bare.endswith("。")
        if len(bare) > 60 or is_note or "\t" in line or "|" in line:
            continue
        return re.sub(r"单位:.{0,4}$", "", bare), unit
    return "", unit


def _inner_unit(text: str, cells: Sequence[Cell]) -> str:
    """A unit cell inside the table's first rows (`单位：万元`)."""
    for cell in cells:
        if cell.row > 3:
            break
        bare = cell_text(text, cell)
        if len(bare) < 40 and not header_like_unit(bare) and money_unit(bare):
            return money_unit(bare)
    return ""


def _inner_caption(text: str, cells: Sequence[Cell]) -> str:
    """A title that stands alone in the table's first row."""
    first = [cell_text(text, cell) for cell in cells if cell.row == 0 and cell.start < cell.end]
    named = (
        len(first) == 1
        and len(first[0]) < _CAPTION_LENGTH // 2
        and "表" in first[0]
        and not _NO_CAPTION.match(first[0])
    )
    return first[0] if named else ""


def header_like_unit(bare: str) -> bool:
    """Whether a unit stands in a column's own header (`预算数（元）`): it is that column's, not the table's."""
    return "单位" not in bare and _UNIT_BEHIND.search(bare) is not None


def _row_cells(text: str, rows: list[list[Span]], settings: Settings) -> tuple[list[Cell], list[Reject]]:
    texts = [[squeeze(text[a:b]) for a, b in row] for row in rows]
    width = common_width(rows)
    width = max([width, *(len(t) for t in texts if is_header_row(t, width, settings))])
    cells: list[Cell] = []
    rejects: list[Reject] = []
    columns: list[Column] = []
    number = 0
    while number < len(rows):
        if is_header_row(texts[number], width, settings) or is_over_header(texts[number : number + 2], width, settings):
            depth = header_depth(texts, number, width, settings)
            header = header_cells(rows, texts, (number, depth, width), settings)
            cells += header
            columns = columns_under(text, header, width, settings)
            number += depth
            continue
        placed, reject = _data_cells(
            rows[number], texts[number], number, columns if len(columns) == width else [], settings
        )
        if placed is None:
            placed = _loose_cells(rows[number], number, width)
        cells += placed
        rejects += reject
        number += 1
    return cells, rejects


def _data_cells(
    row: list[Span], texts: list[str], number: int, columns: list[Column], settings: Settings
) -> tuple[list[Cell] | None, list[Reject]]:
    """Cells of a data row that has fewer cells than its header, put under the headers they fit; None: as they stand."""
    width = len(columns)
    filled = [i for i, t in enumerate(texts) if t]
    if not columns or len(row) >= width:
        return None, []
    if len(filled) == 2 and _TOTAL.fullmatch(texts[filled[0]]) and _NUMBER.fullmatch(texts[filled[1]]):
        sums = [i for i, c in enumerate(columns) if c.kind == "amount"]
        if len(sums) == 1:
            return [Cell(number, c, 1, 1, False, *row[i]) for i, c in zip(filled, (0, sums[0]), strict=True)], []
    valued = any(column.kind == "value" for column in columns)
    label = len(filled) == 2 and texts[filled[0]].endswith("目标")  # a goal in one merged cell, no indicator
    if label or len(filled) < (2 if valued else 3):
        return None, []
    places = align([texts[i] for i in filled], columns, settings, rows_known=True)
    if not places:
        return None, [Reject("layout", "row_not_aligned", " | ".join(texts)[:120], row[0][0], row[-1][1])]
    return [Cell(number, c, 1, 1, False, *row[i]) for i, (_, c) in zip(filled, places, strict=True)], []


def _loose_cells(row: list[Span], number: int, width: int) -> list[Cell]:
    return [Cell(number, c, 1, span, False, *row[i]) for i, (c, span) in enumerate(spread(len(row), width))]


def _stream_cells(text: str, stream: list[Span], settings: Settings) -> tuple[list[Cell], list[Reject]]:
    """Cells whose row breaks are lost: the header is the run of known words, the rest is read in the cheapest order."""
    texts = [squeeze(text[a:b]) for a, b in stream]
    head = 0
    while (
        head < len(texts)
        and header_kind(texts[head], settings)
        and not _NUMBERED_LABEL.match(texts[head])
        and len(texts[head]) <= 16
    ):
        head += 1
    if 2 < head < len(texts) and header_kind(texts[0], settings) == "label" and _NUMBER.fullmatch(texts[head]):
        head -= 1  # `一般公共预算拨款收入` over its sum: the first row has begun
    header = _stream_header(texts[:head], stream)
    first = max((cell.row for cell in header), default=-1) + 1
    width = max(1, sum(cell.colspan for cell in header if cell.row == first - 1))
    columns = columns_under(text, header, width, settings)
    body = texts[head:]
    if body and head and len(body) % width == 0 and _regular(body, columns, settings):
        places = [(i // width, i % width) for i in range(len(body))]
    else:
        places = align(body, columns, settings, rows_known=False)
    if not places:
        return header, [Reject("layout", "stream_not_aligned", " ".join(texts)[:120], stream[0][0], stream[-1][1])]
    spans: dict[tuple[int, int], Span] = {}
    for (row, place), span in zip(places, stream[head:], strict=True):
        spans[(row, place)] = (spans.get((row, place), span)[0], span[1])
    return header + [Cell(row + first, place, 1, 1, False, *span) for (row, place), span in spans.items()], []


def _stream_header(words: Sequence[str], stream: Sequence[Span]) -> list[Cell]:
    """One header row, or two where the last words repeat (`本年收入 本年支出 项目 预算数 项目 预算数`)."""
    for half in range(len(words) // 2, 1, -1):
        tail = words[-2 * half :]
        over = len(words) - 2 * half
        if tail[:half] == tail[half:] and over in (0, 2):
            top = [Cell(0, i * half, 1, half, True, *stream[i]) for i in range(over)]
            return top + [Cell(min(over, 1), i, 1, 1, True, *stream[over + i]) for i in range(2 * half)]
    return [Cell(0, i, 1, 1, True, *stream[i]) for i in range(len(words))]


def _regular(body: Sequence[str], columns: Sequence[Column], settings: Settings) -> bool:
    """Whether a stream falls into full rows: plain rows of the header's length fit as well as the cheapest reading."""
    width = len(columns)
    numeric = [i for i, c in enumerate(columns) if c.kind in ("amount", "quantity", "price", "percent")]
    rows = [body[i : i + width] for i in range(0, len(body), width)]
    if not numeric:
        return False
    return all(_NUMBER.fullmatch(row[i]) or not re.search(r"[\u4e00-\u9fff]", row[i]) for row in rows for i in numeric)


def _bands(
    text: str, table: Table, read: tuple[Sequence[Sequence[Cell]], Sequence[Sequence[str]]], settings: Settings
) -> list[Band]:
    """The table cut at its header rows: what stands under which columns; `read` are its rows and their words."""
    result: list[Band] = []
    header: list[int] = []
    data: list[int] = []
    for number, (row, words) in enumerate(zip(*read, strict=True)):
        if any(cell.is_header for cell in row):
            if data or not header:
                if header:
                    result.append(_band(text, table, header, data, settings))
                header, data = [number], []
            else:
                header.append(number)
        elif header and not _is_key_row(words, settings):
            data.append(number)
    if header:
        result.append(_band(text, table, header, data, settings))
    return result


def _is_key_row(row: Sequence[str], settings: Settings) -> bool:
    """A row that states a goal or an office behind its label, between two lists of indicators."""
    words = [word for word in row if word]
    if words and all(NUMBERED_GOAL.match(word) for word in words):
        return True
    kind = header_kind(words[0], settings) if words else ""
    if kind == "organisation":
        return len(words) < 5 and is_header(words[0], settings)
    return kind == "project_goal" and len(row) < 4


def _band(text: str, table: Table, header: list[int], data: list[int], settings: Settings) -> Band:
    cells = [cell for cell in table.cells if cell.row in header]
    return Band(tuple(header), tuple(data), tuple(columns_under(text, cells, table.columns, settings)))
