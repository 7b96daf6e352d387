"""The value of an indicator from its cells: operator, number and unit in one cell or spread over several, in any
order.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from dutymine.facts.quantities import number, quantities, unit_at
from dutymine.facts.thresholds import Target, bounds, targets
from dutymine.model import Comparator, ThresholdKind
from dutymine.settings import Settings
from dutymine.text import Span, squeeze

OPERATORS = {
    **dict.fromkeys(("≥", ">=", "大于等于", "大于或等于", "不少于", "不低于", "不小于", "≥="), Comparator.AT_LEAST),
    **dict.fromkeys(("≤", "<=", "小于等于", "小于或等于", "不超过", "不高于", "不大于", "≤="), Comparator.AT_MOST),
    **dict.fromkeys((">", "大于", "高于", "超过"), Comparator.MORE),
    **dict.fromkeys(("<", "小于", "低于"), Comparator.LESS),
    **dict.fromkeys(("=", "等于", "=="), Comparator.EQUAL),
}
_WORDED_TYPES = frozenset({"定性", "文字描述", "定性指标", "文字", "描述"})
_NUMERAL = re.compile(r"([-+±]?)(\d[\d,]*(?:\.\d+)?)\s*([百千]?[万亿]?)\s*(.*)", re.DOTALL)
_IN_NAME = re.compile(r"\(\s*(≥|≤|>=|<=|=|>|<)\s*\**\s*([^()\d]{0,8})\)")
_RARE_UNIT = re.compile(
    r"(≥|≤|>=|<=|=|>|<)?\s*(-?\d[\d,]*(?:\.\d+)?)\s*(百万|千万|百|千|万|亿|)\s*((?![年月日时万亿]|左右|以[上下内])[\u4e00-\u9fff]{1,4}(?:/[\u4e00-\u9fff]{1,2})?(?<![前内上下底]))"
)
_MARKS = re.compile(r"[*]+|_+")
_NIL = re.compile(r"[-/]+|无")


@dataclass(frozen=True, slots=True)
class ValueCells:
    """Spans of the cells that state a value; empty spans where a column is missing or blank."""

    operator: Span
    value: Span
    unit: Span
    name: Span


@dataclass(frozen=True, slots=True)
class Value:
    """What the cells say: targets (first one first), the value as written, and the span over all cells involved."""

    targets: tuple[Target, ...]
    text: str
    start: int
    end: int


def read_value(raw: str, folded: str, cells: ValueCells, settings: Settings) -> Value:
    """The value that operator, value and unit cells state; texts are the frozen one and its quiet copy."""
    operator = squeeze(folded[slice(*cells.operator)])
    if operator in _WORDED_TYPES:
        cells = replace(cells, operator=(0, 0))
        operator = ""
    if _NIL.fullmatch(squeeze(folded[slice(*cells.unit)])):
        cells = replace(cells, unit=(0, 0))
    parts = [span for span in (cells.operator, cells.value, cells.unit) if span[0] < span[1]]
    written = "".join(squeeze(raw[slice(*span)]) for span in parts)
    start, end = (min(a for a, _ in parts), max(b for _, b in parts)) if parts else (0, 0)
    found = _split(folded, cells, OPERATORS.get(operator), settings) if not _is_plain(cells) else ()
    found = found or _whole(folded, cells, settings)
    if not found and cells.value[0] < cells.value[1] and not re.search(r"\d", folded[slice(*cells.value)]):
        start, end = cells.value  # words; a unit beside them means nothing (`应保尽保 | %`)
        written = squeeze(raw[start:end])
    return Value(found, written, start, end)


def _is_plain(cells: ValueCells) -> bool:
    return cells.operator[0] == cells.operator[1] and cells.unit[0] == cells.unit[1]


def _split(text: str, cells: ValueCells, operator: Comparator | None, settings: Settings) -> tuple[Target, ...]:
    """A number whose operator or unit stands in a cell of its own."""
    match = _NUMERAL.fullmatch(text[slice(*cells.value)].strip())
    if match is None or (match[4] and not _only_unit(match[4], settings)):
        return _ranged(text, cells, settings)
    value = (number(match[2]) or Decimal(0)) * {"": 1, "百": 100, "千": 1000}[match[3].rstrip("万亿")]
    unit = squeeze(match[4]) or _unit(text, cells.unit)
    value, unit = _scaled(value, match[3][-1:] if match[3][-1:] in ("万", "亿") else "", unit)
    spans = [
        span
        for span in (cells.operator, cells.value, cells.unit if unit or match[4] == "" else (0, 0))
        if span[0] < span[1]
    ]
    start, end = min(a for a, _ in spans), max(b for _, b in spans)
    if match[1] == "±":
        return (Target(Comparator.BETWEEN, -value, value, True, True, unit, ThresholdKind.RANGE, start, end),)
    value = -value if match[1] == "-" else value
    comparator = operator or Comparator.EQUAL
    kind = ThresholdKind.SPLIT if len(spans) > 1 else ThresholdKind.EXACT
    return (Target(comparator, *bounds(comparator, value), unit, kind, start, end),)


def _scaled(value: Decimal, large: str, unit: str) -> tuple[Decimal, str]:
    """万 and 亿 of the number or of the unit cell (`3 | 万页`): folded in, but kept with 元."""
    word = large
    if not word and unit[:1] in ("万", "亿") and unit not in ("万元", "亿元") and len(unit) > 1:
        word, unit = unit[0], unit[1:]
    if word and unit.startswith("元"):
        return value, word + unit
    return value * {"": 1, "万": 10_000, "亿": 100_000_000}[word], unit


def _only_unit(word: str, settings: Settings) -> bool:
    bare = squeeze(word)
    return (bool(bare) and len(unit_at(bare, 0, settings)) == len(bare)) or bare in ("元", "万元", "亿元")


def _unit(text: str, span: Span) -> str:
    return squeeze(text[slice(*span)]).strip("()")


def _ranged(text: str, cells: ValueCells, settings: Settings) -> tuple[Target, ...]:
    """`80-90 | %` and `≥95 | %`: a bound inside the value cell, its unit in the next."""
    value = text[slice(*cells.value)].strip()
    two = re.fullmatch(r"(\d[\d,.]*)\s*(?:-|~|至)\s*(\d[\d,.]*)", value)
    one = re.fullmatch(r"(≥|≤|>=|<=|=|>|<)\s*(-?\d[\d,]*(?:\.\d+)?)", value)
    unit = _unit(text, cells.unit)
    start, end = min(cells.value[0], cells.unit[0]) if unit else cells.value[0], max(cells.value[1], cells.unit[1])
    if two:
        low, high = number(two[1].rstrip(".")), number(two[2].rstrip("."))
        if low is not None and high is not None and low < high:
            return (
                Target(
                    Comparator.BETWEEN,
                    low,
                    high,
                    True,
                    True,
                    unit,
                    ThresholdKind.SPLIT if unit else ThresholdKind.RANGE,
                    start,
                    end,
                ),
            )
    if one:
        comparator = OPERATORS[one[1]]
        kind = ThresholdKind.SPLIT if unit else ThresholdKind.SYMBOL
        amount, unit = _scaled(number(one[2]) or Decimal(0), "", unit)
        return (Target(comparator, *bounds(comparator, amount), unit, kind, start, end),)
    return ()


def _whole(text: str, cells: ValueCells, settings: Settings) -> tuple[Target, ...]:
    """All in the value cell, or its operator and unit in the indicator's name (`培训人数(≥**人)`)."""
    start, end = cells.value
    if start == end:
        return ()
    bare = text[start:end].strip()
    one = re.fullmatch(r"(≥|≤|>=|<=|=|>|<)?\s*(-?\d[\d,]*(?:\.\d+)?)", bare)
    if one:
        return _without_unit(text, cells, one)
    found = targets(text, (start, end), quantities(text, start, end, settings), True, settings)
    if not found or not found[0].unit:
        found = _rare_unit(text, start, end) or found
    return tuple(_as_cell(target) for target in found if target.kind is not ThresholdKind.CONDITION)


