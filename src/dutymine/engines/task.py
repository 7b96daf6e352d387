"""One document of a batch: from its path to the rows of all tables, whatever goes wrong on the way."""

from __future__ import annotations

import os
import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dutymine.duties.classifier import ModelError
from dutymine.engines.batch import Batch, key_of
from dutymine.engines.inputs import Content
from dutymine.lexicon import LexiconError
from dutymine.model import Document, Mined, Reject, Status
from dutymine.output.columns import Row
from dutymine.output.files import pack, write_text
from dutymine.output.frames import Origin, frames
from dutymine.pipeline import mine
from dutymine.readers import UnreadableError, read
from dutymine.readers.archive import load
from dutymine.settings import Settings

# Rejects that make an input count as failed although rows of it were written.
_FAILING = frozenset({"no_section"})


@dataclass(frozen=True, slots=True)
class Task:
    """One document to mine, with what is known of it beside its bytes."""

    content: Content
    origin: Origin
    place: Mapping[str, str]
    settings: Settings

    @property
    def path(self) -> str:
        """The first of the document's paths."""
        return self.content.paths[0]

    @property
    def key(self) -> str:
        """A hash of all that decides the rows beside the bytes, the version and the settings."""
        return key_of(self.path, str(self.origin), sorted(self.place.items()))


@dataclass(frozen=True, slots=True)
class Desk:
    """Where the results of tasks are laid down until the tables are put together."""

    out: Path
    batch: Batch
    format: str

    def serve(self, task: Task) -> None:
        """Read and mine one document and keep its rows and its text."""
        self.keep(task, *work(task))

    def lose(self, task: Task, reason: str, detail: str) -> None:
        """Keep that a document was lost, and why."""
        self.keep(task, _failed(task, Reject("read", reason, detail)), None, {})

    def keep(self, task: Task, mined: Mined, text: str | None, seconds: Mapping[str, float]) -> None:
        """Keep what a task gave."""
        began = time.perf_counter()
        rows: dict[str, list[Row]] = frames(mined, task.origin)
        content: dict[str, Any] = {
            "task": task.key,
            "path": task.path,
            "department": mined.identity.department,
            "fiscal_year": mined.identity.fiscal_year,
            "status": str(mined.status),
            "failures": [f"{task.path}: {item.reason}: {item.detail}" for item in mined.rejects if _fails(item, mined)],
            "counts": {name: len(found) for name, found in rows.items()},
            "rows": pack(rows, self.format),
        }
        if text is not None:
            write_text(self.out, task.content.doc_id, text)
        spent = {**seconds, "write": time.perf_counter() - began}
        self.batch.store(task.content.doc_id, content | {"seconds": spent})


def work(task: Task) -> tuple[Mined, str | None, dict[str, float]]:
    """Read and mine one document: what was mined, its frozen text (None where it could not be read), seconds by stage.

    Whatever goes wrong ends in rejects, but for a user's own vocabulary or model that cannot be used.
    """
    began = was_read = time.perf_counter()
    text = None
    try:
        document = read(load(task.path), task.path, task.settings)
        was_read = time.perf_counter()
        if document.sha256 != task.content.sha256:
            raise UnreadableError("changed_during_run", "the file is not what it was when the run began")
        text = document.text
        mined = _placed(mine(document, task.settings), task.place)
    except (LexiconError, ModelError):
        raise
    except (Exception, MemoryError) as error:
        mined = _failed(task, _reject(error))
        if text is not None:
            mined = replace(mined, document=document)
    now = time.perf_counter()
    return mined, text, {"read": was_read - began, "mine": now - was_read}


def _failed(task: Task, reject: Reject) -> Mined:
    unread = Document(task.content.doc_id, task.path, task.content.sha256, "", "", "", "")
    return Mined(unread, status=Status.FAILED, rejects=(reject,))


def _fails(reject: Reject, mined: Mined) -> bool:
    return mined.status is Status.FAILED or reject.reason in _FAILING


def _placed(mined: Mined, place: Mapping[str, str]) -> Mined:
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


def _reject(error: BaseException) -> Reject:
    if isinstance(error, UnreadableError):
        return Reject("read", error.reason, error.detail)
    if isinstance(error, OSError):
        return Reject("read", "unreadable_file", error.strerror or "cannot be opened")
    if isinstance(error, MemoryError):
        return Reject("read", "memory_limit", "it needs more memory than one document may take")
    last = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{os.path.basename(last.filename)}:{last.lineno}"
    return Reject("mine", "internal_error", f"{type(error).__name__} at {where}: {error}")
