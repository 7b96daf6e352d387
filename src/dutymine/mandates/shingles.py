"""Texts as sets of character triples on numpy arrays, and the exact prefix-filter join over them.

A triple is a hash of 31 bits, salted with the block of its text, so that texts of different blocks never meet (a false
pair needs several collisions at once). Two sets of Jaccard similarity t share one of their `n - ceil(t n) + 1` rarest
triples each: that prefix is all that is looked up (AllPairs, Bayardo et al. 2007). Candidates pass a bound from 256-bit
signatures before they are counted exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Words = NDArray[np.uint64]

_BITS = 31
_MASK = np.uint64((1 << _BITS) - 1)
_ROWS = 1 << 13  # texts worked on at once: what is sorted stays in the processor's cache
_OWN = -1
_LOW = np.uint64(0xFFFFFFFF)
_FREQUENT = (1 << 16) - 1
_BUCKETS = 1 << 24  # most of the table of frequencies; two triples in one bucket only change the order
_SIGNATURE = 4  # words of 64 bits
_PAIRS = 1 << 21  # pairs worked on at once
_SALTS = [np.uint64(salt) for salt in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93)]


@dataclass(frozen=True, slots=True)
class Shingles:
    """Sets of triples of all texts: those of text `i` are `triples[starts[i]:starts[i + 1]]`, ascending.

    `rarest` holds the same triples, the rarest of each text first; one that no other text has is `_OWN`.
    """

    starts: Ints
    triples: NDArray[np.int32]
    rarest: NDArray[np.int32]
    signatures: Words

    @property
    def sizes(self) -> Ints:
        """Triples of each text."""
        return np.diff(self.starts)


def shingles(texts: Sequence[str], blocks: NDArray[np.int32]) -> Shingles:
    """The sets of texts; texts of different `blocks` share nothing. A text under three characters is one triple."""
    starts = np.zeros(len(texts) + 1, np.int64)
    signatures = np.zeros((len(texts), _SIGNATURE), np.uint64)
    found: list[NDArray[np.int32]] = []
    for first in range(0, len(texts), _ROWS):
        part = texts[first : first + _ROWS]
        rows, triples = _hashed(part, blocks[first : first + _ROWS])
        starts[first + 1 : first + 1 + len(part)] = np.bincount(rows, minlength=len(part))
        _sign(signatures[first : first + len(part)], rows, triples)
        found.append(triples.astype(np.int32))
    edges = np.cumsum(starts)
    all_triples = np.concatenate([np.zeros(0, np.int32), *found])
    return Shingles(edges, all_triples, _by_rarity(edges, all_triples), signatures)


def _by_rarity(starts: Ints, triples: NDArray[np.int32]) -> NDArray[np.int32]:
    """The triples of each text, the rarest first."""
    buckets = min(_BUCKETS, 1 << (2 * len(triples)).bit_length())
    frequency = np.zeros(buckets, np.int32)
    for at in range(0, len(triples), _BUCKETS):
        frequency += np.bincount(triples[at : at + _BUCKETS] & (buckets - 1), minlength=buckets).astype(np.int32)
    rarest = np.empty_like(triples)
    for first in range(0, len(starts) - 1, _ROWS):
        edges = starts[first : first + _ROWS + 1]
        part = triples[edges[0] : edges[-1]]
        rows = np.repeat(np.arange(len(edges) - 1, dtype=np.uint64), np.diff(edges))
        rarity = np.minimum(frequency[part & (buckets - 1)], _FREQUENT).astype(np.uint64)
        keys = rows << np.uint64(48) | rarity << np.uint64(32) | part.astype(np.uint64)
        keys.sort()
        alone = (keys >> np.uint64(32)) & np.uint64(_FREQUENT) <= np.uint64(1)
        rarest[edges[0] : edges[-1]] = np.where(alone, _OWN, (keys & _MASK).astype(np.int32))
    return rarest


def _hashed(texts: Sequence[str], blocks: NDArray[np.int32]) -> tuple[Ints, Ints]:
    """Row and triple of every distinct triple, by row and triple."""
    padded = [text if len(text) > 2 else text.ljust(3, "\0") for text in texts]
    codes = np.frombuffer("".join(padded).encode("utf-32-le", "surrogatepass"), "<u4").astype(np.uint64)
    lengths = np.fromiter(map(len, padded), np.int64, len(padded))
    rows = np.repeat(np.arange(len(padded), dtype=np.uint64), lengths)
    inside = rows[:-2] == rows[2:]
    mixed = codes[:-2] * _SALTS[0] + codes[1:-1] * _SALTS[1] + codes[2:] * _SALTS[2]
    mixed = mixed[inside] + np.repeat(blocks.astype(np.uint64) * _SALTS[3], lengths - 2)
    mixed ^= mixed >> np.uint64(29)
    mixed *= _SALTS[1]
    keys = rows[:-2][inside] << np.uint64(_BITS) | mixed >> np.uint64(64 - _BITS)
    keys = ascending(keys)
    return (keys >> np.uint64(_BITS)).astype(np.int64), (keys & _MASK).astype(np.int64)


def _sign(signatures: Words, rows: Ints, triples: Ints) -> None:
    """Set the bit of each triple in the signature of its row."""
    place = (triples >> 7) % (64 * _SIGNATURE)
    bits = np.uint64(1) << (place % 64).astype(np.uint64)
    np.bitwise_or.at(signatures.reshape(-1), rows * _SIGNATURE + place // 64, bits)


def ascending(keys: Words) -> Words:
    """The distinct keys in order (numpy's own `unique` hashes, which is many times slower)."""
    keys.sort()
    fresh: Words = keys[np.concatenate((keys[:1] == keys[:1], keys[1:] != keys[:-1]))]
    return fresh


@dataclass(frozen=True, slots=True)
class Lists:
    """Which rows hold a rare triple: rows sorted by triple, list `i` is `rows[starts[i]:starts[i + 1]]`, ascending."""

    starts: Ints
    rows: Ints

    @property
    def candidates(self) -> int:
        """How many pairs the lists hold, those in several lists counted again."""
        lengths = np.diff(self.starts)
        return int((lengths * (lengths - 1) // 2).sum())


def lists(sets: Shingles, rows: Ints, threshold: float) -> Lists:
    """The lists of the prefixes of `rows` (ascending) for a Jaccard threshold; lists of one row are left out."""
    keys = np.concatenate([np.zeros(0, np.uint64), *(_prefixes(sets, part, threshold) for part in _parts(rows))])
    keys.sort()
    triples = keys >> np.uint64(32)
    starts = np.flatnonzero(np.concatenate(([True], triples[1:] != triples[:-1], [True]))) if len(keys) else [0]
    lengths = np.diff(starts)
    kept = np.repeat(lengths > 1, lengths)
    edges = np.concatenate(([0], np.cumsum(lengths[lengths > 1])))
    return Lists(edges.astype(np.int64), (keys[kept] & _LOW).astype(np.int64))


def _parts(rows: Ints) -> Iterator[Ints]:
    for first in range(0, len(rows), _ROWS):
        yield rows[first : first + _ROWS]


def _prefixes(sets: Shingles, rows: Ints, threshold: float) -> Words:
    """Triple and row, in one word, of the rarest triples of each row; those that only one text has lead nowhere."""
    sizes = sets.sizes[rows]
    wanted = np.minimum(sizes - np.ceil(threshold * sizes - 1e-9).astype(np.int64) + 1, sizes)
    triples = sets.rarest[ranges(sets.starts[rows], wanted)]
    shared = triples != _OWN
    found: Words = triples[shared].astype(np.uint64) << np.uint64(32) | np.repeat(rows, wanted)[shared].astype(
        np.uint64
    )
    return found


def ranges(starts: Ints, sizes: Ints) -> Ints:
    """Indices of the stretches that begin at `starts`, one after another."""
    before = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    indices: Ints = np.arange(int(sizes.sum())) + np.repeat(starts - before, sizes)
    return indices


def leading_pairs(found: Lists) -> Ints:
    """Each row of a list with the list's first row and with the row before it, as distinct columns (low, high)."""
    first = np.repeat(found.rows[found.starts[:-1]], np.diff(found.starts))
    before = np.roll(found.rows, 1)
    before[found.starts[:-1]] = found.rows[found.starts[:-1]]
    return _distinct(np.concatenate((first, before)), np.concatenate((found.rows, found.rows)))


def leaders(found: Lists) -> Ints:
    """Each row with the one row that comes first in most of its lists: columns (low, high), at most one a row."""
    first = np.repeat(found.rows[found.starts[:-1]], np.diff(found.starts))
    led = first < found.rows
    keys = np.sort(found.rows[led].astype(np.uint64) << np.uint64(32) | first[led].astype(np.uint64))
    starts = np.flatnonzero(np.concatenate((keys[:1] == keys[:1], keys[1:] != keys[:-1])))
    times = np.diff(np.append(starts, len(keys)))
    rows, heads = (keys[starts] >> np.uint64(32)).astype(np.int64), (keys[starts] & _LOW).astype(np.int64)
    order = np.lexsort((heads, -times, rows))
    chosen = order[np.flatnonzero(np.diff(rows[order], prepend=-1))]
    return np.stack((heads[chosen], rows[chosen]))


def all_pairs(found: Lists) -> Iterator[Ints]:
    """All pairs of each list, some millions at a time; a pair comes back once for each block of lists that holds it."""
    lengths = np.diff(found.starts)
    totals = np.cumsum(lengths * (lengths - 1) // 2)
    first = 0
    while first < len(lengths):
        done = int(totals[first - 1]) if first else 0
        last = max(first + 1, int(np.searchsorted(totals, done + _PAIRS, "right")))
        yield _distinct(*_within(found, first, last))
        first = last


def _within(found: Lists, first: int, last: int) -> tuple[Ints, Ints]:
    """Both columns of all pairs of the lists `first` to `last`."""
    starts, ends = found.starts[first:last], found.starts[first + 1 : last + 1]
    places = np.arange(starts[0], ends[-1])
    later = np.repeat(ends, ends - starts) - places - 1
    left = np.repeat(places, later)
    right = ranges(places + 1, later)
    return found.rows[left], found.rows[right]


def _distinct(left: Ints, right: Ints) -> Ints:
    kept = left < right
    keys = ascending(left[kept].astype(np.uint64) << np.uint64(32) | right[kept].astype(np.uint64))
    return np.stack(((keys >> np.uint64(32)).astype(np.int64), (keys & _LOW).astype(np.int64)))


def similar(sets: Shingles, pairs: Ints, threshold: float) -> tuple[Ints, NDArray[np.float64]]:
    """Those of the pairs (two rows of columns) whose Jaccard similarity reaches the threshold, and their similarity."""
    kept, scores = [np.zeros((2, 0), np.int64)], [np.zeros(0)]
    for first in range(0, pairs.shape[1], _PAIRS):
        part = pairs[:, first : first + _PAIRS]
        part = part[:, _possible(sets, part, threshold)]
        found = jaccard(sets, part)
        kept.append(part[:, found >= threshold - 1e-9])
        scores.append(found[found >= threshold - 1e-9])
    return np.concatenate(kept, axis=1), np.concatenate(scores)


def _possible(sets: Shingles, pairs: Ints, threshold: float) -> NDArray[np.bool_]:
    """Which pairs may reach the threshold, by their sizes and by bits that only one of both has."""
    sizes = sets.sizes
    left, right = sizes[pairs[0]], sizes[pairs[1]]
    needed = threshold / (1 + threshold) * (left + right) - 1e-9
    fits = np.minimum(left, right) >= needed
    for word in range(_SIGNATURE):
        ones, others = sets.signatures[pairs[0], word], sets.signatures[pairs[1], word]
        left = left - np.bitwise_count(ones & ~others)
        right = right - np.bitwise_count(others & ~ones)
    possible: NDArray[np.bool_] = fits & (np.minimum(left, right) >= needed)
    return possible


def jaccard(sets: Shingles, pairs: Ints) -> NDArray[np.float64]:
    """The Jaccard similarity of each pair, exactly."""
    scores = np.ones(pairs.shape[1])
    apart = np.flatnonzero(pairs[0] != pairs[1])
    left, right = pairs[:, apart]
    shared = common(sets, pairs[:, apart])
    scores[apart] = shared / np.maximum(sets.sizes[left] + sets.sizes[right] - shared, 1)
    return scores


def common(sets: Shingles, pairs: Ints) -> Ints:
    """How many triples each pair shares."""
    found = [np.zeros(0, np.int64)]
    step = _PAIRS >> 3
    for first in range(0, pairs.shape[1], step):
        found.append(_common(sets, pairs[:, first : first + step]))
    return np.concatenate(found)


def _common(sets: Shingles, pairs: Ints) -> Ints:
    from scipy.sparse import csr_array  # noqa: PLC0415  heavy

    def matrix(rows: Ints) -> object:
        sizes = sets.sizes[rows]
        columns = sets.triples[ranges(sets.starts[rows], sizes)]
        edges = np.concatenate(([0], np.cumsum(sizes))).astype(np.int32)
        return csr_array((np.ones(len(columns), np.int8), columns, edges), shape=(len(rows), 1 << _BITS), copy=False)

    product = matrix(pairs[0]).multiply(matrix(pairs[1]))  # type: ignore[attr-defined]
    shared: Ints = np.diff(product.indptr).astype(np.int64)
    return shared


def contained(sets: Shingles, small: Ints, large: Ints, share: float) -> Ints:
    """Pairs of a row of `small` and another of `large` that holds at least this share of its triples."""
    whole = np.sort(np.concatenate([np.zeros(0, np.uint64), *(_prefixes(sets, part, 0.0) for part in _parts(large))]))
    triples = whole >> np.uint64(32)
    found = [np.zeros((2, 0), np.int64)]
    for part in _parts(small):
        keys = _prefixes(sets, part, share)
        first = np.searchsorted(triples, keys >> np.uint64(32), "left")
        counts = np.searchsorted(triples, keys >> np.uint64(32), "right") - first
        left = np.repeat(keys & _LOW, counts)
        both = ascending(left << np.uint64(32) | whole[ranges(first, counts)] & _LOW)
        pairs = np.stack((both >> np.uint64(32), both & _LOW)).astype(np.int64)
        pairs = pairs[:, pairs[0] != pairs[1]]
        found.append(pairs[:, common(sets, pairs) >= share * sets.sizes[pairs[0]] - 1e-9])
    return np.concatenate(found, axis=1)
