"""Tables back from flattened text: grids with header paths, merged cells, captions and inherited units."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from dutymine.layout.align import align
from dutymine.layout.columns import Column, column, header_kind, is_header, money_unit
from dutymine.layout.regions import Region, find_regions
from dutymine.model import Cell, Reject, Table
from dutymine.settings import Settings
from dutymine.text import Span, squeeze

KEYED = frozenset({"project", "project_goal", "organisation"})  # their cells are keys of the next cell, not headers
_NUMBER = re.compile(r"[-+]?[\d,]+(?:\.\d+)?%?|-+")
_TOTAL = re.compile(r"合计|总计|小计|共计")
_NUMBERED_LABEL = re.compile(r"[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十\d]{1,2}\)|\d{1,2}[.、]")
_CAPTION_LINES = 4
_CAPTION_LENGTH = 120
_HEADER_LENGTH = 30
_SHORT_HEADER = 12
_VALUE = re.compile(r"[-+]?[\d,]+(?:\.\d+)?(?:%|[\u4e00-\u9fff]{0,3}$)|-+$|[≥≤=<>±]|不[少低高多超]")


@dataclass(frozen=True, slots=True)
class Band:
    """Rows of a table under one header: `rows` are row numbers, `columns` what each column holds."""

    header: tuple[int, ...]
    rows: tuple[int, ...]
    columns: tuple[Column, ...]


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
    return tuple(tables), tuple(rejects)


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


def grid_rows(table: Table) -> list[list[Cell]]:
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
    unit = next((money_unit(squeeze(line)) for line in reversed(near) if len(line) < _CAPTION_LENGTH and money_unit(squeeze(line))), "")
    for line in reversed(near):
        bare = squeeze(line)
        if len(bare) > 60 or (money_unit(bare) and len(bare) < 24) or "\t" in line or "|" in line:
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
    named = len(first) == 1 and len(first[0]) < _CAPTION_LENGTH // 2 and "表" in first[0] and not re.fullmatch(r"公开\d{0,2}表.{0,3}", first[0])
    return first[0] if named else ""


def header_like_unit(bare: str) -> bool:
    """Whether a unit stands in a column's own header (`预算数（元）`): it is that column's, not the table's."""
    return bool(re.search(r"[\u4e00-\u9fff]\((?:单位:?)?(?:万元|元|亿元)\)$", bare)) and "单位" not in bare


def _is_header_row(texts: Sequence[str], width: int, settings: Settings) -> bool:
    """Most cells are header words, in full or shortly paraphrased, and none is a number or a value."""
    filled = [t for t in texts if t]
    if len(filled) < 2 or any(_VALUE.match(t) or len(t) > _HEADER_LENGTH for t in filled):  # noqa: PLR2004
        return False
    kinds = [header_kind(t, settings) if is_header(t, settings) or len(t) <= _SHORT_HEADER else "" for t in filled]
    known = sum(bool(kind) for kind in kinds)
    if known < len(filled) and {kind for kind in kinds if kind} <= KEYED:
        return False  # `主管部门 | X | 实施单位 | Y`
    return known == len(filled) if len(filled) * 2 < width else known * 2 >= len(filled)


def _is_over_header(texts: Sequence[Sequence[str]], width: int, settings: Settings) -> bool:
    """A row of merged headers (`一级指标 | 中期目标 | 年度目标`) over a longer header row."""
    if len(texts) < 2 or len(texts[0]) >= len(texts[1]):  # noqa: PLR2004
        return False
    if not is_header(texts[0][0], settings) or header_kind(texts[0][0], settings) in KEYED:
        return False
    return _is_header_row(texts[1], width, settings) and not any(_VALUE.match(t) or len(t) > _HEADER_LENGTH for t in texts[0])


def _width(rows: Sequence[Sequence[Span]]) -> int:
    """The number of columns: the longest row length that comes more than once (rows lose merged cells, they gain none)."""
    lengths = Counter(len(row) for row in rows if len(row) > 1)
    return max((n for n, count in lengths.items() if count > 1), default=max(lengths, default=1))


def _row_cells(text: str, rows: list[list[Span]], settings: Settings) -> tuple[list[Cell], list[Reject]]:
    texts = [[squeeze(text[a:b]) for a, b in row] for row in rows]
    width = _width(rows)
    width = max([width, *(len(t) for t in texts if _is_header_row(t, width, settings))])
    cells: list[Cell] = []
    rejects: list[Reject] = []
    columns: list[Column] = []
    number = 0
    while number < len(rows):
        if _is_header_row(texts[number], width, settings) or _is_over_header(texts[number : number + 2], width, settings):
            depth = _header_depth(texts, number, width, settings)
            header = _header_cells(rows, texts, (number, depth, width), settings)
            cells += header
            columns = _columns(text, header, width, settings)
            number += depth
            continue
        placed, reject = _data_cells(rows[number], texts[number], number, columns if len(columns) == width else [], settings)
        if placed is None:
            placed = _loose_cells(rows[number], number, width)
        cells += placed
        rejects += reject
        number += 1
    return cells, rejects


