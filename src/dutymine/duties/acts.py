"""Act words: what kind of act they are, how strong, and how they stand in a sentence (rows of `act_words.toml`)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from dutymine.duties.phrases import any_of, phrases
from dutymine.lexicon import WordRow, rows
from dutymine.settings import Settings


@dataclass(frozen=True, slots=True)
class ActRow:
    """Act words of one code, strength and `kind` (verb, both, noun, light, joiner)."""

    surfaces: tuple[str, ...]
    kind: str
    code: str = ""
    strength: int = 0
    role: str = ""


@dataclass(frozen=True, slots=True)
class ObjectRow:
    """Objects that make the `words`, where their code is one of `of`, acts of another code."""

    surfaces: tuple[str, ...]
    of: tuple[str, ...]
    words: tuple[str, ...]
    code: str
    end: bool = False


class Word(NamedTuple):
    """An act word at its place in a text."""

    row: ActRow
    start: int
    end: int
    text: str


def _by_edge(words: Iterable[str], edge: int) -> dict[str, tuple[str, ...]]:
    """Words by their first (0) or last (-1) character, the longest first: faster than one pattern of them all."""
    found: dict[str, list[str]] = defaultdict(list)
    for word in sorted(words, key=len, reverse=True):
        found[word[edge]].append(word)
    return {sign: tuple(held) for sign, held in found.items()}


_ENDS = ("both", "noun", "verb", "stop")
_NOUNISH = frozenset({"A02", "A08", "A13"})  # verbs of these are also parts of names: 协调机制, 处置能力


class Lexicon:
    """All act words, found at a place, at an end, or first in a stretch."""

    __slots__ = ("_first", "_last", "_objects", "_opens", "_suffix", "_words", "lists", "phrases")

    def __init__(self, settings: Settings) -> None:
        self.lists = {row.name: row.surfaces for row in rows("act_lists", WordRow, settings)}
        self.phrases = phrases(self.lists)
        table = (*rows("act_words", ActRow, settings), ActRow(self.lists["stop"], "stop"))
        self._words = {word: row for row in table for word in row.surfaces}
        self._objects = rows("act_objects", ObjectRow, settings)
        self._first = _by_edge(self._words, 0)
        nouns = [
            word
            for word, row in self._words.items()
            if row.kind in _ENDS or row.role == "lead" or row.code == "A07" or word.endswith("实施")
        ]
        self._last = _by_edge(nouns, -1)
        self._suffix = re.compile(any_of(self.lists["suffix"]))
        opening = [word for word, row in self._words.items() if row.kind in ("verb", "light", "joiner", "stop")]
        self._opens = re.compile(any_of(opening))

    def at(self, text: str, start: int, end: int, bare: bool = False) -> Word | None:
        """The longest act word at `start`; None where it is part of a noun, which at a `bare` start it cannot be."""
        word = self._word_at(text, start, end)
        if word is None or word.row.kind == "stop":
            return None
        if not bare and word.row.kind in ("both", "noun", "front") and self._suffix.match(text, word.end, end):
            return None
        return word

    def _word_at(self, text: str, start: int, end: int) -> Word | None:
        for word in self._first.get(text[start : start + 1], ()):
            if text.startswith(word, start, end):
                return Word(self._words[word], start, start + len(word), word)
        return None

    def verb_at(self, text: str, start: int, end: int) -> Word | None:
        """The act word at `start` if it can only be a verb."""
        word = self.at(text, start, end)
        if word is None or word.row.kind not in ("verb", "light", "joiner"):
            return None
        nounish = word.row.code in _NOUNISH or word.row.kind == "joiner"
        return None if nounish and self._suffix.match(text, word.end, end) else word

    def before(self, text: str, start: int, end: int) -> Word | None:
        """The longest act word that ends at `end`."""
        for word in self._last.get(text[end - 1 : end], ()):
            if text.endswith(word, start, end):
                row = self._words[word]
                return None if row.kind == "stop" else Word(row, end - len(word), end, word)
        return None

    def item(self, text: str, start: int, end: int) -> Word | None:
        """The act word an item of a row ends or begins with (统一登记, 登记赋码)."""
        if (last := self.before(text, start, end)) is not None:
            return last
        word = self._word_at(text, start, end)
        if word is None or word.row.kind in ("stop", "light") or self._suffix.match(text, word.end, end):
            return None
        return word

    def is_kind(self, text: str, start: int, end: int) -> bool:
        """Whether a stretch is only what makes a noun of an act word (调整[方案])."""
        return self._suffix.fullmatch(text, start, end) is not None

    def first_verb(self, text: str, start: int, end: int) -> Word | None:
        """The first word that can only be a verb."""
        for match in self._opens.finditer(text, start, end):
            if (word := self.verb_at(text, match.start(), end)) is not None:
                return word
        return None

    def code(self, word: str, row: ActRow, objects: str) -> str:
        """The kind of act of a word on an object."""
        for rule in self._objects:
            if row.code in rule.of and word in rule.words:
                meets = objects.endswith(rule.surfaces) if rule.end else any(cue in objects for cue in rule.surfaces)
                if meets:
                    return str(rule.code)
        return str(row.code)


@cache
def lexicon(settings: Settings) -> Lexicon:
    """The act words of the settings, compiled once."""
    return Lexicon(settings)
