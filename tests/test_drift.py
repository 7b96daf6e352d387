"""Two years of invented departments: what was planted is found, and what only looks like a change is not told."""

import re
import tomllib
from dataclasses import fields, replace
from decimal import Decimal
from pathlib import Path

import pytest

from dutymine.engines.compare import Job as CompareJob
from dutymine.engines.compare import run as compare
from dutymine.engines.local import Job, extract
from dutymine.mandates.drift import drift, successions
from dutymine.model import Comparator, Document, DocumentKind, Identity, Indicator, Mined
from dutymine.output.compared_tables import DRIFT
from dutymine.output.files import read_table
from dutymine.output.reload import reload
from dutymine.settings import Settings

HERE = Path(__file__).parent
DATA = tomllib.loads((HERE / "cases" / "drift.toml").read_text("utf-8"))
CASES, SENTENCES, INDICATORS = DATA["case"], DATA["sentence"], DATA["indicators"]
SAMPLES = HERE.parent / "corpus" / "samples"
YEAR = re.compile(r"(?<!\d)(20[12]\d)(?=年)")
CHANGE = re.compile(r"[，,、]?(?:较|比|与)[^，。；\n]{0,14}(?:增加|减少|增长|下降)[^，。；\n]*")


def a_year_on(text):
    return CHANGE.sub("", YEAR.sub(lambda match: str(int(match[1]) + 1), text))


def edited(text, case):
    for edit in case["edits"]:
        assert edit["find"] in text, (case["base"], edit["find"])
        text = text.replace(edit["find"], edit["put"]) if edit["find"] else text
    return text


def rows_of(folder):
    return [dict(zip(DRIFT.names, row, strict=True)) for row in drift(reload(folder), Settings())]


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """For each case its rows, and those of the same text a year on without edits."""
    found = []
    for case in CASES:
        folder = tmp_path_factory.mktemp(case["base"])
        old = (SAMPLES / f"{case['base']}.txt").read_bytes().decode("utf-8")
        rows = []
        for name, new in (("edited", edited(a_year_on(old), case)), ("same", a_year_on(old))):
            (folder / name).mkdir()
            (folder / name / "before.txt").write_bytes(old.encode())
            (folder / name / "after.txt").write_bytes(new.encode())
            extract(Job((str(folder / name),), folder / f"{name}_out"))
            rows.append(rows_of(folder / f"{name}_out"))
        found.append((case, *rows))
    return found


def fits(row, edit):
    return row["kind"] == edit["kind"] and all(edit[name] in row[name] for name in ("item", "old", "new"))


def test_planted_changes_are_found(told):
    lost = [
        (case["base"], edit["kind"], edit["item"])
        for case, rows, _ in told
        for edit in case["edits"]
        if edit["kind"] and not any(fits(row, edit) for row in rows)
    ]
    assert len({edit["kind"] for case in CASES for edit in case["edits"] if edit["kind"]}) == 10
    assert lost == []


def test_nothing_else_is_told(told):
    for case, rows, _ in told:
        other = [row for row in rows if not any(fits(row, edit) for edit in case["edits"] if edit["kind"])]
        # A sum that changed stands for several roles (income and expenditure, a total and its only part).
        sums = {(edit["old"], edit["new"]) for edit in case["edits"] if edit["kind"] == "amount_changed"}
        other = [row for row in other if (row["old"], row["new"]) not in sums]
        assert not [(row["kind"], row["item"], row["old"], row["new"]) for row in other], case["base"]


def test_the_same_text_a_year_on_gives_nothing(told):
    for case, _, rows in told:
        assert rows == [], case["base"]


@pytest.mark.parametrize("case", SENTENCES, ids=lambda case: case["why"])
def test_what_sentences_of_two_years_state(case, tmp_path):
    kind = "决算" if case.get("accounts") else "预算"
    for year, name in ((2023, "before"), (2024, "after")):
        text = f"河州市青溪县水利局{year}年部门{kind}\n一、部门职责\n（一）负责水利工作。\n二、支出情况\n{case[name]}\n"
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    extract(Job((str(tmp_path),), tmp_path / "out"))
    assert [[row["kind"], row["old"], row["new"]] for row in rows_of(tmp_path / "out")] == case["told"]


