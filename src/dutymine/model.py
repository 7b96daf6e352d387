"""All nouns of dutymine: what one document is and what is mined from it.

Every mined object carries a half-open span (`start`, `end`) of code points into `Document.text`;
`document.text[start:end]` is what the row quotes. Objects carry no ids: an object's id is its place in its
tuple of `Mined`, which the output room turns into `<doc_id>:<letter><n>`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class SectionKind(StrEnum):
    """What a section of a disclosure is about."""

    DUTIES = "duties"
    INSTITUTIONS = "institutions"
    INCOME = "income"
    EXPENDITURE = "expenditure"
    CHANGE = "change"
    AGENCY_RUNNING = "agency_running"
    THREE_PUBLIC = "three_public"
    PERFORMANCE = "performance"
    GOALS_OVERALL = "goals_overall"
    GOALS_SUB = "goals_sub"
    SAFEGUARDS = "safeguards"
    INDICATORS_DEPARTMENT = "indicators_department"
    INDICATORS_PROJECT = "indicators_project"
    PROCUREMENT = "procurement"
    ASSETS = "assets"
    GLOSSARY = "glossary"
    OTHER_NOTES = "other_notes"
    CONTENTS = "contents"
    OTHER = "other"


class AmountRole(StrEnum):
    """What a sum of money is in the budget."""

    INCOME_TOTAL = "income_total"
    INCOME_GENERAL = "income_general"
    INCOME_FUND = "income_fund"
    INCOME_SOE = "income_soe"
    INCOME_SPECIAL = "income_special"
    INCOME_OTHER = "income_other"
    INCOME_CARRYOVER = "income_carryover"
    EXPENDITURE_TOTAL = "expenditure_total"
    EXPENDITURE_BASIC = "expenditure_basic"
    EXPENDITURE_PERSONNEL = "expenditure_personnel"
    EXPENDITURE_OPERATING = "expenditure_operating"
    EXPENDITURE_PROJECT = "expenditure_project"
    EXPENDITURE_OTHER = "expenditure_other"
    AGENCY_RUNNING = "agency_running"
    THREE_PUBLIC_TOTAL = "three_public_total"
    THREE_PUBLIC_ABROAD = "three_public_abroad"
    THREE_PUBLIC_VEHICLE = "three_public_vehicle"
    THREE_PUBLIC_VEHICLE_PURCHASE = "three_public_vehicle_purchase"
    THREE_PUBLIC_VEHICLE_RUNNING = "three_public_vehicle_running"
    THREE_PUBLIC_RECEPTION = "three_public_reception"
    PROCUREMENT_TOTAL = "procurement_total"
    PROCUREMENT_ITEM = "procurement_item"
    ASSETS_TOTAL = "assets_total"
    ASSETS_ITEM = "assets_item"
    ASSETS_PLANNED = "assets_planned"
    PROJECT_ITEM = "project_item"
    CHANGE_TOTAL = "change_total"
    CHANGE_BASIC = "change_basic"
    CHANGE_PROJECT = "change_project"
    CHANGE_OTHER = "change_other"
    INDICATOR_VALUE = "indicator_value"
    OTHER = "other"


class Comparator(StrEnum):
    """How a target bounds its value; `TEXT` is a value in words."""

    AT_LEAST = ">="
    AT_MOST = "<="
    MORE = ">"
    LESS = "<"
    EQUAL = "="
    BETWEEN = "between"
    APPROX = "approx"
    TEXT = "text"


class ThresholdKind(StrEnum):
    """How a target is written."""

    SYMBOL = "symbol"
    WORD = "word"
    SPLIT = "split"
    RANGE = "range"
    EXACT = "exact"
    PLANNED = "planned"
    CONDITION = "condition"


class GoalLevel(StrEnum):
    """Where in the goal tree a goal stands."""

    OVERALL = "overall"
    SUB = "sub"
    SAFEGUARD = "safeguard"
    PROJECT = "project"


class Role(StrEnum):
    """What part a department takes in a duty."""

    LEAD = "lead"
    OWN = "own"
    PERFORM = "perform"
    GUIDE = "guide"
    ASSIST = "assist"
    RESIDUAL = "residual"


class DocumentKind(StrEnum):
    """What kind of disclosure a document is."""

    BUDGET = "budget"
    FINAL_ACCOUNTS = "final_accounts"
    PERFORMANCE = "performance"
    RESPONSIBILITY_LIST = "responsibility_list"
    OTHER = "other"


class Status(StrEnum):
    """How far a document could be mined; `WITHHELD`: it says its duties are secret."""

    OK = "ok"
    PARTIAL = "partial"
    FAILED = "failed"
    WITHHELD = "withheld"


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
    """One duty clause without its marker; `text` leaves out page numbers that fell into the span."""

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
    rejects: tuple[Reject, ...] = ()
