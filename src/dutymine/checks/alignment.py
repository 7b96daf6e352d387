"""R44, R58, IND-10, IND-15, IND-16: duties, goals, indicators and projects that do not meet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from dutymine.checks.facts import Facts
from dutymine.links.similarity import grams
from dutymine.links.trace import Project
from dutymine.model import AmountRole, Finding, Goal, GoalLevel, Outcome, Severity, Verdict
from dutymine.text import plain, squeeze

_PIECE = re.compile(r"[^，。;:\n]{4,}")
_SLOGAN = re.compile(r"\s*(?:以|坚持|围绕|紧扣|紧紧|深入|全面|让|为|按照|根据|通过|贯彻|20\d\d年|进一步|不断|继续)")
_COVERED = 0.34
_ECHOED = 0.25
_LEAST_PAIRS = 4
_MOST = 2
_PASTED = 24  # characters in a row that a goal shares with a duty
_PURPOSE = 60


def _verdict(findings: Iterator[Finding] | tuple[Finding, ...]) -> Verdict:
    found = tuple(findings)
    return Verdict(Outcome.FAIL if found else Outcome.PASS, findings=found)


def _of(facts: Facts, level: GoalLevel) -> list[tuple[int, Goal]]:
    return [(i, goal) for i, goal in enumerate(facts.mined.goals) if goal.level is level]


def _r44(facts: Facts) -> Verdict:
    """Every conjunct of the overall goal is taken up by a goal under it."""
    overall, sub = _of(facts, GoalLevel.OVERALL), _of(facts, GoalLevel.SUB)
    if not overall or len(sub) < 2:
        return Verdict(Outcome.NOT_APPLICABLE)
    told = [facts.quiet[goal.start : goal.end] for _, goal in sub]
    told += [f"{item.name} {item.description}" for item in facts.mined.indicators]
    held = frozenset[str]().union(*(grams(text, facts.settings) for text in told))
    findings = []
    for _, goal in overall:
        for match in _PIECE.finditer(facts.quiet, goal.start, goal.end):
            pairs = grams(match[0], facts.settings)
            if _SLOGAN.match(match[0]) or len(pairs) < _LEAST_PAIRS:
                continue
            if len(pairs & held) / len(pairs) < _ECHOED:
                message = f"总体目标中的“{match[0].strip()}”未见对应的分项目标"
                findings.append(Finding("R44", Severity.HINT, message, match.start(), match.end()))
    return _verdict(tuple(findings[:_MOST]))


def _unmeasured(facts: Facts) -> Iterator[Finding]:
    """Goals under the overall one that no indicator measures."""
    measured = {link.goal for link in facts.mined.links if link.indicator is not None}
    for index, goal in _of(facts, GoalLevel.SUB):
        targets = any(goal.start <= target.start < goal.end for target in facts.mined.thresholds)
        if index not in measured and not targets:
            first = _PIECE.search(facts.quiet, goal.start, goal.end)
            place = first.span() if first else (goal.start, goal.end)
            yield Finding("R44", Severity.HINT, "分项目标没有对应的绩效指标", *place)


def _goals_and_indicators(facts: Facts) -> Verdict:
    whole = _r44(facts)
    if not facts.mined.indicators or not _of(facts, GoalLevel.SUB):
        return whole
    return _verdict((*whole.findings, *_unmeasured(facts)))


def _cost(facts: Facts, project: Project) -> Decimal:
    """The money of a project: its sum, else the cap among its cost indicators."""
    sums = [facts.mined.amounts[i].yuan for i in project.amounts]
    caps = {
        link.amount: facts.mined.amounts[link.amount].yuan
        for link in facts.mined.links
        if link.link == "indicator-amount" and link.amount is not None and link.indicator in project.indicators
    }
    return max([*sums, *caps.values()], default=Decimal(0))


def _r58(facts: Facts) -> Verdict:
    """The largest project serves a duty."""
    costed = [(cost, project) for project in facts.projects if (cost := _cost(facts, project)) > 0]
    if not costed or not facts.mined.clauses:
        return Verdict(Outcome.NOT_APPLICABLE)
    cost, largest = max(costed, key=lambda pair: pair[0])
    if _served(facts, largest) or _named_in_duties(facts, largest):
        return Verdict(Outcome.PASS, f"最大项目：{largest.name}")
    place = _place(facts, largest)
    message = f"金额最大的项目“{largest.name}”未见对应的职责"
    return _verdict((Finding("R58", Severity.HINT, message, *place, computation=f"{plain(cost)}元"),))


def _served(facts: Facts, project: Project) -> bool:
    for link in facts.mined.links:
        if link.link != "duty-project":
            continue
        if (link.goal is not None and link.goal in project.goals) or link.amount in project.amounts:
            return True
    return False


def _named_in_duties(facts: Facts, project: Project) -> bool:
    """Whether a duty has two or more of the character pairs of a project's name."""
    name = grams(project.name, facts.settings)
    return any(
        len(name & grams(facts.quiet[clause.start : clause.end], facts.settings)) > 1 for clause in facts.mined.clauses
    )


