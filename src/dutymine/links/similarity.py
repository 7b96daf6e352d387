"""How much two short texts of one document speak of the same thing: shared character pairs, the rarer the heavier."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import chain
from operator import add

from dutymine.lexicon import WordRow, rows
from dutymine.settings import Settings

_HAN = re.compile(r"[\u4e00-\u9fffA-Za-z]+")


@cache
def _general(settings: Settings) -> re.Pattern[str]:
    words = [s for row in rows("link_words", WordRow, settings) if row.name == "general" for s in row.surfaces]
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))


@cache
def _synonyms(settings: Settings) -> tuple[re.Pattern[str], dict[str, str]]:
    table = {
        s: row.name for row in rows("link_words", WordRow, settings) if row.name != "general" for s in row.surfaces
    }
    return re.compile("|".join(map(re.escape, sorted(table, key=len, reverse=True)))), table


@lru_cache(maxsize=4096)
def grams(text: str, settings: Settings) -> frozenset[str]:
    """The character pairs of a folded text that tell what it is about; words for one thing give the same pairs."""
    pattern, table = _synonyms(settings)
    bare = _general(settings).sub(" ", pattern.sub(lambda match: table[match[0]], text))
    return frozenset(chain.from_iterable(map(add, run, run[1:]) for run in _HAN.findall(bare)))


@dataclass(frozen=True, slots=True)
class Similarity:
    """Weights of character pairs in one document; a pair that everything holds weighs next to nothing."""

    weights: dict[str, float]
    default: float
    known: dict[frozenset[str], float] = field(default_factory=dict)  # weights of whole texts

    def score(self, left: frozenset[str], right: frozenset[str]) -> float:
        """Weight of what both share as a part of what the lighter one holds, 0 to 1."""
        shared = left & right
        if not shared:
            return 0.0
        least = min(self._whole(left), self._whole(right))
        return self._weight(shared) / least if least else 0.0

    def _whole(self, pairs: frozenset[str]) -> float:
        if pairs not in self.known:
            self.known[pairs] = self._weight(pairs)
        return self.known[pairs]

    def _weight(self, pairs: Iterable[str]) -> float:
        # fsum: a set's order differs from run to run, and with it the last digit of a plain sum.
        return math.fsum([self.weights.get(pair, self.default) for pair in pairs])


def similarity(units: Iterable[frozenset[str]]) -> Similarity:
    """Weights from all the texts (as pairs) that are going to be compared."""
    found = list(units)
    counts = Counter(chain.from_iterable(found))
    logs = {count: math.log((1 + len(found)) / count) for count in set(counts.values())}
    weights = {pair: logs[count] for pair, count in counts.items()}
    return Similarity(weights, math.log(1 + len(found)))


def shared_words(left: str, right: frozenset[str], settings: Settings) -> str:
    """The longest stretches of `left` whose pairs all stand in `right`, joined by 、: the words a link rests on."""
    shared = grams(left, settings) & right
    words: list[str] = []
    for run in _HAN.findall(left):
        start = 0
        for i in range(1, len(run) + 1):
            if i == len(run) or run[i - 1 : i + 1] not in shared:
                if i - start > 1:
                    words.append(run[start:i])
                start = i
    return "、".join(dict.fromkeys(sorted(words, key=len, reverse=True)[:3]))
