"""Readers: a file's bytes to a Document with frozen text, dispatched by signature and never by suffix."""

from __future__ import annotations

from dutymine.model import Document
from dutymine.readers import html, mhtml, ocr, old_word, pdf, plain, rich_text, word, workbook
from dutymine.readers.signature import UnreadableError, sniff
from dutymine.settings import Settings

READERS = {
    "text": plain.read,
    "html": html.read,
    "mhtml": mhtml.read,
    "docx": word.read,
    "doc": old_word.read,
    "rtf": rich_text.read,
    "pdf": pdf.read,
    "xlsx": workbook.read,
    "xls": workbook.read,
    "image": ocr.read,
}

# Bytes above which text is no disclosure any more but a log, a dump or an attack.
_LARGEST = {"text": 32 * 2**20, "html": 32 * 2**20, "mhtml": 64 * 2**20, "rtf": 64 * 2**20}

__all__ = ["READERS", "UnreadableError", "read"]


def read(data: bytes, path: str, settings: Settings) -> Document:
    """The Document of a file's bytes; `path` is only its name in the tables.

    Raises UnreadableError with a snake_case reason (`empty_file`, `not_text`, `format_not_supported`, …).
    """
    form = sniff(data)
    reader = READERS.get(form)
    if reader is None:
        raise UnreadableError("format_not_supported", f"{form} files are not read by this version")
    if len(data) > _LARGEST.get(form, len(data)):
        raise UnreadableError("too_large", f"more than {_LARGEST[form] >> 20} MB of {form}")
    try:
        return reader(data, path, settings)
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        raise UnreadableError(
            "needs_files", f"{form} files are read with {package}: pip install 'dutymine[files]'"
        ) from None
