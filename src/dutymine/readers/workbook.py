"""Workbooks (.xls and .xlsx): every sheet with its name, rows as tables, lines of one cell as paragraphs."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from dutymine.model import Document, Reject
from dutymine.readers.compose import Composer
from dutymine.readers.signature import UnreadableError
from dutymine.readers.workbook_formats import percent_cells
from dutymine.settings import Settings

MOST_CELLS = 2_000_000
_DEFAULT_NAME = re.compile(r"Sheet\s?\d*|工作表\s?\d*|Worksheet\s?\d*", re.IGNORECASE)
_DIGITS = 12  # significant: what lies behind them is how binary numbers are kept
_HAN_END = re.compile(r"[\u4e00-\u9fff，。；、：（]$")
_CUT_NUMBER = re.compile(r"\d[.,]\n\d|\d,\d{3}\n\.\d|,\d{0,2}\n\d{1,3}(?:[.,]\d+)*$")
_HAN_START = re.compile(r"^[\u4e00-\u9fff，。；、：）]")

_LIST_TOP = 12
_LIST_WORDS = frozenset(
    {
        "事项名称",
        "子项名称",
        "权力类型",
        "实施依据",
        "行使主体",
        "承办机构",
        "责任事项内容",
        "追责情形",
        "职权名称",
        "职权类型",
    }
)

Rows = list[list[str | None]]


def read(data: bytes, path: str, settings: Settings) -> Document:
    """The Document of a workbook; raises UnreadableError for a damaged or protected one."""
    import python_calamine  # noqa: PLC0415  only a workbook needs it

    form = "xlsx" if data.startswith(b"PK") else "xls"
    if form == "xlsx":
        from dutymine.readers.word import opened  # noqa: PLC0415  the same caps for every Office archive

        opened(data).close()
    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
        sheets = list(book.sheets_metadata)
    except python_calamine.PasswordError:
        raise UnreadableError("encrypted_file", "the workbook is protected by a password") from None
    except BaseException as error:  # the library raises plain errors, its own, and panics that are no Exception
        _let_through(error)
        raise UnreadableError("damaged_file", f"the workbook cannot be opened: {error}") from None
    percents = percent_cells(data) if form == "xlsx" else {}
    composer, left = Composer(), MOST_CELLS
    for sheet in sheets:
        if not str(sheet.typ).endswith("WorkSheet"):
            continue
        if not str(sheet.visible).endswith("Visible") or "Hidden" in str(sheet.visible):
            composer.rejects.append(
                Reject("read", "hidden_sheet", f"sheet {sheet.name} is hidden and was read all the same")
            )
        left = _sheet(composer, book, sheet.name, percents.get(sheet.name, frozenset()), left)
    if not any(part.strip() for part in composer.parts):
        raise UnreadableError("no_text", "the workbook holds no text")
    return composer.document(data, path, form)


def _let_through(error: BaseException) -> None:
    """Raise again what is no fault of the file: an interruption, the end of the program, no memory."""
    if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit | MemoryError):
        raise error


def _sheet(composer: Composer, book: Any, name: str, percents: frozenset[tuple[int, int]], left: int) -> int:
    """Append a sheet; returns how many cells may still be read."""
    try:
        sheet = book.get_sheet_by_name(name)
        height, width = int(sheet.total_height), int(sheet.total_width)
        if height * width > left:
            composer.rejects.append(Reject("read", "too_many_cells", f"sheet {name}: {height} × {width} cells"))
            return left
        raw = sheet.to_python(skip_empty_area=False)
        merges = sheet.merged_cell_ranges or []
    except BaseException as error:  # a sheet that breaks does not take the others with it
        _let_through(error)
        composer.rejects.append(Reject("read", "damaged_sheet", f"sheet {name}: {error}"))
        return left
    if not any(value not in ("", None) for row in raw for value in row):
        return left
    composer.place(sheet=name)
    if not _DEFAULT_NAME.fullmatch(name.strip()):
        composer.paragraph(name)
    texts: Rows = [[_shown(value, (r, c) in percents) for c, value in enumerate(row)] for r, row in enumerate(raw)]
    rows = _merged(texts, merges)
    heads = _list_header(rows)
    if heads is None:
        composer.mixed(rows, loose=True)
    else:
        _list(composer, rows, heads)
    return left - height * width


def _shown(value: Any, percent: bool) -> str:
    """A cell as the workbook shows it: no binary tails, whole numbers without a point, dates as dates."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        if not number.is_finite():
            return ""
        number = Decimal(f"{number:.{_DIGITS}g}") * (100 if percent else 1)
        text = format(number, "f")
        text = text.rstrip("0").rstrip(".") if "." in text else text
        return text + ("%" if percent else "")
    if isinstance(value, datetime.datetime):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, datetime.date):
        return f"{value.year}年{value.month}月{value.day}日"
    return unwrapped(str(value))


def unwrapped(text: str) -> str:
    """A cell's lines as one: breaks that only make it fit its column are none."""
    pieces = [piece.strip() for piece in re.split(r"[\r\n]+", text) if piece.strip()]
    joined = pieces[0] if pieces else ""
    for piece in pieces[1:]:
        glued = _HAN_END.search(joined) or _HAN_START.match(piece) or _CUT_NUMBER.search(f"{joined}\n{piece}")
        joined += piece if glued else " " + piece
    return joined


def _merged(texts: Rows, merges: Sequence[Any]) -> Rows:
    """Rows with what merged cells cover: an empty cell below the origin, none beside it."""
    for (top, left), (bottom, right) in merges:
        for r in range(top, min(bottom, len(texts) - 1) + 1):
            for c in range(left, min(right, len(texts[r]) - 1) + 1):
                if (r, c) != (top, left):
                    texts[r][c] = "" if c == left else None
    return texts


def _list_header(rows: Rows) -> int | None:
    """The header row of a list of powers and responsibilities (权责清单); None in any other sheet."""
    for number, row in enumerate(rows[:_LIST_TOP]):
        words = {re.sub(r"\s", "", word or "") for word in row}
        if "部门职责" in words and len(words & _LIST_WORDS) > 1:
            return number
    return None


def _list(composer: Composer, rows: Rows, head: int) -> None:
    """A list's lines above its header as paragraphs, the rest as one table with its columns as they are."""
    for row in rows[:head]:
        for word in filter(None, row):
            composer.paragraph(word)
    kept = [[word or "" for word in row] for row in rows[head:] if any(row)]
    composer.tables.append(composer.known_table(kept, 1))
