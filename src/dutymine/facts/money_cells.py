"""Sums of money in table cells: the unit stands in the column's header, the caption or a label cell, never guessed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from dutymine.facts.amounts import Context
from dutymine.facts.indicators import is_indicator_band
from dutymine.facts.quantities import YUAN, number
from dutymine.facts.roles import Cue, cue
from dutymine.layout.columns import Column, header_kind, is_header, money_unit
from dutymine.layout.grids import Band, Grid
from dutymine.layout.headings import classify
from dutymine.layout.pairs import key_values
from dutymine.model import Amount, AmountRole, Cell, Reject, Section, SectionKind, Table, Threshold, ThresholdKind
from dutymine.text import squeeze

_NUMBER = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_WITH_UNIT = re.compile(r"(-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(万元|亿元|元)")
_CODE = re.compile(r"\d{3,7}")
_MONEY = frozenset({"amount", "price"})
_LABELS = frozenset({"label", "item", "organisation", "project", "", "source_of_funds", "name"})
_TOTAL = re.compile(r"(?:本年)?(?:合计|总计|小计|共计)[:]?|合计.{0,6}|[^，。]{0,24}小计")
_INLINE = re.compile(r"\s*(?:其中:)?([\u4e00-\u9fff]{2,10}):\s*(\d[\d,]*(?:\.\d+)?)\s*")
_YEAR_FUNDS = re.compile(r"(?:年度|项目|全年)?资金(?:总额|合计)|年度总额")
# `一般公共服务支出` is one function's sum, `支出合计` and `本年支出` are totals.
_WHOLE = re.compile(
    r"(?:本年|部门|年度|全年|当年)?(?:财政拨款)?(?:预算)?(?:收入|支出)(?:预算|决算)?(?:总?合?计|总额|数)?(?:\(.*\))?"
)
_LEAD = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十\d]{1,2}\)|\d{1,2}[.、]|其中:?|加:|减:|[#*])+"
)
_LAST_YEAR = re.compile(r"上年(?!结[转余])|去年")
_UNIT = re.compile(r"\((?:单位:?)?[万亿]?元\):?$")
_TAIL = re.compile(r"\(.{0,12}\)$")
_UNIT_LINE = 60
_HAN = re.compile(r"[\u4e00-\u9fff]")
_PLAIN_HEADER = re.compile(r"金额.{0,6}|预算数.{0,6}")
_CHANGE = re.compile(r"增减|增加|减少|变动|变化")


@dataclass(frozen=True, slots=True)
class _Place:
    """A table with where it stands."""

    grid: Grid
    table: Table
    number: int
    section: SectionKind


def cell_amounts(
    context: Context, grids: Sequence[Grid], kinds: Sequence[SectionKind]
) -> tuple[list[Amount], list[Reject]]:
    """Sums in the cells of all tables, and the tables whose unit nothing states; `kinds` are the tables' sections."""
    amounts: list[Amount] = []
    rejects: list[Reject] = []
    for number_of, (grid, kind) in enumerate(zip(grids, kinds, strict=True)):
        found, lost = _table(context, _Place(grid, grid.table, number_of, _kind(context, grid.table, kind)))
        amounts += found
        rejects += lost
    return amounts, rejects


def _kind(context: Context, table: Table, section: SectionKind) -> SectionKind:
    """What a table is about: its caption says, else its section."""
    kind, known, _ = classify(table.caption, context.settings)
    general = (SectionKind.OTHER, SectionKind.PERFORMANCE, SectionKind.DUTIES, SectionKind.INSTITUTIONS)
    return kind if known and kind not in general and "收支" not in table.caption else section


