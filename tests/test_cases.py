"""Rows of tests/cases: what must come out of a stretch of text, and what must not."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from dutymine.model import Mined, Status, ThresholdKind
from dutymine.pipeline import mine
from dutymine.readers import read
from dutymine.settings import Settings

CASES = Path(__file__).resolve().parent / "cases"
SETTINGS = Settings()


def _cases(name: str) -> list[Any]:
    table = tomllib.loads((CASES / f"{name}.toml").read_text("utf-8"))
    return [pytest.param(row, id=row["why"]) for row in table["case"]]


def _mine(text: str) -> Mined:
    return mine(read(text.encode(), "case.txt", SETTINGS), SETTINGS)


@pytest.mark.parametrize("case", _cases("thresholds"))
def test_thresholds(case: dict[str, Any]) -> None:
    mark = re.search(r"\[\[(.*?)\]\]", case["text"], re.DOTALL)
    text = case["text"].replace("[[", "").replace("]]", "")
    head = "某县水利局2023年部门预算\n一、部门职责\n（一）负责河道管护。\n二、总体绩效目标\n"
    mined = _mine(head + text + "。\n")
    found = mined.thresholds
    if mark is None:
        assert [mined.document.text[item.start : item.end] for item in found] == []
        return
    (item,) = found
    assert mined.document.text[item.start : item.end] == mark[1]
    values = {
        "comparator": str(item.comparator),
        "low": "" if item.low is None else format(item.low.normalize(), "f"),
        "high": "" if item.high is None else format(item.high.normalize(), "f"),
        "unit": item.unit,
        "kind": str(item.kind),
        "frequency": item.frequency,
    }
    assert values == {"low": "", "high": "", "frequency": ""} | case["expect"]


@pytest.mark.parametrize("case", _cases("amounts"))
def test_amounts(case: dict[str, Any]) -> None:
    text = f"某县水利局2023年部门预算\n一、部门职责\n（一）负责河道管护。\n二、{case['heading']}\n{case['text']}\n"
    found = [
        " ".join(filter(None, (format(item.value, "f"), item.unit, str(item.role), item.period, item.direction)))
        for item in _mine(text).amounts
    ]
    assert found == case["expect"]


@pytest.mark.parametrize("case", _cases("clauses"))
def test_clauses(case: dict[str, Any]) -> None:
    mined = _mine(f"某县水利局2023年部门预算\n一、部门职责\n{case['text']}\n二、机构设置\n局机关设3个股室。\n")
    found = [f"{'' if item.number is None else item.number}:{item.text.strip()}" for item in mined.clauses]
    assert found == case["expect"]
    assert all(mined.document.text[item.start : item.end].startswith(item.text[:4]) for item in mined.clauses)


def test_withheld_duties_are_a_status_and_no_error() -> None:
    mined = _mine(
        "某市委网信办2023年部门预算\n一、部门职责\n主要职责为涉密信息，不予以公开。\n二、收入预算情况\n收入合计3万元。"
    )
    assert (mined.status, mined.clauses) == (Status.WITHHELD, ())
    assert len(mined.amounts) == 1


def test_duties_that_speak_of_secrecy_are_not_withheld() -> None:
    text = (
        "某县保密局2023年部门预算\n一、部门职责\n（一）管理涉密信息，不予公开的事项依法定密。\n（二）指导保密检查。\n"
    )
    mined = _mine(text)
    assert (mined.status, len(mined.clauses)) == (Status.OK, 2)


@pytest.mark.parametrize("case", _cases("tables"))
def test_tables(case: dict[str, Any]) -> None:
    heading = case.get("heading", "项目绩效目标")
    mined = _mine(f"某县水利局2023年部门预算\n一、部门职责\n（一）负责河道管护。\n二、{heading}\n{case['text']}")
    assert [
        f"{item.project} {item.name} {item.comparator} {item.low} {item.unit}" for item in mined.indicators
    ] == case["indicators"]
    assert [f"{item.value} {item.unit} {item.role}" for item in mined.amounts] == case["amounts"]


@pytest.mark.parametrize("case", _cases("goals"))
def test_goals(case: dict[str, Any]) -> None:
    mined = _mine(f"某县水利局2023年部门预算\n一、部门职责\n（一）负责河道管护。\n{case['text']}")
    text = mined.document.text
    assert [
        f"{item.level} {'' if item.number is None else item.number} {item.project} {item.text}" for item in mined.goals
    ] == case["goals"]
    if "sections" in case:
        assert [f"{item.kind} {item.title}" for item in mined.sections] == case["sections"]
    if "targets" in case:
        assert [
            text[item.start : item.end] for item in mined.thresholds if item.kind is not ThresholdKind.CONDITION
        ] == case["targets"]
    if "indicators" in case:
        assert [f"{item.project} {item.name} {item.value_text}" for item in mined.indicators] == case["indicators"]
    if "levels" in case:
        assert [f"{item.level1}/{item.level2}" for item in mined.indicators] == case["levels"]
