"""Duties of two departments of one place: rows of tests/cases/relations.toml, and what a row must carry."""

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dutymine.mandates.claims import claims
from dutymine.mandates.objects import BROADER, NARROWER, SAME, SIBLING, thesaurus
from dutymine.mandates.relations import Relation, relations
from dutymine.model import Mined
from dutymine.output.compared_tables import PAIRS
from dutymine.output.relation_rows import pair_rows
from dutymine.pipeline import mine
from dutymine.readers import read
from dutymine.settings import Settings

SETTINGS = Settings()
ROWS = tomllib.loads((Path(__file__).parent / "cases" / "relations.toml").read_text("utf-8"))["case"]


def _mined(side: str, place: str = "青岚市") -> Mined:
    """A document that states one duty of a department, `side` is `department: duty`."""
    department, duty = side.split(": ")
    text = f"{place}{department}2023年部门预算\n一、部门职责\n（一）{duty}\n二、机构设置\n局机关设3个科室。\n"
    mined = mine(read(text.encode(), "case.txt", SETTINGS), SETTINGS)
    level = "county" if place.endswith("县") else "city"
    who = replace(mined.identity, department=f"{place}{department}", department_type=department, level=level)
    return replace(mined, identity=replace(who, province="", city="青岚市", county=place if level == "county" else ""))


def _found(*sides: str) -> tuple[Relation, ...]:
    return relations([_mined(side) for side in sides], SETTINGS)


@pytest.mark.parametrize("case", [pytest.param(row, id=row["why"]) for row in ROWS])
def test_relations(case: dict[str, Any]) -> None:
    found = _found(case["left"], case["right"])
    said = ["|".join(row.relation) for row in found]
    if not case["expect"]:
        assert said == []
        return
    assert len(said) == 1
    assert set(said[0].split("|")) <= set(case["expect"].split("|"))
    assert case.get("thing", "") in found[0].thing


def test_both_sides_of_a_row_are_quoted_from_their_documents() -> None:
    water, land = "水利局: 负责全市取水许可的审批。", "自然资源局: 负责矿泉水开采单位取水许可的审批。"
    documents = [_mined(water), _mined(land)]
    (row,) = relations(documents, SETTINGS)
    quoted = [mined.document.text[slice(*span)] for mined, span in zip(documents, row.evidence, strict=True)]
    assert quoted == ["负责全市取水许可的审批", "负责矿泉水开采单位取水许可的审批"]
    assert all(quote in row.message for quote in quoted)
    assert "疑似" in row.message and "《地方各级人民政府机构设置和编制管理条例》第十条" in row.message
    assert (row.left, row.right, row.context) == ((0, 0), (1, 0), "same_place_other_department")
    assert 0 < row.score <= 1 and 0 < row.similarity < 1


def test_the_surest_pair_comes_first() -> None:
    found = _found(
        "水利局: 负责河道采砂的监督管理。",
        "林业局: 拟订湿地保护规划。",
        "自然资源局: 负责河道采砂的监督管理。",
        "生态环境局: 查处破坏湿地的违法行为。",
    )
    assert [row.thing for row in found[:1]] == ["河道采砂"]
    assert [row.score for row in found] == sorted((row.score for row in found), reverse=True)


def test_two_places_never_collide() -> None:
    here, there = _mined("水利局: 负责取水许可的审批。", "甲县"), _mined("自然资源局: 负责取水许可的审批。", "乙县")
    assert relations([here, there], SETTINGS) == ()


def test_a_superior_collides_only_where_it_names_the_lower_place() -> None:
    lower = _mined("水利局: 负责取水许可的审批。", "甲县")
    upper = _mined("水利局: 负责甲县取水许可的审批。")
    everywhere = _mined("水利局: 负责取水许可的审批。")
    (row,) = relations([lower, upper], SETTINGS)
    assert (row.context, row.relation) == ("same_line_other_level", ("duplication", "contradictory_authority"))
    assert relations([lower, everywhere], SETTINGS) == ()


def test_of_two_publications_of_a_department_the_newer_one_speaks() -> None:
    old, new = _mined("水利局: 负责取水许可的审批。"), _mined("水利局: 负责水土保持方案的审批。")
    new = replace(new, identity=replace(new.identity, fiscal_year=2024))
    assert relations([old, new, _mined("自然资源局: 负责取水许可的审批。")], SETTINGS) == ()


def test_many_like_pairs_of_two_departments_are_bounded() -> None:
    duties = "\n".join(
        f"（{n}）负责{name}河道采砂的监督管理。" for n, name in zip("二三四五六七", "甲乙丙丁戊己", strict=True)
    )
    rows = _found(f"水利局: 负责庚河道采砂的监督管理。\n{duties}", f"自然资源局: 负责庚河道采砂的监督管理。\n{duties}")
    assert len(rows) == 30  # of 49


def test_a_thing_named_by_the_way_is_a_small_share_of_a_behaviour() -> None:
    told = "生态环境局: 负责对在湿地公园周边擅自堆放建材、损坏围栏、影响景观的施工企业的处罚。"
    shares = {claim.thing: claim.share for claim in claims(0, _mined(told), SETTINGS)}
    assert shares["湿地"] < 0.35
    assert [claim.share for claim in claims(0, _mined("林业局: 负责湿地公园的监督管理。"), SETTINGS)] == [1.0]


@pytest.mark.parametrize(
    ("left", "right", "kind"),
    [
        ("节能", "节能", SAME),
        ("节能", "建筑节能", BROADER),
        ("公共机构节能", "节能", NARROWER),
        ("建筑节能", "公共机构节能", SIBLING),
        ("节能", "殡葬", None),
        ("大气污染防治", "土壤污染", None),  # their only broader thing is a wide one
    ],
)
def test_things_stand_to_each_other(left: str, right: str, kind: str | None) -> None:
    assert thesaurus(SETTINGS).near(left).get(right) == kind


@pytest.mark.parametrize(
    ("text", "things"),
    [
        ("公共机构节能", ["公共机构节能"]),
        ("水生野生动物保护", ["水生野生动物"]),
        ("流动人员人事档案", ["人事档案"]),
        ("种子基金", []),
        ("湿地保护和采砂", ["湿地", "砂石"]),
    ],
)
def test_a_name_inside_a_longer_one_is_no_mention(text: str, things: list[str]) -> None:
    assert [mention.thing for mention in thesaurus(SETTINGS).mentions(text)] == things


def test_rows_are_rows_of_the_table_of_pairs() -> None:
    documents = [_mined("水利局: 负责取水许可的审批。"), _mined("自然资源局: 负责矿泉水取水许可的审批。")]
    (row,) = pair_rows(documents, SETTINGS)
    told = dict(zip((column.name for column in PAIRS.columns), row, strict=True))
    assert told["relation"] == "duplication|contradictory_authority"
    assert (told["left_acts"], told["right_acts"]) == ("A05", "A05")
    assert told["left_clause"] == f"{documents[0].document.doc_id}:c1"
