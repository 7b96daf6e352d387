"""R22-R27, R57: changes against last year, rates and shares."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal

from dutymine.checks.facts import Facts
from dutymine.checks.figures import Identity, half_digit, judged, lines, of_year, quoted, sentences, shown
from dutymine.model import Amount, AmountRole, DocumentKind, Finding, Outcome, Severity, Verdict
from dutymine.text import plain

R = AmountRole
_NOT_APPLICABLE = Verdict(Outcome.NOT_APPLICABLE)
_UP = re.compile(r"增加|增长|上升|提高|增幅|多")
_DOWN = re.compile(r"减少|下降|降低|降幅|减幅|压缩|少")
_RATE = re.compile(
    r"^[，,、(]?(?:同比|比例为|幅度为|约|即)?(增长|上升|提高|增加|增幅|下降|降低|减少|降幅|减幅)(?:了|为|率为|约)?"
    r"(\d+(?:\.\d+)?)%"
)
_SHARE = re.compile(r"^[，,、(]?占[^，。;\d]{0,14}?(\d+(?:\.\d+)?)%")
_DONE = re.compile(r"(?:年初|调整|全年)?预算[数为]?的?(?:为|数)?$")
_SPENT = re.compile(r"决算|执行数|实际(?:支出|执行|使用)")
_DONE_RATE = re.compile(
    r"完成(?:了)?(?:年初|全年|调整)?预算(?:数)?的?(\d+(?:\.\d+)?)%|(?:预算|资金)?执行率(?:为|达到?|是)?:?(\d+(?:\.\d+)?)%"
)
_REPORTS = (DocumentKind.FINAL_ACCOUNTS, DocumentKind.PERFORMANCE)
_REACH = 40


def _sign(amount: Amount) -> int:
    return 1 if amount.direction == "+" else -1 if amount.direction == "-" else 0


def _is_change(amount: Amount) -> bool:
    return "-" in amount.period and amount.direction in ("+", "-", "0")


def pairs(facts: Facts) -> Iterator[tuple[Amount, Amount]]:
    """A figure of this year and, next in the sentence, what it changed by (no other total between them)."""
    for sentence in sentences(facts):
        before: Amount | None = None
        for item in sentence:
            if _is_change(item):
                if before is not None:
                    yield before, item
                before = None
            elif of_year(facts, item):
                before = item


def _change(facts: Facts) -> Verdict:
    """This year less last year is the change; where last year is not stated it is derived and shown."""
    stated, derived, used = [], [], []
    for this, change in pairs(facts):
        last = _prior_between(facts, this, change)
        if last is not None and _is_turned(this, last, change):
            continue  # the wrong word, which R24 tells
        if last is not None:
            stated.append(Identity(this, ((last, 1), (change, _sign(change) or 1))))
            if abs(stated[-1].difference) > stated[-1].slack:
                facts.memory.setdefault("changes", set()).add(change.start)
        elif change.role is R.CHANGE_TOTAL:
            value = (this.yuan - _sign(change) * change.yuan) / _factor(this)
            operator = "-" if _sign(change) >= 0 else "+"
            derived.append(f"上年={shown(this)}{operator}{shown(change)}={plain(value)}{this.unit}")
            used += [this.start, change.start]
    stated += _of_totals(facts)
    verdict = judged(facts, "R22", "本年、上年与增减额", stated)
    if verdict.outcome is Outcome.NOT_APPLICABLE and derived:
        return Verdict(Outcome.PASS, "；".join(dict.fromkeys(derived)), tuple(used))
    return verdict


def _of_totals(facts: Facts) -> Iterator[Identity]:
    """`收支预算比2021年预算640万元增加40万元`: the total of this year was stated before, once for both sides."""
    year = facts.mined.identity.fiscal_year or 0
    said = [item for item in facts.mined.amounts if item.table is None and of_year(facts, item)]
    totals = [item for item in said if item.role in (R.INCOME_TOTAL, R.EXPENDITURE_TOTAL)]
    if len(totals) < 2 or len({item.yuan for item in totals}) != 1:
        return
    for sentence in sentences(facts):
        last, change = (*sentence, None, None)[:2]
        if last is None or change is None or change.role is not R.CHANGE_TOTAL or not _is_change(change):
            continue
        if last.period == str(year - 1) and "收支" in quoted_label(facts, last) and totals[0].start < last.start:
            identity = Identity(totals[0], ((last, 1), (change, _sign(change) or 1)))
            if abs(identity.difference) > identity.slack:
                facts.memory.setdefault("changes", set()).add(change.start)
            yield identity


def _is_turned(this: Amount, last: Amount, change: Amount) -> bool:
    """Whether a change has the right size and the wrong sign."""
    moved = this.yuan - last.yuan
    return bool(moved) and moved == -_sign(change) * change.yuan


def _prior_between(facts: Facts, this: Amount, change: Amount) -> Amount | None:
    year = facts.mined.identity.fiscal_year
    near = [
        item
        for item in facts.mined.amounts
        if item.table is None and this.start < item.start < change.start and year and item.period == str(year - 1)
    ]
    return near[0] if len(near) == 1 else None


def _factor(amount: Amount) -> int:
    return {"元": 1, "万元": 10_000, "亿元": 100_000_000}.get(amount.unit, 1)


def _parts(facts: Facts) -> Iterator[Identity]:
    """The changes of basic and project expenditure make the change of the total."""
    roles = (R.CHANGE_BASIC, R.CHANGE_PROJECT)
    for sentence in sentences(facts):
        tops = [item for item in sentence if item.role is R.CHANGE_TOTAL and _is_change(item)]
        below = {role: [item for item in sentence if item.role is role and _is_change(item)] for role in roles}
        if len(tops) != 1 or any(len(items) != 1 for items in below.values()):
            continue
        parts = [items[0] for items in below.values()]
        others = [item for item in sentence if item.role is R.CHANGE_OTHER and item.yuan]
        if others or any(item.start < tops[0].start for item in parts):
            continue
        yield Identity(tops[0], tuple((item, _sign(item) * (_sign(tops[0]) or 1)) for item in parts))


def _directions(facts: Facts) -> Verdict:
    """The word of a change agrees with both years' figures."""
    findings, told, used = [], [], []
    for this, change in pairs(facts):
        last = _prior_between(facts, this, change)
        if last is None:
            used.append(change.start)
            continue
        real = (this.yuan > last.yuan) - (this.yuan < last.yuan)
        told.append(f"{shown(last)}→{shown(this)}")
        if (
            real != _sign(change)
            and change.start not in facts.memory.get("changes", ())
            and abs(this.yuan - last.yuan) > half_digit(this) + half_digit(last)
        ):
            word = "增加" if real > 0 else "减少" if real < 0 else "持平"
            message = f"增减方向不符：{shown(last)}到{shown(this)}应为{word}"
            place = quoted(facts, change)
            findings.append(Finding("R24", Severity.ERROR, message, *place, suggestion=word, computation=told[-1]))
            facts.memory.setdefault("changes", set()).add(change.start)
    if not told and not used:
        return _NOT_APPLICABLE
    return Verdict(Outcome.FAIL if findings else Outcome.PASS, "；".join(told), tuple(used), tuple(findings))


