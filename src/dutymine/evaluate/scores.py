"""Gold against results: how much was found, how much of it is right, and which rows are not.

Gold tables have the contract's columns, with `doc` (how the file's name begins) or `doc_id` for the document. Only
documents that stand in the gold count, and only tables the gold folder has.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from pathlib import Path, PurePosixPath
from typing import TypedDict

from dutymine.evaluate.matching import (
    BOUNDS,
    Cells,
    Page,
    Pairs,
    equal,
    in_order,
    indicator_likeness,
    overlap_of,
    same_heading,
    same_name,
    same_stretch,
    same_target,
    same_value,
    share,
    span,
)
from dutymine.output.columns import Value
from dutymine.output.csv_tables import read_cells, typed
from dutymine.output.files import read_table
from dutymine.output.schema import TABLES


class TableScores(TypedDict):
    """Scores of one table; `fields` are shares of right cells among compared ones."""

    precision: float
    recall: float
    f1: float
    matched: int
    gold: int
    found: int
    fields: dict[str, float]


class GoldError(ValueError):
    """A gold table that cannot be used; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Error:
    """One row that is not right: `missed`, `false_alarm` or `wrong_field`."""

    table: str
    doc: str
    kind: str
    line: int | None
    text: str
    detail: str = ""


@dataclass(slots=True)
class Tally:
    """Counts of one table over all documents; `fields` hold how many of how many compared cells are right."""

    matched: int = 0
    gold: int = 0
    found: int = 0
    fields: dict[str, tuple[int, int]] = field(default_factory=dict)

    def count(self, name: str, right: int, compared: int = 1) -> None:
        """Count cells of a field."""
        before = self.fields.get(name, (0, 0))
        self.fields[name] = (before[0] + right, before[1] + compared)

    def scores(self) -> TableScores:
        """Precision, recall, F1, counts and the share of right cells by field."""
        precision, recall = share(self.matched, self.found), share(self.matched, self.gold)
        both = precision + recall
        return {
            "precision": round(precision, 4),
            "recall": round(recall, 4),
            "f1": round(2 * precision * recall / both if both else 0.0, 4),
            "matched": self.matched,
            "gold": self.gold,
            "found": self.found,
            "fields": {name: round(share(*counts), 4) for name, counts in self.fields.items()},
        }


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores by table, and every row that is not right."""

    tables: dict[str, TableScores]
    errors: tuple[Error, ...]


@dataclass(frozen=True, slots=True)
class _Rule:
    """How a table is scored: who belongs to whom, which fields are compared, which of them must be right to count."""

    pairs: Callable[[Page], Pairs]
    needs: tuple[str, ...]  # columns the gold must have
    fields: tuple[str, ...]
    label: tuple[str, ...] = ("text",)
    right: Callable[[Cells, Cells], bool] | None = None
    spans: bool = True
    open: frozenset[str] = frozenset()  # an empty gold cell of these fields is an open question


_SPAN = ("start", "end")
_LABELS = ("functions", "acts", "role")
_RULES = {
    "sections": _Rule(same_heading, (*_SPAN, "kind"), (), ("kind", "title"), spans=False),
    "clauses": _Rule(same_stretch, _SPAN, ("number", *_LABELS), open=frozenset(_LABELS)),
    "goals": _Rule(same_stretch, _SPAN, ("level", "number")),
    "amounts": _Rule(
        same_value("value", "unit"),
        (*_SPAN, "value", "unit"),
        ("role", "period", "direction"),
        ("text", "unit"),
        open=frozenset({"role"}),
    ),
    "thresholds": _Rule(same_value(*BOUNDS), (*_SPAN, *BOUNDS), ("kind", "frequency")),
    "indicators": _Rule(
        lambda page: in_order(page, indicator_likeness),
        ("name", "value_text", *BOUNDS),
        (
            *("project", "level1", "level2", "name", "class_code", "description", *BOUNDS),
            *("value_text", "points", "scoring_rule", "basis", "source"),
        ),
        ("name", "value_text"),
        lambda gold, found: equal(gold["name"], found["name"]) and same_target(gold, found),
        spans=False,
    ),
    "institutions": _Rule(same_name("name"), ("name",), ("nature", "rank", "funding"), ("name",), spans=False),
    "procurement": _Rule(
        same_name("item"), ("item",), ("code", "quantity", "unit_price", "amount"), ("item", "amount"), spans=False
    ),
}
_IDENTITY = (
    *("department", "department_type", "level", "province", "city", "county", "fiscal_year", "kind", "status"),
)


def evaluate(gold_folder: Path | str, result_folder: Path | str) -> Scores:
    """Scores of a result folder against a gold folder (`<table>.csv` or `gold_<table>.csv`), table by table.

    Raises FileNotFoundError where a folder lacks what is needed, GoldError for a gold table that cannot be used.
    """
    gold, results = _gold(Path(gold_folder)), Path(result_folder)
    documents = {str(row["doc_id"]): row for row in read_table(results, "documents")}
    keys = sorted({_key(row) for rows in gold.values() for row in rows})
    ids = {key: _document(key, documents) for key in keys}
    tables: dict[str, TableScores] = {}
    errors: list[Error] = []
    if "documents" in gold:
        tables["documents"] = _identities(gold["documents"], ids, documents, errors)
    for name, rule in _RULES.items():
        if name in gold:
            pages = _pages(gold[name], name, ids, results)
            tables[name] = _table(name, rule, pages, errors)
    if "hard_negatives" in gold:
        tables["hard_negatives"] = _hard_negatives(gold["hard_negatives"], ids, results, errors)
    return Scores(tables, tuple(errors))


def _gold(folder: Path) -> dict[str, list[Cells]]:
    gold = {}
    for name in ("documents", *_RULES, "hard_negatives"):
        for path in (folder / f"{name}.csv", folder / f"gold_{name}.csv"):
            if path.is_file():
                gold[name] = _rows(path, name)
    if not gold:
        raise FileNotFoundError(f"{folder} has no gold table")
    return gold


def _rows(path: Path, name: str) -> list[Cells]:
    needs = _RULES[name].needs if name in _RULES else ("start", "text") if name == "hard_negatives" else ()
    rows = []
    for number, cells in enumerate(read_cells(path), 2):
        missing = [column for column in needs if column not in cells]
        if missing or not (cells.get("doc") or cells.get("doc_id")):
            raise GoldError(f"{path}: row {number} has no {' or '.join(missing) or 'doc or doc_id'}")
        try:
            rows.append(typed(cells, TABLES.get(name, TABLES["amounts"])))
        except (ValueError, ArithmeticError):
            raise GoldError(f"{path}: row {number} has a number that is none") from None
    return rows


def _key(row: Cells) -> str:
    return str(row.get("doc") or row.get("doc_id"))


def _document(key: str, documents: dict[str, Cells]) -> str:
    """The doc_id a gold key means; empty where none or several do."""
    if key in documents:
        return key
    names = {doc_id: PurePosixPath(str(row["path"])).name for doc_id, row in documents.items()}
    exact = [doc_id for doc_id, name in names.items() if PurePosixPath(name).stem == key]
    begun = [doc_id for doc_id, name in names.items() if name.startswith(key)]
    chosen = exact or begun
    return chosen[0] if len(chosen) == 1 else ""


def _by_document(rows: Iterable[Cells], wanted: Iterable[str]) -> dict[str, list[Cells]]:
    grouped: dict[str, list[Cells]] = {doc_id: [] for doc_id in wanted}
    for row in rows:
        if row["doc_id"] in grouped:
            grouped[str(row["doc_id"])].append(row)
    return grouped


def _pages(gold: Iterable[Cells], name: str, ids: dict[str, str], results: Path) -> list[Page]:
    by_key: dict[str, list[Cells]] = defaultdict(list)
    for row in gold:
        by_key[_key(row)].append(row)
    found = _by_document(read_table(results, name), ids.values())
    spans = _RULES[name].pairs is same_stretch
    return [
        Page(key, by_key[key], found[doc_id] if doc_id else [], _filled(results, doc_id) if spans else [0])
        for key, doc_id in ids.items()
    ]


def _filled(results: Path, doc_id: str) -> list[int]:
    """How many characters that are not white space stand before each offset of a document's text."""
    path = results / "texts" / f"{doc_id}.txt"
    text = path.read_bytes().decode("utf-8") if doc_id and path.is_file() else ""
    return [0, *accumulate(not char.isspace() for char in text)]


