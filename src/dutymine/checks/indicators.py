"""IND-01 to IND-18 as far as one indicator shows them: value, unit, class, formula, direction and scoring rule."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from functools import cache

from dutymine.checks.facts import Facts
from dutymine.facts.scoring import Scoring, Way, convert, parse
from dutymine.lexicon import WordRow, rows
from dutymine.model import Comparator, Finding, Indicator, Outcome, Severity, Verdict
from dutymine.settings import Settings
from dutymine.text import plain, squeeze

Test = Callable[[Facts, Indicator], str]
_SHARES = frozenset({"%", "百分比", "‰", "百分点", "成", "PPM", "ppm"})
_TIMES = frozenset(
    {
        "秒",
        "分钟",
        "分",
        "小时",
        "天",
        "日",
        "个工作日",
        "工作日",
        "个月",
        "月",
        "周",
        "年",
        "自然日",
        "个自然日",
        "季度",
        "时",
    }
)


@cache
def _words(name: str, settings: Settings) -> frozenset[str]:
    return frozenset(s for row in rows("indicator_words", WordRow, settings) if row.name == name for s in row.surfaces)


def _numeric(item: Indicator) -> bool:
    return item.low is not None or item.high is not None


def _bound(item: Indicator) -> Decimal | None:
    return item.low if item.low is not None else item.high


def _whole(item: Indicator) -> tuple[int, int]:
    """The quoted row: from its name to its value."""
    return item.start, max(item.end, item.value_end)


def _each(rule: str, severity: Severity, test: Test) -> Callable[[Facts], Verdict]:
    """A rule that looks at one indicator at a time; the test gives the message, empty where all is well."""

    def check(facts: Facts) -> Verdict:
        if not facts.mined.indicators:
            return Verdict(Outcome.NOT_APPLICABLE)
        said = [(item, test(facts, item)) for item in facts.mined.indicators]
        return _verdict(Finding(rule, severity, message, *_whole(item)) for item, message in said if message)

    return check


def _verdict(findings: Iterable[Finding]) -> Verdict:
    found = tuple(findings)
    return Verdict(Outcome.FAIL if found else Outcome.PASS, findings=found)


def _unmeasurable(facts: Facts, item: Indicator) -> str:
    value = squeeze(item.value_text).strip("。;，")
    if _numeric(item) or re.search(r"\d", value):
        return ""
    if value in _words("unmeasurable", facts.settings) or re.match(r"按[^，。]{0,12}(?:执行|规定|标准|要求)$", value):
        return f"指标值“{value}”不可衡量"
    return ""


# --- IND-02: name against unit ---------------------------------------------------------------------------------------

_RATE_NAME = re.compile(r"(?:(?<![频功速汇效税费利])率|比例|比重|覆盖面|知晓度)$")
_COUNT_NAME = re.compile(r"(?:(?<![质含])数量|(?<![指系分倍基参])数|次数|份数|人数|个数|条数|(?<![质含力流分容])量)$")
_TIME_NAME = re.compile(r"(?:时间|时长|时限|周期|期限)$")
_SCALE_IN_NAME = re.compile(r"\((万|千|百万|亿)[\u4e00-\u9fff]{0,2}\)$")
_GRADES = ("分", "级", "星", "档", "等")
_LARGE = 10_000


def _name_and_unit(facts: Facts, item: Indicator) -> str:
    name, unit = squeeze(item.name), item.unit
    if not _numeric(item) or not unit:
        return ""
    scale = _SCALE_IN_NAME.search(name)
    bare = re.sub(r"[(（].*?[)）]|[*★]", "", name)
    bound = abs(_bound(item) or Decimal(0))
    if scale and not unit.startswith(scale[1]) and bound >= _LARGE:
        return f"疑似单位重复计算：名称以“{scale[1]}”计，指标值为{item.value_text}"
    if (
        _RATE_NAME.search(bare)
        and unit not in _SHARES
        and "/" not in unit
        and not (bare.endswith("率") and "万" in bare)
    ):
        return f"疑似名称与单位不符：“{bare}”应以%计，单位为“{unit}”"
    if bare.endswith("满意度") and "%" not in unit and unit not in (*_SHARES, *_GRADES):
        return f"疑似名称与单位不符：“{bare}”应以%计，单位为“{unit}”"
    if _COUNT_NAME.search(bare) and unit in _SHARES and not re.search(r"增|减|降|升|占|变化|差", bare):
        return f"疑似名称与单位不符：“{bare}”是数量，单位为“{unit}”"
    if _TIME_NAME.search(bare) and unit not in _TIMES and not re.search(r"节|时间点|缩短|压缩|准时|完成", bare + unit):
        return f"疑似名称与单位不符：“{bare}”应以时间计，单位为“{unit}”"
    return ""


def _worded_share(facts: Facts, item: Indicator) -> str:
    """情况 measured in per cent: what is counted is not said."""
    name = squeeze(item.name)
    return f"“{name}”以%计，未说明是何比率" if name.endswith("情况") and item.unit in _SHARES and _numeric(item) else ""


def _ind02(facts: Facts) -> Verdict:
    hard = _each("IND-02", Severity.WARNING, _name_and_unit)(facts)
    soft = _each("IND-02", Severity.HINT, _worded_share)(facts)
    if hard.outcome is Outcome.NOT_APPLICABLE:
        return hard
    return _verdict((*hard.findings, *soft.findings))


# --- IND-03 to IND-05: class, formula, operator ----------------------------------------------------------------------


def _class(facts: Facts, item: Indicator) -> str:
    name = re.sub(r"[(（].*?[)）]", "", squeeze(item.name))
    if item.class_code == "O.qty" and _RATE_NAME.search(name) and item.unit in _SHARES:
        return f"疑似指标归类有误：“{name}”是比率，归入了数量指标"
    if item.class_code == "O.time" and item.unit == "小时" and _bound(item) == 24 and re.search(r"时长|全天", name):
        return f"“{name}”固定为24小时，不反映时效"
    told = name + squeeze(item.description)
    if item.class_code == "B.eco" and not any(word in told for word in _words("ecology", facts.settings)):
        return f"疑似指标归类有误：“{name}”与生态环境无关"
    return ""


_SHARE_OF_SHARE = re.compile(r"(?:率|满意度)占[^，。;]{0,20}(?:比例|比重|满意度|比率|率)")


def _formula(facts: Facts, item: Indicator) -> str:
    match = _SHARE_OF_SHARE.search(squeeze(item.description)) or _SHARE_OF_SHARE.search(squeeze(item.name))
    return f"疑似公式有误：“{match[0]}”，比率不能再占比例" if match else ""


def _operator(facts: Facts, item: Indicator) -> str:
    """A rate over 100 %, or a bare number where most others have an operator."""
    bound = _bound(item)
    if item.unit == "%" and item.comparator is Comparator.MORE and bound == 100 and not re.search(r"增|涨", item.name):
        return "疑似指标值超出可能范围：比率不会大于100%"
    return ""


# --- R42, IND-07: scoring rule against target ------------------------------------------------------------------------


def _scoring(facts: Facts, item: Indicator) -> Scoring | None:
    return parse(item.scoring_rule.translate(_FOLD)) if item.scoring_rule else None


_FOLD = str.maketrans("％（）：；", "%():;")


def _against_rule(facts: Facts, item: Indicator) -> str:
    rule = _scoring(facts, item)
    if rule is None or rule.way is not Way.STEPS or not _numeric(item):
        return ""
    wrong = []
    if rule.short is True and item.low is None:
        wrong.append(f"目标为“{item.value_text}”（越小越好），评分标准却按“少”扣分")
    if rule.short is False and item.high is None:
        wrong.append(f"目标为“{item.value_text}”（越大越好），评分标准却按“超”扣分")
    if _strangers(item.unit, rule.unit):
        wrong.append(f"评分标准以“{rule.unit}”计，目标值以“{item.unit}”计")
    elif rule.unit and item.unit and rule.unit in _TIMES and item.unit in _TIMES and rule.unit != item.unit and wrong:
        wrong.append(f"单位一为“{rule.unit}”一为“{item.unit}”")
    return "疑似评分标准与指标值不符：" + "；".join(wrong) if wrong else ""


def _strangers(unit: str, other: str) -> bool:
    """Whether two units cannot be held against each other; a count may be measured in per cent of its target."""
    if not unit or not other or other == "%" or unit in other or other in unit:
        return False
    return convert(Decimal(1), unit, other) is None


def _exhausted(facts: Facts, item: Indicator) -> str:
    """All points gone at a shortfall under one per cent of the target."""
    rule, bound = _scoring(facts, item), _bound(item)
    if rule is None or rule.way is not Way.STEPS or not item.points or not rule.deduct or not bound:
        return ""
    step = convert(rule.step, rule.unit, item.unit) if rule.unit != "%" else None
    if step is None:
        return ""
    gone = item.points / rule.deduct * step
    if gone / abs(bound) >= Decimal("0.01"):
        return ""
    return f"评分标准过陡：差{plain(gone)}{item.unit}（不到目标的1%）即扣完{item.points}分"


# --- IND-09, IND-11 to IND-13, IND-18 --------------------------------------------------------------------------------

_CLASSES = (("O.qual", "质量"), ("O.time", "时效"), ("C", "成本"))


def _missing_classes(facts: Facts) -> Verdict:
    """A project's table without quality, time or cost."""
    tables: dict[str, list[Indicator]] = defaultdict(list)
    for item in facts.mined.indicators:
        if item.project and item.table is not None:
            tables[item.project].append(item)
    if not tables:
        return Verdict(Outcome.NOT_APPLICABLE)
    findings = []
    for project, items in tables.items():
        held = {item.class_code for item in items}
        lacking = [name for code, name in _CLASSES if not any(has.startswith(code) for has in held)]
        if lacking and any(has.startswith("O") for has in held):
            message = f"项目“{project}”缺少{'、'.join(lacking)}指标"
            findings.append(Finding("IND-09", Severity.HINT, message, *_whole(items[0])))
    return _verdict(findings)


