"""Puts a stream of cells whose borders were lost back into columns: the cheapest reading in order (Viterbi).

Each cell has a cost in each column by what the column holds; skipping a column costs what it costs to be empty there
(a merged 一级指标 is cheap, a missing value dear). Used where rows shifted left, or rows ran into one another.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from dutymine.layout.columns import Column, level_code
from dutymine.settings import Settings

_NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?")
_NIL = re.compile(r"-+|/|无|…+|\.{2,}")
_VALUE = re.compile(
    r"(?:[≥≤=<>]|不[少低高多超]|大于|小于|达到?|至少)?\s*[-+±]?\d[\d,.]*\s*[-~]?\s*[\d.]*\s*\S{0,6}(?:以[上下内])?"
)
_OPERATOR = re.compile(r"[≥≤=<>]{1,2}|定性|文字描述|大于等于|小于等于|等于|大于|小于|正向|反向|不等于|区间")
_UNIT = re.compile(r"%|百分比|‰|[^\d\s≥≤=<>]{1,5}(?:/[^\d\s]{1,3})?")
_SCORING = re.compile(r"分值|得分|扣\d|扣分|满分|得\d")
_BASIS = re.compile(r"计划|依据|标准|文件|合同|方案|规定|调查|要求|历史|规划|通知|办法|统计|协议|批复|职责|上年")
_POINTS = re.compile(r"\d{1,3}(?:\.\d+)?分?")
_DIRECTION = re.compile(r"正向指标?|反向指标?|逆向指标?")
_NATURE = re.compile(r".{0,6}(?:单位|事业|行政|参公|公益.类|团体|机关|企业|群团).{0,8}")
_RANK = re.compile(r"(?:相当)?[正副]?(?:省部|厅局|地厅|县处|乡科|厅|处|县|科|股|乡|局)级?|.{0,4}级别?|无|未定.{0,4}")
_FUNDING = re.compile(r".{0,8}(?:财政|拨款|全额|差额|补助|自收自支|经费|核拨|预算).{0,10}")
_ORGANISATION = re.compile(
    r".{2,30}[局委办室部院会府心处所站队学馆校司园医台社]|.{2,30}\([^()]{1,12}\)|.{2,30}(?:机关|本级|医院)"
)
_NUMBERED = re.compile(r"[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]{1,2}\)")
_TYPE = re.compile(r"定量(?:指标)?|定性(?:指标)?")

# What is expected in a column of a kind, and the cost of anything else.
_PATTERNS = {
    "operator": (_OPERATOR, 7.0),
    "unit": (_UNIT, 5.0),
    "points": (_POINTS, 7.0),
    "direction": (_DIRECTION, 7.0),
    "value_type": (_TYPE, 7.0),
    "nature": (_NATURE, 4.0),
    "rank": (_RANK, 4.0),
    "funding": (_FUNDING, 4.0),
    "organisation": (_ORGANISATION, 4.0),
}
_SKIP = {
    "level1": 0.2,
    "level2": 0.6,
    "name": 6.0,
    "value": 5.0,
    "amount": 3.0,
    "operator": 2.0,
    "unit": 2.0,
    "label": 5.0,
}
# Cells merged over the rows of a project's indicators, and notes that are often left empty.
_SKIP_BESIDE_INDICATORS = {
    "organisation": 0.3,
    "project": 0.3,
    "project_goal": 0.3,
    "amount": 0.5,
    "direction": 0.5,
    "deviation": 0.3,
    "basis": 0.8,
    "points": 1.0,
    "description": 1.0,
    "scoring": 1.0,
}
_ROW_BREAK = 0.4
_WRAP = 4.5  # a cell that is the next line of the one before it, in columns of words
_WRAPPED = frozenset({"name", "description", "label", "scoring", "item", "basis"})
_ALL_KINDS_SKIP = 2.0


@lru_cache(maxsize=1 << 15)
def _fit(text: str, kind: str, settings: Settings) -> float:
    """Cost of a squeezed cell text in a column of a kind: 0 for what is expected there, up to 8."""
    if kind in ("level1", "level2"):
        return 0.0 if level_code(text, int(kind[-1]), settings) else 6.0
    is_level = level_code(text, 1, settings) or level_code(text, 2, settings)
    return _fit_fact(text, kind) + (3.0 if is_level else 0.0)


def _fit_fact(text: str, kind: str) -> float:
    """Cost in a column that is no level of indicators."""
    if kind in _PATTERNS:
        pattern, cost = _PATTERNS[kind]
        return 0.2 if pattern.fullmatch(text) else cost
    if kind in ("scoring", "basis"):
        return 0.2 if (_SCORING if kind == "scoring" else _BASIS).search(text) else 3.0
    numeric = bool(_NUMBER.fullmatch(text) or _NIL.fullmatch(text))
    if kind in ("amount", "quantity", "price", "percent", "actual", "score", "index", "code"):
        return 0.3 if numeric or (kind in ("actual", "percent") and _VALUE.fullmatch(text)) else 5.0
    if kind == "value":
        return 0.1 if _VALUE.fullmatch(text) else 1.6 + 0.15 * max(0, len(text) - 8)
    wordy = 1.0 if kind in ("name", "label") else 1.3
    return wordy + (5.0 if numeric else 4.0 if _VALUE.fullmatch(text) else 0.0)


def _is_wordy(text: str) -> bool:
    return text[-1:] not in "%0123456789"


def _skips(columns: Sequence[Column]) -> list[float]:
    """Running totals of what it costs to leave columns empty."""
    costs = _SKIP | _SKIP_BESIDE_INDICATORS if any(column.kind == "value" for column in columns) else _SKIP
    totals = [0.0]
    for column in columns:
        totals.append(totals[-1] + costs.get(column.kind, _ALL_KINDS_SKIP))
    return totals


def align(
    texts: Sequence[str], columns: Sequence[Column], settings: Settings, rows_known: bool
) -> list[tuple[int, int]]:
    """(row, column) of each cell text, in order; with `rows_known` all cells belong to one row.

    Texts are squeezed. Where row breaks are lost, a cell may go on with the one before it: both get the same place.
    Returns an empty list when the cells cannot be read in order (more cells than columns in a row).
    """
    width, skips = len(columns), _skips(columns)
    if not texts or not width:
        return []
    infinity = float("inf")
    best = [skips[j] + _fit(texts[0], columns[j].kind, settings) for j in range(width)]
    back: list[list[int]] = []
    for before, text in pairwise(texts):
        row_end = min(range(width), key=lambda i: best[i] + skips[width] - skips[i + 1])
        break_cost = best[row_end] + skips[width] - skips[row_end + 1] + _ROW_BREAK
        current, pointers = [], []
        for j in range(width):
            cost, pointer = (infinity, -1) if rows_known else (break_cost + skips[j], -row_end - 2)
            for i in range(j):
                step = best[i] + skips[j] - skips[i + 1]
                if step < cost:
                    cost, pointer = step, i
            cost += _fit(text, columns[j].kind, settings)
            if (
                not rows_known
                and columns[j].kind in _WRAPPED
                and best[j] + _WRAP < cost
                and _is_wordy(before)
                and _is_wordy(text)
                and not _NUMBERED.match(text)
            ):
                cost, pointer = best[j] + _WRAP, j
            current.append(cost)
            pointers.append(pointer)
        best = current
        back.append(pointers)
    last = min(range(width), key=lambda i: best[i] + skips[width] - skips[i + 1])
    return [] if best[last] == infinity else _trace(back, last)


def _trace(back: list[list[int]], last: int) -> list[tuple[int, int]]:
    """Follow the pointers back: a pointer below -1 crosses a row break."""
    reverse, column, row = [(0, last)], last, 0
    for pointers in reversed(back):
        pointer = pointers[column]
        if pointer < -1:
            row, column = row + 1, -pointer - 2
        else:
            column = pointer
        reverse.append((row, column))
    return [(row - r, c) for r, c in reversed(reverse)]
