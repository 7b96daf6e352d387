"""What a clause claims for its department: which act on which thing, read from its powers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from dutymine.lexicon import WordRow, rows
from dutymine.mandates.objects import Mention, thesaurus
from dutymine.model import Clause, Mined, Power
from dutymine.settings import Settings
from dutymine.text import fold, squeeze

RESIDUAL, OWN_AFFAIRS, TRANSFER = "A15", "A12", "A14"
# A thing with one of these behind it is the name of a body, not what somebody acts on: 畜牧兽医行政主管部门.
_BODY = re.compile(
    r"(?:行政|业务|综合|监督)*(?:主管部门|管理部门|管理机构|管理机关|部门|行政机构|主管机构|执法机构|行政机关|执法队伍)"
)
_SENTENCE = re.compile(r"[^。;]+")
_ITEM = re.compile(r"[、，,;；。:：()（）]|以及|和|与|及|或者|或")
_END = 0.7  # weight of a thing that ends its item; Chinese puts the head last
# A behaviour is told at length: what it names on the way is not what the department is there for.
_BEHAVIOUR = re.compile(
    "未|不按|不得|不符|违反|擅自|造成|从事|拒|虚假|伪造|转让|破坏|危害|侵占|损坏|非法|行为|逾期|不履行"
)
_TOLD = 1.6
_NAMING = 4  # characters of an act that is a thing by itself
_UNSAID, _MIDDLE, _STEERS = "A00", 3, 4
_OUTSIDE = 0.5  # weight of a thing that stands in the clause but in none of its objects


@dataclass(frozen=True, slots=True)
class Claim:
    """One act on one thing; `document` and `clause` are indexes, `share` (0 to 1) how much of the object the thing is.

    `start`, `end` are the span that says it: the power's, or the clause's where no power names the thing.
    """

    document: int
    clause: int
    power: Power
    thing: str
    surface: str
    share: float
    object: str
    start: int
    end: int


def claims(number: int, mined: Mined, settings: Settings) -> Iterator[Claim]:
    """Claims of a document, which is the `number`-th, clause by clause; what it does to itself is none."""
    powers: dict[int, list[Power]] = {}
    for power in mined.powers:
        powers.setdefault(power.clause, []).append(power)
    for index in range(len(mined.clauses)):
        yield from _of_clause((number, index), mined, powers.get(index, []), settings)


def acting(powers: Iterable[Power]) -> list[Power]:
    """Powers that do something to the world outside."""
    return [power for power in powers if power.act_code not in (RESIDUAL, OWN_AFFAIRS) and power.role != "residual"]


def _of_clause(where: tuple[int, int], mined: Mined, powers: list[Power], settings: Settings) -> Iterator[Claim]:
    clause = mined.clauses[where[1]]
    text = "。".join(part for part in _SENTENCE.findall(fold(squeeze(clause.text))) if _outward(part, settings))
    named = dict(_weighed(text, len(text), settings))
    things = {mention.thing for mention in named}
    active = [power for power in acting(powers) if _outward(_quoted(mined, power) + power.actors, settings)]
    seen = {mention.surface for mention in named if any(mention.surface in fold(power.act) for power in powers)}
    for power in active:
        said = fold(squeeze(power.object)) or (fold(power.act) if len(power.act) >= _NAMING else "")  # 招商引资
        spoken = said if said.endswith(power.act) else said + fold(power.act)  # 植物 + 检疫 is a thing as well
        for mention, share in _weighed(spoken, len(said), settings):
            if mention.thing in things:
                seen.add(mention.thing)
                yield Claim(*where, power, mention.thing, mention.surface, share, said, power.start, power.end)
    if powers and not active:
        return
    strongest = max(active, key=lambda power: power.strength, default=_unread(where[1], clause))
    for mention, share in named.items():
        if not {mention.thing, mention.surface} & seen:
            seen.add(mention.thing)
            telling = next((power for power in active if mention.surface in _quoted(mined, power)), None)
            start, end = (clause.start, clause.end) if telling is None else (telling.start, telling.end)
            power = strongest if telling is None else telling
            said = fold(squeeze(power.object)) or text
            yield Claim(*where, power, mention.thing, mention.surface, share * _OUTSIDE, said, start, end)


def _outward(text: str, settings: Settings) -> bool:
    """Whether a stretch speaks neither of the department's own affairs nor of what every department owes."""
    return not any(pattern.search(text) for pattern in _patterns(settings))


def _quoted(mined: Mined, power: Power) -> str:
    return squeeze(mined.document.folded[power.start : power.end])


def _unread(index: int, clause: Clause) -> Power:
    """What stands for the powers of a clause in which none was read."""
    code = clause.acts[0] if clause.acts else _UNSAID
    return Power(index, "", code, _MIDDLE, clause.role or "perform", "", "", "", "", clause.start, clause.end)


def _weighed(text: str, end: int, settings: Settings) -> Iterator[tuple[Mention, float]]:
    """Things of an object that ends at `end`, each once, with their share of it."""
    best: dict[str, tuple[float, Mention]] = {}
    for mention in thesaurus(settings).mentions(text):
        if mention.start >= end or _BODY.match(text, mention.end):
            continue
        share = _share(text[: max(end, mention.end)], mention, settings)
        if mention.thing not in best or share > best[mention.thing][0]:
            best[mention.thing] = (share, mention)
    for share, mention in sorted(best.values(), key=lambda item: item[1].start):
        yield mention, share


def _share(text: str, mention: Mention, settings: Settings) -> float:
    """The part of an object that a thing is: of its item in a list, of the whole where a behaviour is told."""
    length = mention.end - mention.start
    start = max((match.end() for match in _ITEM.finditer(text, 0, mention.start)), default=0)
    stop = _ITEM.search(text, mention.end)
    end = stop.start() if stop else len(text)
    before = _core(text[start : mention.start], settings)
    behind = _core(text[mention.end : end], settings)
    share = length / (length + before + behind)
    if not behind and before <= 2 * length:
        share = max(share, _END)
    if _BEHAVIOUR.search(text):
        whole = _core(text[: mention.start], settings) + length + _core(text[mention.end :], settings)
        return min(share, _TOLD * length / whole)
    return share


def owns(claim: Claim, settings: Settings) -> bool:
    """Whether it is a mandate for the thing as a whole: a steering act on an object that is nothing but the thing."""
    if claim.power.strength < _STEERS or claim.power.act_code in ("A04", "A05", "A17"):
        return False
    return claim.share >= _OUTSIDE and not _core(claim.object.replace(claim.surface, ""), settings)


def _core(text: str, settings: Settings) -> int:
    """How many characters of a text say something."""
    return len(general(settings).sub("", text))


@cache
def general(settings: Settings) -> re.Pattern[str]:
    """Words that say nothing about what an object is, with single characters that join."""
    return re.compile("|".join((*_words("general", settings), "[的对在与和及或等被将把其各本为以由从、，。未不]")))


@cache
def _patterns(settings: Settings) -> tuple[re.Pattern[str], re.Pattern[str]]:
    return re.compile("|".join(_words("inner", settings))), re.compile("|".join(_words("own_field", settings)))


def _words(name: str, settings: Settings) -> tuple[str, ...]:
    return tuple(s for row in rows("relation_words", WordRow, settings) if row.name == name for s in row.surfaces)
