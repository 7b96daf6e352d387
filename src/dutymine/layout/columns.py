"""What a column of a table holds, by its header words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from dutymine.lexicon import ColumnRow, LevelRow, rows
from dutymine.settings import Settings
from dutymine.text import squeeze

_MONEY_UNIT = re.compile(
    r"单位[:为是]?\s*(?:人民币)?\s*(万元|亿元|元)|[(\[](?:单位:?)?(?:人民币)?(万元|亿元|元)[)\]]|(?:^|以)(万元|亿元)(?:为单位|$)"
)
_DECORATION = re.compile(r"^[*★☆\d.、\s]+(?=[\u4e00-\u9fff])|\((?:\d+(?:\.\d+)?分?|[A-Z]\d*|%|=.*)\)$|[:*★]+$|\d+分$")
_NO_HEADER = re.compile(r"^[^()]+:[^()]+|表$")  # a key with its value, a caption
_LONGEST = 24  # characters of a header
_LEVEL_END = re.compile(r"(?:指标|目标)$")
_REMEMBERED = 1 << 15  # cells come again from document to document; not all of ten thousand documents' are kept
INDICATOR_KINDS = frozenset(
    {"level1", "level2", "name", "operator", "value", "unit", "description", "basis", "scoring"}
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: kind, header path (outermost first) and the money unit its header states."""

    kind: str
    path: tuple[str, ...]
    unit: str


@cache
def _surfaces(settings: Settings) -> tuple[dict[str, str], dict[str, str], re.Pattern[str]]:
    """Kinds by the words a whole header may be, kinds by the words it may hold, and a pattern that finds the last and
    longest of these in a header that is read backwards.
    """
    exact: dict[str, str] = {}
    loose: dict[str, str] = {}
    for row in rows("columns", ColumnRow, settings):
        for surface in row.surfaces:
            exact[surface] = row.kind
            if not row.exact:
                loose[surface] = row.kind
    backwards = sorted((word[::-1] for word in loose if len(word) > 1), key=len, reverse=True)
    firsts = "".join({word[0] for word in backwards})
    return exact, loose, re.compile(f"(?=[{re.escape(firsts)}])(?:{'|'.join(map(re.escape, backwards))})")


@lru_cache(maxsize=_REMEMBERED)
def header_kind(text: str, settings: Settings) -> str:
    """Kind of one header cell's squeezed text, or an empty string."""
    bare = text
    while (cut := _DECORATION.sub("", bare)) != bare and cut:
        bare = cut
    exact, loose, pattern = _surfaces(settings)
    if bare in exact:
        return exact[bare]
    last = pattern.search(bare[::-1]) if len(bare) <= _LONGEST else None
    if last is None or _NO_HEADER.search(bare) or level_code(bare, 2, settings) or level_code(bare, 1, settings):
        return ""
    return loose[last[0][::-1]]  # the head of a Chinese noun stands last: `指标值设定依据`


def is_header(text: str, settings: Settings) -> bool:
    """Whether a squeezed text is a header word as the lexicon has it, and not only holds one."""
    return text.strip(":*★") in _surfaces(settings)[0]


def money_unit(text: str) -> str:
    """The money unit that a caption or header states (`单位：万元`, `（元）`), or an empty string."""
    match = _MONEY_UNIT.search(text) if "元" in text else None
    return next((group for group in match.groups() if group), "") if match else ""


@lru_cache(maxsize=_REMEMBERED)
def level_code(text: str, depth: int, settings: Settings) -> str:
    """Indicator class named by a cell (`数量指标`, `产出指标(50分)`), or an empty string."""
    bare = squeeze(text)
    while (cut := _DECORATION.sub("", bare)) != bare and cut:
        bare = cut
    bare = bare.strip(":")
    short = _LEVEL_END.sub("", bare)
    table = _levels(depth, settings)
    return table.get(bare) or table.get(short) or ""


@cache
def _levels(depth: int, settings: Settings) -> dict[str, str]:
    return {s: row.code for row in rows("levels", LevelRow, settings) if row.depth == depth for s in row.surfaces}


@cache
def column(path: tuple[str, ...], settings: Settings) -> Column:
    """The column under a path of header texts: the innermost known header decides."""
    kinds = [header_kind(part, settings) for part in path]
    kind = next((k for k in reversed(kinds) if k), "")
    unit = next((money_unit(part) for part in reversed(path) if money_unit(part)), "")
    return Column(kind, path, unit)
