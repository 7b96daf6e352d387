"""Which gold row and which found row are one: pairs by span, value, name or order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from dutymine.output.columns import Value
from dutymine.text import fold, squeeze

Cells = dict[str, Value]
Pairs = list[tuple[int, int]]

BOUNDS = ("comparator", "low", "high", "unit")

_SPAN_OVERLAP = 0.9  # of the characters that are not white space
_HEADING_SLIP = 3  # characters a section's start may be off
_ALIKE = 0.4  # bigrams two indicator names must share to be taken for one row


def share(part: int, whole: int) -> float:
    """A part of a whole; all of nothing is all."""
    return part / whole if whole else 1.0


@dataclass(frozen=True, slots=True)
class Page:
    """One document of one table: gold rows, found rows, and how many characters stand before each offset of its text.

    White space does not count among these; only rules on stretches of text read them.
    """

    doc: str
    gold: list[Cells]
    found: list[Cells]
    filled: list[int]


def span(row: Cells) -> tuple[int, int]:
    """The columns start, end."""
    return int(row["start"] or 0), int(row["end"] or 0)


def overlap_of(left: Cells, right: Cells) -> int:
    """Characters two spans share; zero or less where they do not."""
    (a, b), (c, d) = span(left), span(right)
    return min(b, d) - max(a, c)


def _one_to_one(candidates: Iterable[tuple[float, int, int]]) -> Pairs:
    """The best candidates first, each row once."""
    pairs, left, right = [], set(), set()
    for _, i, j in sorted(candidates, key=lambda item: (-item[0], item[1], item[2])):
        if i not in left and j not in right:
            pairs.append((i, j))
            left.add(i)
            right.add(j)
    return sorted(pairs)


def _with(page: Page, score: Callable[[Cells, Cells], float]) -> Pairs:
    """Pairs by a score; zero or less is no pair."""
    scored = ((score(gold, found), i, j) for i, gold in enumerate(page.gold) for j, found in enumerate(page.found))
    return _one_to_one(item for item in scored if item[0] > 0)


def same_value(*names: str) -> Callable[[Page], Pairs]:
    """Overlapping spans whose cells `names` are equal."""

    def score(gold: Cells, found: Cells) -> float:
        overlap = overlap_of(gold, found)
        return overlap if overlap > 0 and all(equal(gold[name], found[name]) for name in names) else 0

    return lambda page: _with(page, score)


def same_stretch(page: Page) -> Pairs:
    """Spans whose characters that are not white space are nearly the same."""

    def filled(start: int, end: int) -> int:
        last = len(page.filled) - 1
        return page.filled[min(end, last)] - page.filled[min(start, last)] if start < end else 0

    def score(gold: Cells, found: Cells) -> float:
        (a, b), (c, d) = span(gold), span(found)
        shared = filled(max(a, c), min(b, d))
        alike = share(shared, filled(a, b) + filled(c, d) - shared)
        return alike if shared and alike >= _SPAN_OVERLAP else 0

    return _with(page, score)


def same_heading(page: Page) -> Pairs:
    """Sections of one kind that begin at one place."""

    def score(gold: Cells, found: Cells) -> float:
        slip = abs(span(gold)[0] - span(found)[0])
        return _HEADING_SLIP + 1 - slip if gold["kind"] == found["kind"] else 0

    return _with(page, score)


def same_name(name: str) -> Callable[[Page], Pairs]:
    """Rows in the same order whose cell `name` is equal."""
    return lambda page: in_order(page, lambda gold, found: float(equal(gold[name], found[name])))


def indicator_likeness(gold: Cells, found: Cells) -> float:
    """How far two indicators are one row: by name first, then by target."""
    alike = _likeness(str(gold["name"]), str(found["name"]))
    return 2 * alike + same_target(gold, found) if alike >= _ALIKE else 0


def same_target(gold: Cells, found: Cells) -> bool:
    """Equal bounds, or equal words where the target is in words."""
    if gold["comparator"] == "text":
        return found["comparator"] == "text" and equal(gold["value_text"], found["value_text"])
    return all(equal(gold[name], found[name]) for name in BOUNDS)


def _likeness(left: str, right: str) -> float:
    """Share of character pairs two names have in common (Dice), 1 for equal names."""
    left, right = (squeeze(fold(f"^{text}$")) for text in (left, right))
    grams = [{text[i : i + 2] for i in range(len(text) - 1)} for text in (left, right)]
    return 2 * len(grams[0] & grams[1]) / (len(grams[0]) + len(grams[1]))


def in_order(page: Page, score: Callable[[Cells, Cells], float]) -> Pairs:
    """The pairs with the greatest sum of scores in which neither side changes its order."""
    gold, found = page.gold, page.found
    table = [[score(row, other) for other in found] for row in gold]
    best = [[0.0] * (len(found) + 1) for _ in range(len(gold) + 1)]
    for i in range(len(gold) - 1, -1, -1):
        for j in range(len(found) - 1, -1, -1):
            paired = table[i][j] + best[i + 1][j + 1] if table[i][j] > 0 else 0.0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    pairs, i, j = [], 0, 0
    while i < len(gold) and j < len(found):
        if table[i][j] > 0 and best[i][j] == table[i][j] + best[i + 1][j + 1]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def equal(gold: Value, found: Value) -> bool:
    """Equal values; texts are compared without white space and width."""
    if isinstance(gold, str) and isinstance(found, str):
        return squeeze(fold(gold)) == squeeze(fold(found))
    return gold == found
