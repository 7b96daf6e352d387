"""What a command hands to the command line: it prints, the library does not."""

from __future__ import annotations

from dataclasses import dataclass

DONE, INPUTS_FAILED, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130


@dataclass(frozen=True, slots=True)
class Outcome:
    """Exit status, results for stdout and one line each for stderr."""

    status: int = DONE
    text: str = ""
    notes: tuple[str, ...] = ()


class UsageError(Exception):
    """Wrong usage that only shows behind the parser; the message is one plain line."""
