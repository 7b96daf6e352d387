"""Duties of two departments of one place that meet on one thing: duplication, overlap, fragmentation, split, conflict.

What decides is what both may do to the thing (act, strength, role), not how alike the words are: two departments rarely
say the same, and the same words may speak of other things.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations, product

from dutymine.links.similarity import Similarity, grams, similarity
from dutymine.mandates import judging
from dutymine.mandates.claims import TRANSFER, Claim, claims, owns
from dutymine.mandates.context import OTHER_LEVEL, SAME_PLACE, context, place, same_unit
from dutymine.mandates.normal import boilerplate, clause_normal, voice
from dutymine.mandates.objects import BROADER, NARROWER, SAME, SIBLING, thesaurus
from dutymine.mandates.splits import stated
from dutymine.mandates.unnamed import unnamed
from dutymine.mandates.wording import message
from dutymine.model import Mined
from dutymine.settings import Settings
from dutymine.text import Span, fold

Place = tuple[int, int]  # a clause: which document, which clause of it

# Tuned on 832 clauses of eleven departments of one city: where pairs stop holding when they are read.
_LEAST = 0.15
_KIND = {SAME: 1.0, NARROWER: 0.75, BROADER: 0.75, SIBLING: 0.4}
_WIDE = 0.5
_WIDE_SHARE = 0.25  # of a wide thing: one side does nothing else, the other speaks of it at all
_BASE = 0.15  # what a thing named in passing still is
_CENTRAL, _BY_THE_WAY = 0.5, 0.7  # a broad thing named by the way is hardly the general case
_COMMON = 0.12  # what every further department that speaks of a thing takes from its weight
_OTHER_ACT, _WEAK, _REWARD = 0.75, 0.85, 0.45
_AGAIN, _CLAUSE_AGAIN = 0.88, 0.93  # what every further pair of one thing, of one clause, keeps of its score
_MOST, _MOST_OF_CLAUSE = 30, 12  # pairs of one thing between two departments, of one clause with a department
_SPECIAL = 0.7
_NAMES = 3  # of the things that two clauses share
_DIGITS = 6  # so that the order in which floats were added decides nothing
_LEVELS = ("", "national", "province", "city", "county", "township")
_VERBATIM, _EDIT, _RUN = 0.9, 0.75, 20


@dataclass(frozen=True, slots=True)
class Relation:
    """A row of the pairs; documents and clauses as indexes, evidence as the span of the power on either side."""

    left: Place
    right: Place
    context: str
    text: str
    relation: tuple[str, ...]
    similarity: float
    thing: str
    score: float
    message: str
    evidence: tuple[Span, Span]


@dataclass(frozen=True, slots=True)
class _Meeting:
    """Two claims that meet, the left one of the earlier document."""

    left: Claim
    right: Claim
    kind: str
    alike: float
    score: float

    @property
    def key(self) -> tuple[Place, Place]:
        return _place(self.left), _place(self.right)


@dataclass(frozen=True, slots=True)
class _Scale:
    """What a meeting is weighed with: likeness of objects and clauses, departments that speak of a thing, types."""

    objects: Similarity
    clauses: Similarity
    texts: Mapping[Place, str]
    departments: Mapping[str, int]
    types: Sequence[str]


def relations(documents: Sequence[Mined], settings: Settings) -> tuple[Relation, ...]:
    """Relations between clauses of the documents of one place, the surest first.

    Documents of superiors may stand among them: their clauses count where they name the lower place. Pairs of other
    contexts are passed over, and so are catch-all and compliance clauses.
    """
    texts = _texts(documents, settings)
    found = (claim for number, mined in enumerate(documents) for claim in claims(number, mined, settings))
    held = [claim for claim in (*found, *unnamed(documents, settings)) if _place(claim) in texts]
    scale = _scale(documents, held, texts, settings)
    contexts = _contexts(documents, sorted({number for number, _ in texts}))
    best: dict[tuple[Place, Place], list[_Meeting]] = defaultdict(list)
    for meeting in _meetings(documents, held, contexts, scale, settings):
        best[meeting.key].append(meeting)
    rows = _ranked(best.values())
    return tuple(_row(documents, contexts, texts, row, settings) for row in rows)


def _place(claim: Claim) -> Place:
    return claim.document, claim.clause


def _texts(documents: Sequence[Mined], settings: Settings) -> dict[Place, str]:
    """Normal texts of the clauses that say something of their own."""
    found: dict[Place, str] = {}
    for number, mined in enumerate(documents):
        if any(_speaks_for(other, mined, earlier=n < number) for n, other in enumerate(documents) if n != number):
            continue
        whose = voice(mined)
        for index, clause in enumerate(mined.clauses):
            text = clause_normal(mined.document, clause, whose, settings).text
            if text and not boilerplate(text, settings):
                found[number, index] = text
    return found


def _speaks_for(other: Mined, mined: Mined, *, earlier: bool) -> bool:
    """Whether another publication of the same unit is to be read instead: a newer one, one with more duties."""
    if not other.clauses or not same_unit(other.identity, mined.identity):
        return False
    one, two = ((d.identity.fiscal_year or 0, len(d.clauses)) for d in (other, mined))
    return one > two or (one == two and earlier)


def _scale(documents: Sequence[Mined], held: Sequence[Claim], texts: Mapping[Place, str], settings: Settings) -> _Scale:
    speaking: dict[str, set[int]] = defaultdict(set)
    for claim in held:
        speaking[claim.thing].add(claim.document)
    return _Scale(
        similarity({grams(claim.object, settings) for claim in held}),
        similarity({grams(text, settings) for text in texts.values()}),
        texts,
        {thing: len(found) for thing, found in speaking.items()},
        [mined.identity.department_type for mined in documents],
    )


def _contexts(documents: Sequence[Mined], spoken: Sequence[int]) -> dict[tuple[int, int], str]:
    """Contexts of the pairs of documents (earlier first) in which duties can collide."""
    told = ((pair, context(*(documents[number] for number in pair))) for pair in combinations(spoken, 2))
    return {pair: how for pair, how in told if how in (SAME_PLACE, OTHER_LEVEL)}


def _meetings(
    documents: Sequence[Mined],
    held: Sequence[Claim],
    contexts: Mapping[tuple[int, int], str],
    scale: _Scale,
    settings: Settings,
) -> Iterator[_Meeting]:
    """Claims of two departments on one thing or on neighbouring things, weighed."""
    by_thing: dict[str, list[Claim]] = defaultdict(list)
    for claim in held:
        by_thing[claim.thing].append(claim)
    known = thesaurus(settings)
    for thing, claimed in by_thing.items():
        for other, kind in known.near(thing).items():
            for left, right in product(claimed, by_thing.get(other, ())):
                if (left.document, right.document) in contexts and _one_scope(left, right, documents):
                    meeting = _weighed(left, right, kind, scale, settings)
                    if meeting.score >= _LEAST:
                        yield meeting


def _one_scope(left: Claim, right: Claim, documents: Sequence[Mined]) -> bool:
    """Whether both speak of one place: of one level they do, a superior does where the clause names the lower place."""
    upper, lower = sorted((left, right), key=lambda claim: _LEVELS.index(documents[claim.document].identity.level))
    whose, clause = documents[lower.document].identity, documents[upper.document].clauses[upper.clause]
    if documents[upper.document].identity.level == whose.level:
        return True
    lowest = next((name for name in reversed(place(whose)) if name), "")
    return bool(lowest) and lowest in fold(clause.text)


def _weighed(left: Claim, right: Claim, kind: str, scale: _Scale, settings: Settings) -> _Meeting:
    """A meeting with its score: nearness of the things, rarity, how much the objects are about them, acts, wording."""
    wide = thesaurus(settings).wide & {left.thing, right.thing}
    if wide and (min(left.share, right.share) < _WIDE_SHARE or not _owned(left, right, wide, scale, settings)):
        return _Meeting(left, right, kind, 0.0, 0.0)
    common = max(scale.departments[left.thing], scale.departments[right.thing]) - 2
    score = _KIND[kind] * (_WIDE if wide else 1.0) / (1 + _COMMON * max(0, common))
    if kind in (BROADER, NARROWER) and (left if kind == BROADER else right).share < _CENTRAL:
        score *= _BY_THE_WAY
    score *= _BASE + (1 - _BASE) * (left.share * right.share) ** 0.5
    score *= 1.0 if judging.near_acts(left, right) else _OTHER_ACT
    score *= _REWARD if (left.power.act_code == TRANSFER) != (right.power.act_code == TRANSFER) else 1.0
    score *= 1.0 if min(left.power.strength, right.power.strength) > 2 else _WEAK
    if score < _LEAST:
        return _Meeting(left, right, kind, 0.0, 0.0)
    here, there = grams(left.object, settings), grams(right.object, settings)
    alike = scale.objects.score(here, there) * (min(len(here), len(there)) / max(len(here), len(there), 1)) ** 0.5
    near = scale.clauses.score(grams(scale.texts[_place(left)], settings), grams(scale.texts[_place(right)], settings))
    score *= 0.75 + 0.25 * max(alike, near)
    return _Meeting(left, right, kind, alike, round(score, _DIGITS))


def _owned(left: Claim, right: Claim, wide: Set[str], scale: _Scale, settings: Settings) -> bool:
    """Whether one side has a wide thing as its business: by the type of its department, or as the mandate reads."""
    owners = frozenset().union(*(thesaurus(settings).owners[thing] for thing in wide))
    return any(scale.types[claim.document] in owners or owns(claim, settings) for claim in (left, right))


def _ranked(found: Iterable[Sequence[_Meeting]]) -> list[tuple[float, list[_Meeting]]]:
    """Meetings of each pair of clauses, with the pair's score, the best first; more of one thing or clause sinks."""
    pairs = [_headed(meetings) for meetings in found]
    pairs.sort(key=lambda meetings: (-meetings[0].score, meetings[0].key))
    seen: Counter[object] = Counter()
    ranked: list[tuple[float, list[_Meeting]]] = []
    for meetings in pairs:
        head = meetings[0]
        group = (head.left.document, head.right.document, head.left.thing, head.right.thing)
        partners = [(own, other[0]) for own, other in (head.key, head.key[::-1])]  # a clause, another department
        if seen[group] < _MOST and all(seen[pair] < _MOST_OF_CLAUSE for pair in partners):
            sunk = _AGAIN ** seen[group] * _CLAUSE_AGAIN ** (seen[head.key[0]] + seen[head.key[1]])
            ranked.append((head.score * sunk, meetings))
        seen.update((group, *head.key, *partners))
    return sorted(ranked, key=lambda item: (-item[0], item[1][0].key))


