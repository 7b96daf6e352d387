"""One mined document as plain rows of the contract's tables: positions become ids, offsets become lines."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import PurePosixPath

from dutymine.model import Mined, Place
from dutymine.output.columns import Row, Value
from dutymine.output.fingerprints import Fingerprints
from dutymine.output.schema import EXTRACTED
from dutymine.text import LineIndex, plain


@dataclass(frozen=True, slots=True)
class Origin:
    """What is known of a document beside its bytes: the name its fingerprints go by, and where it was published."""

    name: str = ""
    source_url: str = ""
    published_at: str = ""
    retrieved_at: str = ""


@dataclass(frozen=True, slots=True)
class _Context:
    """One document on its way into rows."""

    mined: Mined
    origin: Origin
    doc_id: str
    text: str
    lines: LineIndex
    starts: tuple[int, ...]
    fingerprints: Fingerprints

    def id(self, letter: str, index: int | None) -> str:
        """`<doc_id>:<letter><n>`, n from 1; empty without an index."""
        return "" if index is None else f"{self.doc_id}:{letter}{index + 1}"

    def place(self, start: int, end: int) -> tuple[int, int, int]:
        """The columns start, end, line."""
        return start, end, self.lines.line(start)

    def section(self, start: int) -> str:
        """Id of the innermost section that holds `start`; empty outside all."""
        sections = self.mined.sections
        index: int | None = bisect_right(self.starts, start) - 1
        while index is not None and index >= 0:
            if sections[index].end > start:
                return self.id("s", index)
            index = sections[index].parent
        return ""

    def page(self, start: int) -> tuple[int | None, str]:
        """The columns page, sheet."""
        places = self.mined.document.places
        index = bisect_right(places, start, key=_place_start) - 1
        return (places[index].page, places[index].sheet) if index >= 0 else (None, "")

    def behind(self, table: str, start: int, end: int, detail: str = "") -> tuple[Value, ...]:
        """The columns page, sheet, fingerprint."""
        return (*self.page(start), self.fingerprints.of(table, start, end, detail))


def _place_start(place: Place) -> int:
    return place.start


def trimmed(value: Decimal) -> Decimal:
    """A computed number without the zeros that computing left behind its point (1818300.00 is 1818300)."""
    return Decimal(plain(value))


def _documents(doc: _Context) -> list[Row]:
    document, who, origin = doc.mined.document, doc.mined.identity, doc.origin
    head = (document.doc_id, document.path, document.sha256, document.format, document.encoding)
    name = (who.title, who.department, who.department_type, who.level, who.province, who.city, who.county)
    facts = (who.fiscal_year, str(who.kind), len(document.text), str(doc.mined.status), who.division_code)
    sources = (origin.source_url, origin.published_at, origin.retrieved_at)
    pages = [[place.start, place.page, place.sheet] for place in document.places]
    places = json.dumps(pages, ensure_ascii=False, separators=(",", ":")) if pages else ""
    return [(*head, *name, *facts, *sources, places, who.division_vintage, doc.fingerprints.whole("documents"))]


def _sections(doc: _Context) -> list[Row]:
    return [
        (
            *(doc.doc_id, doc.id("s", index), doc.id("s", section.parent), str(section.kind), section.title),
            *(*doc.place(section.start, section.end), section.level, section.body),
            # The heading stands for the section: its body changes with every edit inside it.
            *doc.behind("sections", section.start, section.body),
        )
        for index, section in enumerate(doc.mined.sections)
    ]


def _tables(doc: _Context) -> list[Row]:
    return [
        (
            *(doc.doc_id, doc.id("t", index), doc.section(table.start), table.caption, table.unit),
            *(table.rows, table.columns, *doc.place(table.start, table.end), *doc.page(table.start)),
        )
        for index, table in enumerate(doc.mined.tables)
    ]


def _cells(doc: _Context) -> list[Row]:
    return [
        (
            *(doc.doc_id, doc.id("t", index), cell.row, cell.column, cell.rowspan, cell.colspan, cell.is_header),
            *(doc.text[cell.start : cell.end], *doc.place(cell.start, cell.end)),
        )
        for index, table in enumerate(doc.mined.tables)
        for cell in table.cells
    ]


def _clauses(doc: _Context) -> list[Row]:
    return [
        (
            *(doc.doc_id, doc.id("c", index), clause.ordinal, clause.marker, clause.number, clause.text),
            *(*doc.place(clause.start, clause.end), "|".join(clause.functions), "|".join(clause.acts), clause.role),
            *(_joined(clause.function_scores), clause.needs_review),
            "|".join(f"{doc.id('t', table)}/{row}" for table, row in clause.rows),
            *(_joined(clause.act_scores), clause.role_score),
            *doc.behind("clauses", clause.start, clause.end),
        )
        for index, clause in enumerate(doc.mined.clauses)
    ]


def _joined(scores: Sequence[Decimal]) -> str:
    return "|".join(format(score, "f") for score in scores)


def _powers(doc: _Context) -> list[Row]:
    return [
        (
            *(doc.doc_id, doc.id("c", power.clause), doc.id("p", index), power.act, power.act_code),
            *(power.strength, power.role, power.object, power.scope, power.actors, power.basis),
            *(doc.text[power.start : power.end], power.start, power.end),
            *doc.behind("powers", power.start, power.end, f"{power.act_code}{power.act}"),
        )
        for index, power in enumerate(doc.mined.powers)
    ]


def _goals(doc: _Context) -> list[Row]:
    return [
        (
            *(doc.doc_id, doc.id("g", index), str(goal.level), goal.project, goal.number, goal.title, goal.text),
            *doc.place(goal.start, goal.end),
            *doc.behind("goals", goal.start, goal.end),
        )
        for index, goal in enumerate(doc.mined.goals)
    ]


def _amounts(doc: _Context) -> list[Row]:
    return [
        (
            *(doc.doc_id, doc.id("a", index), doc.text[amount.start : amount.end], amount.value, amount.unit),
            *(trimmed(amount.yuan), str(amount.role), amount.role_label, amount.period, amount.direction, amount.fund),
            *("prose" if amount.table is None else "table", doc.id("t", amount.table), amount.row, amount.column),
            *(*doc.place(amount.start, amount.end), doc.section(amount.start), amount.subject_code),
            *doc.behind("amounts", amount.start, amount.end),
        )
        for index, amount in enumerate(doc.mined.amounts)
    ]


def _thresholds(doc: _Context) -> list[Row]:
    return [
        (
            *(doc.doc_id, doc.id("h", index), doc.text[target.start : target.end], str(target.comparator)),
            *(target.low, target.high),
            *(_stated(target.low, target.low_inclusive), _stated(target.high, target.high_inclusive)),
            *(target.unit, target.frequency, doc.id("i", target.indicator), target.subject, str(target.kind)),
            *(*doc.place(target.start, target.end), doc.section(target.start)),
            *doc.behind("thresholds", target.start, target.end),
        )
        for index, target in enumerate(doc.mined.thresholds)
    ]


def _stated(bound: Decimal | None, inclusive: bool) -> bool | None:
    return None if bound is None else inclusive


def _indicators(doc: _Context) -> list[Row]:
    return [
        (
            *(doc.doc_id, doc.id("i", index), doc.id("t", item.table), item.project, item.level1, item.level2),
            *(item.name, item.class_code, item.description, str(item.comparator or ""), item.low, item.high),
            *(item.unit, item.value_text, item.period, item.points, item.scoring_rule, item.basis),
            *("prose" if item.table is None else "table", *doc.place(item.start, item.end)),
            *(item.row, item.value_start, item.value_end),
            *doc.behind("indicators", item.start, item.end),
        )
        for index, item in enumerate(doc.mined.indicators)
    ]


def _institutions(doc: _Context) -> list[Row]:
    return [
        (
            *(doc.doc_id, item.name, item.nature, item.rank, item.funding, *doc.place(item.start, item.end)),
            *doc.behind("institutions", item.start, item.end),
        )
        for item in doc.mined.institutions
    ]


def _procurement(doc: _Context) -> list[Row]:
    return [
        (
            *(doc.doc_id, doc.id("t", item.table), item.row, item.source_of_funds, item.item, item.code),
            *(item.unit, item.quantity, item.unit_price, item.amount, *doc.place(item.start, item.end)),
            *doc.behind("procurement", item.start, item.end),
        )
        for item in doc.mined.purchases
    ]


def _checks(doc: _Context) -> list[Row]:
    return [
        (
            *(doc.doc_id, check.rule, str(check.outcome), check.computation),
            "|".join(str(line) for line in sorted({doc.lines.line(offset) for offset in check.used})),
        )
        for check in doc.mined.checks
    ]


def _findings(doc: _Context) -> list[Row]:
    rows: list[Row] = []
    for found in doc.mined.findings:
        quote = doc.text[found.start : found.end]
        related = "" if found.related is None else doc.text[slice(*found.related)]
        finding_id = doc.fingerprints.of("findings", found.start, found.end, found.rule)
        told = (finding_id, found.rule, str(found.severity), found.message, quote, found.suggestion, found.computation)
        place = (*doc.place(found.start, found.end), related, *doc.page(found.start), finding_id)
        rows.append((doc.doc_id, *told, *place))
    return rows


def _trace(doc: _Context) -> list[Row]:
    return [
        (
            *(doc.doc_id, doc.id("c", link.clause), doc.id("g", link.goal), doc.id("i", link.indicator)),
            *(doc.id("a", link.amount), link.link, link.score, link.evidence),
        )
        for link in doc.mined.links
    ]


def _rejects(doc: _Context) -> list[Row]:
    document = doc.mined.document
    # The pipeline may hand the reader's rejects on: each stands once.
    rejects = sorted(dict.fromkeys((*document.rejects, *doc.mined.rejects)), key=lambda item: item.start or 0)
    return [
        (
            *(document.path, doc.doc_id, item.stage, item.reason, item.detail, item.start, item.end),
            None if item.start is None else doc.lines.line(item.start),
        )
        for item in rejects
    ]


_BUILDERS: dict[str, Callable[[_Context], list[Row]]] = {
    "documents": _documents,
    "sections": _sections,
    "tables": _tables,
    "cells": _cells,
    "clauses": _clauses,
    "powers": _powers,
    "goals": _goals,
    "amounts": _amounts,
    "thresholds": _thresholds,
    "indicators": _indicators,
    "institutions": _institutions,
    "procurement": _procurement,
    "checks": _checks,
    "findings": _findings,
    "trace": _trace,
    "rejects": _rejects,
}


def frames(mined: Mined, origin: Origin | None = None, names: tuple[str, ...] = EXTRACTED) -> dict[str, list[Row]]:
    """Rows of the tables called `names`, in the contract's column order; parts not built yet have none.

    `origin.name` is what fingerprints take for the document; without one it is the last part of the path.
    """
    document = mined.document
    origin = origin or Origin()
    doc = _Context(
        mined,
        origin,
        document.doc_id,
        document.text,
        LineIndex(document.text),
        tuple(section.start for section in mined.sections),
        Fingerprints(origin.name or PurePosixPath(document.path).name, document.folded),
    )
    return {name: _BUILDERS[name](doc) if name in _BUILDERS else [] for name in names}