def _table(name: str, rule: _Rule, pages: Sequence[Page], errors: list[Error]) -> TableScores:
    tally = Tally()
    for page in pages:
        pairs = rule.pairs(page)
        tally.gold += len(page.gold)
        tally.found += len(page.found)
        for i, j in pairs:
            pair = page.gold[i], page.found[j]
            tally.matched += rule.right is None or rule.right(*pair)
            wrong = _compare(rule, pair, tally)
            if wrong:
                errors.append(replace(_error(name, rule, page.doc, "wrong_field", pair[1]), detail="; ".join(wrong)))
        for kind, rows, used in (("missed", page.gold, 0), ("false_alarm", page.found, 1)):
            taken = {pair[used] for pair in pairs}
            errors += [_error(name, rule, page.doc, kind, row) for i, row in enumerate(rows) if i not in taken]
    return tally.scores()


def _compare(rule: _Rule, pair: tuple[Cells, Cells], tally: Tally) -> list[str]:
    """Count the fields of a matched pair; returns what is wrong, one phrase a field."""
    gold, found = pair
    wrong = []
    for name in rule.fields:
        if name not in gold or (name in rule.open and gold[name] in ("", None)):
            continue
        right = equal(gold[name], found[name])
        tally.count(name, right)
        if not right:
            wrong.append(f"{name} {_shown(found[name])} not {_shown(gold[name])}")
    tally.count("all_fields", not wrong)
    if rule.spans:
        tally.count("exact_span", span(gold) == span(found))
    return wrong


