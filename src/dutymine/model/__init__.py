"""All nouns of dutymine: what one document is and what is mined from it.

Every mined object carries a half-open span (`start`, `end`) of code points into `Document.text`;
`document.text[start:end]` is what the row quotes. Objects carry no ids: an object's id is its place in its
tuple of `Mined`, which the output room turns into `<doc_id>:<letter><n>`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from dutymine.model.kinds import (
    AmountRole as AmountRole,
)
from dutymine.model.kinds import (
    Comparator as Comparator,
)
from dutymine.model.kinds import (
    DocumentKind as DocumentKind,
)
from dutymine.model.kinds import (
    GoalLevel as GoalLevel,
)
from dutymine.model.kinds import (
    Outcome as Outcome,
)
from dutymine.model.kinds import (
    Role as Role,
)
from dutymine.model.kinds import (
    SectionKind as SectionKind,
)
from dutymine.model.kinds import (
    Severity as Severity,
)
from dutymine.model.kinds import (
    Status as Status,
)
from dutymine.model.kinds import (
    ThresholdKind as ThresholdKind,
)


@dataclass(frozen=True, slots=True)
class Reject:
    """Something that was seen and not taken, with a snake_case reason."""

    stage: str
    reason: str
    detail: str = ""
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a stretch of frozen text that begins at `start` stood in its file (page or sheet)."""

    start: int
    page: int | None = None
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table; a merged cell stands once, at its origin. Empty cells have start == end."""

    row: int
    column: int
    rowspan: int
    colspan: int
    is_header: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Table:
    """A table as rebuilt: a grid of `rows` × `columns` with its caption and inherited unit (`万元`, `元` or empty)."""

    caption: str
    unit: str
    rows: int
    columns: int
    cells: tuple[Cell, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """A file's frozen text and its folded copy of the same length, in which everything is matched.

    `tables` are those the reader knows for certain (HTML, Word, Excel, PDF); for plain text they are rebuilt later.
    """

    doc_id: str
    path: str
    sha256: str
    format: str
    encoding: str
    text: str
    folded: str
    tables: tuple[Table, ...] = ()
    places: tuple[Place, ...] = ()
    rejects: tuple[Reject, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A headed part of a document; the span runs from its heading to the next heading of its level.

    `parent` is the index of the enclosing section in `Mined.sections`; `body` is where the heading ends.
    """

    kind: SectionKind
    title: str
    parent: int | None
    level: int
    start: int
    body: int
    end: int


@dataclass(frozen=True, slots=True)
class Clause:
    """One duty clause without its marker; `text` leaves out page numbers that fell into the span.

    `rows` are the rows (table, row) of a responsibility list that state the same clause, its own first.
    """

    ordinal: int
    marker: str
    number: int | None
    text: str
    start: int
    end: int
    functions: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()
    role: str = ""
    function_scores: tuple[Decimal, ...] = ()
    needs_review: bool = True
    rows: tuple[tuple[int, int], ...] = ()
    act_scores: tuple[Decimal, ...] = ()
    role_score: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Power:
    """One act on one object inside a clause (`clause` is its index); strength 0 to 5."""

    clause: int
    act: str
    act_code: str
    strength: int
    role: str
    object: str
    scope: str
    actors: str
    basis: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Goal:
    """One performance goal."""

    level: GoalLevel
    project: str
    number: int | None
    title: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Amount:
    """One sum of money: `value` in `unit` as written, `yuan` in 元; `table` indexes `Mined.tables`."""

    value: Decimal
    unit: str
    yuan: Decimal
    role: AmountRole
    role_label: str
    period: str
    direction: str
    fund: str
    start: int
    end: int
    table: int | None = None
    row: int | None = None
    column: int | None = None
    subject_code: str = ""


@dataclass(frozen=True, slots=True)
class Threshold:
    """One target or limit; `indicator` indexes `Mined.indicators`. A bound that is not stated is None."""

    comparator: Comparator
    low: Decimal | None
    high: Decimal | None
    low_inclusive: bool
    high_inclusive: bool
    unit: str
    frequency: str
    subject: str
    kind: ThresholdKind
    start: int
    end: int
    indicator: int | None = None


@dataclass(frozen=True, slots=True)
class Indicator:
    """One performance indicator; level names as written, merged cells filled down. `value_*` is the span of its
    value.
    """

    project: str
    level1: str
    level2: str
    name: str
    class_code: str
    description: str
    comparator: Comparator | None
    low: Decimal | None
    high: Decimal | None
    unit: str
    value_text: str
    period: str
    points: Decimal | None
    scoring_rule: str
    basis: str
    start: int
    end: int
    value_start: int
    value_end: int
    table: int | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Institution:
    """One organisation of the department's institution table or list."""

    name: str
    nature: str
    rank: str
    funding: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Purchase:
    """One purchase line of a procurement table; `amount` and `unit_price` in the table's unit."""

    table: int | None
    row: int | None
    source_of_funds: str
    item: str
    code: str
    unit: str
    quantity: Decimal | None
    unit_price: Decimal | None
    amount: Decimal | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a document speaks for, and for which year; empty where the document does not say."""

    title: str = ""
    department: str = ""
    department_type: str = ""
    level: str = ""
    province: str = ""
    city: str = ""
    county: str = ""
    fiscal_year: int | None = None
    kind: DocumentKind = DocumentKind.OTHER
    division_code: str = ""
    division_vintage: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """One link on the way from duty to money: indexes into the tuples of `Mined`, score 0 to 1, shared words."""

    link: str
    score: Decimal
    evidence: str
    clause: int | None = None
    goal: int | None = None
    indicator: int | None = None
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One suspected defect; `start`:`end` quotes the wrong words with their label, `related` the other place."""

    rule: str
    severity: Severity
    message: str
    start: int
    end: int
    suggestion: str = ""
    computation: str = ""
    related: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one rule says of one document: outcome, computation with its figures, the offsets it used, its findings."""

    outcome: Outcome
    computation: str = ""
    used: tuple[int, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The verdict of one rule as it stands in a table: its findings are in `Mined.findings`."""

    rule: str
    outcome: Outcome
    computation: str
    used: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Mined:
    """Everything mined from one document, each tuple in order of position."""

    document: Document
    identity: Identity = field(default_factory=Identity)
    status: Status = Status.OK
    sections: tuple[Section, ...] = ()
    tables: tuple[Table, ...] = ()
    clauses: tuple[Clause, ...] = ()
    powers: tuple[Power, ...] = ()
    goals: tuple[Goal, ...] = ()
    amounts: tuple[Amount, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    institutions: tuple[Institution, ...] = ()
    purchases: tuple[Purchase, ...] = ()
    links: tuple[Link, ...] = ()
    checks: tuple[CheckResult, ...] = ()
    findings: tuple[Finding, ...] = ()
    rejects: tuple[Reject, ...] = ()
