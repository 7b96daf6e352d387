"""Fingerprints of rows: ids that survive re-runs, newer versions and edits elsewhere in the document."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field

from dutymine.text import squeeze

# Characters of neighbourhood on each side, white space not counted: converters and editors change that most.
_NEIGHBOURS = 20
_DIGITS = 16


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


def between(table: str, *parts: str) -> str:
    """The fingerprint of a row of `table` that stands between documents, made of names and quoted texts."""
    return _digest("\x1f".join((table, *parts)))


@dataclass(slots=True)
class Fingerprints:
    """Fingerprints of one document's rows; `name` is what the document is known by (its file name, not its bytes)."""

    name: str
    folded: str
    seen: Counter[str] = field(default_factory=Counter)

    def of(self, table: str, start: int, end: int, detail: str = "") -> str:
        """The fingerprint of a row of `table` that quotes `start`:`end`; `detail` tells rows of one span apart.

        Exact repeats are counted, so no two rows of a document share one.
        """
        quote = squeeze(self.folded[start:end])
        parts = (self.name, table, detail, self._before(start), quote, self._after(end))
        key = "\x1f".join(parts)
        self.seen[key] += 1
        return _digest(f"{key}\x1f{self.seen[key]}")

    def whole(self, table: str) -> str:
        """The fingerprint of the one row of `table` that speaks for the whole document."""
        return _digest(f"{self.name}\x1f{table}")

    def _before(self, start: int) -> str:
        width = 2 * _NEIGHBOURS
        while True:
            near = squeeze(self.folded[max(0, start - width) : start])
            if len(near) >= _NEIGHBOURS or width >= start:
                return near[-_NEIGHBOURS:]
            width *= 4

    def _after(self, end: int) -> str:
        width = 2 * _NEIGHBOURS
        while True:
            near = squeeze(self.folded[end : end + width])
            if len(near) >= _NEIGHBOURS or end + width >= len(self.folded):
                return near[:_NEIGHBOURS]
            width *= 4
