"""Templates: the consensus wording of a family of clauses, and what each member has, lacks or changes against it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate

from dutymine.mandates.alignment import Difference, differences
from dutymine.mandates.normal import Normal, shown
from dutymine.mandates.slots import ACT, ROLE, WORDING, Sides, authority, sides, slip, slot, turned
from dutymine.model import Severity
from dutymine.settings import Settings
from dutymine.text import Span, squeeze

OMISSION, ADDITION, SUBSTITUTION, DEFECT = "omission", "addition", "substitution", "suspected_defect"
_MAJORITY = 0.5
_MANY, _COMMON = 4, 0.75  # clauses, and the share of them, that show a rare character to be a slip
_LIKE = 0.9  # share of equal characters of a copy that differs in no slot


@dataclass(frozen=True, slots=True)
class Reading:
    """What some members have in the place `span` of the consensus: the words, and how many clauses carry them."""

    span: Span
    words: str
    clauses: int


@dataclass(frozen=True, slots=True)
class Template:
    """The consensus `text` of `clauses` clauses; `names` is what the department type is called.

    `edits` lead from the medoid's text to the consensus, `rivals` are readings as frequent as the consensus where it
    has no majority; `replaced` counts, for each character, the clauses that have something else there, `widened`, for
    each gap, those that have something more.
    """

    text: str
    clauses: int
    names: str
    edits: tuple[Reading, ...]
    rivals: tuple[Reading, ...]
    replaced: tuple[int, ...]
    widened: tuple[int, ...]

    def support(self, span: Span) -> float:
        """Share of the clauses that carry the consensus at a place of it."""
        start, end = span
        others = max(self.replaced[start:end]) if start < end else self.widened[start]
        return 1 - others / self.clauses


@dataclass(frozen=True, slots=True)
class Deviation:
    """One deviation: `own` is the span in the member's normal text, `reference` the words of the other reading."""

    kind: str
    slot: str
    own: Span
    reference: str
    support: float
    severity: Severity


def template(members: Mapping[str, int], medoid: str, names: str, settings: Settings) -> Template:
    """The template of distinct normal texts (with their numbers of clauses) around their medoid."""
    found = _counted(members, medoid, names, settings)
    edits = _better(found, settings)
    if not edits:
        return found
    text = medoid
    for reading in reversed(edits):
        text = text[: reading.span[0]] + reading.words + text[reading.span[1] :]
    again = _counted(members, text, names, settings)
    return Template(text, again.clauses, names, tuple(edits), again.rivals, again.replaced, again.widened)


def _counted(members: Mapping[str, int], text: str, names: str, settings: Settings) -> Template:
    """The template with this text: what its members have elsewhere, counted."""
    readings: Counter[tuple[Span, str]] = Counter()
    replaced, widened = [0] * (len(text) + 1), [0] * (len(text) + 1)
    for member, clauses in members.items():
        for item in differences(member, text, settings):
            start, end = item.right
            readings[item.right, member[slice(*item.left)]] += clauses
            if start == end:
                widened[start] += clauses
            replaced[start] += clauses if start < end else 0
            replaced[end] -= clauses if start < end else 0
    total = sum(members.values())
    counted = Template(text, total, names, (), (), tuple(accumulate(replaced)), tuple(widened))
    rivals = tuple(
        Reading(span, words, clauses)
        for (span, words), clauses in sorted(readings.items())
        if counted.support(span) <= max(_MAJORITY, clauses / total) and clauses / total >= counted.support(span) - 1e-9
    )
    return Template(text, total, names, (), rivals, counted.replaced, counted.widened)


def _better(found: Template, settings: Settings) -> list[Reading]:
    """Rivals that stand for the consensus: more clauses have them, or as many and the medoid's own words are a slip."""
    chosen: list[Reading] = []
    end = -1
    for rival in found.rivals:
        ahead = rival.clauses / found.clauses > found.support(rival.span) + 1e-9
        if rival.span[0] > end and (ahead or slip(_against(found, rival), settings)):
            chosen.append(rival)
            end = rival.span[1]
    return chosen


def _against(found: Template, rival: Reading) -> Sides:
    """The consensus as own side beside a rival reading as reference."""
    start, end = rival.span
    other = found.text[:start] + rival.words + found.text[end:]
    where = Difference(rival.span, (start, start + len(rival.words)))
    return sides(found.text, other, where, found.names)


def deviations(text: str, of: Template, settings: Settings) -> list[Deviation]:
    """Deviations of a member's normal text in order; where no reading has a majority also those from its rivals."""
    found = differences(text, of.text, settings)
    result = [_deviation(sides(text, of.text, item, of.names), of, of.support(item.right), settings) for item in found]
    for rival in of.rivals:
        if any(_touch(item.right, rival.span) for item in found):
            continue
        both = _against(of, rival)
        # The rival is the slip: that is told of those who have it.
        if not slip(turned(both), settings):
            moved = sum(_growth(item) for item in found if item.right[1] <= rival.span[0])
            own = rival.span[0] + moved, rival.span[1] + moved
            told = _deviation(both, of, rival.clauses / of.clauses, settings)
            result.append(Deviation(told.kind, told.slot, own, told.reference, told.support, told.severity))
    return sorted(result, key=lambda item: item.own)


def _touch(left: Span, right: Span) -> bool:
    return left[0] <= right[1] and right[0] <= left[1]


def _growth(item: Difference) -> int:
    return (item.left[1] - item.left[0]) - (item.right[1] - item.right[0])


def _deviation(both: Sides, of: Template, support: float, settings: Settings) -> Deviation:
    kind = SUBSTITUTION if both.own and both.reference else ADDITION if both.own else OMISSION
    part = slot(both, settings)
    if slip(both, settings, of.clauses >= _MANY and support >= _COMMON):
        kind, part = DEFECT, WORDING
    severity = _severity(kind, part, authority(both, settings))
    return Deviation(kind, part, both.where.left, both.reference, support, severity)


def _severity(kind: str, part: str, strength: int) -> Severity:
    """Error never: a county may have been given less. Warning where a power to decide, own or lead is at stake."""
    if kind == DEFECT or part == ROLE or (part == ACT and strength >= 4):
        return Severity.WARNING
    return Severity.HINT


def relation_text(text: str, of: Template, found: list[Deviation]) -> str:
    """How near a member's wording is to the template (and, without a majority, to its rivals)."""
    if not found:
        return "identical"
    changed = sum(max(item.own[1] - item.own[0], len(item.reference)) for item in found)
    touched = any(item.slot != WORDING for item in found)
    return "slot_edit" if touched or changed > (1 - _LIKE) * max(len(text), len(of.text)) else "near_verbatim"


def displayed(source: str, normal: Normal, of: Template) -> str:
    """The consensus wording with punctuation and shown slots, from the medoid's own text normalised by itself."""
    parts: list[str] = []
    replaced = {reading.span[0]: reading for reading in of.edits}
    at = last = 0
    while at < len(normal.text) or at in replaced:
        reading = replaced.pop(at, None)
        if reading is not None:
            parts.append(shown(reading.words))
            at = reading.span[1]
            if reading.span[0] < at:
                last = normal.ends[at - 1]
            continue
        parts += [source[last : normal.starts[at]], shown(normal.text[at])]
        last = normal.ends[at]
        at += 1
    return squeeze("".join([*parts, source[last:]]))
