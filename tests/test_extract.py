"""The command from files to tables: what is written, what is refused, and that nothing stops the batch."""

import csv
import hashlib
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import generate
from dutymine.cli import main
from dutymine.model import Mined
from dutymine.pipeline import mine
from dutymine.readers import read
from dutymine.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = sorted((ROOT / "corpus" / "samples").glob("*.txt"))
SEEDS = ROOT.parent / "shared" / "seeds"
SETTINGS = Settings()


def _rows(folder: Path, table: str) -> list[dict[str, str]]:
    with (folder / f"{table}.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def _bytes(folder: Path) -> dict[str, str]:
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "run.json"]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _spans(mined: Mined) -> list[tuple[int, int]]:
    tables = (mined.sections, mined.clauses, mined.goals, mined.amounts, mined.thresholds, mined.indicators)
    cells = [cell for table in mined.tables for cell in table.cells]
    return [(item.start, item.end) for items in (*tables, mined.institutions, mined.purchases, cells) for item in items]


def test_bad_input_gives_a_line_and_a_row_each_and_the_rest_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inputs = tmp_path / "in"
    inputs.mkdir()
    (inputs / "empty.txt").write_bytes(b"")
    (inputs / "junk.txt").write_bytes(bytes(range(256)) * 20)
    (inputs / "plain.txt").write_text("今天天气不错，适合散步。", encoding="utf-8")
    (inputs / "good.txt").write_bytes(SAMPLES[0].read_bytes())
    (inputs / "again.txt").write_bytes(SAMPLES[0].read_bytes())
    status = main(["extract", str(inputs), str(tmp_path / "nowhere.txt"), "--out", str(tmp_path / "out")])
    assert status == 1
    reasons = {Path(row["path"]).name: row["reason"] for row in _rows(tmp_path / "out", "rejects")}
    assert reasons == {
        "empty.txt": "empty_file",
        "junk.txt": "not_text",
        "plain.txt": "no_section",
        "nowhere.txt": "missing_path",
        "good.txt": "duplicate_content",
    }
    assert len(_rows(tmp_path / "out", "clauses")) > 5
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 4


def test_a_wrong_call_is_status_2(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["extract", "--out", str(tmp_path)])
    assert stopped.value.code == 2


def test_two_runs_write_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert main(["extract", *map(str, SAMPLES[:4]), "--out", str(tmp_path / name)]) == 0
    assert _bytes(tmp_path / "one") == _bytes(tmp_path / "two")
    assert len(_bytes(tmp_path / "one")) > 16


def test_metadata_is_joined(tmp_path: Path) -> None:
    table = tmp_path / "meta.csv"
    table.write_text(f"path,source_url,province\n{SAMPLES[0].name},https://example.org/1,某省\n", encoding="utf-8")
    assert main(["extract", str(SAMPLES[0]), "--out", str(tmp_path / "out"), "--metadata", str(table)]) == 0
    (row,) = _rows(tmp_path / "out", "documents")
    assert (row["source_url"], row["province"]) == ("https://example.org/1", "某省")


def test_a_lexicon_of_ones_own_adds_a_unit(tmp_path: Path) -> None:
    (tmp_path / "units.toml").write_text('[[row]]\nsurfaces = ["担"]\n', encoding="utf-8")
    text = "某县粮食局2023年部门预算\n一、部门职责\n（一）负责储备。\n二、总体绩效目标\n全年收购粮食300担。\n"
    own = Settings(lexicon=tmp_path)
    assert [item.unit for item in mine(read(text.encode(), "a.txt", own), own).thresholds] == ["担"]
    assert mine(read(text.encode(), "a.txt", SETTINGS), SETTINGS).thresholds == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_every_encoding_gives_the_same_rows(encoding: str) -> None:
    text = generate.generate(7).text
    plain = mine(read(text.encode(), "a.txt", SETTINGS), SETTINGS)
    other = mine(read(text.encode(encoding), "a.txt", SETTINGS), SETTINGS)
    assert other.document.text.lstrip("\ufeff") == text
    assert [item.value for item in other.amounts] == [item.value for item in plain.amounts]
    assert [item.text for item in other.clauses] == [item.text for item in plain.clauses]


