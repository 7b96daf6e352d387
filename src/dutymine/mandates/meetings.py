"""Claims of two departments that meet on one thing: how much the meeting weighs, and which meetings come first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from dutymine.links.similarity import Similarity, grams, similarity
from dutymine.mandates.claims import TRANSFER, Claim, owns
from dutymine.mandates.judging import near_acts
from dutymine.mandates.objects import BROADER, NARROWER, SAME, SIBLING, thesaurus
from dutymine.model import Mined
from dutymine.settings import Settings

Place = tuple[int, int]  # a clause: which document, which clause of it

# Tuned on 832 clauses of eleven departments of one city: where pairs stop holding when they are read.
LEAST = 0.15
_KIND = {SAME: 1.0, NARROWER: 0.75, BROADER: 0.75, SIBLING: 0.4}
_WIDE = 0.5
_WIDE_SHARE = 0.25  # of a wide thing: one side does nothing else, the other speaks of it at all
_BASE = 0.15  # what a thing named in passing still is
_CENTRAL, _BY_THE_WAY = 0.5, 0.7  # a broad thing named by the way is hardly the general case
_COMMON = 0.12  # what every further department that speaks of a thing takes from its weight
_OTHER_ACT, _WEAK, _REWARD = 0.75, 0.85, 0.45
_AGAIN, _CLAUSE_AGAIN = 0.88, 0.93  # what every further pair of one thing, of one clause, keeps of its score
_MOST, _MOST_OF_CLAUSE = 30, 12  # pairs of one thing between two departments, of one clause with a department
_MOST_OF_PLACE = 1500  # what nobody reads beyond
_SPECIAL = 0.7  # of the score of the best meeting: then the special duty is what the pair is about
_DIGITS = 6  # so that the order in which floats were added decides nothing


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two claims that meet, the left one of the earlier document."""

    left: Claim
    right: Claim
    kind: str
    alike: float
    score: float

    @property
    def key(self) -> tuple[Place, Place]:
        """The clauses that meet."""
        return place_of(self.left), place_of(self.right)


@dataclass(frozen=True, slots=True)
class Scale:
    """What a meeting is weighed with: likeness of objects and clauses (as character pairs), how many departments speak
    of a thing, types of the departments.
    """

    objects: Similarity
    clauses: Similarity
    said: Mapping[str, frozenset[str]]
    texts: Mapping[Place, frozenset[str]]
    departments: Mapping[str, int]
    types: Sequence[str]


def place_of(claim: Claim) -> Place:
    """The clause of a claim."""
    return claim.document, claim.clause


def scale_of(
    documents: Sequence[Mined], held: Sequence[Claim], texts: Mapping[Place, str], settings: Settings
) -> Scale:
    """The scale of all claims of one place; `texts` are the normal texts of their clauses."""
    speaking: dict[str, set[int]] = defaultdict(set)
    for claim in held:
        speaking[claim.thing].add(claim.document)
    said = {claim.object: grams(claim.object, settings) for claim in held}
    pairs = {place: grams(text, settings) for place, text in texts.items()}
    return Scale(
        similarity(set(said.values())),
        similarity(set(pairs.values())),
        said,
        pairs,
        {thing: len(found) for thing, found in speaking.items()},
        [mined.identity.department_type for mined in documents],
    )


def weighed(left: Claim, right: Claim, kind: str, scale: Scale, settings: Settings) -> Meeting:
    """A meeting with its score: nearness of the things, rarity, how much the objects are about them, acts, wording."""
    wide = thesaurus(settings).wide & {left.thing, right.thing}
    if wide and not _tells(left, right, wide, scale, settings):
        return Meeting(left, right, kind, 0.0, 0.0)
    common = max(scale.departments[left.thing], scale.departments[right.thing]) - 2
    score = _KIND[kind] * (_WIDE if wide else 1.0) / (1 + _COMMON * max(0, common))
    if kind in (BROADER, NARROWER) and (left if kind == BROADER else right).share < _CENTRAL:
        score *= _BY_THE_WAY
    score *= _BASE + (1 - _BASE) * (left.share * right.share) ** 0.5
    score *= 1.0 if near_acts(left, right) else _OTHER_ACT
    score *= _REWARD if (left.power.act_code == TRANSFER) != (right.power.act_code == TRANSFER) else 1.0
    score *= 1.0 if min(left.power.strength, right.power.strength) > 2 else _WEAK
    if score < LEAST:
        return Meeting(left, right, kind, 0.0, 0.0)
    here, there = scale.said[left.object], scale.said[right.object]
    alike = scale.objects.score(here, there) * (min(len(here), len(there)) / max(len(here), len(there), 1)) ** 0.5
    near = scale.clauses.score(scale.texts[place_of(left)], scale.texts[place_of(right)])
    score *= 0.75 + 0.25 * max(alike, near)
    return Meeting(left, right, kind, alike, round(score, _DIGITS))


def _tells(left: Claim, right: Claim, wide: Set[str], scale: Scale, settings: Settings) -> bool:
    """Whether a meeting on a wide thing says anything: both speak of it more than by the way, and who speaks of it as
    the general case (of two who both do: one) has it as its business, by the type of its department or as it reads.
    """
    if min(left.share, right.share) < _WIDE_SHARE or not near_acts(left, right):
        return False
    owners = frozenset().union(*(thesaurus(settings).owners[thing] for thing in wide))
    general = [claim for claim in (left, right) if claim.thing in wide]
    return any(scale.types[claim.document] in owners or owns(claim, settings) for claim in general)


def ranked(found: Iterable[Sequence[Meeting]]) -> list[tuple[float, list[Meeting]]]:
    """Meetings of each pair of clauses, with the pair's score, the best first; more of one thing or clause sinks."""
    pairs = [_headed(meetings) for meetings in found]
    pairs.sort(key=lambda meetings: (-meetings[0].score, meetings[0].key))
    seen: Counter[object] = Counter()
    rows: list[tuple[float, list[Meeting]]] = []
    for meetings in pairs:
        head = meetings[0]
        group = (head.left.document, head.right.document, head.left.thing, head.right.thing)
        partners = [(own, other[0]) for own, other in (head.key, head.key[::-1])]  # a clause, another department
        if seen[group] < _MOST and all(seen[pair] < _MOST_OF_CLAUSE for pair in partners):
            sunk = _AGAIN ** seen[group] * _CLAUSE_AGAIN ** (seen[head.key[0]] + seen[head.key[1]])
            rows.append((head.score * sunk, meetings))
        seen.update((group, *head.key, *partners))
    rows.sort(key=lambda item: (-item[0], item[1][0].key))
    return rows[:_MOST_OF_PLACE]


def _headed(meetings: Sequence[Meeting]) -> list[Meeting]:
    """Meetings of two clauses, the best first; a special duty beside the general one says more than what both name."""
    found = sorted(meetings, key=lambda m: (-m.score, m.left.start, m.right.start))
    held = {m.left.thing for m in found}, {m.right.thing for m in found}
    for meeting in found:
        general, special = (0, meeting.right.thing) if meeting.kind == BROADER else (1, meeting.left.thing)
        only = meeting.kind in (BROADER, NARROWER) and special not in held[general]
        if only and meeting.score >= _SPECIAL * found[0].score:
            return [meeting, *(m for m in found if m is not meeting)]
    return found
