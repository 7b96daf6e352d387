"""What a duty clause is about, by cue words, and what kinds of acts and what part of the department its powers make it.

The trained model (classifier.py) builds on these rules; alone they are a floor, and every clause is marked for review.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from typing import NamedTuple

from dutymine.duties.grammar import Frame, frames
from dutymine.lexicon import CueRow, rows
from dutymine.model import Role
from dutymine.settings import Settings
from dutymine.text import Span

_MOST = 3
_REMEMBERED = 1 << 12  # clauses: what the rules say of one is asked for twice, as labels and as features
_LEAST_SHARE = 0.18  # of the first label's score; below it a further label is noise
HEAD_BONUS = 1.6
_OWNS, _WITH = 4, 3  # strengths of 负责 and 会同, whatever act goes with them
_LAST = ("A16", "A00")
_CENT = Decimal("0.01")
_HEAD = re.compile(r"[。;]")


@dataclass(frozen=True, slots=True)
class Labels:
    """Functions and acts (codes, best first), role, their scores from 0 to 1, and whether to look again."""

    functions: tuple[str, ...]
    acts: tuple[str, ...]
    role: Role
    scores: tuple[Decimal, ...]
    needs_review: bool = True
    act_scores: tuple[Decimal, ...] = ()
    role_score: Decimal | None = None


@dataclass(frozen=True, slots=True)
class _Cues:
    words: dict[str, tuple[str, ...]]  # cues and stops by their first character, longest first
    rows: dict[str, CueRow]


class Hit(NamedTuple):
    """A cue at its place."""

    row: CueRow
    start: int
    length: int


@cache
def _cues(settings: Settings) -> _Cues:
    table = rows("functions", CueRow, settings)
    by_surface = {surface: row for row in table for surface in row.surfaces}
    stops = frozenset(stop for row in table for stop in row.stops)
    by_first: dict[str, list[str]] = defaultdict(list)
    for word in sorted(by_surface.keys() | stops, key=len, reverse=True):
        by_first[word[0]].append(word)
    return _Cues({first: tuple(words) for first, words in by_first.items()}, by_surface)


@lru_cache(maxsize=_REMEMBERED)
def hits(text: str, settings: Settings) -> tuple[Hit, ...]:
    """Cues of functions in order, the longest at each place; a stop word hides the cues in it, unless it is a cue."""
    cues, end = _cues(settings), 0
    found = []
    for start, sign in enumerate(text):
        if sign not in cues.words or start < end:
            continue
        for word in cues.words[sign]:
            if text.startswith(word, start):
                row, end = cues.rows.get(word), start + len(word)
                if row is not None and word not in row.stops:
                    found.append(Hit(row, start, len(word)))
                break
    return tuple(found)


@lru_cache(maxsize=_REMEMBERED)
def label(text: str, settings: Settings) -> Labels:
    """Functions, acts and role of a folded clause without white space."""
    functions = _ranked(hits(text, settings), head_end(text))
    found = frames(text, settings)
    total = sum(score for _, score in functions) or 1.0
    first = functions[:_MOST] or [("F00", 0.0)]
    return Labels(
        tuple(code for code, _ in first),
        _acts(found, text),
        _role(found),
        tuple(Decimal(score / total).quantize(_CENT) for _, score in first),
    )


def head_end(text: str) -> int:
    """Where the head sentence of a clause ends."""
    head = _HEAD.search(text)
    return head.start() if head else len(text)


def _ranked(found: Sequence[Hit], head_end: int) -> list[tuple[str, float]]:
    """Codes by the weight of their cues, longer words and the head sentence more."""
    scores: dict[str, float] = {}
    for hit in found:
        bonus = HEAD_BONUS if hit.start < head_end else 1.0
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
