"""Web archives (MHTML): the page inside, read as a page."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace

from dutymine.model import Document
from dutymine.readers import html
from dutymine.readers.signature import UnreadableError
from dutymine.settings import Settings


def read(data: bytes, path: str, settings: Settings) -> Document:
    """The Document of a web archive; raises UnreadableError for one without a page."""
    import hashlib  # noqa: PLC0415

    message = email.message_from_bytes(data, policy=email.policy.compat32)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            page = part.get_payload(decode=True)
            if isinstance(page, bytes) and page.strip():
                sha256 = hashlib.sha256(data).hexdigest()
                return replace(html.read(page, path, settings), doc_id=sha256[:12], sha256=sha256, format="mhtml")
    raise UnreadableError("no_text", "the web archive holds no page")
