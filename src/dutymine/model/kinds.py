"""The closed vocabularies of the nouns: every value is a code of `data/codes.toml`."""

from __future__ import annotations

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


class Severity(StrEnum):
    """How certain and grave a suspected defect is."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


class Outcome(StrEnum):
    """What a rule came to on one document; no finding is not the same as a rule that never ran."""

    PASS = "pass"
    FAIL = "fail"
    NOT_APPLICABLE = "not_applicable"
    COULD_NOT_RUN = "could_not_run"
