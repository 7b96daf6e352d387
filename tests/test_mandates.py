"""Rooms of compare by themselves: normal texts, contexts, differences, families against brute force, pages."""

import argparse
import random
import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

import bench_compare
from dutymine.commands import compare as command
from dutymine.commands.outcome import UsageError
from dutymine.commands.side_by_side import page, side_by_side
from dutymine.engines.sql_families import sql_families
from dutymine.mandates.alignment import differences
from dutymine.mandates.context import between
from dutymine.mandates.copies import copies, similarity
from dutymine.mandates.families import distinct, families
from dutymine.mandates.isomorphism import isomorphism
from dutymine.mandates.normal import Voice, boilerplate, clause_normal, normalise, shown, voice
from dutymine.mandates.pairing import Pairing, pairings
from dutymine.mandates.parts import split_deviations
from dutymine.mandates.shingles import all_pairs, lists, shingles, similar
from dutymine.mandates.slots import sides, slip, slot
from dutymine.mandates.templates import deviations, displayed, template
from dutymine.model import Clause, Document, Identity, Mined
from dutymine.settings import Settings
from dutymine.text import fold

SETTINGS = Settings()
ROWS = tomllib.loads((Path(__file__).parent / "cases" / "normal.toml").read_text("utf-8"))["row"]


@pytest.mark.parametrize("row", ROWS, ids=[row["why"] for row in ROWS])
def test_normal_text(row):
    whose = Voice(row["level"], tuple(row["places"]))
    normal = normalise(row["text"], whose, SETTINGS)
    assert shown(normal.text) == row["normal"]
    folded = fold(row["text"])
    for char, start, end in zip(normal.text, normal.starts, normal.ends, strict=True):
        assert folded[start:end] == char or not char.isalnum()


def document(text, who=None, clauses=()):
    return Mined(Document("0" * 12, "a.txt", "", "text", "utf-8", text, fold(text)), who or Identity(), clauses=clauses)


def test_places_lead_back_over_furniture():
    text = "（一）负责全县水利\n- 12 -\n工作。"
    clause = Clause(1, "（一）", 1, "负责全县水利\n\n工作。", 3, len(text))
    mined = document(text, Identity(level="county", county="青溪县"), (clause,))
    normal = clause_normal(mined.document, clause, voice(mined), SETTINGS)
    at = normal.text.index("工作")
    assert text[slice(*normal.place(at, at + 2))] == "工作"
    assert text[slice(*normal.place(2, 3))] == "全县"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("完成县委、县政府交办的其他任务。", "residual"),
        ("承办区委、区政府和上级部门交办的其他事项", "residual"),
        ("法律、法规规定的其他职责。", "residual"),
        ("负责本部门、本行业领域的安全生产和消防安全工作。", "compliance"),
        ("组织开展相关领域国际交流与合作。", "cooperation"),
        ("负责取水许可的审批工作。", ""),
        ("负责全县安全生产综合监督管理工作。", ""),
        ("承担县政府交办的重要水利工程建设与运行管理，拟订水利规划。", ""),
    ],
)
def test_boilerplate(text, why):
    assert boilerplate(normalise(text, Voice(), SETTINGS).text, SETTINGS) == why


A = Identity(
    department="河州市青溪县水利局",
    department_type="水利局",
    level="county",
    city="河州市",
    county="青溪县",
    fiscal_year=2023,
)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"fiscal_year": 2024}, "same_unit_other_year"),
        ({"fiscal_year": 2024, "department": "青溪县水利局", "city": ""}, "same_unit_other_year"),
        ({}, "same_document"),
        ({"department": "河州市白石县水利局", "county": "白石县"}, "same_type_other_place"),
        ({"department": "南岭市青溪县水利局", "city": "南岭市"}, "same_type_other_place"),
        ({"department": "河州市水利局", "county": "", "level": "city"}, "same_line_other_level"),
        ({"department": "河州市青溪县教育局", "department_type": "教育局"}, "same_place_other_department"),
        ({"department": "白石县教育局", "department_type": "教育局", "county": "白石县"}, "unrelated"),
        ({"department": "教育局", "department_type": "教育局", "county": "", "city": ""}, "unrelated"),
    ],
)
def test_context(changes, code):
    assert between(A, replace(A, **changes)) == code
    assert between(replace(A, **changes), A) == code