def _table(context: Context, place: _Place) -> tuple[list[Amount], list[Reject]]:
    amounts: list[Amount] = []
    rejects: list[Reject] = []
    rows, words = place.grid.rows, place.grid.words
    money_rows: set[int] = set()
    scored_rows: set[int] = set()
    for band in place.grid.bands:
        columns = [i for i, column in enumerate(band.columns) if column.kind in _MONEY]
        scored_rows.update(band.rows if is_indicator_band(band.columns) else ())
        if columns:
            money_rows.update(band.rows)
        else:
            continue
        shared = next((column.unit for column in band.columns if column.kind in _MONEY and column.unit), "")
        if shared and not place.table.unit:  # `项目资金（万元）` heads the sums beside it
            band = replace(band, columns=tuple(replace(c, unit=c.unit or shared) for c in band.columns))
        lost = [i for i in columns if not (band.columns[i].unit or place.table.unit)]
        if lost and any(
            cell.column in lost and _NUMBER.fullmatch(word)
            for row in band.rows
            for cell, word in zip(rows[row], words[row], strict=True)
        ):
            rejects.append(Reject("amounts", "no_unit", place.table.caption[:60], place.table.start, place.table.end))
        for row in band.rows:
            if not _counts_columns(words[row]):
                amounts += _row(context, place, band, row)
    unit = place.table.unit
    for row, (cells, texts) in enumerate(zip(rows, words, strict=True)):
        unit = next((u for word in texts if (u := money_unit(word))), unit)
        scores = row in scored_rows and bool(cells) and _TOTAL.fullmatch(texts[0])
        if row not in money_rows and not scores and not any(cell.is_header for cell in cells):
            amounts += _key_values(context, place, row, unit)
    return amounts, rejects


def _counts_columns(words: Sequence[str]) -> bool:
    """A row that only numbers the columns (`栏次 | 1 | 2 | 3`)."""
    numbers = [int(word) for word in words if word.isdecimal()]
    rest = [word for word in words if word and not word.isdecimal() and word not in ("栏次", "行次", "栏目", "合计")]
    return (
        not rest
        and bool(numbers)
        and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        and len(numbers) + 2 >= sum(map(bool, words))
    )


def _row(context: Context, place: _Place, band: Band, row: int) -> Iterator[Amount]:
    """Sums of one row: every number under a money column whose unit is known."""
    words = place.grid.words[row]
    known = [
        (band.columns[cell.column], cell, word)
        for cell, word in zip(place.grid.rows[row], words, strict=True)
        if cell.column < len(band.columns)
    ]
    code = next((word for column, _, word in known if column.kind == "code"), "")
    for i, (column, cell, bare) in enumerate(known):
        if column.kind not in _MONEY:
            continue
        own = _WITH_UNIT.fullmatch(bare)
        if not (own or _NUMBER.fullmatch(bare)):
            continue
        unit = own[2] if own else column.unit or place.table.unit
        if not unit:
            continue
        label = _row_label(known[:i])
        role = _role(context, place, label, column)
        if is_indicator_band(band.columns):
            role = AmountRole.PROJECT_ITEM
        amount = _amount(context, cell, own[1] if own else bare, unit, role)
        yield replace(
            amount,
            role_label="/".join(part for part in (label, _header(column)) if part),
            table=place.number,
            row=cell.row,
            column=cell.column,
            period=_period(context, place, column, role),
            subject_code=code if _CODE.fullmatch(code) else "",
            direction=_direction(amount, role),
        )


def _direction(amount: Amount, role: AmountRole) -> str:
    if not role.startswith("change_"):
        return ""
    return "0" if amount.value == 0 else "-" if amount.value < 0 else "+"


def _amount(context: Context, cell: Cell, word: str, unit: str, role: AmountRole) -> Amount:
    value = number(word)
    assert value is not None
    return Amount(value, unit, value * YUAN[unit], role, "", "", "", "", cell.start, cell.end)


def _row_label(before: Sequence[tuple[Column, Cell, str]]) -> str:
    """The nearest words to the left that are a label."""
    for column, _, bare in reversed(before):
        if (column.kind in _LABELS or column.kind in _MONEY) and _HAN.search(bare):
            return _LEAD.sub("", bare)
    return ""


def _header(column: Column) -> str:
    return "/".join(part for part in column.path if not _PLAIN_HEADER.fullmatch(part))


