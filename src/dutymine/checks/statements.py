"""R63-R66: what sentences say of a figure: the reason of a change, number times price, one item stated twice, and the
changes of income and expenditure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from dutymine.checks.changes import pairs
from dutymine.checks.facts import Facts
from dutymine.checks.figures import half_digit, lines, of_year, quoted, shown
from dutymine.model import Amount, AmountRole, DocumentKind, Finding, Outcome, Severity, Verdict
from dutymine.text import plain

R = AmountRole
_NOT_APPLICABLE = Verdict(Outcome.NOT_APPLICABLE)
_FACTORS = {"元": 1, "万元": 10_000, "亿元": 100_000_000}


def _verdict(told: list[str], findings: list[Finding]) -> Verdict:
    if not told:
        return _NOT_APPLICABLE
    outcome = Outcome.FAIL if findings else Outcome.PASS
    return Verdict(outcome, "；".join(dict.fromkeys(told[:8])), findings=tuple(findings))


# --- the reason of a change ------------------------------------------------------------------------------------------

_REASON = re.compile(
    r"[^。\n;]{0,24}?。?(?:主要|增减|变动|变化|减少|增加|增长|下降)?(?:的)?原因(?:是|为|:|系|主要是|在于)([^。\n;]{4,80})"
)
_MORE = re.compile(r"增加|增长|上升|提高|新增|增多|扩大|上调|追加|调增|上涨|增支|增人|调资|晋级")
_LESS = re.compile(r"减少|下降|压减|压缩|降低|核减|取消|减|节约|削减|调减|结束|完成|退休|调出|未|不再|没有|无|缩")
_OTHER_YEAR = re.compile(r"上年|去年|往年|20\d\d年|一次性|基数|口径|调整")


def _reasons(facts: Facts) -> Verdict:
    """A fall that is explained by growth alone, or growth by cuts alone."""
    findings: list[Finding] = []
    told: list[str] = []
    for item in facts.mined.amounts:
        if item.table is not None or "-" not in item.period or item.direction not in ("+", "-") or not item.value:
            continue
        match = _REASON.match(facts.quiet, item.end)
        if match is None or re.search(r"\d万?元", match[0][: match.start(1) - match.start()]):
            continue
        reason = match[1]
        told.append(f"{shown(item)}：{reason[:20]}")
        more, less = _MORE.search(reason) is not None, _LESS.search(reason) is not None
        if more is less or _OTHER_YEAR.search(reason) or more is (item.direction == "+"):
            continue
        word = "减少" if item.direction == "-" else "增加"
        message = f"疑似增减原因与方向不符：{word}{shown(item)}，原因却是“{reason.strip()[:24]}”"
        place, related = quoted(facts, item), match.span(1)
        findings.append(Finding("R63", Severity.WARNING, message, *place, computation=told[-1], related=related))
    return _verdict(told, findings)


# --- number times price ----------------------------------------------------------------------------------------------

_UNITS = "辆台套人名次户件场个处亩座间批吨株期份所家"
_PRICED = re.compile(
    rf"(\d[\d,]*)(人次|场次|[{_UNITS}])[^，。;\n\d×]{{0,12}}[，,、(]?(?:每[{_UNITS}](?:次)?|单价|人均|均价|×|\*|按每[{_UNITS}])"
    rf"(?:补助|标准|安排|预算)?(?:为|是)?(\d[\d,]*(?:\.\d+)?)(万元|元)(?:/[{_UNITS}]|的标准)?(?:计算|测算)?[)]?[，,、=]?"
    r"[^，。;\n\d=约]{0,8}(?:共|合计|总计|小计|需|计|金额|=)[^，。;\n\d约]{0,8}(\d[\d,]*(?:\.\d+)?)(万元|元)"
)


def _prices(facts: Facts) -> Verdict:
    """So many at so much each make the sum behind them."""
    findings: list[Finding] = []
    told: list[str] = []
    for match in _PRICED.finditer(facts.quiet):
        count = Decimal(match[1].replace(",", ""))
        price, total = (Decimal(match[group].replace(",", "")) for group in (3, 5))
        product = count * price * _FACTORS[match[4]] / _FACTORS[match[6]]
        half = [_last(match[group]) * _FACTORS[match[group + 1]] / _FACTORS[match[6]] / 2 for group in (3, 5)]
        computation = f"{plain(count)}×{plain(price)}{match[4]}={plain(product)}{match[6]}"
        told.append(computation)
        if abs(product - total) > half[0] * count + half[1]:
            message = f"数量×单价与合计不符：{computation}，文中为{plain(total)}{match[6]}"
            findings.append(Finding("R64", Severity.ERROR, message, *match.span(), computation=computation))
    return _verdict(told, findings)


def _last(digits: str) -> Decimal:
    """The last printed digit of a figure; whole numbers are exact."""
    decimals = len(digits.partition(".")[2])
    return Decimal(1).scaleb(-decimals) if decimals else Decimal(0)


# --- one item stated twice -------------------------------------------------------------------------------------------


def _twice(facts: Facts) -> Verdict:
    """The figure that opens an item's paragraph and the figure of the budget year that its comparison ends with."""
    year = facts.mined.identity.fiscal_year
    findings: list[Finding] = []
    told: list[str] = []
    for paragraph in lines(facts) if year else ():
        first = paragraph[0]
        again = [item for item in paragraph[1:] if _restates(facts, item, year or 0)]
        opens = re.match(r"[^。]{0,4}主要用于", facts.quiet[first.end : first.end + 10].replace("，", ""))
        if len(again) != 1 or opens is None or not of_year(facts, first) or first.unit != again[0].unit:
            continue
        told.append(f"{shown(first)}={shown(again[0])}")
        if abs(first.yuan - again[0].yuan) > half_digit(first) + half_digit(again[0]):
            message = f"疑似同一事项前后金额不一：{shown(first)}与{shown(again[0])}"
            place, related = quoted(facts, again[0]), (first.start, first.end)
            findings.append(Finding("R65", Severity.WARNING, message, *place, computation=told[-1], related=related))
    return _verdict(told, findings)