@pytest.mark.parametrize(
    ("own", "other", "told"),
    [
        ("负责特种设备监管工作", "负责特种设备监督工作", [("监管", "监督", "act", False)]),
        ("负责违法事件的查处", "负责违法事件的调查", [("查处", "调查", "act", False)]),
        ("牵头制定有关规划", "制定有关规划", [("牵头", "", "role", False)]),
        ("指导和管理网站", "指导管理网站", [("和", "", "wording", False)]),
        ("推动网站党建工作", "推进网站党建工作", [("推动", "推进", "wording", False)]),
        ("按照规定负责审批", "根据职责权限负责审批", [("按照规定", "根据职责权限", "basis", False)]),
        ("依据有关规定负责审批", "依照殡葬管理条例负责审批", [("依据有关规定", "依照殡葬管理条例", "basis", False)]),
        ("负责高中教育学前教育和特殊教育", "负责高中教育和特殊教育", [("学前教育", "", "object", False)]),
        ("指导各级各部门工作", "指导各部门工作", [("各级", "", "scope", False)]),
        ("负责水库想安全管理", "负责水库安全管理", [("想", "", "object", True)]),
        ("负责网络网安全管理", "负责网络安全管理", [("网", "", "object", True)]),
        (
            "协调推动重大科技攻关统筹推进重大科技攻关统筹推进融合发展",
            "协调推动重大科技攻关统筹推进融合发展",
            [("统筹推进重大科技攻关", "", "act", True)],
        ),
        ("组织工程建设组织水库除险加固实施", "组织水库除险加固实施", [("组织工程建设", "", "act", False)]),
    ],
)
def test_differences_and_their_slots(own, other, told):
    found = []
    for item in differences(own, other, SETTINGS):
        both = sides(own, other, item)
        found.append((both.own, both.reference, slot(both, SETTINGS), slip(both, SETTINGS)))
    assert found == told


@given(st.text("甲乙丙负责审批和管理", max_size=30), st.text("甲乙丙负责审批和管理", max_size=30))
@settings(max_examples=200, deadline=None)
def test_differences_lead_from_one_text_to_the_other(left, right):
    text = left
    found = differences(left, right, SETTINGS)
    for item in reversed(found):
        text = text[: item.left[0]] + right[slice(*item.right)] + text[item.left[1] :]
    assert text == right
    assert list(found) == sorted(found, key=lambda item: item.left)


# --- families -------------------------------------------------------------------------------------------------------


def triples(text):
    padded = text if len(text) > 2 else text.ljust(3, "\0")
    return {padded[i : i + 3] for i in range(len(padded) - 2)}


def some_texts(seed, letters="甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"):
    random_, texts = random.Random(seed), set()
    for _ in range(60):
        base = random_.choices(letters, k=random_.randint(1, 40))
        for _ in range(4):
            copy = list(base)
            for _ in range(random_.randint(0, 3)):
                copy[random_.randrange(len(copy))] = random_.choice(letters)
            texts.add("".join(copy))
    return sorted(texts)


@pytest.mark.parametrize("threshold", [0.5, 0.8])
def test_the_join_is_exact(threshold):
    texts = some_texts(1)
    sets = shingles(texts, np.zeros(len(texts), np.int32))
    found = {}
    for part in all_pairs(lists(sets, np.arange(len(texts)), threshold)):
        pairs, scores = similar(sets, part, threshold)
        found |= {(a, b): score for a, b, score in zip(*pairs.tolist(), scores.tolist(), strict=True)}
    held = [triples(text) for text in texts]
    truth = {(a, b): len(held[a] & held[b]) / len(held[a] | held[b]) for b in range(len(texts)) for a in range(b)}
    truth = {pair: score for pair, score in truth.items() if score >= threshold}
    assert len(truth) > 10
    assert found == pytest.approx(truth)


