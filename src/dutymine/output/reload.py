"""A result folder back into mined documents: what the checks need, from tables that people may have corrected."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from dutymine.model import (
    Amount,
    AmountRole,
    Cell,
    Clause,
    Comparator,
    Document,
    DocumentKind,
    Goal,
    GoalLevel,
    Identity,
    Indicator,
    Institution,
    Mined,
    Place,
    Power,
    Purchase,
    Section,
    SectionKind,
    Status,
    Table,
    Threshold,
    ThresholdKind,
)
from dutymine.output.columns import Value
from dutymine.output.files import read_table
from dutymine.text import fold

Cells = Mapping[str, Any]
# What a mined document is put together from, beside `documents`.
ALL = (
    *("sections", "tables", "cells", "clauses", "powers", "goals", "amounts", "thresholds", "indicators"),
    *("institutions", "procurement"),
)


class _Stream:
    """Rows of one table, document by document; the tables are ordered by document, so nothing is kept."""

    def __init__(self, folder: Path, name: str) -> None:
        self._rows = read_table(folder, name)
        self._next = next(self._rows, None)

    def of(self, doc_id: str) -> list[dict[str, Value]]:
        found = []
        while self._next is not None and str(self._next["doc_id"]) <= doc_id:
            if self._next["doc_id"] == doc_id:
                found.append(self._next)
            self._next = next(self._rows, None)
        return found


@dataclass(frozen=True, slots=True)
class Stored:
    """A document as its folder holds it: its row of `documents` and its rows of the other tables that were read."""

    folder: Path
    head: dict[str, Any]
    rows: dict[str, list[dict[str, Any]]]

    @property
    def doc_id(self) -> str:
        """The id of the document."""
        return str(self.head["doc_id"])


def stored(folder: Path, names: Sequence[str] = ALL) -> Iterator[Stored]:
    """Documents of a result folder in order of their doc_id; of the tables beside `documents` those called `names`.

    Raises FileNotFoundError where a table is missing.
    """
    streams = {name: _Stream(folder, name) for name in names}
    for head in read_table(folder, "documents"):
        doc_id = str(head["doc_id"])
        yield Stored(folder, head, {name: stream.of(doc_id) for name, stream in streams.items()})


def reload(folder: Path, names: Sequence[str] = ALL) -> Iterator[Mined]:
    """Mined documents of a result folder in order of their doc_id, without links, checks, findings and rejects.

    What tables beside `names` hold stays empty and is not read. Raises FileNotFoundError where a table is missing.
    """
    return map(mined, stored(folder, names))


def mined(of: Stored, texts: bool = True) -> Mined:
    """The mined document that is stored; without its text, which is not read then, unless `texts` are wanted.

    A text that is missing gives a document that failed.
    """
    head, rows = of.head, {name: of.rows.get(name, []) for name in ALL}
    path = of.folder / "texts" / f"{head['doc_id']}.txt"
    text = path.read_bytes().decode("utf-8") if texts and path.is_file() else ""
    places = tuple(Place(*place) for place in json.loads(head["places"] or "[]"))
    names = (head["doc_id"], head["path"], head["sha256"], head["format"], head["encoding"])
    document = Document(*names, text, fold(text), places=places)
    return Mined(
        document=document,
        identity=_identity(head),
        status=Status(head["status"]) if text else Status.FAILED,
        sections=tuple(_section(row) for row in rows["sections"]),
        tables=_tables(rows["tables"], rows["cells"]),
        clauses=tuple(_clause(row) for row in rows["clauses"]),
        powers=tuple(_power(row) for row in rows["powers"]),
        goals=tuple(_goal(row) for row in rows["goals"]),
        amounts=tuple(_amount(row, text) for row in rows["amounts"]),
        thresholds=tuple(_threshold(row) for row in rows["thresholds"]),
        indicators=tuple(_indicator(row) for row in rows["indicators"]),
        institutions=tuple(_institution(row) for row in rows["institutions"]),
        purchases=tuple(_purchase(row) for row in rows["procurement"]),
    )


def _index(identifier: str) -> int | None:
    """`<doc_id>:<letter><n>` back to the index n-1; None where there is none."""
    return int(identifier.rpartition(":")[2][1:]) - 1 if identifier else None


def _place(row: Cells) -> tuple[int, int]:
    return row["start"], row["end"]


def _codes(text: str) -> tuple[str, ...]:
    return tuple(text.split("|")) if text else ()


def _cut(place: str) -> tuple[str, str, str]:
    return place.partition("/")


def _identity(row: Cells) -> Identity:
    name = (row["title"], row["department"], row["department_type"], row["level"])
    where = (row["province"], row["city"], row["county"])
    return Identity(
        *name, *where, row["fiscal_year"], DocumentKind(row["kind"]), row["division_code"], row["division_vintage"]
    )


def _section(row: Cells) -> Section:
    parent = _index(row["parent_id"])
    return Section(SectionKind(row["kind"]), row["title"], parent, row["level"], row["start"], row["body"], row["end"])


def _tables(tables: list[dict[str, Any]], cells: list[dict[str, Any]]) -> tuple[Table, ...]:
    held: dict[str, list[Cell]] = {row["table_id"]: [] for row in tables}
    for row in cells:
        spans = (row["row"], row["column"], row["rowspan"], row["colspan"])
        held[row["table_id"]].append(Cell(*spans, row["is_header"], *_place(row)))
    return tuple(
        Table(row["caption"], row["unit"], row["rows"], row["columns"], tuple(held[row["table_id"]]), *_place(row))
        for row in tables
    )


def _clause(row: Cells) -> Clause:
    scores, act_scores = (tuple(map(Decimal, _codes(row[name]))) for name in ("function_scores", "act_scores"))
    head = (row["ordinal"], row["marker"], row["number"], row["text"], *_place(row))
    rows = tuple((_index(table) or 0, int(number)) for table, _, number in map(_cut, _codes(row["rows"])))
    labels = (_codes(row["functions"]), _codes(row["acts"]), row["role"], scores, row["needs_review"])
    return Clause(*head, *labels, rows, act_scores, row["role_score"])


def _power(row: Cells) -> Power:
    head = (_index(row["clause_id"]) or 0, row["act"], row["act_code"], row["strength"], row["role"])
    return Power(*head, row["object"], row["scope"], row["actors"], row["basis"], *_place(row))


def _goal(row: Cells) -> Goal:
    head = (GoalLevel(row["level"]), row["project"], row["number"], row["title"], row["text"])
    return Goal(*head, *_place(row))


def _printed(value: Decimal, quote: str) -> Decimal:
    """A value with as many decimals as are printed, since they carry its rounding: Parquet fills them up to twelve."""
    decimals = re.search(r"\.(\d+)", fold(quote))
    short = round(value, len(decimals[1]) if decimals else 0)
    return short if short == value else value


def _amount(row: Cells, text: str) -> Amount:
    value = _printed(row["value"], text[row["start"] : row["end"]])
    head = (value, row["unit"], row["yuan"], AmountRole(row["role"]), row["role_label"], row["period"])
    cell = (_index(row["table_id"]), row["row"], row["column"])
    return Amount(*head, row["direction"], row["fund"], *_place(row), *cell, row["subject_code"])


def _threshold(row: Cells) -> Threshold:
    bounds = (row["low"], row["high"], bool(row["low_inclusive"]), bool(row["high_inclusive"]))
    head = (Comparator(row["comparator"]), *bounds, row["unit"], row["frequency"], row["subject"])
    return Threshold(*head, ThresholdKind(row["kind"]), *_place(row), _index(row["indicator_id"]))


def _indicator(row: Cells) -> Indicator:
    names = (row["project"], row["level1"], row["level2"], row["name"], row["class_code"], row["description"])
    comparator = Comparator(row["comparator"]) if row["comparator"] else None
    value = (comparator, row["low"], row["high"], row["unit"], row["value_text"], row["period"])
    rest = (row["points"], row["scoring_rule"], row["basis"], *_place(row), row["value_start"], row["value_end"])
    return Indicator(*names, *value, *rest, _index(row["table_id"]), row["row"])


def _institution(row: Cells) -> Institution:
    return Institution(row["name"], row["nature"], row["rank"], row["funding"], *_place(row))


def _purchase(row: Cells) -> Purchase:
    head = (_index(row["table_id"]), row["row"], row["source_of_funds"], row["item"], row["code"], row["unit"])
    return Purchase(*head, row["quantity"], row["unit_price"], row["amount"], *_place(row))