def _headed(meetings: Sequence[_Meeting]) -> list[_Meeting]:
    """Meetings of two clauses, the best first; a special duty beside the general one says more than what both name."""
    found = sorted(meetings, key=lambda m: (-m.score, m.left.start, m.right.start))
    held = {m.left.thing for m in found}, {m.right.thing for m in found}
    for meeting in found:
        general, special = (0, meeting.right.thing) if meeting.kind == BROADER else (1, meeting.left.thing)
        only = meeting.kind in (BROADER, NARROWER) and special not in held[general]
        if only and meeting.score >= _SPECIAL * found[0].score:
            return [meeting, *(m for m in found if m is not meeting)]
    return found


def _row(
    documents: Sequence[Mined],
    contexts: Mapping[tuple[int, int], str],
    texts: Mapping[Place, str],
    ranked: tuple[float, Sequence[_Meeting]],
    settings: Settings,
) -> Relation:
    score, meetings = ranked
    head = meetings[0]
    left, right = head.key
    one, two = documents[left[0]], documents[right[0]]
    said_split = _splits(one, head.left, two, settings), _splits(two, head.right, one, settings)
    codes = judging.relation(head.left, head.right, head.kind, head.alike, said_split)
    things = list(dict.fromkeys(name for m in meetings for name in _names(m)))
    telling = [name for n, name in enumerate(things) if not any(name in other for other in things[:n])]
    thing = "、".join(telling[:_NAMES])
    ratio = SequenceMatcher(None, texts[left], texts[right], autojunk=False)
    evidence = ((head.left.start, head.left.end), (head.right.start, head.right.end))
    said = message((one, evidence[0]), (two, evidence[1]), thing, codes)
    how = contexts[left[0], right[0]]
    return Relation(left, right, how, _textual(ratio), codes, ratio.ratio(), thing, score, said, evidence)


def _names(meeting: _Meeting) -> tuple[str, ...]:
    left, right = meeting.left, meeting.right
    if left.thing == right.thing:
        return (left.surface if left.surface == right.surface else left.thing,)
    return left.surface, right.surface


def _splits(mined: Mined, claim: Claim, other: Mined, settings: Settings) -> frozenset[str]:
    """How a clause says that it shares the thing with another department, in the sentence that names it."""
    said = stated(mined.clauses[claim.clause].text, other.identity, settings)
    return frozenset(split.kind for split in said if claim.surface in split.sentence)


def _textual(ratio: SequenceMatcher[str]) -> str:
    """A code of the axis `relation_text`; empty where the wording has nothing in common."""
    alike = ratio.ratio()
    if alike == 1.0:
        return "identical"
    if alike >= _VERBATIM:
        return "near_verbatim"
    if alike >= _EDIT:
        return "slot_edit"
    longest = max((block.size for block in ratio.get_matching_blocks()), default=0)
    return "partial" if longest >= _RUN else ""
