"""Saved web pages: the main text without navigation, data tables as tables, layout tables as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from dutymine.model import Document, Reject
from dutymine.readers.compose import Composer, Merged, grid, line
from dutymine.readers.encodings import decode
from dutymine.readers.signature import UnreadableError
from dutymine.settings import Settings

# Elements whose text is never the document's.
_SKIPPED = frozenset(
    {
        *("script", "style", "noscript", "template", "select", "option", "button", "textarea", "iframe", "svg"),
        *("nav", "footer", "head", "object", "embed", "applet", "link", "meta", "audio", "video", "form-noise"),
    }
)
_BLOCKS = frozenset(
    {
        *("p", "div", "li", "ul", "ol", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article"),
        *("tr", "table", "tbody", "thead", "tfoot", "blockquote", "pre", "center", "hr", "header", "main", "aside"),
        *("body", "html", "form", "fieldset", "address", "caption", "figure", "td", "th"),
    }
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SERVER = re.compile(r"<%.*?%>|<\?(?:xml|php).*?\?>", re.DOTALL)
_ATTACHED = re.compile(r"\.(?:pdf|docx?|xlsx?|wps|et|zip|rar)(?:[?#]|$)", re.IGNORECASE)
# Words of pages that gamblers have taken over; one alone is no proof.
_SPAM = re.compile(
    r"博彩|彩票网|体育官网|娱乐城|真人荷官|k8凯发|凯发|赢家一触即发|澳门银河|澳门新葡京|葡京|威尼斯人|亚博|乐鱼|开云体育|华体会|万博体育|必威|皇冠体育|手机彩票|下载app送|棋牌",
    re.IGNORECASE,
)
_LEAST_SPAM = 2
_SHEET = "schemas-microsoft-com:office:excel"
_MOST_SPAN = 400
_DEEPEST = 400
# A table is layout when it holds another one, or when one cell holds most of a long text.
_LAYOUT_SHARE = 0.4
_LAYOUT_LENGTH = 400
_LINK_COST = 3


def read(data: bytes, path: str, settings: Settings) -> Document:
    """The Document of a web page; raises UnreadableError for one without any text."""
    import lxml.html  # noqa: PLC0415  only a page needs it

    text, encoding, replaced = decode(data)
    source = _SERVER.sub(" ", text).replace("\x00", "")
    parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=False, no_network=True, remove_comments=True)
    try:
        root = lxml.html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except (lxml.etree.LxmlError, ValueError, RecursionError) as error:
        raise UnreadableError("damaged_file", f"no page can be made of it: {error}") from None
    _prune(root)
    main = _main(root)
    composer = Composer()
    if replaced:
        composer.rejects.append(Reject("read", "replaced_characters", f"{replaced} characters not valid in {encoding}"))
    title = _title(root)
    _walk(composer, main, 0, _SHEET in source)
    _with_title(composer, title)
    composer.rejects += _attachments(root)
    composer.rejects += _hijacked(composer)
    if composer.length == 0:
        raise UnreadableError("no_text", "the page holds no text")
    return composer.document(data, path, "html", encoding)


def _prune(root: Any) -> None:
    """Take out what is never shown, keeping the text behind it."""
    for element in list(root.iter()):
        tag = element.tag
        hidden = isinstance(tag, str) and (tag in _SKIPPED - {"head"} or _HIDDEN.search(element.get("style") or ""))
        if (hidden or not isinstance(tag, str)) and element.getparent() is not None:
            element.drop_tree()


def _title(root: Any) -> str:
    found = root.find(".//title")
    name = line(found.text or "") if found is not None else ""
    return re.split(r"\s*[_|]\s*|\s+-\s+|-(?=[\u4e00-\u9fff]+(?:政府|网|门户))", name)[0]


def _length(element: Any) -> int:
    return len("".join(element.text_content().split()))


def _main(root: Any) -> Any:
    """The element that holds the document: most text, where text of links counts against it."""
    body = root.find("body")
    body = root if body is None else body
    best, most = body, -1.0
    for element in body.iter("body", "div", "td", "article", "section", "main"):
        links = sum(_length(link) for link in element.iter("a"))
        score = _length(element) - _LINK_COST * links
        if score >= most:  # of equal ones the innermost
            best, most = element, score
    return best


def _walk(composer: Composer, element: Any, depth: int, sheet: bool) -> None:
    """Blocks and tables of an element, in order; in a `sheet` that was saved as a page one table holds everything."""
    run: list[str] = []

    def flush() -> None:
        composer.paragraph("".join(run))
        run.clear()

    def inline(node: Any, level: int) -> None:
        if node.text:
            run.append(node.text)
        for child in node:
            visit(child, level + 1)
            if child.tail:
                run.append(child.tail)

    def visit(child: Any, level: int) -> None:
        if not isinstance(child.tag, str) or child.tag in _SKIPPED or level > _DEEPEST:
            return
        if child.tag == "br":
            flush()
        elif child.tag == "table" and not _is_layout(child):
            flush()
            for caption in child.iter("caption"):
                composer.paragraph(caption.text_content())
            composer.mixed(_rows(child), loose=sheet)
        elif child.tag in _BLOCKS:
            flush()
            inline(child, level)
            flush()
        else:
            inline(child, level)

    if element.tag == "table":
        visit(element, depth)
    else:
        inline(element, depth)
    flush()


def _is_layout(table: Any) -> bool:
    if next((inner for inner in table.iter("table") if inner is not table), None) is not None:
        return True
    cells = [_length(cell) for cell in table.iter("td", "th")]
    whole = sum(cells)
    return not cells or (max(cells) > _LAYOUT_SHARE * whole and max(cells) > _LAYOUT_LENGTH) or len(cells) < 2


def _rows(table: Any) -> list[list[str | None]]:
    rows = [[_cell(cell) for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")]
    return grid(rows, _MOST_SPAN)


def _cell(element: Any) -> Merged:
    lines = [line(part) for part in _lines(element)]
    return Merged("\n".join(filter(None, lines)), _span(element, "rowspan"), _span(element, "colspan"))


def _lines(element: Any) -> Iterator[str]:
    """The text of a cell, a line a block."""
    parts: list[str] = []
    for event, node in _events(element):
        if event == "break":
            yield "".join(parts)
            parts.clear()
        else:
            parts.append(node)
    yield "".join(parts)


def _events(element: Any) -> Iterator[tuple[str, str]]:
    if element.text:
        yield "text", element.text
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _SKIPPED:
            block = child.tag in _BLOCKS or child.tag == "br"
            if block:
                yield "break", ""
            yield from _events(child)
            if block:
                yield "break", ""
        if child.tail:
            yield "text", child.tail


def _span(element: Any, name: str) -> int:
    match = re.match(r"\s*(\d{1,4})", element.get(name) or "")
    return max(1, int(match[1])) if match else 1


def _with_title(composer: Composer, title: str) -> None:
    """The page's title as first line, where the text does not say it."""
    said = "".join(composer.parts[:40])
    if title and title not in said and re.search(r"预算|决算|绩效|职责|清单", title):
        composer.parts.insert(0, title + "\n")
        composer.length += len(title) + 1


def _attachments(root: Any) -> list[Reject]:
    """Files that the page links to: they are not part of it."""
    found: dict[str, str] = {}
    for link in root.iter("a"):
        target = link.get("href") or ""
        if _ATTACHED.search(target):
            found.setdefault(target, line(link.text_content()))
    return [Reject("read", "attachment_not_read", f"{name} ({target})") for target, name in found.items()]


def _hijacked(composer: Composer) -> list[Reject]:
    found = sorted(set(_SPAM.findall("".join(composer.parts))))
    if len(found) < _LEAST_SPAM:
        return []
    return [Reject("read", "hijacked_page", "words of another business stand in the text: " + ", ".join(found[:8]))]