def _rates(facts: Facts) -> Verdict:
    """A rate behind a change is the change over last year's figure."""
    findings, told = [], []
    for this, change in pairs(facts):
        if change.start in facts.memory.get("changes", ()):
            continue  # the change itself is wrong, and told
        match = _RATE.match(facts.quiet[change.end : change.end + _REACH].replace(" ", ""))
        last = _prior_between(facts, this, change)
        if last is None and not _is_against_last_year(facts, this, change):
            continue  # accounts state the budget, last year and this year side by side
        base = last.yuan if last is not None else this.yuan - _sign(change) * change.yuan
        if match is None or base <= 0 or not change.yuan:
            continue
        rate = Decimal(match[2])
        real = change.yuan * 100 / base
        slack = _last_digit(match[2]) + (half_digit(change) + half_digit(this)) * 100 / base * (1 + real / 100)
        computation = f"{shown(change)}/{plain(base / _factor(this))}{this.unit}={plain(round(real, 2))}%"
        told.append(computation)
        if abs(real - rate) > slack:
            message = f"增减率不符：{computation}，文中为{match[2]}%"
            place = (quoted(facts, change)[0], _end_of(facts, change.end, match[2]))
            findings.append(Finding("R25", Severity.ERROR, message, *place, computation=computation))
        elif (_UP.search(match[1]) is not None) != (_sign(change) > 0) and _sign(change):
            message = f"增减率的方向与增减额不符：{match[1]}{match[2]}%"
            place = (quoted(facts, change)[0], _end_of(facts, change.end, match[2]))
            findings.append(Finding("R25", Severity.ERROR, message, *place, computation=computation))
    findings += _of_paragraph(facts, told)
    if not told:
        return _NOT_APPLICABLE
    return Verdict(Outcome.FAIL if findings else Outcome.PASS, "；".join(told[:8]), findings=tuple(findings))


