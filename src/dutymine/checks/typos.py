"""`typo`: mis-typed and substituted words, by known slips and by what the document's own other wordings say.

A character between two pairs that Chinese text is not made of (see bigrams.py) is suspected only where the same
document says the surrounding words elsewhere without it, or with another one in its place. So 区区直, 网网络 or 省省级
stay alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from dutymine.checks.bigrams import odd
from dutymine.checks.facts import Facts
from dutymine.checks.phrases import substituted
from dutymine.lexicon import WordRow, rows
from dutymine.model import Finding, Outcome, Severity, Verdict
from dutymine.settings import Settings

if TYPE_CHECKING:
    from dutymine.checks.bigrams import Flags

# Characters that join words of any kind: pairs with them say nothing.
_JOINING = frozenset(
    "的和与及或等各随以在为是对将按从到中其并有无不可于之由被把所向同经时后前上下内外也又再均都个项名次人件家年月日第本该"
    "此每全市县区旗乡镇村省部局委办数率额量类性化者级号条款一二三四五六七八九十两双多新老大小非未准副总正亚超跨预决"
)
_FIVE = re.compile(r"[\u4e00-\u9fff]{5}")
_CONTEXT = re.compile(r"\(\?<?[=!][^)]*\)")
_RARE = 2  # a pair that the document itself uses oftener is its own vocabulary
_SHOWN = 4
_DOUBLE_STOP = re.compile(r"。。|，，|、、|;;|，。|。，|、。|，;")


_Slip = tuple[str, re.Pattern[str], str]


@cache
def _slips(settings: Settings) -> tuple[list[_Slip], list[_Slip], re.Pattern[str]]:
    """Core of a slip (its pattern without its context), pattern, and what was meant: all, those that hang on what
    stands before them, and one pattern for all others.
    """
    slips = [
        (_CONTEXT.sub("", surface), re.compile(surface), row.name)
        for row in rows("confusions", WordRow, settings)
        for surface in row.surfaces
    ]
    hanging = [slip for slip in slips if slip[1].pattern.startswith("(")]
    return slips, hanging, re.compile("|".join(slip[1].pattern for slip in slips if slip not in hanging))


def _typo(facts: Facts) -> Verdict:
    unheard = odd(facts.quiet)
    findings = [*_known(facts), *_suspected(facts, unheard), *substituted(facts, unheard), *_stops(facts)]
    places = {(found.start, found.end): found for found in findings[::-1]}
    return Verdict(Outcome.FAIL if places else Outcome.PASS, findings=tuple(places.values()))


def _known(facts: Facts) -> Iterator[Finding]:
    slips, hanging, others = _slips(facts.settings)
    for core, pattern, meant in slips if others.search(facts.quiet) else hanging:
        if core not in facts.quiet:  # cheap, and true of almost all
            continue
        for match in pattern.finditer(facts.quiet):
            message = f"疑似错别字：“{match[0]}”"
            yield Finding("typo", Severity.WARNING, message, *_around(facts, *match.span()), suggestion=meant)


def _around(facts: Facts, start: int, end: int) -> tuple[int, int]:
    """A slip with the characters around it on its line, so that the quote can be recognised."""
    left, right = start, end
    while left > 0 and start - left < _SHOWN and "\u4e00" <= facts.quiet[left - 1] <= "\u9fff":
        left -= 1
    while right < len(facts.quiet) and right - end < _SHOWN and "\u4e00" <= facts.quiet[right] <= "\u9fff":
        right += 1
    return left, right


def _suspected(facts: Facts, unheard: Flags) -> Iterator[Finding]:
    """Characters between two unheard-of pairs (`unheard`: where the first character of one stands)."""
    text = facts.quiet
    judged: set[str] = set()
    for before in (unheard[:-1] & unheard[1:]).nonzero()[0].tolist():
        around = text[before : before + 3]
        if around[1] not in _JOINING and around not in judged:
            judged.add(around)
            yield from _judged(facts, before + 1)


def _judged(facts: Facts, at: int) -> Iterator[Finding]:
    """A character between two unheard-of pairs, held against the document's other wordings."""
    text = facts.quiet
    before, after = text[at - 2 : at], text[at + 1 : at + 3]
    if not _FIVE.fullmatch(text, at - 2, at + 3) or _JOINING & {*before, *after}:
        return
    if text.count(text[at - 1 : at + 1]) > _RARE or text.count(text[at : at + 2]) > _RARE:
        return
    around = _around(facts, at, at + 1)
    if before + after in text:
        message = f"疑似多字：“{text[at]}”，文中另作“{before}{after}”"
        yield Finding("typo", Severity.WARNING, message, *around, suggestion=before + after)
        return
    others = Counter(_between(text, before, after))
    del others[text[at]]
    if len(others) == 1 and others.total() >= _RARE:
        meant = before + next(iter(others)) + after
        message = f"疑似错别字：“{text[at]}”，文中另作“{meant}”"
        yield Finding("typo", Severity.WARNING, message, *around, suggestion=meant)


def _between(text: str, before: str, after: str) -> Iterator[str]:
    """The single characters that stand between two pairs anywhere in the text."""
    at = text.find(before)
    while at >= 0:
        if text.startswith(after, at + 3):
            yield text[at + 2]
        at = text.find(before, at + 1)


def _stops(facts: Facts) -> Iterator[Finding]:
    """Two stops in a row."""
    for match in _DOUBLE_STOP.finditer(facts.quiet):
        start, end = _around(facts, *match.span())
        yield Finding("typo", Severity.HINT, f"疑似标点重复：“{match[0]}”", start, end, suggestion=match[0][-1])


TYPOS = {"typo": _typo}
