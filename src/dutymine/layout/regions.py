"""Where tables stand in plain text, and their rows of cells, in every flattened shape.

Shapes: one cell a line led by a TAB (flattened Word; an empty line ends a row, a second one the table), TABs between
cells, pipes, blanks between cells under a header of known words, and one bare cell a line under such a header.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from dutymine.layout.columns import header_kind, level_code
from dutymine.layout.headings import classify, is_vocabulary, marker
from dutymine.settings import Settings
from dutymine.text import Line, Span, lines, squeeze, trim

_TOKEN = re.compile(r"\S+")
_RULE = re.compile(r"[\s|:+=-]*-[\s|:+=-]*")
_NUMERIC = re.compile(r"[-+≥≤=<>]?\s*[\d,.]+\s*\S{0,3}")
_UNIT_LINE = re.compile(r"(?:金额)?单位\s*:\s*(?:人民币)?[万亿]?元")
_CAPTION_END = re.compile(r"表\s*(?:\((?:金额)?单位:\s*[万亿]?元\))?\s*$")
_PROSE_LENGTH = 70
_LONGEST_HEADER = 14
_WORDS_LENGTH = 30
_LEAST_ROW = 3
_LEAST_ITEM = 6
_LONGEST_CELL = 12  # lines of a goal inside one cell


@dataclass(slots=True)
class Region:
    """A table's stretch of text: rows of cell spans; a `stream` has one row, its breaks are lost."""

    start: int
    end: int
    rows: list[list[Span]] = field(default_factory=list)
    stream: bool = False


def find_regions(text: str, settings: Settings) -> list[Region]:
    """Table regions of a quiet text, in order."""
    return list(_scan(text, lines(text), settings))


def _scan(text: str, all_lines: Sequence[Line], settings: Settings) -> Iterator[Region]:
    position = 0
    while position < len(all_lines):
        line = all_lines[position]
        region, following = None, position + 1
        raw = text[line.start : line.end]
        if raw.lstrip(" ").startswith("\t") and "\t" not in raw.strip():
            region, following = _word_cells(text, all_lines, position, settings)
        elif "\t" in raw.strip():
            region, following = _tab_rows(text, all_lines, position)
        elif "|" in raw:
            region, following = _pipes(text, all_lines, position)
        elif line.text and len(line.text) <= _PROSE_LENGTH * 3:
            region, following = _spaced(text, all_lines, position, settings)
            if region is None:
                region, following = _stream(text, all_lines, position, settings)
        if region is not None:
            yield region
        position = max(following, position + 1)


def _is_heading(text: str, line: Line, settings: Settings) -> bool:
    """Whether a line inside a table is a section heading and no cell."""
    found = marker(text, line.start + len(text[line.start : line.end]) - len(text[line.start : line.end].lstrip()))
    if not found or found[0] not in ("part", "cn", "cn_bracket") or len(line.text) > 40:
        return False
    return found[0] == "part" or classify(text[found[2] : line.end], settings)[1]


def _word_cells(text: str, all_lines: Sequence[Line], position: int, settings: Settings) -> tuple[Region, int]:
    """Flattened Word: a TAB begins a cell; an empty line ends a row, a second one the table."""
    region = Region(all_lines[position].start, all_lines[position].end, [[]])
    blank = 0
    while position < len(all_lines):
        line = all_lines[position]
        raw = text[line.start : line.end]
        if raw.lstrip(" ").startswith("\t"):
            if blank == 1 and region.rows[-1]:
                region.rows.append([])
            blank = 0
            if "\t" in raw.strip():
                region.rows[-1] += _split(text, line, "\t")
            else:
                region.rows[-1].append(trim(text, line.start + raw.index("\t"), line.end))
            region.end = line.end
        elif not line.text:
            blank += 1
            if blank > 1:
                break
        elif blank or _is_heading(text, line, settings):
            break
        else:
            start, end = region.rows[-1][-1]
            first = trim(text, line.start, line.end)
            region.rows[-1][-1] = (start if start < end else first[0], first[1])
            region.end = line.end
        position += 1
    region.rows = [row for row in region.rows if row]
    return region, position


def _split(text: str, line: Line, separator: str, framed: tuple[bool, bool] = (True, True)) -> list[Span]:
    """Cell spans of one line cut at a separator; where rows are `framed` at an end, one there is no empty cell."""
    spans, start = [], line.start
    for piece in text[line.start : line.end].split(separator):
        spans.append(trim(text, start, start + len(piece)))
        start += len(piece) + 1
    raw = text[line.start : line.end].strip(" ")
    if framed[0] and raw.startswith(separator):
        spans = spans[1:]
    if framed[1] and raw.endswith(separator) and len(spans) > 1:
        spans = spans[:-1]
    return spans


