"""Many documents on several processes: the same bytes, nothing lost, whatever is killed or hangs."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import generate
from dutymine.cli import main
from dutymine.engines import local, record, task
from dutymine.engines.batch import FolderInUseError, locked
from dutymine.engines.local import Job, extract
from dutymine.engines.pool import Limits, Lost, spread
from dutymine.output.files import read_table
from dutymine.settings import Settings


def _tree(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "run.json"
    }


def _inputs(folder: Path, number: int) -> Path:
    folder.mkdir()
    for seed in range(number):
        (folder / f"{seed:03}.txt").write_text(generate.generate(seed).text, "utf-8")
    return folder


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_one_process_and_two_give_the_same_bytes(tmp_path: Path, form: str) -> None:
    inputs = str(_inputs(tmp_path / "in", 8))
    for jobs in (0, 1, 2):
        extract(Job((inputs,), tmp_path / str(jobs), format=form, jobs=jobs))
    assert _tree(tmp_path / "0") == _tree(tmp_path / "1") == _tree(tmp_path / "2")
    assert len(_tree(tmp_path / "0")) > 8 + 10


def test_killed_and_killed_again_it_ends_with_the_same_bytes(tmp_path: Path) -> None:
    inputs = str(_inputs(tmp_path / "in", 60))
    extract(Job((inputs,), tmp_path / "undisturbed"))
    out = tmp_path / "out"
    command = [sys.executable, "-m", "dutymine.cli", "extract", inputs, "--out", str(out), "--jobs", "2"]
    kills, chance = 0, random.Random(4)
    while kills < 3:
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as run:
            until = time.monotonic() + 60
            before = len(list(out.glob(".batch/*/*.json")))
            goal = before + chance.randrange(1, 12)
            while len(list(out.glob(".batch/*/*.json"))) < goal and run.poll() is None and time.monotonic() < until:
                time.sleep(0.005)
            assert run.poll() is None, "it ended before it could be killed"
            run.send_signal(signal.SIGKILL)
        kills += 1
    assert 3 <= len(list(out.glob(".batch/*/*.json"))) < 60
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    assert _tree(out) == _tree(tmp_path / "undisturbed")


def test_what_is_finished_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inputs = _inputs(tmp_path / "in", 6)
    served: list[str] = []
    serve = task.Desk.serve

    def interrupted(desk: task.Desk, item: task.Task) -> None:
        if len(served) == 4:
            raise KeyboardInterrupt
        served.append(item.path)
        serve(desk, item)

    monkeypatch.setattr(task.Desk, "serve", interrupted)
    run = extract(Job((str(inputs),), tmp_path / "out"))
    assert run.left == 2 and len(run.documents) == 4
    assert [row["reason"] for row in read_table(tmp_path / "out", "rejects")] == ["interrupted"] * 2
    assert len(list(read_table(tmp_path / "out", "documents"))) == 4
    served.clear()
    assert extract(Job((str(inputs),), tmp_path / "out")).left == 0
    assert len(served) == 2
    served.clear()
    extract(Job((str(inputs),), tmp_path / "again"))  # stops after four
    again = extract(Job((str(inputs),), tmp_path / "again", Settings(), resume=False))
    assert again.left == 6  # nothing was taken over
    monkeypatch.undo()
    assert extract(Job((str(inputs),), tmp_path / "again")).left == 0
    assert _tree(tmp_path / "out") == _tree(tmp_path / "again")


def test_an_interrupt_ends_with_what_is_done_written(tmp_path: Path) -> None:
    inputs, out = str(_inputs(tmp_path / "in", 80)), tmp_path / "out"
    command = [sys.executable, "-m", "dutymine.cli", "extract", inputs, "--out", str(out), "--jobs", "2"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
        until = time.monotonic() + 60
        while len(list(out.glob(".batch/*/*.json"))) < 3 and time.monotonic() < until:
            time.sleep(0.005)
        run.send_signal(signal.SIGINT)
        _, said = run.communicate()
    assert run.returncode == 130 and "the same command takes over what is done" in said
    done = len(list(read_table(out, "documents")))
    assert 3 <= done < 80
    assert [row["reason"] for row in read_table(out, "rejects")].count("interrupted") == 80 - done


def test_what_another_version_has_done_is_done_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inputs = _inputs(tmp_path / "in", 3)
    monkeypatch.setattr(local, "_mine", lambda *given: (_real_mine(*given), False)[1])
    extract(Job((str(inputs),), tmp_path / "out"))
    assert len(list((tmp_path / "out").glob(".batch/*/*.json"))) == 3
    served: list[str] = []
    serve = task.Desk.serve
    monkeypatch.setattr(task.Desk, "serve", lambda desk, item: (served.append(item.path), serve(desk, item))[1])
    monkeypatch.setattr(local, "versions", lambda: {"dutymine": "another"})
    extract(Job((str(inputs),), tmp_path / "out"))
    assert len(served) == 3


_real_mine = local._mine


def test_a_second_run_in_the_same_folder_says_so_and_stops(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    inputs = _inputs(tmp_path / "in", 1)
    with locked(tmp_path / "out"):
        assert main(["extract", str(inputs), "--out", str(tmp_path / "out")]) == 2
        assert "another run" in capsys.readouterr().err
        with pytest.raises(FolderInUseError), locked(tmp_path / "out"):
            pass
        assert main(["status", str(tmp_path / "out")]) == 0
        assert "正在运行" in capsys.readouterr().out
    assert main(["extract", str(inputs), "--out", str(tmp_path / "out")]) == 0
    assert main(["check", str(tmp_path / "out")]) == 0
    compare = ["compare", str(tmp_path / "out"), "--out", str(tmp_path / "compared")]
    with locked(tmp_path / "compared"):
        assert main(compare) == 2
        assert "another run" in capsys.readouterr().err
    assert main(compare) == 0
    assert main(["status", str(tmp_path / "compared")]) == 2
    assert "holds a comparison" in capsys.readouterr().err


def test_what_hangs_or_dies_is_lost_alone() -> None:
    slow = dict(spread([0.0, 30.0, 0.01], time.sleep, 2, Limits(seconds=1.0)))
    assert slow[0.0] is None and slow[0.01] is None
    assert isinstance(slow[30.0], Lost) and slow[30.0].reason == "time_limit"
    died = list(spread([3, 4], os._exit, 1, Limits()))
    assert [(code, lost.reason) for code, lost in died if lost] == [(3, "worker_crashed"), (4, "worker_crashed")]


def test_a_lost_document_is_a_reject(tmp_path: Path) -> None:
    inputs = _inputs(tmp_path / "in", 3)
    run = extract(Job((str(inputs),), tmp_path / "out", jobs=2, limits=Limits(seconds=0.0)))
    rows = list(read_table(tmp_path / "out", "rejects"))
    lost = [row["path"] for row in rows if row["reason"] == "time_limit"]
    assert lost and len(lost) == len(run.failures)
    assert len(run.documents) == 3
    assert [item.status for item in run.documents].count("failed") == len(lost)


def test_what_a_worker_raises_ends_the_run_where_it_must(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="non-negative"):
        list(spread([-1.0], time.sleep, 1, Limits()))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_what_is_no_file_is_listed_and_not_waited_for(tmp_path: Path) -> None:
    inputs = _inputs(tmp_path / "in", 1)
    os.mkfifo(inputs / "pipe.txt")
    (inputs / "dead.txt").symlink_to(tmp_path / "nowhere")
    (inputs / "loop").symlink_to(inputs)
    run = extract(Job((str(inputs), str(inputs / "pipe.txt")), tmp_path / "out"))
    assert len(run.documents) == 1 and len(run.failures) == 2
    rows = {Path(row["path"]).name: row["detail"] for row in read_table(tmp_path / "out", "rejects")}
    assert rows == {"pipe.txt": "it is no file", "dead.txt": "it is no file"}


def test_a_name_with_a_line_end_stays_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a\nb.txt").write_bytes(b"\x00\x01\x02")
    assert main(["extract", str(tmp_path / "a\nb.txt"), "--out", str(tmp_path / "out")]) == 1
    assert "a\\nb.txt" in capsys.readouterr().err
    assert len(list(read_table(tmp_path / "out", "rejects"))) == 1


def test_every_data_file_and_every_reading_package_tells_versions_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "striprtf" in record.versions()
    before = record.hashes(Settings())["rules"]
    read_bytes = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: read_bytes(path) + b"x" * (path.name == "bigrams.txt"))
    assert record.hashes(Settings())["rules"] != before
