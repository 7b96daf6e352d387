"""The quiet copy: folded text in which page furniture is blanked and hard wraps are blanks, at unchanged offsets."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from dutymine.text import Line, lines

_PAGE_NUMBER = re.compile(
    r"-{1,2}\s*\d{1,4}\s*-{1,2}|第\s*\d{1,4}\s*页(?:\s*[,/、]?\s*共\s*\d{1,4}\s*页)?|\d{1,3}\s*/\s*\d{1,3}"
)
_INLINE_PAGE_NUMBER = re.compile(r"(?<=[。;])[ \t]*-[ \t]*\d{1,3}[ \t]*-[ \t]*(?=\S)")
_MARKUP = re.compile(
    r"\[bookmark:[^\]\n]{0,60}\]|&(?:nbsp|shy|amp|ensp|emsp|quot|lt|gt);|<!?/?(?:meta|span|p|br|div|td|tr)\b[^<>\n]{0,200}>"
    r"|-->|<!--|(?<=[\u4e00-\u9fff])\([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]{1,6}\)"
)
_BARE_NUMBER = re.compile(r"\d{1,3}")
_TERMINAL = tuple("。;:!?、”》)】|\t，")
_STARTS_ITEM = re.compile(
    r"\s*(?:第?[一二三四五六七八九十]{1,3}(?:部分|[、.)是])|\(?[一二三四五六七八九十]{1,3}\)|\(?\d{1,2}(?:[、)]|\.(?!\d))|[①-⑳])"
)
_LEAST_PAGE_LINES = 15
_WRAP_LENGTH = 20
_PROSE_WORDS = 3


def quiet(folded: str) -> str:
    """The folded text with bookmarks, page numbers and running headers blanked and wrapped lines joined by a blank."""
    result = (
        _MARKUP.sub(_blank, folded) if ("[b" in folded or "&" in folded or "<" in folded or "(" in folded) else folded
    )
    if "-" in result:
        result = _INLINE_PAGE_NUMBER.sub(_blank, result)
    rows = lines(result)
    numbers = _page_number_lines(result, rows)
    furniture = numbers | _running_headers(rows, numbers)
    wraps = _soft_wraps([row for row in rows if row.number not in furniture])
    if not furniture and not wraps:
        return result
    return _rewrite(result, rows, furniture, wraps)


def _blank(match: re.Match[str]) -> str:
    return " " * (match.end() - match.start())


def _rewrite(text: str, rows: Sequence[Line], furniture: set[int], wraps: set[int]) -> str:
    parts = []
    for row in rows:
        if row.number in furniture:
            parts.append(" " * (row.end - row.start))
        else:
            parts.append(text[row.start : row.end])
        # A page break inside a wrapped paragraph: the line before the furniture decides.
        soft = row.number in wraps or (row.number in furniture and _joins(row.number, furniture, wraps))
        parts.append(" " if soft else "\n")
    parts.pop()
    return "".join(parts)


def _joins(number: int, furniture: set[int], wraps: set[int]) -> bool:
    while number in furniture:
        number -= 1
    return number in wraps


def _page_number_lines(text: str, rows: Sequence[Line]) -> set[int]:
    """Lines that are page numbers: `- 3 -`, `第3页`, or bare numbers that count up page by page."""
    found = {row.number for row in rows if len(row.text) < 16 and row.text and _PAGE_NUMBER.fullmatch(row.text)}
    chain: list[Line] = []
    for row in rows:
        if not row.text.isdecimal() or not _BARE_NUMBER.fullmatch(row.text) or text[row.start] == "\t":
            continue  # behind a TAB it is a cell
        value = int(row.text)
        if not chain and value <= 4:
            chain = [row]
        elif chain and value == int(chain[-1].text) + 1 and row.number - chain[-1].number >= _LEAST_PAGE_LINES:
            chain.append(row)
    return found | {row.number for row in chain} if len(chain) >= 3 else found


def _running_headers(rows: Sequence[Line], numbers: set[int]) -> set[int]:
    """Short lines that stand beside page numbers at least three times, alike but for their digits."""
    if len(numbers) < 3:
        return set()
    beside: dict[str, list[int]] = {}
    for number in numbers:
        for step in (-2, -1, 1, 2):
            near = number + step
            if 0 <= near < len(rows) and near not in numbers and 4 <= len(rows[near].text) <= 40:
                beside.setdefault(re.sub(r"\d+", "0", rows[near].text), []).append(near)
    return {near for places in beside.values() if len(set(places)) >= 3 for near in places}


def _is_row(words: str) -> bool:
    """Whether a line is a row of cells: prose has no TABs and pipes, and hardly a blank."""
    return "\t" in words or "|" in words or len(words.split()) > _PROSE_WORDS


def _soft_wraps(rows: Sequence[Line]) -> set[int]:
    """Numbers of lines whose end is only a wrap: full-width lines of a hard-wrapped text that end in mid-sentence."""
    long = [row for row in rows if len(row.text) >= _WRAP_LENGTH and not _is_row(row.text)]
    open_ended = [row for row in long if not row.text.endswith(_TERMINAL)]
    if len(open_ended) < 8 or len(open_ended) * 2 < len(long):
        return set()
    widths = Counter(len(row.text) for row in open_ended)
    width = max(widths, key=lambda size: (sum(widths[size + step] for step in (-2, -1, 0, 1, 2)), size))
    wraps = set()
    following = [row for row in rows if row.text]
    for row, after in pairwise(following):
        full = len(row.text) >= 0.85 * width and not row.text.endswith(("。", ";", ":")) and not _is_row(row.text)
        if full and not _STARTS_ITEM.match(after.text) and after.number - row.number <= 6:
            wraps.add(row.number)
    return wraps
