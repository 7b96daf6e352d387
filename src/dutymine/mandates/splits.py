"""Where a clause itself says how departments share a thing: 会同…, 配合…, …按职责分工, 由…负责."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from dutymine.lexicon import DepartmentRow, WordRow, rows
from dutymine.model import Identity
from dutymine.settings import Settings
from dutymine.text import fold, squeeze

LEADS, ASSISTS, GIVES, SHARES = "leads", "assists", "gives", "shares"
_OFFICE = re.compile(r"(?:管理)?(?:局|委员会|委|办公室|厅|部)$")
_ENDS = r"(?:行政)?(?:主管|管理|执法)?(?:部门|机关|机构|局|委|办|厅)"
_SENTENCE = re.compile(r"[^。；;\n]+")


@dataclass(frozen=True, slots=True)
class Split:
    """What a sentence says about another department, with the sentence."""

    kind: str
    sentence: str


def stated(text: str, other: Identity, settings: Settings) -> tuple[Split, ...]:
    """Splits with another department that a clause states."""
    patterns = _patterns(other.department_type, settings)
    sentences = _SENTENCE.findall(fold(squeeze(text)))
    return tuple(Split(kind, s) for s in sentences for kind, pattern in patterns if pattern.search(s))


@cache
def _patterns(department_type: str, settings: Settings) -> Sequence[tuple[str, re.Pattern[str]]]:
    names = _names(department_type, settings)
    if not names:
        return ()
    name = f"(?:{'|'.join(map(re.escape, sorted(names, key=len, reverse=True)))})"
    listed = rf"[^，,。;]{{0,24}}?{name}(?:、[^，,。;]{{0,20}}?|和[^，,。;]{{0,10}}?|与[^，,。;]{{0,10}}?|等)?{_ENDS}"
    return (
        (ASSISTS, re.compile(rf"(?:配合|协助|协同){listed}")),
        (LEADS, re.compile(rf"(?:会同|商|联合){listed}|{name}{_ENDS}?[^，,。;]{{0,12}}?(?:配合|协助)")),
        (GIVES, re.compile(rf"由{listed}[^，,。;]{{0,6}}?(?:负责|承担|牵头|审批|批准|许可|核发|实施|办理|查处|处罚)")),
        (
            SHARES,
            re.compile(
                rf"{name}(?:、[^，,。;]{{0,20}}?)?{_ENDS}?(?:应当)?(?:按照?各?自?的?职责(?:分工)?|分别)|与{listed}的?职责分工"
            ),
        ),
    )


def _names(department_type: str, settings: Settings) -> set[str]:
    """What the line of a type is called: its names without 局 and the like, and the rows `line:`."""
    found = {
        s
        for row in rows("relation_words", WordRow, settings)
        if row.name == f"line:{department_type}"
        for s in row.surfaces
    }
    for row in rows("departments", DepartmentRow, settings):
        if row.type == department_type:
            found |= {_OFFICE.sub("", surface) for surface in row.surfaces}
    return {name for name in found if len(name) > 1}
