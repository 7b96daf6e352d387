"""R41, R43: one indicator with two targets in the places of a document that state it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, combinations
from operator import add
from typing import Protocol

from dutymine.checks.facts import Facts
from dutymine.links.similarity import grams
from dutymine.model import Comparator, DocumentKind, Finding, Outcome, SectionKind, Severity, ThresholdKind, Verdict
from dutymine.settings import Settings
from dutymine.text import plain, squeeze

_PER_YEAR = {"每月": 12, "每季度": 4, "每季": 4, "每半年": 2, "每周": 52, "每年": 1, "": 1}
_ONE_UNIT = {"百分比": "%", **dict.fromkeys(("份", "张", "册", "本"), "页")}
_REPORTS = (DocumentKind.FINAL_ACCOUNTS, DocumentKind.PERFORMANCE)
_PLANNED = re.compile(r"不[少低超高大小多晚迟]|≥|≤")
_GOALS = (SectionKind.GOALS_OVERALL, SectionKind.GOALS_SUB)
_PLACE_SIGNS = frozenset("省市县区年0123456789")
_PLACE = re.compile(r"[\u4e00-\u9fff]{2,3}?(?:县|市|区)(?=[\u4e00-\u9fff]{4})|[全我本](?:省|市|县|区|年)|\d+")
_ACTUAL = re.compile(r"^(?:实际|完成|全年完成|上年|去年)")
# Tuned together on the tuned corpus and the seeds: the same words, and words enough to ask.
_SAME = 0.8
_LIKELY = 0.5
_PER_PERIOD = 0.3
_ABOUT = Decimal("0.05")  # an approximate target is another one only beyond this share
_LEAST_PAIRS = 4
_COUNT_END = re.compile(r"(?:数量|次数|人次|场次|个数|人数|批次|期数|户数|家数|面积|总数|总量|数)(?:\([^()]*\))?$")
_VERB = re.compile(r"^(?:全年|年度|计划|开展|组织|举办|完成)+")
_LEAST_OBJECT = 4
_GOAL_LINE = re.compile(r"[^\n:。，]{0,24}目标:(?![^\n]*完成情况)")
_YEARS = re.compile(r"(?<!\d)(20[0-4]\d)(?=年|-)")
_NEAR = 200
_SENTENCE = "，。;\n:"


class _Bounded(Protocol):
    @property
    def comparator(self) -> Comparator | None: ...
    @property
    def low(self) -> Decimal | None: ...
    @property
    def high(self) -> Decimal | None: ...


@dataclass(frozen=True, slots=True)
class Stated:
    """One target where it is stated: names it may go by (as pairs), value, unit, how often, and its place."""

    names: tuple[frozenset[str], ...]
    about: frozenset[str]
    comparator: Comparator
    value: Decimal
    unit: str
    frequency: str
    project: str
    row: tuple[int | None, int | None]
    period: str
    start: int
    end: int
    written: str
    named: str = ""  # an indicator's own name, or in prose the words before the number


def _pairs(name: str) -> frozenset[str]:
    bare = squeeze(name)
    if not _PLACE_SIGNS.isdisjoint(bare):
        bare = _PLACE.sub("", bare)
    return frozenset(map(add, bare, bare[1:]))


def _value(item: _Bounded) -> Decimal | None:
    """The one number of a bound; None for ranges and words."""
    if item.comparator in (None, Comparator.BETWEEN, Comparator.TEXT):
        return None
    return item.low if item.low is not None else item.high


def stated(facts: Facts) -> list[Stated]:
    """All targets of a document that may be held against each other."""
    if "stated" not in facts.memory:
        facts.memory["stated"] = _stated(facts)
    found: list[Stated] = facts.memory["stated"]
    return found


def _stated(facts: Facts) -> list[Stated]:
    found = []
    for item in facts.mined.indicators:
        value = _value(item)
        if value is None or item.comparator is None or _ACTUAL.match(item.name):
            continue
        names = tuple(filter(None, (_pairs(item.name), _pairs(item.description))))
        about = grams(f"{item.name} {item.description}", facts.settings)
        place = (item.project, (item.table, item.row), item.period, item.start, max(item.end, item.value_end))
        often = next((word for word in _PER_YEAR if word and word in item.name + item.value_text), "")
        found.append(
            Stated(names, about, item.comparator, value, item.unit, often, *place, item.value_text, squeeze(item.name))
        )
    prose = list(_in_prose(facts, facts.settings))
    if facts.mined.identity.kind in _REPORTS:  # they state what was done beside what was planned, but for the goals
        goals = [part for part in facts.mined.sections if part.kind in _GOALS]
        prose = [
            item
            for item in prose
            if (_PLANNED.match(item.written) and any(part.body <= item.start < part.end for part in goals))
            or _GOAL_LINE.match(facts.quiet, facts.quiet.rfind("\n", 0, item.start) + 1)
        ]
    found += prose
    # A target that is said again in the same words is held against the others once.
    once = {
        (item.names, item.comparator, item.value, item.unit, item.frequency, item.project): item for item in found[::-1]
    }
    return list(once.values())[::-1]


def _in_prose(facts: Facts, settings: Settings) -> Iterator[Stated]:
    text, year = facts.quiet, facts.mined.identity.fiscal_year
    for item in facts.mined.thresholds:
        value = _value(item)
        if item.indicator is not None or value is None or item.kind is ThresholdKind.CONDITION:
            continue
        near = max(0, item.start - _NEAR)
        sentence = text[max([near, *(text.rfind(stop, near, item.start) + 1 for stop in "。;\n")]) : item.start]
        if any(int(other) != year for other in _YEARS.findall(sentence)):
            continue  # a target of another year
        start = max([near, *(text.rfind(stop, near, item.start) + 1 for stop in _SENTENCE)])
        piece = text[start : item.start]
        names = tuple(filter(None, (_pairs(item.subject), _pairs(piece))))
        place = ("", (None, item.start), "", start, item.end)
        written = squeeze(text[item.start : item.end])
        yield Stated(
            names,
            grams(item.subject or piece, settings),
            item.comparator,
            value,
            item.unit,
            item.frequency,
            *place,
            written,
            squeeze(piece),
        )


def _likeness(left: frozenset[str], right: frozenset[str]) -> float:
    if "意度" in left or "意度" in right:  # whose satisfaction it is decides: 企业 and 被监察企业 are two
        return float(left == right)
    shared, least = len(left & right), min(len(left), len(right))
    return shared / least if least >= _LEAST_PAIRS else 0.0


def _same_unit(left: str, right: str) -> bool:
    return _ONE_UNIT.get(left, left) == _ONE_UNIT.get(right, right)


def _comparable(left: Stated, right: Stated) -> bool:
    """Whether two targets may be of one indicator: not two projects, two periods or two columns of one row."""
    if (
        left.row == right.row
        or left.start == right.start
        or left.period != right.period
        or not _same_unit(left.unit, right.unit)
    ):
        return False
    return not (left.project and right.project and left.project != right.project)


_UP = frozenset({Comparator.AT_LEAST, Comparator.MORE, Comparator.EQUAL, Comparator.APPROX})
_DOWN = frozenset({Comparator.AT_MOST, Comparator.LESS, Comparator.EQUAL, Comparator.APPROX})


def _conflicts(facts: Facts) -> Iterator[Finding]:
    items = stated(facts)
    families: dict[tuple[str, str, str], list[Stated]] = defaultdict(list)  # only within one are targets comparable
    for item in items:
        families[item.frequency, item.period, _ONE_UNIT.get(item.unit, item.unit)].append(item)
    for left, right in chain.from_iterable(combinations(family, 2) for family in families.values()):
        if not _comparable(left, right) or _agree(left, right):
            continue
        if not ({left.comparator, right.comparator} <= _UP or {left.comparator, right.comparator} <= _DOWN):
            continue
        about = _likeness(left.about, right.about)
        same = _alike(left, right) >= _SAME or _is_object(left, right)
        if not (same or about >= _LIKELY) or _stated_too(left, right, items):
            continue
        if same:
            yield _finding(Severity.WARNING, left, right, "疑似同一指标在不同位置的目标值不一致")
        elif (left.row[0] is None) != (right.row[0] is None) and _nearest(left, right, items):
            yield _finding(Severity.HINT, left, right, "相近指标在不同位置的目标值不一致，请核对是否为同一指标")


def _agree(left: Stated, right: Stated) -> bool:
    if Comparator.APPROX in (left.comparator, right.comparator):
        return abs(left.value - right.value) <= _ABOUT * max(abs(left.value), abs(right.value))
    return left.value == right.value


def _stated_too(left: Stated, right: Stated, items: Sequence[Stated]) -> bool:
    """Whether one of the two values stands elsewhere for the other's indicator (columns by township or by year)."""
    for one, other in ((left, right), (right, left)):
        for item in items:
            beside = item is not one and item is not other and item.row[0] == other.row[0] is not None
            if beside and item.value == one.value and _alike(item, other) >= _SAME:
                return True
    return False


