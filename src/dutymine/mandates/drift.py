"""What changed in one department from one year to the next: duties, sums, indicators, targets, institutions."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from dutymine.mandates.context import place_key
from dutymine.mandates.drift_counts import counts
from dutymine.mandates.drift_duties import duties
from dutymine.mandates.drift_figures import conflicts, sums
from dutymine.mandates.drift_lists import indicators, institutions
from dutymine.mandates.shift import Shift
from dutymine.model import DocumentKind, Mined
from dutymine.settings import Settings
from dutymine.text import fold, squeeze

# department, from_doc, to_doc, from_year, to_year, kind, item, old, new, message
Row = tuple[str, str, str, int, int, str, str, str, str, str]
_YEARS = re.compile(r"(?:19|20)\d\d")
_PART = re.compile("本级")


def drift(documents: Iterable[Mined], settings: Settings) -> Iterator[Row]:
    """Rows of `drift` for the documents of one place (or of many): each document against the one before it."""
    for earlier, later in successions(documents):
        head = (later.identity.department, earlier.document.doc_id, later.document.doc_id)
        years = (earlier.identity.fiscal_year or 0, later.identity.fiscal_year or 0)
        for shift in shifts(earlier, later, settings):
            yield (*head, *years, shift.kind, shift.item, shift.old, shift.new, shift.message)


def shifts(earlier: Mined, later: Mined, settings: Settings) -> Iterator[Shift]:
    """Everything that changed between two documents of one department."""
    yield from duties(earlier, later, settings)
    if earlier.identity.kind is later.identity.kind:
        yield from sums(earlier, later, settings)
        yield from conflicts(earlier, later, settings)
    yield from indicators(earlier, later, settings)
    yield from institutions(earlier, later, settings)
    yield from counts(earlier, later)


def successions(documents: Iterable[Mined]) -> Iterator[tuple[Mined, Mined]]:
    """Each document that has one of an earlier year of its department, with that one, in order of department and year.

    It is the latest of its own kind (budget, final accounts), else the latest of any that may stand for it.
    """
    units: dict[str, list[Mined]] = defaultdict(list)
    for mined in documents:
        key = _unit(mined)
        if key and mined.identity.fiscal_year is not None:
            units[key].append(mined)
    for _, found in sorted(units.items()):
        found.sort(key=lambda mined: (mined.identity.fiscal_year, mined.document.doc_id))
        for later in found:
            earlier = _before(later, found)
            if earlier is not None:
                yield earlier, later


def _unit(mined: Mined) -> str:
    who = mined.identity
    place = place_key(who)
    return f"{place}|{who.department_type}" if place and who.department_type else fold(who.department)


def _before(later: Mined, found: Sequence[Mined]) -> Mined | None:
    who = later.identity
    earlier = [
        mined
        for mined in found
        if (mined.identity.fiscal_year or 0) < (who.fiscal_year or 0) and _stands_for(mined, later)
    ]
    return max(
        earlier,
        key=lambda mined: (
            mined.identity.kind is who.kind,
            mined.identity.fiscal_year,
            fold(mined.identity.department) == fold(who.department),
            _title(mined) == _title(later),
            len(mined.document.text),
            mined.document.doc_id,
        ),
        default=None,
    )


def _stands_for(earlier: Mined, later: Mined) -> bool:
    """Whether two documents speak for the same: a budget of the office alone says nothing of one with all its units,
    and a list of responsibilities, in another grain than the rest, is compared with its like only.
    """
    kinds = (earlier.identity.kind, later.identity.kind)
    if bool(_PART.search(earlier.identity.title)) != bool(_PART.search(later.identity.title)):
        return False
    return kinds[0] is kinds[1] or DocumentKind.RESPONSIBILITY_LIST not in kinds


def _title(mined: Mined) -> str:
    return _YEARS.sub("", squeeze(fold(mined.identity.title)))
