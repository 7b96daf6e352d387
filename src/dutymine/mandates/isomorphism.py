"""How alike the duties of one kind of office are across places: a statistic with its uncertainty, never a finding."""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import fmean, stdev

from dutymine.mandates.shingles import Ints, jaccard, shingles

_MOST_PAIRS = 2_000  # pairs of documents of a group that are compared; of more, a sample that is the same every time
_Z = 1.959963985
_FEW = 5  # documents under which the interval is that of the clauses


@dataclass(frozen=True, slots=True)
class Isomorphism:
    """Mean similarity of two documents of a group, share of equal clauses, and the 95 % interval of the mean."""

    documents: int
    clauses: int
    mean: float
    identical: float
    low: float
    high: float


def isomorphism(documents: Sequence[Mapping[int, int]], clauses: int, texts: Sequence[str]) -> Isomorphism:
    """The statistic of a group of documents, each as the text (index of `texts`) it has of each family.

    Two documents are as alike as their clauses on average, a clause without a counterpart counting 0. The interval
    comes from leaving out one document after another (their pairs are not independent); of fewer than five documents
    from the spread of their clauses. Raises ValueError for fewer than two documents.
    """
    chosen = list(_chosen(len(documents)))
    scores, equal, single = _scored(documents, chosen, texts)
    mean = fmean(scores)
    if len(documents) < _FEW:
        spread = stdev(single) / math.sqrt(len(single)) if len(single) > 1 else 0.0
    else:
        spread = _left_out(scores, chosen, len(documents))
    # Where all clauses agree the rule of three says what may yet come.
    half = _Z * spread or 3 / max(3, len(single))
    low, high = max(0.0, mean - half), min(1.0, mean + half)
    return Isomorphism(len(documents), clauses, mean, fmean(equal), low, high)


def _chosen(documents: int) -> Iterator[tuple[int, int]]:
    if documents < 2:
        raise ValueError("needs two documents")
    if documents * (documents - 1) // 2 <= _MOST_PAIRS:
        yield from combinations(range(documents), 2)
        return
    random_ = random.Random(documents)
    order = list(range(documents))
    for _ in range(1 + _MOST_PAIRS // documents):  # every document as often as any other
        random_.shuffle(order)
        yield from zip(order, order[1:] + order[:1], strict=True)


def _scored(
    documents: Sequence[Mapping[int, int]], chosen: Sequence[tuple[int, int]], texts: Sequence[str]
) -> tuple[list[float], list[float], list[float]]:
    """For each pair of documents similarity and share of equal clauses; and the similarity of each clause compared."""
    import numpy as np  # noqa: PLC0415  heavy

    pairs = [
        (documents[a][family], documents[b][family])
        for a, b in chosen
        for family in sorted(documents[a].keys() & documents[b].keys())
    ]
    rows = sorted({row for pair in pairs for row in pair})
    place = {row: i for i, row in enumerate(rows)}
    columns: Ints = np.array([(place[a], place[b]) for a, b in pairs], np.int64).reshape(-1, 2).T
    sets = shingles([texts[row] for row in rows], np.zeros(len(rows), np.int32))
    found = iter(zip(jaccard(sets, columns).tolist(), (columns[0] == columns[1]).tolist(), strict=True))
    scores, equal, single = [], [], []
    for a, b in chosen:
        shared = [next(found) for _ in documents[a].keys() & documents[b].keys()]
        size = (len(documents[a]) + len(documents[b])) / 2
        scores.append(sum(score for score, _ in shared) / max(size, 1))
        equal.append(sum(same for _, same in shared) / max(size, 1))
        single += [score for score, _ in shared] + [0.0] * round(size - len(shared))
    return scores, equal, single


def _left_out(scores: Sequence[float], chosen: Sequence[tuple[int, int]], documents: int) -> float:
    """The standard error of the mean over pairs by the jackknife over documents."""
    sums: dict[int, float] = defaultdict(float)
    counts: dict[int, int] = defaultdict(int)
    for score, pair in zip(scores, chosen, strict=True):
        for document in pair:
            sums[document] += score
            counts[document] += 1
    total, number = sum(scores), len(scores)
    without = [(total - sums[i]) / max(1, number - counts[i]) for i in range(documents)]
    middle = fmean(without)
    return math.sqrt((documents - 1) / documents * sum((one - middle) ** 2 for one in without))
