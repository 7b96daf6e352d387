"""What a duty clause is about and what part the department takes, by cue words.

A floor until the trained model stands: on real clauses such rules agree with people on the first function in about two
cases of five, so every clause is marked for review.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from dutymine.lexicon import CueRow, rows
from dutymine.model import Role
from dutymine.settings import Settings

_MOST = 3
_LEAST_SHARE = 0.18  # of the first label's score; below it a further label is noise
_HEAD_BONUS = 1.6
_CENT = Decimal("0.01")
_HEAD = re.compile(r"[。;]")


@dataclass(frozen=True, slots=True)
class Labels:
    """Functions and acts (codes, best first), role, and a share of the cue weight for each function."""

    functions: tuple[str, ...]
    acts: tuple[str, ...]
    role: Role
    scores: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class _Axis:
    words: dict[str, tuple[str, ...]]  # cues and stops by their first character, longest first
    rows: dict[str, CueRow]


class _Hit(NamedTuple):
    row: CueRow
    start: int
    length: int


@cache
def _axis(name: str, settings: Settings) -> _Axis:
    table = rows(name, CueRow, settings)
    by_surface = {surface: row for row in table for surface in row.surfaces}
    stops = frozenset(stop for row in table for stop in row.stops)
    by_first: dict[str, list[str]] = defaultdict(list)
    for word in sorted(by_surface.keys() | stops, key=len, reverse=True):
        by_first[word[0]].append(word)
    return _Axis({first: tuple(words) for first, words in by_first.items()}, by_surface)


def _hits(text: str, axis: _Axis) -> Iterator[_Hit]:
    """Cues in order, the longest at each place; a stop word hides the cues in it, unless it is a cue itself."""
    end = 0
    for start, sign in enumerate(text):
        if start < end or sign not in axis.words:
            continue
        word = next((word for word in axis.words[sign] if text.startswith(word, start)), None)
        if word is None:
            continue
        row, end = axis.rows.get(word), start + len(word)
        if row is not None and word not in row.stops:
            yield _Hit(row, start, len(word))


def label(text: str, settings: Settings) -> Labels:
    """Functions, acts and role of a folded clause without white space."""
    head = _HEAD.search(text)
    head_end = head.start() if head else len(text)
    functions = _ranked(_hits(text, _axis("functions", settings)), head_end)
    acts = _acts(list(_hits(text, _axis("acts", settings))), head_end)
    role = _role(list(_hits(text, _axis("duty_roles", settings))))
    total = sum(score for _, score in functions) or 1.0
    first = functions[:_MOST] or [("F00", 0.0)]
    return Labels(
        tuple(code for code, _ in first),
        acts,
        Role.RESIDUAL if first[0][0] == "F20" else role,
        tuple(Decimal(score / total).quantize(_CENT) for _, score in first),
    )


def _ranked(hits: Iterator[_Hit], head_end: int) -> list[tuple[str, float]]:
    """Codes by the weight of their cues, longer words and the head sentence more."""
    scores: dict[str, float] = {}
    for hit in hits:
        bonus = _HEAD_BONUS if hit.start < head_end else 1.0
        scores[hit.row.code] = scores.get(hit.row.code, 0.0) + hit.row.weight * hit.length * bonus
    ranked = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
    return [pair for pair in ranked if pair[1] >= _LEAST_SHARE * ranked[0][1]]


def _acts(hits: list[_Hit], head_end: int) -> tuple[str, ...]:
    """Acts of the head sentence by strength, then the others; implementation comes last beside anything specific."""
    if not hits:
        return ("A00",)
    best: dict[str, tuple[bool, float, int]] = {}
    for hit in hits:
        key = (hit.start >= head_end, -hit.row.weight, hit.start)
        best[hit.row.code] = min(best.get(hit.row.code, key), key)
    ranked = sorted(best, key=lambda code: (code == "A16", best[code]))
    return tuple(ranked[:_MOST])


def _role(hits: list[_Hit]) -> Role:
    """The role of the strongest word."""
    if not hits:
        return Role.PERFORM
    return Role(max(hits, key=lambda hit: (hit.row.weight, -hit.start)).row.code)
