"""What a sum of money is: the role its label names, in the section it stands in."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from dutymine.lexicon import RoleRow, WordRow, rows
from dutymine.model import AmountRole, SectionKind
from dutymine.settings import Settings

_CHANGES = {
    AmountRole.EXPENDITURE_BASIC: AmountRole.CHANGE_BASIC,
    AmountRole.EXPENDITURE_PROJECT: AmountRole.CHANGE_PROJECT,
    AmountRole.INCOME_TOTAL: AmountRole.CHANGE_TOTAL,
    AmountRole.EXPENDITURE_TOTAL: AmountRole.CHANGE_TOTAL,
}
# Sections that speak of spending: a fund named there (`机关运行经费一般公共预算拨款`) is where the money comes from.
_SPENDING = frozenset(
    {SectionKind.AGENCY_RUNNING, SectionKind.THREE_PUBLIC, SectionKind.PROCUREMENT, SectionKind.ASSETS}
)
_CHANGE_END = r"了?(?:额)?(?:为|共|约|计)?[:]?$"


_REMEMBERED = 1 << 15  # labels come again from document to document


@dataclass(frozen=True, slots=True)
class Cue:
    """A label word that was found: its role, fund and where it ends in the label."""

    role: AmountRole
    fund: str
    start: int
    end: int


@cache
def _table(settings: Settings) -> tuple[dict[str, list[str]], dict[str, dict[str, RoleRow]]]:
    """Role words by their first character, the longest first, and their rows by section."""
    by_surface: dict[str, dict[str, RoleRow]] = {}
    for row in rows("roles", RoleRow, settings):
        for surface in row.surfaces:
            by_surface.setdefault(surface, {})[row.scope] = row
    by_first: dict[str, list[str]] = defaultdict(list)
    for surface in sorted(by_surface, key=len, reverse=True):
        by_first[surface[0]].append(surface)
    return dict(by_first), by_surface


def _held(label: str, by_first: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, int]]:
    """The longest role word at each place of a label, and the place."""
    for start, sign in enumerate(label):
        for surface in by_first.get(sign, ()):
            if label.startswith(surface, start):
                yield surface, start
                break


@lru_cache(maxsize=_REMEMBERED)
def cue(label: str, section: SectionKind, settings: Settings) -> Cue | None:
    """The role word of a squeezed label that ends last, the longer one of two; None where there is none."""
    by_first, by_surface = _table(settings)
    best: Cue | None = None
    named = False  # `公务接待费支出决算`: the item's own name, whatever general word stands behind it
    for surface, start in _held(label, by_first):
        scopes, end = by_surface[surface], start + len(surface)
        row = scopes.get(str(section)) or scopes.get("")
        if row is None or (section in _SPENDING and row.role.startswith("income_")):
            continue
        is_item = section is SectionKind.THREE_PUBLIC and not row.scope and row.role.startswith("three_public")
        if named and not is_item:
            continue
        if best is None or end > best.end or (end == best.end and start < best.start):
            named = named or is_item
            best = Cue(AmountRole(row.role), row.fund, start, end)
    return best


@cache
def _change(settings: Settings) -> tuple[tuple[re.Pattern[str], str], ...]:
    lists = words(settings)
    result = []
    for name, direction in (("either", "0"), ("plus", "+"), ("minus", "-")):
        surfaces = "|".join(re.escape(surface) for surface in sorted(lists[name], key=len, reverse=True))
        result.append((re.compile(rf"(?<!新)(?:{surfaces}){_CHANGE_END}"), direction))
    return tuple(result)


@cache
def words(settings: Settings) -> dict[str, tuple[str, ...]]:
    """Word lists around sums of money, by name."""
    return {row.name: row.surfaces for row in rows("amount_words", WordRow, settings)}


@lru_cache(maxsize=_REMEMBERED)
def change_word(label: str, settings: Settings) -> str:
    """`+`, `-` or `0` where a squeezed label ends in a word of change (`较上年增加`), else an empty string."""
    return next((direction for pattern, direction in _change(settings) if pattern.search(label)), "")


def change_role(subject: AmountRole | None, section: SectionKind) -> AmountRole:
    """The role of a change of what its label names or the sentence spoke of; of the whole budget where nothing is
    named.
    """
    if subject in _CHANGES:
        return _CHANGES[subject]
    if section in (SectionKind.THREE_PUBLIC, SectionKind.AGENCY_RUNNING, SectionKind.PROCUREMENT, SectionKind.ASSETS):
        return AmountRole.CHANGE_OTHER
    if subject is None or subject is AmountRole.OTHER:
        return AmountRole.CHANGE_TOTAL
    return AmountRole.CHANGE_OTHER
