"""ZIP archives: their members as documents of their own, called `<archive>!/<member>`; nothing is unpacked to disk."""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from dutymine.readers.signature import UnreadableError, sniff

SEPARATOR = "!/"
LARGEST = 200 * 2**20  # bytes of one file, packed or not
_LARGEST_WHOLE = 4 * 2**30  # bytes of an archive, unpacked
_MOST = 20_000  # members
_DEEPEST = 3  # archives inside archives
_BOMB_RATIO, _BOMB_SIZE = 200, 20 * 2**20  # no real document shrinks like this
_ENCRYPTED = 0x1
_UTF8 = 0x800
_MADE_BY_SYSTEMS = frozenset({"__MACOSX", "Thumbs.db", "desktop.ini"})


@dataclass(frozen=True, slots=True)
class Member:
    """A member by its path: the sha256 of its bytes, or why it cannot be had."""

    path: str
    sha256: str = ""
    reason: str = ""
    detail: str = ""


def is_archive(path: str) -> bool:
    """Whether a file is a plain ZIP archive and not a document that comes as one."""
    with open(path, "rb") as stream:
        if not stream.read(4).startswith(b"PK"):
            return False
    return os.path.getsize(path) > LARGEST or _is_plain(Path(path).read_bytes())


def _is_plain(data: bytes) -> bool:
    if not data.startswith(b"PK") or sniff(data) != "zip":
        return False
    # An OpenDocument or EPUB file says what it is in its first entry.
    return b"mimetypeapplication/" not in data[:100]


def members(path: str) -> Iterator[Member]:
    """All members of an archive, also of those inside it, in the order in which they stand."""
    yield from _members(path, path, 1)


def load(path: str) -> bytes:
    """The bytes of a file or of a member of an archive; raises OSError and UnreadableError."""
    pieces = path.split(SEPARATOR)
    for i in range(len(pieces), 0, -1):
        outer = SEPARATOR.join(pieces[:i])
        if os.path.isfile(outer):
            if os.path.getsize(outer) > LARGEST and i == len(pieces):
                raise UnreadableError("too_large", f"more than {LARGEST >> 20} MB")
            return _inner(outer, pieces[i:]) if pieces[i:] else Path(outer).read_bytes()
    raise FileNotFoundError(2, "No such file", path)


def _inner(source: str | io.BytesIO, pieces: list[str]) -> bytes:
    with zipfile.ZipFile(source) as archive:
        named = {_name(info): info for info in archive.infolist()}
        for i in range(len(pieces), 0, -1):
            info = named.get(SEPARATOR.join(pieces[:i]))
            if info is not None:
                data = _bytes(archive, info)
                return _inner(io.BytesIO(data), pieces[i:]) if pieces[i:] else data
    raise UnreadableError("damaged_archive", "the archive is not what it was when the run began")


def _members(source: str | io.BytesIO, path: str, depth: int) -> Iterator[Member]:
    if depth > _DEEPEST:
        yield Member(path, reason="nested_too_deep", detail=f"more than {_DEEPEST} archives inside each other")
        return
    try:
        archive = zipfile.ZipFile(source)
    except Exception as error:  # zipfile says what is broken in many ways
        yield Member(path, reason="damaged_archive", detail=_said(error))
        return
    with archive:
        seen: set[str] = set()
        total = 0
        for info in archive.infolist():
            name = _name(info)
            if info.is_dir() or _is_hidden(name):
                continue
            inner = f"{path}{SEPARATOR}{name}"
            total += info.file_size
            if total > _LARGEST_WHOLE or len(seen) >= _MOST:
                yield Member(path, reason="too_large", detail=f"members from {name} on are left out")
                return
            if name in seen:
                yield Member(inner, reason="duplicate_name", detail="an earlier member of the archive has this name")
                continue
            seen.add(name)
            yield from _member(archive, info, inner, depth)


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: str, depth: int) -> Iterator[Member]:
    parts = PurePosixPath(_name(info).replace("\\", "/"))
    if parts.is_absolute() or ".." in parts.parts or ":" in parts.parts[0]:
        yield Member(path, reason="unsafe_name", detail="the member's name leads out of the archive")
        return
    try:
        data = _bytes(archive, info)
    except UnreadableError as error:
        yield Member(path, reason=error.reason, detail=error.detail)
        return
    if _is_plain(data):
        yield from _members(io.BytesIO(data), path, depth + 1)
    else:
        yield Member(path, hashlib.sha256(data).hexdigest())


def _bytes(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    if info.flag_bits & _ENCRYPTED:
        raise UnreadableError("encrypted", "the member is protected by a password")
    if info.file_size > LARGEST:
        raise UnreadableError("too_large", f"more than {LARGEST >> 20} MB")
    if info.file_size > _BOMB_SIZE and info.file_size > _BOMB_RATIO * max(info.compress_size, 1):
        raise UnreadableError("archive_bomb", f"{info.compress_size} bytes become {info.file_size}")
    try:
        with archive.open(info) as stream:
            data = stream.read(info.file_size + 1)
    except Exception as error:  # as above
        raise UnreadableError("damaged_archive", _said(error)) from None
    return data


def _name(info: zipfile.ZipInfo) -> str:
    """The member's name; those that Chinese Windows packed without saying so are GBK."""
    if info.flag_bits & _UTF8:
        return info.filename
    raw = info.filename.encode("cp437", "surrogateescape")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def _is_hidden(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return any(part in _MADE_BY_SYSTEMS or (part.startswith(".") and part != "..") for part in parts)


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
