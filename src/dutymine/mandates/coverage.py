"""Which duties have goals, indicators and money, by function, department type and place; and money without a duty."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from dutymine.links.trace import projects, trace
from dutymine.model import Link, Mined
from dutymine.settings import Settings
from dutymine.text import fold, squeeze

# department_type, county, fiscal_year, function, clauses, with_goal, with_indicator, with_money, money_mapped,
# money_total, province, city
Row = tuple[str, str, int | None, str, int, int, int, int, Decimal, Decimal, str, str]
Group = tuple[str, str, str, str, int | None]

_CENT = Decimal("0.01")
# Labels beside a project's sum that are no name of a project.
_LABEL = re.compile("金额|执行数|拨款|配套|上级补助|[/:]")


@dataclass(frozen=True, slots=True)
class Traced:
    """What one duty leads to: its first function (or nothing), and the sums of its projects by index."""

    function: str
    goal: bool = False
    indicator: bool = False
    money: bool = False
    sums: frozenset[int] = frozenset()


@dataclass(slots=True)
class _Held:
    """What is kept of the documents of one group, by department: each duty once, and each project's sum with the
    functions of the duties that lead to it.
    """

    duties: dict[tuple[str, str], Traced] = field(default_factory=dict)
    projects: dict[tuple[str, str], tuple[Decimal, set[str]]] = field(default_factory=dict)


def coverage(documents: Iterable[Mined], settings: Settings) -> Iterator[Row]:
    """Rows of `coverage`; a duty counts under its first function. The row without a function holds duties of none and
    the money of projects that no duty leads to.

    `money_total` are the projects' sums in 元, whole under every function they belong to; `money_mapped` shares each
    sum among those functions, so that it adds up.
    """
    held: dict[Group, _Held] = defaultdict(_Held)
    for mined in documents:
        who = mined.identity
        group = (who.department_type, who.province, who.city, who.county, who.fiscal_year)
        _add(held[group], mined, settings)
    for group in sorted(held, key=lambda key: (*key[:4], key[4] or 0)):
        yield from _rows(group, held[group])


def _add(held: _Held, mined: Mined, settings: Settings) -> None:
    """The duties and sums of one document; a duty that the department published before (elsewhere) is the same one."""
    links = trace(mined, settings)
    duties = traced(mined, links)
    department = fold(mined.identity.department)
    for clause, duty in zip(mined.clauses, duties, strict=True):
        key = (department, squeeze(fold(clause.text)))
        known = held.duties.get(key, duty)
        flags = (known.goal or duty.goal, known.indicator or duty.indicator, known.money or duty.money)
        held.duties[key] = Traced(known.function, *flags)
    for project in projects(mined):
        if project.amounts and not _LABEL.search(project.name):
            index = project.amounts[0]
            _, functions = held.projects.setdefault(
                (department, squeeze(project.name)), (mined.amounts[index].yuan, set())
            )
            functions.update(duty.function for duty in duties if index in duty.sums)


def traced(mined: Mined, links: Sequence[Link]) -> list[Traced]:
    """For each duty of a document where its links lead: to goals, by them to indicators, to money.

    A sum that is an indicator's target is money of the duty, but no project's sum: it may be the cost of one piece.
    """
    goals: dict[int, set[int]] = defaultdict(set)
    measured: dict[int, set[int]] = defaultdict(set)
    costed = {link.indicator for link in links if link.link == "indicator-amount"}
    sums: dict[int, set[int]] = defaultdict(set)
    for link in links:
        if link.clause is not None and link.goal is not None:
            goals[link.clause].add(link.goal)
        if link.goal is not None and link.indicator is not None:
            measured[link.goal].add(link.indicator)
        if link.link == "duty-project" and link.clause is not None and link.amount is not None:
            sums[link.clause].add(link.amount)
    by_goal = {link.goal: link.amount for link in links if link.link == "goal-amount" and link.amount is not None}
    found = []
    for index, clause in enumerate(mined.clauses):
        own = goals.get(index, set())
        amounts = sums.get(index, set()) | {by_goal[goal] for goal in own if goal in by_goal}
        function = clause.functions[0] if clause.functions else ""
        own_indicators = {indicator for goal in own for indicator in measured[goal]}
        money = bool(amounts or own_indicators & costed)
        found.append(Traced(function, bool(own), bool(own_indicators), money, frozenset(amounts)))
    return found


def _rows(group: Group, held: _Held) -> Iterator[Row]:
    kind, province, city, county, year = group
    mapped: dict[str, Decimal] = defaultdict(Decimal)
    total: dict[str, Decimal] = defaultdict(Decimal)
    for yuan, belongs in held.projects.values():
        for function in belongs or {""}:
            total[function] += yuan
        for function in belongs:
            mapped[function] += yuan / len(belongs)
    functions = {duty.function for duty in held.duties.values()} | total.keys()
    for function in sorted(functions):
        duties = [duty for duty in held.duties.values() if duty.function == function]
        counts = (sum(duty.goal for duty in duties), sum(duty.indicator for duty in duties))
        money = sum(duty.money for duty in duties)
        sums = (mapped[function].quantize(_CENT), total[function].quantize(_CENT))
        yield (kind, county, year, function, len(duties), *counts, money, *sums, province, city)
