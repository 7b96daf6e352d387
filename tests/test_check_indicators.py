"""Rules on indicators and targets, and scoring rules: what each must catch and what it must leave alone."""

import csv
import re
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from dutymine.cli import main
from dutymine.facts.scoring import score
from dutymine.model import Comparator, Indicator, Mined, Outcome
from dutymine.pipeline import mine
from dutymine.readers import read
from dutymine.settings import Settings

CASES = Path(__file__).parent / "cases"
SETTINGS = Settings()
HEAD = "\t一级指标\n\t二级指标\n\t三级指标\n\t绩效指标描述\n\t指标值\n\t指标值确定依据\n\n"
FRAME = """青岚县水利局
2023年部门预算信息公开情况说明
一、部门职责
（一）负责全县水利工程建设的质量监督和安全生产监督管理，编制水利规划。
（二）承办县委、县政府交办的其他事项。
二、预算绩效信息
第一部分 部门整体绩效目标
（一）总体绩效目标
维护灌区渠系。
（二）分项绩效目标
{goals}
第二部分 预算项目绩效目标
1、灌区维护项目绩效目标表
{rows}
"""


def _cases(name: str) -> list[Any]:
    table = tomllib.loads((CASES / f"{name}.toml").read_text("utf-8"))["case"]
    return [pytest.param(row, id=f"{row.get('rule', '')}: {row['why']}") for row in table]


def _text(case: dict[str, Any]) -> str:
    rows = [row.split("|") for row in case["rows"]]
    lines = HEAD + "".join("".join(f"\t{cell}\n" for cell in ("产出指标", *row)) + "\n" for row in rows)
    goals = case.get("goals", "1.维护渠系，做到应修尽修。\n2.组织防汛演练，提高能力。")
    return FRAME.format(goals=goals, rows=lines)


def _mined(case: dict[str, Any]) -> Mined:
    return mine(read(_text(case).replace("[[", "").replace("]]", "").encode(), "case.txt", SETTINGS), SETTINGS)


@pytest.mark.parametrize("case", _cases("check_indicators"))
def test_a_rule_finds_what_it_must_and_nothing_else(case: dict[str, Any]) -> None:
    mined = _mined(case)
    assert len([item for item in mined.indicators if item.table is not None]) == len(case["rows"])
    found = [item for item in mined.findings if item.rule == case["rule"]]
    outcome = next(item.outcome for item in mined.checks if item.rule == case["rule"])
    mark = re.search(r"\[\[(.*?)\]\]", _text(case), re.DOTALL)
    if mark is None:
        assert [mined.document.text[item.start : item.end] for item in found] == []
        assert outcome is not Outcome.FAIL
        return
    (item,) = found
    assert outcome is Outcome.FAIL
    assert mark[1] in mined.document.text[item.start : item.end]


@pytest.mark.parametrize("case", _cases("scoring"))
def test_points(case: dict[str, Any]) -> None:
    comparator, *numbers, unit = case["target"].split()
    low = None if comparator == "<=" else Decimal(numbers[0])
    high = None if comparator == ">=" else Decimal(numbers[-1])
    points = Decimal(case["points"]) if case["points"] else None
    how = Comparator(comparator)
    target = " ".join((comparator, *numbers))
    item = Indicator("", "", "", "名称", "", "", how, low, high, unit, target, "", points, case["rule"], "", 0, 0, 0, 0)
    found = score(item, Decimal(case["actual"]))
    assert found.points == (Decimal(case["score"]) if case["score"] else None)
    assert found.computation


def test_the_command_scores_actual_values(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = "\t一级指标\n\t二级指标\n\t三级指标\n\t指标值\n\t评（扣）分标准\n\n"
    row = "\t部门产出\n\t质量\n\t渠系完好率\n\t≥95%\n\t分值15分，满足指标值得满分，少1%扣1分\n\n"
    text = FRAME.replace("1、灌区维护项目绩效目标表\n", "").format(goals="1.维护渠系。\n2.组织演练。", rows=table + row)
    (tmp_path / "a.txt").write_text(text, "utf-8")
    out = tmp_path / "out"
    assert main(["extract", str(tmp_path / "a.txt"), "--out", str(out)]) == 0
    (tmp_path / "actuals.csv").write_text("name,actual\n渠系完好率,92%\n没有这项,5\n", "utf-8")
    capsys.readouterr()
    assert main(["score", str(out), str(tmp_path / "actuals.csv")]) == 1
    printed = capsys.readouterr()
    assert "满分15分，得12分" in printed.out
    assert "row 3" in printed.err
    rows = list(csv.DictReader((out / "scores.csv").read_text("utf-8-sig").splitlines()))
    assert [(row["name"], row["score"]) for row in rows if row["indicator_id"]] == [("渠系完好率", "12")]


def test_actual_values_without_the_columns_are_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(FRAME.format(goals="1.维护。\n2.演练。", rows="无"), "utf-8")
    main(["extract", str(tmp_path / "a.txt"), "--out", str(tmp_path / "out")])
    (tmp_path / "actuals.csv").write_text("foo\n1\n", "utf-8")
    assert main(["score", str(tmp_path / "out"), str(tmp_path / "actuals.csv")]) == 2
