"""How two departments stand to each other: what decides which relations between their clauses may be named at all."""

from __future__ import annotations

from functools import lru_cache

from dutymine.facts.places import Place, chain
from dutymine.model import Identity, Mined
from dutymine.text import fold

SAME_UNIT = "same_unit_other_year"
OTHER_PLACE = "same_type_other_place"
OTHER_LEVEL = "same_line_other_level"
SAME_PLACE = "same_place_other_department"
SAME_DOCUMENT = "same_document"
UNRELATED = "unrelated"


def context(left: Mined, right: Mined) -> str:
    """A code of the axis `context` for two documents.

    Two publications of one department for one year (budget and final accounts, say) speak as one document.
    """
    if left.document.doc_id == right.document.doc_id:
        return SAME_DOCUMENT
    return between(left.identity, right.identity)


def between(left: Identity, right: Identity) -> str:
    """The context of two identities of different documents; what is not known never makes two places one."""
    if same_unit(left, right):
        return SAME_DOCUMENT if left.fiscal_year == right.fiscal_year else SAME_UNIT
    if same_place(left, right):
        return SAME_PLACE
    if not left.department_type or left.department_type != right.department_type:
        return UNRELATED
    return OTHER_PLACE if left.level == right.level else OTHER_LEVEL


def same_unit(left: Identity, right: Identity) -> bool:
    """Whether two documents come from one department, under any of its names (网信办 in two spellings)."""
    if left.department and _folded(left.department) == _folded(right.department):
        return True
    return bool(left.department_type) and left.department_type == right.department_type and same_place(left, right)


_folded = lru_cache(maxsize=10_000)(fold)


def same_place(left: Identity, right: Identity) -> bool:
    """Whether two departments serve one place at one level: every name both state agrees, and the lowest is stated."""
    if left.level != right.level:
        return False
    here, there = place(left), place(right)
    lowest = {"province": 0, "city": 1, "county": 2, "township": 3}.get(left.level)
    if left.level == "national":
        return True
    if lowest is None or not here[lowest] or here[lowest] != there[lowest]:
        return False
    return all(a == b for a, b in zip(here[:lowest], there[:lowest], strict=True) if a and b)


def place(who: Identity) -> tuple[str, str, str, str]:
    """Province, city, county and township of an identity, folded; empty where it does not say."""
    return _place(who.province, who.city, who.county, who.department)


@lru_cache(maxsize=10_000)
def _place(province: str, city: str, county: str, department: str) -> tuple[str, str, str, str]:
    written: Place = chain(fold(department))
    return fold(province), fold(city), fold(county), written.town


def place_key(who: Identity) -> str:
    """A blocking key: departments for which `same_place` holds have the same one; empty where the place is not stated.

    It is the lowest name alone, for of two documents of one county often only one names its city as well.
    """
    lowest = {"province": 0, "city": 1, "county": 2, "township": 3}.get(who.level)
    if lowest is None:
        return who.level
    name = place(who)[lowest]
    return f"{who.level}:{name}" if name else ""
