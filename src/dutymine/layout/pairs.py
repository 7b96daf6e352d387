"""Keys and values outside tables: `项目名称：X`, a key line over its value line, several pairs on one line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from dutymine.layout.columns import header_kind, is_header
from dutymine.lexicon import ColumnRow, rows
from dutymine.settings import Settings
from dutymine.text import Span, squeeze, trim

KEYED = frozenset({"project", "project_goal", "amount", "organisation"})
_LONGEST_VALUE = 600


@dataclass(frozen=True, slots=True)
class KeyValue:
    """A key of a known kind and the span of its value; empty where nothing follows."""

    kind: str
    key: Span
    value: Span


@cache
def _keys(settings: Settings) -> re.Pattern[str]:
    surfaces = {
        s for row in rows("columns", ColumnRow, settings) if row.kind in KEYED for s in row.surfaces if len(s) > 2
    }
    words = "|".join(re.escape(surface) for surface in sorted(surfaces, key=len, reverse=True))
    firsts = "".join(sorted({surface[0] for surface in surfaces} | set("项年部")))
    return re.compile(
        rf"(?<=[\s、.)])(?=[{firsts}])((?:项目|年度|部门)?(?:{words})(?:\((?:单位:)?[万亿]?元\))?)"
        r"[ \t]*(?::[ \t]*\n?|\n|[ \t]+(?=\S))"
    )


def key_values(text: str, start: int, end: int, settings: Settings) -> Iterator[KeyValue]:
    """Pairs between `start` and `end` of a quiet text, in order; a value ends at the next key, header word or blank
    line.
    """
    found = [
        match
        for match in _keys(settings).finditer(text, start, end)
        if header_kind(squeeze(match[1]), settings) in KEYED
    ]
    for match, after in zip(found, [*found[1:], None], strict=False):
        stop = min(after.start(1) if after else end, match.end() + _LONGEST_VALUE)
        kind = header_kind(squeeze(match[1]), settings)
        yield KeyValue(kind, match.span(1), _value(text, match.end(), stop, kind, settings))


def _value(text: str, start: int, stop: int, kind: str, settings: Settings) -> Span:
    """The value's lines: one, or for a goal as many as follow until a header word or a blank line behind a full
    stop.
    """
    position, end = start, start
    while position < stop:
        line_end = text.find("\n", position, stop)
        line_end = stop if line_end < 0 else line_end
        words = squeeze(text[position:line_end])
        if words and is_header(words, settings):
            if end > start or header_kind(words, settings) != "actual":
                break
            position = start = end = line_end + 1  # `预期目标`, `实际完成情况`, then both in this order
            continue
        if not words and end > start:
            break
        if words:
            end = line_end
            if kind != "project_goal" or words.endswith("。"):
                break
        position = line_end + 1
    return trim(text, start, end)
