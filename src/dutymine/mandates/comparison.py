"""All clauses of a corpus by family: what is gathered from the documents, one after another, and what follows from it.

Of a document only its identity, its voice and the normal texts of its clauses are kept; equal texts are kept once.
Clauses are numbered through the corpus, in the order of documents.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from dutymine.mandates.context import place_key
from dutymine.mandates.copies import triples
from dutymine.mandates.families import Families, distinct, families
from dutymine.mandates.isomorphism import Isomorphism, isomorphism
from dutymine.mandates.normal import Voice, boilerplate, normal_text, voice
from dutymine.mandates.shingles import Ints
from dutymine.mandates.templates import Template, template
from dutymine.model import DocumentKind, Identity, Mined
from dutymine.settings import Settings

_PEERS = 3  # departments of a type and level, from which on a duty may be missing
_COMMON = 0.8  # share of them that must have it
_WHOLE = 0.5  # share of such duties a department must have; with fewer its text was not read whole
_ELSEWHERE = 0.7  # share of a duty's triples that its own clauses hold together: it is there in other words


@dataclass(frozen=True, slots=True)
class Told:
    """A document as comparing sees it; its clauses are `first` to `first + clauses`."""

    doc_id: str
    path: str
    identity: Identity
    voice: Voice
    first: int
    clauses: int

    @property
    def group(self) -> tuple[str, str]:
        """Department type and level: its peers have the same."""
        return self.identity.department_type, self.identity.level

    @property
    def unit(self) -> str:
        """One string for the department, whatever the year."""
        place = place_key(self.identity)
        known = place and self.identity.department_type
        return f"{place}|{known}" if known else self.identity.department or self.doc_id


@dataclass(frozen=True, slots=True)
class Corpus:
    """Documents in order, and for each clause its normal text and its block (index of the department type).

    `names` are what fingerprints take for the documents, by doc_id.
    """

    documents: list[Told] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    blocks: list[int] = field(default_factory=list)
    types: dict[str, int] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


def gather(documents: Iterable[Mined], settings: Settings) -> Corpus:
    """The corpus of documents, read once and not kept."""
    corpus, same = Corpus(), dict[str, str]()
    for mined in documents:
        whose, kind = voice(mined), mined.identity.department_type
        head = mined.document.doc_id, mined.document.path, mined.identity, whose
        told = Told(*head, len(corpus.texts), len(mined.clauses))
        corpus.documents.append(told)
        block = corpus.types.setdefault(kind, len(corpus.types))
        for clause in mined.clauses:
            text = normal_text(clause.text, whose, settings)
            corpus.texts.append(same.setdefault(text, text))
            corpus.blocks.append(block)
    return corpus


@dataclass(frozen=True, slots=True)
class Compared:
    """A corpus with its families: for each clause the `row` of its text; templates by the medoid of their family."""

    corpus: Corpus
    rows: list[int]
    texts: list[str]
    families: Families
    medoids: list[int]
    templates: Mapping[int, Template]
    boilerplate: Sequence[str]
    best: frozenset[int]

    def clauses(self, document: Told) -> range:
        """Numbers of the clauses of a document."""
        return range(document.first, document.first + document.clauses)


# Families of distinct texts with their numbers of clauses and their blocks, whatever searches for them.
Search = Callable[[Sequence[str], Ints, NDArray[np.int32]], Families]


def compare(corpus: Corpus, settings: Settings, search: Search = families) -> Compared:
    """Families and templates of a corpus; a family has a template when at least two documents are in it."""
    blocks = np.array(corpus.blocks, np.int32)
    of, texts, weights, where = distinct(corpus.texts, blocks)
    found = search(texts, weights, where)
    rows, medoids = of.tolist(), found.medoids.tolist()
    plain = [boilerplate(text, settings) for text in texts]
    shared, best = _shared(corpus, rows, found)
    names = list(corpus.types)
    templates = {
        family: template(members, texts[family], names[int(where[family])], settings)
        for family, members in _members(shared, texts, weights, found).items()
    }
    return Compared(corpus, rows, texts, found, medoids, templates, plain, best)


def _shared(corpus: Corpus, rows: Sequence[int], found: Families) -> tuple[set[int], frozenset[int]]:
    """Medoids of the families of several documents; and the clauses that are their document's best in their family."""
    first: dict[int, int] = {}
    shared: set[int] = set()
    best: set[int] = set()
    medoids, scores = found.medoids.tolist(), (found.similarities - found.partial).tolist()
    for number, document in enumerate(corpus.documents):
        leading: dict[int, int] = {}
        for clause in range(document.first, document.first + document.clauses):
            row = rows[clause]
            family = medoids[row]
            if first.setdefault(family, number) != number:
                shared.add(family)
            if family not in leading or scores[row] > scores[rows[leading[family]]]:
                leading[family] = clause
        best.update(leading.values())
    return shared, frozenset(best)


