"""Header rows of tables: which rows they are, how many belong together, and which columns their cells cover."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from dutymine.layout.columns import Column, column, header_kind, is_header
from dutymine.model import Cell
from dutymine.settings import Settings
from dutymine.text import Span, squeeze

KEYED = frozenset({"project", "project_goal", "organisation"})  # their cells are keys of the next cell, not headers
_NUMBER = re.compile(r"[-+]?[\d,]+(?:\.\d+)?%?|-+")
_HEADER_LENGTH = 30
_SHORT_HEADER = 12
_VALUE = re.compile(r"[-+]?[\d,]+(?:\.\d+)?(?:%|[\u4e00-\u9fff]{0,3}$)|-+$|[≥≤=<>±]|不[少低高多超]")


def is_header_row(texts: Sequence[str], width: int, settings: Settings) -> bool:
    """Most cells are header words, in full or shortly paraphrased, and none is a number or a value."""
    filled = [t for t in texts if t]
    if len(filled) < 2 or any(_VALUE.match(t) or len(t) > _HEADER_LENGTH for t in filled):
        return False
    kinds = [header_kind(t, settings) if is_header(t, settings) or len(t) <= _SHORT_HEADER else "" for t in filled]
    known = sum(bool(kind) for kind in kinds)
    if known < len(filled) and (
        {kind for kind in kinds if kind} <= KEYED
        or (kinds[0] in KEYED and not any(kinds[1::2]))
        or (kinds[0] in KEYED and known * 2 <= len(filled) and not is_header(filled[1], settings))
    ):
        return False  # `主管部门 | X | 实施单位 | Y`, `项目名称 | X | 项目编码 | Y`
    return known == len(filled) if len(filled) * 2 < width else known * 2 >= len(filled)


def is_over_header(texts: Sequence[Sequence[str]], width: int, settings: Settings) -> bool:
    """A row of merged headers (`一级指标 | 中期目标 | 年度目标`) over a longer header row."""
    if len(texts) < 2 or len(texts[0]) >= len(texts[1]):
        return False
    if not is_header(texts[0][0], settings) or header_kind(texts[0][0], settings) in KEYED:
        return False
    return is_header_row(texts[1], width, settings) and not any(
        _VALUE.match(t) or len(t) > _HEADER_LENGTH for t in texts[0]
    )


def common_width(rows: Sequence[Sequence[Span]]) -> int:
    """The number of columns: the longest row length that comes more than once (rows lose merged cells, they gain
    none).
    """
    lengths = Counter(len(row) for row in rows if len(row) > 1)
    return max((n for n, count in lengths.items() if count > 1), default=max(lengths, default=1))


def header_depth(texts: list[list[str]], number: int, width: int, settings: Settings) -> int:
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
    if (
        0 < lost < len(above)
        and len(above) < width
        and header_kind(above[0], settings) in ("level1", "index", "label", "project")
    ):
        return [""] * lost + below
    return below


def header_cells(
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
    return spread(len(words), width)


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


def spread(count: int, width: int) -> list[Span]:
    """Places of `count` cells over `width` columns: one each, the last takes the rest."""
    return [(i, 1 if i < count - 1 or count >= width else width - count + 1) for i in range(count)]


def _over_gaps(count: int, below: Sequence[str]) -> list[Span]:
    """(column, span) of `count` header cells over a row whose gaps are cells merged downwards."""
    half, rest = divmod(len(below), count)
    if (
        not rest
        and half > 1
        and all(list(below[:half]) == list(below[n : n + half]) for n in range(0, len(below), half))
    ):
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


def columns_under(text: str, header: Sequence[Cell], width: int, settings: Settings) -> list[Column]:
    """What each of `width` columns holds, by the header cells over it."""
    paths: list[list[str]] = [[] for _ in range(width)]
    for cell in header:
        if cell.start < cell.end:
            word = squeeze(text[cell.start : cell.end])
            for path in paths[cell.column : cell.column + cell.colspan]:
                path.append(word)
    return [column(tuple(path), settings) for path in paths]
