"""Indicators, targets and organisations of two documents of one department against each other."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from typing import TypeVar

from dutymine.mandates.normal import Voice, normalise, voice, without_slots
from dutymine.mandates.shift import Shift, year
from dutymine.mandates.targets import Target, settled, target
from dutymine.model import Indicator, Institution, Mined
from dutymine.settings import Settings
from dutymine.text import squeeze

Item = TypeVar("Item", Indicator, Institution)
Pairs = list[tuple[int, int]]
Key = tuple[str, ...]

_YEARS = re.compile(r"(?:19|20)\d\d年?度?|本年度?|当年")
_LIKE = 0.7  # of two names of one thing
_FIELDS = (("nature", "单位性质"), ("rank", "规格"), ("funding", "经费形式"))


def indicators(earlier: Mined, later: Mined, settings: Settings) -> Iterator[Shift]:
    """Indicators new, gone or renamed, and targets that changed; none where one of both documents has no indicators."""
    old, new = earlier.indicators, later.indicators
    if not old or not new:
        return
    pairs = _paired(_indicator_keys(earlier, settings), _indicator_keys(later, settings))
    for i, j in pairs:
        yield from _indicator(earlier, later, (old[i], new[j]), settings)
    for item in _alone(old, {i for i, _ in pairs}):
        message = f"{year(earlier)}指标“{item.name}”在{year(later)}未见"
        yield Shift("indicator_removed", _titled(item), _value(item), "", message)
    for item in _alone(new, {j for _, j in pairs}):
        message = f"{year(later)}新增指标“{item.name}”，{year(earlier)}未见"
        yield Shift("indicator_added", _titled(item), "", _value(item), message)


def _indicator(earlier: Mined, later: Mined, both: tuple[Indicator, Indicator], settings: Settings) -> Iterator[Shift]:
    old, new = both
    names = [_name(item.name, voice(mined), settings) for item, mined in zip(both, (earlier, later), strict=True)]
    if names[0] != names[1]:
        message = f"{year(earlier)}指标“{old.name}”在{year(later)}作“{new.name}”"
        yield Shift("indicator_changed", _titled(new), old.name, new.name, message)
    elif old.class_code and new.class_code and old.class_code != new.class_code:
        classes = [squeeze(item.level2 or item.level1) for item in both]
        message = f"指标“{new.name}”由{classes[0]}改列{classes[1]}"
        yield Shift("indicator_changed", _titled(new), classes[0], classes[1], message)
    if _bounds(settled(target(old, settings))) != _bounds(settled(target(new, settings))):
        message = f"指标“{new.name}”的目标值由{year(earlier)}的{_value(old)}变为{year(later)}的{_value(new)}"
        yield Shift("target_changed", _titled(new), _value(old), _value(new), message)


def _bounds(of: Target) -> tuple[object, ...]:
    return (of.comparator, of.low, of.high, of.unit) if of.is_number else (of.text,)


def _value(item: Indicator) -> str:
    return " ".join(item.value_text.split())


def _titled(item: Indicator) -> str:
    return f"{item.project}：{item.name}" if item.project else item.name


def _indicator_keys(mined: Mined, settings: Settings) -> list[Key]:
    """For each indicator what it is known by: name, class, project, target."""
    whose = voice(mined)
    found: list[Key] = []
    for item in mined.indicators:
        named = (_name(item.name, whose, settings), item.class_code, _name(item.project, whose, settings))
        found.append((*named, str(_bounds(target(item, settings)))))
    return found


def _name(text: str, whose: Voice, settings: Settings) -> str:
    """A name without years, punctuation and place words."""
    return _YEARS.sub("", without_slots(normalise(text, whose, settings).text))


def _paired(before: Sequence[Key], after: Sequence[Key]) -> Pairs:
    """Pairs by as much as agrees: target and project first, then names that stand once on both sides, then likeness."""
    pairs: Pairs = []
    for parts, once in (((0, 1, 2, 3), False), ((0, 1, 2), False), ((0, 1), True), ((0, 2), True), ((0,), True)):
        found = _equal([_part(key, parts) for key in before], [_part(key, parts) for key in after], pairs, once)
        pairs += [(i, j) for i, j in found if _one_project(before[i][2], after[j][2])]
    return pairs + _alike(before, after, pairs)


def _one_project(old: str, new: str) -> bool:
    """Whether two names may be of one project: equal, alike, or not stated."""
    return not old or not new or old == new or _likeness(old, new) >= _LIKE


def _part(key: Key, parts: Sequence[int]) -> Key:
    return tuple(key[k] for k in parts)


def _equal(before: Sequence[Key], after: Sequence[Key], taken: Pairs, once: bool) -> Pairs:
    """Pairs of equal keys in order, leaving out what is taken; `once`: only keys that stand once on both sides."""
    groups: dict[Key, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for side, found in enumerate((before, after)):
        gone = {pair[side] for pair in taken}
        for index, key in enumerate(found):
            if index not in gone:
                groups[key][side].append(index)
    kept = [sides for sides in groups.values() if not once or len(sides[0]) == len(sides[1]) == 1]
    return [pair for left, right in kept for pair in zip(left, right, strict=False)]


def _alike(before: Sequence[Key], after: Sequence[Key], taken: Pairs) -> Pairs:
    """What is left, by likeness of the names, the most alike first; class and project must agree."""
    sides = [
        [(index, key) for index, key in enumerate(found) if index not in {pair[side] for pair in taken}]
        for side, found in enumerate((before, after))
    ]
    scored = sorted(
        (-_likeness(old[0], new[0]), i, j) for i, old in sides[0] for j, new in sides[1] if old[1:-1] == new[1:-1]
    )
    pairs: Pairs = []
    for score, i, j in scored:
        if -score >= _LIKE and all(i != one and j != other for one, other in pairs):
            pairs.append((i, j))
    return pairs


def _likeness(old: str, new: str) -> float:
    return SequenceMatcher(None, old, new, autojunk=False).ratio() if old and new else 0.0


def _alone(items: Sequence[Item], paired: set[int]) -> Iterator[Item]:
    yield from (item for index, item in enumerate(items) if index not in paired)


def institutions(earlier: Mined, later: Mined, settings: Settings) -> Iterator[Shift]:
    """Organisations new, gone, renamed or of another nature; none where one of both documents lists none."""
    old, new = _distinct(earlier), _distinct(later)
    if not old or not new:
        return
    before, after = (
        [(_name(item.name, voice(m), settings), "") for item in f] for m, f in ((earlier, old), (later, new))
    )
    pairs = _equal(before, after, [], once=False)
    pairs += _alike(before, after, pairs)
    for i, j in pairs:
        if before[i] != after[j]:
            message = f"{year(earlier)}机构“{old[i].name}”在{year(later)}作“{new[j].name}”"
            yield Shift("institution_changed", new[j].name, old[i].name, new[j].name, message)
        yield from _fields(earlier, later, old[i], new[j])
    for item in _alone(old, {i for i, _ in pairs}):
        message = f"{year(earlier)}机构“{item.name}”在{year(later)}未见"
        yield Shift("institution_changed", item.name, item.name, "", message)
    for item in _alone(new, {j for _, j in pairs}):
        message = f"{year(later)}新增机构“{item.name}”，{year(earlier)}未见"
        yield Shift("institution_changed", item.name, "", item.name, message)


def _distinct(mined: Mined) -> list[Institution]:
    """Each organisation once; what is listed twice is taken as it first stands, with what is empty there filled up."""
    found: dict[str, Institution] = {}
    for item in mined.institutions:
        known = found.setdefault(squeeze(item.name), item)
        fill = {name: getattr(item, name) for name, _ in _FIELDS if not getattr(known, name)}
        found[squeeze(item.name)] = replace(known, **fill)
    return list(found.values())


def _fields(earlier: Mined, later: Mined, old: Institution, new: Institution) -> Iterator[Shift]:
    for field, label in _FIELDS:
        was, now = squeeze(getattr(old, field)), squeeze(getattr(new, field))
        if was and now and was != now:
            message = f"“{new.name}”的{label}由{year(earlier)}的“{was}”变为{year(later)}的“{now}”"
            yield Shift("institution_changed", new.name, was, now, message)
