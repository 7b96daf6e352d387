"""Targets and limits in running text and in value cells: comparators before and after, ranges, tolerances, frequency.

Explicit comparators count everywhere; bare counts and rates only where targets are stated (`bare=True`). Dates and
deadlines, points of scoring rules and constants of formulas are no targets.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from dutymine.facts.achieved import is_achieved
from dutymine.facts.quantities import Quantity, number, units, worded_count
from dutymine.lexicon import ComparatorRow, WordRow, rows
from dutymine.model import Comparator, Threshold, ThresholdKind
from dutymine.settings import Settings
from dutymine.text import Span, squeeze

_LOOK_BACK = 12
_LONGEST_YEARS = 1000
_ROUND = "两三四五六七八九十百千万"
_CLAUSE = "，。；;、:！!\n\t|"
_STOPS = "，。；;\n\t|"
_STOP = re.compile(f"[{_STOPS}]")
_RANGE = re.compile(r"\s{0,2}(?:-{1,2}|~|至|到)\s{0,2}")
_FREQUENCY = re.compile(
    r"每(?:个)?(半年|季度|季|年度|年|月份|月|周|星期|日|天|学期|[一二两三四五]年|两个月|[二三]个月|旬|工作日|[一二两三1-9]个?(?:月|年|周|天|季度))"
)
_PER = re.compile(r"/(半年|季度|季|年|月|周|日|天|学期)")
_PER_NAMES = {"季": "季度", "年度": "年", "月份": "月", "星期": "周"}
_DATE_UNITS = frozenset({"年", "月", "号", "点", "时", "级", "季度", "分"})
_DEADLINE = re.compile(r"\s?(?:底|末|初|中旬|上旬|下旬)?(?:之?前|以前|起|日|\d)")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_BOTH = re.compile(r"\s{0,2}(?:，|、|且|并且|和|/|;)?\s{0,2}(?:且|并)?\s{0,2}")
_POINTS_FOLLOW = re.compile(r"[，;；]\s?(?:扣|得\d|不得分|计\d|减\d)")
_SUBJECT_END = re.compile(r"(?:达到?|控制在|保持在|为|每(?:年|月|季度|半年|周))$")
_AND = re.compile(r"\s{0,2}(?:、|和|及|与|以及)\s{0,2}")
_BOUNDS = {
    Comparator.AT_LEAST: (True, False, True, False),
    Comparator.MORE: (True, False, False, False),
    Comparator.AT_MOST: (False, True, False, True),
    Comparator.LESS: (False, True, False, False),
}


@dataclass(frozen=True, slots=True)
class Target:
    """A bound on a number: the span covers comparator, number and unit; `money` is the unit of a sum of money."""

    comparator: Comparator
    low: Decimal | None
    high: Decimal | None
    low_inclusive: bool
    high_inclusive: bool
    unit: str
    kind: ThresholdKind
    start: int
    end: int
    frequency: str = ""


@dataclass(frozen=True, slots=True)
class _Words:
    before: dict[str, tuple[tuple[str, ComparatorRow], ...]]  # by last character
    frames: dict[str, tuple[tuple[str, ComparatorRow], ...]]  # likewise
    after: re.Pattern[str]
    after_rows: dict[str, ComparatorRow]
    lists: dict[str, tuple[str, ...]]
    trigger: re.Pattern[str]


@cache
def _words(settings: Settings) -> _Words:
    table = rows("comparators", ComparatorRow, settings)
    sides = {
        side: sorted(
            ((s, row) for row in table if row.side == side for s in row.surfaces), key=lambda pair: -len(pair[0])
        )
        for side in ("before", "frame", "after")
    }
    after = "|".join(r"\s?".join(map(re.escape, surface)) for surface, _ in sides["after"])  # a line may end inside
    lists = {row.name: row.surfaces for row in rows("target_words", WordRow, settings)}
    announcing = [*(re.escape(s) for s, row in sides["before"] if row.kind == "word"), "每[年月周季日天]度?", "每半年"]
    numeral = r"\s?(?=[一二两三四五六七八九十百千万〇零])"
    # Each branch begins with a plain character: then the engine leaps over all others.
    branches = [*(words + numeral for words in announcing), *(f"{sign}[{_ROUND}]*(?=余|多)" for sign in _ROUND)]
    return _Words(
        _by_last(sides["before"]),
        _by_last(sides["frame"]),
        re.compile(rf"\s?({after})"),
        dict(sides["after"]),
        lists,
        re.compile("|".join(branches)),
    )


def _by_last(pairs: Sequence[tuple[str, ComparatorRow]]) -> dict[str, tuple[tuple[str, ComparatorRow], ...]]:
    """Comparators by their last character, so that most numbers are done with after one look."""
    last = {surface[-1] for surface, _ in pairs}
    return {sign: tuple(pair for pair in pairs if pair[0][-1] == sign) for sign in last}


def exact(value: Decimal | None) -> tuple[Decimal | None, Decimal | None, bool, bool]:
    """Bounds of a stated number."""
    return value, value, True, True


def bounds(comparator: Comparator, value: Decimal) -> tuple[Decimal | None, Decimal | None, bool, bool]:
    """Low and high with whether they are included, for one number under a comparator."""
    if comparator not in _BOUNDS:
        return exact(value)
    low, high, low_in, high_in = _BOUNDS[comparator]
    return value if low else None, value if high else None, low_in, high_in


def targets(text: str, span: Span, found: list[Quantity], bare: bool, settings: Settings) -> list[Target]:
    """Targets of a span of a quiet text, in order, from the quantities in it; with `bare` also those without a
    comparator.
    """
    start, end = span
    found = _with_worded(text, span, found, settings)
    result: list[Target] = []
    skip = -1
    for i, quantity in enumerate(found):
        if i <= skip:
            continue
        ranged = _range(text, found, i, bare)
        target = ranged or _listed(text, quantity, result) or _single(text, quantity, start, bare, settings)
        if ranged:
            skip = i + 1
        if target is None or _is_scoring(text, target, span, settings):
            continue
        target = _framed(text, target, start, end)
        merged = _two_sided(text, result, target)
        if merged:
            result[-1] = merged
        else:
            result.append(target)
    return result


def _with_worded(text: str, span: tuple[int, int], found: list[Quantity], settings: Settings) -> list[Quantity]:
    """Adds counts in words that a comparator or a frequency announces."""
    worded = []
    for match in _words(settings).trigger.finditer(text, *span):
        position = match.start() if text[match.end()] in "余多" else match.end()
        quantity = worded_count(text, position, settings)
        if quantity and quantity.end <= span[1]:
            worded.append(quantity)
    return sorted([*found, *worded], key=lambda q: q.start) if worded else found


def _single(text: str, quantity: Quantity, start: int, bare: bool, settings: Settings) -> Target | None:
    words = _words(settings)
    if (quantity.unit == "年" and quantity.value > _LONGEST_YEARS) or (
        quantity.unit == "日" and _is_date(text, quantity)
    ):
        return None
    if quantity.unit and text.startswith(("<", "≤"), quantity.end):
        return None  # `90%<完成率<100%` is a band of a scoring rule
    row, begin = _before(text, quantity, start, words)
    after = words.after.match(text, quantity.end)
    if after and not _is_after(text, quantity, after):
        after = None
    if row is None and after is None and not quantity.more:
        frame = _frame(text, quantity, start, words)
        if frame:
            return _target(quantity, Comparator(frame.comparator), ThresholdKind.WORD, (quantity.start, quantity.end))
        return _bare(text, quantity, start, settings) if bare else None
    if row is not None and (after is None or row.comparator != "approx"):
        end = after.end() if after else quantity.end
        return _conditioned(
            text, _target(quantity, Comparator(row.comparator), ThresholdKind(row.kind), (begin, end)), settings
        )
    comparator = words.after_rows[squeeze(after[1])].comparator if after else ">"
    end = after.end() if after else quantity.end
    target = _target(quantity, Comparator(comparator), ThresholdKind.WORD, (quantity.start, end))
    if text[quantity.start - 1 : quantity.start] == "±" and quantity.start > start:
        low, high = -quantity.value, quantity.value
        return replace(
            target,
            comparator=Comparator.BETWEEN,
            low=low,
            high=high,
            low_inclusive=True,
            high_inclusive=True,
            kind=ThresholdKind.RANGE,
            start=quantity.start - 1,
        )
    return _conditioned(text, target, settings)


def _target(quantity: Quantity, comparator: Comparator, kind: ThresholdKind, span: tuple[int, int]) -> Target:
    return Target(comparator, *bounds(comparator, quantity.value), quantity.unit, kind, *span)


def _before(text: str, quantity: Quantity, start: int, words: _Words) -> tuple[ComparatorRow | None, int]:
    """The comparator that ends where the number begins, and where it begins."""
    stop = quantity.start
    while stop > start and text[stop - 1].isspace():
        stop -= 1
    known = words.before.get(text[stop - 1]) if stop > start else None
    if known is None:
        return None, quantity.start
    window = text[max(start, stop - _LOOK_BACK) : stop]
    for surface, row in known:
        if window.endswith(surface):
            if row.comparator == "approx" and (
                quantity.unit in _DATE_UNITS or window.endswith(words.lists["false_approx"])
            ):
                return None, quantity.start
            return row, stop - len(surface)
    return None, quantity.start


def _frame(text: str, quantity: Quantity, start: int, words: _Words) -> ComparatorRow | None:
    window = text[max(start, quantity.start - _LOOK_BACK) : quantity.start].rstrip()
    known = words.frames.get(window[-1:], ())
    return next((row for surface, row in known if window.endswith(surface)), None)


def _is_after(text: str, quantity: Quantity, after: re.Match[str]) -> bool:
    """`24小时内` bounds, `5个内设机构` does not; `30年以上` is a span of life, `以上` after a date is a reference."""
    if after[1] == "内":
        return not text.startswith(
            ("设", "部", "容", "控", "审", "外", "涝", "科", "河"), after.end()
        ) and quantity.unit not in ("个", "家", "项")
    return bool(quantity.unit)


def _is_date(text: str, quantity: Quantity) -> bool:
    lead = text[max(0, quantity.start - 3) : quantity.start].rstrip()
    return lead.endswith("月") or bool(_DEADLINE.match(text, quantity.end))


def _conditioned(text: str, target: Target, settings: Settings) -> Target:
    """A bound that limits what is meant (`20万元以上的设备`, `65岁及以上老年人`) is a condition, no target."""
    if target.kind is ThresholdKind.SYMBOL or target.comparator is Comparator.APPROX:
        return target
    follow = text[target.end : target.end + 2].lstrip(" ")[:1]
    lead = text[max(0, target.start - 8) : target.start].rstrip()
    money = target.unit.startswith(("元", "万元", "亿元"))
    if target.unit in ("岁", "周岁"):
        return replace(target, kind=ThresholdKind.CONDITION)
    lists = _words(settings).lists
    if lead.endswith(lists["target_verb"]) or (
        follow != "的" and "单" not in lead and lead.endswith(lists["target_noun"])
    ):
        return target
    bounded = follow == "的" or (money and (follow == "(" or _HAN.match(follow) is not None))
    return replace(target, kind=ThresholdKind.CONDITION) if bounded else target


def _bare(text: str, quantity: Quantity, start: int, settings: Settings) -> Target | None:
    """A count or rate without comparator, where targets are stated."""
    table = units(settings)
    if text[quantity.start - 1 : quantity.start] == "±" and quantity.start > start:
        return Target(
            Comparator.BETWEEN,
            -quantity.value,
            quantity.value,
            True,
            True,
            quantity.unit,
            ThresholdKind.RANGE,
            quantity.start - 1,
            quantity.end,
        )
    if not quantity.unit or quantity.money or quantity.unit not in table.bare:
        return None
    lead = text[max(start, quantity.start - 6) : quantity.start].rstrip()
    if lead.endswith(_words(settings).lists["ordinal"]) or is_achieved(text, start, quantity.start, settings):
        return None
    return _target(quantity, Comparator.EQUAL, ThresholdKind.PLANNED, (quantity.start, quantity.end))


def _range(text: str, found: Sequence[Quantity], i: int, bare: bool) -> Target | None:
    """Two numbers with a dash, 至 or 到 between them; years and dates are none."""
    if i + 1 >= len(found):
        return None
    low, high = found[i], found[i + 1]
    joint = _RANGE.fullmatch(text, low.end, high.start)
    if joint is None or not high.unit or (low.unit and low.unit != high.unit):
        return None
    if high.unit in _DATE_UNITS or (high.unit == "日" and _is_date(text, high)) or not (bare or high.money):
        return None
    first = low.value if low.unit else scaled(text, low, high)
    if first is None or first >= high.value:
        return None
    return Target(
        Comparator.BETWEEN, first, high.value, True, True, high.unit, ThresholdKind.RANGE, low.start, high.end
    )


def scaled(text: str, low: Quantity, high: Quantity) -> Decimal | None:
    """The first number of a range in the unit of the second: `1.5-2万人`, `11万至12万元`."""
    if high.money:
        large = high.money[0] if high.money != "元" else ""
        word = squeeze(text[low.number_end : low.end])
        return low.value if not word else (number_of(text, low) if word == large else None)
    own, other = number_of(text, low), number_of(text, high)
    if own is None or not other or high.worded:
        return low.value
    return low.value * (high.value / other) if own == low.value else low.value


def number_of(text: str, quantity: Quantity) -> Decimal | None:
    """The number as written, before its scale word."""
    return number(squeeze(text[quantity.start : quantity.number_end]).strip("-("))


def _listed(text: str, quantity: Quantity, result: Sequence[Target]) -> Target | None:
    """`分别不低于50%和95%`: the second number shares the first one's comparator."""
    if not result or result[-1].unit != quantity.unit or result[-1].comparator not in _BOUNDS:
        return None
    last = result[-1]
    if not _AND.fullmatch(text, last.end, quantity.start) or "分别" not in text[max(0, last.start - 12) : last.start]:
        return None
    return _target(quantity, last.comparator, last.kind, (quantity.start, quantity.end))


