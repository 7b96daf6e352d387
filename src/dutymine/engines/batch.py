"""What a run has finished, document by document, so that an interrupted one goes on; and the lock of its folder."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dutymine.output.files import write_whole

FOLDER = ".batch"


class FolderInUseError(Exception):
    """Another run writes to the folder."""


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """The one right to write to a result folder; the system takes it back when its holder dies.

    Raises FolderInUseError where another has it. On a system without `flock` nobody is kept out.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        import fcntl  # noqa: PLC0415  not on every system
    except ImportError:
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FolderInUseError(f"{folder} is being written by another run; wait, or choose another --out") from None
        yield
    finally:
        os.close(handle)


class Batch:
    """The finished documents of one run in a folder beside its tables, one file each, written whole or not at all."""

    def __init__(self, out: Path, key: str, resume: bool) -> None:
        self.folder = out / FOLDER
        mark = self.folder / "key"
        if self.folder.is_dir() and not (resume and mark.is_file() and mark.read_text("utf-8") == key):
            shutil.rmtree(self.folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        write_whole(mark, key.encode())

    def store(self, doc_id: str, content: Mapping[str, Any]) -> None:
        """Keep what a document gave; `content` begins with its `task`."""
        path = self._path(doc_id)
        path.parent.mkdir(exist_ok=True)
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        write_whole(path, text.encode("utf-8", "surrogatepass"))

    def load(self, doc_id: str) -> dict[str, Any] | None:
        """What a document gave; None where it is not finished."""
        try:
            text = self._path(doc_id).read_bytes().decode("utf-8", "surrogatepass")
        except FileNotFoundError:
            return None
        content: dict[str, Any] = json.loads(text)
        return content

    def finished(self, doc_id: str, task: str) -> bool:
        """Whether a document was finished as this task."""
        head = f'{{"task":"{task}"'.encode()
        try:
            with self._path(doc_id).open("rb") as stream:
                return stream.read(len(head)) == head
        except FileNotFoundError:
            return False

    def remove(self) -> None:
        """Drop everything: the run has come to its end."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _path(self, doc_id: str) -> Path:
        return self.folder / doc_id[0] / f"{doc_id}.json"  # few folders: each takes milliseconds to remove


def state(out: Path) -> tuple[str, int]:
    """What is going on in a result folder: `running`, `interrupted` or nothing, and how many documents are done."""
    done = sum(1 for _ in (out / FOLDER).glob("*/*.json"))
    try:
        with locked(out):
            return "interrupted" if (out / FOLDER).is_dir() else "", done
    except FolderInUseError:
        return "running", done


def key_of(*parts: object) -> str:
    """A short hash of values that decide whether work done is still good."""
    return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()[:24]
