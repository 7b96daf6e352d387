"""Duties that one department has whole and none of its peers: what was given to it alone, or added by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from dutymine.mandates.comparison import Compared, Told, peer_groups
from dutymine.mandates.copies import triples

_PEERS = 4  # departments of a type and level, from which on a duty of one alone says something
_COMMON, _LEAST_COMMON = 0.8, 3  # share of them that have a duty of the kind's own, and how many such duties there are
_WHOLE = 0.7  # share of such duties the department must have; another text says everything in its own words
_LEAST = 8  # triples of a duty that says something
_ELSEWHERE = 0.5  # share of its triples that duties of the peers hold: it is one of theirs in other words, or a part


def added(compared: Compared) -> dict[int, int]:
    """Clauses that stand in one document alone, with the number of departments that were looked at."""
    result: dict[int, int] = {}
    for _, peers in peer_groups(compared.corpus):
        if len(peers) >= _PEERS:
            result |= dict.fromkeys(_alone(compared, peers), len(peers))
    return result


def _alone(compared: Compared, peers: Sequence[Told]) -> Iterator[int]:
    held = [{compared.medoids[compared.rows[clause]] for clause in compared.clauses(peer)} for peer in peers]
    counts = Counter(family for families in held for family in families)
    common = {family for family, count in counts.items() if count >= _COMMON * (len(peers) - 1)}
    if len(common) < _LEAST_COMMON:
        return
    said = frozenset[str]().union(*(triples(compared.texts[family]) for family, n in counts.items() if n > 1))
    for peer, own in zip(peers, held, strict=True):
        if len(own & common) < _WHOLE * len(common):
            continue
        for clause in compared.clauses(peer):
            row = compared.rows[clause]
            if compared.medoids[row] not in compared.templates and not compared.boilerplate[row]:
                wanted = triples(compared.texts[row])
                if len(wanted) >= _LEAST and len(wanted & said) < _ELSEWHERE * len(wanted):
                    yield clause