def test_a_traditional_mirror_in_big5_is_read() -> None:
    text = (
        "某縣水利局2023年部門預算\n一、部門主要職責\n（一）負責河道管護。\n二、收入預算情況\n收入預算合計35.20萬元。\n"
    )
    mined = mine(read(text.encode("big5"), "a.txt", SETTINGS), SETTINGS)
    assert [item.text for item in mined.clauses] == ["負責河道管護。"]
    assert [(str(item.value), item.unit, item.role.value) for item in mined.amounts] == [
        ("35.20", "万元", "income_total")
    ]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_span_of_the_corpus_lies_in_its_text(path: Path) -> None:
    mined = mine(read(path.read_bytes(), path.name, SETTINGS), SETTINGS)
    length = len(mined.document.text)
    assert len(mined.document.folded) == length
    assert all(0 <= start <= end <= length for start, end in _spans(mined))
    for amount in mined.amounts:
        assert any(sign.isdigit() for sign in mined.document.folded[amount.start : amount.end])
    for clause in mined.clauses:
        quoted = mined.document.text[clause.start : clause.end]
        assert clause.text == quoted or set("".join(clause.text.split())) <= set(quoted)


@settings(max_examples=60, deadline=None)
@given(
    st.text(alphabet="一二三、（）()。；：\n\t|1234567890.,%万元亿≥≤-至绩效目标指标职责预算单位：第部分", max_size=400)
)
def test_no_text_breaks_the_pipeline(text: str) -> None:
    mined = mine(read(("某县" + text).encode(), "a.txt", SETTINGS), SETTINGS)
    assert all(0 <= start <= end <= len(mined.document.text) for start, end in _spans(mined))


@pytest.mark.parametrize("seed", range(12))
def test_made_documents_give_their_truth(seed: int) -> None:
    made = generate.generate(seed)
    assert made == generate.generate(seed)
    mined = mine(read(made.text.encode(), "a.txt", SETTINGS), SETTINGS)
    for table, found in (("clauses", mined.clauses), ("amounts", mined.amounts)):
        expected = [(int(row["start"]), int(row["end"])) for row in made.truth[table]]
        assert [(item.start, item.end) for item in found] == expected, table
    assert [item.name for item in mined.indicators] == [row["name"] for row in made.truth["indicators"]]


def test_time_grows_with_length_and_not_faster() -> None:
    import time

    line = generate.generate(3).text.replace("\n", "")
    seconds = []
    for copies in (20, 80):
        begun = time.perf_counter()
        mine(read((line * copies).encode(), "a.txt", SETTINGS), SETTINGS)
        seconds.append(time.perf_counter() - begun)
    assert seconds[1] < seconds[0] * 4 * 3  # a square would be four times the fourfold


@pytest.mark.skipif(not SEEDS.is_dir(), reason="../shared is not there: the two real disclosures are not tested")
def test_the_seeds_give_fifteen_clauses_each(tmp_path: Path) -> None:
    assert main(["extract", str(SEEDS), "--out", str(tmp_path)]) == 0
    documents = {row["department"]: row for row in _rows(tmp_path, "documents")}
    assert set(documents) == {"中共廊坊市广阳区委网信办", "中共曲阳县委网络安全和信息化委员会办公室"}
    assert {row["department_type"] for row in documents.values()} == {"网信办"}
    assert {row["province"] for row in documents.values()} == {"河北省"}
    numbers = [row["number"] for row in _rows(tmp_path, "clauses")]
    assert numbers == [str(n) for n in range(1, 16)] * 2


def test_help_is_quick_to_load() -> None:
    done = subprocess.run([sys.executable, "-m", "dutymine.cli", "--help"], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "extract" in done.stdout
