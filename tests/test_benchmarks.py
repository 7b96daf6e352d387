"""Indicators of several invented departments: one family or not, in which unit, in which order."""

import tomllib
from dataclasses import fields
from decimal import Decimal
from pathlib import Path

import pytest

from dutymine.mandates.benchmarks import benchmarks
from dutymine.mandates.targets import plain_unit, target
from dutymine.model import Comparator, Document, Identity, Indicator, Mined, Threshold, ThresholdKind
from dutymine.output.compared_tables import BENCHMARKS
from dutymine.settings import Settings

CASES = tomllib.loads((Path(__file__).parent / "cases" / "benchmarks.toml").read_text("utf-8"))["case"]
SETTINGS = Settings()
PLACES = ("青溪县", "白石县", "云台县", "双桥县")


def number(text):
    return Decimal(text) if text else None


def indicator(name, comparator, low, high, unit):
    empty = dict.fromkeys((item.name for item in fields(Indicator)), "")
    bounds = {"comparator": Comparator(comparator), "low": number(low), "high": number(high), "unit": unit}
    spans = dict.fromkeys(("start", "end", "value_start", "value_end"), 0)
    return Indicator(**empty | bounds | spans | {"name": name, "points": None, "table": None, "row": None})


def threshold(subject, low, unit, frequency="", kind=ThresholdKind.WORD):
    return Threshold(Comparator.AT_LEAST, Decimal(low), None, True, False, unit, frequency, subject, kind, 0, 0)


def department(who, indicators=(), thresholds=()):
    place = PLACES[who]
    identity = Identity("", f"{place}水利局", "水利局", "county", "", "河州市", place, 2024)
    document = Document(f"d{who}", f"{who}.txt", "", "text", "utf-8", "", "")
    return Mined(document, identity, indicators=tuple(indicators), thresholds=tuple(thresholds))


def rows_of(documents):
    return [dict(zip(BENCHMARKS.names, row, strict=True)) for row in benchmarks(documents, SETTINGS)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_families(case):
    held = {who: [row[1:] for row in case["rows"] if row[0] == who] for who, *_ in case["rows"]}
    rows = rows_of([department(who, [indicator(*row) for row in own]) for who, own in sorted(held.items())])
    if not case["family"]:
        assert rows == []
        return
    assert {(row["family"], row["unit"], row["members"]) for row in rows} == {
        (case["family"], case["unit"], len(case["rows"]))
    }
    ranks = {(row["doc_id"], row["name"]): row["rank"] or 0 for row in rows}
    assert [ranks[f"d{who}", name] for who, name, *_ in case["rows"]] == case["ranks"]


def test_a_target_in_the_text_stands_beside_an_indicator():
    told = threshold("监测舆情条数", "10", "条")
    rows = rows_of(
        [
            department(0, [indicator("舆情信息数量", ">=", "20000", "", "条")]),
            department(1, thresholds=[told, told, threshold("舆情条数", "5", "条", kind=ThresholdKind.CONDITION)]),
        ]
    )
    assert [(row["low"], row["rank"], row["members"], row["indicator_id"]) for row in rows] == [
        (Decimal(20000), 1, 2, "d0:i1"),
        (Decimal(10), 2, 2, ""),
    ]


def test_rows_of_one_family_stand_together_and_do_not_depend_on_the_order_read():
    documents = [
        department(0, [indicator("植树株数", ">=", "100", "", "株"), indicator("巡河次数", ">=", "9", "", "次")]),
        department(1, [indicator("巡河次数", ">=", "12", "", "次"), indicator("植树株数", ">=", "300", "", "株")]),
    ]
    rows = rows_of(documents)
    assert [row["family"] for row in rows] == sorted(row["family"] for row in rows)
    assert rows_of(documents[::-1]) == rows


@pytest.mark.parametrize(
    ("unit", "plain", "factor"),
    [
        ("万条", "条", "10000"),
        ("次/年", "次", "1"),
        ("次/季度", "次", "4"),
        ("百分比", "%", "1"),
        ("％", "%", "1"),
        ("小时", "分钟", "60"),
        ("万元", "元", "10000"),
        ("万平方米", "平方米", "10000"),
        ("公顷", "亩", "15"),
        ("头", "头", "1"),
        ("", "", "1"),
    ],
)
def test_units_brought_together(unit, plain, factor):
    assert plain_unit(unit, SETTINGS) == (plain, Decimal(factor))


def test_a_frequency_brings_counts_to_the_year_and_leaves_rates():
    assert target(threshold("宣传", "3", "篇", "每月"), SETTINGS).low == 36
    assert target(threshold("检查", "1", "次", "每半年"), SETTINGS).low == 2
    assert target(threshold("合格率", "95", "%", "每月"), SETTINGS).low == 95
