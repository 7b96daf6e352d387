"""`dutymine score`: points of indicators from actual values, by the documents' own scoring rules."""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from dutymine.commands.columns import aligned
from dutymine.commands.outcome import DONE, INPUTS_FAILED, Outcome, UsageError
from dutymine.facts.quantities import quantities
from dutymine.facts.scoring import Scored, convert, score
from dutymine.model import Comparator, Indicator
from dutymine.output.columns import Row, Value
from dutymine.output.csv_tables import CsvTable, read_cells
from dutymine.output.files import read_table
from dutymine.output.score_table import SCORES
from dutymine.settings import Settings
from dutymine.text import fold, squeeze

_KEYS = ("indicator_id", "doc_id", "project", "name")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="folder of results; scores.csv is written there")
    parser.add_argument(
        "actuals",
        type=Path,
        metavar="ACTUALS.csv",
        help="CSV with actual and indicator_id, or with actual, name and, where names repeat, doc_id and project",
    )


def run(options: argparse.Namespace) -> Outcome:
    """Score every row of actual values; status 1 when some fit no indicator."""
    try:
        indicators = list(read_table(options.folder, "indicators"))
        given = _actuals(options.actuals)
    except FileNotFoundError as error:
        raise UsageError(str(error)) from None
    rows = [_scored(actual, _fitting(actual, indicators)) for actual in given]
    table = CsvTable(options.folder, SCORES)
    table.write(sorted(rows, key=lambda row: (str(row[0]), str(row[1]))))
    table.close()
    notes = tuple(f"{options.actuals}: row {i + 2}: {row[-1]}" for i, row in enumerate(rows) if not row[1])
    return Outcome(INPUTS_FAILED if notes else DONE, _summary(rows), notes)


def _actuals(path: Path) -> list[dict[str, str]]:
    """Rows of actual values; raises UsageError for a file that has no such columns."""
    try:
        rows = list(read_cells(path))
    except UnicodeDecodeError:  # as Chinese Excel saves it
        rows = list(read_cells(path, "gb18030"))
    if not rows:
        raise UsageError(f"{path}: holds no rows")
    if "actual" not in rows[0] or not {"indicator_id", "name"} & set(rows[0]):
        raise UsageError(f"{path}: needs a column actual, and indicator_id or name")
    return rows


def _fitting(actual: Mapping[str, str], indicators: Sequence[Mapping[str, Value]]) -> list[Mapping[str, Value]]:
    """Indicators that agree with every key that a row gives."""
    keys = {key: squeeze(fold(actual[key])) for key in _KEYS if actual.get(key, "").strip()}
    if "indicator_id" in keys:
        keys = {"indicator_id": keys["indicator_id"]}
    fitting = [row for row in indicators if all(squeeze(fold(str(row[key] or ""))) == keys[key] for key in keys)]
    ruled = [row for row in fitting if row["scoring_rule"]]  # a name in the goals and in the table: the table scores
    return ruled if len(ruled) == 1 else fitting


def _scored(actual: Mapping[str, str], fitting: Sequence[Mapping[str, Value]]) -> Row:
    written = actual["actual"].strip()
    if len(fitting) != 1:
        why = f"有{len(fitting)}项指标与此相符" if fitting else "没有与此相符的指标"
        return (
            actual.get("doc_id", ""),
            "",
            actual.get("project", ""),
            actual.get("name", ""),
            "",
            "",
            written,
            None,
            None,
            why,
        )
    row = fitting[0]
    item = _indicator(row)
    found = _points(item, written)
    head = (row["doc_id"], row["indicator_id"], row["project"], row["name"], row["value_text"], row["scoring_rule"])
    return (*head, written, item.points, found.points, found.computation)


def _points(item: Indicator, written: str) -> Scored:
    """Points for an actual value as written, brought to the indicator's unit."""
    folded = fold(written)
    numbers = quantities(folded, 0, len(folded), Settings())
    if len(numbers) != 1:
        return Scored(None, f"实际值“{written}”不是一个数值")
    value = convert(numbers[0].value, numbers[0].unit, item.unit)
    if value is None:
        return Scored(None, f"实际值的单位“{numbers[0].unit}”与指标值的单位“{item.unit}”不能换算")
    return score(item, value)


def _indicator(row: Mapping[str, Value]) -> Indicator:
    """An indicator as its row in the table has it; only what scoring reads."""
    text = {key: str(row[key] or "") for key in ("project", "name", "unit", "value_text", "scoring_rule")}
    numbers = {key: value if isinstance(value := row[key], Decimal) else None for key in ("low", "high", "points")}
    comparator = Comparator(str(row["comparator"])) if row["comparator"] else None
    return Indicator(
        text["project"], "", "", text["name"], "", "", comparator, numbers["low"], numbers["high"], text["unit"],
        text["value_text"], "", numbers["points"], fold(text["scoring_rule"]), "", 0, 0, 0, 0,
    )  # fmt: skip


def _summary(rows: Sequence[Row]) -> str:
    shown = [(row[3], row[4], row[6], row[7], row[8], row[9]) for row in rows]
    lines = aligned(("指标", "指标值", "实际值", "分值", "得分", "算式"), [_plain(row) for row in shown])
    return "\n\n".join([lines, *_totals(rows)])


def _plain(row: Sequence[Value]) -> tuple[str, ...]:
    return tuple(format(cell, "f") if isinstance(cell, Decimal) else str(cell or "") for cell in row)


def _totals(rows: Sequence[Row]) -> Iterator[str]:
    sums: dict[Value, list[Decimal]] = defaultdict(list)
    for row in rows:
        if isinstance(row[8], Decimal) and isinstance(row[7], Decimal):
            sums[row[0]] += [row[7], row[8]]
    for doc, points in sorted(sums.items(), key=lambda pair: str(pair[0])):
        full, got = sum(points[::2], Decimal(0)), sum(points[1::2], Decimal(0))
        yield f"{doc}：{len(points) // 2}项可计算，满分{full:f}分，得{got:f}分"
