"""Links from duty to money inside one document: what belongs to what, with the words it rests on."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from dutymine.links.similarity import Similarity, grams, shared_words, similarity
from dutymine.model import AmountRole, Goal, GoalLevel, Indicator, Link, Mined
from dutymine.settings import Settings
from dutymine.text import squeeze

# Tuned together on the tuned corpus and the seeds.
_LEAST_DUTY_GOAL = 0.4
_LEAST_GOAL_INDICATOR = 0.34
_LEAST_PROJECT = 0.4
_MOST = 3  # links of one kind a goal, an indicator or a project may have
_LEAST_PAIRS = 3
_PIECE = re.compile(r"[^，。;:\n]+")
# Labels of a project's sum that name no project.
_NO_NAME = re.compile(r"总额|合计|预算数|预算$|资金$|^项目$|^其他|控制数|支付|^.{0,3}$|分别$")
_CENT = Decimal("0.01")
_SURE = Decimal(1)


@dataclass(frozen=True, slots=True)
class _Unit:
    """One thing to be linked: its index in its tuple of `Mined`, its text, the pairs of it and of each of its parts."""

    index: int
    text: str
    pairs: frozenset[str]
    pieces: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class _Side:
    units: tuple[_Unit, ...]
    least: float


@dataclass(frozen=True, slots=True)
class Project:
    """One project by its name: the goals, indicators and sums that speak of it."""

    name: str
    goals: tuple[int, ...]
    indicators: tuple[int, ...]
    amounts: tuple[int, ...]


def trace(mined: Mined, settings: Settings) -> tuple[Link, ...]:
    """Links of one document: duty-goal, goal-indicator, indicator-amount, duty-project, goal-amount.

    Scores are 0 to 1; 1 stands for a link by structure (an indicator that is listed under its goal, the same project).
    """
    named = projects(mined)
    if not (mined.goals or mined.indicators or named):
        return ()  # duties alone lead nowhere
    text = mined.document.folded
    clauses = _units([(i, text[item.start : item.end]) for i, item in enumerate(mined.clauses)], settings)
    goals = _units([(i, _goal_text(text, item)) for i, item in enumerate(mined.goals) if _is_goal(item)], settings)
    indicators = _units([(i, f"{item.name} {item.description}") for i, item in enumerate(mined.indicators)], settings)
    measure = similarity(unit.pairs for unit in (*clauses, *goals, *indicators))
    found = [
        *_duty_goal(clauses, goals, measure, settings),
        *_goal_indicator(mined, goals, indicators, measure, settings),
        *_indicator_amount(mined),
        *_duty_project(mined, named, clauses, measure, settings),
        *_goal_amount(named),
    ]
    return tuple(sorted(found, key=_order))


def _order(link: Link) -> tuple[int, ...]:
    parts = (link.clause, link.goal, link.indicator, link.amount)
    return tuple(-1 if part is None else part for part in parts)


def _units(texts: Sequence[tuple[int, str]], settings: Settings) -> tuple[_Unit, ...]:
    return tuple(_unit(index, text, settings) for index, text in texts)


def _unit(index: int, text: str, settings: Settings) -> _Unit:
    pieces = [grams(match[0], settings) for match in _PIECE.finditer(text)]
    kept = tuple(piece for piece in pieces if len(piece) >= _LEAST_PAIRS)
    return _Unit(index, text, frozenset().union(*pieces), kept)


def _is_goal(goal: Goal) -> bool:
    return goal.level is not GoalLevel.SAFEGUARD


def _goal_text(text: str, goal: Goal) -> str:
    return text[goal.start : goal.end]


def _best(unit: _Unit, others: _Side, measure: Similarity) -> Iterator[tuple[_Unit, float]]:
    """The others that hold most of one part of a unit, best first, as far as they are near enough."""
    scored = [
        (other, max(measure.score(piece, other.pairs) for piece in unit.pieces))
        for other in others.units
        if unit.pieces and len(unit.pairs & other.pairs) >= _LEAST_PAIRS
    ]
    near = sorted((pair for pair in scored if pair[1] >= others.least), key=lambda pair: -pair[1])
    yield from near[:_MOST]


def _distinct(units: Sequence[_Unit]) -> tuple[_Unit, ...]:
    """Each text once, as it first stands: a document that repeats itself costs no more."""
    return tuple({unit.text: unit for unit in reversed(units)}.values())[::-1]


def _score(value: float) -> Decimal:
    return Decimal(min(value, 1.0)).quantize(_CENT)


def _duty_goal(
    clauses: Sequence[_Unit], goals: Sequence[_Unit], measure: Similarity, settings: Settings
) -> Iterator[Link]:
    side = _Side(_distinct(clauses), _LEAST_DUTY_GOAL)
    for goal in goals:
        for clause, score in _best(goal, side, measure):
            words = shared_words(goal.text, clause.pairs, settings)
            yield Link("duty-goal", _score(score), words, clause=clause.index, goal=goal.index)


def _goal_indicator(
    mined: Mined, goals: Sequence[_Unit], indicators: Sequence[_Unit], measure: Similarity, settings: Settings
) -> Iterator[Link]:
    """By structure where an indicator is listed under its goal or belongs to its project; else by words."""
    owners = _Owners(mined, [unit.index for unit in goals])
    general = [unit for unit in goals if not mined.goals[unit.index].project]
    side = _Side(_distinct(general), _LEAST_GOAL_INDICATOR)
    for indicator in indicators:
        item = mined.indicators[indicator.index]
        owning = owners.of(item)
        for goal_index in owning:
            yield Link("goal-indicator", _SURE, item.project, goal=goal_index, indicator=indicator.index)
        for goal, score in [] if owning else list(_best(indicator, side, measure))[:1]:
            words = shared_words(indicator.text, goal.pairs, settings)
            yield Link("goal-indicator", _score(score), words, goal=goal.index, indicator=indicator.index)


class _Owners:
    """Which goals hold an indicator by structure: those of its project, or the one it is listed under."""

    def __init__(self, mined: Mined, kept: Sequence[int]) -> None:
        self.goals = mined.goals
        self.kept = kept
        self.starts = [mined.goals[i].start for i in kept]
        self.sections = mined.sections
        self.section_starts = [section.start for section in mined.sections]
        self.by_project: dict[str, list[int]] = defaultdict(list)
        for index in kept:
            self.by_project[mined.goals[index].project].append(index)

    def of(self, indicator: Indicator) -> Sequence[int]:
        """Indexes of the goals; empty where structure says nothing."""
        if indicator.project and indicator.project in self.by_project:
            return self.by_project[indicator.project]
        place = bisect_right(self.starts, indicator.start) - 1
        if place < 0:
            return ()
        index = self.kept[place]
        goal = self.goals[index]
        if indicator.project or indicator.table is not None:  # a project's goals stand above its table
            named = goal.project or not indicator.project
            return () if named or goal.level is not GoalLevel.PROJECT else (index,)
        return (index,) if indicator.start < self._reach(goal) else ()

    def _reach(self, goal: Goal) -> int:
        """Where what is listed under a goal ends: with its section."""
        place = bisect_right(self.section_starts, goal.start) - 1
        return self.sections[place].end if place >= 0 else goal.end


def _indicator_amount(mined: Mined) -> Iterator[Link]:
    """A sum that is the target of an indicator."""
    valued = sorted(
        (item.value_start, item.value_end, i)
        for i, item in enumerate(mined.indicators)
        if item.value_end > item.value_start
    )
    starts = [start for start, _, _ in valued]
    for i, amount in enumerate(mined.amounts):
        place = bisect_right(starts, amount.start) - 1
        if amount.role is AmountRole.INDICATOR_VALUE and place >= 0 and amount.start < valued[place][1]:
            owner = valued[place][2]
            yield Link("indicator-amount", _SURE, mined.indicators[owner].name, indicator=owner, amount=i)


def projects(mined: Mined) -> tuple[Project, ...]:
    """The projects of a document in order of first mention, by name."""
    names = [
        *(goal.project for goal in mined.goals),
        *(item.project for item in mined.indicators),
        *(amount.role_label for amount in mined.amounts if amount.role is AmountRole.PROJECT_ITEM),
    ]
    names = [name for name in names if not _NO_NAME.search(name)]
    sums = [(i, item.role_label) for i, item in enumerate(mined.amounts) if item.role is AmountRole.PROJECT_ITEM]
    found: list[Project] = []
    for name in dict.fromkeys(filter(None, names)):
        if any(same_project(name, other.name) for other in found):
            continue
        found.append(
            Project(
                name,
                tuple(i for i, goal in enumerate(mined.goals) if goal.project == name),
                tuple(i for i, item in enumerate(mined.indicators) if item.project == name),
                tuple(i for i, label in sums if same_project(label, name)),
            )
        )
    return tuple(found)


def same_project(left: str, right: str) -> bool:
    """Whether two names are of one project: equal, or one is the other with 项目, 经费 or a verb around it."""
    a, b = squeeze(left), squeeze(right)
    return bool(a and b) and (a == b or (min(len(a), len(b)) >= 4 and (a in b or b in a)))


def _duty_project(
    mined: Mined, named: Sequence[Project], clauses: Sequence[_Unit], measure: Similarity, settings: Settings
) -> Iterator[Link]:
    side = _Side(_distinct(clauses), _LEAST_PROJECT)
    for project in named:
        texts = [project.name, *(mined.goals[i].text for i in project.goals)]
        unit = _unit(-1, "\n".join(texts), settings)
        for clause, score in _best(unit, side, measure):
            words = shared_words(unit.text, clause.pairs, settings)
            for amount in project.amounts[:1] or (None,):
                goal = project.goals[0] if project.goals else None
                yield Link("duty-project", _score(score), words, clause=clause.index, goal=goal, amount=amount)


def _goal_amount(named: Sequence[Project]) -> Iterator[Link]:
    for project in named:
        for goal in project.goals[:1]:
            for amount in project.amounts[:1]:
                yield Link("goal-amount", _SURE, project.name, goal=goal, amount=amount)
