"""Rules on tables of money: what each must catch and what it must leave alone, in two layouts of the same table."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from dutymine.model import Mined, Outcome
from dutymine.pipeline import mine
from dutymine.readers import read
from dutymine.settings import Settings

SETTINGS = Settings()
CASES = tomllib.loads((Path(__file__).parent / "cases" / "check_tables.toml").read_text("utf-8"))["case"]
HEAD = """青岚县水利局
2023年{kind}信息公开情况说明
一、部门职责
（一）保障水资源开发利用，编制水利规划。
（二）承办县委、县政府交办的其他事项。
二、{kind}表
"""


def _tabs(rows: list[str]) -> str:
    return "\n".join("".join(f"\t{cell}\n" for cell in row.split("|")) for row in rows) + "\n"


def _html(rows: list[str]) -> str:
    cells = ("".join(f"<td>{cell}</td>" for cell in row.split("|")) for row in rows)
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>"


def _text(case: dict[str, Any], layout: str) -> str:
    head = HEAD.format(kind="部门决算" if case.get("final") else "部门预算")
    if layout == "html":
        body = "".join(f"<p>{caption}</p><p>单位：万元</p>{_html(rows)}" for caption, *rows in case["tables"])
        head = "".join(f"<p>{line}</p>" for line in head.splitlines())
        return f"<html><body>{head}{body}</body></html>"
    return head + "".join(f"{caption}\n单位：万元\n{_tabs(rows)}\n" for caption, *rows in case["tables"])


def _mined(case: dict[str, Any], layout: str) -> Mined:
    text = re.sub(r"\[\[|\]\]", "", _text(case, layout))
    name = "case.html" if layout == "html" else "case.txt"
    return mine(read(text.encode(), name, SETTINGS), SETTINGS)


@pytest.mark.parametrize("layout", ["tabs", "html"])
@pytest.mark.parametrize("case", [pytest.param(row, id=f"{row['rule']}: {row['why']}") for row in CASES])
def test_a_rule_finds_what_it_must_and_nothing_else(case: dict[str, Any], layout: str) -> None:
    mined = _mined(case, layout)
    found = [item for item in mined.findings if item.rule == case["rule"]]
    outcome = next(item.outcome for item in mined.checks if item.rule == case["rule"])
    mark = re.search(r"\[\[(.*?)\]\]", "\n".join(row for table in case["tables"] for row in table))
    if mark is None:
        assert [item.message for item in found] == []
        assert outcome is Outcome.PASS
        return
    assert outcome is Outcome.FAIL
    (item,) = found
    assert mark[1] in mined.document.text[item.start : item.end]
    assert item.message and item.computation


@pytest.mark.parametrize("rule", sorted({row["rule"] for row in CASES}))
def test_without_tables_a_rule_does_not_apply(rule: str) -> None:
    mined = _mined({"tables": []}, "tabs")
    assert next(item.outcome for item in mined.checks if item.rule == rule) is Outcome.NOT_APPLICABLE
