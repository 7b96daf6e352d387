"""Word documents (.docx): paragraphs with the numbers Word would show, tables with merges, text boxes, notes."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from dutymine.model import Document, Reject
from dutymine.readers.compose import Composer, Merged, grid
from dutymine.readers.signature import UnreadableError
from dutymine.readers.word_numbers import Numbers, W, numbers
from dutymine.settings import Settings

# Caps on what an archive may unfold to: a disclosure's largest part has a few megabytes.
MOST_UNZIPPED = 200 * 2**20
MOST_RATIO = 300
_LEAST_SUSPECT = 10 * 2**20
_MOST_SPAN = 100
_DEEPEST = 60
_DELETED = frozenset({f"{W}del", f"{W}moveFrom", f"{W}pPr", f"{W}rPr", f"{W}instrText", f"{W}sectPr", f"{W}tblPr"})
_SYMBOLS = {"F0B3": "≥", "F0A3": "≤", "F0B1": "±", "F0B4": "×", "F0B8": "÷", "F0B9": "≠", "F025": "%", "F0FE": "√"}
_ALTERNATIVES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"


def read(data: bytes, path: str, settings: Settings) -> Document:
    """The Document of a .docx file; raises UnreadableError for a damaged, encrypted or exploding one."""
    return compose(data).document(data, path, "docx")


def compose(data: bytes) -> Composer:
    """The text of a .docx file's bytes; raises UnreadableError."""
    try:
        return _composed(data)
    except (zlib.error, zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, KeyError) as error:
        raise UnreadableError("damaged_file", f"a part of the archive is broken: {error}") from None


def _composed(data: bytes) -> Composer:
    with opened(data) as archive:
        names = set(archive.namelist())
        main = next((name for name in sorted(names) if re.fullmatch(r"word/document\d*\.xml", name)), None)
        if main is None:
            raise UnreadableError("damaged_file", "the file has no word/document.xml")
        lists = numbers(_part(archive, "word/numbering.xml", names), _part(archive, "word/styles.xml", names))
        composer = Composer()
        root = _xml(archive.read(main))
        body = root.find(f"{W}body")
        if body is None:
            raise UnreadableError("damaged_file", "the document has no body")
        _blocks(composer, body, lists, 0)
        for name in ("word/footnotes.xml", "word/endnotes.xml"):
            notes = _part(archive, name, names)
            if notes is not None:
                _blocks(composer, notes, Numbers(), 0)
        for name in sorted(names):
            if name.startswith("word/media/"):
                composer.rejects.append(Reject("read", "image_not_read", name.rpartition("/")[2]))
                break
    if not any(part.strip() for part in composer.parts):
        raise UnreadableError("no_text", "the document holds no text")
    return composer


def opened(data: bytes) -> zipfile.ZipFile:
    """An archive whose parts are safe to unfold; raises UnreadableError for one that is not, or that is damaged."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError) as error:
        raise UnreadableError("damaged_file", f"the archive cannot be opened: {error}") from None
    whole = sum(entry.file_size for entry in entries)
    if whole > MOST_UNZIPPED or (whole > _LEAST_SUSPECT and whole > MOST_RATIO * max(1, len(data))):
        raise UnreadableError("archive_bomb", f"{len(data)} bytes would unfold to {whole}")
    if any(entry.flag_bits & 1 for entry in entries):
        raise UnreadableError("encrypted_file", "the file is protected by a password")
    return archive


def _part(archive: zipfile.ZipFile, name: str, names: set[str]) -> Any | None:
    return _xml(archive.read(name)) if name in names else None


def _xml(data: bytes) -> Any:
    """The root of a part: no entities, no network, no huge trees; raises UnreadableError."""
    from lxml import etree  # noqa: PLC0415  only an Office file needs it

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, recover=False)
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableError("damaged_file", f"a part is no XML: {error}") from None


def _blocks(composer: Composer, parent: Any, lists: Numbers, depth: int) -> None:
    """Paragraphs and tables under an element, in order, through content controls and tracked insertions."""
    for child in parent:
        if child.tag == f"{W}p":
            for text in _paragraph(child, lists):
                composer.paragraph(text)
            for box in _boxes(child):
                _blocks(composer, box, lists, depth + 1)
        elif child.tag == f"{W}tbl":
            _lay(composer, child, lists, depth)
        elif isinstance(child.tag, str) and child.tag not in _DELETED and depth < _DEEPEST:
            _blocks(composer, child, lists, depth + 1)


def _paragraph(paragraph: Any, lists: Numbers) -> Iterator[str]:
    """A paragraph's lines with its number in front."""
    text = "".join(_runs(paragraph))
    number = lists.of(paragraph) if text.strip() else ""
    yield from (number + text).split("\n")


