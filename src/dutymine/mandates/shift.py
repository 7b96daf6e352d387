"""One change from one year to the next, as a row has it."""

from __future__ import annotations

from dataclasses import dataclass

from dutymine.model import Mined

_SHORT = 24


@dataclass(frozen=True, slots=True)
class Shift:
    """One change: its kind (a code of the axis `drift`), what it is about, both readings, one sentence in Chinese."""

    kind: str
    item: str
    old: str
    new: str
    message: str


def year(mined: Mined) -> str:
    """The year of a document as messages name it."""
    return f"{mined.identity.fiscal_year}年"


def short(text: str, most: int = _SHORT) -> str:
    """A text cut for a message."""
    return text if len(text) <= most else f"{text[:most]}…"
