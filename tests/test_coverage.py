"""Which duties lead to goals, indicators and money, counted by function; money that no duty leads to."""

import csv
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from dutymine.engines.local import Job, extract
from dutymine.mandates.coverage import coverage, traced
from dutymine.model import Amount, AmountRole, Clause, Document, Link, Mined
from dutymine.output.compared_tables import COVERAGE
from dutymine.output.reload import reload
from dutymine.settings import Settings

SAMPLES = Path(__file__).resolve().parents[1] / "corpus" / "samples"
CHOSEN = ("d01_shuili", "d08_xuanchuan", "d14_shenji", "d20_gongxin", "d06_gongan")
ONE = Decimal(1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("coverage")
    extract(Job(tuple(str(SAMPLES / f"{name}.txt") for name in CHOSEN), folder / "out"))
    return folder / "out"


def rows_of(documents):
    return [dict(zip(COVERAGE.names, row, strict=True)) for row in coverage(documents, Settings())]


def table(folder, name):
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def clause(*functions):
    return Clause(1, "", None, "", 0, 0, functions)


def test_where_the_links_of_a_duty_lead():
    mined = Mined(
        Document("d", "d", "", "text", "", "", ""),
        clauses=(clause("F07", "F08"), clause("F08"), clause(), clause("F01")),
    )
    links = (
        Link("duty-goal", ONE, "", clause=0, goal=0),
        Link("goal-indicator", ONE, "", goal=0, indicator=4),
        Link("indicator-amount", ONE, "", indicator=4, amount=9),
        Link("duty-project", ONE, "", clause=1, goal=1, amount=7),
        Link("goal-amount", ONE, "", goal=2, amount=8),
        Link("duty-goal", ONE, "", clause=3, goal=2),
    )
    found = [(duty.function, duty.goal, duty.indicator, duty.money, set(duty.sums)) for duty in traced(mined, links)]
    assert found == [
        ("F07", True, True, True, set()),
        ("F08", True, False, True, {7}),
        ("", False, False, False, set()),
        ("F01", True, False, True, {8}),
    ]


def test_every_duty_counts_once(folder):
    rows = rows_of(reload(folder))
    assert sum(row["clauses"] for row in rows) == len(table(folder, "clauses"))
    for row in rows:
        assert row["with_indicator"] <= row["with_goal"] <= row["clauses"] >= row["with_money"]


def test_goals_are_those_of_the_trace(folder):
    linked = {row["clause_id"] for row in table(folder, "trace") if row["clause_id"] and row["goal_id"]}
    assert sum(row["with_goal"] for row in rows_of(reload(folder))) == len(linked) > 10


def test_money_adds_up_and_what_no_duty_leads_to_stands_apart(folder):
    money = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for row in rows_of(reload(folder)):
        found = money[row["department_type"]]
        found[0] += row["money_mapped"]
        found[1] += Decimal(0) if row["function"] else row["money_total"]
    # All five projects of the police stand apart: no duty of theirs speaks of them.
    assert money["公安局"] == [Decimal(0), Decimal("18120800.00")]
    assert sum(money["工业和信息化局"]) == Decimal("45000000.00")
    assert money["工业和信息化局"][0] > 0


def test_a_second_publication_of_one_year_adds_no_duties(folder):
    documents = list(reload(folder))
    twice = [*documents, *(replace(m, document=replace(m.document, doc_id=f"{m.document.doc_id}x")) for m in documents)]
    counts = [
        [(row["function"], row["clauses"], row["with_goal"], row["money_total"]) for row in rows_of(given)]
        for given in (documents, twice)
    ]
    assert counts[0] == counts[1]


def test_other_places_and_years_stand_apart(folder):
    water = next(mined for mined in reload(folder) if mined.identity.department_type == "水利局")
    elsewhere = replace(water, identity=replace(water.identity, county="白石县", department="白石县水利局"))
    later = replace(water, identity=replace(water.identity, fiscal_year=2030))
    rows = rows_of([water, elsewhere, later])
    assert len({(row["county"], row["fiscal_year"]) for row in rows}) == 3


def test_a_sum_that_duties_of_two_functions_lead_to_is_shared(monkeypatch):
    names = ("农村饮水安全工程", "河道巡查经费")
    sums = tuple(
        Amount(Decimal(n), "元", Decimal(n), AmountRole.PROJECT_ITEM, name, "2024", "", "", n, n + 1)
        for n, name in zip((900, 50), names, strict=True)
    )
    clauses = tuple(replace(clause(function), text=function) for function in ("F12", "F14", "F12"))
    mined = Mined(Document("d", "d", "", "text", "", "", ""), clauses=clauses, amounts=sums)
    links = (
        Link("duty-project", ONE, "", clause=0, amount=0),
        Link("duty-project", ONE, "", clause=1, amount=0),
    )
    monkeypatch.setattr("dutymine.mandates.coverage.trace", lambda mined, settings: links)
    rows = {row["function"]: (row["with_money"], row["money_mapped"], row["money_total"]) for row in rows_of([mined])}
    assert rows == {"F12": (1, 450, 900), "F14": (1, 450, 900), "": (0, 0, 50)}
