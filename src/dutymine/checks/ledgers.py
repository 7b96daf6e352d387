"""Tables of money as ledgers: entries of code, label and figures, also where two lists stand side by side."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from operator import attrgetter

from dutymine.checks.facts import Facts
from dutymine.model import Amount, AmountRole, Cell, Table
from dutymine.text import squeeze

_FACTORS = {"元": 1, "万元": 10_000, "亿元": 100_000_000}
_NUMBER = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|-?\d+(?:\.\d+)?")
_CODE = re.compile(r"[2-5]\d{2}(?:\d{2}){0,2}")
_GLUED = re.compile(rf"({_CODE.pattern})[-.、]?(?=[\u4e00-\u9fff])")
_CODE_WORDS = re.compile(r"编码|代码|编号|^[类款项]$")
_NO_FIGURES = re.compile(r"行次|栏次|序号|率|占比|比例|比重|[%％]|分值|得分|权重")
_MARKS = re.compile(r"^(?:其中[::]?|[一二三四五六七八九十]{1,3}[、.]|\(?[一二三四五六七八九十\d]{1,2}[)、.．]|[(（])+")
_TWO_LINES = re.compile(r"^\S{0,4}[、.．][^、]*[\u4e00-\u9fff][一二三四五六七八九十]{1,2}、[\u4e00-\u9fff]")
_BEFORE = 160
_CLASS = 3  # digits of a 类
_ITEM = 5  # digits of a 款


Cells = list[tuple[Cell, str]]  # with their text without white space
Rows = dict[int, Cells]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a ledger: code and label (either may be empty) and its figures by column."""

    row: int
    place: int  # the column in which it begins: lists that stand side by side begin in different ones
    code: str
    label: str  # without numbering
    printed: str  # as printed, without white space
    figures: dict[int, Amount]


@dataclass(frozen=True, slots=True)
class Ledger:
    """One table: its place among the document's tables, what stands over it, its column heads and its entries."""

    index: int
    title: str
    heads: dict[int, str]
    entries: tuple[Entry, ...]
    unit: str

    @property
    def name(self) -> str:
        """Title and heads in one line, to look words up in."""
        return "|".join((self.title, *self.heads.values()))

    @property
    def columns(self) -> list[int]:
        """Columns that hold figures."""
        return sorted({column for entry in self.entries for column in entry.figures})


def ledgers(facts: Facts) -> list[Ledger]:
    """All tables of the document that hold figures under words."""
    if "ledgers" not in facts.memory:
        read = (_ledger(facts, index, table) for index, table in enumerate(facts.mined.tables))
        facts.memory["ledgers"] = [ledger for ledger in read if ledger is not None]
    found: list[Ledger] = facts.memory["ledgers"]
    return found


def _ledger(facts: Facts, index: int, table: Table) -> Ledger | None:
    rows: Rows = defaultdict(list)
    for cell in sorted(table.cells, key=attrgetter("row", "column")):
        rows[cell.row].append((cell, squeeze(facts.quiet[cell.start : cell.end])))
    rows = _unglued(rows)
    first = next((row for row, cells in rows.items() if _opens(cells)), None)
    if first is None:
        return None
    heads = _heads(table, rows, first)
    kinds = _Columns(heads)
    entries = [
        entry for row, cells in rows.items() if row >= first for entry in _entries((index, table.unit), kinds, cells)
    ]
    if not any(entry.figures for entry in entries) or _has_strays(entries):
        return None
    return Ledger(index, _title(facts, table), heads, tuple(entries), table.unit)


def _unglued(rows: Rows) -> Rows:
    """The rows, a first one of double width cut in two: head and first row that no blank line kept apart."""
    width = Counter(len(cells) for cells in rows.values()).most_common(1)[0][0] if rows else 0
    first = next(iter(rows), 0)
    if width < 2 or len(rows) < 3 or len(rows[first]) != 2 * width:
        return rows
    cells = rows.pop(first)
    below = [(replace(cell, column=place), text) for place, (cell, text) in enumerate(cells[width:])]
    return {first - 1: [(replace(cell, row=first - 1), text) for cell, text in cells[:width]], first: below, **rows}


def _title(facts: Facts, table: Table) -> str:
    """The caption of a table; where that is no title, the nearest line above that is one."""
    if "表" in table.caption:
        return squeeze(table.caption)
    above = facts.quiet[max(0, table.start - _BEFORE) : table.start].split("\n")
    titles = [squeeze(line) for line in above[1:] if re.search(r"表(?:\(|$)", squeeze(line))]
    return titles[-1] if titles else squeeze(table.caption)


def _opens(cells: Cells) -> bool:
    """Whether a row is the first with figures: none of its figures is a head and they are no 栏次."""
    numbers = [text for cell, text in cells if not cell.is_header and _NUMBER.fullmatch(text)]
    return bool(numbers) and not are_ordinals([number_of(text) for text in numbers])


def _heads(table: Table, rows: Rows, first: int) -> dict[int, str]:
    """The words over every column, from the top down, joined by `|`."""
    words: dict[int, list[str]] = defaultdict(list)
    for cell, text in (pair for row in sorted(rows) if row < first for pair in rows[row]):
        if text and not _NUMBER.fullmatch(text) and cell.colspan < table.columns:
            for column in range(cell.column, cell.column + cell.colspan):
                words[column].append(text)
    return {column: "|".join(dict.fromkeys(parts)) for column, parts in words.items()}


