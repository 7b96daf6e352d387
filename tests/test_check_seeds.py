"""What the checks say of the two real disclosures: everything that closes is proved, and nothing right is an error."""

import csv
from pathlib import Path

import pytest

from dutymine.model import Mined, Outcome
from dutymine.pipeline import mine
from dutymine.readers import read
from dutymine.settings import Settings

SEEDS = Path(__file__).resolve().parent.parent.parent / "shared" / "seeds"
SETTINGS = Settings()
pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="the real files are not beside the project")
# Rules that prove the identities of the gold list.
PROVED = {
    "000": "R01 R02 R03 R05 R09 R17 R21 R22 R23 R24 R27 R36 R37 R39 R40",
    "001": "R01 R02 R03 R05 R08 R17 R18 R21 R22 R23 R24 R27 R29 R30 R31 R36 R37",
}


def _mined(seed: str) -> Mined:
    (path,) = SEEDS.glob(f"{seed}*.txt")
    return mine(read(path.read_bytes(), path.name, SETTINGS), SETTINGS)


def _line(mined: Mined, offset: int) -> int:
    return mined.document.text.count("\n", 0, offset) + 1


@pytest.mark.parametrize("seed", PROVED)
def test_what_closes_is_proved(seed: str) -> None:
    outcomes = {item.rule: item.outcome for item in _mined(seed).checks}
    assert {rule: outcomes[rule] for rule in PROVED[seed].split()} == dict.fromkeys(PROVED[seed].split(), Outcome.PASS)


@pytest.mark.parametrize("seed", PROVED)
def test_no_arithmetic_error_is_reported(seed: str) -> None:
    money = [f for f in _mined(seed).findings if f.rule[:2] in ("R0", "R1", "R2", "R3") or f.rule in ("R51", "R59")]
    assert money == []


@pytest.mark.parametrize(
    ("seed", "rule", "line"),
    [
        *(("000", "R48", 46), ("000", "R48", 48), ("000", "R47", 81), ("000", "R41", 212), ("000", "IND-02", 226)),
        *(("000", "IND-02", 291), ("000", "R42", 139), ("000", "R55", 94), ("000", "R50", 440), ("000", "typo", 8)),
        *(("000", "typo", 11), ("000", "typo", 91), ("000", "duplicate_phrase", 6), ("000", "R58", 194)),
        *(("001", "R47", 54), ("001", "R45", 48), ("001", "R50", 44), ("001", "typo", 15), ("001", "typo", 9)),
        *(("001", "R41", 62), ("001", "R41", 68), ("001", "R43", 72), ("001", "duplicate_phrase", 65)),
        *(("001", "IND-04", 126), ("001", "IND-04", 171), ("001", "R55", 58), ("001", "IND-03", 157)),
    ],
)
def test_known_defects_are_found(seed: str, rule: str, line: int) -> None:
    mined = _mined(seed)
    lines = {_line(mined, item.start) for item in mined.findings if item.rule == rule}
    assert any(abs(found - line) <= 1 for found in lines), sorted(lines)


def test_the_gold_list_of_identities_is_the_one_these_rules_were_read_from() -> None:
    with (SEEDS.parent / "gold" / "gold_identities.csv").open(encoding="utf-8-sig") as stream:
        assert len(list(csv.DictReader(stream))) == 22


@pytest.mark.parametrize(
    ("name", "expect"),
    [
        # checked by hand against the pages: 7998 + 105 is 8103, and the item's own paragraph says 350.35 first
        ("*24年预算.pdf", [("R62", "8013"), ("R65", "352.67")]),
        ("*街道*25年预算.pdf", [("R62", "8013")]),
        ("*商务*.pdf", []),
        ("*决算.pdf", []),
    ],
)
def test_what_is_reported_of_the_real_files_is_right(name: str, expect: list[tuple[str, str]]) -> None:
    (path,) = (SEEDS.parent / "real" / "pdf").glob(name)
    mined = mine(read(path.read_bytes(), path.name, SETTINGS), SETTINGS)
    told = [(item.rule, mined.document.text[item.start : item.end]) for item in mined.findings]
    money = sorted((rule, quote) for rule, quote in told if rule in ("R62", "R65"))
    assert [rule for rule, _ in money] == [rule for rule, _ in expect]
    assert all(words in quote for (_, quote), (_, words) in zip(money, expect, strict=True))
    assert not any(item.severity == "error" for item in mined.findings)


def test_the_tables_of_the_real_files_close() -> None:
    for path in (SEEDS.parent / "real" / "pdf").glob("*预算.pdf"):
        mined = mine(read(path.read_bytes(), path.name, SETTINGS), SETTINGS)
        outcomes = {item.rule: item.outcome for item in mined.checks}
        for rule in ("R06", "R07", "R10", "R11", "R12", "R13", "R14", "R15", "R16", "R17", "R18"):
            assert outcomes[rule] is Outcome.PASS, (path.name, rule)
