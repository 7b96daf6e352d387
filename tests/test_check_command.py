"""`dutymine check` gives what `extract` gave, from its tables; and follows a table that a person has corrected."""

from pathlib import Path

import pytest

from dutymine.cli import main

SAMPLES = Path(__file__).resolve().parent.parent / "corpus" / "samples"
TABLES = ("checks", "findings", "trace")


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_checking_again_gives_the_same_bytes(tmp_path: Path, form: str) -> None:
    samples = [str(path) for path in sorted(SAMPLES.glob("d0*.txt"))]
    assert main(["extract", *samples, "--out", str(tmp_path), "--format", form]) == 0
    before = {name: (tmp_path / f"{name}.{form}").read_bytes() for name in TABLES}
    assert main(["check", str(tmp_path)]) == 0
    assert before == {name: (tmp_path / f"{name}.{form}").read_bytes() for name in TABLES}
    assert len(before["findings"]) > 1000


def test_a_corrected_table_is_what_is_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "青岚县水利局2023年部门预算\n一、部门职责\n（一）编制规划。\n（三）承办其他事项。\n"
    (tmp_path / "a.txt").write_text(text, "utf-8")
    out = tmp_path / "out"
    main(["extract", str(tmp_path / "a.txt"), "--out", str(out)])
    capsys.readouterr()
    main(["check", str(out), "--rules", "R55"])
    assert "第3项" in capsys.readouterr().out
    clauses = (out / "clauses.csv").read_text("utf-8-sig")
    (out / "clauses.csv").write_text(clauses.replace("（三）,3,", "（三）,2,"), "utf-8-sig")
    main(["check", str(out), "--rules", "R55"])
    assert capsys.readouterr().out == "没有疑点\n"


def test_choosing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["extract", str(SAMPLES / "d06_gongan.txt"), "--out", str(tmp_path)])
    capsys.readouterr()
    assert main(["check", str(tmp_path), "--rules", "template_slot,IND", "--severity", "warning"]) == 0
    printed = capsys.readouterr().out
    assert "template_slot" in printed
    assert "C0" not in printed
    assert "提示" not in printed.splitlines()[-1]
    assert main(["check", str(tmp_path), "--rules", "R99"]) == 2
    assert main(["check", str(tmp_path / "nothing")]) == 2
