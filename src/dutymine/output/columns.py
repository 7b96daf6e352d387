"""What a table of the contract is: its columns with type, heading and meaning."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

# A cell and a row as they leave the program; None is "not stated".
Value = str | int | Decimal | bool | None
Row = tuple[Value, ...]


class Type(StrEnum):
    """What a column holds. `TEXT` may quote the document and is escaped for spreadsheets, `CODE` is ours and is not."""

    TEXT = "text"
    CODE = "code"
    INT = "int"
    DECIMAL = "decimal"
    BOOL = "bool"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: Chinese heading, meaning with units, and the axis of `data/codes.toml` its values come from."""

    name: str
    type: Type
    heading: str
    meaning: str
    codes: str = ""


@dataclass(frozen=True, slots=True)
class TableSchema:
    """One table of the contract: the contract's columns in its order, ours behind them."""

    name: str
    heading: str
    meaning: str
    columns: tuple[Column, ...]
    compare: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        return tuple(column.name for column in self.columns)


TEXT, CODE, INT, DECIMAL, BOOL = Type.TEXT, Type.CODE, Type.INT, Type.DECIMAL, Type.BOOL

# Columns that many tables share.
DOC = Column("doc_id", CODE, "文件编号", "the document: first 12 hex digits of the sha256 of the file's bytes")
SPAN = (
    Column("start", INT, "起", "first code point of the quoted text in texts/<doc_id>.txt, from 0"),
    Column("end", INT, "止", "code point behind the quoted text"),
)
PLACE = (*SPAN, Column("line", INT, "行号", "line of `start` in that text, from 1"))
PAGE = (
    Column("page", INT, "页", "page of the file on which it stands, from 1; empty where the file has no pages"),
    Column("sheet", TEXT, "工作表", "worksheet on which it stands; empty where the file has none"),
)
FINGERPRINT = Column(
    "fingerprint",
    CODE,
    "指纹",
    "16 hex digits of file name, table, quoted text and its neighbourhood: survives re-runs and edits elsewhere",
)
BEHIND = (*PAGE, FINGERPRINT)
