"""Duties of two departments of one place that meet on one thing: duplication, overlap, fragmentation, split, conflict.

What decides is what both may do to the thing (act, strength, role), not how alike the words are: two departments rarely
say the same, and the same words may speak of other things.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations, product

from dutymine.mandates import judging
from dutymine.mandates.claims import Claim, claims
from dutymine.mandates.context import OTHER_LEVEL, SAME_PLACE, context, place, same_unit
from dutymine.mandates.meetings import LEAST, Meeting, Place, Scale, place_of, ranked, scale_of, weighed
from dutymine.mandates.normal import boilerplate, normal_text, voice
from dutymine.mandates.objects import thesaurus
from dutymine.mandates.splits import stated
from dutymine.mandates.unnamed import unnamed
from dutymine.mandates.wording import message
from dutymine.model import Mined
from dutymine.settings import Settings
from dutymine.text import Span, fold

_MOST_CLAIMS = 30  # of a department on one thing, those that are most about it
_NAMES = 3  # of the things that two clauses share
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


def relations(documents: Sequence[Mined], settings: Settings) -> tuple[Relation, ...]:
    """Relations between clauses of the documents of one place, the surest first.

    Documents of superiors may stand among them: their clauses count where they name the lower place. Pairs of other
    contexts are passed over, and so are catch-all and compliance clauses.
    """
    texts = _texts(documents, settings)
    contexts = _contexts(documents, sorted({number for number, _ in texts}))
    if not contexts:
        return ()
    found = (claim for number, mined in enumerate(documents) for claim in claims(number, mined, settings))
    held = [claim for claim in (*found, *unnamed(documents, settings)) if place_of(claim) in texts]
    scale = scale_of(documents, held, texts, settings)
    best: dict[tuple[Place, Place], list[Meeting]] = defaultdict(list)
    for meeting in _meetings(documents, held, contexts, scale, settings):
        best[meeting.key].append(meeting)
    rows = ranked(best.values())
    return tuple(_row(documents, contexts, texts, row, settings) for row in rows)


def _texts(documents: Sequence[Mined], settings: Settings) -> dict[Place, str]:
    """Normal texts of the clauses that say something of their own."""
    found: dict[Place, str] = {}
    for number, mined in enumerate(documents):
        if any(_speaks_for(other, mined, earlier=n < number) for n, other in enumerate(documents) if n != number):
            continue
        whose = voice(mined)
        for index, clause in enumerate(mined.clauses):
            text = normal_text(clause.text, whose, settings)
            if text and not boilerplate(text, settings):
                found[number, index] = text
    return found


def _speaks_for(other: Mined, mined: Mined, *, earlier: bool) -> bool:
    """Whether another publication of the same unit is to be read instead: a newer one, one with more duties."""
    if not other.clauses or not same_unit(other.identity, mined.identity):
        return False
    one, two = ((d.identity.fiscal_year or 0, len(d.clauses)) for d in (other, mined))
    return one > two or (one == two and earlier)


def _contexts(documents: Sequence[Mined], spoken: Sequence[int]) -> dict[tuple[int, int], str]:
    """Contexts of the pairs of documents (earlier first) in which duties can collide."""
    told = ((pair, context(*(documents[number] for number in pair))) for pair in combinations(spoken, 2))
    return {pair: how for pair, how in told if how in (SAME_PLACE, OTHER_LEVEL)}


def _meetings(
    documents: Sequence[Mined],
    held: Sequence[Claim],
    contexts: Mapping[tuple[int, int], str],
    scale: Scale,
    settings: Settings,
) -> Iterator[Meeting]:
    """Claims of two departments on one thing or on neighbouring things, weighed."""
    by_thing: dict[str, list[Claim]] = defaultdict(list)
    said: Counter[tuple[str, int]] = Counter()
    for claim in sorted(held, key=lambda claim: -claim.share):
        said[claim.thing, claim.document] += 1
        if said[claim.thing, claim.document] <= _MOST_CLAIMS:
            by_thing[claim.thing].append(claim)
    known = thesaurus(settings)
    for thing, claimed in by_thing.items():
        for other, kind in known.near(thing).items():
            for left, right in product(claimed, by_thing.get(other, ())):
                if (left.document, right.document) in contexts and _one_scope(left, right, documents):
                    meeting = weighed(left, right, kind, scale, settings)
                    if meeting.score >= LEAST:
                        yield meeting


def _one_scope(left: Claim, right: Claim, documents: Sequence[Mined]) -> bool:
    """Whether both speak of one place: of one level they do, a superior does where the clause names the lower place."""
    upper, lower = sorted((left, right), key=lambda claim: _LEVELS.index(documents[claim.document].identity.level))
    whose, clause = documents[lower.document].identity, documents[upper.document].clauses[upper.clause]
    if documents[upper.document].identity.level == whose.level:
        return True
    lowest = next((name for name in reversed(place(whose)) if name), "")
    return bool(lowest) and lowest in fold(clause.text)


def _row(
    documents: Sequence[Mined],
    contexts: Mapping[tuple[int, int], str],
    texts: Mapping[Place, str],
    rank: tuple[float, Sequence[Meeting]],
    settings: Settings,
) -> Relation:
    score, meetings = rank
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
    return Relation(left, right, how, _textual(ratio, codes), codes, ratio.ratio(), thing, score, said, evidence)


def _names(meeting: Meeting) -> tuple[str, ...]:
    left, right = meeting.left, meeting.right
    if left.thing == right.thing:
        return (left.surface if left.surface == right.surface else left.thing,)
    return left.surface, right.surface


def _splits(mined: Mined, claim: Claim, other: Mined, settings: Settings) -> frozenset[str]:
    """How a clause says that it shares the thing with another department, in the sentence that names it."""
    said = stated(mined.clauses[claim.clause].text, other.identity, settings)
    return frozenset(split.kind for split in said if claim.surface in split.sentence)


def _textual(ratio: SequenceMatcher[str], codes: tuple[str, ...]) -> str:
    """A code of the axis `relation_text`; empty where neither the wording nor the duty is the same."""
    alike = ratio.ratio()
    if alike == 1.0:
        return "identical"
    if alike >= _VERBATIM:
        return "near_verbatim"
    if alike >= _EDIT:
        return "slot_edit"
    longest = max((block.size for block in ratio.get_matching_blocks()), default=0)
    if longest >= _RUN:
        return "partial"
    return "paraphrase" if judging.DUPLICATION in codes else ""
