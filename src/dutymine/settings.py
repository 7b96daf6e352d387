"""One frozen Settings, and where data and models lie (installed wheel and checkout alike)."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

PACKAGE = Path(__file__).resolve().parent
DATA = PACKAGE / "data"


class Settings(NamedTuple):  # hashed at every look into a cache: a tuple is several times as fast as a dataclass
    """What a run was asked to do: a user's own lexicon folder and the model folder."""

    lexicon: Path | None = None
    model: Path | None = None


def models_folder() -> Path:
    """The folder of trained models: inside the wheel, or `models/` of the checkout."""
    inside = PACKAGE / "models"
    return inside if inside.is_dir() else PACKAGE.parent.parent / "models"
