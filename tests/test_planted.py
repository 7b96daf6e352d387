"""Planted disclosures in ten layouts: what must be found in them, and that their clean twins stay without alarm."""

import importlib.util
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parent.parent / "scripts"
_spec = importlib.util.spec_from_file_location("planted", SCRIPTS / "planted.py")
assert _spec is not None and _spec.loader is not None
planted = importlib.util.module_from_spec(_spec)
sys.modules["planted"] = planted
_spec.loader.exec_module(planted)
FILES = sorted(planted.FOLDER.glob("p*"))
LEAST = 0.85


def test_there_are_many_documents_with_at_least_six_defects_each() -> None:
    assert len(FILES) == 27
    assert all(len(planted.twins(path).plants) >= 6 for path in FILES)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_planted_defects_are_found(path: Path) -> None:
    pair = planted.twins(path)
    lost = planted.missed(pair)
    found = 1 - len(lost) / len(pair.plants)
    assert found >= LEAST, [(sorted(plant.rules), plant.right, plant.wrong) for plant in lost]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_clean_twin_has_no_error_and_no_warning(path: Path) -> None:
    pair = planted.twins(path)
    told = [item.message for item in planted.mined(pair.clean, pair.name).findings if item.severity != "hint"]
    assert told == []
