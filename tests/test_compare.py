"""Planted deviations of invented counties, the seeds' known differences, and what must never be told."""

import csv
import shutil
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest

from dutymine.engines.compare import Job, OldResultsError, run
from dutymine.engines.local import Job as ExtractJob
from dutymine.engines.local import extract
from dutymine.text import fold

CASES = Path(__file__).parent / "cases" / "compare.toml"
SHARED = Path(__file__).resolve().parents[2] / "shared"
CORPORA = tomllib.loads(CASES.read_text("utf-8"))["corpus"]
NUMERALS = "一二三四五六七八九十"


def table(folder, name):
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def compared(paths, folder, year_of=None):
    extract(ExtractJob((str(paths),), folder / "out"))
    run(Job((folder / "out",), folder / "compared"))
    return folder / "compared"


def own_word(place):
    return place[-2:] if place.endswith("街道") else place[-1]


def clause_text(corpus, place, number):
    text = corpus["clauses"][number]
    for plant in corpus["plants"]:
        if plant["place"] == place and plant["clause"] == number:
            if not plant["find"]:
                return ""
            assert plant["find"] in text, plant
            text = text.replace(plant["find"], plant["put"])
    word = own_word(corpus["places"][place])
    return text.replace("{县委}", f"{word}委").replace("{县政府}", f"{word}政府").replace("{县}", word)


def document_text(corpus, place):
    name = corpus["places"][place] + corpus["office"]
    lines = [f"{name}2024年部门预算信息公开", "一、部门主要职责"]
    texts = [clause_text(corpus, place, number) for number in range(len(corpus["clauses"]))]
    for number, text in enumerate(filter(None, texts), 1):
        marker = corpus["marker"].format(NUMERALS[number - 1] if "（" in corpus["marker"] else number)
        lines.append(marker + text)
    return "\n".join([*lines, "二、机构设置", f"{name}无下属单位。", ""])


