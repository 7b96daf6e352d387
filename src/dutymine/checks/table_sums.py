"""R09, R16, R31, R38: sums inside tables, new names of old parts, planned assets."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from itertools import pairwise

from dutymine.checks.facts import Facts
from dutymine.checks.figures import firsts, sentences, shown
from dutymine.checks.tables import flat_totals, proved
from dutymine.model import AmountRole, Cell, Finding, Outcome, Severity, Table, Verdict
from dutymine.text import plain, squeeze

R = AmountRole
_NOT_APPLICABLE = Verdict(Outcome.NOT_APPLICABLE)
_NUMBER = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|-?\d+(?:\.\d+)?")
_TOTAL = frozenset({"合计", "总计", "小计", "本年支出合计", "支出合计", "本年收入合计", "收入合计"})
_MOST_COLUMNS = 40
# Columns that make the total of a row: all of the first must be there, any of the second may.
_PARTS = (
    (("基本支出", "项目支出"), ("上缴上级支出", "经营支出", "事业单位经营支出", "对附属单位补助支出")),
    (
        ("财政拨款收入", "其他收入"),
        *(("上级补助收入", "事业收入", "经营收入", "事业单位经营收入", "附属单位上缴收入", "附属单位缴款"),),
    ),
    (("人员经费", "公用经费"), ()),
    (("一般公共预算", "政府性基金预算"), ("国有资本经营预算",)),
    (("一般公共预算财政拨款", "政府性基金预算财政拨款"), ("国有资本经营预算财政拨款",)),
)
_SOURCES = frozenset(
    {
        *(
            "一般公共预算拨款",
            "基金预算拨款",
            "政府性基金预算拨款",
            "国有资本经营预算拨款",
            "财政专户核拨",
            "其他来源收入",
        ),
        *("一般公共预算资金", "上年结转资金", "财政专户管理资金", "单位资金"),
    }
)


def _value(text: str) -> Decimal | None:
    """The number of a cell; None where it is blank or no number."""
    if not _NUMBER.fullmatch(text):
        return None
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None


def _half(value: Decimal) -> Decimal:
    exponent = value.as_tuple().exponent
    return Decimal(1).scaleb(min(exponent if isinstance(exponent, int) else 0, 0)) / 2


def _columns(facts: Facts, table: Table) -> dict[str, list[int]]:
    """Columns by the words of their lowest header cell."""
    lowest: dict[int, Cell] = {}
    for cell in table.cells:
        below = cell.column not in lowest or cell.row > lowest[cell.column].row
        if cell.is_header and cell.start < cell.end and cell.colspan == 1 and below:
            lowest[cell.column] = cell
    found: dict[str, list[int]] = defaultdict(list)
    for column, cell in lowest.items():
        found[squeeze(facts.quiet[cell.start : cell.end])].append(column)
    return found


def _sums(
    facts: Facts, table: Table, whole: int, parts: list[int]
) -> Iterator[tuple[tuple[int, int], Decimal, list[Decimal]]]:
    """Rows whose whole and parts are numbers (a blank part is none): span, total, parts."""
    rows: dict[int, dict[int, Cell]] = defaultdict(dict)
    for cell in table.cells:
        if not cell.is_header and cell.rowspan == cell.colspan == 1:
            rows[cell.row][cell.column] = cell
    for row in rows.values():
        cells = [row.get(column) for column in (whole, *parts)]
        texts = ["" if cell is None else squeeze(facts.quiet[cell.start : cell.end]) for cell in cells]
        numbers = [_value(text) for text in texts]
        stated = [number for number in numbers[1:] if number is not None]
        blank = all(number is not None or text in ("", "-", "--") for number, text in zip(numbers, texts, strict=True))
        if numbers[0] is not None and len(stated) == len(parts) and _are_column_numbers([numbers[0], *stated]):
            continue
        if numbers[0] is not None and stated and blank:
            held = [cell for cell in cells if cell is not None]
            yield (min(cell.start for cell in held), max(cell.end for cell in held)), numbers[0], stated


def _are_column_numbers(numbers: list[Decimal]) -> bool:
    """栏次: 1, 2, 3 under a header."""
    return (
        all(b - a == 1 for a, b in pairwise(numbers)) and numbers[0] == numbers[0].to_integral_value() < _MOST_COLUMNS
    )


def _checked(facts: Facts, rule: str, what: str, columns: Callable[[dict[str, list[int]]], list[int]]) -> Verdict:
    """One rule over the rows of all tables; `columns` gives the whole and its parts, empty where a table has none."""
    findings, count, shown_one = [], 0, ""
    for table in facts.mined.tables:
        places = columns(_columns(facts, table))
        if len(places) < 3:
            continue
        for place, whole, parts in _sums(facts, table, places[0], places[1:]):
            count += 1
            slack = _half(whole) + sum((_half(part) for part in parts), Decimal(0))
            made = sum(parts, Decimal(0))
            computation = "+".join(plain(part) for part in parts) + f"={plain(made)}"
            shown_one = shown_one or computation
            if abs(made - whole) > slack:
                message = f"{what}不符：{computation}，表中为{plain(whole)}"
                findings.append(Finding(rule, Severity.ERROR, message, *place, computation=computation))
    if not count:
        return _NOT_APPLICABLE
    if len(findings) * 3 > count:  # the columns are not what they seem
        return Verdict(Outcome.COULD_NOT_RUN, f"{count}行中{len(findings)}行不等，列义不明")
    return Verdict(Outcome.FAIL if findings else Outcome.PASS, f"{count}行：{shown_one}…", findings=tuple(findings))


def _row_columns(found: dict[str, list[int]]) -> list[int]:
    totals = [column for name in _TOTAL for column in found.get(name, [])]
    for must, may in _PARTS:
        parts = [found.get(name, []) for name in (*must, *may)]
        if len(totals) == 1 and all(parts[: len(must)]) and all(len(part) < 2 for part in parts):
            return [totals[0], *(part[0] for part in parts if part)]
    return []


def _rows_and_columns(facts: Facts) -> Verdict:
    """Rows whose total is the sum of their columns, and columns of plain lists whose total is the sum of their rows."""
    rows = _checked(facts, "R16", "合计与各栏", _row_columns)
    columns = proved(facts, "R16", "合计行与各行", flat_totals(facts))
    told = [part for part in (rows, columns) if part.outcome is not Outcome.NOT_APPLICABLE]
    if len(told) < 2:
        return told[0] if told else _NOT_APPLICABLE
    outcomes = [part.outcome for part in told]
    best = next(kind for kind in (Outcome.FAIL, Outcome.PASS, Outcome.COULD_NOT_RUN) if kind in outcomes)
    computation = "；".join(part.computation for part in told)
    places = [item.start for item in columns.findings]  # what breaks a row and a column is told once
    across = [item for item in rows.findings if not any(item.start <= place < item.end for place in places)]
    return Verdict(best, computation, rows.used + columns.used, (*across, *columns.findings))


def _source_columns(found: dict[str, list[int]]) -> list[int]:
    totals = [column for name in ("合计", "采购金额", "金额") for column in found.get(name, [])]
    parts = [column for name, columns in found.items() if name in _SOURCES for column in columns]
    return [totals[0], *sorted(parts)] if len(totals) == 1 and len(parts) > 1 and totals[0] < min(parts) else []


def _renamed(facts: Facts) -> Verdict:
    """人员类 and 运转类公用 are what personnel and operating expenditure are called since 2021."""
    for sentence in sentences(facts):
        found = firsts(facts, sentence, (R.EXPENDITURE_BASIC, R.EXPENDITURE_PERSONNEL, R.EXPENDITURE_OPERATING))
        parts = [found[role] for role in (R.EXPENDITURE_PERSONNEL, R.EXPENDITURE_OPERATING) if role in found]
        if len(parts) == 2 and all("类" in part.role_label for part in parts) and R.EXPENDITURE_BASIC in found:
            whole = found[R.EXPENDITURE_BASIC]
            right = whole.yuan == sum(part.yuan for part in parts)
            computation = f"{shown(whole)}{'=' if right else '≠'}{shown(parts[0])}+{shown(parts[1])}"
            # a wrong sum is reported by R05
            return Verdict(Outcome.PASS if right else Outcome.COULD_NOT_RUN, computation, (whole.start,))
    return _NOT_APPLICABLE


_ASSETS = re.compile(r"A0[1-8]")


def _planned(facts: Facts) -> Verdict:
    """Assets to be bought are the purchase lines of asset classes."""
    planned = [item for item in facts.mined.amounts if item.role is R.ASSETS_PLANNED]
    lines = [item for item in facts.mined.purchases if _ASSETS.match(item.code) and item.amount]
    if len({item.yuan for item in planned}) != 1:
        return _NOT_APPLICABLE
    if not planned[0].yuan and not lines:
        return Verdict(Outcome.PASS, f"{shown(planned[0])}，无资产类采购", (planned[0].start,))
    units = {"元": 1, "万元": 10_000, "亿元": 100_000_000}
    tables = [facts.mined.tables[item.table].unit if item.table is not None else "" for item in lines]
    if any(unit not in units for unit in tables):
        return _NOT_APPLICABLE
    bought = sum(
        ((item.amount or Decimal(0)) * units[unit] for item, unit in zip(lines, tables, strict=True)), Decimal(0)
    )
    computation = f"{shown(planned[0])}，资产类采购{plain(bought / 10_000)}万元"
    if bought == planned[0].yuan:
        return Verdict(Outcome.PASS, computation, (planned[0].start,))
    return Verdict(Outcome.COULD_NOT_RUN, f"{computation}，品目是否属固定资产需人工判断", (planned[0].start,))


TABLE_SUMS: dict[str, Callable[[Facts], Verdict]] = {
    "R09": _renamed,
    "R16": _rows_and_columns,
    "R28": lambda facts: Verdict(Outcome.NOT_APPLICABLE, "与上年文件比较，见 drift"),
    "R31": lambda facts: _checked(facts, "R31", "金额与各项资金来源", _source_columns),
    "R38": _planned,
}
