"""`dutymine evaluate`: results against gold."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from dutymine.commands.columns import aligned
from dutymine.commands.outcome import Outcome, UsageError
from dutymine.evaluate import Error, GoldError, Scores, evaluate
from dutymine.output.files import write_json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument("gold", type=Path, metavar="GOLD", help="folder of gold tables")
    parser.add_argument("folder", type=Path, metavar="DIR", help="folder of results; scores.json is written there")
    parser.add_argument("--errors", action="store_true", help="list every row that is not right")


def run(options: argparse.Namespace) -> Outcome:
    """Score, write scores.json, and show the scores as a table."""
    try:
        scores = evaluate(options.gold, options.folder)
    except (FileNotFoundError, GoldError) as error:
        raise UsageError(str(error)) from None
    write_json(options.folder / "scores.json", scores.tables)
    text = score_table(scores)
    if options.errors:
        text += "\n\n" + error_table(scores.errors)
    return Outcome(text=text)


_Shown = Literal["precision", "recall", "f1", "matched", "gold", "found"]
_SHOWN: tuple[_Shown, ...] = ("precision", "recall", "f1", "matched", "gold", "found")


def score_table(scores: Scores) -> str:
    """Scores as aligned lines, and behind them the fields that are not always right, the worst first."""
    rows = []
    for name, table in scores.tables.items():
        fields = sorted(table["fields"].items(), key=lambda item: item[1])
        wrong = ", ".join(f"{field} {share:.3f}" for field, share in fields if share < 1)
        numbers = (table[key] for key in _SHOWN)
        rows.append((name, *numbers, wrong or "all right"))
    return aligned(("table", *_SHOWN, "fields"), rows)


def error_table(errors: Sequence[Error]) -> str:
    """Every row that is not right, one a line."""
    if not errors:
        return "nothing is wrong"
    rows = [
        (item.table, item.doc, item.kind, item.line or "", " ".join(item.text.split())[:60], item.detail)
        for item in errors
    ]
    return aligned(("table", "doc", "error", "line", "text", "detail"), rows)
