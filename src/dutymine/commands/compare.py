"""`dutymine compare`: the mandates of all departments of some result folders, or two documents side by side."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from dutymine.commands.columns import aligned
from dutymine.commands.outcome import DONE, Outcome, UsageError
from dutymine.model import Mined
from dutymine.output.files import FORMATS, table_path
from dutymine.output.schema import TABLES
from dutymine.settings import Settings

if TYPE_CHECKING:  # numpy comes with it: `--help` does without
    from dutymine.engines.compare import Job, Run

_COLUMNS = 120  # of a page that is no terminal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument("folders", nargs="+", type=Path, metavar="DIR", help="folders of results")
    parser.add_argument("--out", type=Path, metavar="DIR", help="folder for the tables")
    parser.add_argument("--left", metavar="DOC", help="show this document (its id, path or department) beside --right")
    parser.add_argument("--right", metavar="DOC", help="the other document")
    parser.add_argument("--lexicon", type=Path, metavar="DIR", help="folder of your own vocabulary rows")
    parser.add_argument("--format", choices=tuple(FORMATS), default="csv")


def run(options: argparse.Namespace) -> Outcome:
    """Compare as asked: tables with --out, a side-by-side page with --left and --right."""
    from dutymine.engines.batch import FolderInUseError  # noqa: PLC0415
    from dutymine.engines.compare import Job, OldResultsError  # noqa: PLC0415
    from dutymine.engines.compare import run as compare  # noqa: PLC0415

    settings = Settings(lexicon=options.lexicon)
    two = (options.left, options.right)
    if any(two) != all(two):
        raise UsageError("--left and --right go together")
    if not options.out and not all(two):
        raise UsageError("says nothing to do: give --out, or --left and --right")
    if options.out and options.out.exists() and not options.out.is_dir():
        raise UsageError(f"--out {options.out} is a file")
    if options.out and options.out.resolve() in {folder.resolve() for folder in options.folders}:
        raise UsageError(f"--out {options.out} is one of the folders to compare")
    parts = []
    try:
        if all(two):
            parts.append(_beside(options, settings))
        if options.out:
            job = Job(tuple(options.folders), options.out, settings, options.format)
            parts.append(summary(compare(job), job))
    except (FileNotFoundError, FolderInUseError, OldResultsError) as error:
        raise UsageError(str(error)) from None
    return Outcome(DONE, "\n\n".join(parts))


def _beside(options: argparse.Namespace, settings: Settings) -> str:
    from dutymine.commands.side_by_side import page, side_by_side  # noqa: PLC0415

    left, right = _chosen(options.folders, (options.left, options.right))
    terminal = sys.stdout.isatty()
    columns = shutil.get_terminal_size((_COLUMNS, 0)).columns if terminal else _COLUMNS
    return side_by_side(left, right, page(columns, terminal and "NO_COLOR" not in os.environ), settings)


def _chosen(folders: list[Path], wanted: tuple[str, str]) -> list[Mined]:
    """The two documents asked for, each by the one that fits."""
    from dutymine.engines.compare import documents  # noqa: PLC0415

    fitting: dict[str, list[Mined]] = {word: [] for word in wanted}
    for mined in documents(folders, ("clauses",)):
        for word, found in fitting.items():
            if _fits(mined, word):
                found.append(mined)
    chosen = []
    for word in wanted:
        exact = [mined for mined in fitting[word] if word in (mined.document.doc_id, mined.document.path)]
        found = exact or fitting[word]
        if len(found) != 1:
            names = "; ".join(mined.document.path for mined in found[:5])
            raise UsageError(f"{word!r} fits {len(found)} documents" + (f": {names}" if names else ""))
        chosen.append(found[0])
    return chosen


def _fits(mined: Mined, word: str) -> bool:
    document = mined.document
    return document.doc_id.startswith(word) or word in document.path or word in mined.identity.department


def summary(done: Run, job: Job) -> str:
    """What a comparison gave, for a person: tables with their rows."""
    tables = [(TABLES[name].heading, rows, table_path(job.out, name).as_posix()) for name, rows in done.tables.items()]
    return f"{aligned(('表', '行数', '文件'), tables)}\n\n共 {done.documents} 份文件，{done.clauses} 条职责"