def _header_depth(texts: list[list[str]], number: int, width: int, settings: Settings) -> int:
    """How many rows the header has: a following row goes on with it where it fills in under merged cells."""
    depth = 1
    while number + depth < len(texts) and depth < 3:
        below = _under(texts[number], texts[number + depth], width, settings)
        if any(_NUMBER.fullmatch(t) for t in below) or sum(bool(t) for t in below) < 2:
            break
        gaps = sum(not t for t in below)
        known = sum(bool(header_kind(t, settings)) for t in below if t)
        filled = len(below) - gaps
        short_above = len(texts[number]) < len(below) or any(not t for t in texts[number])
        fills = len(below) == width and short_above and known * 2 >= filled and (gaps or known * 4 >= 3 * filled)
        widens = len(below) > len(texts[number + depth - 1]) and known == filled
        if not (fills or widens):
            break
        depth += 1
    return depth


def _under(above: Sequence[str], below: list[str], width: int, settings: Settings) -> list[str]:
    """A second header row with the cells it lost under a tall first column (`一级指标` beside two blocks) put back."""
    lost = width - len(below)
    if 0 < lost < len(above) and len(above) < width and header_kind(above[0], settings) in ("level1", "index", "label", "project"):
        return [""] * lost + below
    return below


def _header_cells(
    rows: list[list[Span]], texts: list[list[str]], size: tuple[int, int, int], settings: Settings
) -> list[Cell]:
    """Header cells with their spans, from the lowest row up: a short row is laid over what it groups."""
    number, depth, width = size
    below: list[tuple[int, int, str]] = []  # column, span and text of the row below
    cells: list[Cell] = []
    for step in range(depth - 1, -1, -1):
        row = rows[number + step]
        words = texts[number + step]
        places = _places(words, below, width) if below else _lowest(words, texts[number], width, settings)
        for (place, span), text_span in zip(places, row, strict=False):
            if text_span[0] < text_span[1]:
                tall = depth - step if below and span == 1 and not any(c == place and t for c, _, t in below) else 1
                cells.append(Cell(number + step, place, tall, span, True, *text_span))
        below = [(place, span, word) for (place, span), word in zip(places, words, strict=False)]
    return sorted(cells, key=lambda cell: (cell.row, cell.column))


def _lowest(words: list[str], above: Sequence[str], width: int, settings: Settings) -> list[Span]:
    """Places of the lowest header row; cells lost under a tall first column are left free."""
    shift = len(_under(above, words, width, settings)) - len(words) if above is not words else 0
    if shift:
        return [(i + shift, 1) for i in range(len(words))]
    return _spread(len(words), width)


def _places(words: Sequence[str], below: Sequence[tuple[int, int, str]], width: int) -> list[Span]:
    """Columns and spans of a header row over the row below it."""
    if len(words) >= width:
        return [(i, 1) for i in range(len(words))]
    by_column = {place: (span, text) for place, span, text in below}
    slots: list[tuple[int, int, str]] = []  # columns that the row below leaves free are slots of their own
    place = 0
    while place < width:
        span, text = by_column.get(place, (1, ""))
        slots.append((place, span, text))
        place += span
    if len(words) >= len(slots):
        return [(place, span) for place, span, _ in slots] + [(width - 1, 1)] * (len(words) - len(slots))
    return [
        (slots[first][0], sum(span for _, span, _ in slots[first : first + count]))
        for first, count in _over_gaps(len(words), [text for _, _, text in slots])
    ]


def _spread(count: int, width: int) -> list[Span]:
    """Places of `count` cells over `width` columns: one each, the last takes the rest."""
    return [(i, 1 if i < count - 1 or count >= width else width - count + 1) for i in range(count)]


def _over_gaps(count: int, below: Sequence[str]) -> list[Span]:
    """(column, span) of `count` header cells over a row whose gaps are cells merged downwards."""
    half, rest = divmod(len(below), count)
    if not rest and half > 1 and all(list(below[:half]) == list(below[n : n + half]) for n in range(0, len(below), half)):
        return [(n, half) for n in range(0, len(below), half)]  # the same words under each
    groups: list[list[int]] = []
    for i, t in enumerate(below):
        if t and groups and below[groups[-1][-1]] and groups[-1][-1] == i - 1 and t not in ("合计", "小计"):
            groups[-1].append(i)
        else:
            groups.append([i])
    while len(groups) > count:  # neighbouring single columns were one merged header
        pair = min(range(len(groups) - 1), key=lambda g: (not below[groups[g][0]]) + (not below[groups[g + 1][0]]))
        groups[pair : pair + 2] = [groups[pair] + groups[pair + 1]]
    while len(groups) < count:  # two merged headers stand side by side: halve the widest
        widest = max(range(len(groups)), key=lambda g: len(groups[g]))
        if len(groups[widest]) < 2:
            break
        middle = len(groups[widest]) // 2
        groups[widest : widest + 1] = [groups[widest][:middle], groups[widest][middle:]]
    return [(group[0], len(group)) for group in groups][:count]


