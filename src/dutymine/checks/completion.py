"""R57: rates of completion of the budget, in text and in the tables of self-evaluations."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from dutymine.checks.changes import last_digit
from dutymine.checks.facts import Facts
from dutymine.checks.figures import half_digit, lines, quoted, sentences, shown
from dutymine.facts.quantities import number
from dutymine.model import Amount, AmountRole, Cell, DocumentKind, Finding, Outcome, Severity, Table, Verdict
from dutymine.text import plain, squeeze

R = AmountRole
_NOT_APPLICABLE = Verdict(Outcome.NOT_APPLICABLE)
_REACH = 40
_DONE = re.compile(r"(?:年初|调整|全年)?预算[数为]?的?(?:为|数)?$")
_SPENT = re.compile(r"决算|执行数|实际(?:支出|执行|使用)")
_DONE_RATE = re.compile(
    r"完成(?:了)?(?:年初|全年|调整)?预算(?:数)?的?(\d+(?:\.\d+)?)%|(?:预算|资金)?执行率(?:为|达到?|是)?:?(\d+(?:\.\d+)?)%"
)
_REPORTS = (DocumentKind.FINAL_ACCOUNTS, DocumentKind.PERFORMANCE)


_DONE_OF = re.compile(r"完成(?:了)?(?:年初|全年|调整)?预算(?:数)?(?:为)?$")
_OF_BUDGET = re.compile(r"的(\d+(?:\.\d+)?)%")


def _done_of(facts: Facts) -> Iterator[tuple[Amount, Amount, str, int]]:
    """`决算为28.6万元。…完成预算32万元的89.38%`: spent (the one of its role), budget, rate and its end."""
    for paragraph in lines(facts):
        for place, budget in enumerate(paragraph):
            rate = _OF_BUDGET.match(facts.quiet, budget.end)
            if rate is None or not _DONE_OF.search(facts.quiet, max(0, budget.start - 10), budget.start):
                continue
            spent = [item for item in paragraph[:place] if item.role is budget.role and item.role is not R.OTHER]
            if len({item.yuan for item in spent}) == 1 and budget.yuan:
                yield spent[0], budget, rate[1], rate.end()


_HEADS = (re.compile(r"全年预算数?|调整后?预算数?"), re.compile(r"(?:全年)?执行数"), re.compile(r"(?:预算)?执行率"))
_FIGURE = re.compile(r"(\d[\d,]*(?:\.\d+)?)%?")


def _done_rows(facts: Facts, told: list[str]) -> Iterator[Finding]:
    """`全年预算数 | 全年执行数 | … | 执行率` of self-evaluations, row by row below these heads."""
    for table in facts.mined.tables:
        places: list[int] = []
        for row in _rows(table):
            words = {cell.column: squeeze(facts.quiet[cell.start : cell.end]) for cell in row}
            heads = [[column for column, word in words.items() if head.match(word)] for head in _HEADS]
            if all(len(found) == 1 for found in heads):
                places = [found[0] for found in heads]
                continue
            figures = [_FIGURE.fullmatch(words.get(column, "")) for column in places]
            budget, spent, rate = figures if len(figures) == 3 else (None, None, None)
            if budget is None or spent is None or rate is None:
                continue
            whole, part, stated = (number(match[1]) or Decimal(0) for match in (budget, spent, rate))
            if not whole or not stated:
                continue
            real = part * 100 / whole
            told.append(f"{plain(part)}/{plain(whole)}={plain(round(real, 2))}%")
            if abs(real - stated) > last_digit(rate[1]) + last_digit(spent[1]) * 100 / whole:
                message = f"疑似完成率不符：{told[-1]}，表中为{rate[0]}"
                cell = next(cell for cell in row if cell.column == places[2])
                yield Finding("R57", Severity.WARNING, message, row[0].start, cell.end, computation=told[-1])


def _rows(table: Table) -> list[list[Cell]]:
    result: list[list[Cell]] = [[] for _ in range(table.rows)]
    for cell in table.cells:
        result[cell.row].append(cell)
    return [sorted(row, key=lambda cell: cell.column) for row in result if row]


def _done(facts: Facts) -> Verdict:
    """A rate of completion in accounts and reports is what was spent over the budget of the same sentence."""
    if facts.mined.identity.kind not in _REPORTS:
        return _NOT_APPLICABLE
    findings, told = [], []
    for sentence in sentences(facts):
        text = facts.quiet[sentence[0].start : sentence[-1].end + _REACH]
        match = _DONE_RATE.search(text)
        budget = [item for item in sentence if _DONE.search(facts.quiet[max(0, item.start - 8) : item.start])]
        actual = [item for item in sentence if _SPENT.search(facts.quiet[max(0, item.start - 8) : item.start])]
        if match is None or len(budget) != 1 or len(actual) != 1 or not budget[0].yuan or budget == actual:
            continue
        real = actual[0].yuan * 100 / budget[0].yuan
        computation = f"{shown(actual[0])}/{shown(budget[0])}={plain(round(real, 2))}%"
        told.append(computation)
        rate = match[1] or match[2]
        slack = last_digit(rate) + half_digit(actual[0]) * 200 / budget[0].yuan
        if abs(real - Decimal(rate)) > slack:
            message = f"疑似完成率不符：{computation}，文中为{rate}%"
            place = (quoted(facts, actual[0])[0], sentence[0].start + match.end())
            findings.append(Finding("R57", Severity.WARNING, message, *place, computation=computation))
    findings += _done_rows(facts, told)
    for spent, whole, rate, end in _done_of(facts):
        real = spent.yuan * 100 / whole.yuan
        computation = f"{shown(spent)}/{shown(whole)}={plain(round(real, 2))}%"
        told.append(computation)
        if abs(real - Decimal(rate)) > last_digit(rate) + half_digit(spent) * 200 / whole.yuan:
            message = f"疑似完成率不符：{computation}，文中为{rate}%"
            findings.append(
                Finding("R57", Severity.WARNING, message, quoted(facts, whole)[0], end, computation=computation)
            )
    if not told:
        return _NOT_APPLICABLE
    return Verdict(Outcome.FAIL if findings else Outcome.PASS, "；".join(told[:8]), findings=tuple(findings))


COMPLETION: dict[str, Callable[[Facts], Verdict]] = {"R57": _done}
