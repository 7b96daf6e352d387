"""The same indicator's targets across departments, side by side in one unit, the most ambitious first.

A family is what is measured and in which unit: names lose places, years, and words that only say that something is done
and counted, so that 全年监测到涉及我区的舆情信息数量 (≥20000条) stands beside 监测舆情条数 (不少于10条).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from itertools import pairwise

from dutymine.lexicon import WordRow, rows
from dutymine.mandates.normal import Voice, normalise, voice, without_slots
from dutymine.mandates.targets import Target, target
from dutymine.model import Comparator, Identity, Indicator, Mined, Threshold, ThresholdKind
from dutymine.settings import Settings
from dutymine.text import fold

C = Comparator
# family, department, department_type, county, fiscal_year, name, comparator, low, high, unit, rank, members, doc_id,
# indicator_id
Row = tuple[str, str, str, str, int | None, str, str, Decimal | None, Decimal | None, str, int | None, int, str, str]
_LISTS = ("leading", "trailing", "less", "whole", "vague")
_YEARS = re.compile(r"(?:19|20)\d\d年?度?|本年度?|当年")
_FORMULA = re.compile(r"=|\*|÷")
_BRACKETS = re.compile(r"\([^()]{0,12}\)")
_LEAST = 2  # characters of what is measured
_LIKE = 0.8  # of two names of one thing (Dice, character pairs)
_UP, _DOWN = (C.AT_LEAST, C.MORE), (C.AT_MOST, C.LESS)


@dataclass(frozen=True, slots=True)
class Promise:
    """One target as a family sees it: who promises it, of what, how much."""

    core: str
    who: Identity
    name: str
    target: Target
    doc_id: str
    indicator_id: str

    @property
    def unit(self) -> str:
        """One string for the department, whatever the year."""
        return fold(self.who.department) or self.doc_id


def benchmarks(documents: Iterable[Mined], settings: Settings) -> Iterator[Row]:
    """Rows of `benchmarks`: families of at least two departments; documents are read one after another, not kept."""
    found = [promise for mined in documents for promise in promises(mined, settings)]
    for family, members in _families(found):
        if len({member.unit for member in members}) > 1:
            yield from _ranked(family, members, settings)


def promises(mined: Mined, settings: Settings) -> Iterator[Promise]:
    """The measured targets of a document: of its indicators, and in its goals those that are in no indicator."""
    whose, who, doc_id = voice(mined), mined.identity, mined.document.doc_id
    for number, item in enumerate(mined.indicators, 1):
        yield from _promise(
            item, item.name, whose, Promise("", who, "", _NONE, doc_id, f"{doc_id}:i{number}"), settings
        )
    told: set[tuple[str, Target]] = set()
    for threshold in mined.thresholds:
        if threshold.indicator is None and threshold.kind is not ThresholdKind.CONDITION:
            empty = Promise("", who, "", _NONE, doc_id, "")
            for promise in _promise(threshold, threshold.subject, whose, empty, settings):
                if (promise.core, promise.target) not in told:
                    told.add((promise.core, promise.target))
                    yield promise


_NONE = Target(None, None, None, "")


def _promise(
    of: Indicator | Threshold, name: str, whose: Voice, empty: Promise, settings: Settings
) -> Iterator[Promise]:
    what = target(of, settings)
    measured = core(name, whose, settings)
    if what.is_number and what.unit and len(measured) >= _LEAST and measured not in _words(settings)["vague"]:
        yield replace(empty, core=measured, name=" ".join(name.split()), target=what)


def core(name: str, whose: Voice, settings: Settings) -> str:
    """What an indicator measures, by its name; never less than two characters."""
    head = _FORMULA.split(fold(name), maxsplit=1)[0]
    bare = without_slots(normalise(_BRACKETS.sub("", head), whose, settings).text)
    bare = _YEARS.sub("", bare)
    same = _same(settings)
    while True:
        if bare in same:
            return same[bare]
        shorter = _shorter(bare, settings)
        if shorter == bare:
            break
        bare = shorter
    return _synonyms(settings).sub(lambda match: same[match[0]], bare)


def _shorter(text: str, settings: Settings) -> str:
    """The text without one word that says nothing, at its end or at its start; as it is where too little would stay."""
    whole = _words(settings)["whole"]
    for pattern, kept in zip(_empty(settings), (text.endswith(whole), text.startswith(whole)), strict=True):
        match = pattern.search(text)
        if match and not kept and len(text) - len(match[0]) >= _LEAST:
            return text[: match.start()] + text[match.end() :]
    return text


@cache
def _words(settings: Settings) -> dict[str, tuple[str, ...]]:
    return {row.name: row.surfaces for row in rows("benchmark_words", WordRow, settings)}


@cache
def _same(settings: Settings) -> dict[str, str]:
    return {word: name for name, words in _words(settings).items() if name not in _LISTS for word in words}


@cache
def _synonyms(settings: Settings) -> re.Pattern[str]:
    words = [word for word in _same(settings) if not word.endswith("满意度")]
    return re.compile(_longest(words))


@cache
def _empty(settings: Settings) -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = _words(settings)
    return re.compile(f"(?:{_longest(words['trailing'])})$"), re.compile(f"^(?:{_longest(words['leading'])})")


def _longest(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


def _families(found: Sequence[Promise]) -> Iterator[tuple[str, list[Promise]]]:
    """Targets by what they measure and in which unit; names that are nearly one join the most common of them."""
    by_unit: dict[str, Counter[str]] = defaultdict(Counter)
    for promise in found:
        by_unit[promise.target.unit][promise.core] += 1
    heads = {(unit, name): head for unit, names in by_unit.items() for name, head in _joined(names).items()}
    families: dict[tuple[str, str], list[Promise]] = defaultdict(list)
    for promise in found:
        unit = promise.target.unit
        families[heads[unit, promise.core], unit].append(promise)
    for (name, _), members in sorted(families.items()):
        yield name, members


def _joined(names: Mapping[str, int]) -> dict[str, str]:
    """For each name the one it stands under."""
    order = sorted(names, key=lambda name: (-names[name], len(name), name))
    at: dict[str, list[str]] = defaultdict(list)  # heads by the pairs of characters they hold
    heads: dict[str, str] = {}
    for name in order:
        near = {head for pair in _pairs(name) for head in at[pair] if head[:_LEAST] == name[:_LEAST]}
        best = max(near, key=lambda head: (_dice(name, head), head), default="")
        if best and _dice(name, best) >= _LIKE:
            heads[name] = best
            continue
        heads[name] = name
        for pair in _pairs(name):
            at[pair].append(name)
    return heads


def _pairs(text: str) -> frozenset[str]:
    return frozenset(a + b for a, b in pairwise(text))


def _dice(one: str, other: str) -> float:
    a, b = _pairs(one), _pairs(other)
    return 2 * len(a & b) / (len(a) + len(b))


def _ranked(family: str, members: Sequence[Promise], settings: Settings) -> Iterator[Row]:
    """Rows of a family, the most ambitious first; a target against the direction of its family has no rank."""
    up = _upwards(family, members, settings)
    values = [_value(member.target, up) for member in members]
    counted = sorted((value for value in values if value is not None), reverse=up)
    order = [
        (None if value is None else counted.index(value) + 1, member)
        for value, member in zip(values, members, strict=True)
    ]
    for rank, member in sorted(order, key=lambda item: (item[0] or len(members) + 1, item[1].doc_id)):
        who, what = member.who, member.target
        head = (family, who.department, who.department_type, who.county, who.fiscal_year, member.name)
        bounds = (str(what.comparator or ""), what.low, what.high, what.unit)
        yield (*head, *bounds, rank, len(members), member.doc_id, member.indicator_id)


def _upwards(family: str, members: Sequence[Promise], settings: Settings) -> bool:
    """Whether more is more ambitious: as most comparators of the family say, else as its name does."""
    signs = Counter(member.target.comparator for member in members)
    up, down = (sum(signs[one] for one in side) for side in (_UP, _DOWN))
    if up != down:
        return up > down
    return not re.search(_longest(_words(settings)["less"]), family)


def _value(of: Target, up: bool) -> Decimal | None:
    if of.comparator in (_DOWN if up else _UP):
        return None
    first, second = (of.low, of.high) if up else (of.high, of.low)
    return second if first is None else first
