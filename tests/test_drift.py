"""Two years of invented departments: what was planted is found, and what only looks like a change is not told."""

import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from dutymine.engines.local import Job, extract
from dutymine.mandates.drift import drift
from dutymine.output.reload import reload
from dutymine.settings import Settings

HERE = Path(__file__).parent
CASES = tomllib.loads((HERE / "cases" / "drift.toml").read_text("utf-8"))["case"]
SAMPLES = HERE.parent / "corpus" / "samples"
NAMES = ("from", "to", "from_year", "to_year", "kind", "item", "old", "new", "message")
YEAR = re.compile(r"(?<!\d)(20[12]\d)(?=年)")
CHANGE = re.compile(r"[，,、]?(?:较|比|与)[^，。；\n]{0,14}(?:增加|减少|增长|下降)[^，。；\n]*")


def a_year_on(text):
    return CHANGE.sub("", YEAR.sub(lambda match: str(int(match[1]) + 1), text))


def edited(text, case):
    for edit in case["edits"]:
        assert edit["find"] in text, (case["base"], edit["find"])
        text = text.replace(edit["find"], edit["put"]) if edit["find"] else text
    return text


def rows_of(folder):
    rows = [dict(zip(NAMES, row[1:], strict=True)) for row in drift(list(reload(folder)), Settings())]
    return rows


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """For each case its rows, and those of the same text a year on without edits."""
    found = []
    for case in CASES:
        folder = tmp_path_factory.mktemp(case["base"])
        old = (SAMPLES / f"{case['base']}.txt").read_bytes().decode("utf-8")
        rows = []
        for name, new in (("edited", edited(a_year_on(old), case)), ("same", a_year_on(old))):
            (folder / name).mkdir()
            (folder / name / "before.txt").write_bytes(old.encode())
            (folder / name / "after.txt").write_bytes(new.encode())
            extract(Job((str(folder / name),), folder / f"{name}_out"))
            rows.append(rows_of(folder / f"{name}_out"))
        found.append((case, *rows))
    return found


def fits(row, edit):
    return row["kind"] == edit["kind"] and all(edit[name] in row[name] for name in ("item", "old", "new"))


def test_planted_changes_are_found(told):
    lost = [
        (case["base"], edit["kind"], edit["item"])
        for case, rows, _ in told
        for edit in case["edits"]
        if edit["kind"] and not any(fits(row, edit) for row in rows)
    ]
    planted = Counter(edit["kind"] for case in CASES for edit in case["edits"] if edit["kind"])
    assert len(planted) == 10
    assert 1 - len(lost) / planted.total() >= 0.85, lost


def test_nothing_else_is_told(told):
    for case, rows, _ in told:
        other = [row for row in rows if not any(fits(row, edit) for edit in case["edits"] if edit["kind"])]
        # A sum that changed stands for several roles (income and expenditure, a total and its only part).
        sums = {(edit["old"], edit["new"]) for edit in case["edits"] if edit["kind"] == "amount_changed"}
        other = [row for row in other if (row["old"], row["new"]) not in sums]
        assert not [(row["kind"], row["item"], row["old"], row["new"]) for row in other], case["base"]


def test_the_same_text_a_year_on_gives_nothing(told):
    for case, _, rows in told:
        assert rows == [], case["base"]
