"""Two documents' duties side by side for a terminal, in which a Chinese character is two columns wide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, zip_longest

from rich.cells import cell_len

from dutymine.mandates.alignment import differences
from dutymine.mandates.normal import Normal, normalise, voice
from dutymine.mandates.pairing import Pairing, pairings
from dutymine.model import Clause, Mined
from dutymine.settings import Settings

_GAP = " │ "
_RED, _GREEN, _END = "\x1b[31m", "\x1b[32m", "\x1b[0m"
_HANGING = "。，、；：）”》"  # never first in a line: the last columns of a side are left to them
_HANG = 2
_LEAST = 12  # columns of a side

# A character and whether it differs.
Marked = tuple[str, bool]


@dataclass(frozen=True, slots=True)
class Page:
    """How wide a side is, and whether differences are coloured (else they stand in brackets)."""

    width: int
    coloured: bool


def page(columns: int, coloured: bool) -> Page:
    """The page of a terminal with that many columns."""
    return Page(max(_LEAST, (columns - cell_len(_GAP)) // 2), coloured)


def side_by_side(left: Mined, right: Mined, how: Page, settings: Settings) -> str:
    """Both documents' duties, paired, with what differs marked; words that only name another place do not differ."""
    sides = [[normalise(clause.text, voice(mined), settings) for clause in mined.clauses] for mined in (left, right)]
    found = pairings([item.text for item in sides[0]], [item.text for item in sides[1]])
    parts = [_lines(_plain(_name(left)), _plain(_name(right)), how)]
    for pairing in found:
        clauses = [left.clauses[i] for i in pairing.left], [right.clauses[j] for j in pairing.right]
        normals = [sides[0][i] for i in pairing.left], [sides[1][j] for j in pairing.right]
        parts.append(_lines(*_marked(clauses, normals, settings), how))
    rule = "─" * how.width + "─┼─" + "─" * how.width
    return f"\n{rule}\n".join("\n".join(part) for part in parts) + "\n\n" + _summary(found, sides)


def _name(mined: Mined) -> str:
    who = mined.identity
    return f"{who.department or mined.document.path} {who.fiscal_year or ''}".strip()


def _summary(found: Sequence[Pairing], sides: Sequence[Sequence[Normal]]) -> str:
    both = [item for item in found if item.left and item.right]
    same = sum(
        len(item.left) == len(item.right) == 1 and sides[0][item.left[0]].text == sides[1][item.right[0]].text
        for item in both
    )
    one, other = (sum(not item.right for item in found), sum(not item.left for item in found))
    return f"对应 {len(both)} 条，其中相同 {same} 条；仅左有 {one} 条，仅右有 {other} 条"


def _marked(
    clauses: tuple[list[Clause], list[Clause]], normals: tuple[list[Normal], list[Normal]], settings: Settings
) -> tuple[list[Marked], list[Marked]]:
    """Both sides of a pairing as characters; several clauses of a side are compared as one text."""
    texts = ["".join(item.text for item in side) for side in normals]
    changed: tuple[set[int], set[int]] = (set(), set())
    for item in differences(texts[0], texts[1], settings) if all(texts) else ():
        changed[0].update(range(*item.left))
        changed[1].update(range(*item.right))
    one, other = (
        list(_characters(list(zip(*side, strict=True)), marks))
        for side, marks in zip(zip(clauses, normals, strict=True), changed, strict=True)
    )
    return one, other


def _characters(side: Sequence[tuple[Clause, Normal]], changed: set[int]) -> Iterator[Marked]:
    at = 0
    for number, (clause, normal) in enumerate(side):
        yield from _plain((" " if number else "") + clause.marker)
        marked: set[int] = set()
        for i in range(len(normal.text)):
            if at + i in changed:
                # With the punctuation between two characters that both differ.
                stop = (
                    normal.ends[i] if at + i + 1 not in changed or i + 1 == len(normal.text) else normal.starts[i + 1]
                )
                marked.update(range(normal.starts[i], stop))
        yield from ((" " if char.isspace() else char, i in marked) for i, char in enumerate(clause.text))
        at += len(normal.text)


def _plain(text: str) -> list[Marked]:
    return [(char, False) for char in text]


def _lines(left: Sequence[Marked], right: Sequence[Marked], how: Page) -> list[str]:
    """Lines of both sides beside each other."""
    marked = (left, right) if how.coloured else (list(_bracketed(left)), list(_bracketed(right)))
    columns = [list(_wrapped(side, how.width - _HANG)) for side in marked]
    return [
        (_painted(one, _RED, how) + _GAP + _painted(other, _GREEN, how)).rstrip()
        for one, other in zip_longest(*columns, fillvalue=[])
    ]


def _bracketed(side: Sequence[Marked]) -> Iterator[Marked]:
    for changed, run in groupby(side, key=lambda item: item[1]):
        words = "".join(char for char, _ in run)
        yield from ((char, changed) for char in (f"[{words}]" if changed else words))


def _wrapped(side: Sequence[Marked], width: int) -> Iterator[list[Marked]]:
    """Lines of at most `width` columns, and a stop behind them."""
    line: list[Marked] = []
    used = 0
    for char, changed in side:
        size = cell_len(char)
        if used + size > width and not (char in _HANGING and used + size <= width + _HANG):
            yield line
            line, used = [], 0
        line.append((char, changed))
        used += size
    yield line


def _painted(line: Sequence[Marked], colour: str, how: Page) -> str:
    """A line filled up to the width of its side."""
    text = "".join(char for char, _ in line)
    fill = " " * (how.width - cell_len(text))
    if not how.coloured:
        return text + fill
    runs = [("".join(char for char, _ in run), changed) for changed, run in groupby(line, key=lambda item: item[1])]
    return "".join(f"{colour}{words}{_END}" if changed else words for words, changed in runs) + fill
