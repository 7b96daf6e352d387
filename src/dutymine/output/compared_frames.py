"""Templates, members, deviations, pairs of copies and isomorphism as plain rows of the contract's tables."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from dutymine.mandates.comparison import Compared, Missing, Told
from dutymine.mandates.copies import copies
from dutymine.mandates.isomorphism import Isomorphism
from dutymine.mandates.messages import added_message, deviation_message, missing_message
from dutymine.mandates.normal import Normal, clause_normal, normal_text, normalise, shown
from dutymine.mandates.parts import split_deviations, splits, without_merged
from dutymine.mandates.slots import ACT, PRINCIPAL
from dutymine.mandates.templates import (
    ADDITION,
    DEFECT,
    OMISSION,
    Deviation,
    Template,
    deviations,
    displayed,
    relation_text,
)
from dutymine.model import Mined, Severity
from dutymine.output.columns import Row
from dutymine.output.fingerprints import Fingerprints, between
from dutymine.settings import Settings

_PLACES = Decimal("0.0001")
_OBJECTS = 3


def rounded(value: float) -> Decimal:
    """A share or similarity with four decimals."""
    return Decimal(value).quantize(_PLACES)


def template_id(compared: Compared, family: int) -> str:
    """The id of a template: made of its department type and wording."""
    template = compared.templates[family]
    return "t" + hashlib.sha256(f"{template.names}\x1f{template.text}".encode()).hexdigest()[:12]


@dataclass(slots=True)
class Wordings:
    """What of a template only a document can tell: its wording with punctuation, and the functions of its clause."""

    shown: dict[int, tuple[str, str]]

    def see(self, compared: Compared, document: Told, mined: Mined, settings: Settings) -> None:
        """Take the wording of every template whose medoid this document has."""
        for clause, number in zip(mined.clauses, compared.clauses(document), strict=True):
            row = compared.rows[number]
            if row in compared.templates and row not in self.shown:
                normal = normalise(clause.text, document.voice, settings)
                words = displayed(clause.text, normal, compared.templates[row])
                self.shown[row] = words, "|".join(clause.functions)


def member_rows(compared: Compared, document: Told, found: Mapping[int, Sequence[Deviation]]) -> Iterator[Row]:
    """Rows of `members` of a document; `found` are the deviations of the clauses that were held against a template."""
    for number in compared.clauses(document):
        row = compared.rows[number]
        family = compared.medoids[row]
        if family not in compared.templates:
            continue
        template = compared.templates[family]
        partial = number not in found or bool(compared.families.partial[row])
        grade = "partial" if partial else relation_text(compared.texts[row], template, list(found[number]))
        score = rounded(float(compared.families.similarities[row]))
        clause_id = f"{document.doc_id}:c{number - document.first + 1}"
        yield template_id(compared, family), document.doc_id, clause_id, score, grade


def held(compared: Compared, document: Told, lacking: Sequence[int], settings: Settings) -> dict[int, list[Deviation]]:
    """Deviations of each clause that is its document's member of a template, and of the parts of a split one.

    `lacking` are the duties of the peers of which the document has no clause: one may stand in another clause.
    """
    result: dict[int, list[Deviation]] = {}
    for number in compared.clauses(document):
        row = compared.rows[number]
        template = compared.templates.get(compared.medoids[row])
        if template is None or compared.families.partial[row] or number not in compared.best:
            continue
        text = compared.texts[row]
        found = without_merged(text, deviations(text, template, settings), compared, lacking)
        if compared.boilerplate[row] == "residual":
            found = [item for item in found if item.slot == PRINCIPAL or item.kind == DEFECT]
        result[number] = found
    for template, numbers in splits(compared, document):
        texts = [compared.texts[compared.rows[number]] for number in numbers]
        result |= zip(numbers, split_deviations(texts, template, settings), strict=True)
    return dict(sorted(result.items()))


def deviation_rows(
    compared: Compared, document: Told, mined: Mined, found: Mapping[int, Sequence[Deviation]], settings: Settings
) -> Iterator[Row]:
    """Rows of `deviations` of a document, in the order of its clauses."""
    prints = Fingerprints(compared.corpus.names[document.doc_id], mined.document.folded)
    for number, items in found.items():
        if not items:
            continue
        clause = mined.clauses[number - document.first]
        normal = clause_normal(mined.document, clause, document.voice, settings)
        family = compared.medoids[compared.rows[number]]
        head = (template_id(compared, family), document.doc_id, f"{document.doc_id}:c{number - document.first + 1}")
        for item in items:
            yield (*head, *_told(compared.templates[family], item, normal, mined, prints))


def _told(of: Template, item: Deviation, normal: Normal, mined: Mined, prints: Fingerprints) -> Row:
    start, end = normal.place(*item.own)
    told = (item.kind, item.slot, mined.document.text[start:end], shown(item.reference), rounded(item.support))
    detail = f"{item.kind}{item.slot}{item.reference}"
    print_ = prints.of("deviations", start, end, detail)
    return (*told, str(item.severity), deviation_message(item, normal.text, of), start, end, print_)


def added_rows(compared: Compared, document: Told, mined: Mined, departments: Mapping[int, int]) -> Iterator[Row]:
    """Rows of `deviations` for duties that no peer has: of no template, the whole clause the own words."""
    prints = Fingerprints(compared.corpus.names[document.doc_id], mined.document.folded)
    for number in compared.clauses(document):
        if number in departments:
            at, peers = number - document.first, departments[number]
            span = mined.clauses[at].start, mined.clauses[at].end
            own = mined.document.text[slice(*span)]
            head = ("", document.doc_id, f"{document.doc_id}:c{at + 1}", ADDITION, ACT, own, "")
            support = rounded((peers - 1) / peers)
            print_ = prints.of("deviations", *span, ADDITION)
            yield (*head, support, str(Severity.HINT), added_message(peers), *span, print_)


def missing_rows(
    compared: Compared, document: Told, found: Sequence[Missing], words: Mapping[int, tuple[str, str]]
) -> Iterator[Row]:
    """Rows of `deviations` for duties that a document lacks whole: no clause, no place."""
    for item in found:
        text = words[item.family][0]
        head = (template_id(compared, item.family), document.doc_id, "", OMISSION, ACT, "", text)
        support = rounded(item.peers / item.documents)
        severity = str(Severity.WARNING if item.peers == item.documents - 1 else Severity.HINT)
        print_ = between("deviations", compared.corpus.names[document.doc_id], text)
        yield (*head, support, severity, missing_message(item, text), None, None, print_)


def template_rows(compared: Compared, words: Mapping[int, tuple[str, str]]) -> list[Row]:
    """Rows of `templates`, by department type, the most common first."""
    departments: dict[int, set[str]] = {}
    places: dict[int, set[str]] = {}
    clauses: dict[int, int] = {}
    for document in compared.corpus.documents:
        who = document.identity
        place = f"{who.province}/{who.city}/{who.county}" if who.province or who.city or who.county else document.unit
        for number in compared.clauses(document):
            family = compared.medoids[compared.rows[number]]
            if family in compared.templates:
                departments.setdefault(family, set()).add(document.unit)
                places.setdefault(family, set()).add(place)
                clauses[family] = clauses.get(family, 0) + 1
    order = sorted(words, key=lambda family: (compared.templates[family].names, -clauses[family], family))
    return [
        (
            *(template_id(compared, family), compared.templates[family].names, words[family][1], words[family][0]),
            *(clauses[family], len(departments[family]), len(places[family])),
        )
        for family in order
    ]


def isomorphism_row(group: tuple[str, str], found: Isomorphism) -> Row:
    """A row of `isomorphism`."""
    shares = tuple(rounded(value) for value in (found.mean, found.identical, found.low, found.high))
    return (*group, found.documents, found.clauses, *shares)


@dataclass(frozen=True, slots=True)
class Side:
    """One clause of a pair: its document, number and text, and what its powers do to what."""

    document: Told
    name: str
    number: int
    text: str
    acts: str
    objects: tuple[str, ...]

    @property
    def clause_id(self) -> str:
        """The id of the clause."""
        return f"{self.document.doc_id}:c{self.number - self.document.first + 1}"


_CONTEXTS = {
    "same_type_other_place": "同类异地",
    "same_line_other_level": "同条线异级",
    "same_unit_other_year": "同单位异年",
}


def copy_row(left: Side, right: Side, context: str, settings: Settings) -> Row | None:
    """A row of `pairs` for two members of a family in other places or years; None for parts that share nothing."""
    found = copies(left.text, right.text, left.document.identity.department_type, settings)
    if found is None:
        return None
    shared = [word for word in left.objects if word in right.objects][:_OBJECTS]
    said = found.told or "归一化后文字相同"
    return (
        *(left.document.doc_id, left.clause_id, right.document.doc_id, right.clause_id, context),
        *(found.relation_text, found.relation, rounded(found.similarity), "、".join(shown(word) for word in shared)),
        *(left.acts, right.acts, f"{_CONTEXTS[context]}：{said}"),
        between("pairs", left.name, left.text, right.name, right.text),
    )


def side(compared: Compared, document: Told, mined: Mined, number: int, settings: Settings) -> Side:
    """A clause as one side of pairs."""
    index = number - document.first
    own = [power for power in mined.powers if power.clause == index]
    objects = tuple(dict.fromkeys(normal_text(power.object, document.voice, settings) for power in own))
    acts = "|".join(dict.fromkeys(power.act_code for power in own)) or "|".join(mined.clauses[index].acts)
    name = compared.corpus.names[document.doc_id]
    return Side(document, name, number, compared.texts[compared.rows[number]], acts, tuple(filter(None, objects)))
