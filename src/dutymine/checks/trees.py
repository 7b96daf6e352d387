"""R61, R62: wholes and parts of prose, of money and of things, in trees of any depth by 其中, 包括 and 分别为."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import cache
from itertools import pairwise

from dutymine.checks.facts import Facts
from dutymine.checks.figures import Identity, judged, of_year, sentences
from dutymine.lexicon import WordRow, rows
from dutymine.model import Amount, AmountRole, Severity, Verdict
from dutymine.settings import Settings
from dutymine.text import squeeze

_CUE = re.compile(r"^(?:\([^()]{0,24}\))?[，,。;、(:]?(?:其中|包括|分别为|分别是|具体(?:为|包括|是))[:，]?")
_OPEN = re.compile(r"主要|重点|涉及|等(?=\d|项目|支出|方面|，|。|$)|如|约|近|余")
_CLOSED = re.compile(r"包括|分别|具体")
_COUNTED = re.compile(
    r"(\d(?<![\d.\-~/第].)[\d,]*(?:\.\d+)?)(平方米|公里|名|人|个|辆|台|套|家|亩|户|所|处|宗|件)(?![/次以左均])"
)
_APART = re.compile(r"人均|单价|每|标准|不低于|不少于|不超过|达到|≥|≤|以上|预留|中小|小微")
_STOPS = re.compile(r"。(?!\s*(?:其中|包括|分别))|\n")
_LABEL = re.compile(r"[^，。;、:()\d\s]*$")
_LEAST = 2


def _money(facts: Facts) -> Iterator[list[Amount]]:
    for sentence in sentences(facts):
        yield [item for item in sentence if "-" in item.period or (item.unit and of_year(facts, item))]


def _things(facts: Facts) -> Iterator[list[Amount]]:
    """Counts and areas of running text, sentence by sentence; the unit of a list is that of its whole."""
    tables = sorted((table.start, table.end) for table in facts.mined.tables)
    held: list[re.Match[str]] = []
    for match in _COUNTED.finditer(facts.quiet):
        table = bisect_right(tables, (match.start(), len(facts.quiet))) - 1
        if table >= 0 and match.start() < tables[table][1]:
            continue
        if held and _STOPS.search(facts.quiet, held[-1].start(), match.start()):
            yield from _counts(facts, held)
            held = []
        held.append(match)
    yield from _counts(facts, held)


def _counts(facts: Facts, sentence: Sequence[re.Match[str]]) -> Iterator[list[Amount]]:
    """The things counted in one sentence, where they are enough for a whole and its parts."""
    if len(sentence) <= _LEAST:
        return
    found = []
    for match in sentence:
        value = Decimal(match[1].replace(",", ""))
        label = _LABEL.search(facts.quiet, max(0, match.start() - 20), match.start())
        words = ("", "", "", match.start(), match.end())
        found.append(Amount(value, match[2], value, AmountRole.OTHER, label[0] if label else "", *words))
    yield found


def _trees(facts: Facts, sentence: Sequence[Amount]) -> Iterator[Identity]:
    """Equations of one sentence from the innermost whole outwards; one that closes leaves its parts out of the next."""
    left = list(sentence)
    for place in range(len(sentence) - 1, -1, -1):  # what is left out stands behind the next whole
        whole = sentence[place]
        parts = _parts(facts, whole, left[place + 1 :])
        if len(parts) < _LEAST:
            continue
        closing = _closing(whole, parts)
        if closing:
            yield _identity(whole, parts[:closing])
            inner = set(parts[:closing])
            left = [item for item in left if item not in inner]
        elif _is_whole(facts, whole, parts):
            yield _identity(whole, parts)
            if _opens(facts, whole):
                left = [item for item in left if item not in parts]


_TOGETHER = re.compile(r"[，、,;]?(?:共|合计|共计|总计|总共|计)(?:为|有)?")


def _backwards(facts: Facts, sentence: Sequence[Amount]) -> Iterator[Identity]:
    """`行政编制20名、事业编制9名，共29名`: parts that exclude each other, and behind them what they make."""
    for i, whole in enumerate(sentence[_LEAST:], _LEAST):
        if _TOGETHER.fullmatch(_between(facts, sentence[i - 1], whole)) is None:
            continue
        first = i
        while first and _same(whole, sentence[first - 1]) and _is_beside(facts, sentence[first - 1], sentence[first]):
            first -= 1
        parts = list(sentence[first:i])
        labels = tuple(squeeze(facts.quiet[_start(facts, part) : part.start]) for part in parts)
        if len(parts) >= _LEAST and (_closes(whole, parts) or _exclude(labels, facts.settings)):
            yield _identity(whole, parts)


def _is_beside(facts: Facts, left: Amount, right: Amount) -> bool:
    return re.fullmatch(r"[，、和及][^，。;、:]{0,12}", _between(facts, left, right)) is not None


def _restated(facts: Facts) -> Iterator[Identity]:
    """`基本支出包括人员经费…`: a sentence that lists the parts of what an earlier one of its paragraph stated."""
    before: list[Amount] = []
    for sentence in sentences(facts):
        if before and "\n" in facts.quiet[before[-1].end : sentence[0].start]:
            before = []
        opening = facts.quiet[before[-1].end if before else sentence[0].start : sentence[0].start]
        match = _RESTATED.search(squeeze(opening))
        same = [item for item in before if match and squeeze(item.role_label).endswith(match[1])]
        parts = [item for item in sentence if "-" not in item.period and of_year(facts, item)]
        if len({item.yuan for item in same}) == 1 and len(parts) >= _LEAST:
            identity = _identity(same[0], parts)
            listed = facts.quiet[parts[0].start : parts[-1].end + 1]
            is_open = _OPEN.search(opening.rpartition("。")[2] + listed) or _APART.search(listed)
            if abs(identity.difference) <= identity.slack or not is_open:
                yield identity
        before += sentence


_RESTATED = re.compile(r"。([\u4e00-\u9fff]{3,8}?)(?:包括|包含|由|分为|构成为)[^。，;、]*$")


def _parts(facts: Facts, whole: Amount, behind: Sequence[Amount]) -> list[Amount]:
    """The figures that a cue behind a whole lists, of its kind; none where there is no cue."""
    if not behind or _CUE.match(_between(facts, whole, behind[0])) is None:
        return []
    is_change = "-" in whole.period
    inside = _opens(facts, whole)
    items: list[Amount] = []
    previous = whole
    for item in behind:
        gap = _between(facts, previous, item)
        if items and ((inside and ")" in gap) or (";" in gap and not inside and _is_listed(facts, whole))):
            break
        if ("-" in item.period) == is_change and _same(whole, item):
            items.append(item)
        elif not is_change and "-" not in item.period:
            break
        previous = item
    return items


def _closing(whole: Amount, parts: Sequence[Amount]) -> int:
    """How many of the parts make the whole: exactly, or within rounding; 0 where none do."""
    sizes = [size for size in range(len(parts), _LEAST - 1, -1) if _closes(whole, parts[:size])]
    exact = [size for size in sizes if not _identity(whole, parts[:size]).difference]
    return next(iter(exact or sizes), 0)


def _opens(facts: Facts, whole: Amount) -> bool:
    """Whether the parts of a whole stand in brackets behind it."""
    return facts.quiet[whole.end : whole.end + 2].lstrip().startswith("(")


def _between(facts: Facts, left: Amount, right: Amount) -> str:
    return squeeze(facts.quiet[left.end : right.start])


def _is_listed(facts: Facts, whole: Amount) -> bool:
    """Whether a whole is itself one of a list: its own parts end at a semicolon."""
    before = facts.quiet[max(0, whole.start - 80) : whole.start].rpartition("。")[2].rpartition("\n")[2]
    return re.search(r"其中|包括|;", before) is not None


def _same(whole: Amount, item: Amount) -> bool:
    """Whether figures can be added: money with money, things with things of one unit."""
    money = {"元", "万元", "亿元"}
    return {whole.unit, item.unit} <= money or whole.unit == item.unit


def _sign(item: Amount) -> int:
    return -1 if item.direction == "-" else 1


def _identity(whole: Amount, parts: Sequence[Amount]) -> Identity:
    return Identity(whole, tuple((part, _sign(part) * _sign(whole)) for part in parts))


def _closes(whole: Amount, parts: Sequence[Amount]) -> bool:
    identity = _identity(whole, parts)
    return abs(identity.difference) <= identity.slack


def _is_whole(facts: Facts, whole: Amount, parts: Sequence[Amount]) -> bool:
    """Whether a list must be complete by its words: nothing nested in it, no 主要 or 等, and it is closed by 包括 or
    分别为, by 其他 at its end, or by parts that exclude each other.
    """
    text = facts.quiet[whole.end : parts[-1].end]
    text = text if _opens(facts, whole) else re.sub(r"\([^()]*\)", "", text)
    behind = facts.quiet[parts[-1].end : parts[-1].end + 4]
    if len(re.findall(r"其中|包括|分别", text)) > 1 or _OPEN.search(text + behind[:1]) or _APART.search(text):
        return False
    gaps = [_between(facts, left, right) for left, right in pairwise(parts)]
    marks = {re.sub(r"[^，;、]", "", gap)[:1] for gap in gaps}
    if len(marks) > 1 and ";" in marks:
        return False
    labels = [squeeze(facts.quiet[_start(facts, part) : part.start]) for part in parts]
    if _exclude(tuple(labels), facts.settings) or re.match(r"(?:和|及)?其[他它]", labels[-1]):
        return True
    money = whole.unit in ("元", "万元", "亿元")
    cue = facts.quiet[whole.end : parts[0].start]
    return money and _CLOSED.search(cue) is not None and all(labels)


def _start(facts: Facts, part: Amount) -> int:
    left = part.start
    while left > 0 and part.start - left < 24 and facts.quiet[left - 1] not in "，。;:\n\t、()":
        left -= 1
    return left


@cache
def _exclusive(settings: Settings) -> tuple[re.Pattern[str], ...]:
    """Sets of words of which a thing is one or another, each as one pattern."""
    found = [row.surfaces for row in rows("amount_words", WordRow, settings) if row.name.startswith("exclusive")]
    return tuple(re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True)))) for words in found)


def _exclude(labels: tuple[str, ...], settings: Settings) -> bool:
    """Whether all labels are different words of one set."""
    for pattern in _exclusive(settings):
        words = [pattern.search(label) for label in labels]
        if all(words) and len({word[0] for word in words if word}) == len(labels):
            return True
    return False


def _rule(
    rule: str, what: str, find: Callable[[Facts], Iterator[list[Amount]]], severity: Severity
) -> Callable[[Facts], Verdict]:
    def check(facts: Facts) -> Verdict:
        found = []
        for sentence in find(facts):
            found += [*_trees(facts, sentence), *_backwards(facts, sentence)]
        found += _restated(facts) if find is _money else ()
        return judged(facts, rule, what, found, severity)

    return check


TREES: dict[str, Callable[[Facts], Verdict]] = {
    "R61": _rule("R61", "合计与所列各项", _money, Severity.ERROR),
    "R62": _rule("R62", "总数与所列各项", _things, Severity.WARNING),
}