def number_of(text: str) -> Decimal:
    """A number as printed, thousands separators or not."""
    return Decimal(text.replace(",", ""))


def are_ordinals(numbers: list[Decimal]) -> bool:
    """栏次: 1, 2, 3 under a head."""
    whole = all(number == number.to_integral_value() for number in numbers)
    return len(numbers) > 1 and whole and all(b - a == 1 for a, b in pairwise(numbers))


class _Columns:
    """Columns by their heads: those of codes, and those whose numbers are no figures."""

    def __init__(self, heads: dict[int, str]) -> None:
        words = heads.items()
        self.codes = {i for i, head in words if "编码" in head or _CODE_WORDS.search(head.rpartition("|")[2])}
        self.bare = {i for i, head in words if _NO_FIGURES.search(head)}


def _entries(place_of: tuple[int, str], columns: _Columns, cells: Cells) -> Iterator[Entry]:
    """The entries of one row: a code or a label behind figures opens the next."""
    first = cells[0][0]
    code, label, printed, place = "", "", "", first.column
    figures: dict[int, Amount] = {}
    for cell, text in cells:
        if not text:
            continue
        is_code = cell.column in columns.codes and text.isdigit()
        if is_code or not _NUMBER.fullmatch(text):
            if figures:
                yield Entry(cell.row, place, code, label, printed, figures)
                code, label, printed, place, figures = "", "", "", cell.column, {}
            if is_code:
                code = joined(code, text)
            else:
                glued = _GLUED.match(text)
                code, label = (glued[1], text[glued.end() :]) if glued else (code, _MARKS.sub("", text))
                printed = text
        elif cell.colspan == cell.rowspan == 1 and cell.column not in columns.bare:
            figures[cell.column] = _amount(place_of, cell, text, label)
    if code or label or figures:
        yield Entry(first.row, place, code, label, printed, figures)


def joined(code: str, text: str) -> str:
    """A code that stands in cells of 类, 款 and 项, whose zeros may be lost."""
    if not code or len(text) >= len(code) + 2:
        return text
    return code + text.zfill(2)


def _amount(place_of: tuple[int, str], cell: Cell, text: str, label: str) -> Amount:
    index, unit = place_of
    value = number_of(text)
    factor = _FACTORS.get(unit, 1)
    place = (cell.start, cell.end, index, cell.row, cell.column)
    return Amount(value, unit, value * factor, AmountRole.OTHER, label, "", "", "", *place)


def _has_strays(entries: list[Entry]) -> bool:
    """Whether cells slid: two numbered lines in one, or a small whole number among figures that all have decimals."""
    if any(_TWO_LINES.match(entry.printed) for entry in entries):
        return True
    columns: dict[int, list[Decimal]] = defaultdict(list)
    for entry in entries:
        for column, figure in entry.figures.items():
            columns[column].append(figure.value)
    for values in columns.values():
        whole = [value for value in values if "." not in format(value, "f")]
        odd = sum(0 < value < len(entries) * 2 for value in whole)
        if odd and sum(map(bool, values)) - sum(map(bool, whole)) > 2 * odd:
            return True
    return False


def children(entries: tuple[Entry, ...], column: int) -> Iterator[tuple[Entry, list[Entry], bool]]:
    """Parents of coded entries with the entries directly under them in one column, and whether the list is complete
    for sure: the last of a table may go on behind it.
    """
    coded = [entry for entry in entries if _CODE.fullmatch(entry.code)]
    for i, parent in enumerate(coded):
        below = []
        ended = False
        for entry in (entry for entry in coded[i + 1 :] if entry.place == parent.place):
            if not entry.code.startswith(parent.code) or entry.code == parent.code:
                ended = True
                break
            if len(entry.code) == len(parent.code) + 2:
                below.append(entry)
        if below and column in parent.figures:
            yield parent, below, ended or has_total(entries, coded[-1])


def has_total(entries: tuple[Entry, ...], last: Entry) -> bool:
    """Whether a total stands behind an entry, so that the table ends there."""
    return any(is_total(entry) for entry in entries[entries.index(last) + 1 :])


def is_total(entry: Entry) -> bool:
    """Whether an entry is the total of its ledger."""
    return not entry.code and re.fullmatch(r"(?:本年)?(?:收入|支出)?[合总]计|总合计", entry.label) is not None


def tops(entries: tuple[Entry, ...]) -> list[Entry]:
    """The classes of a coded ledger."""
    return [entry for entry in entries if len(entry.code) == _CLASS and _CODE.fullmatch(entry.code)]


def is_functional(ledger: Ledger) -> bool:
    """Whether the codes of a ledger are of the functional classification."""
    codes = [entry.code for entry in ledger.entries if _CODE.fullmatch(entry.code)]
    return len(codes) > 1 and all(code[0] == "2" for code in codes)


def is_economic(ledger: Ledger) -> bool:
    """Whether the codes of a ledger are of the economic classification of departments."""
    codes = [entry.code for entry in ledger.entries if _CODE.fullmatch(entry.code)]
    return len(codes) > 1 and all(code[0] == "3" and len(code) <= _ITEM for code in codes)
