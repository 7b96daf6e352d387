"""What is said of a deviation and of a missing duty, in Chinese, for a person who decides."""

from __future__ import annotations

from dutymine.mandates.comparison import Missing
from dutymine.mandates.normal import shown
from dutymine.mandates.slots import SLOT_NAMES
from dutymine.mandates.templates import Deviation, Template

_SHORT = 40


def deviation_message(found: Deviation, text: str, of: Template) -> str:
    """One sentence on a deviation of the normal `text`: what differs, how many have the other reading, what to do."""
    own, other = shown(text[slice(*found.own)]), shown(found.reference)
    part = SLOT_NAMES[found.slot]
    if found.kind == "suspected_defect":
        said = f"“{own}”，同类职责作“{other}”" if own and other else f"多出“{own}”" if own else f"缺“{other}”"
        return f"疑似差错：{said}，建议核对原文"
    share = f"{of.clauses}条同类职责中{round(found.support * of.clauses)}条"
    if own and other:
        said = f"{part}作“{own}”，{share}作“{other}”"
    else:
        said = f"{part}多出“{own}”，{share}没有" if own else f"{part}缺少“{other}”，{share}有"
    return f"{said}；可能是疏漏，也可能是有意调整，建议核对三定规定"


def added_message(departments: int) -> str:
    """One sentence on a duty that none of the peers has."""
    return f"{departments}个同类部门中仅本部门有此项职责；可能是当地另行赋予，建议核对三定规定"


def missing_message(found: Missing, text: str) -> str:
    """One sentence on a duty that peers have."""
    said = text if len(text) <= _SHORT else f"{text[:_SHORT]}…"
    share = f"{found.documents}个同类部门中{found.peers}个"
    return f"{share}有此项职责而本文未见：“{said}”；可能由其他部门承担，建议核对三定规定"
