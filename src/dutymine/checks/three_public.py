"""R17-R19, R56: the three public expenses, in text and in tables, against economic subjects and against vehicles."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator

from dutymine.checks.facts import Facts
from dutymine.checks.figures import Identity, firsts, half_digit, judged, quoted, sentences, shown
from dutymine.checks.ledgers import Ledger, is_economic, ledgers
from dutymine.checks.tables import trusted
from dutymine.model import Amount, AmountRole, DocumentKind, Finding, Outcome, Severity, Verdict

R = AmountRole
_NOT_APPLICABLE = Verdict(Outcome.NOT_APPLICABLE)
_VEHICLES = (R.THREE_PUBLIC_VEHICLE_PURCHASE, R.THREE_PUBLIC_VEHICLE_RUNNING)
_THREE_PUBLIC = (
    *(R.THREE_PUBLIC_TOTAL, R.THREE_PUBLIC_ABROAD, R.THREE_PUBLIC_VEHICLE),
    *(*_VEHICLES, R.THREE_PUBLIC_RECEPTION),
)


def _in_text(facts: Facts) -> Iterator[Identity]:
    """The three public expenses of the paragraph that states their total."""
    for line in _paragraphs(facts, R.THREE_PUBLIC_TOTAL):
        found = firsts(facts, line, _THREE_PUBLIC)
        top = found.get(R.THREE_PUBLIC_TOTAL)
        if top is not None and _is_other_column(facts, top):
            continue
        vehicle = [found[R.THREE_PUBLIC_VEHICLE]] if R.THREE_PUBLIC_VEHICLE in found else [
            found[role] for role in _VEHICLES if role in found
        ]  # fmt: skip
        rest = [found[role] for role in (R.THREE_PUBLIC_ABROAD, R.THREE_PUBLIC_RECEPTION) if role in found]
        if top is not None and len(rest) == 2 and vehicle and all(item.start > top.start for item in (*rest, *vehicle)):
            yield Identity(top, tuple((item, 1) for item in (rest[0], *vehicle, rest[1])))


def _is_other_column(facts: Facts, amount: Amount) -> bool:
    """In final accounts a total of the budget beside parts of the accounts."""
    if facts.mined.identity.kind is not DocumentKind.FINAL_ACCOUNTS:
        return False
    return re.search(r"预算|完成", facts.quiet[quoted(facts, amount)[0] : amount.start]) is not None


def _vehicles_in_text(facts: Facts) -> Iterator[Identity]:
    for line in _paragraphs(facts, R.THREE_PUBLIC_VEHICLE):
        found = firsts(facts, line, (R.THREE_PUBLIC_VEHICLE, *_VEHICLES))
        if len(found) == 3 and all(found[role].start > found[R.THREE_PUBLIC_VEHICLE].start for role in _VEHICLES):
            yield Identity(found[R.THREE_PUBLIC_VEHICLE], tuple((found[role], 1) for role in _VEHICLES))


def _paragraphs(facts: Facts, role: AmountRole) -> Iterator[list[Amount]]:
    """Sentences of one section joined from the one that states a role."""
    held: list[Amount] = []
    for sentence in sentences(facts):
        if any(item.role is role for item in sentence):
            if held:
                yield held
            held = list(sentence)
        elif held and sentence[0].role.startswith("three_public"):
            held += sentence
        elif held:
            yield held
            held = []
    if held:
        yield held


# --- tables of the three public expenses -----------------------------------------------------------------------------

_NAMES = (
    (R.THREE_PUBLIC_ABROAD, re.compile(r"因公出国")),
    (R.THREE_PUBLIC_RECEPTION, re.compile(r"公务接待")),
    (R.THREE_PUBLIC_VEHICLE_PURCHASE, re.compile(r"(?:^|\|)(?:公务)?(?:用车|车辆)?购置费?$|公务用车购置费?$")),
    (
        R.THREE_PUBLIC_VEHICLE_RUNNING,
        re.compile(r"(?:^|\|)(?:公务)?(?:用车|车辆)?运行(?:维护|维修)?费?$|公务用车运[行维](?:维护|维修)?费?$"),
    ),
    (R.THREE_PUBLIC_VEHICLE, re.compile(r"公务用车购置[及和与]运|公务用车(?:购置及运行(?:维护)?费)?\|小计$")),
    (R.THREE_PUBLIC_TOTAL, re.compile(r"(?:^|\|)(?:“?三公”?经费)?(?:合计|总计|小计)$|“三公”经费$")),
)  # fmt: skip
_KINDS = re.compile(r"(?:20\d\d年?(?:度)?)?(?:年初|全年|调整|上年|本年)*(?:预算|决算|执行)数?")
Tree = dict[AmountRole, Amount]


def _trees(facts: Facts) -> list[Tree]:
    """The three public expenses of every table that states their total, column by column or row by row."""
    if "three_public" not in facts.memory:
        found = [ledger for ledger in ledgers(facts) if re.search(r"公务接待|因公出国", _words(ledger))]
        trees = [tree for ledger in found if not is_economic(ledger) for tree in (*_down(ledger), *_across(ledger))]
        facts.memory["three_public"] = [tree for tree in trees if len(tree) > 2]
    kept: list[Tree] = facts.memory["three_public"]
    return kept


def _words(ledger: Ledger) -> str:
    return ledger.name + "|".join(entry.label for entry in ledger.entries)


def _named(text: str) -> AmountRole | None:
    return next((role for role, pattern in _NAMES if pattern.search(text)), None)


def _down(ledger: Ledger) -> Iterator[Tree]:
    """One tree a column, where the items stand in rows."""
    named = [(_named(entry.label), entry) for entry in ledger.entries if entry.figures and _named(entry.label)]
    roles = [role for role, _ in named]
    if len(roles) < 3 or len(set(roles)) != len(roles):
        return
    for column in ledger.columns:
        yield {role: entry.figures[column] for role, entry in named if role and column in entry.figures}


def _across(ledger: Ledger) -> Iterator[Tree]:
    """One tree for every row and for every block of columns (budget, accounts), where the items stand in columns."""
    blocks: dict[str, dict[AmountRole, int]] = defaultdict(dict)
    for column, head in ledger.heads.items():
        kind = "".join(_KINDS.findall(head))
        role = _named("|".join(part for part in head.split("|") if not _KINDS.fullmatch(part)))
        if role is None or role in blocks[kind]:
            if role is not None:
                return  # two columns of one name: the heads do not say which is which
            continue
        blocks[kind][role] = column
    for entry in ledger.entries:
        for places in blocks.values():
            if len(places) > 2 and places.get(R.THREE_PUBLIC_TOTAL) in entry.figures:
                yield {role: entry.figures[column] for role, column in places.items() if column in entry.figures}


def _in_tables(facts: Facts) -> Iterator[Identity]:
    for tree in _trees(facts):
        vehicles = [R.THREE_PUBLIC_VEHICLE] if R.THREE_PUBLIC_VEHICLE in tree else list(_VEHICLES)
        parts = [tree[role] for role in (R.THREE_PUBLIC_ABROAD, *vehicles, R.THREE_PUBLIC_RECEPTION) if role in tree]
        whole = tree.get(R.THREE_PUBLIC_TOTAL)
        if whole is not None and parts:
            yield Identity(whole, tuple((part, 1) for part in parts))


def _vehicles_in_tables(facts: Facts) -> Iterator[Identity]:
    for tree in _trees(facts):
        parts = [tree[role] for role in _VEHICLES if role in tree]
        if R.THREE_PUBLIC_VEHICLE in tree and parts:
            yield Identity(tree[R.THREE_PUBLIC_VEHICLE], tuple((part, 1) for part in parts))


# --- against subjects and vehicles -----------------------------------------------------------------------------------

_SUBJECTS = {
    "30212": R.THREE_PUBLIC_ABROAD,
    "30217": R.THREE_PUBLIC_RECEPTION,
    "30231": R.THREE_PUBLIC_VEHICLE_RUNNING,
    "31013": R.THREE_PUBLIC_VEHICLE_PURCHASE,
}


def _subjects(facts: Facts) -> Verdict:
    """What basic expenditure holds of an item is part of the item: a subject above its item is suspicious.

    The item may be more than the subject, since projects pay for it too.
    """
    items: dict[AmountRole, list[Amount]] = defaultdict(list)
    for tree in _trees(facts):
        for role, figure in tree.items():
            items[role].append(figure)
    findings, told = [], []
    for ledger in filter(is_economic, ledgers(facts)):
        for entry in ledger.entries:
            stated = items[_SUBJECTS[entry.code]] if entry.code in _SUBJECTS else []
            subject = next(iter(entry.figures.values()), None)
            if subject is None or not stated or not (ledger.unit and stated[0].unit):
                continue
            item = max(stated, key=lambda figure: figure.yuan)
            computation = f"{shown(subject)}≤{shown(item)}"
            told.append(computation)
            if subject.yuan - item.yuan > half_digit(subject) + half_digit(item):
                message = (
                    f"疑似“三公”经费小于经济科目：{entry.code}{entry.label}{shown(subject)}，“三公”为{shown(item)}"
                )
                place, other = (subject.start, subject.end), (item.start, item.end)
                findings.append(
                    Finding("R19", Severity.WARNING, message, *place, computation=computation, related=other)
                )
    if not told:
        return _NOT_APPLICABLE
    return Verdict(Outcome.FAIL if findings else Outcome.PASS, "；".join(told), findings=tuple(findings))


# Each begins with one of a few characters and asks then which: so the engine leaps from one to the next.
_NO_VEHICLES = re.compile(
    r"[共现保拥公](?:(?<=[共现保拥])有(?:公务用?车辆?|车辆)(?:为|共|总数为?)?|(?<=公)务用车保有量为?)0[辆台]"
)
_COUNTED = re.compile(
    r"[公车](?<!购置.)(?<!更新.)(?<!新购.)(?:(?<=公)务用?车辆?|(?<=车)辆)(?:保有量)?(?:为|共|总数为?|总计)?(\d+)[辆台]"
)


def _owned(facts: Facts) -> Verdict:
    """A department without vehicles has no running cost of vehicles."""
    running = [
        item
        for item in facts.mined.amounts
        if item.role is R.THREE_PUBLIC_VEHICLE_RUNNING and _is_own_year(facts, item)
    ]
    if not running:
        return _NOT_APPLICABLE
    found = _NO_VEHICLES.search(facts.quiet)
    owned = _COUNTED.search(facts.quiet)
    if found is None and owned is None:
        return _NOT_APPLICABLE
    cost = max(running, key=lambda item: item.yuan)
    if found is None or not cost.yuan or any(int(item[1]) for item in _COUNTED.finditer(facts.quiet)):
        return Verdict(Outcome.PASS, f"车辆{owned[1] if owned else 0}辆，运行维护费{shown(cost)}", (cost.start,))
    computation = f"车辆0辆，公务用车运行维护费{shown(cost)}"
    message = f"疑似无车辆却有公务用车运行维护费：{computation}"
    place = quoted(facts, cost)
    finding = Finding("R56", Severity.WARNING, message, *place, computation=computation, related=found.span())
    return Verdict(Outcome.FAIL, computation, (cost.start,), (finding,))


def _is_own_year(facts: Facts, item: Amount) -> bool:
    year = facts.mined.identity.fiscal_year
    return item.period == str(year) or (not item.period and item.table is not None)


def _rule(rule: str, what: str, *finds: Callable[[Facts], Iterator[Identity]]) -> Callable[[Facts], Verdict]:
    return lambda facts: judged(facts, rule, what, trusted(item for find in finds for item in find(facts)))


THREE_PUBLIC: dict[str, Callable[[Facts], Verdict]] = {
    "R17": _rule("R17", "“三公”经费与各项", _in_text, _in_tables),
    "R18": _rule("R18", "公务用车购置及运行费与购置费、运行维护费", _vehicles_in_text, _vehicles_in_tables),
    "R19": _subjects,
    "R56": _owned,
}
