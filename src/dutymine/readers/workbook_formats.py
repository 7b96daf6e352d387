"""Which cells of an .xlsx file are shown as per cent: the library gives their numbers only."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import Any

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_BUILT_IN = frozenset({9, 10})
_PLACE = re.compile(r"([A-Z]{1,3})(\d+)")
_MOST_PART = 60 * 2**20

Place = tuple[int, int]


def percent_cells(data: bytes) -> dict[str, frozenset[Place]]:
    """Rows and columns (from 0) of cells shown as per cent, by sheet; empty where the file cannot be followed."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            styles = _percent_styles(archive)
            if not styles:
                return {}
            return {name: _cells(archive, part, styles) for name, part in _sheets(archive)}
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, OSError, EOFError, SyntaxError, NotImplementedError):
        return {}


def _root(archive: zipfile.ZipFile, name: str) -> Any:
    from lxml import etree  # noqa: PLC0415  only a workbook needs it

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    return etree.fromstring(archive.read(name), parser)


def _percent_styles(archive: zipfile.ZipFile) -> frozenset[str]:
    root = _root(archive, "xl/styles.xml")
    own = {
        int(item.get("numFmtId", "0")) for item in root.iter(f"{_MAIN}numFmt") if "%" in (item.get("formatCode") or "")
    }
    formats = root.find(f"{_MAIN}cellXfs")
    if formats is None:
        return frozenset()
    percent = _BUILT_IN | own
    return frozenset(str(i) for i, item in enumerate(formats) if int(item.get("numFmtId", "0")) in percent)


def _sheets(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    relations = {
        item.get("Id"): item.get("Target") or "" for item in _root(archive, "xl/_rels/workbook.xml.rels").iter(_PACKAGE)
    }
    found = []
    for sheet in _root(archive, "xl/workbook.xml").iter(f"{_MAIN}sheet"):
        target = relations.get(sheet.get(_RELATION), "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if part in archive.namelist() and archive.getinfo(part).file_size <= _MOST_PART:
            found.append((sheet.get("name") or "", part))
    return found


def _cells(archive: zipfile.ZipFile, part: str, styles: frozenset[str]) -> frozenset[Place]:
    from lxml import etree  # noqa: PLC0415  only a workbook needs it

    found = set()
    with archive.open(part) as stream:
        for _, cell in etree.iterparse(
            stream, tag=f"{_MAIN}c", resolve_entities=False, no_network=True, huge_tree=False
        ):
            if cell.get("s") in styles:
                match = _PLACE.fullmatch(cell.get("r") or "")
                if match:
                    found.add((int(match[2]) - 1, _column(match[1])))
            cell.clear()
    return frozenset(found)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