def _two_sided(text: str, result: Sequence[Target], target: Target) -> Target | None:
    """`≥80分，＜90分` is one band."""
    if not result or result[-1].unit not in (target.unit, "") or result[-1].kind is ThresholdKind.CONDITION:
        return None
    last = result[-1]
    if last.low is None or last.high is not None or target.high is None or target.low is not None:
        return None
    if last.low >= target.high or not _BOTH.fullmatch(text, last.end, target.start):
        return None
    return replace(
        last,
        comparator=Comparator.BETWEEN,
        high=target.high,
        high_inclusive=target.high_inclusive,
        unit=target.unit,
        kind=ThresholdKind.RANGE,
        end=target.end,
    )


def _is_scoring(text: str, target: Target, span: Span, settings: Settings) -> bool:
    """Whether the number stands in a rule for points (`少1%扣1分`) or is a constant of a formula."""
    start, end = span
    if text[target.start - 1 : target.start] in ("*", "×") and target.start > start:
        return True
    left = _clause_start(text, max(start, target.start - 40), target.start, _STOPS)
    stop = _STOP.search(text, target.end, target.end + 30)
    right = min(stop.start() if stop else target.end + 10, max(end, target.end))
    if right < end and _POINTS_FOLLOW.match(text, right):
        return True
    clause = text[left:right]
    return any(word in clause for word in _words(settings).lists["scoring"])


