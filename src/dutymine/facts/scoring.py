"""Scoring rules become executable: `满足指标值得满分，少1%扣1分` is parsed into a function of the actual value."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum

from dutymine.facts.quantities import number
from dutymine.model import Comparator, Indicator
from dutymine.text import plain

_NUMBER = r"(\d+(?:\.\d+)?|[一二两三四五六七八九十]{1,3})"
_STEP = re.compile(
    r"(?:每|凡)?(?P<side>减少|降低|低于|少于|不足|少|低|缺|欠|超过|超出|超|多|高于|高|大于|增加|晚|迟|逾期|延迟|延期|推迟|偏离|偏差|相差|差)"
    rf"(?:目标值?|指标值|标准|计划)?(?:出|了)?{_NUMBER}?\s*(?P<unit>个?百分点|%|个?[\u4e00-\u9fff]{{1,4}}?|)\s*(?:以内)?[，,]?\s*(?:的|则)?扣(?:减|除)?\s*{_NUMBER}\s*分"
)
_NOTHING = re.compile(
    r"(?:不满足|未达到?|不达标|未完成|没有?完成|达不到|低于|不符合|否则|超出|超过|超支|逾期|超期|未按[^，。;]{0,8}|不足)[^，。;]{0,10}?(?:不得分|得0分|扣(?:除)?全部分|不计分|0分)"
)
_PROPORTIONAL = re.compile(
    r"按(?:实际)?(?:完成)?(?:的)?(?:比例|完成率|完成情况比例|完成比例)[^，。;]{0,6}(?:扣|得|计|折算)|(?:实际|完成)值?/目标值?[*×]"
)
_ONCE = re.compile(rf"(?P<why>逾期|超期|超支|超出|未完成|未按[^，。;]{{1,8}}|延迟)[，,]?扣{_NUMBER}分")
_OPEN = re.compile(r"酌情|视情|分档|优良中差|定性|专家|综合评定")
_SHORT = frozenset({"减少", "降低", "低于", "少于", "不足", "少", "低", "缺", "欠", "差"})
_OVER = frozenset(
    {"超过", "超出", "超", "多", "高于", "高", "大于", "增加", "晚", "迟", "逾期", "延迟", "延期", "推迟"}
)
# Units of one dimension, in the smallest of them.
_SECONDS = {"秒": 1, "分钟": 60, "分": 60, "小时": 3600, "天": 86400, "日": 86400, "工作日": 86400, "周": 604800}
_MONEY = {"元": 1, "万元": 10_000, "亿元": 100_000_000}
_COUNTS = {"": 1, "千": 1000, "万": 10_000, "百": 100}


class Way(StrEnum):
    """How points are lost."""

    STEPS = "steps"
    NOTHING = "all_or_nothing"
    PROPORTION = "proportional"
    ONCE = "once"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Scoring:
    """A parsed rule: `deduct` points for every full `step` (in `unit`) of falling `short` of or going over the target.

    `short` is None where the rule does not say on which side; `start`, `end` is the rule's place in its text.
    """

    way: Way
    short: bool | None = None
    step: Decimal = Decimal(1)
    unit: str = ""
    deduct: Decimal = Decimal(0)
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Scored:
    """Points for an actual value with their computation; `points` is None where the rule cannot be computed."""

    points: Decimal | None
    computation: str


def parse(rule: str) -> Scoring | None:
    """The scoring of a folded rule; None where it holds no deduction that is understood."""
    match = _STEP.search(rule)
    if match and (match[2] or match["unit"]):
        step = number(match[2]) if match[2] else Decimal(1)
        side = True if match["side"] in _SHORT else False if match["side"] in _OVER else None
        unit = re.sub(r"^个(?=百分点|工作日|小时)", "", match["unit"]).replace("百分点", "%")
        return Scoring(Way.STEPS, side, step or Decimal(1), unit, number(match[4]) or Decimal(0), *match.span())
    for way, pattern in ((Way.PROPORTION, _PROPORTIONAL), (Way.NOTHING, _NOTHING)):
        match = pattern.search(rule)
        if match:
            return Scoring(way, start=match.start(), end=match.end())
    match = _ONCE.search(rule)
    if match:
        return Scoring(Way.ONCE, deduct=number(match[2]) or Decimal(0), start=match.start(), end=match.end())
    match = _OPEN.search(rule)
    return Scoring(Way.OPEN, start=match.start(), end=match.end()) if match else None


def convert(value: Decimal, unit: str, to: str) -> Decimal | None:
    """A number in another unit of its dimension; None where the units do not go together."""
    if unit == to or not unit or not to:
        return value
    for table in (_SECONDS, _MONEY):
        if unit in table and to in table:
            return value * table[unit] / table[to]
    for left, factor in _COUNTS.items():
        if left and unit == left + to:
            return value * factor
        if left and to == left + unit:
            return value / factor
    same = {"%", "百分比", "百分点"}
    return value if unit in same and to in same else None


def meets(indicator: Indicator, actual: Decimal) -> bool | None:
    """Whether an actual value meets an indicator's target; None where the target is no number."""
    low, high, how = indicator.low, indicator.high, indicator.comparator
    if low is None and high is None:
        return None
    if how is Comparator.APPROX:
        return True if actual == low else None
    above = low is None or (actual > low if how is Comparator.MORE else actual >= low)
    below = high is None or (actual < high if how is Comparator.LESS else actual <= high)
    return above and below


