"""One document: the order of the steps. Pure: no clock, no disk, no other document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import compress
from operator import ne

from dutymine.checks import examine
from dutymine.duties.classifier import classify
from dutymine.duties.clauses import clauses
from dutymine.duties.features import Duty, home_functions
from dutymine.duties.listed import listed_clauses
from dutymine.duties.powers import kept, powers
from dutymine.facts.amounts import Context, prose_amounts
from dutymine.facts.goals import goals, with_projects
from dutymine.facts.identity import identify, withheld
from dutymine.facts.indicator_lists import listed_indicators
from dutymine.facts.indicators import Found, table_indicators
from dutymine.facts.institutions import institutions
from dutymine.facts.money_cells import cell_amounts, keyed_amounts, split_amounts
from dutymine.facts.procurement import purchases
from dutymine.facts.projects import Pair, goals_with_names, named_projects, with_names
from dutymine.facts.quantities import Quantity, quantities
from dutymine.facts.stretches import SectionAt, Stretch, stretches
from dutymine.facts.thresholds import subject, targets, threshold
from dutymine.layout.grids import Grid, grids, rebuild
from dutymine.layout.noise import quiet as make_quiet
from dutymine.layout.sections import outline
from dutymine.links.trace import trace
from dutymine.model import (
    Amount,
    Clause,
    Document,
    DocumentKind,
    Identity,
    Indicator,
    Mined,
    Reject,
    Section,
    Status,
    Threshold,
    ThresholdKind,
)
from dutymine.settings import Settings

_HEAD = 2000


def mine(document: Document, settings: Settings) -> Mined:
    """Everything mined from one document; what was seen and not taken stands in `rejects`."""
    quiet = make_quiet(document.folded)
    tables, rejects = (document.tables, ()) if document.tables else rebuild(quiet, settings)
    spans = [(table.start, table.end) for table in tables]
    sections = outline(quiet, spans, settings)
    identity = identify(document, quiet, settings)
    grid = grids(quiet, tables, settings)
    is_list = bool(document.tables) or identity.kind is DocumentKind.RESPONSIBILITY_LIST
    listed = listed_clauses(document, quiet, grid) if is_list else ()
    if listed:  # its sums and numbers are those of the laws it quotes
        identity = replace(identity, kind=DocumentKind.RESPONSIBILITY_LIST)
        duties = _labelled(document, quiet, listed, identity, settings)
        acts = powers(document, quiet, duties, identity.department, settings)
        whole = Mined(
            *(document, identity, Status.OK, sections, tables, duties, acts), rejects=(*document.rejects, *rejects)
        )
        return checked(whole, quiet, settings)
    found = table_indicators(document, quiet, grid, settings)
    text = stretches(quiet, sections, grid)
    counted = [quantities(quiet, stretch.start, stretch.end, settings) for stretch in text]
    thresholds, indicators = _targets(document, quiet, (text, counted), found, settings)
    named = named_projects(Pair(document.text, quiet), sections, spans, settings)
    indicators = with_names(indicators, named)
    context = _context(document, quiet, identity, thresholds, settings)
    amounts, lost = _amounts(context, sections, grid, thresholds, (text, counted))
    duties = clauses(document, quiet, sections, spans)
    mined = Mined(
        document=document,
        identity=identity,
        status=_status(quiet, sections, duties),
        sections=sections,
        tables=tables,
        clauses=_labelled(document, quiet, duties, identity, settings),
        powers=powers(document, quiet, duties, identity.department, settings),
        goals=with_projects(goals_with_names(goals(document, quiet, sections, grid, settings), named), indicators),
        amounts=amounts,
        thresholds=thresholds,
        indicators=indicators,
        institutions=institutions(document, quiet, sections, grid),
        purchases=purchases(document, quiet, grid),
        rejects=(*document.rejects, *rejects, *found.rejects, *lost, *_missing(sections)),
    )
    return checked(mined, quiet, settings)


def checked(mined: Mined, quiet: str, settings: Settings) -> Mined:
    """A mined document with its links and with what the checks say of it."""
    linked = replace(mined, links=trace(mined, settings))
    results, findings = examine(linked, quiet, settings)
    return replace(linked, checks=results, findings=findings)


def _status(quiet: str, sections: Sequence[Section], duties: Sequence[Clause]) -> Status:
    if not duties and withheld(quiet):
        return Status.WITHHELD
    return Status.OK if sections else Status.PARTIAL


def _missing(sections: Sequence[Section]) -> tuple[Reject, ...]:
    return () if sections else (Reject("layout", "no_section", "no heading of a disclosure was found"),)


def _labelled(
    document: Document, quiet: str, duties: Sequence[Clause], identity: Identity, settings: Settings
) -> tuple[Clause, ...]:
    home = home_functions(identity.department_type, settings)
    asked = [Duty(kept(document, quiet, clause.start, clause.end)[0], home) for clause in duties]
    return tuple(
        replace(
            clause,
            functions=found.functions,
            acts=found.acts,
            role=str(found.role),
            function_scores=found.scores,
            needs_review=found.needs_review,
            act_scores=found.act_scores,
            role_score=found.role_score,
        )
        for clause, found in zip(duties, classify(asked, settings), strict=True)
    )


Counted = tuple[Sequence[Stretch], Sequence[list[Quantity]]]  # running text and the quantities of each stretch


def _targets(
    document: Document, quiet: str, counted: Counted, found: Found, settings: Settings
) -> tuple[tuple[Threshold, ...], tuple[Indicator, ...]]:
    """Thresholds and indicators of running text and of tables together, in order, pointing at each other."""
    text = counted[0]
    prose = [
        threshold(
            replace(target, kind=ThresholdKind.CONDITION) if stretch.grade else target,
            subject(quiet, target, stretch.start),
        )
        for stretch, numbers in zip(*counted, strict=True)
        if not stretch.value_cell
        for target in targets(quiet, (stretch.start, stretch.end), numbers, stretch.bare, settings)
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
    if not _is_traditional(document):
        return tuple(thresholds), tuple(item for _, item in indicators)
    return (
        tuple(replace(item, unit=_as_written(document, item.unit, item.start, item.end)) for item in thresholds),
        tuple(replace(item, unit=_as_written(document, item.unit, item.start, item.end)) for _, item in indicators),
    )


def _is_traditional(document: Document) -> bool:
    """Whether folding changed characters and not only widths."""
    folded = document.folded[:_HEAD]
    return max(compress(folded, map(ne, document.text[:_HEAD], folded)), default="") >= "\u4e00"


def _as_written(document: Document, unit: str, start: int, end: int) -> str:
    """The unit in the document's own characters (a Traditional page says 戶)."""
    if not unit or unit.isascii() or unit.startswith(("万元", "亿元")):
        return unit
    at = document.folded.find(unit, start, end)
    return document.text[at : at + len(unit)] if at >= 0 else unit


