"""A progress bar on stderr, where that is a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Show(Protocol):
    """Shows how many of how many are done, what is at work, and the rate without what an earlier run has done."""

    def __call__(self, done: int, total: int, what: str, taken_over: int = 0) -> None:
        """Show it."""


@contextmanager
def bar() -> Iterator[Show | None]:
    """The bar, as a function to call; None where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console  # noqa: PLC0415  only a terminal pays for it
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        TextColumn("{task.description}", markup=False),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        row = shown.add_task("", total=None, rate="")
        began = time.monotonic()

        def show(done: int, total: int, what: str, taken_over: int = 0) -> None:
            rate = (done - taken_over) / max(time.monotonic() - began, 0.1)
            shown.update(row, completed=done, total=total, description=what[-40:], rate=f"{rate:.1f}/s")

        yield show
