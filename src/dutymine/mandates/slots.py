"""Which part of a clause a difference touches, and whether it looks like a slip: from the words on both sides."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from dutymine.duties.acts import ActRow, lexicon
from dutymine.lexicon import WordRow, rows
from dutymine.mandates.alignment import Difference, act_rows
from dutymine.mandates.normal import SHOWN
from dutymine.settings import DATA, Settings

ACT, ROLE, OBJECT, SCOPE = "act", "role", "object", "scope"
PRINCIPAL, BASIS, WORDING = "principal", "basis", "wording"
# As messages name them.
SLOT_NAMES = {
    ACT: "行为",
    ROLE: "角色",
    OBJECT: "对象",
    SCOPE: "范围",
    PRINCIPAL: "交办主体",
    BASIS: "依据",
    WORDING: "措辞",
}

_ASSIGNED = re.compile("(?:交办|交付|部署|授权|安排|赋予|下达|指派)的?(?:其他|其它|有关|各项|临时|重要|工作|任务|事项)")
_REPEATED = 8  # characters that stand twice in a clause by no choice
_STUTTER = 4
_HAN = re.compile("[\u4e00-\u9fff]+")
_LEADING = re.compile("牵头|统筹|会同|归口|综合协调|参与|协助|配合|协同")


@dataclass(frozen=True, slots=True)
class Sides:
    """Both sides of a difference: the texts and what stands in them; `names` is what the department is called."""

    own: str
    reference: str
    left: str
    right: str
    where: Difference
    names: str = ""


def sides(left: str, right: str, where: Difference, names: str = "") -> Sides:
    """Both sides of one difference of two normal texts."""
    return Sides(left[slice(*where.left)], right[slice(*where.right)], left, right, where, names)


def turned(both: Sides) -> Sides:
    """The same difference seen from the other side."""
    where = Difference(both.where.right, both.where.left)
    return Sides(both.reference, both.own, both.right, both.left, where, both.names)


def slot(both: Sides, settings: Settings) -> str:
    """The slot a difference touches, a code of the axis `slot`."""
    own, reference = _bare(both.own, settings), _bare(both.reference, settings)
    if not own and not reference:
        return BASIS if _basis(settings).search(both.own + both.reference) else WORDING
    if _names_principal(both, settings):
        return PRINCIPAL
    if _LEADING.sub("", own) == _LEADING.sub("", reference):
        return ROLE
    acts = _act_words(own, settings), _act_words(reference, settings)
    if all(found is not None for found in acts):
        return _of_acts(acts[0] or [], acts[1] or [], own, reference)
    if _scope(settings).fullmatch(own) and _scope(settings).fullmatch(reference):
        return SCOPE
    return ACT if _opens(own, settings) or _opens(reference, settings) else OBJECT


def authority(both: Sides, settings: Settings) -> int:
    """The strongest authority that one side has and the other lacks, 0 to 5."""
    own, reference = (_strengths(text, settings) for text in (both.own, both.reference))
    return max((strength for _, strength in own ^ reference), default=0)


def _strengths(text: str, settings: Settings) -> frozenset[tuple[str, int]]:
    words, table = _words(settings), act_rows(settings)
    return frozenset((match[0], table[match[0]].strength) for match in words.finditer(text))


@cache
def _lists(settings: Settings) -> dict[str, tuple[str, ...]]:
    return {row.name: row.surfaces for row in rows("compare_words", WordRow, settings)}


def _longest(words: tuple[str, ...]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


@cache
def _basis(settings: Settings) -> re.Pattern[str]:
    return re.compile("|".join(_lists(settings)["basis"]))


@cache
def _neutral(settings: Settings) -> re.Pattern[str]:
    words = _longest(_lists(settings)["neutral"])
    return re.compile(f"^(?:{words})+|(?:(?<!参)(?:{words}))+$")


@cache
def _scope(settings: Settings) -> re.Pattern[str]:
    words = _longest((*_lists(settings)["scope"], *_lists(settings)["neutral"], *SHOWN))
    return re.compile(f"(?:{words}|内|外|省|市|县|区)*")


@cache
def _principals(settings: Settings) -> re.Pattern[str]:
    level = f"[{''.join(SHOWN)}省市县区]"
    return re.compile(f"(?:{level}{{0,2}}(?:{_longest(_lists(settings)['principal'])})|[和及与、])+")


@cache
def _words(settings: Settings) -> re.Pattern[str]:
    return re.compile(_longest(tuple(word for word in act_rows(settings) if len(word) > 1)))


def _bare(text: str, settings: Settings) -> str:
    """A side without bases, and without words that say nothing at its ends."""
    return _neutral(settings).sub("", _basis(settings).sub("", text))


def _names_principal(both: Sides, settings: Settings) -> bool:
    """Whether bodies that assign tasks differ: named as such, or anything before 交办 in a clause that ends with it."""
    assigned = [match.start() for match in _ASSIGNED.finditer(both.left)][-1:]
    if assigned and both.where.left[1] <= assigned[0] and both.left[:2] in ("完成", "承办", "办理", "承担"):
        return True
    sides_ = [text for text in (both.own, both.reference) if text]
    return all(_principals(settings).fullmatch(text) and len(text) > 1 for text in sides_)


def _act_words(text: str, settings: Settings) -> list[ActRow] | None:
    """The act words a text consists of; None where it holds anything else."""
    found, at, words, table = [], 0, _words(settings), act_rows(settings)
    conjunctions = _lists(settings)["conjunction"]
    while at < len(text):
        match = words.match(text, at)
        if match:
            found.append(table[match[0]])
            at = match.end()
        elif text.startswith(conjunctions, at):
            at += 1
        else:
            return None
    return found


def _of_acts(own: list[ActRow], reference: list[ActRow], text: str, other: str) -> str:
    """Act words on both sides: 推动 for 推进 is wording, 牵头 a role, anything else the act."""
    if own and reference and {(r.code, r.strength) for r in own} == {(r.code, r.strength) for r in reference}:
        return WORDING
    leads = _LEADING.findall(text), _LEADING.findall(other)
    return ROLE if leads[0] != leads[1] else ACT


def _opens(text: str, settings: Settings) -> bool:
    """Whether a text brings an act of its own: it begins with one (not with a noun: 准入制度), or has one behind 的."""
    word = lexicon(settings).at(text, 0, len(text))
    if word and len(word.text) > 1 and word.row.kind in ("verb", "both", "light", "joiner"):
        return True
    _, of, tail = text.rpartition("的")
    return bool(of) and _words(settings).search(tail) is not None


# --- slips ----------------------------------------------------------------------------------------------------------


def slip(both: Sides, settings: Settings, common: bool = False) -> bool:
    """Whether the own side looks like a slip beside the reference; never where both sides are words of authority.

    `common`: many say what the reference says, so a character that makes no word suffices.
    """
    own, reference = both.own, both.reference
    if _known_slip(both, settings):
        return True
    if not reference:
        return _put_in(both, settings)
    if not own:
        return _left_out(both, settings)
    if len(own) == len(reference) == 1:
        return _mistyped(both, settings, common)
    acts = act_rows(settings)
    if len(own) == len(reference) and set(own) & set(reference) and reference in acts and own not in acts:
        return own[-2:] not in acts  # 合法性审核 is no slip of 合法性审查
    return len(own) > 1 and len(reference) > 1 and reference in both.names and own not in both.names


@cache
def _pairs() -> frozenset[str]:
    text = (DATA / "bigrams.txt").read_text("utf-8").replace("\n", "")
    return frozenset(text[i : i + 2] for i in range(0, len(text), 2))


@cache
def _confusions(settings: Settings) -> re.Pattern[str]:
    patterns = [surface for row in rows("confusions", WordRow, settings) for surface in row.surfaces]
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


def _around(text: str, start: int, end: int) -> str:
    return text[max(0, start - 4) : end + 4]


def _known_slip(both: Sides, settings: Settings) -> bool:
    """Whether a slip of the lists of slips stands on the own side and not on the other."""
    own, reference = _around(both.left, *both.where.left), _around(both.right, *both.where.right)
    return bool(_confusions(settings).search(own)) and not _confusions(settings).search(reference)


def _put_in(both: Sides, settings: Settings) -> bool:
    """Words said twice, a stutter, or a single character that makes no word with either neighbour."""
    start, end = both.where.left
    own, before, after = both.own, both.left[:start], both.left[end:]
    if len(own) >= _REPEATED:
        return _said_twice(own, before, after)
    if len(own) <= _STUTTER and (before.endswith(own) or after.startswith(own)):
        return True
    if len(own) > 1 or own in _lists(settings)["conjunction"] or own in SHOWN or own.isascii():
        return False
    if own in before[-2:] or own in after[:2]:
        return True
    return _odd(before[-1:] + own) and _odd(own + after[:1])


def _said_twice(own: str, before: str, after: str) -> bool:
    """Whether the clause says the same without it, wherever in a run of two the cut was made (A [B A] B, [A B] A B)."""
    rest = before + after
    return any(
        own[cut:] + own[:cut] in rest
        for cut in range(len(own))
        if after.startswith(own[:cut]) or before.endswith(own[cut:])
    )


def _odd(pair: str) -> bool:
    return len(pair) == 2 and bool(_HAN.fullmatch(pair)) and pair not in _pairs()


def _left_out(both: Sides, settings: Settings) -> bool:
    """A conjunction missing between two things (not between two acts: 指导管理 is a word)."""
    at = both.where.left[0]
    if both.reference not in _lists(settings)["conjunction"] or both.reference in ("等", "的"):
        return False
    before, after = both.left[max(0, at - 4) : at], both.left[at : at + 4]
    acts = act_rows(settings)
    return not (any(before[-n:] in acts for n in (2, 3, 4)) or any(after[:n] in acts for n in (2, 3, 4)))


def _mistyped(both: Sides, settings: Settings, common: bool) -> bool:
    """One character for another: where only the reference makes a word with a neighbour, or joins two things."""
    (a, b), (c, d) = both.where.left, both.where.right
    if both.own in SHOWN or both.reference in SHOWN:
        return False
    conjunctions = _lists(settings)["conjunction"]
    if both.own in conjunctions:
        return False
    if both.reference in conjunctions:
        return True
    own = both.left[a - 1 : b] if a else "", both.left[a : b + 1]
    reference = both.right[c - 1 : d] if c else "", both.right[c : d + 1]
    return all(map(_odd, own)) and (common or not all(map(_odd, reference)))