_PROJECTS = re.compile(
    r"^[^基收]*项目支出[^基]*(?:明细|一览|安排|情况|清单|预算)?表|^[^基收]*项目(?:资金|经费|预算)?(?:明细|一览|清单)"
)


def _role(context: Context, place: _Place, label: str, column: Column) -> AmountRole:
    """Role by what the table is about, then the row's label, then by the column where the row is a total."""
    header = "".join(column.path)
    total = bool(_TOTAL.fullmatch(label))
    if place.section is SectionKind.PROCUREMENT:
        if "预算资金" in header or "项目预算" in header:
            return AmountRole.OTHER
        return AmountRole.PROCUREMENT_TOTAL if total or not label else AmountRole.PROCUREMENT_ITEM
    if place.section is SectionKind.INDICATORS_PROJECT:
        return AmountRole.PROJECT_ITEM
    if _PROJECTS.search(place.table.caption) and label and not place.section.startswith("indicators"):
        return AmountRole.EXPENDITURE_PROJECT if total else AmountRole.PROJECT_ITEM
    section = _side(header) or place.section
    found = cue(_TAIL.sub("", label), section, context.settings)
    if section is SectionKind.ASSETS:
        whole = found is not None and found.role in (AmountRole.ASSETS_TOTAL, AmountRole.ASSETS_PLANNED)
        return found.role if found and whole and "其他" not in label else AmountRole.ASSETS_ITEM
    if total or not label:
        found = _column_cue(column, section, context) or found
        return (
            AmountRole.CHANGE_OTHER if found and _CHANGE.search(header) else found.role if found else AmountRole.OTHER
        )
    if found is None:
        task = place.section is SectionKind.INDICATORS_DEPARTMENT and "总额" in header
        other = AmountRole.PROJECT_ITEM if task else AmountRole.OTHER
        return AmountRole.EXPENDITURE_TOTAL if _YEAR_FUNDS.fullmatch(label) else other
    if _CHANGE.search(header):
        return AmountRole.CHANGE_OTHER
    sums = (AmountRole.INCOME_TOTAL, AmountRole.EXPENDITURE_TOTAL)
    return AmountRole.OTHER if found.role in sums and not _WHOLE.fullmatch(label) else found.role


def _side(header: str) -> SectionKind | None:
    """Income or expenditure where the header over a column says so (`本年收入 | 本年支出` side by side)."""
    income, expenditure = "收入" in header, "支出" in header
    if income == expenditure:
        return None
    return SectionKind.INCOME if income else SectionKind.EXPENDITURE


def _column_cue(column: Column, section: SectionKind, context: Context) -> Cue | None:
    """What a column's header names, from the lowest row up; of totals (`小计`) only the section says of what."""
    for part in reversed(column.path):
        found = None if _TOTAL.fullmatch(part) else cue(_TAIL.sub("", part), section, context.settings)
        if found and not (
            found.role is AmountRole.THREE_PUBLIC_TOTAL and len(column.path) > 1 and part in ("预算数", "决算数")
        ):
            return found
    return cue("合计", section, context.settings) if column.path and _TOTAL.fullmatch(column.path[-1]) else None


def _period(context: Context, place: _Place, column: Column, role: AmountRole) -> str:
    year = context.year
    if year is None:
        return ""
    header = "".join(column.path)
    if role is AmountRole.CHANGE_OTHER:
        return f"{year}-{year - 1}"
    stated = re.search(r"20\d\d", header)
    if stated:
        return stated[0]
    if _LAST_YEAR.search(header):
        return str(year - 1)
    if place.section is SectionKind.ASSETS and role is not AmountRole.ASSETS_PLANNED:
        above = context.quiet[max(0, place.table.start - 200) : place.table.start] + place.table.caption
        stated = re.search(r"(20\d\d)年(?:12月|末|底)", above)
        return stated[1] if stated else str(year - 1)
    return str(year)


