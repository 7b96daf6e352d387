"""Words of a page to lines, and lines to paragraphs: a line that reaches the right edge goes on in the next one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

_SAME_LINE = 0.5  # of the height of a word
_GAP = 0.4  # of the height of a word: a wider gap between words is a blank (a narrower one sets Latin off)
_SLACK = 2.2  # characters that a full line may lack at its right edge
_INDENT = 1.2  # characters: a line that begins further in begins a paragraph
_LONG = 20  # characters of a line that is taken to show the edges
_STEP = 6.0  # points
_LEAST_SHARE = 0.1  # of the long lines that begin at the left edge: the others may all be first lines, set in
_UNBROKEN = re.compile(r"[\dA-Za-z.,%+/-]+")  # what is never cut at the end of a line
_NARROW = 0.5  # width of its characters, of their height
_STARTS = re.compile(
    r"\s*(?:[（(]?[一二三四五六七八九十]{1,3}[)）、.．]|第[一二三四五六七八九十\d]{1,3}(?:部分|章|条)|[（(]?\d{1,2}[)）、.．](?!\d)|[①-⑳])"
)


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of a page in points from the page's top left."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    doubt: str = ""  # why it may not say this, where it was read from a picture

    @property
    def size(self) -> float:
        """Height of its characters."""
        return max(self.bottom - self.top, 1.0)


def lines_of(words: Sequence[dict[str, Any]]) -> list[TextLine]:
    """Words of one page, with the blanks that the file has between them, as lines from top to bottom."""
    rows: list[list[dict[str, Any]]] = []
    for word in sorted(words, key=lambda word: (word["top"] + word["bottom"], word["x0"])):
        middle = (word["top"] + word["bottom"]) / 2
        last = rows[-1][-1] if rows else None
        height = word["bottom"] - word["top"]
        if last is not None and abs((last["top"] + last["bottom"]) / 2 - middle) <= _SAME_LINE * height:
            rows[-1].append(word)
        else:
            rows.append([word])
    ordered = (_trimmed(sorted(row, key=lambda word: word["x0"])) for row in rows)
    return [_line(row) for row in ordered if row]


def _trimmed(row: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A line without the blanks at its ends: it begins and ends where its words do."""
    filled = [i for i, word in enumerate(row) if not word["text"].isspace()]
    return row[filled[0] : filled[-1] + 1] if filled else []


def _line(row: Sequence[dict[str, Any]]) -> TextLine:
    text, end = "", None
    for word in row:
        if word["text"].isspace():
            text += " "
            continue
        wide = end is not None and word["x0"] - end > _GAP * (word["bottom"] - word["top"])
        text += (" " if wide else "") + word["text"]
        end = word["x1"]
    top, bottom = min(word["top"] for word in row), max(word["bottom"] for word in row)
    doubt = "; ".join(word["doubt"] for word in row if word.get("doubt"))
    return TextLine(" ".join(text.split()), row[0]["x0"], row[-1]["x1"], top, bottom, doubt)


def paragraphs(run: Sequence[TextLine], left: float, right: float) -> Iterator[str]:
    """Paragraphs of lines that stand below each other; `left` and `right` are the edges of the text."""
    text = ""
    before: TextLine | None = None
    for line in run:
        if before is not None and _goes_on(before, line, left, right):
            text += _glue(text, line.text)
        else:
            if text:
                yield text
            text = line.text
        before = line
    if text:
        yield text


def edges(lines: Sequence[TextLine]) -> tuple[float, float]:
    """Left and right edge of running text: the outermost place where many long lines begin, where most end."""
    long = [line for line in lines if len(line.text) >= _LONG] or list(lines)
    if not long:
        return 0.0, 0.0
    right = Counter(round(line.right / _STEP) for line in long).most_common(1)[0][0] * _STEP
    lefts = Counter(round(line.left / _STEP) for line in long)
    least = min(max(lefts.values()), max(2, _LEAST_SHARE * len(long)))
    left = min(place for place, count in lefts.items() if count >= least) * _STEP
    return left, right


def reaches(line: TextLine, right: float) -> bool:
    """Whether a line goes to the right edge, so that its paragraph may go on."""
    return line.right >= right - _SLACK * line.size


def _goes_on(before: TextLine, line: TextLine, left: float, right: float) -> bool:
    unbroken = _UNBROKEN.match(line.text)
    full = reaches(before, right - _NARROW * line.size * (len(unbroken[0]) if unbroken else 0))
    indented = line.left > left + _INDENT * line.size
    if not full or indented or _STARTS.match(line.text):
        return False
    return abs(before.size - line.size) <= 0.35 * before.size


def _glue(text: str, following: str) -> str:
    """Nothing between Chinese characters, a blank between words of letters."""
    return (
        following if not (text[-1:].isascii() and following[:1].isascii() and text[-1:].isalpha()) else " " + following
    )
