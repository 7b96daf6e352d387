"""What came of a target: counts that report it are no targets themselves."""

from __future__ import annotations

import re
from functools import cache

from dutymine.lexicon import WordRow, rows
from dutymine.settings import Settings

_REPORT = re.compile(r"(?:完成|实现)情况(?:为|是)?:")
_REFERS = re.compile(r"详见|见附[表件]|纳入[^，。\n]{0,12}绩效")  # a line about the forms, not about what is aimed at
_INDICATOR = re.compile(r"指标\s?\d{0,2}:")  # `指标完成情况：数量指标：≥24名，实际24名` states both
_REACH = 200
_CLAUSE = "，。；;、:！!\n\t|"


@cache
def _openings(settings: Settings) -> tuple[str, ...]:
    return next(row.surfaces for row in rows("target_words", WordRow, settings) if row.name == "achieved")


def is_achieved(text: str, start: int, position: int, settings: Settings) -> bool:
    """Whether a number at `position` of a quiet text stands in a report: its clause begins so, or its line does."""
    start = max(start, position - _REACH)
    line = max(start, text.rfind("\n", start, position) + 1)
    report = _REPORT.search(text, line, position)
    end = text.find("\n", position, position + _REACH)
    if _REFERS.search(text, line, end if end >= 0 else position):
        return True
    if report and not _INDICATOR.search(text, report.end(), position):
        return True
    clause = position
    while clause > line and text[clause - 1] not in _CLAUSE:
        clause -= 1
    return text.startswith(_openings(settings), clause, position)
