"""What a run reads: paths to files, files to distinct contents, and a user's metadata to files."""

from __future__ import annotations

import glob
import hashlib
import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from dutymine.output.csv_tables import read_cells
from dutymine.readers import archive

METADATA_COLUMNS = (
    *("source_url", "published_at", "retrieved_at"),
    *("province", "city", "county", "division_code"),
)


class MetadataError(ValueError):
    """A metadata file that cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Content:
    """Distinct bytes: their hash and the paths they stand under, sorted; the first is the document's."""

    sha256: str
    paths: tuple[str, ...]

    @property
    def doc_id(self) -> str:
        """First 12 hex digits of the hash."""
        return self.sha256[:12]


def expand(given: Iterable[str], out: Path) -> tuple[list[str], list[str]]:
    """Files that paths, folders and globs stand for (sorted, each once), and the paths that stand for nothing.

    Folders are walked without hidden entries and without `out`, which may lie inside. What stands there under a file's
    name and is none (a pipe, a dead link) is given as well: `hashes` says so.
    """
    found: dict[str, str] = {}
    missing = []
    for path in given:
        matches = [path] if os.path.exists(path) else sorted(glob.glob(path, recursive=True))
        files = [file for match in matches for file in _files(match, out.resolve())]
        if not files:
            missing.append(path)
        for file in files:
            found.setdefault(os.path.abspath(file), Path(file).as_posix())
    return sorted(found.values()), sorted(set(missing))


def _files(top: str, out: Path) -> Iterator[str]:
    if not os.path.isdir(top):
        yield top
    entered: set[str] = set()
    for folder, folders, files in os.walk(top, followlinks=True):
        real = os.path.realpath(folder)
        if real in entered or Path(real) == out:
            folders.clear()
            continue
        entered.add(real)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in files:
            path = os.path.join(folder, name)
            if not name.startswith("."):
                yield path


def hashes(files: Iterable[str]) -> tuple[dict[str, str], list[tuple[str, str, str]]]:
    """The sha256 of every file and of every member of an archive by its path, and what cannot be had: path, reason,
    detail.
    """
    found: dict[str, str] = {}
    refused = []
    for path in files:
        try:
            if not os.path.isfile(path):
                raise OSError(0, "it is no file" if os.path.lexists(path) else "no file is there")
            if not archive.is_archive(path):
                found[path] = _digest(path)
                continue
            empty = True
            for member in archive.members(path):
                empty = False
                if member.sha256:
                    found[member.path] = member.sha256
                else:
                    refused.append((member.path, member.reason, member.detail))
            if empty:
                refused.append((path, "empty_file", "the archive holds no file"))
        except OSError as error:
            refused.append((path, "unreadable_file", error.strerror or "cannot be opened"))
    return found, refused


def _digest(path: str) -> str:
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def distinct(hashes: Mapping[str, str]) -> list[Content]:
    """Contents in order of their doc_id, from hashes by path."""
    paths: dict[str, list[str]] = defaultdict(list)
    for path in sorted(hashes):
        paths[hashes[path]].append(path)
    return [Content(sha256, tuple(paths[sha256])) for sha256 in sorted(paths)]


def known_as(paths: Sequence[str]) -> dict[str, str]:
    """The name each document's fingerprints go by: its file name, with as many folders as tell it from the others."""
    parts = {path: PurePosixPath(path).parts for path in paths}
    names: dict[str, str] = {}
    unnamed, depth = list(paths), 1
    while unnamed:
        tails = {path: "/".join(parts[path][-depth:]) for path in unnamed}
        shared = Counter(tails.values())
        names |= {path: tail for path, tail in tails.items() if shared[tail] == 1 or depth >= len(parts[path])}
        unnamed = [path for path in unnamed if path not in names]
        depth += 1
    return names


def read_metadata(file: Path) -> dict[str, dict[str, str]]:
    """Rows of a metadata CSV by their `path`; UTF-8 or, as Chinese Excel saves it, GB18030.

    Raises MetadataError for a file that is no such table or names a path twice.
    """
    try:
        rows = list(read_cells(file))
    except UnicodeDecodeError:
        rows = list(read_cells(file, "gb18030"))
    if rows and not ("path" in rows[0] and set(METADATA_COLUMNS) & set(rows[0])):
        raise MetadataError(f"{file}: needs a column path and one of {', '.join(METADATA_COLUMNS)}")
    entries: dict[str, dict[str, str]] = {}
    for row in rows:
        path = row["path"].strip()
        if path in entries:
            raise MetadataError(f"{file}: {path} stands twice")
        entries[path] = {name: row.get(name, "").strip() for name in METADATA_COLUMNS}
    return entries


def join(entries: Mapping[str, dict[str, str]], file: Path, paths: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """Which entry speaks for which file, as file path to entry path, and the entries that speak for none.

    An entry's path is the path as given, one relative to the metadata file, or a name that one file alone has.
    """
    places = {os.path.abspath(path): path for path in paths}
    names: dict[str, list[str]] = defaultdict(list)
    for path in paths:
        names[PurePosixPath(path).name].append(path)
    joined: dict[str, str] = {}
    unknown = []
    for entry in entries:
        named = names.get(PurePosixPath(entry.replace("\\", "/")).name, [])
        alone = named[0] if len(named) == 1 else ""
        meant = places.get(os.path.abspath(entry)) or places.get(os.path.abspath(file.parent / entry)) or alone
        if not meant or meant in joined:
            unknown.append(entry)
        else:
            joined[meant] = entry
    return joined, unknown