def _alike(left: Stated, right: Stated) -> float:
    """The likeness of the two names that are most alike."""
    return max((_likeness(a, b) for a in left.names for b in right.names), default=0.0)


def _is_prose(item: Stated) -> bool:
    return item.row[0] is None and item.row[1] is not None


def _is_object(left: Stated, right: Stated) -> bool:
    """Whether an indicator counts what stands right before a number of prose (`应急演练次数`, `开展应急演练24次`)."""
    if _is_prose(left) == _is_prose(right) or "" in (left.named, right.named) or left.unit in ("", "%"):
        return False
    name, piece = (left.named, right.named) if _is_prose(right) else (right.named, left.named)
    bare = _VERB.sub("", _COUNT_END.sub("", name))
    return len(bare) >= _LEAST_OBJECT and piece.endswith(bare)


def _nearest(left: Stated, right: Stated, items: Sequence[Stated]) -> bool:
    """Whether each is the other's best match; two equally good ones are none."""
    for one, other in ((left, right), (right, left)):
        best = _likeness(one.about, other.about)
        rivals = [
            item for item in items if item is not other and _same_unit(item.unit, one.unit) and not _agree(item, one)
        ]
        if any(_likeness(one.about, item.about) > best for item in rivals):
            return False
    return True


def _finding(severity: Severity, left: Stated, right: Stated, what: str) -> Finding:
    message = f"{what}：{left.written}与{right.written}"
    return Finding("R41", severity, message, right.start, right.end, related=(left.start, left.end))