def score(indicator: Indicator, actual: Decimal) -> Scored:
    """Points of an indicator for an actual value in the indicator's own unit, by its own scoring rule."""
    full, rule = indicator.points, parse(indicator.scoring_rule)
    met = meets(indicator, actual)
    if full is None:
        return Scored(None, "未写明分值")
    if met is None:
        return Scored(None, "目标值不是数值，无法计算")
    if met:
        return Scored(full, f"{plain(actual)}{indicator.unit}达到{indicator.value_text}，得满分{plain(full)}分")
    if rule is None or rule.way is Way.OPEN:
        return Scored(None, "评分标准无法换算为公式")
    gap = _gap(indicator, actual)
    if gap is None:
        return Scored(None, "目标值不是数值，无法计算")
    return _deducted(indicator, rule, full, actual, gap)


def _gap(indicator: Indicator, actual: Decimal) -> tuple[Decimal, Decimal, bool] | None:
    """How far the actual value is from the bound it misses, that bound, and whether it falls short."""
    if indicator.low is not None and actual <= indicator.low:
        return indicator.low - actual, indicator.low, True
    if indicator.high is not None:
        return actual - indicator.high, indicator.high, False
    return None


def _deducted(
    indicator: Indicator, rule: Scoring, full: Decimal, actual: Decimal, gap: tuple[Decimal, Decimal, bool]
) -> Scored:
    distance, bound, short = gap
    if rule.way is Way.NOTHING:
        return Scored(Decimal(0), f"未达到{indicator.value_text}，不得分")
    if rule.way is Way.ONCE:
        points = max(Decimal(0), full - rule.deduct)
        return Scored(points, f"{plain(full)}-{plain(rule.deduct)}={plain(points)}")
    if rule.way is Way.PROPORTION:
        if not bound or not actual:
            return Scored(Decimal(0), "实际值为0，按比例得0分")
        share = actual / bound if short else bound / actual
        points = max(Decimal(0), full * share).quantize(Decimal("0.01"))
        return Scored(points, f"{plain(full)}×{plain(actual)}/{plain(bound)}={plain(points)}")
    if rule.short is not None and rule.short != short:
        return Scored(None, "评分标准的扣分方向与目标值相反，无法计算")
    in_steps = _in_unit_of_rule(distance, bound, indicator.unit, rule.unit)
    if in_steps is None:
        return Scored(None, f"评分标准的单位“{rule.unit}”与目标值的单位“{indicator.unit}”不能换算")
    times = (in_steps / rule.step).to_integral_value(ROUND_FLOOR)
    points = max(Decimal(0), full - times * rule.deduct)
    gone = f"差{plain(in_steps)}{rule.unit or indicator.unit}，扣{plain(times)}×{plain(rule.deduct)}分"
    return Scored(points, f"{gone}，得{plain(points)}分")


def _in_unit_of_rule(distance: Decimal, bound: Decimal, unit: str, to: str) -> Decimal | None:
    """A distance in the unit of the rule; a count that the rule measures in per cent is taken of the target."""
    if to == "%" and unit not in ("%", "百分比", "百分点"):
        return distance * 100 / bound if bound else None
    return convert(distance, unit, to)
