"""Purchase lines of procurement tables; totals and blank rows are none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from dutymine.facts.quantities import number
from dutymine.layout.columns import Column
from dutymine.layout.grids import Band, Grid
from dutymine.model import Cell, Document, Purchase
from dutymine.text import squeeze

_TOTAL = re.compile(r".{0,24}(?:合计|小计|总计|共计)")
_LINE = frozenset({"code", "quantity", "price"})
_BOUGHT = re.compile(r"采购项目|采购标的|采购事项|物品|品名|名称")
_TOTAL_COLUMN = re.compile(r"合计|小计|总额|总价|采购金额|金额")


def purchases(document: Document, quiet: str, grids: Sequence[Grid]) -> tuple[Purchase, ...]:
    """Purchase lines in order of position, with amounts in the table's unit."""
    return tuple(
        purchase
        for number_of, grid in enumerate(grids)
        for band in grid.bands
        for purchase in _band(document, quiet, (number_of, grid), band)
    )


def _band(document: Document, quiet: str, place: tuple[int, Grid], band: Band) -> Iterator[Purchase]:
    kinds = [column.kind for column in band.columns]
    if "item" not in kinds and {"quantity", "price"} <= set(kinds):  # `采购项目 | 单位 | 数量 | 单价 | 金额`
        kinds = ["item" if _BOUGHT.fullmatch("".join(column.path[-1:])) else column.kind for column in band.columns]
    if "item" not in kinds or not _LINE & set(kinds):
        return
    columns = {kind: kinds.index(kind) for kind in set(kinds) - {""}}
    columns["amount"] = _amount_column(band.columns)
    columns.setdefault("source_of_funds", columns.get("project", -1))
    rows = place[1].rows
    source = ""
    for row in band.rows:
        cells = {cell.column: cell for cell in rows[row]}
        words = {kind: _text(document, cells.get(column)) for kind, column in columns.items()}
        if any(_TOTAL.fullmatch(squeeze(quiet[cell.start : cell.end])) for cell in rows[row][:3]) or not words["item"]:
            continue
        source = words["source_of_funds"] or source
        if any(words.get(kind) for kind in ("code", "quantity", "price", "amount")):
            yield _purchase(words | {"source_of_funds": source}, (place[0], row), rows[row])


def _amount_column(columns: Sequence[Column]) -> int:
    """The column of a line's whole sum: of several money columns the total, else the last that is no budget."""
    sums = [i for i, column in enumerate(columns) if column.kind == "amount" and "预算资金" not in "".join(column.path)]
    named = [i for i in sums if columns[i].path and _TOTAL_COLUMN.search(columns[i].path[-1])]
    return next(iter(named or sums), -1)


def _text(document: Document, cell: Cell | None) -> str:
    return squeeze(document.text[cell.start : cell.end]) if cell else ""


def _purchase(words: dict[str, str], place: tuple[int, int], cells: Sequence[Cell]) -> Purchase:
    filled = [cell for cell in cells if cell.start < cell.end]
    return Purchase(
        table=place[0],
        row=place[1],
        source_of_funds=words["source_of_funds"],
        item=words["item"],
        code=words.get("code", ""),
        unit=words.get("unit", ""),
        quantity=_number(words.get("quantity", "")),
        unit_price=_number(words.get("price", "")),
        amount=_number(words.get("amount", "")),
        start=min(cell.start for cell in filled),
        end=max(cell.end for cell in filled),
    )


def _number(word: str) -> Decimal | None:
    return number(word) if re.fullmatch(r"-?\d[\d,]*(?:\.\d+)?", word) else None