def _event(facts: Facts, item: Indicator) -> str:
    name = squeeze(item.name)
    events = re.search(
        r"(?:舆情|投诉|事故|灾害|火情|疫情|案件)(?:信息|专报)?(?:发生)?(?:数|数量|条数|起数|件数)$", name
    )
    if events and item.comparator in (Comparator.AT_LEAST, Comparator.MORE) and item.class_code == "O.qty":
        return f"“{name}”取决于外部事件，部门难以控制"
    return ""


def _method(facts: Facts, item: Indicator) -> str:
    basis = squeeze(item.basis)
    return f"指标值确定依据“{basis}”是取数方法，不是依据" if basis in _words("method", facts.settings) else ""


def _same_words(facts: Facts, item: Indicator) -> str:
    name = squeeze(item.name)
    return "指标描述与指标名称相同" if name and name == squeeze(item.description) else ""


_TWO = re.compile(
    r"[\u4e00-\u9fff]{2,}[，,、](?:提升|提高|增强|扩大)[\u4e00-\u9fff]{2,}率$|[\u4e00-\u9fff]{2}和[\u4e00-\u9fff]{2}率$"
)


def _two_in_one(facts: Facts, item: Indicator) -> str:
    name = squeeze(item.name)
    return f"疑似一项指标含两个内容：“{name}”" if _TWO.search(name) else ""


