"""Speed of the readers by format, and of a batch of thousands: see bench.py, which prints these sections.

Seconds on a shared machine say little: the speed-up of two processes stands beside that of two processes that only
count, measured in the same run, before and after.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

import generate
from dutymine.engines.local import Job, extract
from dutymine.pipeline import mine
from dutymine.readers import read
from dutymine.settings import Settings
from formats import CORPUS, FIXTURES, WRITERS, blocks

_SETTINGS = Settings()
_PART = 1000  # documents at each end of a batch whose memory is compared
_HASHES = 3_000_000  # of one count: a few seconds


# --- by format -------------------------------------------------------------------------------------------------------


def by_format(documents: int) -> None:
    """Print documents and pages a second of each format, reading alone and with mining, the same text in each."""
    print(f"\n{'format':8}{'documents':>10}{'KB each':>9}{'read/s':>9}{'read and mined/s':>18}{'pages/s':>9}")
    for form, files in _copies(documents).items():
        begun = time.perf_counter()
        found = [read(data, "a", _SETTINGS) for data in files]
        reading = time.perf_counter() - begun
        for document in found:
            mine(document, _SETTINGS)
        both = time.perf_counter() - begun
        pages = sum(map(_pages, files)) if form == "pdf" else 0
        count, size = len(files), sum(map(len, files)) / len(files) / 1024
        shown = f"{pages / reading:9.1f}" if pages else ""
        print(f"{form:8}{count:10}{size:9.0f}{count / reading:9.1f}{count / both:18.1f}{shown}")


def _copies(documents: int) -> dict[str, list[bytes]]:
    """Corpus documents in every format; those that only LibreOffice writes come from the fixtures."""
    texts = sorted([*(CORPUS / "samples").glob("*.txt"), *(CORPUS / "heldout").glob("*.txt")])[:documents]
    files: dict[str, list[bytes]] = {"text": [file.read_bytes() for file in texts]}
    contents = [blocks(mine(read(data, "a", _SETTINGS), _SETTINGS)) for data in files["text"]]
    for name, write in WRITERS.items():
        files[name] = [write(content) for content in contents]
    for name in ("doc", "rtf"):
        files[name] = [file.read_bytes() for file in sorted(FIXTURES.glob(f"*.{name}"))]
    return files


def _pages(data: bytes) -> int:
    import io  # noqa: PLC0415

    import pdfplumber  # noqa: PLC0415

    with pdfplumber.open(io.BytesIO(data)) as book:
        return len(book.pages)


# --- a batch ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Timed:
    """A batch that was run: seconds, and megabytes at the peak of its first and of its last documents."""

    seconds: float
    first: float
    last: float


def batch(texts: int, mixed: int, kills: int) -> None:
    """Print what a batch does on one and on two processes, and after being killed again and again."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write_texts(folder / "texts", texts)
        _write_mixed(folder / "mixed", mixed)
        controls = [_control()]
        print(f"\n{'batch':24}{'documents':>10}{'1 process/s':>13}{'2 processes/s':>15}{'speed-up':>10}")
        for kind, count in (("texts", texts), ("mixed", mixed)):
            runs = [_run(folder / kind, folder / f"{kind}{jobs}", jobs, count) for jobs in (1, 2)]
            controls.append(_control())
            one, two = (count / run.seconds for run in runs)
            print(f"{kind:24}{count:10}{one:13.1f}{two:15.1f}{two / one:10.2f}")
            same = _digest(folder / f"{kind}1") == _digest(folder / f"{kind}2")
            print(f"  same bytes with 1 and 2 processes: {'yes' if same else 'NO'}")
            for jobs, run in enumerate(runs, 1):
                part = min(_PART, count // 2)
                print(f"  peak MB a process, {jobs}: first {part} {run.first:.0f}, last {part} {run.last:.0f}")
        shown = ", ".join(f"{control:.2f}" for control in controls)
        print(f"speed-up of two processes that only count: {statistics.median(controls):.2f} ({shown})")
        _killed(folder / "mixed", folder / "killed", kills, mixed)
        same = _digest(folder / "killed") == _digest(folder / "mixed2")
        print(f"killed {kills} times and resumed each time, same bytes: {'yes' if same else 'NO'}")


def _write_texts(folder: Path, count: int) -> None:
    folder.mkdir()
    for seed in range(count):
        (folder / f"{seed:06}.txt").write_text(generate.generate(seed).text, "utf-8")


def _write_mixed(folder: Path, count: int) -> None:
    """Generated documents, each in the next of all formats."""
    folder.mkdir()
    names = list(WRITERS)
    for seed in range(count):
        name = names[seed % len(names)]
        data = generate.generate(1_000_000 + seed).text.encode()
        content = blocks(mine(read(data, "a", _SETTINGS), _SETTINGS))
        (folder / f"{seed:06}.{name}").write_bytes(WRITERS[name](content))


def _run(inputs: Path, out: Path, jobs: int, count: int) -> Timed:
    """Extract a folder and look at its processes' memory on the way."""
    part = min(_PART, count // 2)
    first = last = 0.0

    def look(done: int, _whole: int, _taken: int, _path: str) -> None:
        nonlocal first, last
        if done == part:
            first = max(_peaks(), default=0.0)
        elif done == count - part:
            _forget_peaks()
        elif done == count:
            last = max(_peaks(), default=0.0)

    begun = time.perf_counter()
    extract(Job((str(inputs),), out, jobs=jobs), look)
    return Timed(time.perf_counter() - begun, first, last)


def _peaks() -> Iterator[float]:
    """Megabytes at the peak (what ru_maxrss says) of each process of ours that is alive."""
    for process in multiprocessing.active_children():
        with suppress(OSError):
            lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
            yield from (int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def _forget_peaks() -> None:
    """Let the peaks be counted anew from here."""
    for process in multiprocessing.active_children():
        with suppress(OSError):
            Path(f"/proc/{process.pid}/clear_refs").write_text("5")


def _count(_: int) -> None:
    digest = b""
    for _ in range(_HASHES):
        digest = hashlib.md5(digest, usedforsecurity=False).digest()


def _control() -> float:
    """How many times as much two processes do as one when they only count."""
    context = multiprocessing.get_context("spawn")
    seconds = []
    for jobs in (1, 2):
        with context.Pool(jobs) as pool:
            pool.map(abs, range(jobs))  # they are up
            begun = time.perf_counter()
            pool.map(_count, range(2), 1)
            seconds.append(time.perf_counter() - begun)
    return seconds[0] / seconds[1]


def _killed(inputs: Path, out: Path, kills: int, count: int) -> None:
    """Run a batch, killed at random moments until it has been killed `kills` times, then to its end."""
    command = [sys.executable, "-m", "dutymine.cli", "extract", str(inputs), "--out", str(out), "--jobs", "2"]
    chance, number = random.Random(20), 0
    while number < kills:
        done = _finished(out)
        goal = done + chance.randint(0, max(1, 2 * (count - done) // (kills - number + 4)))
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
            while _finished(out) < goal and run.poll() is None:
                time.sleep(0.01)
            time.sleep(chance.random())
            ended = run.poll() is not None
            run.send_signal(signal.SIGKILL)
        if ended:  # nothing was killed: once more from the start
            shutil.rmtree(out)
        number += not ended
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)


def _finished(out: Path) -> int:
    with suppress(FileNotFoundError):  # a run that ends tidies up
        return sum(1 for _ in out.glob(".batch/*/*.json"))
    return 0


def _digest(folder: Path) -> str:
    """One hash of all that a run has written, but for run.json with its times."""
    whole = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != "run.json":
            whole.update(f"{path.relative_to(folder)}\n".encode() + path.read_bytes())
    return whole.hexdigest()
