"""Word-level differences of two normal texts, with positions on both sides."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, lru_cache

from dutymine.duties.acts import ActRow
from dutymine.lexicon import WordRow, rows
from dutymine.settings import Settings
from dutymine.text import Span


@dataclass(frozen=True, slots=True)
class Difference:
    """What stands at `left` in one normal text and at `right` in the other; one of both may be empty."""

    left: Span
    right: Span


@lru_cache(maxsize=50_000)
def differences(left: str, right: str, settings: Settings) -> tuple[Difference, ...]:
    """The differences of two normal texts in order; none cuts an act word in two (监管 for 监督, not 管 for 督)."""
    if left == right:
        return ()
    found = _merged(list(_changed(left, right)), left)
    return tuple(_slid(_whole(item, left, right, settings), left, right, settings) for item in found)


def _changed(left: str, right: str) -> Iterator[Difference]:
    """Changed stretches by characters; equal ends are cut first, since most copies differ in one place."""
    shorter = min(len(left), len(right))
    first = _equal(shorter, lambda size: left[:size] == right[:size])
    last = _equal(shorter - first, lambda size: left[len(left) - size :] == right[len(right) - size :])
    inner, other = left[first : len(left) - last], right[first : len(right) - last]
    if not inner or not other:
        yield Difference((first, first + len(inner)), (first, first + len(other)))
        return
    for tag, a, b, c, d in SequenceMatcher(None, inner, other, autojunk=False).get_opcodes():
        if tag != "equal":
            yield Difference((first + a, first + b), (first + c, first + d))


_JOINTS = "和及与的"


def _equal(longest: int, holds: Callable[[int], bool]) -> int:
    """The longest size up to `longest` that holds, when all shorter ones do."""
    return bisect_left(range(1, longest + 1), True, key=lambda size: not holds(size))


def _merged(found: list[Difference], left: str) -> list[Difference]:
    """Changes on both sides with one character in common between them are one (查处 for 调查)."""
    result: list[Difference] = []
    for item in found:
        last = result[-1] if result else None
        apart = item.left[0] - last.left[1] if last else 0
        if last and apart == 1 and left[last.left[1]] not in _JOINTS:
            both = Difference((last.left[0], item.left[1]), (last.right[0], item.right[1]))
            if _sided(last, item):
                result[-1] = both
                continue
        result.append(item)
    return result


def _sided(last: Difference, item: Difference) -> bool:
    """Whether both sides lose something in the two changes together."""
    if _replaces(last) or _replaces(item):
        return _replaces(last) and _replaces(item)
    return (last.left[0] < last.left[1]) != (item.left[0] < item.left[1])


def _replaces(item: Difference) -> bool:
    return item.left[0] < item.left[1] and item.right[0] < item.right[1]


@cache
def act_rows(settings: Settings) -> dict[str, ActRow]:
    """Rows of act words by the word."""
    return {word: row for row in rows("act_words", ActRow, settings) for word in row.surfaces}


@cache
def _kept_whole(settings: Settings) -> frozenset[str]:
    kept = (*_listed("scope", settings), *_listed("basis_word", settings), *act_rows(settings))
    return frozenset(word for word in kept if len(word) > 1)


@cache
def _opening(settings: Settings) -> re.Pattern[str]:
    """Words that begin something: verbs (not those that are also nouns: 教育) and 各级, 全市, 国家."""
    verbs = [word for word, row in act_rows(settings).items() if row.kind in ("verb", "light", "joiner")]
    return _longest((*(word for word in _listed("scope", settings) if word[0] in "各全国"), *verbs))


def _listed(name: str, settings: Settings) -> list[str]:
    return [s for row in rows("compare_words", WordRow, settings) if row.name == name for s in row.surfaces]


def _longest(words: Iterable[str]) -> re.Pattern[str]:
    several = {word for word in words if len(word) > 1}
    return re.compile("|".join(map(re.escape, sorted(several, key=lambda word: (-len(word), word)))))


def _whole(item: Difference, left: str, right: str, settings: Settings) -> Difference:
    """The difference widened, on both sides alike, over words that it cuts; whole words put in stay as they are."""
    if not _replaces(item):
        return item
    before = max(_cut(left, item.left, settings)[0], _cut(right, item.right, settings)[0])
    after = max(_cut(left, item.left, settings)[1], _cut(right, item.right, settings)[1])
    (a, b), (c, d) = item.left, item.right
    while before and left[a - before : a] != right[c - before : c]:
        before -= 1
    while after and left[b : b + after] != right[d : d + after]:
        after -= 1
    return Difference((a - before, b + after), (c - before, d + after))


_REACH = 4  # characters of a word outside the difference


def _cut(text: str, span: Span, settings: Settings) -> Span:
    """How many characters of a cut word stand before and behind the span."""
    (start, end), (words, inner) = span, (_kept_whole(settings), _inner(settings))
    before = after = 0
    if text[max(0, start - 1) : start + 1] in inner:
        before = max((start - a for a, b in _across(text, start) if text[a:b] in words), default=0)
    if text[max(0, end - 1) : end + 1] in inner:
        after = max((b - end for a, b in _across(text, end) if text[a:b] in words), default=0)
    return before, after


@cache
def _inner(settings: Settings) -> frozenset[str]:
    """Pairs of characters between which such a word can be cut: most places are in none."""
    return frozenset(word[at : at + 2] for word in _kept_whole(settings) for at in range(len(word) - 1))


def _across(text: str, at: int) -> Iterator[Span]:
    """Stretches that reach over a place, by as many characters as a word may have on each side."""
    for a in range(max(0, at - _REACH), at):
        for b in range(at + 1, min(len(text), at + _REACH) + 1):
            yield a, b


def _slid(item: Difference, left: str, right: str, settings: Settings) -> Difference:
    """What was put in, moved to where it reads best if the same text can be read in several ways.

    That is where it begins with a known word (组织A组织B, 各级各部门), else as far right as it goes, since the head of
    a Chinese noun stands at its end (高中教育、学前教育).
    """
    if _replaces(item):
        return item
    text, (start, end) = (left, item.left) if item.left[0] < item.left[1] else (right, item.right)
    moves = [0]
    while start + moves[0] > 0 and text[start + moves[0] - 1] == text[end + moves[0] - 1]:
        moves.insert(0, moves[0] - 1)
    while end + moves[-1] < len(text) and text[start + moves[-1]] == text[end + moves[-1]]:
        moves.append(moves[-1] + 1)
    if len(moves) == 1:
        return item
    opening = _opening(settings)
    best = max(
        moves,
        key=lambda move: (
            not _cut(text, (start + move, end + move), settings)[0],
            opening.match(text, start + move, end + move) is not None,
            move,
        ),
    )
    (a, b), (c, d) = item.left, item.right
    return Difference((a + best, b + best), (c + best, d + best))
