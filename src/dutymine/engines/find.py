"""Clauses, powers and indicators of result folders by words and acts, ranked; read row by row, only the best kept."""

from __future__ import annotations

import heapq
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from dutymine.duties.acts import ActRow
from dutymine.lexicon import WordRow, rows
from dutymine.output.files import read_table
from dutymine.settings import Settings
from dutymine.text import fold, squeeze

Cells = Mapping[str, Any]

_CODE = re.compile(r"^A\d\d$")
# What a word is worth: in the field that says what a row is about, anywhere in it, as another word for the thing, or
# as an act of the same kind.
_NAMED, _SAID, _SYNONYM, _KIND = 4.0, 2.0, 1.5, 0.5
_TOGETHER = 1.0  # for a row all of whose words stand within a short stretch
_NEAR = 12


@dataclass(frozen=True, slots=True)
class Query:
    """Where to look for what: words all of which must be found, the kinds of rows wanted, how many rows."""

    words: tuple[str, ...]
    folders: tuple[Path, ...]
    kinds: tuple[str, ...] = ("clause", "power", "indicator")
    limit: int = 20
    settings: Settings = field(default_factory=Settings)


@dataclass(frozen=True, slots=True)
class Hit:
    """One row found: its kind, words to show, how well it fits, and whose it is."""

    kind: str
    text: str
    row_id: str
    score: float
    document: Cells


@dataclass(frozen=True, slots=True)
class Answer:
    """The best rows, best first, and how many fit at all."""

    hits: tuple[Hit, ...]
    total: int


@dataclass(frozen=True, slots=True)
class _Word:
    """One word of a query: how it is written, other words for it, and the code of the act it is, if it is one."""

    text: str
    synonyms: tuple[str, ...]
    act: str


@dataclass(frozen=True, slots=True)
class _Kind:
    """How rows of one table are read: the field they are about, all that is searched, acts, and what is shown."""

    table: str
    key: str
    about: Callable[[Cells], str]
    said: Callable[[Cells], str]
    acts: Callable[[Cells], str]
    shown: Callable[[Cells], str]


def _joined(*names: str) -> Callable[[Cells], str]:
    return lambda row: " ".join(str(row[name]) for name in names if row[name])


KINDS = {
    "power": _Kind(
        table="powers",
        key="power_id",
        about=_joined("act", "object"),
        said=_joined("act", "scope", "object", "actors", "basis"),
        acts=_joined("act_code"),
        shown=_joined("act", "scope", "object"),
    ),
    "clause": _Kind(
        table="clauses",
        key="clause_id",
        about=_joined(),
        said=_joined("text"),
        acts=_joined("acts"),
        shown=_joined("text"),
    ),
    "indicator": _Kind(
        table="indicators",
        key="indicator_id",
        about=_joined("name"),
        said=_joined("name", "description", "project"),
        acts=_joined(),
        shown=_joined("name", "value_text"),
    ),
}


def find(query: Query) -> Answer:
    """The rows in which every word is found, best first; a document that several folders hold counts once.

    Raises FileNotFoundError for a folder without results.
    """
    words = tuple(_word(text, query.settings) for text in query.words)
    seen: set[str] = set()
    total = 0

    def hits() -> Iterator[Hit]:
        nonlocal total
        for folder in query.folders:
            documents = {str(row["doc_id"]): row for row in read_table(folder, "documents")}
            new = {doc_id: row for doc_id, row in documents.items() if doc_id not in seen}
            for name in (name for name in KINDS if name in query.kinds):
                for hit in _hits(folder, name, words, new):
                    total += 1
                    yield hit
            seen.update(documents)

    best = heapq.nsmallest(query.limit, hits(), key=lambda hit: -hit.score)
    return Answer(tuple(best), total)


def _hits(folder: Path, name: str, words: Sequence[_Word], documents: Mapping[str, Cells]) -> Iterator[Hit]:
    kind = KINDS[name]
    for row in read_table(folder, kind.table):
        document = documents.get(str(row["doc_id"]))
        if document is None:
            continue
        score = _score(words, fold(kind.about(row)), fold(kind.said(row)), kind.acts(row))
        if score is not None:
            yield Hit(name, " ".join(kind.shown(row).split()), str(row[kind.key]), score, document)


def _score(words: Sequence[_Word], about: str, said: str, acts: str) -> float | None:
    """How well a row fits; None where a word is not found."""
    about, said = squeeze(about), squeeze(said)
    total, places = 0.0, []
    for word in words:
        worth, place = _worth(word, about, said, acts)
        if not worth:
            return None
        total += worth
        places.append(place)
    stated = [place for place in places if place >= 0]
    together = len(stated) == len(words) > 1 and max(stated) - min(stated) <= _NEAR
    return total / len(words) + (_TOGETHER if together else 0) + 1 / (1 + len(said) / 20)


def _worth(word: _Word, about: str, said: str, acts: str) -> tuple[float, int]:
    """What one word is worth in a row, and where it stands there (-1: only by its kind of act)."""
    place = said.find(word.text)
    if place >= 0:
        return (_NAMED if word.text in about else _SAID), place
    for other in word.synonyms:
        place = said.find(other)
        if place >= 0:
            return _SYNONYM, place
    return (_KIND, -1) if word.act and word.act in acts else (0.0, -1)


def _word(text: str, settings: Settings) -> _Word:
    folded = squeeze(fold(text))
    same = next((group for group in _synonyms(settings) if folded in group), ())
    act = folded if _CODE.match(folded) else _acts(settings).get(folded, "")
    return _Word(folded, tuple(word for word in same if word != folded), act)


@cache
def _synonyms(settings: Settings) -> tuple[tuple[str, ...], ...]:
    found = rows("link_words", WordRow, settings)
    return tuple((row.name, *row.surfaces) for row in found if row.name != "general")


@cache
def _acts(settings: Settings) -> dict[str, str]:
    """Codes of act words; an act that says no more than that something is done has none."""
    found = rows("act_words", ActRow, settings)
    return {word: row.code for row in found for word in row.surfaces if row.code not in ("", "A00")}
