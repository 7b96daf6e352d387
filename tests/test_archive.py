"""ZIP archives: members are documents of their own; nothing hostile gets through, nothing is dropped in silence."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import generate
from dutymine.cli import main
from dutymine.engines.local import Job, extract
from dutymine.output.files import read_table
from dutymine.readers import UnreadableError, archive

TEXTS = [generate.generate(seed).text for seed in range(3)]


def _zip(entries: list[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as whole:
        for name, data in entries:
            whole.writestr(name, data)
    return stream.getvalue()


def _reasons(out: Path) -> dict[str, str]:
    return {str(row["path"]).partition("!/")[2]: str(row["reason"]) for row in read_table(out, "rejects")}


def test_members_are_read_like_files_also_from_archives_inside(tmp_path: Path) -> None:
    inner = _zip([("深/二.txt", TEXTS[1].encode())])
    (tmp_path / "a.zip").write_bytes(
        _zip([("一.txt", TEXTS[0].encode()), ("内.zip", inner), ("__MACOSX/x", b""), (".DS_Store", b"y"), ("空/", b"")])
    )
    (tmp_path / "b.txt").write_text(TEXTS[1], "utf-8")
    run = extract(Job((str(tmp_path),), tmp_path / "out", jobs=1))
    paths = sorted(Path(item.path).name if "!" not in item.path else item.path for item in run.documents)
    root = tmp_path.as_posix()
    assert paths == [f"{root}/a.zip!/一.txt", f"{root}/a.zip!/内.zip!/深/二.txt"]
    assert not run.failures
    assert [row["reason"] for row in read_table(tmp_path / "out", "rejects")] == ["duplicate_content"]
    extract(Job((str(tmp_path / "b.txt"),), tmp_path / "plain"))
    names = ("clause_id", "text", "start", "fingerprint")
    alone = [[row[name] for name in names] for row in read_table(tmp_path / "plain", "clauses")]
    packed = [[row[name] for name in names] for row in read_table(tmp_path / "out", "clauses")]
    assert alone and all(row[:3] in [item[:3] for item in packed] for row in alone)


def test_names_packed_on_chinese_windows_are_readable(tmp_path: Path) -> None:
    data = _zip([("XXXX.txt", TEXTS[0].encode())]).replace(b"XXXX.txt", "预算".encode("gb18030") + b".txt")
    (tmp_path / "a.zip").write_bytes(data)
    (document,) = extract(Job((str(tmp_path / "a.zip"),), tmp_path / "out")).documents
    assert document.path.endswith("a.zip!/预算.txt") and document.counts["clauses"]


def test_hostile_members_are_one_reason_each(tmp_path: Path) -> None:
    bomb = b"\0" * (archive._BOMB_SIZE + 1)
    nested = _zip([("x.txt", b"x")])
    for _ in range(3):
        nested = _zip([("n.zip", nested)])
    locked = bytearray(_zip([("secret.txt", b"abc")]))
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = locked.index(magic) + offset
        locked[at : at + 2] = struct.pack("<H", 1)
    (tmp_path / "a.zip").write_bytes(
        _zip(
            [
                ("../up.txt", b"1"),
                ("/root.txt", b"2"),
                ("..\\win.txt", b"3"),
                ("C:/x.txt", b"4"),
                ("bomb.txt", bomb),
                ("n.zip", nested),
                ("locked.zip", bytes(locked)),
                ("ok.txt", TEXTS[0].encode()),
            ]
        )
    )
    run = extract(Job((str(tmp_path / "a.zip"),), tmp_path / "out"))
    assert [item.status for item in run.documents] == ["ok"]
    assert _reasons(tmp_path / "out") == {
        "../up.txt": "unsafe_name",
        "/root.txt": "unsafe_name",
        "..\\win.txt": "unsafe_name",
        "C:/x.txt": "unsafe_name",
        "bomb.txt": "archive_bomb",
        "n.zip!/n.zip!/n.zip": "nested_too_deep",
        "locked.zip!/secret.txt": "encrypted",
    }
    assert not (tmp_path.parent / "up.txt").exists()


def test_a_member_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    data = bytearray(_zip([("a.txt", b"x" * 5000)]))
    at = data.index(b"PK\x01\x02") + 24
    data[at : at + 4] = struct.pack("<I", 100)
    (tmp_path / "a.zip").write_bytes(bytes(data))
    (member,) = archive.members(str(tmp_path / "a.zip"))
    assert member.reason == "damaged_archive"


def test_a_broken_and_an_empty_archive_say_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = _zip([("a.txt", TEXTS[0].encode())])
    (tmp_path / "cut.zip").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "empty.zip").write_bytes(_zip([]))
    assert main(["extract", str(tmp_path), "--out", str(tmp_path / "out")]) == 1
    said = capsys.readouterr().err
    assert "cut.zip: damaged_archive" in said and "empty.zip: empty_file" in said


def test_metadata_of_an_archive_speak_for_its_members(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(_zip([("1.txt", TEXTS[0].encode())]))
    (tmp_path / "meta.csv").write_text("path,source_url\na.zip,https://example.org/a\n", "utf-8")
    extract(Job((str(tmp_path / "a.zip"),), tmp_path / "out", metadata=tmp_path / "meta.csv"))
    (row,) = read_table(tmp_path / "out", "documents")
    assert row["source_url"] == "https://example.org/a"


WHOLE = _zip([("a.txt", b"abc" * 99), ("b.zip", _zip([("c.txt", b"d")]))])


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(WHOLE) - 1), st.integers(0, 255), st.integers(0, len(WHOLE)))
def test_no_broken_archive_raises(tmp_path_factory: pytest.TempPathFactory, at: int, value: int, end: int) -> None:
    data = bytearray(WHOLE)
    data[at] = value
    path = tmp_path_factory.getbasetemp() / "fuzzed.zip"
    path.write_bytes(bytes(data[: max(end, 4)]))
    if archive.is_archive(str(path)):
        for member in archive.members(str(path)):
            assert member.sha256 or member.reason
            if member.sha256:
                try:
                    archive.load(member.path)
                except UnreadableError:
                    pytest.fail("listed but not loaded")
