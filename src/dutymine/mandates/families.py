"""Families of clauses: which normal texts are copies of one template.

A national template has tens of thousands of members, so the pairs of a family are never listed. Every text is held
against the first text of the lists it stands in and against the one before it; what joins is one group with one
representative; the exact join then runs among representatives. Chains walk, so every text is held against the
medoid of its group at the end, and what does not reach it is grouped again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dutymine.mandates.shingles import (
    Ints,
    Lists,
    Shingles,
    all_pairs,
    common,
    contained,
    jaccard,
    leaders,
    leading_pairs,
    lists,
    ranges,
    shingles,
    similar,
)

Floats = NDArray[np.float64]

# Similarities of normalised texts; on the two seeds duties of one template score 0.62 to 1, others at most 0.22.
ADAPTED = 0.5  # least similarity of a member to its medoid
COPIED = 0.8  # the join among representatives is exact from here on whatever its cost, and from ADAPTED where it fits
CONTAINED = 0.8  # share of a text's triples that another one holds, for a part of it
_LEAST_PART = 8  # triples of a part that says something
LED = 0.6  # of a text to the first text of a list
_GRADES = (ADAPTED, LED, 0.7)
_AFFORDABLE = 20_000_000  # pairs of lists that an exact join below COPIED may look at
_SAMPLE = 12  # texts of a group, and candidates, that decide its medoid


@dataclass(frozen=True, slots=True)
class Families:
    """For each text the row of its family's medoid (its own where it stands alone), similarity to it, and whether it
    is only a part of it.
    """

    medoids: Ints
    similarities: Floats
    partial: NDArray[np.bool_]


def distinct(texts: Sequence[str], blocks: NDArray[np.int32]) -> tuple[Ints, list[str], Ints, NDArray[np.int32]]:
    """Equal texts of a block as one: for each text its row, then texts, numbers of copies and blocks of the rows."""
    keys = sorted(set(zip(blocks.tolist(), texts, strict=True)))
    row = {key: i for i, key in enumerate(keys)}
    of = np.fromiter((row[key] for key in zip(blocks.tolist(), texts, strict=True)), np.int64, len(texts))
    where = np.fromiter((block for block, _ in keys), np.int32, len(keys))
    return of, [text for _, text in keys], np.bincount(of, minlength=len(keys)), where


def families(texts: Sequence[str], weights: Ints, blocks: NDArray[np.int32]) -> Families:
    """Families of distinct normal texts (ascending inside each block, so neighbours are alike).

    `weights` says how many clauses have each text; texts of different `blocks` are never put together.
    """
    sets = shingles(texts, blocks)
    rows = np.arange(len(texts), dtype=np.int64)
    if len(texts) < 2:
        return Families(rows, np.ones(len(texts)), np.zeros(len(texts), np.bool_))
    medoids = _taken_in(sets, _regrouped(sets, _grouped(sets, rows), weights))
    return _with_parts(sets, medoids, weights)


def _grouped(sets: Shingles, rows: Ints) -> Ints:
    """The group of each row (the lowest row in it): by leaders, then by the exact join of what represents them."""
    groups, active = np.arange(len(sets.sizes)), rows
    for choose in (leaders, leading_pairs, leading_pairs):  # most join their first choice: that is looked at alone
        pairs, _scores = similar(sets, choose(lists(sets, active, LED)), LED)
        groups = joined(groups, pairs)
        active = np.unique(groups[rows])
    found, threshold = _affordable(sets, active)
    for part in all_pairs(found):
        part = groups[part]
        pairs, _scores = similar(sets, part[:, part[0] != part[1]], threshold)
        if pairs.shape[1]:
            groups = joined(groups, pairs)
    return groups


def _affordable(sets: Shingles, rows: Ints) -> tuple[Lists, float]:
    """The lists of the lowest threshold whose candidates can be looked at, and that threshold."""
    for threshold in _GRADES:
        found = lists(sets, rows, threshold)
        if found.candidates <= _AFFORDABLE:
            return found, threshold
    return lists(sets, rows, COPIED), COPIED


def joined(groups: Ints, pairs: Ints) -> Ints:
    """Groups after their representatives `pairs` are put together; a group is known by its lowest row."""
    from scipy.sparse import coo_array  # noqa: PLC0415  heavy
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    size = len(groups)
    links = coo_array((np.ones(pairs.shape[1], np.int8), (pairs[0], pairs[1])), shape=(size, size))
    _, labels = connected_components(links, directed=False)
    lowest = np.full(labels.max() + 1, size, np.int64)
    np.minimum.at(lowest, labels, np.arange(size))
    together: Ints = lowest[labels][groups]
    return together


def _medoids(sets: Shingles, groups: Ints, weights: Ints) -> Ints:
    """For each row that names a group, the row that stands for it: most like a sample of the group, copies counted."""
    order = np.lexsort((np.arange(len(groups)), -weights, groups))
    starts = np.flatnonzero(np.diff(groups[order], prepend=-1))
    sizes = np.diff(np.append(starts, len(order)))
    medoids = np.arange(len(groups))
    medoids[groups[order[starts]]] = order[starts]
    several = sizes > 2
    starts, taken = starts[several], np.minimum(sizes[several], _SAMPLE)
    if not len(starts):
        return medoids
    # The rows with most copies, each against each of the others taken.
    candidates = np.repeat(order[ranges(starts, taken)], np.repeat(taken, taken))
    others = order[_tiled(starts, taken)]
    scores = jaccard(sets, np.stack((candidates, others))) * weights[others]
    totals = np.add.reduceat(scores, np.concatenate(([0], np.cumsum(np.repeat(taken, taken))[:-1])))
    rows = order[ranges(starts, taken)]
    best = np.lexsort((rows, -totals, groups[rows]))
    firsts = np.flatnonzero(np.diff(groups[rows[best]], prepend=-1))
    medoids[groups[rows[best[firsts]]]] = rows[best[firsts]]
    return medoids


def _tiled(starts: Ints, sizes: Ints) -> Ints:
    """For each stretch its indices, as often as it is long."""
    return ranges(np.repeat(starts, sizes), np.repeat(sizes, sizes))


def _regrouped(sets: Shingles, groups: Ints, weights: Ints) -> Ints:
    """The medoid of each row after what chained in is cut: rows too far from it are grouped anew, or stand alone."""
    size, rows = len(groups), np.arange(len(groups))
    for last in (False, True):
        medoids = _medoids(sets, groups, weights)[groups]
        far = rows[jaccard(sets, np.stack((rows, medoids))) < ADAPTED - 1e-9]
        if not len(far):
            break
        if last:
            medoids[far] = far
            break
        labels = groups.copy()
        labels[far] = size + _grouped(sets, far)[far]
        lowest = np.full(2 * size, size, np.int64)
        np.minimum.at(lowest, labels, rows)
        groups = lowest[labels]
    return medoids


def _taken_in(sets: Shingles, medoids: Ints) -> Ints:
    """Medoids after texts that stand alone are held against those of families: a group was joined by its first text,
    which may be less like them.
    """
    sizes = np.bincount(medoids, minlength=len(medoids))
    found, threshold = _affordable(sets, np.unique(medoids))
    best = np.zeros(len(medoids))
    medoids = medoids.copy()
    for part in all_pairs(found):
        alone = sizes[part] == 1
        pairs, scores = similar(sets, part[:, alone[0] != alone[1]], threshold)
        for (left, right), score in zip(pairs.T.tolist(), scores.tolist(), strict=True):
            row, family = (left, right) if sizes[left] == 1 else (right, left)
            if score > best[row]:
                best[row], medoids[row] = score, family
    return medoids


def _with_parts(sets: Shingles, medoids: Ints, weights: Ints) -> Families:
    """Families with the texts that stand alone but hold, or are, a part of one of their texts (splits and merges)."""
    rows = np.arange(len(medoids))
    clauses = np.bincount(medoids, weights, len(medoids))[medoids]
    alone = rows[(clauses == 1) & (sets.sizes >= _LEAST_PART)]
    longest = np.lexsort((sets.sizes, medoids))
    longest = longest[np.flatnonzero(np.diff(medoids[longest], append=-1))]
    models = np.unique(np.concatenate((medoids, longest)))
    models = models[(clauses[models] > 1) & (sets.sizes[models] >= _LEAST_PART)]
    partial = np.zeros(len(medoids), np.bool_)
    best = np.zeros(len(medoids))
    medoids = medoids.copy()
    for small, large in ((alone, models), (models, alone)):
        pairs = contained(sets, small, large, CONTAINED)
        share = common(sets, pairs) / np.maximum(sets.sizes[pairs[0]], 1)
        inner, outer = (0, 1) if small is alone else (1, 0)
        for at in np.lexsort((pairs[outer], -share)):
            row, model = pairs[inner, at], pairs[outer, at]
            if share[at] > best[row]:
                best[row], partial[row], medoids[row] = share[at], True, medoids[model]
    return Families(medoids, jaccard(sets, np.stack((rows, medoids))), partial)
