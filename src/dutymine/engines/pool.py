"""Tasks on several processes: one at a time each, with limits of time and memory, and none lost with its process."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, TypeVar

T = TypeVar("T")
_PATIENCE = 0.5  # seconds between looks at the clock


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may take: seconds, and megabytes of its process."""

    seconds: float = 600.0  # a scan of a hundred pages takes six minutes
    megabytes: int = 4096


@dataclass(frozen=True, slots=True)
class Lost:
    """Why a task has no result: `time_limit` or `worker_crashed`."""

    reason: str
    detail: str


@dataclass(slots=True)
class _Worker(Generic[T]):
    process: Any
    pipe: Connection
    task: T | None = None
    since: float = 0.0


def spread(
    tasks: Sequence[T], serve: Callable[[T], None], jobs: int, limits: Limits
) -> Iterator[tuple[T, Lost | None]]:
    """Serve each task in one of `jobs` processes; gives them in the order in which they end, lost ones with the reason.

    `serve` can be pickled and keeps its result itself. What it raises is raised here and ends all.
    """
    workers: list[_Worker[T]] = []
    waiting = deque(tasks)
    try:
        workers = [_start(serve, limits) for _ in range(min(jobs, len(tasks)))]
        while waiting or any(worker.task is not None for worker in workers):
            for i, worker in enumerate(workers):
                if worker.task is None and waiting:
                    if not worker.process.is_alive():
                        _stop(worker)
                        workers[i] = _start(serve, limits)
                    _give(workers[i], waiting.popleft())
            for worker, outcome in _ended(workers, limits):
                task, worker.task = worker.task, None
                if isinstance(outcome, Exception):
                    raise outcome
                if outcome:
                    _kill(worker)
                assert task is not None
                yield task, outcome
    finally:
        for worker in workers:
            _stop(worker)


def _start(serve: Callable[[T], None], limits: Limits) -> _Worker[T]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_loop, args=(theirs, serve, limits.megabytes), daemon=True)
    process.start()
    theirs.close()
    return _Worker(process, ours)


def _give(worker: _Worker[T], task: T) -> None:
    worker.task, worker.since = task, time.monotonic()
    with suppress(OSError):  # a worker that has just died is found by its silence
        worker.pipe.send(task)


def _ended(workers: Sequence[_Worker[T]], limits: Limits) -> Iterator[tuple[_Worker[T], Lost | Exception | None]]:
    """Workers that have come to an end with their task: well, with an exception, dead or too late."""
    busy = [worker for worker in workers if worker.task is not None]
    ready = set(wait([worker.pipe for worker in busy], _PATIENCE))
    for worker in busy:
        if worker.pipe in ready:
            try:
                yield worker, worker.pipe.recv()
            except (EOFError, OSError):
                worker.process.join(1)
                yield worker, Lost("worker_crashed", f"its process ended with {worker.process.exitcode}")
        elif time.monotonic() - worker.since > limits.seconds:
            yield worker, Lost("time_limit", f"more than {limits.seconds:g} seconds")


def _kill(worker: _Worker[T]) -> None:
    """End a worker with all that it has started."""
    with suppress(OSError, AttributeError):
        os.killpg(worker.process.pid, signal.SIGKILL)
    worker.process.kill()
    worker.process.join()


def _stop(worker: _Worker[T]) -> None:
    _kill(worker)
    worker.pipe.close()


def _loop(pipe: Connection, serve: Callable[[Any], None], megabytes: int) -> None:
    """A worker's life: tasks in, outcomes out, until nobody is there any more."""
    if hasattr(os, "setsid"):
        os.setsid()  # the terminal's Ctrl-C is for the one who leads, and what we start ends with us
    _bound_memory(megabytes)
    with suppress(EOFError, OSError):
        while True:
            task = pipe.recv()
            try:
                serve(task)
                outcome = None
            except Exception as error:
                outcome = error
            pipe.send(outcome)


def _bound_memory(megabytes: int) -> None:
    with suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415  not on every system

        resource.setrlimit(resource.RLIMIT_AS, (megabytes * 2**20, megabytes * 2**20))
