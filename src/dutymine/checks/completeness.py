"""C01-C09: a part that must be published is missing, or named and left empty."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from dutymine.checks.facts import Facts
from dutymine.model import AmountRole, DocumentKind, Finding, Outcome, SectionKind, Severity, Status, Verdict

_LEAST_BODY = 8  # Han characters; below it a heading has no text of its own
_BODY = re.compile(rf"(?:[^\u4e00-\u9fff]*[\u4e00-\u9fff]){{{_LEAST_BODY}}}")
_BUDGETS = (DocumentKind.BUDGET, DocumentKind.FINAL_ACCOUNTS)
_CHANGED = re.compile(r"(?:与|比|较|同)[^。\n]{0,12}(?:上年|去年|20\d\d年)|持平|增减|增加|减少|年初预算")
_GOODS = ("货物", "工程", "服务")


@dataclass(frozen=True, slots=True)
class _Part:
    """What must be public: its name, the sections that may hold it, and another sign that it is there."""

    name: str
    sections: tuple[SectionKind, ...]
    there: Callable[[Facts], bool]
    kinds: tuple[DocumentKind, ...] = _BUDGETS


def _roles(facts: Facts, *roles: AmountRole) -> bool:
    return any(amount.role in roles for amount in facts.mined.amounts)


_PARTS = {
    "C01": _Part("部门职责", (SectionKind.DUTIES,), lambda facts: bool(facts.mined.clauses)),
    "C02": _Part("机构设置", (SectionKind.INSTITUTIONS,), lambda facts: bool(facts.mined.institutions)),
    "C03": _Part(
        "收入、支出及增减变化",
        (SectionKind.INCOME, SectionKind.EXPENDITURE, SectionKind.CHANGE),
        lambda facts: _roles(facts, AmountRole.INCOME_TOTAL) and _roles(facts, AmountRole.EXPENDITURE_TOTAL),
    ),
    "C04": _Part("机关运行经费", (SectionKind.AGENCY_RUNNING,), lambda facts: _roles(facts, AmountRole.AGENCY_RUNNING)),
    "C05": _Part(
        "“三公”经费",
        (SectionKind.THREE_PUBLIC,),
        lambda facts: _roles(facts, AmountRole.THREE_PUBLIC_TOTAL, AmountRole.THREE_PUBLIC_VEHICLE),
    ),
    "C06": _Part("政府采购", (SectionKind.PROCUREMENT,), lambda facts: _roles(facts, AmountRole.PROCUREMENT_TOTAL)),
    "C07": _Part("名词解释", (SectionKind.GLOSSARY,), lambda facts: SectionKind.GLOSSARY in facts.kinds),
    "C08": _Part("国有资产占用情况", (SectionKind.ASSETS,), lambda facts: _roles(facts, AmountRole.ASSETS_TOTAL)),
    "C09": _Part(
        "项目绩效目标和指标",
        (SectionKind.PERFORMANCE, SectionKind.INDICATORS_PROJECT, SectionKind.INDICATORS_DEPARTMENT),
        lambda facts: bool(facts.mined.indicators),
        (*_BUDGETS, DocumentKind.PERFORMANCE),
    ),
}


def _complete(rule: str, part: _Part) -> Callable[[Facts], Verdict]:
    def check(facts: Facts) -> Verdict:
        secret = rule == "C01" and facts.mined.status is Status.WITHHELD
        if secret or facts.mined.identity.kind not in part.kinds or facts.mined.status is Status.FAILED:
            return Verdict(Outcome.NOT_APPLICABLE)
        return _missing(facts, rule, part) or _more(facts, rule)

    return check


def _missing(facts: Facts, rule: str, part: _Part) -> Verdict | None:
    """The verdict on a part that is not there, or is a heading alone."""
    headings = [section for section in facts.mined.sections if section.kind in part.sections]
    if not headings:
        if part.there(facts):
            return None
        message = f"未见“{part.name}”，如在其他文件中公开请核对"
        return Verdict(Outcome.FAIL, findings=(Finding(rule, Severity.HINT, message, 0, 0),))
    if part.there(facts) or any(_body(facts, section.body, section.end) for section in headings):
        return None
    first = headings[0]
    message = f"疑似“{part.name}”只有标题而无内容"
    return Verdict(Outcome.FAIL, findings=(Finding(rule, Severity.WARNING, message, first.start, first.body),))


def _body(facts: Facts, start: int, end: int) -> bool:
    return _BODY.match(facts.quiet, start, end) is not None


def _more(facts: Facts, rule: str) -> Verdict:
    """Parts of a part: vehicles split and the change explained (C05), procurement by goods, works, services (C06)."""
    lacking = {"C03": _change, "C05": _three_public, "C06": _procurement}.get(rule)
    found = lacking(facts) if lacking else ()
    return Verdict(Outcome.FAIL if found else Outcome.PASS, findings=found)


def _hint(facts: Facts, rule: str, kind: SectionKind, message: str) -> tuple[Finding, ...]:
    section = next((section for section in facts.mined.sections if section.kind is kind), None)
    place = (section.start, section.body) if section else (0, 0)
    return (Finding(rule, Severity.HINT, message, *place),)


def _change(facts: Facts) -> tuple[Finding, ...]:
    changed = any(amount.role.startswith("change") for amount in facts.mined.amounts)
    if changed or SectionKind.CHANGE in facts.kinds or _CHANGED.search(facts.quiet):
        return ()
    return _hint(facts, "C03", SectionKind.INCOME, "未见收支比上年增减变化的说明")


def _three_public(facts: Facts) -> tuple[Finding, ...]:
    split = _roles(facts, AmountRole.THREE_PUBLIC_VEHICLE_PURCHASE, AmountRole.THREE_PUBLIC_VEHICLE_RUNNING)
    sections = [section for section in facts.mined.sections if section.kind is SectionKind.THREE_PUBLIC]
    changed = not sections or any(_CHANGED.search(facts.quiet, part.start, part.end) for part in sections)
    wanting = [*([] if split else ["公务用车未分购置费和运行维护费"]), *([] if changed else ["未说明增减变化"])]
    return _hint(facts, "C05", SectionKind.THREE_PUBLIC, "、".join(wanting)) if wanting else ()


def _procurement(facts: Facts) -> tuple[Finding, ...]:
    totals = [amount for amount in facts.mined.amounts if amount.role is AmountRole.PROCUREMENT_TOTAL]
    sections = [section for section in facts.mined.sections if section.kind is SectionKind.PROCUREMENT]
    said = any(word in facts.quiet[part.start : part.end] for part in sections for word in _GOODS)
    if said or not any(amount.yuan for amount in totals):
        return ()
    return _hint(facts, "C06", SectionKind.PROCUREMENT, "政府采购总额未分货物、工程、服务")


COMPLETENESS = {rule: _complete(rule, part) for rule, part in _PARTS.items()}
