"""Part of `typo`: fixed phrases of the field with an inner character wrong or one too many."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from dutymine.checks.facts import Facts
from dutymine.lexicon import WordRow, rows
from dutymine.model import Finding, Severity
from dutymine.settings import Settings

_HAN = re.compile(r"[\u4e00-\u9fff]+")
_ANY = "*"
# Characters that stand between the words of a phrase, or turn it, without being wrong.
_ALLOWED = frozenset("的和与及或等性总各以之不未可能再更并且也就全新老")


@cache
def _phrases(settings: Settings) -> dict[str, bool]:
    """Every phrase, and whether it is an idiom."""
    return {word: row.name == "idiom" for row in rows("phrases", WordRow, settings) for word in row.surfaces}


@cache
def _holes(settings: Settings) -> dict[str, str]:
    """Every phrase by each of its forms with one inner character left open."""
    return {
        phrase[:i] + _ANY + phrase[i + 1 :]: phrase for phrase in _phrases(settings) for i in range(1, len(phrase) - 1)
    }


@cache
def _around(settings: Settings) -> frozenset[str]:
    """The characters that may stand on both sides of a wrong or an extra one: tried first, since they rule out most."""
    replaced = {phrase[i - 1] + phrase[i + 1] for phrase in _phrases(settings) for i in range(1, len(phrase) - 1)}
    return frozenset(replaced | {phrase[i : i + 2] for phrase in _phrases(settings) for i in range(len(phrase) - 1)})


@cache
def _lengths(settings: Settings) -> tuple[int, ...]:
    return tuple(sorted({len(phrase) for phrase in _phrases(settings)}))


def substituted(facts: Facts, odd: Sequence[bool]) -> Iterator[Finding]:
    """Phrases that an unheard-of pair of characters (`odd`: the character and the next) shows to be mistyped."""
    seen: set[int] = set()
    text, around = facts.quiet, _around(facts.settings)
    for at in (place for place, is_odd in enumerate(odd) if is_odd):
        for sign in (at, at + 1):
            if text[sign - 1] + text[sign + 1 : sign + 2] not in around or sign in seen or text[sign] in _ALLOWED:
                continue
            for start, end, meant in (*_wrong(facts, odd, sign), *_extra(facts, odd, sign)):
                if _HAN.fullmatch(facts.quiet, start, end):
                    seen.add(sign)
                    message = f"疑似错别字：“{facts.quiet[start:end]}”，应为“{meant}”"
                    yield Finding("typo", Severity.WARNING, message, start, end, suggestion=meant)
                    break


def _wrong(facts: Facts, odd: Sequence[bool], sign: int) -> Iterator[tuple[int, int, str]]:
    """Windows that are a phrase but for one inner character."""
    text, settings = facts.quiet, facts.settings
    both = odd[sign - 1] and odd[sign]
    for length in _lengths(settings):
        for start in range(max(0, sign - length + 2), sign):
            end = start + length
            meant = _holes(settings).get(text[start:sign] + _ANY + text[sign + 1 : end])
            if meant and meant != text[start:end] and (both or _phrases(settings)[meant]):
                yield start, end, meant


def _extra(facts: Facts, odd: Sequence[bool], sign: int) -> Iterator[tuple[int, int, str]]:
    """Windows that are a phrase with one inner character too many; a doubled one is another matter."""
    text, settings = facts.quiet, facts.settings
    if text[sign] in text[sign - 1 : sign] + text[sign + 1 : sign + 2]:
        return
    for length in _lengths(settings):
        for start in range(max(0, sign - length + 1), sign):
            end = start + length + 1
            meant = text[start:sign] + text[sign + 1 : end]
            if sign + 1 < end and meant in _phrases(settings):
                yield start, end, meant
