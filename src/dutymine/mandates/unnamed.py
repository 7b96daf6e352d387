"""Things that no thesaurus names: the words that make up an object in two departments and in hardly any other."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence, Set

from dutymine.mandates.claims import Claim, acting, general
from dutymine.mandates.objects import thesaurus
from dutymine.model import Mined, Power
from dutymine.settings import Settings
from dutymine.text import fold, squeeze

_RUN = re.compile(r"[\u4e00-\u9fffA-Za-z0-9]+")
_SHORTEST, _LONGEST = 3, 12
_TELLING = 3  # characters of a part that are not of general words
_SHARE = 0.5  # of the object
_MOST_DEPARTMENTS = 4  # what more departments say is a way of speaking

Told = tuple[int, Power, str]  # document, power, its object


def unnamed(documents: Sequence[Mined], settings: Settings) -> Iterator[Claim]:
    """Claims on things outside the thesaurus that two to four of the documents speak of."""
    objects = [told for number, mined in enumerate(documents) for told in _objects(number, mined, settings)]
    shared = _shared(objects)
    parts = [list(dict.fromkeys(_parts(said, shared, settings))) for _, _, said in objects]
    speaking: dict[str, set[int]] = defaultdict(set)
    for (number, _, _), found in zip(objects, parts, strict=True):
        for part in found:
            speaking[part].add(number)
    for (number, power, said), found in zip(objects, parts, strict=True):
        for part in found:
            if 1 < len(speaking[part]) <= _MOST_DEPARTMENTS and len(part) >= _SHARE * len(said):
                share = len(part) / len(said)
                yield Claim(number, power.clause, power, part, part, share, said, power.start, power.end)


def _shared(objects: Sequence[Told]) -> set[str]:
    """The shortest stretches that stand in objects of several documents: a thing of several is made of nothing else."""
    first: dict[str, int] = {}
    shared: set[str] = set()
    for number, _, said in objects:
        for at in range(len(said) - _SHORTEST + 1):
            piece = said[at : at + _SHORTEST]
            if first.setdefault(piece, number) != number:
                shared.add(piece)
    return shared


def _objects(number: int, mined: Mined, settings: Settings) -> Iterator[Told]:
    """Objects in which nothing has a name, without white space."""
    for power in acting(mined.powers):
        said = fold(squeeze(power.object))
        if not thesaurus(settings).mentions(said):
            yield number, power, said


def _parts(said: str, shared: Set[str], settings: Settings) -> Iterator[str]:
    """Stretches of an object between its marks that begin and end with telling words and are `shared` all along."""
    starts = [at for at in range(len(said) - _SHORTEST + 1) if said[at : at + _SHORTEST] in shared]
    if not starts:
        return
    bare = general(settings).sub(lambda match: "\0" * len(match[0]), said)
    reach = _reach(len(said), starts)
    for run in _RUN.finditer(said):
        telling = [at for at in range(*run.span()) if bare[at] != "\0"]
        for first, start in enumerate(telling):
            for last in telling[first + _TELLING - 1 :]:
                if last >= min(reach[start], start + _LONGEST):
                    break
                yield said[start : last + 1]


def _reach(length: int, starts: Sequence[int]) -> list[int]:
    """For each place of an object where the stretch ends that begins there and is shared all along."""
    reach = list(range(length))
    for start in reversed(starts):
        reach[start] = max(start + _SHORTEST, reach[start + 1])
    return reach
