"""Powers of duty clauses: the acts, their objects, who else acts, and that they quote the text."""

import csv
import tomllib
from pathlib import Path
from typing import Any

import pytest

from dutymine.duties.grammar import frames
from dutymine.model import Mined, Power
from dutymine.pipeline import mine
from dutymine.readers import read
from dutymine.settings import Settings
from dutymine.text import squeeze

HERE = Path(__file__).resolve().parent
CORPUS = HERE.parent / "corpus"
SHARED = HERE.parent.parent / "shared"
SETTINGS = Settings()
CASES = tomllib.loads((HERE / "cases" / "powers.toml").read_text("utf-8"))["case"]


def _mine(text: str, department: str = "某县水利局") -> Mined:
    page = f"{department}2023年部门预算\n一、部门职责\n1.{text}\n二、机构设置\n局机关设3个股室。\n"
    return mine(read(page.encode(), "case.txt", SETTINGS), SETTINGS)


def _told(power: Power) -> str:
    head = f"{power.act} {power.act_code} {power.strength} {power.role} | {power.object}"
    marks = (("@", power.scope), ("&", power.actors), ("~", power.basis))
    return " ".join([head, *(mark + value for mark, value in marks if value)])


@pytest.mark.parametrize("case", [pytest.param(row, id=row["why"]) for row in CASES])
def test_powers(case: dict[str, Any]) -> None:
    mined = _mine(case["text"], case.get("department", "某县水利局"))
    assert [_told(power) for power in mined.powers] == case["expect"]


@pytest.mark.parametrize("path", sorted((CORPUS / "samples").glob("*.txt")), ids=lambda path: path.stem)
def test_powers_quote_their_clause(path: Path) -> None:
    mined = mine(read(path.read_bytes(), path.name, SETTINGS), SETTINGS)
    assert mined.powers or not mined.clauses  # withheld duties have none
    for power in mined.powers:
        clause = mined.clauses[power.clause]
        assert clause.start <= power.start < power.end <= clause.end
        text = squeeze(clause.text)
        assert all(part in text for part in (power.act, power.object, power.scope, power.actors, power.basis))
    assert [power.clause for power in mined.powers] == sorted(power.clause for power in mined.powers)


def test_a_page_number_in_a_clause_is_in_no_object() -> None:
    mined = _mine("监督重点流域的\n - 1 - \n采砂规划执行。")
    assert [power.object for power in mined.powers] == ["重点流域的采砂规划执行"]


def test_a_clause_seen_before_is_not_read_again() -> None:
    frames.cache_clear()
    _mine("管理农村供水。")
    missed = frames.cache_info().misses
    _mine("管理 农村供水。")
    assert frames.cache_info().misses == missed


def test_the_clause_takes_the_role_of_its_strongest_power() -> None:
    clause = _mine("指导乡镇防汛。参与水库调度；审批取水申请。").clauses[0]
    assert (clause.role, clause.acts[0]) == ("own", "A02")  # the head sentence's act first


# --- the two real disclosures: the same list of duties, in which a few words of authority differ ----------------------


def _seed(number: str) -> dict[int | None, list[Power]]:
    (path,) = (SHARED / "seeds").glob(f"{number}*.txt")
    mined = mine(read(path.read_bytes(), path.name, SETTINGS), SETTINGS)
    result: dict[int | None, list[Power]] = {}
    for power in mined.powers:
        result.setdefault(mined.clauses[power.clause].number, []).append(power)
    return result


def _authority(powers: list[Power]) -> list[tuple[str, str, int, str, str]]:
    return [(power.act, power.act_code, power.strength, power.role, power.basis) for power in powers]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real files are not beside the project")
def test_differences_of_authority_are_differences_of_powers() -> None:
    first, second = _seed("000"), _seed("001")
    rows = list(csv.DictReader((SHARED / "gold" / "gold_clause_differences.csv").read_text("utf-8-sig").splitlines()))
    carried = ("authority", "act_word", "basis")
    differing = {int(row["clause_no"]) for row in rows if row["kind"].startswith(carried)}
    assert differing == {2, 3, 9, 11}
    for number in differing:
        assert _authority(first[number]) != _authority(second[number]), number
    acts = {number: ({p.act for p in first[number]}, {p.act for p in second[number]}) for number in differing}
    assert "起草" not in acts[2][0] and "起草" in acts[2][1]
    assert "牵头协调" not in acts[3][0] and "牵头协调" in acts[3][1]
    assert "审批" not in acts[9][0] and "审批" in acts[9][1]
    assert ("监管" in acts[11][0], "监督" in acts[11][1], "监管" in acts[11][1]) == (True, True, False)
    oversight = [[(p.basis, p.role) for p in seed[9] if p.act == "监管"] for seed in (first, second)]
    assert oversight == [[("依法按程序", "perform")], [("依法", "own")]]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real files are not beside the project")
def test_clauses_that_differ_in_places_only_have_the_same_powers() -> None:
    first, second = _seed("000"), _seed("001")
    for number in (1, 4, 6, 7, 10, 13, 14):
        assert _authority(first[number]) == _authority(second[number]), number
