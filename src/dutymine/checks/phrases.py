"""Part of `typo`: fixed phrases of the field with an inner character wrong or one too many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from dutymine.checks.bigrams import codes
from dutymine.checks.facts import Facts
from dutymine.lexicon import WordRow, rows
from dutymine.model import Finding, Severity
from dutymine.settings import Settings

if TYPE_CHECKING:
    from dutymine.checks.bigrams import Flags

# Characters that stand between the words of a phrase, or turn it, without being wrong.
_ALLOWED = frozenset("的和与及或等性化型类总各以之不未可能再更并且也就全新老")


@cache
def _phrases(settings: Settings) -> dict[str, bool]:
    """Every phrase, and whether it is an idiom."""
    return {word: row.name == "idiom" for row in rows("phrases", WordRow, settings) for word in row.surfaces}


@cache
def _forms(settings: Settings) -> dict[str, tuple[tuple[str, str, bool], ...]]:
    """What may stand before and behind a wrong or an extra character, by its two neighbours, and whether it needs to be
    odd on both sides: no idiom and no extra one does.
    """
    found: dict[str, list[tuple[str, str, bool]]] = defaultdict(list)
    for phrase, is_idiom in _phrases(settings).items():
        for i in range(1, len(phrase)):
            found[phrase[i - 1 : i + 1]].append((phrase[:i], phrase[i:], False))
            if i + 1 < len(phrase):
                found[phrase[i - 1] + phrase[i + 1]].append((phrase[:i], phrase[i + 1 :], not is_idiom))
    return {pair: tuple(forms) for pair, forms in found.items()}


@cache
def _edges(settings: Settings) -> tuple[Flags, Flags]:
    """By code point: which characters stand before, and which behind a wrong one in any phrase."""
    import numpy as np  # noqa: PLC0415  heavy

    left, right = np.zeros(2**16, np.bool_), np.zeros(2**16, np.bool_)
    left[[ord(pair[0]) for pair in _forms(settings)]] = True
    right[[ord(pair[1]) for pair in _forms(settings)]] = True
    return left, right


def substituted(facts: Facts, unheard: Flags) -> Iterator[Finding]:
    """Phrases that an unheard-of pair of characters (`unheard`: where its first one stands) shows to be mistyped."""
    text, forms = facts.quiet, _forms(facts.settings)
    left, right = _edges(facts.settings)
    points = codes(text)
    suspects = (unheard[:-2] | unheard[1:-1]) & left[points[:-2]] & right[points[2:]]
    for before_sign in suspects.nonzero()[0].tolist():
        sign = before_sign + 1
        near = forms.get(text[sign - 1] + text[sign + 1], ())
        if not near or text[sign] in _ALLOWED or text[sign] in (text[sign - 1], text[sign + 1]):
            continue
        for before, behind, needs_both in near:
            start, end = sign - len(before), sign + 1 + len(behind)
            if needs_both and not (unheard[sign - 1] and unheard[sign]):
                continue
            if text.startswith(before, start) and text.startswith(behind, sign + 1):
                meant = _meant(before, behind, facts.settings)
                if meant != text[start:end] and "\u4e00" <= text[sign] <= "\u9fff":
                    message = f"疑似错别字：“{text[start:end]}”，应为“{meant}”"
                    yield Finding("typo", Severity.WARNING, message, start, end, suggestion=meant)
                    break


def _meant(before: str, behind: str, settings: Settings) -> str:
    """The phrase of two pieces: as they are, or with the one character between them that makes one."""
    if before + behind in _phrases(settings):
        return before + behind
    length = len(before) + 1 + len(behind)
    fitting = (word for word in _phrases(settings) if len(word) == length and word.startswith(before))
    return next(word for word in fitting if word.endswith(behind))