def test_texts_of_different_blocks_never_meet():
    texts = ["负责全县水利工程建设管理工作"] * 2 + ["负责全县水利工程建设管理"] * 2
    of, unique, weights, where = distinct(texts, np.array([0, 1, 0, 1], np.int32))
    found = families(unique, weights, where).medoids[of]
    assert found[0] == found[2] != found[1] == found[3]


def test_families_of_generated_clauses():
    texts, blocks, truth = bench_compare.clauses(6000)
    of, unique, weights, where = distinct(texts, blocks)
    recall, precision = bench_compare.quality(truth, families(unique, weights, where).medoids[of])
    assert min(recall, precision) >= 0.99
    recall, precision = bench_compare.quality(truth, sql_families(unique, weights, where).medoids[of])
    assert min(recall, precision) >= 0.99


def test_a_text_unlike_the_first_of_its_family_is_still_taken_in():
    whole, short = (
        "负责社会团体等社会组织的登记管理和监督检查依法查处社会组织的违法行为",
        "负责社会团体等社会组织的登记管理依法查处社会组织的违法行为",
    )
    longer = "负责社会团体等社会组织的登记管理和监督检查依法对社会组织的违法行为进行处罚取缔非法社会组织"
    found = families(sorted([whole, short, longer]), np.array([1, 1, 4]), np.zeros(3, np.int32))
    assert len(set(found.medoids.tolist())) == 1
    assert not found.partial.any()


def test_a_chain_is_cut_at_its_medoid():
    """Each text is like the next one, the first and the last have nothing in common; what is cut off stays together."""
    whole = "".join(random.Random(2).sample([chr(0x4E00 + i) for i in range(900)], 400))
    texts = sorted(whole[i : i + 60] for i in range(0, 340, 3))
    found = families(texts, np.ones(len(texts), np.int64), np.zeros(len(texts), np.int32))
    assert found.similarities[~found.partial].min() >= 0.5
    sizes = np.bincount(found.medoids)
    assert 5 < np.count_nonzero(sizes) < 20
    assert np.count_nonzero(sizes == 1) <= 2


def test_a_split_clause_belongs_to_its_family():
    first, second = "负责取水许可的审批和水资源论证以及地下水管理工作", "组织开展水资源有偿使用"
    texts = sorted([first + second, first + second + "等", second])
    found = families(texts, np.ones(3, np.int64), np.zeros(3, np.int32))
    assert len(set(found.medoids.tolist())) == 1
    assert found.partial.tolist() == [text == second for text in texts]


def test_parts_of_a_split_duty_are_held_against_it_together():
    whole = "负责规范性文件的合法性审查和备案承办行政复议和行政应诉工作"
    of = template({whole: 4}, whole, "司法局", SETTINGS)
    texts = ["负责规范性文件的备案", "参与行政复议和行政应诉工作"]
    found = split_deviations(texts, of, SETTINGS)
    told = [
        [(text[slice(*item.own)], item.reference) for item in items] for text, items in zip(texts, found, strict=True)
    ]
    assert told == [[("", "合法性审查和")], [("参与", "承办")]]


def test_isomorphism_is_reproducible_and_bounded():
    texts = ["负责全县水利工程建设管理工作", "负责全县水利工程的建设管理工作", "指导水政监察和水行政执法"]
    documents = [{0: i % 2, 2: 2} for i in range(80)]
    found = isomorphism(documents, 160, texts)
    assert found == isomorphism(documents, 160, texts)
    one = similarity(texts[0], texts[1])
    assert found.mean == pytest.approx((0.5 + 0.5 * one + 1) / 2, abs=0.03)
    assert found.low < found.mean < found.high


# --- templates ------------------------------------------------------------------------------------------------------


def test_template_takes_the_majority_and_counts_support():
    members = {"负责取水许可的审批工作": 3, "负责取水许可工作": 2, "负责取水许可的审核工作": 1}
    made = template(members, "负责取水许可工作", "水利局", SETTINGS)
    assert made.text == "负责取水许可的审批工作"
    (told,) = deviations("负责取水许可的审核工作", made, SETTINGS)
    assert (told.kind, told.slot, told.reference, told.support) == ("substitution", "act", "审批", 0.5)
    assert not deviations("负责取水许可的审批工作", made, SETTINGS)


