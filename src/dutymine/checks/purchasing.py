"""R33-R35: procurement tables by project, purchases against the project's money, and the share of small firms."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from dutymine.checks.facts import Facts
from dutymine.checks.figures import Identity, half_digit, quoted, shown
from dutymine.checks.ledgers import Entry, Ledger, ledgers
from dutymine.checks.tables import proved
from dutymine.model import Amount, AmountRole, Finding, Outcome, Severity, Verdict
from dutymine.text import plain, squeeze

R = AmountRole
_NOT_APPLICABLE = Verdict(Outcome.NOT_APPLICABLE)
_BUDGET = re.compile(r"预算资金|项目预算$|预算金额$|项目资金")
_MONEY = re.compile(r"合计$|小计$|总价$|采购金额|采购预算|^金额$|\|金额$")
_GRAND = re.compile(r"(?:合|总|共)计|采购(?:合|总)计")
_PART = re.compile(r".*小计")


def _tables(facts: Facts) -> Iterator[tuple[Ledger, int]]:
    """Procurement tables with the column of a line's whole sum."""
    for ledger in ledgers(facts):
        heads = "|".join(ledger.heads.values())
        if "采购" not in ledger.name or not re.search(r"数量|单价|品目|目录", heads):
            continue
        sums = [
            column
            for column in ledger.columns
            if _MONEY.search(ledger.heads.get(column, ""))
            and not _BUDGET.search(ledger.heads[column].rpartition("|")[2])
        ]
        if sums:
            yield ledger, sums[0]


def _subtotals(facts: Facts) -> Iterator[Identity]:
    """The total row is the sum of the subtotals (of the lines where there are none), a subtotal of its lines."""
    for ledger, column in _tables(facts):
        rows = [entry for entry in _lines(ledger) if column in entry.figures]
        grand = [entry for entry in rows if _GRAND.fullmatch(entry.label)]
        parts = [entry for entry in rows if _PART.fullmatch(entry.label)]
        lines = [entry for entry in rows if entry not in grand and entry not in parts]
        if len(grand) != 1 or not lines:
            continue
        for part, below in _under(parts, lines) if parts else ():
            if below:
                yield _identity(part, below, column)
        yield _identity(grand[0], parts or lines, column)


def _lines(ledger: Ledger) -> list[Entry]:
    """One entry a row: the first label of the row with all its figures."""
    rows: dict[int, Entry] = {}
    for entry in ledger.entries:
        first = rows.get(entry.row)
        merged = (
            entry
            if first is None
            else Entry(entry.row, first.place, first.code, first.label, first.printed, first.figures | entry.figures)
        )
        rows[entry.row] = merged
    return list(rows.values())


def _under(parts: list[Entry], lines: list[Entry]) -> Iterator[tuple[Entry, list[Entry]]]:
    """Subtotals with the lines up to the next one, whether they stand above or below their lines."""
    above = parts[0].row < lines[0].row
    bounds = [part.row for part in parts]
    for i, part in enumerate(parts):
        low, high = (part.row, bounds[i + 1] if i + 1 < len(parts) else 10**9) if above else (
            bounds[i - 1] if i else -1,
            part.row,
        )  # fmt: skip
        yield part, [line for line in lines if low < line.row < high]


def _identity(whole: Entry, parts: list[Entry], column: int) -> Identity:
    return Identity(whole.figures[column], tuple((part.figures[column], 1) for part in parts))


def _projects(facts: Facts) -> Verdict:
    """What is bought for a project stays within its money, and every line states the same money for it."""
    findings, told = [], []
    for ledger, column in _tables(facts):
        budgets = [place for place in ledger.columns if _BUDGET.search(ledger.heads.get(place, "").rpartition("|")[2])]
        if len(budgets) != 1:
            continue
        for name, lines in _by_project(ledger).items():
            money = [line.figures[budgets[0]] for line in lines if budgets[0] in line.figures]
            bought = [line.figures[column] for line in lines if column in line.figures]
            if not money or not bought:
                continue
            whole = sum((figure.value for figure in bought), Decimal(0))
            computation = (
                "+".join(plain(figure.value) for figure in bought) + f"={plain(whole)}≤{plain(money[0].value)}"
            )
            told.append(f"“{name}”{computation}")
            wrong = ""
            if len({figure.value for figure in money}) > 1:
                wrong, place = "预算资金前后不一", money[-1]
            elif whole > money[0].value:
                wrong, place = "采购金额超过预算资金", bought[0]
            if wrong:
                message = f"疑似项目{wrong}：“{name}”{computation}"
                span = (place.start, place.end)
                findings.append(Finding("R34", Severity.WARNING, message, *span, computation=computation))
    if not told:
        return _NOT_APPLICABLE
    return Verdict(Outcome.FAIL if findings else Outcome.PASS, "；".join(told[:8]), findings=tuple(findings))


