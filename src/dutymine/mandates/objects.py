"""Things that administrations act on: found by any of their names, and how two of them stand to each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from dutymine.lexicon import LexiconError, rows
from dutymine.settings import Settings

SAME, BROADER, NARROWER, SIBLING = "same", "broader", "narrower", "sibling"
_REACH = 2  # generations; what is broader still has too many parts to be the general case


@dataclass(frozen=True, slots=True)
class ThingRow:
    """Names of one thing, the usual one first; `under` are broader things, `stops` words where a name means another.

    A `wide` thing is a field of many departments; `owners` are the types of those it is the business of.
    """

    surfaces: tuple[str, ...]
    under: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    wide: bool = False
    owners: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """A thing where a text names it, and by which name."""

    thing: str
    surface: str
    start: int
    end: int


class Thesaurus:
    """All things of the settings."""

    __slots__ = ("_above", "_names", "_near", "_stops", "owners", "wide")

    def __init__(self, table: tuple[ThingRow, ...]) -> None:
        self._above = {row.surfaces[0]: row.under for row in table}
        self._names = _by_start((surface, row.surfaces[0]) for row in table for surface in row.surfaces)
        self._stops = _by_start((stop, row.surfaces[0]) for row in table for stop in row.stops)
        self.owners = {row.surfaces[0]: frozenset(row.owners) for row in table}
        self.wide = frozenset(row.surfaces[0] for row in table if row.wide)
        self._near: dict[str, dict[str, str]] = {}
        lost = sorted({up for ups in self._above.values() for up in ups} - set(self._above))
        if lost:
            raise LexiconError(f"objects.toml: {lost[0]!r} stands in `under` and has no row")

    def mentions(self, text: str) -> list[Mention]:
        """Things named in a folded text without white space; a name inside a longer one is not a mention."""
        stops = list(_found(text, self._stops))
        result: list[Mention] = []
        reached = 0
        for start in range(len(text) - 1):
            for surface, thing in self._names.get(text[start : start + 2], ()):
                end = start + len(surface)
                if end <= reached or not text.startswith(surface, start):
                    continue
                if any(stop.thing == thing and stop.start <= start and end <= stop.end for stop in stops):
                    continue
                beside = result[-1].thing if result and start < reached else ""
                reached = end
                if not beside or thing not in self.above(beside):  # 水生野生动物 + 野生动物保护: the narrower one
                    result.append(Mention(thing, surface, start, end))
                break
        return result

    def above(self, thing: str) -> dict[str, int]:
        """All broader things of a thing, with the generations between."""
        found: dict[str, int] = {}
        front = [thing]
        for generation in range(1, _REACH):
            front = [up for name in front for up in self._above.get(name, ()) if up not in found]
            found |= dict.fromkeys(front, generation)
        return found

    def near(self, thing: str) -> dict[str, str]:
        """All things that are not strangers to a thing, with how it stands to them; one without a row knows itself."""
        if thing not in self._above:
            return {thing: SAME}
        if thing not in self._near:
            found = {other: self._relation(thing, other) for other in self._above}
            self._near[thing] = {other: kind for other, kind in found.items() if kind}
        return self._near[thing]

    def _relation(self, left: str, right: str) -> str:
        if left == right:
            return SAME
        up, over = self.above(left), self.above(right)
        if right in up:
            return NARROWER
        if left in over:
            return BROADER
        near = {name for name in up if up[name] == 1} & {name for name in over if over[name] == 1}
        return SIBLING if near - self.wide else ""


def _by_start(names: Iterable[tuple[str, str]]) -> dict[str, list[tuple[str, str]]]:
    """Names with their things by their first two characters, the longest first."""
    result: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name in sorted(names, key=lambda item: (-len(item[0]), item)):
        result[name[0][:2]].append(name)
    return result


def _found(text: str, names: dict[str, list[tuple[str, str]]]) -> Iterator[Mention]:
    for start in range(len(text) - 1):
        for surface, thing in names.get(text[start : start + 2], ()):
            if text.startswith(surface, start):
                yield Mention(thing, surface, start, start + len(surface))


@cache
def thesaurus(settings: Settings) -> Thesaurus:
    """The things of the settings, indexed once."""
    return Thesaurus(rows("objects", ThingRow, settings))
