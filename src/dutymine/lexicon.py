"""Loads `data/*.toml` into typed rows: validated, cached, and joined with a user's own rows.

A file holds `[[row]]` tables whose keys are the fields of one row type. Unknown keys, wrong types and a surface form
that stands twice (in one scope) are load errors, so that a slip in the data shows at once and not as a lost match.
"""

from __future__ import annotations

import tomllib
from dataclasses import MISSING, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from dutymine.settings import DATA, Settings

Row = TypeVar("Row")


class LexiconError(ValueError):
    """A vocabulary file that cannot be used; the message says which file, which row and why."""


@dataclass(frozen=True, slots=True)
class UnitRow:
    """Surface forms of a unit; `name` is what the tables say, `factor` multiplies the number (per `dimension`)."""

    surfaces: tuple[str, ...]
    name: str = ""
    dimension: str = "count"
    bare: bool = True


@dataclass(frozen=True, slots=True)
class ComparatorRow:
    """Words or symbols that bound a number standing `after` (or, for `side = "after"`, before) them."""

    surfaces: tuple[str, ...]
    comparator: str
    side: str = "before"
    kind: str = "word"


@dataclass(frozen=True, slots=True)
class HeadingRow:
    """Surface forms of section headings of one kind; `exact` rows must be the whole heading."""

    surfaces: tuple[str, ...]
    kind: str
    exact: bool = False
    stops: bool = False


@dataclass(frozen=True, slots=True)
class RoleRow:
    """Labels of a sum of money; `scope` limits them to one section kind, `fund` names the fund they speak of."""

    surfaces: tuple[str, ...]
    role: str
    scope: str = ""
    fund: str = ""


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """Header words of a table column of one kind; `exact` forms must be the whole header."""

    surfaces: tuple[str, ...]
    kind: str
    exact: bool = False


@dataclass(frozen=True, slots=True)
class LevelRow:
    """Names of indicator classes; `depth` 1 or 2, `code` the canonical class."""

    surfaces: tuple[str, ...]
    code: str
    depth: int = 2


@dataclass(frozen=True, slots=True)
class CueRow:
    """Cue words of a code (function or act), with weight; `stops` are words in which the cue means something else."""

    surfaces: tuple[str, ...]
    code: str
    weight: float = 1.0
    stops: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DepartmentRow:
    """Names of one canonical department type; `party` marks party organs and mass organisations, `functions` are those
    it mostly serves.
    """

    surfaces: tuple[str, ...]
    type: str
    party: bool = False
    functions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WordRow:
    """Plain word lists, one `name` a list."""

    surfaces: tuple[str, ...]
    name: str


# A surface form may stand once in each scope of its file.
_SCOPES = {
    "RoleRow": ("scope",),
    "ComparatorRow": ("side",),
    "LevelRow": ("depth",),
    "WordRow": ("name",),
    "ObjectRow": ("of", "words"),
}


def _row_value(value: Any, hint: Any) -> Any:
    if hint == tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
            raise LexiconError("takes a list of non-empty strings")
        return tuple(value)
    if hint is float and isinstance(value, int):
        return float(value)
    if not isinstance(value, hint):
        raise LexiconError(f"takes {hint.__name__}, not {value!r}")
    return value


def _parse_row(raw: dict[str, Any], row_type: type[Row]) -> Row:
    hints = get_type_hints(row_type)
    unknown = sorted(set(raw) - set(hints))
    if unknown:
        raise LexiconError(f"unknown key {unknown[0]!r}")
    required = [f.name for f in fields(row_type) if f.default is MISSING]  # type: ignore[arg-type]
    missing = [name for name in required if name not in raw]
    if missing:
        raise LexiconError(f"key {missing[0]!r} is missing")
    values = {}
    for key, value in raw.items():
        try:
            values[key] = _row_value(value, hints[key])
        except LexiconError as error:
            raise LexiconError(f"key {key!r} {error}") from None
    return row_type(**values)


def _load(path: Path, row_type: type[Row]) -> list[Row]:
    try:
        raw_rows = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LexiconError(f"{path}: {error}") from None
    if set(raw_rows) - {"row"}:
        raise LexiconError(f"{path}: only [[row]] tables are known")
    rows: list[Row] = []
    seen: dict[tuple[str, str], int] = {}
    for number, raw in enumerate(raw_rows.get("row", []), 1):
        try:
            row = _parse_row(raw, row_type)
            for surface in row.surfaces:  # type: ignore[attr-defined]
                key = (surface, "|".join(str(raw.get(field)) for field in _SCOPES.get(row_type.__name__, ())))
                if key in seen:
                    raise LexiconError(f"{surface!r} stands in row {seen[key]} already")
                seen[key] = number
        except LexiconError as error:
            raise LexiconError(f"{path}: row {number}: {error}") from None
        rows.append(row)
    return rows


@cache
def rows(name: str, row_type: type[Row], settings: Settings) -> tuple[Row, ...]:
    """Rows of `data/<name>.toml`, a user's own rows (`settings.lexicon`) first.

    Raises LexiconError with file and row for a file that cannot be used.
    """
    own: list[Row] = []
    if settings.lexicon is not None and (settings.lexicon / f"{name}.toml").is_file():
        own = _load(settings.lexicon / f"{name}.toml", row_type)
    return tuple(own + _load(DATA / f"{name}.toml", row_type))
