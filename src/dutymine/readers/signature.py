"""What a file is, by its first bytes: scraped suffixes lie."""

from __future__ import annotations

import re


class UnreadableError(Exception):
    """A file that cannot be read; `reason` is a snake_case code, `detail` one plain line."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


_MAGIC = (
    (b"%PDF", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"{\\rtf", "rtf"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"BM", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"\x1f\x8b", "gzip"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
)
_HTML = re.compile(rb"<\s*(?:!doctype\s+html|html|head|body|meta|table|div|script)\b", re.IGNORECASE)

_MHTML = re.compile(rb"^MIME-Version:.*?^Content-Type:\s*multipart/related", re.IGNORECASE | re.DOTALL | re.MULTILINE)
# Names of the main streams of old Office files, as their directory has them (UTF-16).
_OLE_STREAMS = (
    ("encrypted", "EncryptedPackage"),
    ("doc", "WordDocument"),
    ("xls", "Workbook"),
    ("xls", "Book"),
    ("ppt", "PowerPoint Document"),
)
_MAIN_PARTS = (("docx", b"word/document"), ("xlsx", b"xl/workbook"), ("pptx", b"ppt/presentation"))


def _inside_zip(data: bytes) -> str:
    """What an archive is by its entries' names, which stand readable in it: an Office file or a plain archive."""
    names = data[-70_000:] + data[:4096]  # the directory at the end, or the first entries of a cut file
    for form, part in _MAIN_PARTS:
        if part in names or part in data:
            return form
    return "zip"


def _inside_ole(data: bytes) -> str:
    """What an old Office file is by the streams in its directory."""
    for form, name in _OLE_STREAMS:
        if name.encode("utf-16-le") in data:
            return form
    return "ole"


def sniff(data: bytes) -> str:
    """The format of a file's bytes (`text` when nothing else fits); raises UnreadableError for an empty file."""
    if not data.strip():
        raise UnreadableError("empty_file", "the file holds nothing")
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    for magic, form in _MAGIC:
        if head.startswith(magic):
            return _inside_zip(data) if form == "zip" else _inside_ole(data) if form == "ole" else form
    if _MHTML.search(data[:4096]):
        return "mhtml"
    if _HTML.search(head.replace(b"\x00", b"")):
        return "html"
    return "text"
