"""dutymine: duties, goals, indicators and money out of Chinese departments' budget disclosures.

The front door: `load` gives a spaCy pipeline, `extract` mines a batch as a `Job` says, `read_table` reads results.
"""

from __future__ import annotations

import importlib
from typing import Any

__version__ = "0.1.0"
__all__ = ["Job", "Settings", "extract", "load", "mine", "read", "read_table"]

_HOMES = {
    "Job": "dutymine.engines.local",
    "Settings": "dutymine.settings",
    "extract": "dutymine.engines.local",
    "load": "dutymine.pipes",
    "mine": "dutymine.pipeline",
    "read": "dutymine.readers",
    "read_table": "dutymine.output.files",
}


def __getattr__(name: str) -> Any:
    """A name of the front door, fetched when it is asked for: nothing heavy happens at import."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)
