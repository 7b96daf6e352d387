"""Two members of one family side by side: other places, other levels, other years. Copies, never duplicated duties."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from dutymine.mandates.alignment import Difference, differences
from dutymine.mandates.normal import shown
from dutymine.mandates.slots import WORDING, Sides, sides, slip, slot, turned
from dutymine.settings import Settings

_LIKE = 0.9  # share of equal characters of a copy that differs in no slot
_SAME = 0.4  # similarity under which one is at most a part of the other
_CONTAINED = 0.8  # share of its triples that the other has, for a part


@dataclass(frozen=True, slots=True)
class Change:
    """One difference of two clauses: kind (`omission`, `addition`, `substitution`, `suspected_defect`) as seen from
    the left, slot, and where it stands in both normal texts.
    """

    kind: str
    slot: str
    where: Difference


@dataclass(frozen=True, slots=True)
class Copies:
    """How two normal texts of one family stand to each other."""

    relation_text: str
    relation: str
    similarity: float
    told: str


def changes(left: str, right: str, names: str, settings: Settings) -> Iterator[Change]:
    """The differences of two normal texts with kind and slot."""
    for where in differences(left, right, settings):
        both = sides(left, right, where, names)
        yield Change(_kind(both, settings), slot(both, settings), where)


def _part(left: str, right: str, likeness: float) -> Copies | None:
    one, other = triples(left), triples(right)
    if len(one & other) < _CONTAINED * min(len(one), len(other)):
        return None
    if len(one) < len(other):
        return Copies("partial", "subset|omission", likeness, "左为右的一部分")
    return Copies("partial", "superset|addition", likeness, "右为左的一部分")


def _kind(both: Sides, settings: Settings) -> str:
    if slip(both, settings) or slip(turned(both), settings):
        return "suspected_defect"
    if both.own and both.reference:
        return "substitution"
    return "addition" if both.own else "omission"


@lru_cache(maxsize=100_000)
def copies(left: str, right: str, names: str, settings: Settings) -> Copies | None:
    """The relation of two members of one family, from the left one's side, and the differences in words.

    None where they have nothing to do with each other: two halves of a clause that was split.
    """
    likeness = similarity(left, right)
    if likeness < _SAME:
        return _part(left, right, likeness)
    found = list(changes(left, right, names, settings))
    if not found:
        return Copies("identical", "equivalent", likeness, "")
    kinds = {change.kind for change in found if change.slot != WORDING or change.kind == "suspected_defect"}
    changed = sum(max(_length(change.where.left), _length(change.where.right)) for change in found)
    near = not kinds - {"suspected_defect"} and changed <= (1 - _LIKE) * max(len(left), len(right))
    told = "；".join(_told(left, right, change) for change in found)
    return Copies("near_verbatim" if near else "slot_edit", _relation(kinds), likeness, told)


def _length(span: tuple[int, int]) -> int:
    return span[1] - span[0]


def _relation(kinds: set[str]) -> str:
    if kinds <= {"suspected_defect"}:
        return "defect_only" if kinds else "equivalent"
    lacks, has = kinds & {"omission", "substitution"}, kinds & {"addition", "substitution"}
    if lacks and has:
        return "omission|addition"
    return "subset|omission" if lacks else "superset|addition"


def _told(left: str, right: str, change: Change) -> str:
    own, other = shown(left[slice(*change.where.left)]), shown(right[slice(*change.where.right)])
    doubt = "，疑似差错" if change.kind == "suspected_defect" else ""
    if own and other:
        return f"左作“{own}”，右作“{other}”{doubt}"
    return f"左有“{own}”，右无{doubt}" if own else f"右有“{other}”，左无{doubt}"


def similarity(left: str, right: str) -> float:
    """Jaccard similarity of the character triples of two normal texts, 0 to 1."""
    one, other = triples(left), triples(right)
    return len(one & other) / len(one | other)


@lru_cache(maxsize=20_000)
def triples(text: str) -> frozenset[str]:
    """The character triples of a text; one under three characters is a triple by itself."""
    return frozenset(text[i : i + 3] for i in range(max(1, len(text) - 2)))
