"""R01-R05, R08, R21, R29-R32, R36-R40: wholes and their parts where the document lists them together."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from dutymine.checks.facts import Facts
from dutymine.checks.figures import Identity, firsts, half_digit, judged, lines, of_year, quoted, sentences, shown
from dutymine.checks.tables import balances, subtotals, trusted
from dutymine.model import (
    Amount,
    AmountRole,
    DocumentKind,
    Finding,
    Indicator,
    Outcome,
    Purchase,
    SectionKind,
    Severity,
    Verdict,
)
from dutymine.text import plain, squeeze

R = AmountRole
_SOURCES = (R.INCOME_GENERAL, R.INCOME_FUND, R.INCOME_SOE, R.INCOME_SPECIAL, R.INCOME_OTHER, R.INCOME_CARRYOVER)
_NOT_APPLICABLE = Verdict(Outcome.NOT_APPLICABLE)
# Words between a whole and its parts that say that these make it.
_LISTS = re.compile(r"其中|包括|分别|构成|由|:|含")
_OPEN = re.compile(r"主要|等(?=\d|项目|支出|方面|，|。|$)|如")


def _sum(whole: AmountRole, parts: Sequence[AmountRole], least: int) -> Callable[[Facts], Iterator[Identity]]:
    """Equations of sentences that state a whole and behind it at least so many of its parts."""

    def find(facts: Facts) -> Iterator[Identity]:
        for sentence in sentences(facts):
            if not any(item.role is whole for item in sentence):
                continue
            found = firsts(facts, sentence, (whole, *parts))
            top = found.get(whole)
            below = [found[role] for role in parts if role in found]
            repeated = [item for item in sentence if item.role in parts and of_year(facts, item)]
            if top is None or len(below) < least or len(repeated) != len(below):
                continue
            if all(item.start > top.start for item in below):
                between = facts.quiet[top.end : min(item.start for item in below)]
                if _LISTS.search(between):
                    yield Identity(top, tuple((item, 1) for item in below))

    return find


def _rule(rule: str, what: str, *finds: Callable[[Facts], Iterator[Identity]]) -> Callable[[Facts], Verdict]:
    return lambda facts: judged(facts, rule, what, trusted(item for find in finds for item in find(facts)))


def _projects(facts: Facts) -> Iterator[Identity]:
    """项目支出 of a budget and the projects listed behind it in its paragraph, where the list is a whole one."""
    if facts.mined.identity.kind is not DocumentKind.BUDGET:
        return
    for sentence in lines(facts):
        for i, top in enumerate(sentence):
            if top.role is not R.EXPENDITURE_PROJECT or not of_year(facts, top):
                continue
            items = []
            for item in sentence[i + 1 :]:
                if item.role is not R.PROJECT_ITEM:
                    break
                items.append(item)
            if len(items) < 2:
                continue
            identity = Identity(top, tuple((item, 1) for item in items))
            if identity.difference and not _is_listed(facts, top, items):
                continue
            behind = facts.quiet[items[-1].end : items[-1].end + 4]
            listed = facts.quiet[top.end : items[-1].end]
            is_open = (
                _OPEN.search(facts.quiet[top.end : items[0].start]) or behind.startswith("等") or "等" in listed[-6:]
            )
            if identity.difference == 0 or not (is_open and identity.difference > 0):
                yield identity


def _is_listed(facts: Facts, top: Amount, items: Sequence[Amount]) -> bool:
    """Whether a sentence lists projects as what the project expenditure is made of, and nothing else."""
    between = facts.quiet[top.end : items[0].start]
    one = "。" not in facts.quiet[top.end : items[-1].start]
    return (
        one and "项目支出" in top.role_label and bool(_LISTS.search(between)) and not re.search(r"[加减]|结转", between)
    )


def _totals(facts: Facts) -> Iterator[Identity]:
    """Income and expenditure of a budget, each as its own section first states it."""
    if facts.mined.identity.kind is not DocumentKind.BUDGET:
        return
    income = _stated(facts, R.INCOME_TOTAL, SectionKind.INCOME)
    spending = _stated(facts, R.EXPENDITURE_TOTAL, SectionKind.EXPENDITURE)
    if income is not None and spending is not None:
        yield Identity(income, ((spending, 1),))


def _stated(facts: Facts, role: AmountRole, kind: SectionKind) -> Amount | None:
    """The figure of a role that opens a section of running text; None where it is not the largest of its sentence."""
    for section in facts.mined.sections:
        if section.kind is not kind:
            continue
        for sentence in sentences(facts):
            if not section.start <= sentence[0].start < section.end:
                continue
            own = [item for item in sentence if item.role is role and of_year(facts, item)]
            if own and own[0].yuan == max(item.yuan for item in sentence if of_year(facts, item)):
                return own[0]
    return None


def _agency(facts: Facts) -> Verdict:
    """机关运行经费 of an administrative unit is its operating expenditure."""
    if facts.mined.identity.kind is not DocumentKind.BUDGET:
        return _NOT_APPLICABLE
    year = [item for item in facts.mined.amounts if item.table is None and of_year(facts, item)]
    running = [item for item in year if item.role is R.AGENCY_RUNNING]
    operating = [item for item in year if item.role is R.EXPENDITURE_OPERATING]
    if len({item.yuan for item in running}) != 1 or len({item.yuan for item in operating}) != 1:
        return _NOT_APPLICABLE
    identity = Identity(running[0], ((operating[0], 1),))
    if abs(identity.difference) <= identity.slack:
        return Verdict(Outcome.PASS, identity.computation, (running[0].start, operating[0].start))
    if len(facts.mined.institutions) > 1:
        return Verdict(Outcome.COULD_NOT_RUN, f"{identity.computation}，可能含非行政单位的公用经费")
    message = f"机关运行经费与公用经费不一致，请核对：{identity.computation}"
    place, related = quoted(facts, running[0]), quoted(facts, operating[0])
    finding = Finding("R21", Severity.HINT, message, *place, computation=identity.computation, related=related)
    return Verdict(Outcome.FAIL, identity.computation, (running[0].start,), (finding,))


# --- procurement and assets ------------------------------------------------------------------------------------------


def _unit(facts: Facts, item: Purchase) -> int:
    table = facts.mined.tables[item.table] if item.table is not None else None
    return {"元": 1, "万元": 10_000, "亿元": 100_000_000}.get(table.unit if table else "", 0)


def _purchases(facts: Facts) -> Verdict:
    """The total that the text states is the sum of the lines."""
    lines = [item for item in facts.mined.purchases if item.amount is not None and _unit(facts, item)]
    stated = [item for item in facts.mined.amounts if item.role is R.PROCUREMENT_TOTAL and of_year(facts, item)]
    totals = [item for item in stated if item.table is None] or stated
    if not lines or not totals or len({item.table for item in lines}) != 1 or len({item.yuan for item in totals}) != 1:
        return _NOT_APPLICABLE
    whole = sum(((item.amount or Decimal(0)) * _unit(facts, item) for item in lines), Decimal(0))
    slack = half_digit(totals[0]) * (len(lines) + 1)
    terms = "+".join(plain(item.amount or Decimal(0)) for item in lines)
    computation = f"{shown(totals[0])}，明细{terms}={plain(whole / _unit(facts, lines[0]))}"
    used = (totals[0].start, *(item.start for item in lines))
    if abs(whole - totals[0].yuan) <= slack:
        return Verdict(Outcome.PASS, computation, used)
    message = f"政府采购总额与明细合计不符：{computation}"
    place = quoted(facts, totals[0])
    return Verdict(
        Outcome.FAIL, computation, used, (Finding("R29", Severity.ERROR, message, *place, computation=computation),)
    )


def _price(facts: Facts) -> Verdict:
    """Quantity times unit price of every purchase line."""
    lines = [item for item in facts.mined.purchases if None not in (item.quantity, item.unit_price, item.amount)]
    if not lines:
        return _NOT_APPLICABLE
    findings, told = [], []
    for item in lines:
        quantity, price, amount = item.quantity or Decimal(0), item.unit_price or Decimal(0), item.amount or Decimal(0)
        product = quantity * price
        slack = _half(amount) + quantity * _half(price)
        computation = f"{plain(quantity)}×{plain(price)}={plain(product)}"
        told.append(computation)
        if abs(product - amount) > slack and quantity:
            message = f"数量×单价与金额不符：“{item.item}”{computation}，金额为{plain(amount)}"
            findings.append(Finding("R30", Severity.ERROR, message, item.start, item.end, computation=computation))
    used = tuple(item.start for item in lines)
    return Verdict(Outcome.FAIL if findings else Outcome.PASS, "；".join(told[:8]), used, tuple(findings))


def _half(value: Decimal) -> Decimal:
    exponent = value.as_tuple().exponent
    return Decimal(1).scaleb(min(exponent if isinstance(exponent, int) else 0, 0)) / 2


_KINDS = ("货物", "工程", "服务")


def _by_kind(facts: Facts) -> Iterator[Identity]:
    """Goods, works and services behind the total of procurement."""
    for sentence in sentences(facts):
        tops = [item for item in sentence if item.role is R.PROCUREMENT_TOTAL and of_year(facts, item)]
        parts = [item for item in sentence if item not in tops[:1] and any(k in item.role_label for k in _KINDS)]
        if (
            tops
            and len(parts) >= 2
            and len({_kind(item) for item in parts}) == len(parts)
            and parts[0].start > tops[0].start
        ):
            yield Identity(tops[0], tuple((item, 1) for item in parts))


def _kind(amount: Amount) -> str:
    return next((kind for kind in _KINDS if kind in amount.role_label), "")


def _assets(facts: Facts) -> Iterator[Identity]:
    """The total of the assets table and its items; what stands under 其中 is part of an item."""
    tables: dict[int, list[Amount]] = defaultdict(list)
    for item in facts.mined.amounts:
        if item.table is not None and item.role in (R.ASSETS_TOTAL, R.ASSETS_ITEM) and item.unit:
            tables[item.table].append(item)
    for items in tables.values():
        tops = [item for item in items if item.role is R.ASSETS_TOTAL]
        parts = [item for item in items if item.role is R.ASSETS_ITEM and not _is_within(facts, item)]
        if len(tops) == 1 and parts and len({item.column for item in items}) == 1:
            yield Identity(tops[0], tuple((item, 1) for item in parts))


def _is_within(facts: Facts, amount: Amount) -> bool:
    """Whether the row of a figure begins with 其中: it is part of the row above."""
    if "其中" in amount.role_label or amount.table is None:
        return "其中" in amount.role_label
    cells = (cell for cell in facts.mined.tables[amount.table].cells if cell.row == amount.row)
    return any(facts.quiet[cell.start : cell.end].lstrip().startswith("其中") for cell in cells)


def _asset_text(facts: Facts) -> Iterator[Identity]:
    tops = [item for item in facts.mined.amounts if item.role is R.ASSETS_TOTAL]
    prose = [item for item in tops if item.table is None]
    table = [item for item in tops if item.table is not None]
    if len({item.yuan for item in prose}) == 1 and len({item.yuan for item in table}) == 1:
        yield Identity(prose[0], ((table[0], 1),))


# --- indicators ------------------------------------------------------------------------------------------------------

_FULL = (Decimal(100), Decimal(90))
_LEAST_ROWS = 4


def _points(facts: Facts) -> Verdict:
    """The points of a table (of a project in it) make 100, or 90 where 10 are for carrying out the budget."""
    groups: dict[tuple[int | None, str], list[Indicator]] = defaultdict(list)
    for item in facts.mined.indicators:
        if item.table is not None or item.project:  # a list in prose is one where its project is named
            groups[item.table, item.project].append(item)
    scored = [items for items in groups.values() if len(items) >= _LEAST_ROWS and all(item.points for item in items)]
    if not scored:
        return _NOT_APPLICABLE
    findings, told, used = [], [], []
    for items in scored:
        whole = sum((item.points or Decimal(0) for item in items), Decimal(0))
        computation = "+".join(plain(item.points or Decimal(0)) for item in items) + f"={plain(whole)}"
        told.append(computation)
        used.append(items[0].start)
        if whole not in _FULL:
            message = f"疑似分值合计有误：{plain(whole)}分，应为100分或90分"
            place = (items[0].start, items[0].end)
            findings.append(Finding("R39", Severity.WARNING, message, *place, computation=computation))
    return Verdict(Outcome.FAIL if findings else Outcome.PASS, "；".join(told), tuple(used), tuple(findings))


_WHOLE_COST = re.compile(r"总成本|总额|控制数|总支出|项目支出|预算控制|费用$|运维费|专项资金")


def _caps(facts: Facts) -> Verdict:
    """Cost caps against the budgets they belong to: all caps of the projects make the project expenditure, or a cap is
    above its project's budget.
    """
    caps = [item for item in facts.mined.indicators if item.class_code.startswith("C") and item.project and item.high]
    money = {"元": 1, "万元": 10_000, "亿元": 100_000_000}
    caps = [item for item in caps if item.unit in money]
    if not caps:
        return _NOT_APPLICABLE
    budgets = {project.name: facts.mined.amounts[project.amounts[0]] for project in facts.projects if project.amounts}
    findings, told = [], []
    for item in caps:
        budget = budgets.get(item.project)
        if budget is None or not _WHOLE_COST.search(squeeze(item.name)):
            continue
        high = (item.high or Decimal(0)) * money[item.unit]
        computation = f"成本上限{item.value_text}，项目预算{shown(budget)}"
        told.append(computation)
        if high > budget.yuan + half_digit(budget):
            message = f"疑似成本指标超过项目预算：{computation}"
            place = (item.start, max(item.end, item.value_end))
            related = (budget.start, budget.end)
            findings.append(Finding("R40", Severity.WARNING, message, *place, computation=computation, related=related))
    whole = [item for item in facts.mined.amounts if item.role is R.EXPENDITURE_PROJECT and of_year(facts, item)]
    total = sum((item.high or Decimal(0)) * money[item.unit] for item in caps)
    if whole and total == whole[0].yuan:
        told.append("+".join(item.value_text.lstrip("≤≦") for item in caps) + f"={shown(whole[0])}")
    outcome = Outcome.FAIL if findings else Outcome.PASS if told else Outcome.NOT_APPLICABLE
    return Verdict(outcome, "；".join(told), tuple(item.start for item in caps), tuple(findings))


ARITHMETIC: dict[str, Callable[[Facts], Verdict]] = {
    "R01": _rule(
        *("R01", "收入合计与各项来源"),
        *(_sum(R.INCOME_TOTAL, _SOURCES, 2), lambda facts: subtotals(facts, fiscal=False, income=True)),
    ),
    "R02": _rule(
        *("R02", "支出合计与各项支出"),
        _sum(R.EXPENDITURE_TOTAL, (R.EXPENDITURE_BASIC, R.EXPENDITURE_PROJECT, R.EXPENDITURE_OTHER), 2),
        *(lambda facts: subtotals(facts, fiscal=False, income=False),),
        *(lambda facts: subtotals(facts, fiscal=True, income=False),),
    ),
    "R03": _rule("R03", "收入总计与支出总计", _totals, lambda facts: balances(facts, fiscal=False)),
    "R05": _rule(
        "R05",
        "基本支出与人员经费、公用经费",
        _sum(R.EXPENDITURE_BASIC, (R.EXPENDITURE_PERSONNEL, R.EXPENDITURE_OPERATING), 2),
    ),
    "R08": _rule("R08", "项目支出与各项目金额", _projects),
    "R21": _agency,
    "R29": _purchases,
    "R30": _price,
    "R32": _rule("R32", "政府采购与货物、工程、服务", _by_kind),
    "R36": _rule("R36", "资产总额与各项", _assets),
    "R37": _rule("R37", "资产金额的正文与表格", _asset_text),
    "R39": _points,
    "R40": _caps,
}
