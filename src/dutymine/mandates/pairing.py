"""The duties of two documents beside each other: one to one where it can be, else splits, merges and single ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dutymine.mandates.copies import triples

_LIKE = 0.3  # of the same duty in two documents; different duties of one template score at most 0.22
_CONTAINED = 0.7  # share of a clause's triples that another one holds, for a part of it
_LEAST = 8  # triples of a part that says something


@dataclass(frozen=True, slots=True)
class Pairing:
    """Clauses (by index) that say the same: one and one, one and several (a split or a merge), or only one side."""

    left: tuple[int, ...]
    right: tuple[int, ...]


def pairings(left: Sequence[str], right: Sequence[str]) -> list[Pairing]:
    """Pairings of the normal texts of two documents, in the order of the left one; what only the right one has stands
    behind the clause it follows there.
    """
    one, other = [triples(text) for text in left], [triples(text) for text in right]
    scores = sorted(
        (-len(a & b) / len(a | b), i, j) for i, a in enumerate(one) for j, b in enumerate(other) if a & b
    )  # the most alike first
    groups: dict[int, list[int]] = {}
    taken: dict[int, list[int]] = {}
    for score, i, j in scores:
        if -score >= _LIKE and i not in groups and j not in taken:
            groups[i], taken[j] = [j], [i]
    for j, text in enumerate(other):
        whole = _holder(text, one) if j not in taken else None
        if whole is not None and len(groups.get(whole, [])) and len(taken[groups[whole][0]]) == 1:
            groups[whole].append(j)
            taken[j] = [whole]
    for i, text in enumerate(one):
        whole = _holder(text, other) if i not in groups else None
        if whole is not None and whole in taken and len(groups[taken[whole][0]]) == 1:
            taken[whole].append(i)
            groups[i] = [whole]
    return _ordered(len(left), len(right), groups, taken)


def _holder(text: frozenset[str], others: Sequence[frozenset[str]]) -> int | None:
    """The clause that holds most of a text, if any holds enough."""
    if len(text) < _LEAST or not others:
        return None
    best = max(range(len(others)), key=lambda k: len(text & others[k]))
    return best if len(text & others[best]) >= _CONTAINED * len(text) else None


def _ordered(left: int, right: int, groups: dict[int, list[int]], taken: dict[int, list[int]]) -> list[Pairing]:
    placed: list[tuple[float, Pairing]] = []
    for i in range(left):
        partners = groups.get(i, [])
        merged = taken[partners[0]] if partners else [i]
        if i == min(merged):
            placed.append((i, Pairing(tuple(sorted(merged)), tuple(sorted(partners)))))
    at = -1.0
    for j in range(right):
        if j in taken:
            at = max(taken[j])
        else:
            placed.append((at + 0.5, Pairing((), (j,))))
    return [pairing for _, pairing in sorted(placed, key=lambda item: item[0])]
