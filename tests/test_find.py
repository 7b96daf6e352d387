"""`dutymine find` over an invented department: words, synonyms, acts, and what is shown."""

import pytest

from dutymine.cli import main
from dutymine.engines.find import Query, find
from dutymine.engines.local import Job, extract

TEXT = """河州市青溪县水利局2024年部门预算信息公开
一、部门主要职责
（一）拟订全县水利发展规划，审批取水许可申请。
（二）负责水利工程的竣工验收备案，指导水利工程建设与运行管理。
（三）监督检查水土保持方案的实施。
（四）承担防汛抗旱的日常工作，组织发放防汛宣传册。
（五）管好水利工程。
（六）负责农村水电安全生产、农村饮水、河道采砂许可和水利行业技术指导、水利普查、水文监测、移民安置等工作。
（七）河道管理、岸线保护、堤防维修与养护；拟定采砂规划。
二、绩效指标
一级指标 二级指标 三级指标 指标值 指标值确定依据
产出指标 数量指标 发放防汛明白纸份数 ≥2万份 年初计划
质量指标 水利工程验收合格率 ≥98% 行业标准
满意度指标 服务对象满意度指标 用水户满意度 ≥90% 问卷调查
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("find")
    (folder / "in.txt").write_text(TEXT, encoding="utf-8")
    extract(Job((str(folder / "in.txt"),), folder / "out"))
    return folder / "out"


def found(folder, words, **options):
    return find(Query(tuple(words.split()), (folder,), **options))


def test_every_word_must_be_found(folder):
    assert found(folder, "水利工程").total > found(folder, "水利工程 验收").total > 0
    assert found(folder, "水利工程 马拉松").total == 0


def test_the_power_that_is_named_stands_first(folder):
    best = found(folder, "审批 取水许可").hits[0]
    assert (best.kind, best.text) == ("power", "审批 取水许可申请")


def test_what_a_row_is_about_counts_more_than_that_it_is_short(folder):
    kinds = [hit.kind for hit in found(folder, "水利工程", kinds=("power", "clause"), limit=100).hits]
    assert kinds == sorted(kinds, reverse=True)
    assert set(kinds) == {"power", "clause"}


def test_words_that_stand_together_count_more(folder):
    near, far = found(folder, "河道 采砂", kinds=("clause",)).hits
    assert ("河道采砂许可" in near.text, "河道管理" in far.text) == (True, True)


def test_an_act_word_matches_its_kind_of_act_behind_the_word_itself(folder):
    hits = found(folder, "审批", kinds=("power",)).hits
    assert hits[0].text.startswith("审批")
    assert any("备案" in hit.text for hit in hits[1:])
    assert {hit.row_id for hit in found(folder, "A05", kinds=("power",)).hits} == {hit.row_id for hit in hits}


def test_another_word_for_the_thing_is_found(folder):
    assert [hit.text for hit in found(folder, "宣传单", kinds=("indicator",)).hits] == ["发放防汛明白纸份数 ≥2万份"]
    first, *_ = found(folder, "明白纸").hits
    assert "明白纸" in first.text


def test_folded_text_is_searched(folder):
    assert found(folder, "９８%").total == found(folder, "98%").total
    assert found(folder, "（三）").total == 0  # markers are no text of a clause


def test_limit_cuts_and_the_total_stays(folder):
    answer = found(folder, "水利", limit=2)
    assert len(answer.hits) == 2
    assert answer.total == len(found(folder, "水利", limit=100).hits) > 2
    twice = find(Query(("水利",), (folder, folder), limit=100))
    assert twice.total == answer.total


def test_the_table_says_whose_it_is(folder, capsys):
    assert main(["find", "水土保持 监督", str(folder), "--kind", "clause"]) == 0
    header, line, _, summary = capsys.readouterr().out.splitlines()
    assert header.split() == ["种类", "文字", "部门", "年度", "地区", "编号", "文件"]
    assert all(word in line for word in ("职责", "水土保持方案", "河州市青溪县水利局", "2024", "in.txt"))
    assert summary == "共 1 条"


def test_nothing_found_is_said(folder, capsys):
    assert main(["find", "马拉松", str(folder)]) == 0
    assert "没有找到" in capsys.readouterr().out


def test_wrong_usage(folder, tmp_path, capsys):
    assert main(["find", " ", str(folder)]) == 2
    assert main(["find", "水利", str(tmp_path)]) == 2
    assert main(["find", "水利", str(folder), "--limit", "0"]) == 2
    capsys.readouterr()