def write(corpus, folder):
    folder.mkdir(parents=True)
    for place in range(len(corpus["places"])):
        (folder / f"{place}.txt").write_text(document_text(corpus, place), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """For each corpus its compare tables, with the document of each place."""
    found = []
    for corpus in CORPORA:
        folder = tmp_path_factory.mktemp("corpus")
        tables = compared(write(corpus, folder / "in"), folder)
        documents = {Path(row["path"]).stem: row["doc_id"] for row in table(folder / "out", "documents")}
        found.append((corpus, tables, [documents[str(place)] for place in range(len(corpus["places"]))]))
    return found


def fits(row, plant):
    return row["kind"] == plant["kind"] and plant["quote"] in fold(row["own"] + row["reference"])


def test_planted_deviations_are_found(results):
    planted = hits = slots = 0
    lost = []
    for corpus, tables, documents in results:
        rows = table(tables, "deviations")
        for plant in filter(lambda plant: plant["kind"], corpus["plants"]):
            mine = [row for row in rows if row["doc_id"] == documents[plant["place"]] and fits(row, plant)]
            planted += 1
            hits += bool(mine)
            slots += any(row["slot"] == plant["slot"] for row in mine)
            if not any(row["slot"] == plant["slot"] for row in mine):
                lost.append((corpus["office"], plant["quote"], [row["slot"] for row in mine]))
    assert planted >= 35
    assert hits / planted >= 0.85, lost
    assert slots / planted >= 0.85, lost


def test_nothing_else_is_told(results):
    """Of more than two members only the one that deviates gets a row; punctuation and places give none."""
    for corpus, tables, documents in results:
        if len(documents) == 2:
            continue
        rows = defaultdict(list)
        for row in table(tables, "deviations"):
            rows[row["doc_id"]].append(row)
        for place, doc_id in enumerate(documents):
            planted = [plant for plant in corpus["plants"] if plant["place"] == place and plant["kind"]]
            told = [(row["slot"], row["own"], row["reference"]) for row in rows[doc_id]]
            assert len(told) <= len(planted), (corpus["office"], place, told)


def test_quotes_stand_where_they_say(results):
    for _, tables, _ in results:
        for row in table(tables, "deviations"):
            if row["own_start"]:
                text = (tables.parent / "out" / "texts" / f"{row['doc_id']}.txt").read_bytes().decode("utf-8")
                assert text[int(row["own_start"]) : int(row["own_end"])] == row["own"]


def test_other_places_are_no_duplicates_and_boilerplate_is_not_paired(results):
    told = {"duplication", "overlap", "fragmentation", "contradictory_authority", "boilerplate"}
    for _, tables, _ in results:
        pairs = table(tables, "pairs")
        assert pairs
        assert not told & {code for row in pairs for code in row["relation"].split("|")}
    corpus, tables, documents = results[0]
    last = f"{documents[0]}:c{len(corpus['clauses'])}"
    assert last in {row["clause_id"] for row in table(tables, "members")}
    assert last not in {row[side] for row in table(tables, "pairs") for side in ("left_clause", "right_clause")}


def test_support_is_the_share_of_peers(results):
    _, tables, documents = results[0]
    row = next(row for row in table(tables, "deviations") if row["doc_id"] == documents[1] and row["slot"] == "act")
    assert (row["support"], row["severity"]) == ("0.8000", "warning")
    assert "5条同类职责中4条有" in row["message"]


def test_two_members_tell_both_readings(results):
    _, tables, documents = next(item for item in results if len(item[2]) == 2)
    rows = [row for row in table(tables, "deviations") if "监督检查" in row["own"] + row["reference"]]
    assert {(row["doc_id"], row["kind"], row["support"]) for row in rows} == {
        (documents[0], "addition", "0.5000"),
        (documents[1], "omission", "0.5000"),
    }


def test_same_input_gives_the_same_bytes(results, tmp_path):
    _, tables, _ = results[0]
    run(Job((tables.parent / "out",), tmp_path / "again"))
    for path in sorted(tables.glob("*.csv")):
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes(), path.name


def test_folders_together_are_compared_once_each(results, tmp_path):
    """Two folders that hold one document more than once; the tables are those of all documents."""
    (_, one, _), (_, other, _) = results[:2]
    done = run(Job((one.parent / "out", other.parent / "out", one.parent / "out"), tmp_path / "both", format="parquet"))
    assert done.documents == sum(len(documents) for _, _, documents in results[:2])
    assert done.tables["templates"] == sum(len(table(tables, "templates")) for _, tables, _ in results[:2])


def test_a_folder_of_an_older_version_is_said_plainly(results, tmp_path):
    _, tables, _ = results[0]
    shutil.copytree(tables.parent / "out", tmp_path / "old")
    path = tmp_path / "old" / "clauses.csv"
    path.write_text(path.read_text("utf-8-sig").replace("needs_review", "renamed", 1), "utf-8-sig")
    with pytest.raises(OldResultsError, match="needs_review"):
        run(Job((tmp_path / "old",), tmp_path / "never"))
    assert not (tmp_path / "never").exists()


def test_isomorphism_is_a_share_with_an_interval(results):
    _, tables, documents = results[0]
    (row,) = table(tables, "isomorphism")
    assert (row["department_type"], row["level"], row["documents"]) == ("水利局", "county", str(len(documents)))
    assert row["clauses"] == str(len(documents) * (len(CORPORA[0]["clauses"]) - 1))  # the last one is boilerplate
    low, mean, high = (float(row[name]) for name in ("ci_low", "mean_similarity", "ci_high"))
    assert 0.8 < low < mean < high <= 1
    assert 0 < float(row["identical_share"]) < 1


# --- the seeds ------------------------------------------------------------------------------------------------------

FOLDED = ("jurisdiction", "numbering", "punctuation", "bracket")
# What a difference of the gold list may be told as.
SLOTS = {
    "object_scope": {"object", "scope"},
    "source_of_policy": {"scope", "object", "principal"},
    "target_scope": {"scope"},
    "act_scope": {"act"},
    "act_word": {"act"},
    "basis_phrase": {"basis"},
    "principal": {"principal"},
    "authority": {"act", "role"},
    "lexical": {"wording"},
}


@pytest.fixture(scope="module")
def seeds(tmp_path_factory):
    if not (SHARED / "seeds").is_dir():
        pytest.skip("the seeds are not here")
    folder = tmp_path_factory.mktemp("seeds")
    return compared(SHARED / "seeds", folder), folder / "out"


def test_seeds_are_aligned(seeds):
    tables, _ = seeds
    members = defaultdict(set)
    for row in table(tables, "members"):
        doc_id, _, number = row["clause_id"].partition(":c")
        members[row["template_id"]].add((doc_id, int(number)))
    assert len(members) == 15
    assert all(len({number for _, number in clauses}) == 1 and len(clauses) == 2 for clauses in members.values())
    grades = {row["left_clause"].partition(":c")[2]: row["relation_text"] for row in table(tables, "pairs")}
    identical = {
        row["clause_id"].partition(":c")[2] for row in table(tables, "members") if row["relation_text"] == "identical"
    }
    assert {"6", "7", "10", "13"} <= identical
    assert all(grades[number] == "identical" for number in ("6", "7", "10"))
    assert not any("duplication" in row["relation"] for row in table(tables, "pairs"))


def test_seeds_differences_have_their_slots(seeds):
    """Every substantive difference of the gold list is told in its clause, with a slot that its kind allows."""
    tables, _ = seeds
    rows = defaultdict(list)
    for row in table(tables, "deviations"):
        rows[row["clause_id"].partition(":c")[2]].append(row)
    with (SHARED / "gold" / "gold_clause_differences.csv").open(encoding="utf-8-sig", newline="") as stream:
        gold = list(csv.DictReader(stream))
    lost = []
    for item in gold:
        kinds = [kind for kind in SLOTS if kind in item["kind"]]
        words = item["seed0_fragment"], item["seed1_fragment"]
        near = [row for row in rows[item["clause_no"]] if any(row["own"] and row["own"] in word for word in words)]
        if kinds and not any(row["slot"] in SLOTS[kind] for kind in kinds for row in near):
            lost.append(item)
        if "typo" in item["kind"] and "punctuation" not in item["kind"]:
            slips = [row for row in rows[item["clause_no"]] if row["kind"] == "suspected_defect"]
            changed = "changes the object" in item["kind"]
            if not slips and not changed:
                lost.append(item)
    assert not lost


def test_seeds_places_and_numbers_are_folded_away(seeds):
    tables, _ = seeds
    told = {(row["own"], row["reference"]) for row in table(tables, "deviations")}
    for own, reference in told:
        for word in ("全区", "全县", "我区", "我县", "、", "（", "区内", "县内"):
            assert word not in (own, reference)
    assert not any(
        row["clause_id"].endswith((":c1", ":c6", ":c7", ":c10", ":c13")) for row in table(tables, "deviations")
    )