def _r41(facts: Facts) -> Verdict:
    if len(facts.mined.indicators) + len(facts.mined.thresholds) < 2:
        return Verdict(Outcome.NOT_APPLICABLE)
    found = tuple({(item.start, item.end): item for item in _conflicts(facts)}.values())
    return Verdict(Outcome.FAIL if found else Outcome.PASS, findings=found)


def _periods(facts: Facts) -> Iterator[Finding]:
    """A target a month or a quarter against one of the year: month × 12 = year."""
    items = stated(facts)
    for left, right in combinations(items, 2):
        if left.frequency == right.frequency or not _comparable(left, right):
            continue
        times = [_PER_YEAR.get(item.frequency) for item in (left, right)]
        if None in times or _likeness(left.about, right.about) < _PER_PERIOD:
            continue
        years = [item.value * (factor or 1) for item, factor in zip((left, right), times, strict=True)]
        if years[0] != years[1]:
            sums = "；".join(
                f"{item.frequency or '全年'}{plain(item.value)}{item.unit}"
                + (f"×{factor}={plain(year)}" if factor != 1 else "")
                for item, factor, year in zip((left, right), times, years, strict=True)
            )
            message = f"相近指标按期间换算后不一致，请核对：{sums}"
            related = (left.start, left.end)
            yield Finding("R43", Severity.HINT, message, right.start, right.end, computation=sums, related=related)


def _r43(facts: Facts) -> Verdict:
    if not any(_PER_YEAR.get(item.frequency, 1) > 1 for item in stated(facts)):
        return Verdict(Outcome.NOT_APPLICABLE)
    found = tuple({(item.start, item.end): item for item in _periods(facts)}.values())
    return Verdict(Outcome.FAIL if found else Outcome.PASS, findings=found)


TARGETS = {"R41": _r41, "R43": _r43}