def _restates(facts: Facts, item: Amount, year: int) -> bool:
    before = facts.quiet[max(0, item.start - 16) : item.start].replace(" ", "")
    return re.search(rf"(?<![-—至]){year}年(?:当年)?预算(?:安排|数)?(?:为)?$", before) is not None


# --- income and expenditure move together ----------------------------------------------------------------------------


def _moves(facts: Facts) -> Verdict:
    """Income and expenditure of a budget that are equal this year and changed by different sums were not last year."""
    if facts.mined.identity.kind is not DocumentKind.BUDGET:
        return _NOT_APPLICABLE
    found = {
        role: [(this, change) for this, change in pairs(facts) if this.role is role and _is_of_total(facts, this)]
        for role in (R.INCOME_TOTAL, R.EXPENDITURE_TOTAL)
    }
    both = list(_both(found[R.INCOME_TOTAL], found[R.EXPENDITURE_TOTAL]))
    findings, told = [], []
    for one, other in both:
        computation = "，".join(f"{shown(change)}（{change.direction}）" for change in (one, other))
        told.append(computation)
        if one.direction != other.direction or abs(one.yuan - other.yuan) > half_digit(one) + half_digit(other):
            message = f"疑似收入与支出的增减不一致：本年收支相等，增减却为{computation}"
            place, related = quoted(facts, other), (one.start, one.end)
            findings.append(Finding("R66", Severity.WARNING, message, *place, computation=computation, related=related))
    return _verdict(told, findings[:1])


def _is_of_total(facts: Facts, this: Amount) -> bool:
    """Whether a figure is of all money, not of one fund."""
    return re.search(r"财政拨款|一般公共|基金|国有资本|专户", this.role_label) is None


def _both(income: list[tuple[Amount, Amount]], spent: list[tuple[Amount, Amount]]) -> Iterator[tuple[Amount, Amount]]:
    for this, change in income:
        for other, moved in spent:
            if this.yuan == other.yuan and this.unit == other.unit:
                yield change, moved


STATEMENTS: dict[str, Callable[[Facts], Verdict]] = {"R63": _reasons, "R64": _prices, "R65": _twice, "R66": _moves}