def _tab_rows(text: str, all_lines: Sequence[Line], position: int) -> tuple[Region | None, int]:
    region = Region(all_lines[position].start, all_lines[position].end)
    blanks = 0
    while position < len(all_lines):
        line = all_lines[position]
        if "\t" in text[line.start : line.end].strip("\n "):
            region.rows.append(_split(text, line, "\t", (False, False)))
            region.end = line.end
            blanks = 0
        elif not line.text and blanks < 1:
            blanks += 1
        else:
            break
        position += 1
    return (region if len(region.rows) > 1 or len(region.rows[0]) > 2 else None), position


def _pipes(text: str, all_lines: Sequence[Line], position: int) -> tuple[Region | None, int]:
    """Pipe rows; where most lines hold a single pipe at their end the cells are one a line, and empty lines end the
    rows or row breaks are lost.
    """
    first, found, blanks = position, [], 0
    groups: list[list[Line]] = [[]]  # lines between empty ones
    while position < len(all_lines):
        line = all_lines[position]
        if "|" in line.text:
            line, position = _open_row(text, all_lines, position)
            found.append(line)
            groups += [[]] if blanks else []
            groups[-1].append(line)
            blanks = 0
        elif line.text or blanks:
            break
        else:
            blanks += 1
        position += 1
    single = sum(line.text.count("|") == 1 and line.text.endswith("|") for line in found)
    region = Region(all_lines[first].start, found[-1].end)
    if single * 2 > len(found) and len(found) > 3 and _are_rows(groups):
        region.rows = [[span for line in group for span in _split(text, line, "|")] for group in groups]
    elif single * 2 > len(found) and len(found) > 3:
        region.stream = True
        region.rows = [[span for line in found for span in _split(text, line, "|") if span[0] < span[1]]]
    else:
        head = found[0].text
        framed = (head.startswith("|"), head.endswith("|"))
        region.rows = [_split(text, line, "|", framed) for line in found if not _RULE.fullmatch(line.text)]
    big = len(region.rows) > 1 or (region.rows and len(region.rows[0]) > 2)
    return (region if big else None), position


def _open_row(text: str, all_lines: Sequence[Line], position: int) -> tuple[Line, int]:
    """A framed row whose last cell goes on in the next lines (`| 目标 | 目标1：…`, `目标2：… |`), and its last line."""
    line = all_lines[position]
    if not line.text.startswith("|") or line.text.endswith("|") or line.text.count("|") < 2:
        return line, position
    for below in all_lines[position + 1 : position + _LONGEST_CELL]:
        if not below.text or below.text.startswith("|"):
            break
        if "|" in below.text:
            if not below.text.endswith("|"):
                break
            whole = line._replace(end=below.end, text=text[line.start : below.end].strip())
            return whole, below.number
    return line, position


def _are_rows(groups: list[list[Line]]) -> bool:
    """Whether the lines between empty ones are the cells of rows: most of several groups are of one length."""
    lengths = Counter(len(group) for group in groups)
    width, count = max(lengths.items(), key=lambda item: (item[1], item[0]))
    return width >= _LEAST_ROW and count > 1 and count * 2 >= len(groups)


def _tokens(text: str, line: Line) -> list[Span]:
    return [match.span() for match in _TOKEN.finditer(text, line.start, line.end)]


def _known(text: str, span: Span, settings: Settings) -> str:
    word = squeeze(text[span[0] : span[1]])
    return header_kind(word, settings) if len(word) <= 16 else ""


_STRONG = {
    "level1",
    "level2",
    "name",
    "value",
    "operator",
    "points",
    "actual",
    "amount",
    "nature",
    "funding",
    "rank",
    "unit",
    "code",
    "label",
    "project",
    "quantity",
    "price",
    "item",
    "organisation",
    "basis",
    "description",
    "scoring",
    "percent",
    "score",
    "index",
    "value_type",
    "direction",
}


def _spaced(text: str, all_lines: Sequence[Line], position: int, settings: Settings) -> tuple[Region | None, int]:
    """Rows flattened with blanks under a header line of at least three known words."""
    header = _tokens(text, all_lines[position])
    kinds = [_known(text, span, settings) for span in header]
    if len(header) < 3 or sum(kind in _STRONG for kind in kinds) * 4 < 3 * len(header):
        return None, position + 1
    region = Region(all_lines[position].start, all_lines[position].end, [header])
    position += 1
    while position < len(all_lines):
        line = all_lines[position]
        tokens = _tokens(text, line)
        if line.text and ((_is_heading(text, line, settings) and len(tokens) < 3) or _is_prose(line, len(tokens))):
            break
        if tokens and len(region.rows) > 1 and _known(text, tokens[0], settings) in ("project", "project_goal"):
            break
        if not line.text and not _row_follows(text, all_lines, position, settings):
            break
        if len(tokens) == 1 and len(region.rows) > 1 and not level_code(squeeze(line.text), 2, settings):
            region.rows[-1][-1] = (region.rows[-1][-1][0], tokens[0][1])
            region.end = line.end
        elif tokens:
            region.rows.append(tokens)
            region.end = line.end
        position += 1
    return (region, position) if len(region.rows) > 1 else (None, position)


