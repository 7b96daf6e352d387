"""Rich text (.rtf, also where a scraped .doc is one): the library gives the text, marks put in before it the tables."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dutymine.model import Document, Reject
from dutymine.readers.compose import Composer
from dutymine.readers.signature import UnreadableError
from dutymine.settings import Settings

# Marks for where a row begins, a cell ends and a row ends: characters for private use, which the library passes on.
_ROW, _CELL, _END = "\ue0f0", "\ue0f1", "\ue0f2"
_MARKS = {b"trowd": _ROW, b"cell": _CELL, b"row": _END}
_CONTROL = re.compile(rb"(?<!\\)\\(trowd|cell|row)(?![a-z])-?\d* ?")
# The library rewrites links with a pattern that takes hours on hostile files; their target is no text anyway.
_LINK = re.compile(rb"\\fldinst(?![a-z])")
_RAW = re.compile(rb"[\x81-\xfe][\x40-\xfe]|[\x80-\xff]")  # characters that some writers do not escape
_DEFAULT_PAGE = "gb18030"
_LOST = {rb"\pict": "image_not_read", rb"\shptxt": "text_box_not_read", rb"\footnote": "footnote_not_read"}


def read(data: bytes, path: str, settings: Settings) -> Document:
    """The Document of an RTF file; raises UnreadableError for a damaged one or one without text."""
    from striprtf.striprtf import rtf_to_text  # noqa: PLC0415  only an RTF file needs it

    source = _RAW.sub(lambda match: b"".join(b"\\'%02x" % byte for byte in match[0]), data)
    source = _CONTROL.sub(lambda match: b"{\\uc0\\u%d }" % ord(_MARKS[match[1]]), _LINK.sub(b"\\\\fldnone", source))
    try:
        text = rtf_to_text(source.decode("latin-1"), encoding=_DEFAULT_PAGE, errors="replace")
    except Exception as error:  # the library checks nothing that it reads
        raise UnreadableError("damaged_file", f"the RTF cannot be read: {type(error).__name__}: {error}") from None
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\x00", "")
    composer = Composer()
    if replaced := text.count("\ufffd"):
        composer.rejects.append(Reject("read", "replaced_characters", f"{replaced} characters not valid in the file"))
    lost = {reason: len(re.findall(re.escape(word) + rb"(?![a-z])", data)) for word, reason in _LOST.items()}
    composer.rejects += [Reject("read", reason, f"{count} times") for reason, count in lost.items() if count]
    _compose(composer, text)
    if not any(part.strip() for part in composer.parts):
        raise UnreadableError("no_text", "the document holds no text")
    return composer.document(data, path, "rtf")


def _compose(composer: Composer, text: str) -> None:
    """Paragraphs, and rows that follow each other as tables."""
    rows: list[list[str | None]] = []
    for piece, is_row in _pieces(text):
        if is_row:
            rows.append([*piece.split(_CELL)])
            continue
        if piece.strip():
            composer.table(rows)
            rows = []
        for paragraph in piece.replace(_CELL, " ").split("\n"):
            composer.paragraph(paragraph)
    composer.table(rows)


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Stretches of text in order, with whether they are a row; a row's properties may be repeated at its end."""
    for stretch in text.split(_END):
        before, mark, row = stretch.partition(_ROW)
        cells, last, rest = row.replace(_ROW, "").rpartition(_CELL)
        yield before, False
        if mark and last:
            yield cells, True
        yield rest, False
