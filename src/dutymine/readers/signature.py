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


def sniff(data: bytes) -> str:
    """The format of a file's bytes (`text` when nothing else fits); raises UnreadableError for an empty file."""
    if not data.strip():
        raise UnreadableError("empty_file", "the file holds nothing")
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    for magic, form in _MAGIC:
        if head.startswith(magic):
            return form
    if _HTML.search(head.replace(b"\x00", b"")):
        return "html"
    return "text"
