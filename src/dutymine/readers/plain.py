"""Plain text, as converters and scrapers leave it: the decoded file itself is the frozen text."""

from __future__ import annotations

import hashlib
import re

from dutymine.model import Document, Reject
from dutymine.readers.encodings import common_share, decode
from dutymine.readers.signature import UnreadableError
from dutymine.settings import Settings
from dutymine.text import fold

# Over this share of control or undecodable characters a file is taken for binary junk.
_JUNK_SHARE = 0.05
_LEAST_COMMON = 0.03
_JUNK = re.compile("[\x00-\x08\x0e-\x1f\ufffd]")


def read(data: bytes, path: str, settings: Settings) -> Document:
    """The Document of a text file; raises UnreadableError (`not_text`) for binary junk."""
    text, encoding, replaced = decode(data)
    sample = text[:50_000]
    junk = len(_JUNK.findall(sample))
    if junk > _JUNK_SHARE * len(sample):
        raise UnreadableError(
            "not_text", f"{junk} of the first {len(sample)} characters are control or undecodable ones"
        )
    rejects = []
    if replaced:
        rejects.append(Reject("read", "replaced_characters", f"{replaced} characters not valid in {encoding}"))
    if not sample.isascii() and common_share(sample) < _LEAST_COMMON:
        rejects.append(
            Reject("read", "garbled_text", "hardly any common Chinese character: encoding or text layer broken")
        )
    sha256 = hashlib.sha256(data).hexdigest()
    return Document(sha256[:12], path, sha256, "text", encoding, text, fold(text), rejects=tuple(rejects))
