"""Many documents on this machine: mined one by one on all cores, kept on disk, put together in order at the end.

Memory holds one document a process and one line about each document done.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dutymine.engines.batch import Batch, key_of, locked
from dutymine.engines.inputs import Content, distinct, expand, join, known_as, read_metadata
from dutymine.engines.inputs import hashes as file_hashes
from dutymine.engines.pool import Limits, spread
from dutymine.engines.record import hashes, versions
from dutymine.engines.task import Desk, Task
from dutymine.output.columns import Row
from dutymine.output.files import FORMATS, Results, write_json
from dutymine.output.frames import Origin
from dutymine.readers.archive import SEPARATOR
from dutymine.settings import Settings

# Called with how many documents are done, how many there are, the path of the last one, and how many of those done an
# earlier run has done.
Progress = Callable[[int, int, str, int], None]

_SUMMED = ("clauses", "amounts", "thresholds", "indicators")
_INTERRUPTED = ("read", "interrupted", "the run was interrupted before this document; the same command goes on")


@dataclass(frozen=True, slots=True)
class Job:
    """What a run was asked to do."""

    paths: tuple[str, ...]
    out: Path
    settings: Settings = field(default_factory=Settings)
    format: str = "csv"
    metadata: Path | None = None
    jobs: int = 0  # processes; 0: in this one, where no limit can be enforced
    limits: Limits = field(default_factory=Limits)
    resume: bool = True


@dataclass(frozen=True, slots=True)
class Summary:
    """What one document gave."""

    path: str
    department: str
    fiscal_year: int | None
    status: str
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Run:
    """What a run gave: rows by table, documents, one line for every failed input and every note, and how many
    documents an interruption has left undone.
    """

    tables: dict[str, int]
    documents: tuple[Summary, ...]
    failures: tuple[str, ...]
    notes: tuple[str, ...]
    left: int = 0


@dataclass(slots=True)
class _Inputs:
    """The files of a run, sorted out."""

    contents: list[Content]
    refused: list[tuple[str, str, str]]
    entries: dict[str, dict[str, str]]
    joined: dict[str, str]
    unknown: list[str]


def extract(job: Job, progress: Progress | None = None) -> Run:
    """Mine every document that `job.paths` stand for and write the tables to `job.out`.

    One document's failure is a row of `rejects` and never stops the others. What a killed run had finished is taken
    over. A KeyboardInterrupt ends the reading: the tables then hold what was done, and `rejects` what was not. Raises
    MetadataError and LexiconError for a user's own files that cannot be used, FolderInUseError where another run
    writes to `job.out`, OSError where nothing can be written.
    """
    started = time.time()
    with locked(job.out):
        began = time.perf_counter()
        inputs = _inputs(job)
        listed = time.perf_counter() - began
        (job.out / "texts").mkdir(exist_ok=True)
        made_by = {"versions": versions(), "hashes": hashes(job.settings)}
        batch = Batch(job.out, key_of(*made_by.values(), job.format), job.resume)
        tasks = list(_tasks(inputs, job.settings))
        whole = _mine(job, Desk(job.out, batch, job.format), tasks, progress)
        run, seconds = _assemble(job, inputs, batch, tasks)
        spent = {name: round(value, 3) for name, value in ({"list": listed} | seconds).items()}
        record = made_by | _record(job, inputs, run) | {"finished": whole, "started": _utc(started), "seconds": spent}
        write_json(job.out / "run.json", record)
        if whole:
            batch.remove()
    return run


def _mine(job: Job, desk: Desk, tasks: Sequence[Task], progress: Progress | None) -> bool:
    """Serve all tasks that no earlier run has finished; whether the end was reached."""
    left = [task for task in tasks if not desk.batch.finished(task.content.doc_id, task.key)]
    done = taken_over = len(tasks) - len(left)

    def tell(path: str) -> None:
        if progress:
            progress(done, len(tasks), path, taken_over)

    tell("")
    try:
        if job.jobs == 0:
            for task in left:
                desk.serve(task)
                done += 1
                tell(task.path)
            return True
        for task, lost in spread(left, desk.serve, job.jobs, job.limits):
            if lost:
                desk.lose(task, lost.reason, lost.detail)
            done += 1
            tell(task.path)
    except KeyboardInterrupt:
        return False
    return True


def _assemble(job: Job, inputs: _Inputs, batch: Batch, tasks: Sequence[Task]) -> tuple[Run, dict[str, float]]:
    """Put the tables together in the order of the documents, and add up the seconds that were spent on them."""
    failures = [f"{path}: {reason}: {detail}" for path, reason, detail in inputs.refused]
    seconds = dict.fromkeys(("read", "mine", "write"), 0.0)
    summaries: list[Summary] = []
    left = 0
    began = time.perf_counter()
    with Results(job.out, FORMATS[job.format]) as results:
        results.write({"rejects": _early_rejects(inputs)})
        for task in tasks:
            found = batch.load(task.content.doc_id)
            if found is None:
                left += 1
                results.write({"rejects": [(task.path, task.content.doc_id, *_INTERRUPTED, None, None, None)]})
                continue
            results.write_packed(found["rows"], found["counts"])
            results.write({"rejects": _duplicates(task.content)})
            seconds = {stage: before + found["seconds"].get(stage, 0.0) for stage, before in seconds.items()}
            failures += found["failures"]
            counts = {name: found["counts"].get(name, 0) for name in _SUMMED}
            summaries.append(Summary(found["path"], found["department"], found["fiscal_year"], found["status"], counts))
    seconds["write"] += time.perf_counter() - began
    notes = tuple(f"{job.metadata}: no input is called {path}" for path in inputs.unknown)
    return Run(dict(results.counts), tuple(summaries), tuple(failures), notes, left), seconds


def _inputs(job: Job) -> _Inputs:
    files, missing = expand(job.paths, job.out)
    hashed, refused = file_hashes(files)
    refused += [(path, "missing_path", "no file is there") for path in missing]
    entries = read_metadata(job.metadata) if job.metadata else {}
    joined, unknown = join(entries, job.metadata, sorted({*hashed, *files})) if job.metadata else ({}, [])
    return _Inputs(distinct(hashed), refused, entries, joined, unknown)


def _early_rejects(inputs: _Inputs) -> list[Row]:
    refused = [(path, "read", reason, detail) for path, reason, detail in inputs.refused]
    unknown = [(path, "metadata", "metadata_unmatched", "no input has this path") for path in inputs.unknown]
    return [(path, "", *why, None, None, None) for path, *why in sorted(refused + unknown)]


def _duplicates(content: Content) -> list[Row]:
    first, *others = content.paths
    detail = f"same bytes as {first}"
    return [(path, content.doc_id, "read", "duplicate_content", detail, None, None, None) for path in others]


def _tasks(inputs: _Inputs, settings: Settings) -> Iterator[Task]:
    names = known_as([content.paths[0] for content in inputs.contents])
    for content in inputs.contents:
        entry = next((inputs.entries[inputs.joined[path]] for path in _speaking(content, inputs.joined)), {})
        source = {name: entry.get(name, "") for name in ("source_url", "published_at", "retrieved_at")}
        place = {name: entry.get(name, "") for name in ("province", "city", "county", "division_code")}
        yield Task(content, Origin(names[content.paths[0]], **source), place, settings)


def _speaking(content: Content, joined: Mapping[str, str]) -> Iterator[str]:
    """Paths under which the user's metadata know a document: its own, else that of the archive it lies in."""
    yield from (path for path in content.paths if path in joined)
    yield from (outer for path in content.paths if (outer := path.partition(SEPARATOR)[0]) in joined)


def _utc(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def _record(job: Job, inputs: _Inputs, run: Run) -> dict[str, object]:
    """What was asked for and what came of it, without times."""
    settings = {name: str(getattr(job.settings, name) or "") for name in ("lexicon", "model")}
    return {
        "settings": settings | {"format": job.format, "metadata": str(job.metadata or "")},
        "counts": run.tables,
        "documents": dict(sorted(Counter(item.status for item in run.documents).items())),
        "failed": len(run.failures),
        "inputs": [
            {"path": path, "sha256": item.sha256, "doc_id": item.doc_id}
            for item in inputs.contents
            for path in item.paths
        ],
    }
