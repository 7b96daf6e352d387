"""Acts that are the nouns at the end of a phrase: `X的审批及日常监管`, `水质监测、污染调查`."""

from __future__ import annotations

from dataclasses import dataclass

from dutymine.duties import phrases as p
from dutymine.duties.acts import Lexicon, Word
from dutymine.text import Span

_BESIDE = ("A07", "A14")  # acts that stand side by side: 统计分析, 表彰奖励
_ALONE = ("A08", "A11")  # they need no object: 安全生产、防汛抗旱
_ITEM, _LONG_ITEM, _WHOLE = 6, 4, 4  # characters of items, and of a word that is an item by itself
_OVER_ALL = ("A03", "A04", "A05", "A17")  # 维修和配件经营的监管: one act on the whole row
_MANY = 3  # acts that make a row of them


@dataclass(frozen=True, slots=True)
class Tail:
    """Acts with the span of their objects; `left` is what the carrier alone governs; `sure`: 的 or 对 marks the act."""

    acts: tuple[tuple[Word, Span], ...]
    left: Span | None = None
    sure: bool = False


def tail(text: str, words: Lexicon, start: int, end: int) -> Tail:
    """The nouns of acts at the end of a stretch."""
    end = _end(text, words, start, end)
    if (each := _each(text, words, start, end)) is not None:
        return each
    if (row := _row(text, words, start, end)) is not None:
        return row
    found, at, linked = _chain(text, words, start, end)
    if not found:
        return Tail(tuple(_listed(text, words, start, end)))
    if found[0].row.code == "A05" and p.REPORTED.search(text, start, at):
        return Tail(())
    by = p.BY.search(text, start, at)
    if by is not None and len(found) == 1:
        ours = p.SELF.match(by[1]) is not None and by.start() > start
        return Tail(((found[0], (start, by.start())),), sure=True) if ours else Tail(())
    told = words.phrases.told(text, start, end)
    sure = text[at - 1 : at] == "的" or told is not None
    thing = (start, at)
    if told is not None:
        thing = (told.end(), at)
        for gives in words.phrases.gives.finditer(text, told.end(), at):
            if text[at - 1] != "的":
                thing = (told.end(), gives.start())
        given = words.before(text, told.end(), at)
        if given is not None and given.row.kind == "verb" and not linked:  # 对X核发许可
            found, thing = [given], (told.end(), given.start)
        return Tail(tuple((word, thing) for word in found), sure=True)
    if not sure and (listed := _listed(text, words, start, end)):
        return Tail(tuple(listed))
    left = thing if linked and not sure and at > start else None
    if left is not None and "、" in text[start:at] and text[at] == "、":  # 文秘、档案、督查和保密: items of their own
        thing = (at, at)
    return Tail(tuple((word, thing) for word in found), left, sure)


def _end(text: str, words: Lexicon, start: int, end: int) -> int:
    """The end without 工作 and the like, unless that takes a piece of an act word with it."""
    target = p.AT_LEAST.search(text, start, end)
    end = target.start() if target else end
    while end > start and text[end - 1] in p.MASK + "。;，,":
        end -= 1
    stop = words.phrases.without_office(text, start, end)
    return stop if start < stop and words.before(text, start, end) is None else end


def _chain(text: str, words: Lexicon, start: int, end: int) -> tuple[list[Word], int, bool]:
    """Acts back from the end, joined by 、和及 or side by side: in order, where they begin, whether a link precedes."""
    found: list[Word] = []
    at, linked = end, False
    while at > start:
        word = words.before(text, start, at)
        if word is None:
            break
        beside = (
            not found or word.row.code == "A02" or word.text == "监督" or word.row.code == found[-1].row.code in _BESIDE
        )
        if not (linked or beside):
            break
        found.append(word)
        at = word.start
        linked = False
        at = _without_qualifier(text, words, start, at)
        link = p.LINK_END.search(text, start, at)
        if link and link.start() > start:
            at, linked = link.start(), True
            if text[at - 1] == "、":
                at -= 1
    return found[::-1], at, linked


