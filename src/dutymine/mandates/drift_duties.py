"""Duties that are new, gone or changed between two documents of one department; numbers and place words never count."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from dutymine.mandates.copies import changes
from dutymine.mandates.normal import normal_text, shown, voice
from dutymine.mandates.pairing import pairings
from dutymine.mandates.shift import Shift, short, year
from dutymine.mandates.slots import SLOT_NAMES
from dutymine.model import Mined
from dutymine.settings import Settings

_HEAD = re.compile("[，。；：,;:]")
_MOST = 4  # differences a message tells
_CHECK = "可能是职能调整，也可能是表述变化，建议核对三定规定"


def duties(earlier: Mined, later: Mined, settings: Settings) -> Iterator[Shift]:
    """Changes of duties; none where one of both documents states no duties at all."""
    if not earlier.clauses or not later.clauses:
        return
    before, after = (_normals(mined, settings) for mined in (earlier, later))
    for pairing in pairings(before, after):
        old, new = _texts(earlier, pairing.left), _texts(later, pairing.right)
        if not pairing.left:
            message = f"{year(later)}新增职责“{short(new)}”，{year(earlier)}未见；{_CHECK}"
            yield Shift("clause_added", _about(new), "", new, message)
        elif not pairing.right:
            message = f"{year(earlier)}职责“{short(old)}”在{year(later)}未见；{_CHECK}"
            yield Shift("clause_removed", _about(old), old, "", message)
        else:
            left, right = "".join(before[i] for i in pairing.left), "".join(after[j] for j in pairing.right)
            if left != right:
                told = _told(left, right, later.identity.department_type, settings)
                told += _powers(earlier, later, pairing.left, pairing.right)
                message = f"{year(later)}职责较{year(earlier)}有改动：{'；'.join(told)}；{_CHECK}"
                yield Shift("clause_changed", _about(new), old, new, message)


def _normals(mined: Mined, settings: Settings) -> list[str]:
    whose = voice(mined)
    return [normal_text(clause.text, whose, settings) for clause in mined.clauses]


def _texts(mined: Mined, indexes: Sequence[int]) -> str:
    return "".join(mined.clauses[i].text for i in indexes)


def _about(text: str) -> str:
    return short(_HEAD.split(text, maxsplit=1)[0])


def _told(left: str, right: str, names: str, settings: Settings) -> list[str]:
    """The differences by slot, as the earlier and the later text have them."""
    told = []
    for change in changes(left, right, names, settings):
        old, new = shown(left[slice(*change.where.left)]), shown(right[slice(*change.where.right)])
        part = SLOT_NAMES[change.slot]
        said = f"由“{old}”改为“{new}”" if old and new else f"删去“{old}”" if old else f"增加“{new}”"
        told.append(part + said)
    return told if len(told) <= _MOST else [*told[:_MOST], f"另有{len(told) - _MOST}处"]


def _powers(earlier: Mined, later: Mined, left: Sequence[int], right: Sequence[int]) -> list[str]:
    """Powers gained and lost: acts on objects that only one of both texts has."""
    old, new = ({(p.act, p.object) for p in m.powers if p.clause in at} for m, at in ((earlier, left), (later, right)))
    acts = ({act for act, _ in old}, {act for act, _ in new})
    lost, gained = ("、".join(sorted(found)) for found in (acts[0] - acts[1], acts[1] - acts[0]))
    return [*([f"权力动词减少{lost}"] if lost else []), *([f"权力动词增加{gained}"] if gained else [])]