def _rare_unit(text: str, start: int, end: int) -> list[Target]:
    """A number with a unit that the lexicon does not know, when nothing else stands in the cell (`5.2万客`)."""
    match = _RARE_UNIT.fullmatch(text[start:end].strip())
    if match is None:
        return []
    scale = {"": 1, "百": 100, "千": 1000, "万": 10_000, "百万": 1_000_000, "千万": 10_000_000, "亿": 100_000_000}[
        match[3]
    ]
    comparator = OPERATORS[match[1]] if match[1] else Comparator.EQUAL
    kind = ThresholdKind.SYMBOL if match[1] and match[1] != "=" else ThresholdKind.EXACT
    amount = (number(match[2]) or Decimal(0)) * scale
    return [Target(comparator, *bounds(comparator, amount), match[4], kind, start, end)]


def _as_cell(target: Target) -> Target:
    kind = ThresholdKind.EXACT if target.kind is ThresholdKind.PLANNED else target.kind
    return replace(target, kind=kind)


def _without_unit(text: str, cells: ValueCells, match: re.Match[str]) -> tuple[Target, ...]:
    amount = number(match[2])
    if amount is None:
        return ()
    start, end = cells.value
    named = next(reversed(list(_IN_NAME.finditer(text, *cells.name))), None)
    if named and not match[1]:
        comparator = OPERATORS[named[1]]
        amount, unit = _scaled(amount, "", squeeze(_MARKS.sub("", named[2])))
        return (Target(comparator, *bounds(comparator, amount), unit, ThresholdKind.SPLIT, named.start(1), end),)
    comparator = OPERATORS[match[1]] if match[1] else Comparator.EQUAL
    kind = ThresholdKind.SYMBOL if match[1] and match[1] != "=" else ThresholdKind.EXACT
    return (Target(comparator, *bounds(comparator, amount), "", kind, start, end),)


def joined(spans: Sequence[Span]) -> Span:
    """The stretch over all non-empty spans."""
    filled = [span for span in spans if span[0] < span[1]]
    return (min(a for a, _ in filled), max(b for _, b in filled)) if filled else (0, 0)