def _columns(text: str, header: Sequence[Cell], width: int, settings: Settings) -> list[Column]:
    result = []
    for c in range(width):
        path = tuple(cell_text(text, h) for h in header if h.column <= c < h.column + h.colspan and h.start < h.end)
        result.append(column(path, settings))
    return result


def _data_cells(
    row: list[Span], texts: list[str], number: int, columns: list[Column], settings: Settings
) -> tuple[list[Cell] | None, list[Reject]]:
    """Cells of a data row that has fewer cells than its header, put under the headers they fit; None: as they stand."""
    width = len(columns)
    filled = [i for i, t in enumerate(texts) if t]
    if not columns or len(row) >= width:
        return None, []
    if len(filled) == 2 and _TOTAL.fullmatch(texts[filled[0]]) and _NUMBER.fullmatch(texts[filled[1]]):  # noqa: PLR2004
        sums = [i for i, c in enumerate(columns) if c.kind == "amount"]
        if len(sums) == 1:
            return [Cell(number, c, 1, 1, False, *row[i]) for i, c in zip(filled, (0, sums[0]), strict=True)], []
    if len(filled) < 3:  # noqa: PLR2004
        return None, []
    places = align([texts[i] for i in filled], columns, settings, rows_known=True)
    if not places:
        return None, [Reject("layout", "row_not_aligned", " | ".join(texts)[:120], row[0][0], row[-1][1])]
    return [Cell(number, c, 1, 1, False, *row[i]) for i, (_, c) in zip(filled, places, strict=True)], []


def _loose_cells(row: list[Span], number: int, width: int) -> list[Cell]:
    return [Cell(number, c, 1, span, False, *row[i]) for i, (c, span) in enumerate(_spread(len(row), width))]


def _stream_cells(text: str, stream: list[Span], settings: Settings) -> tuple[list[Cell], list[Reject]]:
    """Cells whose row breaks are lost: the header is the run of known words, the rest is read in the cheapest order."""
    texts = [squeeze(text[a:b]) for a, b in stream]
    head = 0
    while head < len(texts) and header_kind(texts[head], settings) and not _NUMBERED_LABEL.match(texts[head]) and len(texts[head]) <= 16:  # noqa: PLR2004
        head += 1
    header = _stream_header(texts[:head], stream)
    first = max((cell.row for cell in header), default=-1) + 1
    width = max(1, sum(cell.colspan for cell in header if cell.row == first - 1))
    columns = _columns(text, header, width, settings)
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
            return top + [Cell(bool(over), i, 1, 1, True, *stream[over + i]) for i in range(2 * half)]
    return [Cell(0, i, 1, 1, True, *stream[i]) for i in range(len(words))]


def _regular(body: Sequence[str], columns: Sequence[Column], settings: Settings) -> bool:
    """Whether a stream falls into full rows: plain rows of the header's length fit as well as the cheapest reading."""
    width = len(columns)
    numeric = [i for i, c in enumerate(columns) if c.kind in ("amount", "quantity", "price", "percent")]
    rows = [body[i : i + width] for i in range(0, len(body), width)]
    if not numeric:
        return False
    return all(_NUMBER.fullmatch(row[i]) or not re.search(r"[\u4e00-\u9fff]", row[i]) for row in rows for i in numeric)


def bands(text: str, table: Table, settings: Settings) -> list[Band]:
    """The table cut at its header rows: what stands under which columns."""
    rows = grid_rows(table)
    result: list[Band] = []
    header: list[int] = []
    data: list[int] = []
    for number, row in enumerate(rows):
        if any(cell.is_header for cell in row):
            if data or not header:
                if header:
                    result.append(_band(text, table, header, data, settings))
                header, data = [number], []
            else:
                header.append(number)
        elif header:
            data.append(number)
    if header:
        result.append(_band(text, table, header, data, settings))
    return result


def _band(text: str, table: Table, header: list[int], data: list[int], settings: Settings) -> Band:
    cells = [cell for cell in table.cells if cell.row in header]
    return Band(tuple(header), tuple(data), tuple(_columns(text, cells, table.columns, settings)))
