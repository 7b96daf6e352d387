"""What a duty clause is about, by cue words, and what kinds of acts and what part of the department its powers make it.

The cue words are a floor until the trained model stands: on real clauses such rules agree with people on the first
function in about two cases of five, so every clause is marked for review.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from dutymine.duties.grammar import Frame, frames
from dutymine.lexicon import CueRow, rows
from dutymine.model import Role
from dutymine.settings import Settings
from dutymine.text import Span

_MOST = 3
_LEAST_SHARE = 0.18  # of the first label's score; below it a further label is noise
_HEAD_BONUS = 1.6
_OWNS, _WITH = 4, 3  # strengths of 负责 and 会同, whatever act goes with them
_LAST = ("A16", "A00")
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
    pattern: re.Pattern[str]
    rows: dict[str, CueRow]
    stops: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Hit:
    row: CueRow
    start: int
    length: int


@cache
def _axis(name: str, settings: Settings) -> _Axis:
    table = rows(name, CueRow, settings)
    by_surface = {surface: row for row in table for surface in row.surfaces}
    stops = frozenset(stop for row in table for stop in row.stops)
    longest_first = sorted(by_surface.keys() | stops, key=len, reverse=True)
    return _Axis(re.compile("|".join(re.escape(word) for word in longest_first)), by_surface, stops)


def _hits(text: str, axis: _Axis) -> Iterator[_Hit]:
    """Cues in order, the longest at each place; a stop word hides the cues in it, unless it is a cue itself."""
    for match in axis.pattern.finditer(text):
        row = axis.rows.get(match[0])
        if row is not None and match[0] not in row.stops:
            yield _Hit(row, match.start(), len(match[0]))


def label(text: str, settings: Settings) -> Labels:
    """Functions, acts and role of a folded clause without white space."""
    head = _HEAD.search(text)
    head_end = head.start() if head else len(text)
    functions = _ranked(_hits(text, _axis("functions", settings)), head_end)
    found = frames(text, settings)
    total = sum(score for _, score in functions) or 1.0
    first = functions[:_MOST] or [("F00", 0.0)]
    return Labels(
        tuple(code for code, _ in first),
        _acts(found, text),
        _role(found),
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


def _acts(found: Sequence[Frame], text: str) -> tuple[str, ...]:
    """Kinds of acts: the head sentence's first, else by strength of their phrase; 贯彻 and a bare 负责 come last."""
    head_end = text.find("。") if "。" in text[:-1] else 0
    strongest: dict[Span, int] = {}
    for frame in found:
        strongest[frame.span] = max(frame.strength, strongest.get(frame.span, 0))
    ranked = sorted(
        found,
        key=lambda frame: (frame.code in _LAST, frame.act[0] >= head_end, -strongest[frame.span], frame.act),
    )
    return tuple(dict.fromkeys(frame.code for frame in ranked))[:_MOST] or ("A00",)


def _role(found: Sequence[Frame]) -> Role:
    """The role of the strongest power, the first of equals."""
    return Role(max(found, key=_weight).role) if found else Role.PERFORM


def _weight(frame: Frame) -> int:
    """负责 owns whatever act it carries; 会同X leads one act, not the duty."""
    if frame.role == "own":
        return max(frame.strength, _OWNS)
    return min(frame.strength, _WITH) if frame.role == "lead" and frame.actors[0] < frame.actors[1] else frame.strength
