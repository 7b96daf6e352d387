"""Powers of duty clauses: what a department may do to what, each act on each object of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from dutymine.duties.grammar import Frame, frames
from dutymine.model import Clause, Document, Power
from dutymine.settings import Settings
from dutymine.text import Span

_OWN = re.compile(r"主管部门|行政部门|县级以上|人民政府|[本我该]|有关部门|业务科室|部门$|办公室$|中心$")
_PLACE = re.compile(r"^(?:由|应当)?(?:[^省市区县旗州盟]{0,3}[省市区县旗州盟])*")


def powers(
    document: Document, quiet: str, clauses: Sequence[Clause], department: str, settings: Settings
) -> tuple[Power, ...]:
    """Powers of all clauses in order; those a clause gives to another body than `department` are left out."""
    result: list[Power] = []
    for index, clause in enumerate(clauses):
        text, places = kept(document, quiet, clause.start, clause.end)
        for frame in frames(text, settings):
            if _ours(text[slice(*frame.subject)], department):
                result.append(_power(document, places, index, frame))
    return tuple(result)


def kept(document: Document, quiet: str, start: int, end: int) -> tuple[str, Sequence[int]]:
    """The folded text of a span without white space and without what `quiet` blanks, and where each character stood."""
    folded = document.folded
    if len(quiet[start:end].split(maxsplit=1)) == 1 and not (quiet[start].isspace() or quiet[end - 1].isspace()):
        return folded[start:end], range(start, end)
    places = [i for i in range(start, end) if not quiet[i].isspace()]
    return "".join(folded[i] for i in places), places


def _ours(subject: str, department: str) -> bool:
    """Whether the subject of a phrase is the department itself: unnamed, general, or by its own name."""
    if not subject or not (subject.startswith("由") or re.search(r"[局委厅院署]$|公安机关$|政府$", subject)):
        return True
    name = _PLACE.sub("", subject)
    rest: Iterator[str] = iter(department)
    named = bool(department) and all(char in rest for char in name)
    return len(name) < 2 or named or (not subject.startswith("由") and _OWN.search(subject) is not None)


def _power(document: Document, places: Sequence[int], clause: int, frame: Frame) -> Power:
    def told(span: Span) -> str:
        return "".join(document.text[i] for i in places[slice(*span)])

    return Power(
        clause=clause,
        act=told(frame.act),
        act_code=frame.code,
        strength=frame.strength,
        role=frame.role,
        object=told(frame.object),
        scope=told(frame.scope),
        actors=told(frame.actors),
        basis=told(frame.basis).rstrip("，,"),
        start=places[frame.span[0]],
        end=places[frame.span[1] - 1] + 1,
    )
