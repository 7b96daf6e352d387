"""Files of every format against the gold of their text, and harder copies of corpus documents against their text.

tests/fixtures is made by `python scripts/formats.py --fixtures`.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

import format_variants
import formats
from dutymine.engines.local import Job, extract
from dutymine.model import Mined
from dutymine.output.files import read_table
from dutymine.pipeline import mine
from dutymine.readers import read
from dutymine.settings import Settings

SETTINGS = Settings()
ROOT = Path(__file__).resolve().parent.parent
FILES = sorted((ROOT / "tests" / "fixtures").glob("*.*"))
NEAR = 0.02
READING = re.compile(r"\([^\W\d_\u4e00-\u9fff]{1,6}\)")  # how a character is read, behind it: no part of a clause
YUAN = {"元": 1, "万元": 10**4, "亿元": 10**8}
FORM = """青岚县水利局2023年部门预算
一、部门职责
（一）编制全县水利规划。
（二）查处非法采砂。
二、项目绩效目标
{keys}
\t一级指标\n\t二级指标\n\t三级指标\n\t指标值

\t产出指标\n\t数量指标\n\t改造渠系长度\n\t≥18公里

\t满意度指标\n\t服务对象满意度指标\n\t用水户满意度\n\t≥90%


"""
PAIRS = [("项目名称", "灌区改造"), ("项目编码", "P001"), ("主管部门", "青岚县水利局"), ("预算金额（万元）", "230.00")]

Content = dict[str, Counter[tuple[object, ...]]]


def _mined(file: Path) -> Mined:
    return mine(read(file.read_bytes(), file.name, SETTINGS), SETTINGS)


def _rows(table: str, stem: str) -> list[dict[str, str]]:
    path = ROOT / "corpus" / "gold" / ("samples" if stem.startswith("d") else "heldout") / f"{table}.csv"
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return [row for row in csv.DictReader(stream) if row["doc"] == stem]


def _number(word: str) -> Decimal | None:
    return Decimal(word) if word else None


@cache
def _gold(stem: str) -> Content:
    """What people read in the document, as formats.content_of has it."""

    def bound(row: dict[str, str]) -> tuple[object, ...]:
        return row["comparator"] or "None", _number(row["low"]), _number(row["high"]), row["unit"]

    return {
        "clauses": Counter(
            (int(row["number"] or 0) or None, READING.sub("", "".join(row["text"].split())))
            for row in _rows("clauses", stem)
        ),
        "amounts": Counter(
            (Decimal(row["value"]) * YUAN[row["unit"]], row["unit"], row["role"] or "other", row["period"])
            for row in _rows("amounts", stem)
        ),
        "thresholds": Counter((*bound(row), row["kind"]) for row in _rows("thresholds", stem)),
        "indicators": Counter(
            ("".join(row["name"].split()), *bound(row), row["class_code"]) for row in _rows("indicators", stem)
        ),
    }


@cache
def _of_text(stem: str) -> dict[str, float]:
    return formats.agreement(_gold(stem), formats.content_of(_mined(ROOT / "tests" / "fixtures" / f"{stem}.txt")))


def test_every_format_is_there() -> None:
    assert {file.suffix[1:] for file in FILES} == {"txt", "doc", "rtf", "zip", *formats.WRITERS}
    assert sum(file.stat().st_size for file in FILES) < 600_000


@pytest.mark.parametrize("file", [file for file in FILES if file.suffix != ".zip"], ids=lambda file: file.name)
def test_a_format_gives_what_its_text_gives(file: Path) -> None:
    mined = _mined(file)
    assert mined.document.format == file.suffix[1:].replace("txt", "text")
    scores, expected = formats.agreement(_gold(file.stem), formats.content_of(mined)), _of_text(file.stem)
    assert all(score > 0.8 for score in expected.values()), expected
    assert {table: score for table, score in scores.items() if score < expected[table] - NEAR} == {}


def test_an_archive_gives_what_its_members_give(tmp_path: Path) -> None:
    archive = next(file for file in FILES if file.suffix == ".zip")
    extract(Job((str(archive),), tmp_path / "packed"))
    extract(Job((str(archive.with_suffix(".xlsx")),), tmp_path / "plain"))
    (document,) = read_table(tmp_path / "packed", "documents")
    assert document["path"].endswith(f"{archive.name}!/附件/{archive.stem}.xlsx")
    for table in ("clauses", "amounts", "thresholds", "indicators"):
        assert list(read_table(tmp_path / "packed", table)) == list(read_table(tmp_path / "plain", table)) != []


@pytest.mark.parametrize("stem", ["d05", "d11", "h03"])
def test_copies_give_what_the_text_gives(stem: str) -> None:
    file = next((ROOT / "corpus").glob(f"[sh]*/{stem}_*.txt"))
    scores = formats.measured([file], formats.WRITERS)
    assert {name: found for name, found in scores.items() if min(found.values()) < 0.99} == {}


@pytest.mark.parametrize("variant", format_variants.VARIANTS)
def test_harder_copies_give_what_the_text_gives(variant: str) -> None:
    files = [next((ROOT / "corpus").glob(f"[sh]*/{stem}_*.txt")) for stem in ("d02", "d15", "h07")]
    scores = formats.measured(files, {variant: format_variants.VARIANTS[variant]})[variant]
    assert min(scores.values()) >= 0.98, scores


@pytest.mark.parametrize("width", [1, 2])
@pytest.mark.parametrize("apart", [False, True])
def test_a_form_of_keys_names_the_project_of_the_table_behind_it(width: int, apart: bool) -> None:
    lines = [PAIRS[i : i + width] for i in range(0, len(PAIRS), width)]
    keys = "".join("".join(f"\t{key}\n\t{value}\n" for key, value in line) + "\n" for line in lines)
    keys += "\t年度绩效目标\n\t改造渠系，受益群众更加满意。\n"
    text = FORM.format(keys=keys + ("\n" if apart else ""))
    mined = mine(read(text.encode(), "a.txt", SETTINGS), SETTINGS)
    assert [(str(item.value), item.unit, item.role) for item in mined.amounts] == [("230.00", "万元", "project_item")]
    assert [(item.project, item.name) for item in mined.indicators] == [
        ("灌区改造", "改造渠系长度"),
        ("灌区改造", "用水户满意度"),
    ]
    assert [(item.project, item.text) for item in mined.goals] == [("灌区改造", "改造渠系，受益群众更加满意。")]
    expected, content = formats.content_of(mined), formats.blocks(mined)
    for name, write in formats.WRITERS.items():
        assert formats.content_of(mine(read(write(content), "a", SETTINGS), SETTINGS)) == expected, name