def _shown(value: Value) -> str:
    return "(empty)" if value in ("", None) else str(value)


def _error(name: str, rule: _Rule, doc: str, kind: str, row: Cells) -> Error:
    line = row.get("line")
    text = " ".join(_shown(row[column]) for column in rule.label if column in row)
    return Error(name, doc, kind, line if isinstance(line, int) else None, text)


def _identities(
    gold: Iterable[Cells], ids: dict[str, str], documents: dict[str, Cells], errors: list[Error]
) -> TableScores:
    tally = Tally()
    for row in gold:
        key = _key(row)
        tally.gold += 1
        found = documents.get(ids[key])
        if found is None:
            errors.append(Error("documents", key, "missed", None, key))
            continue
        tally.matched += 1
        tally.found += 1
        wrong = _compare(_Rule(same_heading, (), _IDENTITY, spans=False), (row, found), tally)
        errors += [Error("documents", key, "wrong_field", None, key, detail) for detail in wrong]
    return tally.scores()


def _hard_negatives(gold: Iterable[Cells], ids: dict[str, str], results: Path, errors: list[Error]) -> TableScores:
    """Numerals that no amount may touch: `precision` is the share left alone."""
    amounts = _by_document(read_table(results, "amounts"), ids.values())
    tally = Tally()
    for row in gold:
        doc_id, start = ids[_key(row)], int(row["start"] or 0)
        numeral: Cells = {"start": start, "end": start + len(str(row["text"]))}
        touched = any(overlap_of(numeral, amount) > 0 for amount in amounts[doc_id])
        tally.gold += 1
        tally.found += bool(doc_id)
        tally.matched += bool(doc_id) and not touched
        if touched:
            errors.append(_error("hard_negatives", _RULES["amounts"], _key(row), "false_alarm", row))
    return tally.scores()
