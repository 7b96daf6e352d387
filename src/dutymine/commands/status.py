"""`dutymine status`: the state of a batch."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from dutymine.commands.columns import aligned
from dutymine.commands.outcome import Outcome, UsageError
from dutymine.output.schema import TABLES


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="folder of results")


def run(options: argparse.Namespace) -> Outcome:
    """When a folder was made, by which version, from how many files, with how many rows."""
    try:
        record = json.loads((options.folder / "run.json").read_text("utf-8"))
    except FileNotFoundError:
        unfinished = any(options.folder.glob(".unfinished-*"))
        state = "holds a run that has not come to its end" if unfinished else "holds no results (no run.json)"
        raise UsageError(f"{options.folder} {state}") from None
    facts = [
        ("开始", record["started"]),
        ("版本", record["versions"]["dutymine"]),
        ("输入文件", len(record["inputs"])),
        ("失败输入", record["failed"]),
        *((f"状态 {name}", count) for name, count in record["documents"].items()),
        ("用时（秒）", round(sum(record["seconds"].values()), 1)),
    ]
    rows = [(TABLES[name].heading, name, count) for name, count in record["counts"].items() if name in TABLES]
    return Outcome(text=aligned(("项目", "内容"), facts) + "\n\n" + aligned(("表", "名称", "行数"), rows))