def _without_qualifier(text: str, words: Lexicon, start: int, at: int) -> int:
    match = words.phrases.qualifier.search(text, start, at)
    if match is None:
        return at
    before = text[match.start() - 1 : match.start()] if match.start() > start else ""
    return match.start() if before in ("", "的", "、", "和", "及", "与", "并") else at


def _each(text: str, words: Lexicon, start: int, end: int) -> Tail | None:
    """Items that all have an object and an act, the last with 的: 资源费的征收和水利工程的管护."""
    items = _items(text, start, end)
    if len(items) < 2 or "的" not in text[items[-1][0] : end] or words.phrases.told(text, start, end):
        return None
    acts: list[tuple[Word, Span]] = []
    for a, b in items:
        word = words.before(text, a, b)
        if word is None or word.start - a < 2:
            return None
        acts.append((word, (a, word.start)))
    over_all = acts[-1][0].row.code in _OVER_ALL and "的" not in text[start : items[-1][0]]
    return None if over_all else Tail(tuple(acts), sure=True)


def _row(text: str, words: Lexicon, start: int, end: int) -> Tail | None:
    """Acts in a row behind 的, of which the lexicon need not know all: 许可证的核发、变更和注销."""
    at = text.rfind("的", start, end) + 1
    last = words.before(text, start, end)
    if at <= start or words.phrases.told(text, start, end) or (last is not None and last.start < at):  # 党的建设
        return None
    items = _items(text, at, end)
    if any(b - a > _ITEM for a, b in items) or (len(items) < 2 and end - at > _LONG_ITEM):
        return None
    found = [words.item(text, a, b) for a, b in items]
    known = [word for word in found if word is not None]
    if found[0] is None or all(word.row.kind == "front" for word in known):
        return None
    acts: list[tuple[Word, Span]] = []
    for word, (a, _) in zip(found, items, strict=True):
        if word is not None:
            acts += _named(text, words, word, (start, at), (a, len(items)))
    return Tail(tuple(acts), sure=True)


def _named(text: str, words: Lexicon, word: Word, thing: Span, item: tuple[int, int]) -> list[tuple[Word, Span]]:
    """An item of a row of acts: with a name of its own (资格认定、[职称]评审), or two acts in one (评估认定)."""
    a, number = item
    if word.start - a < 2 or words.phrases.qualifier.fullmatch(text, a, word.start):
        return [(word, thing)]
    first = words.before(text, a, word.start)
    if first is not None and first.start == a and first.row.kind != "noun":
        return [(first, thing), (word, thing)]
    return [(word, (a if number > 1 else thing[0], word.start))]


def _items(text: str, start: int, end: int) -> list[Span]:
    spans: list[Span] = []
    for match in p.LISTING.finditer(text, start, end):
        spans.append((start, match.start()))
        start = match.end()
    return [*spans, (start, end)]


def _listed(text: str, words: Lexicon, start: int, end: int) -> list[tuple[Word, Span]]:
    """The items of a row that end with an act, where most do: 水质监测、污染调查和信息公布."""
    items = _items(text, start, end)
    found = [words.before(text, a, b) for a, b in items]
    known = sum(word is not None for word in found)
    if len(items) < 2 or 2 * known <= len(items) or known < 2:
        return []
    result: list[tuple[Word, Span]] = []
    begin: int | None = None  # where the names without an act before this item begin: 文化和旅游资源普查
    for word, (a, _) in zip(found, items, strict=True):
        begin = a if begin is None else begin
        if word is None:
            continue
        begin = a if word.row.code in _ALONE else begin
        if word.start > begin:
            result.append((word, (begin, word.start)))
        elif result:
            result.append((word, (begin, begin) if word.row.code in _ALONE else result[-1][1]))
        elif len(word.text) < _WHOLE and known < _MANY:
            return []
        else:
            result.append((word, (begin, begin)))
        begin = None
    return result