def _of_paragraph(facts: Facts, told: list[str]) -> Iterator[Finding]:
    """`…公务接待费7万元。较2023年减少2万元，下降7.41%`: a rate that no figure of its paragraph explains."""
    for paragraph in lines(facts):
        for place, change in enumerate(paragraph):
            before = [item for item in paragraph[:place] if of_year(facts, item) and not _is_change(item)]
            if not before or not change.yuan or not _is_change(change) or not _opens_sentence(facts, change):
                continue
            match = _RATE.match(facts.quiet[change.end : change.end + _REACH].replace(" ", ""))
            if match is None or not _is_against_last_year(facts, before[-1], change):
                continue
            bases = [(item, item.yuan - _sign(change) * change.yuan) for item in before]
            fitting = [item for item, base in bases if base > 0 and _explains(change, item, base, match[2])]
            whole, base = bases[0]
            if base <= 0:
                continue
            real = plain(round(change.yuan * 100 / base, 2))
            told.append(f"{shown(change)}/{plain(base / _factor(whole))}{whole.unit}={real}%")
            if not fitting:
                place_of = (quoted(facts, change)[0], _end_of(facts, change.end, match[2]))
                message = f"增减率不符：{told[-1]}，文中为{match[2]}%"
                yield Finding("R25", Severity.ERROR, message, *place_of, computation=told[-1])


_COMPARISON = re.compile(
    r"(?:与|比|较|同)(?:20\d\d年|上年|去年|上一年)[年度初预决算数执行同期口径相比对较，]{0,10}(?:总[计体额]|共计?|合计)?(?:增加|减少|增长|下降|降低|压减|上升|提高)了?"
)


def _opens_sentence(facts: Facts, change: Amount) -> bool:
    """Whether a comparison with last year opens a sentence and states no figure of its own before the change."""
    opening = facts.quiet[max(0, change.start - _REACH) : change.start].rpartition("。")[2]
    return _COMPARISON.fullmatch(opening.strip()) is not None


def _explains(change: Amount, this: Amount, base: Decimal, rate: str) -> bool:
    real = change.yuan * 100 / base
    slack = _last_digit(rate) + (half_digit(change) + half_digit(this)) * 100 / base * (1 + real / 100)
    return abs(real - Decimal(rate)) <= slack


def _is_against_last_year(facts: Facts, this: Amount, change: Amount) -> bool:
    """Whether a change is of its figure against last year: in a budget, or where accounts say so."""
    if facts.mined.identity.kind is DocumentKind.BUDGET:
        return True
    year = facts.mined.identity.fiscal_year or 0
    between = facts.quiet[this.end : change.start].replace(" ", "")
    said = re.search(rf"[与比较](?:{year - 1}年度?|上年)(?:决算)?(?:数)?相?比?", between) is not None
    return said and "预算" not in between and "预算" not in quoted_label(facts, this)


def quoted_label(facts: Facts, amount: Amount) -> str:
    """The words of its clause before a figure."""
    return facts.quiet[quoted(facts, amount)[0] : amount.start]


def _last_digit(text: str) -> Decimal:
    return Decimal(1).scaleb(-len(text.partition(".")[2]))


def _end_of(facts: Facts, start: int, digits: str) -> int:
    at = facts.quiet.find(digits, start, start + _REACH)
    return at + len(digits) + 1 if at >= 0 else start


