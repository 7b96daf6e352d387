"""Act words: what kind of act they are, how strong, and how they stand in a sentence (rows of `act_words.toml`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

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


@dataclass(frozen=True, slots=True)
class Word:
    """An act word at its place in a text."""

    row: ActRow
    start: int
    end: int
    text: str


_ENDS = ("both", "noun", "verb", "stop")
_NOUNISH = frozenset({"A02", "A08", "A13"})  # verbs of these are also parts of names: 协调机制, 处置能力


class Lexicon:
    """All act words, found at a place, at an end, or first in a stretch."""

    __slots__ = ("_at", "_before", "_objects", "_opens", "_suffix", "_words", "lists", "phrases")

    def __init__(self, settings: Settings) -> None:
        self.lists = {row.name: row.surfaces for row in rows("act_lists", WordRow, settings)}
        self.phrases = phrases(self.lists)
        table = (*rows("act_words", ActRow, settings), ActRow(self.lists["stop"], "stop"))
        self._words = {word: row for row in table for word in row.surfaces}
        self._objects = rows("act_objects", ObjectRow, settings)
        self._at = re.compile(any_of(self._words))
        nouns = [
            word
            for word, row in self._words.items()
            if row.kind in _ENDS or row.role == "lead" or row.code == "A07" or word.endswith("实施")
        ]
        self._before = re.compile(any_of(word[::-1] for word in nouns))
        self._suffix = re.compile(any_of(self.lists["suffix"]))
        opening = [word for word, row in self._words.items() if row.kind in ("verb", "light", "joiner", "stop")]
        self._opens = re.compile(any_of(opening))

    def at(self, text: str, start: int, end: int, bare: bool = False) -> Word | None:
        """The longest act word at `start`; None where it is part of a noun, which at a `bare` start it cannot be."""
        match = self._at.match(text, start, end)
        if match is None or (row := self._words[match[0]]).kind == "stop":
            return None
        if not bare and row.kind in ("both", "noun", "front") and self._suffix.match(text, match.end(), end):
            return None
        return Word(row, match.start(), match.end(), match[0])

    def verb_at(self, text: str, start: int, end: int) -> Word | None:
        """The act word at `start` if it can only be a verb."""
        word = self.at(text, start, end)
        if word is None or word.row.kind not in ("verb", "light", "joiner"):
            return None
        nounish = word.row.code in _NOUNISH or word.row.kind == "joiner"
        return None if nounish and self._suffix.match(text, word.end, end) else word

    def before(self, text: str, start: int, end: int) -> Word | None:
        """The longest act word that ends at `end`."""
        match = self._before.match(text[start:end][::-1])
        if match is None:
            return None
        word = match[0][::-1]
        row = self._words[word]
        return None if row.kind == "stop" else Word(row, end - len(word), end, word)

    def item(self, text: str, start: int, end: int) -> Word | None:
        """The act word an item of a row ends or begins with (统一登记, 登记赋码)."""
        match = self._at.match(text, start, end)
        if (last := self.before(text, start, end)) is not None or match is None:
            return last
        row = self._words[match[0]]
        no_act = row.kind in ("stop", "light") or self._suffix.match(text, match.end(), end) is not None
        return None if no_act else Word(row, match.start(), match.end(), match[0])

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