def test_compare_writes_what_is_told(tmp_path):
    for year in (2023, 2024):
        text = f"河州市青溪县水利局{year}年部门预算\n一、部门职责\n（一）负责水利工作。\n二、支出情况\n"
        (tmp_path / f"{year}.txt").write_text(f"{text}{year}年支出预算{year}.00万元。\n", encoding="utf-8")
    extract(Job((str(tmp_path),), tmp_path / "out"))
    done = compare(CompareJob((tmp_path / "out",), tmp_path / "compared"))
    assert (done.tables["drift"], done.tables["coverage"], done.tables["benchmarks"]) == (1, 2, 0)
    row = next(read_table(tmp_path / "compared", "drift"))
    assert (row["old"], row["new"], row["from_year"]) == ("2023.00万元", "2024.00万元", 2023)


def published(year, kind=DocumentKind.BUDGET, title="青溪县水利局部门预算", department="青溪县水利局", length=1):
    document = Document(f"{year}{kind}{title}{length}", "", "", "text", "", "文" * length, "")
    return Mined(document, Identity(title, department, "水利局", "county", "", "", "青溪县", year, kind))


def earlier_of(later, *documents):
    return next((earlier for earlier, found in successions([later, *documents]) if found is later), None)


def indicator(project, code, name, value, low, unit):
    empty = dict.fromkeys((item.name for item in fields(Indicator)), "")
    spans = dict.fromkeys(("start", "end", "value_start", "value_end"), 0)
    none = dict.fromkeys(("high", "points", "table", "row"))
    bounds = {"comparator": Comparator.AT_LEAST, "low": Decimal(low), "unit": unit, "value_text": value}
    return Indicator(
        **empty | spans | none | bounds | {"project": project, "class_code": code, "level2": code, "name": name}
    )


@pytest.mark.parametrize("case", INDICATORS, ids=lambda case: case["why"])
def test_indicators_of_two_years(case):
    years = [
        replace(published(year), indicators=tuple(indicator(*row) for row in case[name]))
        for year, name in ((2023, "before"), (2024, "after"))
    ]
    assert [list(row[5:6] + row[7:9]) for row in drift(years, Settings())] == case["told"]


def test_the_year_before_is_of_the_same_kind_where_there_is_one():
    later, before, accounts = published(2024), published(2022), published(2023, DocumentKind.FINAL_ACCOUNTS)
    assert earlier_of(later, before, accounts) is before
    assert earlier_of(later, accounts) is accounts
    assert earlier_of(later, published(2023, DocumentKind.RESPONSIBILITY_LIST)) is None
    assert earlier_of(later, published(2024), published(2025)) is None
    assert earlier_of(later, published(None)) is None


def test_the_office_alone_is_not_held_against_all_its_units():
    whole, part = published(2023, length=9), published(2023, title="青溪县水利局本级预算")
    assert earlier_of(published(2024), whole, part) is whole
    assert earlier_of(published(2024, title="青溪县水利局本级预算"), whole, part) is part
    assert earlier_of(published(2024), part) is None


def test_another_department_of_the_place_is_another_one():
    school = published(2023, department="青溪县教育局")
    school = replace(school, identity=replace(school.identity, department_type="教育局"))
    assert earlier_of(published(2024), school) is None
    assert earlier_of(published(2024, department="青溪县水务局"), published(2023)) is not None


def test_two_real_budgets_of_one_street(tmp_path):
    """Every figure that changed is one of both documents; what the later one implies of last year agrees."""
    folder = HERE.parents[1] / "shared" / "real" / "pdf"
    paths = sorted(map(str, folder.glob("*街道办事处2?年预算.pdf"))) if folder.is_dir() else []
    if len(paths) < 2:
        pytest.skip("the real documents are not here")
    extract(Job(tuple(paths), tmp_path / "out"))
    rows = rows_of(tmp_path / "out")
    assert {row["kind"] for row in rows} == {"amount_changed"}
    texts = [re.sub(r"\s", "", path.read_bytes().decode("utf-8")) for path in (tmp_path / "out" / "texts").iterdir()]
    for row in rows:
        numbers = [re.sub(r"[^\d.,]", "", row[name]) for name in ("old", "new")]
        assert all(any(number in text for text in texts) for number in numbers), row
    assert {"收入预算", "三公经费", "机关运行经费预算"} <= {row["item"] for row in rows}