def _context(
    document: Document, quiet: str, identity: Identity, thresholds: Sequence[Threshold], settings: Settings
) -> Context:
    conditions = frozenset(i for t in thresholds if t.kind is ThresholdKind.CONDITION for i in range(t.start, t.end))
    bounds = frozenset(i for t in thresholds if t.kind is not ThresholdKind.CONDITION for i in range(t.start, t.end))
    owned = frozenset(i for t in thresholds if t.indicator is not None for i in range(t.start, t.end))
    return Context(document, quiet, identity.fiscal_year, bounds, conditions, owned, settings)


def _amounts(
    context: Context,
    sections: Sequence[Section],
    grid: Sequence[Grid],
    thresholds: Sequence[Threshold],
    counted: Counted,
) -> tuple[tuple[Amount, ...], list[Reject]]:
    """Sums of cells, of keys and values, of running text and of split bounds, each place once."""
    tables = [item.table for item in grid]
    at = SectionAt(sections)
    in_cells, rejects = cell_amounts(context, grid, [at.kind(table.start) for table in tables])
    taken: dict[int, Amount] = {}
    for found in (
        in_cells,
        keyed_amounts(context, sections, tables),
        prose_amounts(context, *counted),
        split_amounts(context, thresholds),
    ):
        for amount in found:
            taken.setdefault(amount.start, amount)
    return tuple(sorted(taken.values(), key=lambda amount: (amount.start, amount.end))), rejects
