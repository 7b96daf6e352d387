"""Links from duty to money inside one document."""

from __future__ import annotations

from dutymine.model import Link, Mined
from dutymine.settings import Settings


def trace(mined: Mined, settings: Settings) -> tuple[Link, ...]:
    """Links of one document, in order of clause, goal, indicator and amount."""
    return ()
