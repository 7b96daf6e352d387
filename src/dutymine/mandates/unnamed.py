"""Things that no thesaurus names: the words that make up an object in two departments and in hardly any other."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from dutymine.mandates.claims import Claim, acting, general
from dutymine.mandates.objects import thesaurus
from dutymine.model import Mined, Power
from dutymine.settings import Settings
from dutymine.text import fold, squeeze

_HAN = re.compile(r"[\u4e00-\u9fff]+")
_SHORTEST, _LONGEST = 4, 10
_SHARE = 0.6  # of the words of the object
_MOST_DEPARTMENTS = 4  # what more departments say is a way of speaking

Run = tuple[int, Power, str, str]  # document, power, object, a run of telling words of it


def unnamed(documents: Sequence[Mined], settings: Settings) -> Iterator[Claim]:
    """Claims on things outside the thesaurus that two to four of the documents speak of."""
    runs = [run for number, mined in enumerate(documents) for run in _runs(number, mined, settings)]
    speaking: dict[str, set[int]] = defaultdict(set)
    for number, _, _, run in runs:
        for part in _parts(run):
            speaking[part].add(number)
    shared = {part for part, found in speaking.items() if 1 < len(found) <= _MOST_DEPARTMENTS}
    for number, power, said, run in runs:
        part = max((part for part in _parts(run) if part in shared), key=len, default="")
        if part and len(part) >= _SHARE * len(run):
            yield Claim(number, power.clause, power, part, part, len(part) / len(run), said, power.start, power.end)


def _runs(number: int, mined: Mined, settings: Settings) -> Iterator[Run]:
    """Objects that are one run of telling words, none of them a thing with a name."""
    for power in acting(mined.powers):
        said = fold(squeeze(power.object))
        if not thesaurus(settings).mentions(said):
            found = _HAN.findall(general(settings).sub(" ", said))
            if len(found) == 1 and len(found[0]) >= _SHORTEST:
                yield number, power, said, found[0]


def _parts(run: str) -> Iterator[str]:
    for size in range(_SHORTEST, min(len(run), _LONGEST) + 1):
        for start in range(len(run) - size + 1):
            yield run[start : start + size]
