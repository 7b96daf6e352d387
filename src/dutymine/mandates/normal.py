"""Clauses without what differs by place: jurisdiction words, superiors, places below and own names become slots.

The normal text holds letters, digits and Chinese characters only (no punctuation, no white space) with every slot as
one character, so equal duties of two counties are equal strings; `starts` and `ends` lead every character back to where
it stood. Only bound forms are touched (全县, 县委, 本辖区): 区域, 社区, 市场, 县域经济, 县级以上 stay what they are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from dutymine.lexicon import WordRow, rows
from dutymine.model import Clause, Document, Identity, Mined
from dutymine.settings import Settings
from dutymine.text import Span, fold

# Slots, one private-use character each, in the order of how far up they are.
OWN, SUPERIOR, HIGHER, BELOW, SELF = "\ue000\ue001\ue002\ue003\ue004"
SHOWN = {OWN: "{本级}", SUPERIOR: "{上级}", HIGHER: "{再上级}", BELOW: "{下级}", SELF: "{本部门}"}
_SHOW = str.maketrans(SHOWN)
_DROP = str.maketrans(dict.fromkeys(SHOWN))
_PLAIN = str.maketrans(dict.fromkeys(SHOWN, "@") | {SELF: "#"})
_UPWARDS = ("own", "superior", "higher")
_LEVELS = ("province", "city", "county", "township")
_LEAST_NAME = 4  # a shorter name of an office is a common word
# Where the level word is the end of another word: 社区 园区 景区 辖区 特区 城市 城镇 …
_NOT_AFTER = "社园景特辖地小片灾山牧林库校厂港矿城郊新老疫汛防场楼商街超门都"
# What makes a level word bound from the right; 县级以上, 区直接, 县委托, 区内容 are other words.
_BEFORE = (
    "委(?![托派])|党委|人民政府|政府|人大|政协|纪委|监委|属(?!于)|直(?![接线观播])|内(?![容部])"
    "|本级|级(?!以上|及以上|以下|及以下|领导干部)"
)
_OFFICE = r"(?<=[由会同经与和、，报请及协(]){}(?=[\u4e00-\u9fff]{{2,8}}?(?:局|委员会|部门|办公室|法院|检察院))"


@dataclass(frozen=True, slots=True)
class Normal:
    """A normalised text; character `i` stands for `starts[i]`:`ends[i]` of the source."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def place(self, start: int, end: int) -> Span:
        """The half-open span in the source of normal characters `start` to `end`; an empty stretch is an empty span."""
        if start < end:
            return self.starts[start], self.ends[end - 1]
        at = self.ends[start - 1] if start else self.starts[0] if self.starts else 0
        return at, at


@dataclass(frozen=True, slots=True)
class Voice:
    """From which place a document speaks: its level, the names of its places from its own up, its own name.

    `office` is the name without its places (公安局), which is its own only where a word for its place stands before.
    """

    level: str = "county"
    places: tuple[str, ...] = ()
    name: str = ""
    office: str = ""


def shown(text: str) -> str:
    """A normal text with its slots as people read them: {本级}."""
    return text.translate(_SHOW)


def without_slots(text: str) -> str:
    """A normal text without its slots: what is left names no place, no superior and no department."""
    return text.translate(_DROP)


def voice(mined: Mined) -> Voice:
    """The voice of a document; where it does not say its level, by the place words its clauses use most."""
    who = mined.identity
    level = who.level if who.level in _LEVELS else _spoken(mined.clauses)
    return speaking(who, level)


def speaking(who: Identity, level: str) -> Voice:
    """The voice of an identity at a level."""
    places = [fold(place) for place in (who.province, who.city, who.county)]
    upwards = tuple(dict.fromkeys(places[: {"province": 1, "city": 2}.get(level, 3)][::-1]))
    name = fold(who.department)
    tail = name[max((name.rfind(place) + len(place) for place in upwards if place and place in name), default=0) :]
    return Voice(level, upwards, name, re.sub("^(?:人民政府|委)", "", tail))


def normalise(text: str, whose: Voice, settings: Settings, places: Sequence[int] | None = None) -> Normal:
    """A text normalised in the voice of its document; `places` are the offsets of its characters (default: its own)."""
    folded = fold(text)
    at = range(len(folded)) if places is None else places
    result: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    position = 0
    for slot, start, end in [*_bound_forms(folded, whose, settings), ("", len(folded), len(folded))]:
        for run in _KEPT.finditer(folded, position, start):
            here = at[run.start() : run.end()]
            result.append(run[0])
            starts += here
            ends += [place + 1 for place in here]
        if slot:
            result.append(slot)
            starts.append(at[start])
            ends.append(at[end - 1] + 1)
        position = end
    return Normal("".join(result), tuple(starts), tuple(ends))


@lru_cache(maxsize=40_000)
def normal_text(text: str, whose: Voice, settings: Settings) -> str:
    """The normal text alone, for whoever does not ask where its characters stood."""
    folded = fold(text)
    result: list[str] = []
    position = 0
    for slot, start, end in _bound_forms(folded, whose, settings):
        result += _KEPT.findall(folded, position, start)
        result.append(slot)
        position = end
    return "".join([*result, *_KEPT.findall(folded, position)])


_KEPT = re.compile(r"[^\W_]+")


