"""Folding, line index and cuts: text in, spans out.

Folding maps one character to one character, so an offset into the folded copy is an offset into the text
(NFKC is not used: it changes lengths). Everything is matched in the folded copy and quoted from the text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from decimal import Decimal
from functools import cache, lru_cache
from typing import NamedTuple

Span = tuple[int, int]

# One character of input, one of output. Chinese commas stay: folded, `5万元，130万元` would read as one number.
_PAIRS = (
    ("：；（）［］｛｝＝＜＞≧⩾≦⩽％～﹪／＋－＊＃＆＠｜！？", ":;()[]{}=<>≥≥≤≤%~%/+-*#&@|!?"),
    ("﹣−–—―‐‑─━﹥﹤﹦＂＇．﹒×✕╳·•・〜∼﹕﹔﹙﹚", "---------><=\"'..***...~~:;()"),
    ("〔〕﹝﹞", "[][]"),
    (
        "\u00a0\u3000\u2002\u2003\u2009\u200a\u202f\u00ad\u200b\u200c\u200d\ufeff\u2060\x0b\x0c\x00\x85\u2028\u2029",
        " " * 19,
    ),
)


def _fold_table() -> dict[str, str]:
    table = {chr(ord("０") + i): str(i) for i in range(10)}
    for first, low in (("Ａ", "A"), ("ａ", "a")):
        table |= {chr(ord(first) + i): chr(ord(low) + i) for i in range(26)}
    for source, target in _PAIRS:
        table |= dict(zip(source, target, strict=True))
    return table


_FOLD = _fold_table()
_FOLDED = re.compile(f"[{re.escape(''.join(_FOLD))}]")
_SHORT = 1000  # characters: in a text this short the few signs to fold are found faster than all it holds are listed
_HAN = re.compile(r"[\u4e00-\u9fff]")
# Characters of disclosures that only Traditional text has: enough of them switches the Traditional fold on.
_TRADITIONAL = re.compile(r"[門務職責財計預開處區縣國會員機關設執實農業資產費與為於個條據標準構導織]")
_TRADITIONAL_SHARE = 0.04


@cache
def _simplified() -> dict[int, str]:
    """Traditional to Simplified, one character each, from OpenCC's own table; empty where OpenCC is not installed."""
    import opencc  # noqa: PLC0415  heavy: only a Traditional page needs it

    convert = opencc.OpenCC("t2s").convert
    table = {}
    for code in range(0x4E00, 0x9FA6):
        simple = convert(chr(code))
        if len(simple) == 1 and ord(simple) != code:
            table[code] = simple
    return table


def fold(text: str) -> str:
    """The copy of `text` in which everything is matched: same length, one width, one line end.

    Full-width forms become ASCII, odd blanks a space, ≧ becomes ≥, CR LF a space and LF, and where the text is
    a Traditional mirror, Traditional characters become Simplified ones.
    """
    folded = text
    signs = set(_FOLDED.findall(text)) if len(text) < _SHORT else _FOLD.keys() & set(text)
    for sign in signs:  # of the few that stand there each at once: faster than str.translate
        folded = folded.replace(sign, _FOLD[sign])
    if "\r" in folded:
        folded = folded.replace("\r\n", " \n").replace("\r", "\n")
    traditional = len(_TRADITIONAL.findall(folded))
    if traditional and traditional > _TRADITIONAL_SHARE * len(_HAN.findall(folded)):
        folded = folded.translate(_simplified())
    return folded


class Line(NamedTuple):
    """One line without its line end: number from 0, span and the folded text with blanks at its ends cut."""

    number: int
    start: int
    end: int
    text: str


@lru_cache(maxsize=1)
def lines(folded: str) -> tuple[Line, ...]:
    """All lines of a folded text; the last text's are kept, since several rooms ask for them."""
    result = []
    start = 0
    for number, raw in enumerate(folded.split("\n")):
        result.append(Line(number, start, start + len(raw), raw.strip()))
        start += len(raw) + 1
    return tuple(result)


class LineIndex:
    """Line numbers (from 1) of offsets, as a reader of the raw text counts them."""

    __slots__ = ("starts",)

    def __init__(self, text: str) -> None:
        end = "\n" if "\n" in text else "\r"
        self.starts = [0, *(match.end() for match in re.finditer(end, text))]

    def line(self, offset: int) -> int:
        """The 1-based line of an offset."""
        return bisect_right(self.starts, offset)


def trim(text: str, start: int, end: int) -> Span:
    """The span without white space at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def split_spans(text: str, start: int, end: int, stops: str) -> Iterator[Span]:
    """Trimmed non-empty spans between `start` and `end`, each ending behind one of the `stops`."""
    position = start
    for stop in re.compile(f"[{re.escape(stops)}]").finditer(text, start, end):
        span = trim(text, position, stop.end())
        if span[0] < span[1]:
            yield span
        position = stop.end()
    span = trim(text, position, end)
    if span[0] < span[1]:
        yield span


def squeeze(text: str) -> str:
    """The text without white space: how labels are compared."""
    return "".join(text.split())


def plain(value: Decimal) -> str:
    """A number as people write it: no exponent, no zeros that computing left behind its point."""
    digits = format(value, "f")
    return digits.rstrip("0").rstrip(".") if "." in digits else digits
