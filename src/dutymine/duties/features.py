"""What the classifier sees of a duty clause beside its words: cues, powers, and what the office mostly does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from dutymine.duties.grammar import Frame, frames
from dutymine.duties.labels import HEAD_BONUS, head_end, hits, label
from dutymine.lexicon import DepartmentRow, rows
from dutymine.model import Role
from dutymine.settings import Settings

VERSION = 1  # of the layout below; a model knows which one it was trained on
FUNCTIONS = tuple(f"F{number:02}" for number in range(21))
ACTS = tuple(f"A{number:02}" for number in range(18))
ROLES = tuple(str(role) for role in Role)
_FAR = 400.0  # characters; a cue here is late
# Weights against word features, which have length 1; found by cross-validation over department types.
_CUES, _POWERS, _HOME = 0.2, 0.5, 0.5


@dataclass(frozen=True, slots=True)
class Duty:
    """A clause as the classifier takes it: folded text without white space, and the functions of its office's type."""

    text: str
    home: tuple[str, ...] = ()


def vector(duty: Duty, settings: Settings) -> list[float]:
    """Cues of functions, powers, what the rules say, home functions: always of one length."""
    rules = label(duty.text, settings)
    end = head_end(duty.text)
    return [
        *_cues(duty.text, settings),
        *_powers(frames(duty.text, settings), end),
        *(_POWERS * (code == rules.acts[0]) for code in ACTS),
        *(_POWERS * (role == rules.role) for role in ROLES),
        *_home(duty.home),
    ]


def _cues(text: str, settings: Settings) -> list[float]:
    """Each function's share of the cue weight, how early its first cue stands, and which function has most."""
    end = head_end(text)
    weight, early, most = ([0.0] * len(FUNCTIONS) for _ in range(3))
    for hit in hits(text, settings):
        i = FUNCTIONS.index(hit.row.code)
        weight[i] += hit.row.weight * hit.length * (HEAD_BONUS if hit.start < end else 1.0)
        early[i] = max(early[i], 1 - hit.start / _FAR)
    total = sum(weight)
    if total:
        weight = [value / total for value in weight]
        most[weight.index(max(weight))] = 1.0
    return [_CUES * value for value in (*weight, *early, *most)]


def _powers(found: Sequence[Frame], end: int) -> list[float]:
    """The acts of the first power, the strongest, all, and the strongest of the head sentence; roles and strength."""
    first, strongest, each, of_head = ([0.0] * len(ACTS) for _ in range(4))
    roles = [0.0] * (3 * len(ROLES))
    strength = [0.0] * 7
    if not found:
        strength[6] = _POWERS
        return [*first, *strongest, *each, *of_head, *roles, *strength]
    best = _strongest(found)
    first[ACTS.index(found[0].code)] = strongest[ACTS.index(best.code)] = _POWERS
    for frame in found:
        each[ACTS.index(frame.code)] = _POWERS
        roles[2 * len(ROLES) + ROLES.index(frame.role)] = _POWERS
    head = [frame for frame in found if frame.span[0] < end]
    if head:
        of_head[ACTS.index(_strongest(head).code)] = _POWERS
    roles[ROLES.index(found[0].role)] = roles[len(ROLES) + ROLES.index(best.role)] = _POWERS
    strength[best.strength] = _POWERS
    return [*first, *strongest, *each, *of_head, *roles, *strength]


def _strongest(found: Sequence[Frame]) -> Frame:
    return max(found, key=lambda frame: (frame.strength, -frame.span[0]))


def _home(home: Sequence[str]) -> list[float]:
    values = [0.0] * len(FUNCTIONS)
    for place, code in enumerate(home):
        values[FUNCTIONS.index(code)] = _HOME if place == 0 else _HOME / 2
    return values


@cache
def home_functions(department_type: str, settings: Settings) -> tuple[str, ...]:
    """What an office of a canonical type mostly does; empty for an unknown type."""
    table = rows("departments", DepartmentRow, settings)
    return next((row.functions for row in table if row.type == department_type), ())
