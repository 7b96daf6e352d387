"""`dutymine status`: the state of a batch."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from dutymine.commands.columns import aligned
from dutymine.commands.outcome import Outcome, UsageError
from dutymine.engines.batch import state
from dutymine.output.schema import TABLES


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="folder of results")


def run(options: argparse.Namespace) -> Outcome:
    """What is going on in a folder; when its tables were made, by which version, from how many files, how many rows."""
    folder = options.folder
    if not folder.is_dir():
        raise UsageError(f"{folder} is no folder")
    going, done = state(folder)
    facts: list[tuple[str, object]] = [("批次", f"{_STATES[going]}，已完成 {done} 份")] if going else []
    try:
        record = json.loads((folder / "run.json").read_text("utf-8"))
    except FileNotFoundError:
        if not going:
            raise UsageError(f"{folder} holds no results (no run.json)") from None
        return Outcome(text=aligned(("项目", "内容"), facts))
    if "started" not in record:
        raise UsageError(f"{folder} holds a comparison; its tables are complete")
    facts += [
        ("开始", record["started"]),
        ("版本", record["versions"]["dutymine"]),
        ("输入文件", len(record["inputs"])),
        ("失败输入", record["failed"]),
        *((f"状态 {name}", count) for name, count in record["documents"].items()),
        *((f"用时 {_STAGES[name]}（秒）", value) for name, value in record["seconds"].items()),
    ]
    rows = [(TABLES[name].heading, name, count) for name, count in record["counts"].items() if name in TABLES]
    return Outcome(text=aligned(("项目", "内容"), facts) + "\n\n" + aligned(("表", "名称", "行数"), rows))


_STATES = {"running": "正在运行", "interrupted": "已中断（再次执行同一命令即可继续）"}
_STAGES = {"list": "清点", "read": "读取", "mine": "挖掘", "write": "写出"}