def _by_project(ledger: Ledger) -> dict[str, list[Entry]]:
    """Lines of a procurement table by the project named first in them (or in the row above)."""
    projects: dict[str, list[Entry]] = {}
    name = ""
    for line in _lines(ledger):
        if _GRAND.fullmatch(line.label) or _PART.fullmatch(line.label) or not line.figures:
            continue
        name = line.label or name
        projects.setdefault(name, []).append(line)
    return projects


# --- small and medium-sized firms ------------------------------------------------------------------------------------

_SMALL = re.compile(r"小微企业|小型(?:和|、|及)微型企业")
_MEDIUM = re.compile(r"中小企业")
_SHARE = re.compile(r"[，,、(]?(?:约)?占[^，。;\d%]{0,16}?(\d+(?:\.\d+)?)%")
_REACH = 40


def _firms(facts: Facts) -> Verdict:
    """What is kept for small firms is within the total, that for the smallest within that, and the shares are right."""
    findings, told = [], []
    for item, limits in _kept(facts):
        limit = limits[-1]
        told.append(f"{shown(item)}≤{shown(limit)}")
        share = _SHARE.match(facts.quiet[item.end : item.end + _REACH].replace(" ", ""))
        if item.yuan > limit.yuan + half_digit(item) + half_digit(limit):
            message = f"疑似中小企业份额超过总额：{shown(item)}，总额{shown(limit)}"
            findings.append(_finding(facts, item, limit, message, told[-1]))
        elif share is not None and not any(_is_share(item, whole, share[1]) for whole in limits):
            real = plain(round(item.yuan * 100 / limits[0].yuan, 2))
            message = f"疑似中小企业占比不符：{shown(item)}/{shown(limits[0])}={real}%，文中为{share[1]}%"
            findings.append(_finding(facts, item, limits[0], message, f"{shown(item)}/{shown(limits[0])}={real}%"))
    if not told:
        return _NOT_APPLICABLE
    return Verdict(Outcome.FAIL if findings else Outcome.PASS, "；".join(told), findings=tuple(findings))


def _kept(facts: Facts) -> Iterator[tuple[Amount, list[Amount]]]:
    """Sums kept for small firms with what they are part of: the total, and what is for all small and medium firms."""
    whole: list[Amount] = []
    end = 0
    for item in facts.mined.amounts:
        if item.table is not None or "-" in item.period:
            continue
        words = squeeze(facts.quiet[max(end, item.start - _REACH) : item.start])
        end = item.end
        is_small, is_medium = _SMALL.search(words) is not None, _MEDIUM.search(words) is not None
        if item.role is R.PROCUREMENT_TOTAL and not (is_small or is_medium):
            whole = [item]
        elif whole and whole[0].yuan and (is_small or is_medium) and re.search(r"预留|授予|面向|合同", words):
            yield item, whole[:1] if is_medium else whole
            whole = [whole[0], item] if is_medium else whole


def _is_share(item: Amount, whole: Amount, share: str) -> bool:
    if not whole.yuan:
        return True
    digit = Decimal(1).scaleb(-len(share.partition(".")[2]))
    slack = digit + (half_digit(item) + half_digit(whole)) * 100 / whole.yuan
    return abs(item.yuan * 100 / whole.yuan - Decimal(share)) <= slack


def _finding(facts: Facts, item: Amount, whole: Amount, message: str, computation: str) -> Finding:
    place, related = quoted(facts, item), (whole.start, whole.end)
    return Finding("R35", Severity.WARNING, message, *place, computation=computation, related=related)


PURCHASING: dict[str, Callable[[Facts], Verdict]] = {
    "R33": lambda facts: proved(facts, "R33", "采购合计与小计、明细", _subtotals(facts)),
    "R34": _projects,
    "R35": _firms,
}
