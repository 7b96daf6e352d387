"""R51-R53, R59: one figure in several places, its unit, its decimals, and tables without figures."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from decimal import Decimal

from dutymine.checks.changes import quoted_label
from dutymine.checks.facts import Facts
from dutymine.checks.figures import Identity, half_digit, judged, of_year, quoted, shown
from dutymine.checks.ledgers import ledgers
from dutymine.model import Amount, AmountRole, Finding, Outcome, SectionKind, Severity, Verdict

R = AmountRole
_NOT_APPLICABLE = Verdict(Outcome.NOT_APPLICABLE)
_COMPARED = (
    *(R.INCOME_TOTAL, R.EXPENDITURE_BASIC, R.EXPENDITURE_PERSONNEL, R.EXPENDITURE_OPERATING, R.EXPENDITURE_PROJECT),
    *(R.THREE_PUBLIC_TOTAL, R.THREE_PUBLIC_ABROAD, R.THREE_PUBLIC_RECEPTION, R.THREE_PUBLIC_VEHICLE),
)
_PARTIAL = re.compile(r"涉及|采购|预留|中小|重点|其中|专项")  # of a part, whatever role its label gave it
_SLIPS = (Decimal(10_000), Decimal(100), Decimal(1000))


def _twice(facts: Facts) -> dict[AmountRole, tuple[Amount, Amount]]:
    """Roles with one value in running text and one in tables."""
    prose: dict[AmountRole, list[Amount]] = defaultdict(list)
    table: dict[AmountRole, list[Amount]] = defaultdict(list)
    for item in facts.mined.amounts:
        if item.role in _COMPARED and of_year(facts, item) and not _PARTIAL.search(item.role_label):
            (prose if item.table is None else table)[item.role].append(item)
    return {
        role: (prose[role][0], table[role][0])
        for role in _COMPARED
        if len({item.yuan for item in prose[role]}) == 1 and len({item.yuan for item in table[role]}) == 1
    }


def _units(facts: Facts) -> Verdict:
    """元 and 万元 mixed up: the same figure in text and table, a power of ten apart."""
    pairs = _twice(facts)
    if not pairs:
        return _NOT_APPLICABLE
    findings = []
    for said, listed in pairs.values():
        high, low = max(said.yuan, listed.yuan), min(said.yuan, listed.yuan)
        if low > 0 and any(abs(high - low * slip) <= half_digit(said) + half_digit(listed) * slip for slip in _SLIPS):
            message = f"疑似单位有误：正文为{shown(said)}，表格为{shown(listed)}"
            place, related = quoted(facts, said), (listed.start, listed.end)
            findings.append(Finding("R51", Severity.ERROR, message, *place, related=related))
    told = "；".join(f"{shown(said)}/{shown(listed)}" for said, listed in pairs.values())
    return Verdict(Outcome.FAIL if findings else Outcome.PASS, told, findings=tuple(findings))


_FUND = re.compile(r"一般公共预算|政府性基金|国有资本|财政拨款")


def _is_part(facts: Facts, said: Amount, listed: Amount) -> bool:
    """Whether a smaller figure stands in a table of one fund, while the text speaks of all money."""
    ledger = next((item for item in ledgers(facts) if item.index == listed.table), None)
    if ledger is None or listed.yuan > said.yuan or _FUND.search(quoted_label(facts, said)):
        return False
    return _FUND.search(ledger.title + ledger.heads.get(listed.column or 0, "")) is not None


def _agree(facts: Facts) -> Iterator[Identity]:
    for said, listed in _twice(facts).values():
        if _is_part(facts, said, listed):
            continue
        high, low = max(said.yuan, listed.yuan), min(said.yuan, listed.yuan)
        if not (low > 0 and high / low >= _SLIPS[1]):
            yield Identity(said, ((listed, 1),))


def _decimals(facts: Facts) -> Verdict:
    """A figure in 万元 with more than two decimals where the others have at most two."""
    told = [item for item in facts.mined.amounts if item.table is None and item.unit == "万元"]
    long = [item for item in told if len(format(item.value, "f").partition(".")[2]) > 2]
    if len(told) < 5:
        return _NOT_APPLICABLE
    if not long or len(long) * 4 > len(told):
        return Verdict(Outcome.PASS)
    place = quoted(facts, long[0])
    message = f"小数位数不统一：{shown(long[0])}，其他金额为两位小数"
    return Verdict(Outcome.FAIL, findings=(Finding("R52", Severity.HINT, message, *place),))


_NOTE = re.compile(r"空表|无(?:此项|相关|政府采购|数据)|没有|未安排|不涉及|为空|0(?:\.0+)?万?元")


def _empty(facts: Facts) -> Verdict:
    """A procurement table without figures is explained, or the text says 0."""
    sections = [part for part in facts.mined.sections if part.kind is SectionKind.PROCUREMENT]
    tables = [
        table
        for part in sections
        for table in facts.mined.tables
        if part.start <= table.start < part.end and not _filled(facts, table.start, table.end)
    ]
    if not tables:
        return _NOT_APPLICABLE
    part = sections[0]
    if re.search(r"空表|无数据|故本表为空|没有数据", facts.quiet[part.start : part.end]):
        return Verdict(Outcome.PASS, "已作空表说明")
    said = _NOTE.search(facts.quiet, part.start, part.end)
    message = "空表未附说明" + ("（正文称金额为0）" if said else "，正文也未说明没有此项")
    finding = Finding("R53", Severity.HINT, message, part.start, part.body)
    return Verdict(Outcome.FAIL, findings=(finding,))


def _filled(facts: Facts, start: int, end: int) -> bool:
    return re.search(r"\d", facts.quiet[start:end]) is not None


REPEATS: dict[str, Callable[[Facts], Verdict]] = {
    "R51": _units,
    "R52": _decimals,
    "R53": _empty,
    "R59": lambda facts: judged(facts, "R59", "正文与表格的同一金额", list(_agree(facts))),
}
