"""Harder copies of corpus documents: what Word, spreadsheets saved as pages, workbooks and printers do to tables.

Same shape as the writers of formats.py: content to bytes; see `VARIANTS`.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator
from typing import Any

from dutymine.model import Cell
from formats import Block, Writer, as_pdf, fill_docx, fill_sheet, heads, td, unmerged

_NUMERALS = "零一二三四五六七八九十"
_MARKER = re.compile(r"（([一二三四五六七八九十]{1,3})）|(\d{1,2})[.．]\s*(?!\d)")
_WIDTH = 24  # columns of a page that a spreadsheet wrote
_UNIT_LINE = re.compile(r"\s*(?:金额)?单位[:：]\s*(万元|元)\s*")
_MONEY_HEADER = re.compile(r"金额|预算数|决算数|合计|支出|拨款|预算|单价|执行数|资金")


def _value(numeral: str) -> int:
    """1 for 一, 11 for 十一, 21 for 二十一."""
    tens, ten, ones = numeral.rpartition("十")
    return (_NUMERALS.index(tens) if tens else 1 if ten else 0) * 10 + (_NUMERALS.index(ones) if ones else 0)


def numbered_docx(content: list[Block]) -> bytes:
    """Word counts: markers of running lists are numbering and no text."""
    import docx  # noqa: PLC0415

    document = docx.Document()
    part = document.part.numbering_part.element
    last: dict[str, tuple[int, int]] = {}  # format: value and list of the item before
    for block in content:
        match = None if block.table else _MARKER.match(block.text)
        if match is None:
            fill_docx(document, [block])
            continue
        form = "chineseCounting" if match[1] else "decimal"
        shown = "（%1）" if match[1] else "%1" + block.text[len(match[2])]
        value = _value(match[1]) if match[1] else int(match[2])
        before, number = last.get(form, (0, 0))
        if value != before + 1 or not number:
            number = _list(part, (form, shown), value)
        last[form] = (value, number)
        paragraph = document.add_paragraph(block.text[match.end() :])
        properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val, properties.get_or_add_numId().val = 0, number
    return _saved(document)


def _list(part: Any, look: tuple[str, str], start: int) -> int:
    """A new list of one level in the numbering part; returns its number."""
    from docx.oxml import parse_xml  # noqa: PLC0415
    from docx.oxml.ns import nsdecls, qn  # noqa: PLC0415

    number = 1000 + len(part)
    form, shown = look
    level = (
        f'<w:lvl w:ilvl="0"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{shown}"/></w:lvl>'
    )
    abstract = parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}">{level}</w:abstractNum>')
    part.insert(0, abstract)  # before the lists that use it
    used = parse_xml(f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>')
    part.append(used)
    assert used.tag == qn("w:num")
    return number


def nested_docx(content: list[Block]) -> bytes:
    """A form: everything stands in the one cell of a table, tables inside it."""
    import docx  # noqa: PLC0415

    document = docx.Document()
    fill_docx(document.add_table(1, 1).cell(0, 0), content)
    return _saved(document)


def _saved(document: Any) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def sheet_html(content: list[Block]) -> bytes:
    """A spreadsheet saved as a page: one table of many columns, cells spread over them, paragraphs in the first one."""
    rows = []
    for block in content:
        if block.table is None:
            rows.append(f"<tr><td>{html.escape(block.text)}</td>{'<td></td>' * (_WIDTH - 1)}</tr>")
            continue
        rows += _spread(block)
        rows.append(f"<tr>{'<td></td>' * _WIDTH}</tr>")
    head = "<html xmlns:x='urn:schemas-microsoft-com:office:excel'><head><meta charset='utf-8'></head><body><table>"
    return f"{head}{''.join(rows)}</table></body></html>".encode()


def _spread(block: Block) -> Iterator[str]:
    """A table's rows over the columns of a finer grid."""
    assert block.table is not None
    edges = [round(i * _WIDTH / block.table.columns) for i in range(block.table.columns + 1)]
    for cells in unmerged(block.table):
        yield f"<tr>{''.join(td(block, cell, column, edges) for column, cell in cells)}</tr>"


def sheets_xlsx(content: list[Block]) -> bytes:
    """A workbook of a sheet for each table, called by its caption, the unit of money in its headers."""
    import openpyxl  # noqa: PLC0415

    book = openpyxl.Workbook()
    sheet, row = book.active, 1
    for number, block in enumerate(content):
        table = block.table or (content[number + 1].table if number + 1 < len(content) else None)
        stated = _UNIT_LINE.fullmatch(block.text) if block.table is None else None
        if stated and table and _money_headers(content[number + 1]):
            continue
        if block.table is None:
            row = fill_sheet(sheet, block, row)
            continue
        unit = _UNIT_LINE.fullmatch(content[number - 1].text) if number else None
        name = re.sub(r"[\\/*?:\[\]]", "", block.table.caption)[:20]
        sheet = book.create_sheet(f"{name}{len(book.sheetnames)}" if name else None)
        fill_sheet(sheet, block, 1)
        for cell in _money_headers(block) if unit else ():
            sheet.cell(cell.row + 1, cell.column + 1).value += f"（{unit[1]}）" if unit else ""
        sheet, row = book.create_sheet(), 1
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _money_headers(block: Block) -> list[Cell]:
    """Headers of columns of money in the lowest header row of a table."""
    assert block.table is not None
    last = heads(block.table) - 1
    return [
        cell
        for cell in block.table.cells
        if cell.is_header and cell.row <= last < cell.row + cell.rowspan and _MONEY_HEADER.search(block.shown(cell))
    ]


def printed_pdf(content: list[Block]) -> bytes:
    """Small pages: most tables run over one, their headers come again on each."""
    return as_pdf(content, height=420, repeat=True)


def form_html(content: list[Block]) -> bytes:
    """A form: one table, paragraphs in cells over its whole width."""
    rows = []
    for block in content:
        if block.table is None:
            rows.append(f"<tr><td colspan='{_WIDTH}'>{html.escape(block.text)}</td></tr>")
        else:
            rows += _spread(block)
    return f"<html><head><meta charset='utf-8'></head><body><table>{''.join(rows)}</table></body></html>".encode()


VARIANTS: dict[str, Writer] = {
    "docx, numbered": numbered_docx,
    "docx, nested": nested_docx,
    "html of a sheet": sheet_html,
    "html, a form": form_html,
    "xlsx, a sheet a table": sheets_xlsx,
    "pdf, small pages": printed_pdf,
}
