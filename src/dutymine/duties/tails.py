"""Acts that are the nouns at the end of a phrase: `X的审批及日常监管`, `水质监测、污染调查`."""

from __future__ import annotations

from dataclasses import dataclass

from dutymine.duties import phrases as p
from dutymine.duties.acts import Lexicon, Word
from dutymine.text import Span

_INFORMS = "A07"


@dataclass(frozen=True, slots=True)
class Tail:
    """Acts with the span of their objects; `left` is what the carrier alone governs; `sure`: 的 or 对 marks the act."""

    acts: tuple[tuple[Word, Span], ...]
    left: Span | None = None
    sure: bool = False


def tail(text: str, words: Lexicon, start: int, end: int) -> Tail:
    """The nouns of acts at the end of a stretch."""
    end = _end(text, words, start, end)
    found, at, linked = _chain(text, words, start, end)
    if not found or (found[0].row.code == "A05" and p.REPORTED.search(text, start, at)):
        return Tail(())
    by = p.BY.search(text, start, at)
    if by is not None and len(found) == 1:
        ours = p.SELF.match(by[1]) is not None and by.start() > start
        return Tail(((found[0], (start, by.start())),), sure=True) if ours else Tail(())
    told = p.told(text, start, end)
    sure = text[at - 1 : at] == "的" or told is not None
    thing = (start, at)
    if told is not None:
        thing = (told.end(), at)
        for gives in p.GIVES.finditer(text, told.end(), at):
            if text[at - 1] != "的":
                thing = (told.end(), gives.start())
        given = words.before(text, told.end(), at)
        if given is not None and given.row.kind == "verb" and not linked:  # 对X核发许可
            found, thing = [given], (told.end(), given.start)
        return Tail(tuple((word, thing) for word in found), sure=True)
    if not sure:
        listed = _listed(text, words, start, at, linked)
        if listed:
            last = listed[-1][1]
            own = thing if not linked else last
            if not linked:
                own = (_item_start(text, start, at), at)
            return Tail((*listed, *((word, own) for word in found)))
    left = thing if linked and not sure and at > start else None
    if left is not None and "、" in text[start:at] and text[at] == "、":  # 文秘、档案、督查和保密: items of their own
        thing = (at, at)
    return Tail(tuple((word, thing) for word in found), left, sure)


def _end(text: str, words: Lexicon, start: int, end: int) -> int:
    """The end without 工作 and the like, unless that takes a piece of an act word with it."""
    while end > start and text[end - 1] in p.MASK + "。;，,":
        end -= 1
    match = p.TRAILING_ACT.search(text, start, end)
    if match and match.start() > start and words.before(text, start, end) is None:
        return match.start()
    return end


def _chain(text: str, words: Lexicon, start: int, end: int) -> tuple[list[Word], int, bool]:
    """Acts back from the end, joined by 、和及 or side by side: in order, where they begin, whether a link precedes."""
    found: list[Word] = []
    at, linked = end, False
    while at > start:
        word = words.before(text, start, at)
        if word is None:
            break
        beside = word.row.code == "A02" or word.row.code == found[-1].row.code == _INFORMS if found else True
        if not (linked or beside):
            break
        found.append(word)
        at = word.start
        linked = False
        at = _without_qualifier(text, start, at)
        link = p.LINK_END.search(text, start, at)
        if link and link.start() > start:
            at, linked = link.start(), True
            if text[at - 1] == "、":
                at -= 1
    return found[::-1], at, linked


def _without_qualifier(text: str, start: int, at: int) -> int:
    match = p.QUALIFIER.search(text, start, at)
    if match is None:
        return at
    before = text[match.start() - 1 : match.start()] if match.start() > start else ""
    return match.start() if before in ("", "的", "、", "和", "及", "与", "并") else at


def _item_start(text: str, start: int, end: int) -> int:
    last = start
    for match in p.CONNECTOR.finditer(text, start, end):
        last = match.end()
    return last


def _listed(text: str, words: Lexicon, start: int, end: int, linked: bool) -> list[tuple[Word, Span]]:
    """The items of a row in which every item ends with an act: 水质监测、污染调查; empty where one does not."""
    spans: list[Span] = []
    begin = start
    for match in p.LISTING.finditer(text, start, end):
        spans.append((begin, match.start()))
        begin = match.end()
    if linked:
        spans.append((begin, end))
    result: list[tuple[Word, Span]] = []
    for a, b in spans:
        word = words.before(text, a, b)
        if word is None:
            return []
        if word.start - a < 2 and not result and len(word.text) < 4:
            return []
        result.append((word, (a, word.start) if word.start > a or not result else result[-1][1]))
    return result
