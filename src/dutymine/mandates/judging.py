"""What two claims on one thing, or on two neighbouring things, are to each other."""

from __future__ import annotations

import re

from dutymine.mandates.claims import Claim
from dutymine.mandates.objects import BROADER, NARROWER, SAME, SIBLING
from dutymine.mandates.splits import GIVES

Splits = tuple[frozenset[str], frozenset[str]]  # what either side says about the other

DUPLICATION, OVERLAP, FRAGMENTATION = "duplication", "overlap", "fragmentation"
SPLIT, CONFLICT, SPECIAL = "complementary_split", "contradictory_authority", "general_special"

# Acts that do the same kind of thing to an object: control it, make rules and push others, provide.
_FAMILIES = (
    frozenset({"A03", "A04", "A05", "A17"}),
    frozenset({"A01", "A02", "A16"}),
    frozenset({"A06", "A08", "A13", "A14"}),
)
_UNSAID, _PUNISH = "A00", "A04"
_MANDATE = frozenset({"A00", "A01", "A02", "A03", "A06", "A13"})  # acts of a mandate, of which law can carve a part out
_APPROVE, _DECIDES = "A05", 5
_CENTRAL = 0.5  # the object is this thing, the rest only says which
_NAMED = 0.3  # the object is this thing among others
_STAGE = re.compile("生产|经营|运输|储存|销售|使用|收购|进口|购买|燃放|设计|施工|验收|登记|回收|处置")
_WHOLE = 0.7  # the object is hardly anything but this thing
_EQUAL = 0.65  # the objects say nothing else
_ALIKE = 0.5  # the objects say the same beside it
_OVERALL = re.compile("^综合(?!执法|行政执法)|综合(?:协调|管理|监管|监督管理)?$")


def relation(left: Claim, right: Claim, kind: str, alike: float, splits: Splits) -> tuple[str, ...]:
    """Codes of the axis `relation`, the gravest last; `kind` is how the things stand, `alike` how near objects are."""
    if kind == SAME and GIVES in splits[0] & splits[1]:  # each says that the other one does it
        return (CONFLICT,)
    if kind == SAME and _conflict(left, right, alike):
        return (DUPLICATION, CONFLICT) if left.power.act_code == _APPROVE else (CONFLICT,)
    codes, least = {left.power.act_code, right.power.act_code}, min(left.share, right.share)
    assists = (left.power.role == "assist") != (right.power.role == "assist")
    if any(splits) or (assists and kind == SAME and least >= _CENTRAL):
        return (SPLIT,)
    if kind in (BROADER, NARROWER):
        whole = near_acts(left, right) or _overall(left if kind == BROADER else right)
        if codes <= _MANDATE and least >= _CENTRAL and whole and one_stage(left, right):
            return (SPECIAL,)
        return (OVERLAP,) if len(codes) == 1 and least >= _NAMED else (FRAGMENTATION,)
    if kind == SIBLING:
        return (FRAGMENTATION,)
    if codes <= _MANDATE and (_carved(left, right) or _carved(right, left)):
        return (SPECIAL,)
    central = least >= _CENTRAL
    same = left.power.act_code == right.power.act_code != _UNSAID
    near = abs(left.power.strength - right.power.strength) <= 1
    if same and near and least >= _WHOLE and alike >= _EQUAL and one_stage(left, right):
        return (DUPLICATION,)
    if near_acts(left, right) and (central or alike >= _ALIKE or (same and least >= _NAMED)):
        return (OVERLAP,)
    return (FRAGMENTATION,)


def near_acts(left: Claim, right: Claim) -> bool:
    """Whether both do the same kind of thing; who is in charge without saying how does all but punish."""
    codes = {left.power.act_code, right.power.act_code}
    in_charge = _UNSAID in codes and _PUNISH not in codes
    return len(codes) == 1 or in_charge or any(codes <= family for family in _FAMILIES)


def _carved(general: Claim, special: Claim) -> bool:
    """Whether one side has the thing as a whole and says so, and the other one a part of it (水利行业安全生产)."""
    return _overall(general) and not _overall(special) and special.share < 1


def _overall(claim: Claim) -> bool:
    """Whether a mandate is for all of a thing, beside those for its parts: 综合监督管理, 综合管理."""
    return bool(_OVERALL.search(claim.power.act) or _OVERALL.search(claim.object))


def one_stage(left: Claim, right: Claim) -> bool:
    """Whether two objects may be at one stage of a thing's life; 运输 and 经营 of fireworks are not."""
    here, there = set(_STAGE.findall(left.object)), set(_STAGE.findall(right.object))
    return not here or not there or bool(here & there)


def _conflict(left: Claim, right: Claim, alike: float) -> bool:
    """Whether both decide on one application, or both lead the same work."""
    if min(left.share, right.share) < _CENTRAL or not one_stage(left, right):
        return False
    both = (left.power, right.power)
    if all(power.role == "lead" for power in both):
        return True
    approve = all(power.act_code == _APPROVE and power.strength >= _DECIDES for power in both)
    return approve and (alike >= _ALIKE or left.surface == right.surface)