def _is_prose(line: Line, tokens: int) -> bool:
    return (line.text.endswith("。") and tokens < 3) or (len(line.text) > _PROSE_LENGTH and tokens < 3)


def _row_follows(text: str, all_lines: Sequence[Line], position: int, settings: Settings) -> bool:
    """Whether the next non-empty line goes on with the table."""
    for line in all_lines[position + 1 : position + 3]:
        if line.text:
            return len(_tokens(text, line)) >= 3 and not _is_heading(text, line, settings)
    return False


def _stream(text: str, all_lines: Sequence[Line], position: int, settings: Settings) -> tuple[Region | None, int]:
    """One bare cell a line under at least three (or a pair of strong) header words."""
    head = _header_run(text, all_lines, position, settings)
    if not head:
        return None, position + 1
    cells = [trim(text, line.start, line.end) for line in head]
    following = head[-1].number + 1
    blanks, loose = 0, False  # loose: empty lines stand between the cells
    while following < len(all_lines):
        line = all_lines[following]
        gap = blanks > 0 and not loose
        if not line.text:
            blanks += 1
            if blanks > 3:
                break
        elif _ends_stream(text, all_lines, following, settings) or (gap and _begins_item(text, line)):
            break
        elif _UNIT_LINE.match(line.text) or _restarts(text, all_lines, following, settings):
            while len(cells) > len(head) and _CAPTION_END.search(text, *cells[-1]):
                cells.pop()  # the next table's caption stands just above its unit, or its first key
            break
        else:
            loose = loose or (blanks > 0 and len(cells) > len(head))
            cells.append(trim(text, line.start, line.end))
            blanks = 0
        following += 1
    while len(cells) > len(head) and is_vocabulary(squeeze(text[slice(*cells[-1])]), settings):
        cells.pop()  # the headings of what follows
    if len(cells) <= len(head) + 1:
        return None, position + 1
    following = next(line.number for line in all_lines[position:] if line.end >= cells[-1][1]) + 1
    return Region(cells[0][0], cells[-1][1], [cells], stream=True), following


def _begins_item(text: str, line: Line) -> bool:
    """Whether a line is the next item of a list of projects (`2.人才引进补贴项目`), and no numbered cell."""
    found = marker(text, line.start)
    return found is not None and found[0] in ("number", "number_bracket", "cn_bracket") and len(line.text) > _LEAST_ITEM


def _header_run(text: str, all_lines: Sequence[Line], position: int, settings: Settings) -> list[Line]:
    run: list[Line] = []
    blanks = 0
    for line in all_lines[position : position + 60]:
        if not line.text:
            blanks += 1
            if blanks > 1:
                break
            continue
        if (
            len(line.text) > _LONGEST_HEADER
            or text[line.start : line.end].lstrip(" ").startswith("\t")  # a row of cells, read as such
            or marker(text, line.start)
            or not _known(text, (line.start, line.end), settings)
        ):
            break
        run.append(line)
        blanks = 0
    kinds = {header_kind(squeeze(line.text), settings) for line in run}
    indicators = len(kinds & {"level1", "level2", "name"}) >= 1 and bool(kinds & {"value", "operator"})
    money = (
        len(run) >= 2
        and bool(kinds & {"label", "code", "item", "organisation"})
        and bool(kinds & {"amount", "nature", "percent"})
    )
    return run if indicators or money else []


def _restarts(text: str, all_lines: Sequence[Line], position: int, settings: Settings) -> bool:
    """Whether the next table begins inside a stream: a project's key line, or a header of its own."""
    line = all_lines[position]
    if len(line.text) > _LONGEST_HEADER or not _known(text, (line.start, line.end), settings):
        return False
    kind = header_kind(squeeze(line.text), settings)
    return kind == "project" or (kind == "level1" and bool(_header_run(text, all_lines, position, settings)))


def _ends_stream(text: str, all_lines: Sequence[Line], position: int, settings: Settings) -> bool:
    """A heading ends a stream unless figures follow (`一、一般公共服务支出`, then `264.87`); so does a paragraph."""
    line = all_lines[position]
    if _is_heading(text, line, settings):
        after = [other.text for other in all_lines[position + 1 : position + 12] if other.text][:3]
        return not (
            any(_NUMERIC.fullmatch(words) for words in after) and all(len(words) < _WORDS_LENGTH for words in after)
        )
    return (len(line.text) > _PROSE_LENGTH and line.text.endswith(("。", ";"))) or line.text.startswith(
        ("注:", "备注:")
    )