def _bare_numbers(facts: Facts) -> Iterator[Finding]:
    """Numbers without an operator in a table where most have one."""
    tables: dict[int, list[Indicator]] = defaultdict(list)
    for item in facts.mined.indicators:
        if item.table is not None and _numeric(item):
            tables[item.table].append(item)
    for items in tables.values():
        bare = [
            item
            for item in items
            if re.match(r"[\d.,]+\D{0,4}$", squeeze(item.value_text)) and item.unit not in _SHARES
        ]
        if len(items) > 3 and 0 < len(bare) <= len(items) // 4:
            listed = "、".join(f"“{item.value_text}”" for item in bare)
            yield Finding("IND-05", Severity.HINT, f"表中其他指标值有符号，{listed}没有", *_whole(bare[0]))


def _ind05(facts: Facts) -> Verdict:
    one = _each("IND-05", Severity.HINT, _operator)(facts)
    return one if one.outcome is Outcome.NOT_APPLICABLE else _verdict((*one.findings, *_bare_numbers(facts)))


def _twice(facts: Facts) -> Iterator[Finding]:
    """One name under two classes of one table."""
    places = Counter((item.table, squeeze(item.name), item.class_code) for item in facts.mined.indicators)
    classes: dict[tuple[int | None, str], set[str]] = defaultdict(set)
    for table, name, code in places:
        classes[table, name].add(code)
    for item in facts.mined.indicators:
        key = (item.table, squeeze(item.name))
        if item.table is not None and len(key[1]) > 4 and len(classes[key]) > 1:
            classes[key].clear()
            yield Finding("IND-03", Severity.HINT, f"同一指标“{item.name}”归入两类", *_whole(item))


def _ind03(facts: Facts) -> Verdict:
    one = _each("IND-03", Severity.HINT, _class)(facts)
    return one if one.outcome is Outcome.NOT_APPLICABLE else _verdict((*one.findings, *_twice(facts)))


INDICATORS = {
    "R42": _each("R42", Severity.WARNING, _against_rule),
    "IND-01": _each("IND-01", Severity.HINT, _unmeasurable),
    "IND-02": _ind02,
    "IND-03": _ind03,
    "IND-04": _each("IND-04", Severity.WARNING, _formula),
    "IND-05": _ind05,
    "IND-07": _each("IND-07", Severity.HINT, _exhausted),
    "IND-09": _missing_classes,
    "IND-11": _each("IND-11", Severity.HINT, _event),
    "IND-12": _each("IND-12", Severity.HINT, _method),
    "IND-13": _each("IND-13", Severity.HINT, _same_words),
    "IND-18": _each("IND-18", Severity.HINT, _two_in_one),
}
