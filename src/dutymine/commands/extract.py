"""`dutymine extract`: disclosures in, tables out."""

from __future__ import annotations

import argparse
import os
from collections import Counter
from pathlib import Path

from dutymine.commands.columns import aligned
from dutymine.commands.outcome import DONE, INPUTS_FAILED, INTERRUPTED, Outcome, UsageError
from dutymine.commands.progress import bar
from dutymine.engines.batch import FolderInUseError
from dutymine.engines.inputs import MetadataError
from dutymine.engines.local import Job, Run, extract
from dutymine.engines.pool import Limits
from dutymine.output.codes import codes
from dutymine.output.files import table_path
from dutymine.output.schema import TABLES
from dutymine.settings import Settings

# Documents listed one by one; of more, documents.csv tells.
_LISTED = 40
_NOT_BUILT = {"spark": "the Spark engine", "duckdb": "the DuckDB format"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument("paths", nargs="+", metavar="PATH", help="files, folders or globs")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="folder for the tables")
    parser.add_argument("--jobs", type=_positive, metavar="N", help="processes (default: all cores)")
    parser.add_argument("--no-resume", action="store_true", help="begin anew where a run was interrupted")
    parser.add_argument(
        "--timeout", type=_positive, default=600, metavar="SECONDS", help="for one document (default: 600)"
    )
    parser.add_argument("--memory", type=_positive, default=4096, metavar="MB", help="for one document (default: 4096)")
    parser.add_argument("--model", type=_folder, metavar="DIR", help="folder of a trained model")
    parser.add_argument("--lexicon", type=_folder, metavar="DIR", help="folder of your own vocabulary rows")
    parser.add_argument("--metadata", type=_file, metavar="FILE", help="CSV with path and source or place of the files")
    parser.add_argument("--engine", choices=("local", "spark"), default="local")
    parser.add_argument("--format", choices=("csv", "parquet", "duckdb"), default="csv")


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0")
    return int(text)


def _folder(text: str) -> Path:
    if not Path(text).is_dir():
        raise argparse.ArgumentTypeError(f"no such folder: {text}")
    return Path(text)


def _file(text: str) -> Path:
    if not Path(text).is_file():
        raise argparse.ArgumentTypeError(f"no such file: {text}")
    return Path(text)


def run(options: argparse.Namespace) -> Outcome:
    """Extract as asked; status 1 when some inputs failed."""
    for asked in (options.engine, options.format):
        if asked in _NOT_BUILT:
            raise UsageError(f"{_NOT_BUILT[asked]} is not built yet in this version")
    if options.out.exists() and not options.out.is_dir():
        raise UsageError(f"--out {options.out} is a file")
    settings = Settings(lexicon=options.lexicon, model=options.model)
    job = Job(
        tuple(options.paths),
        options.out,
        settings,
        options.format,
        options.metadata,
        jobs=options.jobs or _cores(),
        limits=Limits(options.timeout, options.memory),
        resume=not options.no_resume,
    )
    try:
        with bar() as progress:
            done = extract(job, progress)
    except (MetadataError, FolderInUseError) as error:
        raise UsageError(str(error)) from None
    notes = (*done.notes, *done.failures)
    if done.left:
        note = f"interrupted with {done.left} documents to go; the same command takes over what is done"
        return Outcome(INTERRUPTED, summary(done, job), (*notes, note))
    return Outcome(INPUTS_FAILED if done.failures else DONE, summary(done, job), notes)


def _cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def summary(done: Run, job: Job) -> str:
    """What a run gave, for a person: tables with their rows, documents with their counts."""
    tables = [(TABLES[name].heading, rows, table_path(job.out, name).as_posix()) for name, rows in done.tables.items()]
    documents = [
        (item.path, item.department, item.fiscal_year or "", *item.counts.values()) for item in done.documents[:_LISTED]
    ]
    counted = [TABLES[name].heading for name in done.documents[0].counts] if done.documents else []
    parts = [aligned(("表", "行数", "文件"), tables)]
    if documents:
        parts.append(aligned(("文件", "部门", "年度", *counted), documents))
    if len(done.documents) > _LISTED:
        parts.append(f"（仅列前 {_LISTED} 份）")
    statuses = Counter(item.status for item in done.documents)
    named = [f"{row.surfaces[0]} {statuses[row.code]}" for row in codes("status", job.settings) if statuses[row.code]]
    parts.append(f"共 {len(done.documents)} 份文件" + ("：" + "，".join(named) if named else ""))
    return "\n\n".join(parts)