def _key_values(context: Context, place: _Place, row: int, unit: str) -> Iterator[Amount]:
    """`预算金额(万元) | 230.00` in rows outside a header's columns: the budget of a project."""
    year = str(context.year or "")
    for cell in place.grid.rows[row] if unit else ():
        inline = _INLINE.fullmatch(context.quiet, cell.start, cell.end)
        role = _inline_role(inline[1], place, context) if inline else None
        if inline and role:
            sized = replace(cell, start=inline.start(2), end=inline.end(2))
            amount = _amount(context, sized, inline[2], unit, role)
            yield replace(
                amount, role_label=inline[1], table=place.number, row=cell.row, column=cell.column, period=year
            )
    for cell, (label, bare) in zip(place.grid.rows[row][1:], pairwise(place.grid.words[row]), strict=False):
        own = _WITH_UNIT.fullmatch(bare)
        if not (own or _NUMBER.fullmatch(bare)):
            continue
        name = _LEAD.sub("", label)
        if not _is_money_key(name, bare, context):
            continue
        stated = own[2] if own else money_unit(name) or unit
        if stated:
            amount = _amount(context, cell, own[1] if own else bare, stated, AmountRole.PROJECT_ITEM)
            yield replace(amount, role_label=name, table=place.number, row=cell.row, column=cell.column, period=year)


def _inline_role(label: str, place: _Place, context: Context) -> AmountRole | None:
    """The role of a sum whose key stands in its own cell (`资金总额：1286.40`); None where the key names no sum."""
    if _YEAR_FUNDS.fullmatch(label):
        project = place.section is SectionKind.INDICATORS_PROJECT
        return AmountRole.PROJECT_ITEM if project else AmountRole.EXPENDITURE_TOTAL
    found = cue(label, place.section, context.settings)
    return found.role if found else None


def _is_money_key(name: str, value: str, context: Context) -> bool:
    """Whether a cell is the key of a sum: a money header, in full or over a figure that is written as money."""
    bare = _UNIT.sub("", name).strip(":")
    if header_kind(bare, context.settings) != "amount":
        return False
    return is_header(bare, context.settings) or "." in value or "," in value


def keyed_amounts(context: Context, sections: Sequence[Section], tables: Sequence[Table]) -> Iterator[Amount]:
    """`预算金额（万元）：845.50` outside tables, in the sections of projects; the unit stands in the key or above."""
    for section in sections:
        if section.kind not in (SectionKind.INDICATORS_PROJECT, SectionKind.INDICATORS_DEPARTMENT):
            continue
        for found in key_values(context.quiet, section.body, section.end, context.settings):
            word = squeeze(context.quiet[slice(*found.value)])
            if (
                found.kind != "amount"
                or not _NUMBER.fullmatch(word)
                or any(t.start <= found.value[0] < t.end for t in tables)
            ):
                continue
            key = squeeze(context.quiet[slice(*found.key)])
            unit = money_unit(key) or _unit_above(context.quiet, section.body, found.key[0])
            value = number(word)
            if unit and value is not None:
                year = str(context.year or "")
                yield Amount(value, unit, value * YUAN[unit], AmountRole.PROJECT_ITEM, key, year, "", "", *found.value)


def _unit_above(quiet: str, start: int, position: int) -> str:
    """The unit that a line of the section above states (`金额单位：元`)."""
    lines = [line for line in quiet[start:position].split("\n") if "单位" in line and len(line) < _UNIT_LINE]
    return next((unit for line in reversed(lines) if (unit := money_unit(squeeze(line)))), "")


def split_amounts(context: Context, thresholds: Sequence[Threshold]) -> Iterator[Amount]:
    """Sums that bounds over several cells state (`≤ | 56 | 万元`)."""
    for threshold in thresholds:
        unit = threshold.unit.partition("/")[0]
        if threshold.kind is not ThresholdKind.SPLIT or unit not in YUAN:
            continue
        for match in _NUMBER.finditer(context.quiet, threshold.start, threshold.end):
            value = number(match[0])
            if value is not None:
                year = str(context.year or "")
                yield Amount(
                    value,
                    unit,
                    value * YUAN[unit],
                    AmountRole.INDICATOR_VALUE,
                    threshold.subject,
                    year,
                    "",
                    "",
                    *match.span(),
                )