def _runs(element: Any) -> Iterator[str]:
    """The text of an element, without deletions, field codes and text boxes."""
    for child in element:
        tag = child.tag
        if tag == f"{W}t":
            yield child.text or ""
        elif tag in (f"{W}br", f"{W}cr"):
            yield "\n"
        elif tag == f"{W}tab":
            yield " "
        elif tag == f"{W}noBreakHyphen":
            yield "-"
        elif tag == f"{W}sym":
            yield _SYMBOLS.get((child.get(f"{W}char") or "").upper(), "")
        elif tag == f"{_ALTERNATIVES}AlternateContent":
            yield from _runs(next(iter(child), child))
        elif isinstance(tag, str) and tag not in _DELETED and tag not in (f"{W}txbxContent", f"{W}tbl"):
            yield from _runs(child)


def _boxes(paragraph: Any) -> Iterator[Any]:
    """Text boxes anchored in a paragraph; of the two forms a file keeps, the first."""
    for alternative in paragraph.iter(f"{_ALTERNATIVES}AlternateContent"):
        for fallback in alternative.findall(f"{_ALTERNATIVES}Fallback"):
            alternative.remove(fallback)
    yield from paragraph.iter(f"{W}txbxContent")


def _lay(composer: Composer, table: Any, lists: Numbers, depth: int) -> None:
    """A table; where a row holds tables it is there for the layout, and what its cells hold comes one after another."""
    rows: list[list[Merged]] = []
    for row in _children(table, f"{W}tr"):
        cells = list(_children(row, f"{W}tc"))
        if depth < _DEEPEST and any(next(cell.iter(f"{W}tbl"), None) is not None for cell in cells):
            composer.mixed(grid(rows, _MOST_SPAN))
            rows.clear()
            for cell in cells:
                _blocks(composer, cell, lists, depth + 1)
        else:
            rows.append([_cell(cell, lists, depth) for cell in cells])
    composer.mixed(grid(rows, _MOST_SPAN))


def _table(table: Any, lists: Numbers, depth: int) -> list[list[str | None]]:
    """Rows of a table; what a vertical merge goes on in is a cell without text."""
    rows = [[_cell(cell, lists, depth) for cell in _children(row, f"{W}tc")] for row in _children(table, f"{W}tr")]
    return grid(rows, _MOST_SPAN)


def _children(element: Any, tag: str) -> Iterator[Any]:
    """Children of a kind, also inside content controls and tracked insertions."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml", f"{W}smartTag"):
            yield from _children(child, tag)


def _cell(cell: Any, lists: Numbers, depth: int) -> Merged:
    properties = cell.find(f"{W}tcPr")
    span, merge = None, None
    if properties is not None:
        span, merge = properties.find(f"{W}gridSpan"), properties.find(f"{W}vMerge")
    width = span.get(f"{W}val", "1") if span is not None else "1"
    covered = merge is not None and merge.get(f"{W}val", "continue") == "continue"
    text = "" if covered else "\n".join(_cell_lines(cell, lists, depth))
    return Merged(text, 1, int(width) if width.isdecimal() else 1)


def _cell_lines(cell: Any, lists: Numbers, depth: int) -> Iterator[str]:
    for child in cell:
        if child.tag == f"{W}p":
            yield from _paragraph(child, lists)
        elif child.tag == f"{W}tbl" and depth < _DEEPEST:
            for row in _table(child, lists, depth + 1):
                yield " ".join(filter(None, row))
        elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins") and depth < _DEEPEST:
            yield from _cell_lines(child, lists, depth + 1)