def _clause_start(text: str, start: int, end: int, stops: str) -> int:
    """Where the clause that ends at `end` begins, not before `start`."""
    while end > start and text[end - 1] not in stops:
        end -= 1
    return end


def _framed(text: str, target: Target, start: int, end: int) -> Target:
    """The target with its frequency: 每季度 before it in its clause, or `/季度` behind it."""
    per = _PER.match(text, target.end)
    if per and not target.unit.startswith(("元", "万元")):
        return replace(target, frequency="每" + _PER_NAMES.get(per[1], per[1]))
    left = _clause_start(text, max(start, target.start - 40), target.start, _CLAUSE)
    match = next(reversed(list(_FREQUENCY.finditer(text, left, target.start))), None)
    if match is None:
        return target
    return replace(target, frequency="每" + _PER_NAMES.get(match[1], match[1]))


def threshold(target: Target, subject: str, indicator: int | None = None) -> Threshold:
    """The contract's row for a target."""
    return Threshold(
        target.comparator,
        target.low,
        target.high,
        target.low_inclusive,
        target.high_inclusive,
        target.unit,
        target.frequency,
        subject,
        target.kind,
        target.start,
        target.end,
        indicator,
    )


def subject(text: str, target: Target, start: int) -> str:
    """What a target speaks of: the words of its clause before it."""
    words = squeeze(text[_clause_start(text, max(start, target.start - 40), target.start, _CLAUSE) : target.start])
    return _SUBJECT_END.sub("", words)