def _bound_forms(folded: str, whose: Voice, settings: Settings) -> Iterator[tuple[str, int, int]]:
    """Slots with the stretches they stand for: its own names, and between them the bound forms of its level."""
    general = _general(whose.level, _is_own_city(whose), settings)
    position = 0
    for name in [*_named(whose, settings).finditer(folded), None]:
        until = name.start() if name else len(folded)
        for match in general.finditer(folded, position):
            if match.end() > until:
                break
            yield _SLOTS[(match.lastgroup or "").partition("_")[0]], *match.span()
        if name:
            yield _SLOTS[(name.lastgroup or "").partition("_")[0]], *name.span()
            position = name.end()


def clause_normal(document: Document, clause: Clause, whose: Voice, settings: Settings) -> Normal:
    """A clause normalised, its characters led back to the document's text (`Clause.text` may leave furniture out)."""
    return normalise(clause.text, whose, settings, offsets(document, clause))


def offsets(document: Document, clause: Clause) -> Sequence[int]:
    """Where each character of `Clause.text` stands in the document's text."""
    if document.text[clause.start : clause.end] == clause.text:
        return range(clause.start, clause.end)
    found: list[int] = []
    at = clause.start
    for char in clause.text:
        here = document.text.find(char, at, clause.end)
        if here < 0:  # a person corrected the text of the row: the nearest place that is certain
            here = min(at, max(clause.start, clause.end - 1))
        else:
            at = here + 1
        found.append(here)
    return found


def boilerplate(text: str, settings: Settings) -> str:
    """Why a normal text is one nearly every department has (`residual`, `compliance`, `cooperation`), or nothing."""
    plain = text.translate(_PLAIN)
    return next((name for name, pattern in _boilerplate(settings) if pattern.search(plain)), "")


def _spoken(clauses: Iterable[Clause]) -> str:
    words = Counter(match[1] for clause in clauses for match in re.finditer(r"[全我本]([省市县区旗镇乡])", clause.text))
    spoken = {"省": "province", "市": "city", "镇": "township", "乡": "township"}
    return spoken.get(words.most_common(1)[0][0], "county") if words else "county"


_SLOTS = {"own": OWN, "superior": SUPERIOR, "higher": HIGHER, "below": BELOW, "self": SELF}


@cache
def _words(settings: Settings) -> dict[str, tuple[str, ...]]:
    return {row.name: row.surfaces for row in rows("jurisdictions", WordRow, settings)}


def _any(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(set(words), key=len, reverse=True)))


# A city by its name beside an office, in a document that does not say whose county it is: 受江浦市司法局委托.
_CITY_OFFICE = (
    r"(?<=[由经报请受和、])[\u4e00-\u9fff]{1,2}[^\W\d_城都全我本该各级县区]市"
    r"(?=[\u4e00-\u9fff]{2,8}?(?:局|委员会|部门|办公室))"
)


def _is_own_city(whose: Voice) -> bool:
    """Whether a county calls itself 市."""
    return whose.level == "county" and whose.places[:1] != () and whose.places[0].endswith("市")


def _own_words(level: str, city: bool, settings: Settings) -> tuple[str, ...]:
    return (*_words(settings)[level], *(("市",) if city else ()))


@lru_cache(maxsize=1024)
def _named(whose: Voice, settings: Settings) -> re.Pattern[str]:
    """What only this document says of itself: names of its places, its own name. Small, for it is made per document."""
    first = 1 if whose.level == "township" else 0
    named = [((name,), group) for name, group in zip(whose.places, _UPWARDS[first:], strict=False) if len(name) > 1]
    if len(whose.name) >= _LEAST_NAME:
        named.insert(0, ((whose.name,), "self"))
    groups = [(group, _any(surfaces)) for surfaces, group in named]
    if len(whose.office) >= _LEAST_NAME:
        own = _any(_own_words(whose.level, _is_own_city(whose), settings))
        groups.insert(0, ("self", f"(?:{own})委?{re.escape(whose.office)}"))
    return re.compile(_alternatives(groups) or "(?!)")


@cache
def _general(level: str, city: bool, settings: Settings) -> re.Pattern[str]:
    """All bound forms of a level."""
    words, depth = _words(settings), _LEVELS.index(level)
    own_words = _own_words(level, city, settings)
    below = f"below.{_LEVELS[min(depth + 1, 3)]}"
    groups = [("self", _any(words["self"]))]
    if depth < 3 and below in words:
        groups.append(("below", _any(words[below])))
    groups.append(("own", r"[本全所]?辖区|[本我]行政区域"))
    for up, group in enumerate(_UPWARDS):
        level_words = own_words if not up else [w for w in words[_LEVELS[max(depth - up, 0)]] if w not in own_words]
        if up <= depth and level_words:
            groups.append((group, _bound(_any(level_words))))
    if level == "county":
        groups.append(("superior", _CITY_OFFICE))
    return re.compile(_alternatives(groups))


def _alternatives(groups: Iterable[tuple[str, str]]) -> str:
    return "|".join(f"(?P<{group}_{i}>{pattern})" for i, (group, pattern) in enumerate(groups))


def _bound(level_word: str) -> str:
    """Patterns of a level word where it is bound: 全县, 县委, 县级, 由县财政局, 网络强县."""
    word = f"(?:{level_word})"
    return "|".join(
        (
            f"[全我本该]{word}(?![域场容])",
            f"(?<![{_NOT_AFTER}]){word}(?={_BEFORE})",
            _OFFICE.format(word),
            f"(?<=法治){word}(?![域场容])",
            f"(?<=[络育技量化造才通业易权]强)(?:国|{word})(?![域场容])",
        )
    )


@cache
def _boilerplate(settings: Settings) -> tuple[tuple[str, re.Pattern[str]], ...]:
    found = rows("boilerplate", WordRow, settings)
    return tuple((row.name, re.compile("|".join(f"(?:{one})" for one in row.surfaces))) for row in found)