def _members(shared: set[int], texts: Sequence[str], weights: Ints, found: Families) -> dict[int, dict[str, int]]:
    """Whole texts with their numbers of clauses, by the medoid of their family."""
    members: dict[int, dict[str, int]] = {family: {} for family in sorted(shared)}
    rows = zip(found.medoids.tolist(), found.partial.tolist(), weights.tolist(), strict=True)
    for text, (family, partial, clauses) in zip(texts, rows, strict=True):
        if family in shared and not partial:
            members[family][text] = clauses
    return members


@dataclass(frozen=True, slots=True)
class Missing:
    """A duty that a department's peers have and of which it has no clause; `peers` of `documents` have it.

    `elsewhere`: its clauses hold it together, or one of them beside another duty.
    """

    family: int
    peers: int
    documents: int
    elsewhere: bool = False


def missing(compared: Compared) -> dict[str, list[Missing]]:
    """Duties that a document has no clause of, by doc_id: of peers (one type, one level) at least four in five have
    them.
    """
    result: dict[str, list[Missing]] = {}
    for _, peers in peer_groups(compared.corpus):
        if len(peers) >= _PEERS:
            result |= {doc_id: found for doc_id, found in _lacking(compared, peers) if found}
    return result


def peer_groups(corpus: Corpus) -> Iterator[tuple[tuple[str, str], list[Told]]]:
    """Departments of one type and level, each by its latest document (of duties, if it has one)."""
    groups: dict[tuple[str, str], dict[str, Told]] = defaultdict(dict)
    for document in corpus.documents:
        if document.clauses and document.group[0]:
            units = groups[document.group]
            units[document.unit] = max(units.get(document.unit, document), document, key=_says_most)
    for group, units in sorted(groups.items()):
        yield group, list(units.values())


def _says_most(document: Told) -> tuple[bool, int]:
    return document.identity.kind is not DocumentKind.RESPONSIBILITY_LIST, document.identity.fiscal_year or 0


def _lacking(compared: Compared, peers: Sequence[Told]) -> Iterator[tuple[str, list[Missing]]]:
    held = [{compared.medoids[compared.rows[clause]] for clause in compared.clauses(peer)} for peer in peers]
    counts = Counter(family for families_ in held for family in families_)
    common = {
        family: count
        for family, count in counts.items()
        if count >= _COMMON * (len(peers) - 1) and count < len(peers) and not compared.boilerplate[family]
    }
    everywhere = sum(count == len(peers) for count in counts.values())
    for peer, own in zip(peers, held, strict=True):
        has = everywhere + len(own & common.keys())
        if has < _WHOLE * (everywhere + len(common)):
            continue
        gone = sorted(common.keys() - own)
        found = [Missing(f, common[f], len(peers), elsewhere=_elsewhere(compared, peer, f)) for f in gone]
        yield peer.doc_id, found


def _elsewhere(compared: Compared, document: Told, family: int) -> bool:
    """Whether the clauses of a document hold together most of a duty: it was merged into them or split up."""
    own = frozenset[str]().union(*(triples(compared.corpus.texts[clause]) for clause in compared.clauses(document)))
    wanted = triples(compared.texts[family])
    return len(wanted & own) >= _ELSEWHERE * len(wanted)


def likeness(compared: Compared) -> Iterator[tuple[tuple[str, str], Isomorphism]]:
    """The isomorphism of each department type and level with at least two departments."""
    for group, peers in peer_groups(compared.corpus):
        if len(peers) > 1:
            held = [_by_family(compared, document) for document in peers]
            yield group, isomorphism(held, sum(map(len, held)), compared.texts)


def _by_family(compared: Compared, document: Told) -> dict[int, int]:
    """The text a document has of each family, boilerplate left out."""
    rows = [compared.rows[clause] for clause in compared.clauses(document) if clause in compared.best]
    return {compared.medoids[row]: row for row in rows if not compared.boilerplate[row]}