def _shares(facts: Facts) -> Verdict:
    """Shares behind parts are the parts over the whole that opens the paragraph, as at least one of them shows."""
    findings, told = [], []
    for paragraph in lines(facts):
        shares = [(part, match[1]) for part in paragraph if (match := _share(facts, part))]
        whole = next((item for item in paragraph if item.role.endswith("_total") and of_year(facts, item)), None)
        if whole is None or len(shares) < 2 or not whole.yuan or shares[0][0].start < whole.start:
            continue
        right = [pair for pair in shares if _is_share(*pair, whole)]
        made = sum((part.yuan for part, _ in shares), Decimal(0))
        if not right and made:  # the whole itself is wrong: the parts are shares of what they make
            whole = replace(whole, value=made / _factor(whole), yuan=made)
            right = [pair for pair in shares if _is_share(*pair, whole)]
        told += [f"{shown(part)}/{shown(whole)}={share}%" for part, share in right]
        for part, share in shares if right else ():
            if (part, share) in right or part.yuan > whole.yuan:
                continue
            computation = f"{shown(part)}/{shown(whole)}={plain(round(part.yuan * 100 / whole.yuan, 2))}%"
            message = f"疑似占比不符：{computation}，文中为{share}%"
            place = (quoted(facts, part)[0], _end_of(facts, part.end, share))
            findings.append(Finding("R26", Severity.WARNING, message, *place, computation=computation))
    if not told:
        return _NOT_APPLICABLE
    return Verdict(Outcome.FAIL if findings else Outcome.PASS, "；".join(told[:8]), findings=tuple(findings))


def _share(facts: Facts, part: Amount) -> re.Match[str] | None:
    return _SHARE.match(facts.quiet[part.end : part.end + _REACH].replace(" ", "")) if of_year(facts, part) else None


def _is_share(part: Amount, share: str, whole: Amount) -> bool:
    real = part.yuan * 100 / whole.yuan
    return abs(real - Decimal(share)) <= _last_digit(share) + half_digit(part) * 100 / whole.yuan


def _implied(facts: Facts) -> Verdict:
    """Last year's figure that a change implies is not negative."""
    findings, told = [], []
    for this, change in pairs(facts):
        value = this.yuan - _sign(change) * change.yuan
        if change.role is not R.CHANGE_TOTAL:
            continue
        operator = "-" if _sign(change) >= 0 else "+"
        computation = f"{shown(this)}{operator}{shown(change)}={plain(value / _factor(this))}{this.unit}"
        told.append(computation)
        if value < -(half_digit(this) + half_digit(change)):
            place = quoted(facts, change)
            message = f"推算的上年数为负：{computation}"
            findings.append(Finding("R27", Severity.ERROR, message, *place, computation=computation))
    if not told:
        return _NOT_APPLICABLE
    told = list(dict.fromkeys(told))
    return Verdict(Outcome.FAIL if findings else Outcome.PASS, "；".join(told), findings=tuple(findings))


def _done(facts: Facts) -> Verdict:
    """A rate of completion in accounts and reports is what was spent over the budget of the same sentence."""
    if facts.mined.identity.kind not in _REPORTS:
        return _NOT_APPLICABLE
    findings, told = [], []
    for sentence in sentences(facts):
        text = facts.quiet[sentence[0].start : sentence[-1].end + _REACH]
        match = _DONE_RATE.search(text)
        if match is None:
            continue
        budget = [item for item in sentence if _DONE.search(facts.quiet[max(0, item.start - 8) : item.start])]
        actual = [item for item in sentence if _SPENT.search(facts.quiet[max(0, item.start - 8) : item.start])]
        if len(budget) != 1 or len(actual) != 1 or not budget[0].yuan or budget == actual:
            continue
        real = actual[0].yuan * 100 / budget[0].yuan
        computation = f"{shown(actual[0])}/{shown(budget[0])}={plain(round(real, 2))}%"
        told.append(computation)
        rate = match[1] or match[2]
        slack = _last_digit(rate) + half_digit(actual[0]) * 200 / budget[0].yuan
        if abs(real - Decimal(rate)) > slack:
            message = f"疑似完成率不符：{computation}，文中为{rate}%"
            place = (quoted(facts, actual[0])[0], sentence[0].start + match.end())
            findings.append(Finding("R57", Severity.WARNING, message, *place, computation=computation))
    if not told:
        return _NOT_APPLICABLE
    return Verdict(Outcome.FAIL if findings else Outcome.PASS, "；".join(told[:8]), findings=tuple(findings))


CHANGES: dict[str, Callable[[Facts], Verdict]] = {
    "R22": _change,
    "R23": lambda facts: judged(facts, "R23", "总增减与各项增减", list(_parts(facts))),
    "R24": _directions,
    "R25": _rates,
    "R26": _shares,
    "R27": _implied,
    "R57": _done,
}
