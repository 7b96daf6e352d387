"""Many documents in this process, one after another: memory holds one of them."""

from __future__ import annotations

import os
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from dutymine.engines.inputs import Content, digest, distinct, expand, join, known_as, read_metadata
from dutymine.engines.record import hashes, versions
from dutymine.lexicon import LexiconError
from dutymine.model import Document, Mined, Reject, Status
from dutymine.output.columns import Row
from dutymine.output.files import FORMATS, Results, write_json
from dutymine.output.frames import Origin, frames
from dutymine.pipeline import mine
from dutymine.readers import UnreadableError, read
from dutymine.settings import Settings

# Called before each document with how many are done, how many there are, and its path.
Progress = Callable[[int, int, str], None]

# Rejects that make an input count as failed although rows of it were written.
_FAILING = frozenset({"no_section"})
_SUMMED = ("clauses", "amounts", "thresholds", "indicators")


@dataclass(frozen=True, slots=True)
class Job:
    """What a run was asked to do."""

    paths: tuple[str, ...]
    out: Path
    settings: Settings = field(default_factory=Settings)
    format: str = "csv"
    metadata: Path | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """One document to mine, with what is known of it beside its bytes."""

    content: Content
    origin: Origin
    place: dict[str, str]
    settings: Settings


@dataclass(frozen=True, slots=True)
class Parcel:
    """One document's results, plain values only, so that another process can hand them over."""

    doc_id: str
    path: str
    frames: dict[str, list[Row]]
    text: str | None
    status: str
    failures: tuple[str, ...]
    department: str
    fiscal_year: int | None
    seconds: dict[str, float]


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
    """What a run gave: rows by table, documents, and one line for every failed input and every note."""

    tables: dict[str, int]
    documents: tuple[Summary, ...]
    failures: tuple[str, ...]
    notes: tuple[str, ...]


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

    One document's failure is a row of `rejects` and never stops the others. Raises MetadataError and LexiconError for
    a user's own files that cannot be used, OSError where nothing can be written.
    """
    started, begun = time.time(), time.perf_counter()
    inputs = _inputs(job)
    seconds = {"list": time.perf_counter() - begun, "read": 0.0, "mine": 0.0, "write": 0.0}
    failures = [f"{path}: {reason}: {detail}" for path, reason, detail in inputs.refused]
    summaries: list[Summary] = []
    with Results(job.out, FORMATS[job.format]) as results:
        results.write({"rejects": _early_rejects(inputs)})
        for done, task in enumerate(_tasks(inputs, job.settings)):
            if progress:
                progress(done, len(inputs.contents), task.content.paths[0])
            parcel = work(task)
            begun = time.perf_counter()
            results.write(parcel.frames)
            results.write({"rejects": _duplicates(task.content)})
            if parcel.text is not None:
                results.write_text(parcel.doc_id, parcel.text)
            spent = parcel.seconds | {"write": time.perf_counter() - begun}
            seconds = {stage: before + spent.get(stage, 0.0) for stage, before in seconds.items()}
            failures += parcel.failures
            summaries.append(_summary(parcel))
    notes = tuple(f"{job.metadata}: no input is called {path}" for path in inputs.unknown)
    run = Run(dict(results.counts), tuple(summaries), tuple(failures), notes)
    write_json(job.out / "run.json", _record(job, inputs, run) | {"started": _utc(started), "seconds": _short(seconds)})
    return run


def _inputs(job: Job) -> _Inputs:
    files, missing = expand(job.paths, job.out)
    refused = [(path, "missing_path", "no file is there") for path in missing]
    hashed: dict[str, str] = {}
    for path in files:
        try:
            hashed[path] = digest(path)
        except OSError as error:
            refused.append((path, "unreadable_file", error.strerror or "cannot be opened"))
    entries = read_metadata(job.metadata) if job.metadata else {}
    joined, unknown = join(entries, job.metadata, files) if job.metadata else ({}, [])
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
        known = next((inputs.joined[path] for path in content.paths if path in inputs.joined), None)
        entry = inputs.entries[known] if known is not None else {}
        source = {name: entry.get(name, "") for name in ("source_url", "published_at", "retrieved_at")}
        place = {name: entry.get(name, "") for name in ("province", "city", "county", "division_code")}
        yield Task(content, Origin(names[content.paths[0]], **source), place, settings)


def work(task: Task) -> Parcel:
    """Read and mine one document; whatever goes wrong ends in its rows, but for a vocabulary that cannot be used."""
    content, path = task.content, task.content.paths[0]
    unread = Document(content.doc_id, path, content.sha256, "", "", "", "")
    began = time.perf_counter()
    document = unread
    try:
        document = read(Path(path).read_bytes(), path, task.settings)
        if document.sha256 != content.sha256:
            raise UnreadableError("changed_during_run", "the file is not what it was when the run began")
        was_read = time.perf_counter()
        mined = _placed(mine(document, task.settings), task.place)
        rows = frames(mined, task.origin)
    except LexiconError:
        raise
    except Exception as error:
        was_read = time.perf_counter()
        mined = Mined(document, status=Status.FAILED, rejects=(_reject(error),))
        rows = frames(mined, task.origin)
    seconds = {"read": was_read - began, "mine": time.perf_counter() - was_read}
    return Parcel(
        content.doc_id,
        path,
        rows,
        None if document is unread else document.text,
        str(mined.status),
        tuple(f"{path}: {item.reason}: {item.detail}" for item in mined.rejects if _fails(item, mined.status)),
        mined.identity.department,
        mined.identity.fiscal_year,
        seconds,
    )


def _fails(reject: Reject, status: Status) -> bool:
    return status is Status.FAILED or reject.reason in _FAILING


def _placed(mined: Mined, place: dict[str, str]) -> Mined:
    """With the user's names of the place where the document states none."""
    who = mined.identity
    return replace(
        mined,
        identity=replace(
            who,
            province=who.province or place["province"],
            city=who.city or place["city"],
            county=who.county or place["county"],
            division_code=who.division_code or place["division_code"],
        ),
    )


def _reject(error: Exception) -> Reject:
    if isinstance(error, UnreadableError):
        return Reject("read", error.reason, error.detail)
    if isinstance(error, OSError):
        return Reject("read", "unreadable_file", error.strerror or "cannot be opened")
    last = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{os.path.basename(last.filename)}:{last.lineno}"
    return Reject("mine", "internal_error", f"{type(error).__name__} at {where}: {error}")


def _summary(parcel: Parcel) -> Summary:
    counts = {name: len(parcel.frames[name]) for name in _SUMMED}
    return Summary(parcel.path, parcel.department, parcel.fiscal_year, parcel.status, counts)


def _utc(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def _short(seconds: dict[str, float]) -> dict[str, float]:
    return {stage: round(value, 3) for stage, value in seconds.items()}


def _record(job: Job, inputs: _Inputs, run: Run) -> dict[str, object]:
    """What made this result, without times."""
    settings = {name: str(getattr(job.settings, name) or "") for name in ("lexicon", "model")}
    return {
        "versions": versions(),
        "hashes": hashes(job.settings),
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