def test_template_shows_punctuation_and_slots():
    source = "负责全县取水工作，拟订规划。"
    normal = normalise(source, Voice(), SETTINGS)
    changed = normal.text.replace("取水", "取水许可")
    made = template({normal.text: 1, changed: 3}, normal.text, "水利局", SETTINGS)
    assert displayed(source, normal, made) == "负责{本级}取水许可工作，拟订规划。"


@pytest.mark.parametrize(
    ("right", "relation", "grade"),
    [
        ("负责取水许可的审批和监督管理工作", "equivalent", "identical"),
        ("负责取水许可的监督管理工作", "superset|addition", "slot_edit"),
        ("负责取水许可的审批和监督管理考核工作", "subset|omission", "slot_edit"),
        ("负责取水许可的审批和监督想管理工作", "defect_only", "near_verbatim"),
        ("负责打井许可的审批和监督管理工作", "omission|addition", "slot_edit"),
        ("审批和监督管理", "superset|addition", "partial"),
    ],
)
def test_relations_of_copies(right, relation, grade):
    found = copies("负责取水许可的审批和监督管理工作", right, "水利局", SETTINGS)
    assert (found.relation, found.relation_text) == (relation, grade)


def test_halves_of_a_clause_are_no_pair():
    assert copies("负责取水许可的审批", "指导水政监察执法", "水利局", SETTINGS) is None


# --- side by side ---------------------------------------------------------------------------------------------------


def test_pairings_with_split_merge_and_single_ones():
    a, b, c, d = (
        "负责水利工程建设与运行管理工作",
        "负责取水许可审批和水资源论证工作",
        "组织开展水土流失综合防治和监测预报",
        "拟订防洪规划和防护标准并监督实施",
    )
    assert pairings([a, b + c, d], [a, b, c]) == [
        Pairing((0,), (0,)),
        Pairing((1,), (1, 2)),
        Pairing((2,), ()),
    ]
    assert pairings([a, b, c], [b + c, d]) == [Pairing((0,), ()), Pairing((1, 2), (0,)), Pairing((), (1,))]


def two():
    texts = "负责全县取水许可的审批工作，拟订规划。", "负责全区取水许可工作，拟订规划。"
    clauses = [Clause(1, "1.", 1, text, 0, len(text)) for text in texts]
    who = [Identity(level="county", county=name, department=f"{name}水利局") for name in ("青溪县", "临湖区")]
    return [document(text, one, (clause,)) for text, one, clause in zip(texts, who, clauses, strict=True)]


@pytest.mark.parametrize("columns", [30, 61, 120])
def test_pages_line_up_although_characters_are_wide(columns):
    left, right = two()
    shown_page = side_by_side(left, right, page(columns, coloured=False), SETTINGS)
    lines = [line for line in shown_page.splitlines() if "│" in line]
    assert len({cell_len(line.partition("│")[0]) for line in lines}) == 1
    assert max(map(cell_len, lines)) <= columns
    assert "[的审批]" in "".join(line.partition(" │")[0].strip() for line in lines)
    assert "[全" not in shown_page
    assert "对应 1 条，其中相同 0 条" in shown_page


def test_colours_replace_brackets():
    left, right = two()
    shown_page = side_by_side(left, right, page(120, coloured=True), SETTINGS)
    assert "\x1b[31m的审批\x1b[0m" in shown_page
    assert "[的审批]" not in shown_page


@pytest.mark.parametrize(
    "options",
    [{}, {"left": "a"}, {"out": Path("results")}, {"left": "a", "right": "b", "folders": [Path("no such")]}],
)
def test_wrong_usage_is_said_plainly(options, tmp_path):
    given_ = {"folders": [Path("results")], "out": None, "left": None, "right": None, "lexicon": None, "format": "csv"}
    with pytest.raises(UsageError):
        command.run(argparse.Namespace(**(given_ | options)))
