"""Rules on names, years, numbering, residue, slips and money: what each must catch and what it must leave alone."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from dutymine.checks import CHECKS
from dutymine.checks.bigrams import odd
from dutymine.model import Mined, Outcome
from dutymine.output.codes import rules
from dutymine.pipeline import mine
from dutymine.readers import read
from dutymine.settings import DATA, Settings

SETTINGS = Settings()
CASES = [
    row
    for name in ("check_texts", "check_sums")
    for row in tomllib.loads((Path(__file__).parent / "cases" / f"{name}.toml").read_text("utf-8"))["case"]
]
SAMPLES = Path(__file__).resolve().parent.parent / "corpus" / "samples"
BROKEN = ("ValueError", "TypeError", "KeyError", "IndexError", "AttributeError", "error", "AssertionError")
FRAME = """青岚县水利局
2023年部门预算信息公开情况说明
根据预算法规定，现将青岚县水利局2023年部门预算公开如下：
{duties}二、{under}
{text}
"""
DUTIES = "一、部门职责\n（一）保障水资源开发利用，编制水利规划。\n（二）承办县委、县政府交办的其他事项。\n"


def _mined(case: dict[str, Any]) -> Mined:
    text = case["text"].replace("[[", "").replace("]]", "")
    if case["under"] == "部门职责":
        whole = FRAME.format(duties="", under=case["under"], text=text).replace("二、部门职责", "一、部门职责")
    else:
        whole = FRAME.format(duties=DUTIES, under=case["under"], text=text)
    return mine(read(whole.encode(), "case.txt", SETTINGS), SETTINGS)


@pytest.mark.parametrize("case", [pytest.param(row, id=f"{row['rule']}: {row['why']}") for row in CASES])
def test_a_rule_finds_what_it_must_and_nothing_else(case: dict[str, Any]) -> None:
    mined = _mined(case)
    found = [item for item in mined.findings if item.rule == case["rule"]]
    outcome = next(item.outcome for item in mined.checks if item.rule == case["rule"])
    mark = re.search(r"\[\[(.*?)\]\]", case["text"], re.DOTALL)
    if mark is None:
        assert [mined.document.text[item.start : item.end] for item in found] == []
        assert outcome is not Outcome.FAIL
        return
    assert outcome is Outcome.FAIL
    (item,) = found
    assert mark[1] in mined.document.text[item.start : item.end]
    assert item.message


def test_every_rule_has_a_row_and_every_row_a_rule_in_the_same_order() -> None:
    assert [row.rule for row in rules(SETTINGS)] == list(CHECKS)


def test_every_rule_gives_one_result_for_every_document() -> None:
    mined = _mined({"text": "无。", "under": "其他需要说明的事项"})
    assert [item.rule for item in mined.checks] == list(CHECKS)


@pytest.mark.parametrize(
    ("under", "rule"),
    [("机构设置", "C02"), ("机关运行经费安排情况", "C04"), ("财政拨款“三公”经费预算情况", "C05"), ("名词解释", "C07")],
)
def test_a_part_that_is_not_there_is_a_hint(under: str, rule: str) -> None:
    (item,) = [item for item in _mined({"text": "无。", "under": "其他需要说明的事项"}).findings if item.rule == rule]
    assert (str(item.severity), item.start, item.end) == ("hint", 0, 0)


def test_a_heading_without_content_is_a_warning() -> None:
    mined = _mined(
        {"text": "\n三、其他需要说明的事项\n无其他需要说明的事项，特此公开说明。", "under": "机关运行经费安排情况"}
    )
    (item,) = [item for item in mined.findings if item.rule == "C04"]
    assert str(item.severity) == "warning"
    assert "机关运行经费" in mined.document.text[item.start : item.end]


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.txt")), ids=lambda path: path.stem)
def test_no_rule_breaks_down_on_the_corpus(path: Path) -> None:
    mined = mine(read(path.read_bytes(), path.name, SETTINGS), SETTINGS)
    assert [item.computation for item in mined.checks if item.computation.startswith(BROKEN)] == []


@pytest.mark.parametrize("text", ["", "水", "水利", "负责水利颁发罢罷A水\U00020000利\ud800水\n彳亍区区直", "龘靐龘靐"])
def test_unheard_pairs_are_those_that_the_list_of_pairs_does_not_hold(text: str) -> None:
    listed = (DATA / "bigrams.txt").read_text("utf-8").replace("\n", "")
    heard = {listed[i : i + 2] for i in range(0, len(listed), 2)}
    pairs = [text[i : i + 2] for i in range(len(text))]
    wanted = [re.fullmatch("[\u4e00-\u9fff]{2}", pair) is not None and pair not in heard for pair in pairs]
    assert odd(text).tolist() == wanted