def _place(facts: Facts, project: Project) -> tuple[int, int]:
    for index in project.amounts[:1]:
        amount = facts.mined.amounts[index]
        return amount.start, amount.end
    for index in project.goals[:1]:
        goal = facts.mined.goals[index]
        return goal.start, goal.end
    item = facts.mined.indicators[project.indicators[0]]
    return item.start, item.end


def _ind10(facts: Facts) -> Verdict:
    """Targets of the goals that no table takes up."""
    tables = [item for item in facts.mined.indicators if item.table is not None]
    prose = [item for item in facts.mined.indicators if item.table is None and item.low is not None]
    if not tables or not prose:
        return Verdict(Outcome.NOT_APPLICABLE)
    held = [grams(f"{item.name} {item.description}", facts.settings) for item in tables]
    lost = []
    for item in prose:
        pairs = grams(item.name, facts.settings)
        if len(pairs) >= _LEAST_PAIRS and all(len(pairs & other) / len(pairs) < _COVERED for other in held):
            lost.append(item)
    return _verdict(
        Finding("IND-10", Severity.HINT, f"分项目标的指标“{item.name}”未列入绩效指标表", item.start, item.end)
        for item in lost[:_MOST]
    )


def _ind15(facts: Facts) -> Verdict:
    """A goal that is a duty pasted in."""
    goals = [goal for goal in facts.mined.goals if goal.level is not GoalLevel.SAFEGUARD]
    if not goals or not facts.mined.clauses:
        return Verdict(Outcome.NOT_APPLICABLE)
    duties: dict[str, tuple[int, int]] = {}
    for clause in facts.mined.clauses:
        for match in _PIECE.finditer(facts.quiet, clause.start, clause.end):
            if match.end() - match.start() >= _PASTED:
                duties.setdefault(squeeze(match[0]), match.span())
    findings = []
    for goal in goals:
        for match in _PIECE.finditer(facts.quiet, goal.start, goal.end):
            place = duties.get(squeeze(match[0]))
            if place:
                message = f"疑似把职责照抄为目标：“{match[0].strip()}”"
                findings.append(Finding("IND-15", Severity.HINT, message, *match.span(), related=place))
                break
    return _verdict(tuple(findings))


def _ind16(facts: Facts) -> Verdict:
    """What the money of a project is said to be for, and what the projects' tables speak of."""
    items = [item for item in facts.mined.indicators if item.project]
    sums = [amount for amount in facts.mined.amounts if amount.role is AmountRole.PROJECT_ITEM and amount.table is None]
    if not items or not 0 < len(sums) <= len({item.project for item in items}):
        return Verdict(Outcome.NOT_APPLICABLE)
    told = [f"{item.project} {item.name} {item.description}" for item in items]
    told += [goal.text for goal in facts.mined.goals if goal.level is GoalLevel.PROJECT]
    held = frozenset[str]().union(*(grams(text, facts.settings) for text in told))
    findings = []
    for amount in sums:
        near = max(0, amount.start - _PURPOSE)
        start = max([near, *(facts.quiet.rfind(stop, near, amount.start) + 1 for stop in "。;\n元")])
        pairs = grams(facts.quiet[start : amount.start], facts.settings)
        if len(pairs) >= 2 * _LEAST_PAIRS and len(pairs & held) / len(pairs) < _COVERED / 2:
            message = "支出说明中的项目用途与项目绩效目标、指标未见对应"
            findings.append(Finding("IND-16", Severity.HINT, message, start, amount.end))
    return _verdict(tuple(findings))


ALIGNMENT = {
    "R44": _goals_and_indicators,
    "R58": _r58,
    "IND-10": _ind10,
    "IND-15": _ind15,
    "IND-16": _ind16,
}
