"""One document: the order of the steps. Pure: no clock, no disk, no other document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dutymine.duties.clauses import clauses
from dutymine.duties.labels import label
from dutymine.facts.amounts import Context, prose_amounts
from dutymine.facts.goals import goals
from dutymine.facts.identity import identify, withheld
from dutymine.facts.indicator_lists import listed_indicators
from dutymine.facts.indicators import Found, table_indicators
from dutymine.facts.institutions import institutions
from dutymine.facts.money_cells import cell_amounts, keyed_amounts, split_amounts
from dutymine.facts.procurement import purchases
from dutymine.facts.stretches import SectionAt, Stretch, stretches
from dutymine.facts.thresholds import subject, targets, threshold
from dutymine.layout.grids import rebuild
from dutymine.layout.noise import quiet as make_quiet
from dutymine.layout.sections import outline
from dutymine.model import (
    Amount,
    Clause,
    Document,
    Identity,
    Indicator,
    Mined,
    Reject,
    Section,
    Status,
    Table,
    Threshold,
    ThresholdKind,
)
from dutymine.settings import Settings
from dutymine.text import squeeze


def mine(document: Document, settings: Settings) -> Mined:
    """Everything mined from one document; what was seen and not taken stands in `rejects`."""
    quiet = make_quiet(document.folded)
    tables, rejects = (document.tables, ()) if document.tables else rebuild(quiet, settings)
    spans = [(table.start, table.end) for table in tables]
    sections = outline(quiet, spans, settings)
    identity = identify(document, quiet, settings)
    found = table_indicators(document, quiet, tables, settings)
    text = stretches(quiet, sections, tables, settings)
    thresholds, indicators = _targets(document, quiet, text, found, settings)
    amounts, lost = _amounts(document, quiet, identity, (sections, tables, text, thresholds), settings)
    duties = clauses(document, quiet, sections, spans)
    return Mined(
        document=document,
        identity=identity,
        status=_status(quiet, sections, duties),
        sections=sections,
        tables=tables,
        clauses=tuple(_labelled(clause, settings) for clause in duties),
        goals=goals(document, quiet, sections, tables, settings),
        amounts=amounts,
        thresholds=thresholds,
        indicators=indicators,
        institutions=institutions(document, quiet, sections, tables, settings),
        purchases=purchases(document, quiet, tables, settings),
        rejects=(*document.rejects, *rejects, *found.rejects, *lost, *_missing(sections)),
    )


def _status(quiet: str, sections: Sequence[Section], duties: Sequence[Clause]) -> Status:
    if not duties and withheld(quiet):
        return Status.WITHHELD
    return Status.OK if sections else Status.PARTIAL


def _missing(sections: Sequence[Section]) -> tuple[Reject, ...]:
    return () if sections else (Reject("layout", "no_section", "no heading of a disclosure was found"),)


def _labelled(clause: Clause, settings: Settings) -> Clause:
    labels = label(squeeze(clause.text), settings)
    return replace(
        clause, functions=labels.functions, acts=labels.acts, role=str(labels.role), function_scores=labels.scores
    )


def _targets(
    document: Document, quiet: str, text: Sequence[Stretch], found: Found, settings: Settings
) -> tuple[tuple[Threshold, ...], tuple[Indicator, ...]]:
    """Thresholds and indicators of running text and of tables together, in order, pointing at each other."""
    prose = [
        threshold(target, subject(quiet, target, stretch.start))
        for stretch in text
        if not stretch.value_cell
        for target in targets(quiet, stretch.start, stretch.end, stretch.bare, settings)
        if not stretch.label_cell or target.kind is ThresholdKind.CONDITION
    ]
    listed = list(listed_indicators(document, quiet, text, prose, settings))
    indicators = sorted(enumerate([*found.indicators, *listed]), key=lambda pair: (pair[1].start, pair[0]))
    place = {old: new for new, (old, _) in enumerate(indicators)}
    by_value = {(item.value_start, item.value_end): len(found.indicators) + i for i, item in enumerate(listed)}
    linked = [replace(item, indicator=place[item.indicator]) for item in found.thresholds if item.indicator is not None]
    for item in prose:
        owner = by_value.get((item.start, item.end))
        linked.append(
            replace(item, indicator=place[owner], subject=listed[owner - len(found.indicators)].name)
            if owner is not None
            else item
        )
    thresholds = sorted(linked, key=lambda item: (item.start, item.end))
    return (
        tuple(replace(item, unit=_as_written(document, item.unit, item.start, item.end)) for item in thresholds),
        tuple(replace(item, unit=_as_written(document, item.unit, item.start, item.end)) for _, item in indicators),
    )


def _as_written(document: Document, unit: str, start: int, end: int) -> str:
    """The unit in the document's own characters (a Traditional page says 戶)."""
    at = document.folded.find(unit, start, end) if unit and not unit.isascii() else -1
    return document.text[at : at + len(unit)] if at >= 0 else unit


def _amounts(
    document: Document,
    quiet: str,
    identity: Identity,
    layout: tuple[Sequence[Section], Sequence[Table], Sequence[Stretch], Sequence[Threshold]],
    settings: Settings,
) -> tuple[tuple[Amount, ...], list[Reject]]:
    sections, tables, text, thresholds = layout
    conditions = frozenset(i for t in thresholds if t.kind is ThresholdKind.CONDITION for i in range(t.start, t.end))
    bounds = frozenset(i for t in thresholds if t.kind is not ThresholdKind.CONDITION for i in range(t.start, t.end))
    context = Context(document, quiet, identity.fiscal_year, bounds, conditions, settings)
    at = SectionAt(sections)
    in_cells, rejects = cell_amounts(context, tables, [at.kind(table.start) for table in tables])
    in_cells += keyed_amounts(context, sections, tables)
    taken = {amount.start for amount in in_cells}
    prose = [amount for amount in prose_amounts(context, text) if amount.start not in taken]
    split = [
        amount for amount in split_amounts(context, thresholds) if amount.start not in taken | {a.start for a in prose}
    ]
    return tuple(sorted([*in_cells, *prose, *split], key=lambda amount: (amount.start, amount.end))), rejects
