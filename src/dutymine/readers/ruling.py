"""Ruled tables on the picture of a page: where the rules stand, which cells they enclose, which cells are merged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Box = tuple[int, int, int, int]  # left, top, right, bottom in pixels

# In parts of the picture's width; an A4 page at 150 dpi is 1240 pixels wide.
_ACROSS = 1 / 30  # shortest rule from left to right
_DOWN = 1 / 50  # shortest rule from top to bottom: less than a row, more than most strokes of a character
_LEAST_TABLE = 1 / 5
_NEAR = 1 / 200  # two rules within it are one
_THICK = 1 / 120  # anything thicker is a picture or a filled cell
_GAP = 3  # pixels that print and scan may leave out of a rule; more would make rules of the strokes of neighbours
_DRAWN = 0.5  # part of a cell's side that must be ruled


@dataclass(frozen=True, slots=True)
class Grid:
    """A ruled table: bounds of its rows and columns in pixels, and for every place the origin of the cell there."""

    ys: tuple[int, ...]
    xs: tuple[int, ...]
    cells: tuple[tuple[tuple[int, int], ...], ...]

    def box(self, row: int, column: int) -> Box:
        """The cell whose origin is at `row` and `column`."""
        bottom, right, origin = row, column, (row, column)
        while right < len(self.xs) - 1 and self.cells[row][right] == origin:
            right += 1
        while bottom < len(self.ys) - 1 and self.cells[bottom][column] == origin:
            bottom += 1
        return self.xs[column], self.ys[row], self.xs[right], self.ys[bottom]

    def origins(self) -> Iterator[tuple[int, int]]:
        """The origins of all cells, row by row."""
        return ((r, c) for r, row in enumerate(self.cells) for c, origin in enumerate(row) if origin == (r, c))


def find_grids(ink: Mask) -> tuple[list[Grid], Mask]:
    """The ruled tables of a page's ink from top to bottom, and the pixels of their rules."""
    from scipy import ndimage  # noqa: PLC0415  only a scan needs it

    height, width = ink.shape
    across = _rules(ink, width * _ACROSS, width * _THICK)
    down = _rules(ink.T, width * _DOWN, width * _THICK).T
    near = max(3, round(width * _NEAR))
    labels, _ = ndimage.label(across | down, structure=np.ones((3, 3)))
    grids: list[Grid] = []
    wiped = np.zeros((height, width), dtype=bool)
    for number, place in enumerate(ndimage.find_objects(labels), 1):
        top, left = place[0].start, place[1].start
        if place[1].stop - left < width * _LEAST_TABLE:
            continue
        part = labels[place] == number
        sides = (across[place] & part, down[place] & part)
        ys = _bounds(sides[0], near)
        xs = _bounds(sides[1].T, near)
        if len(ys) < 2 or len(xs) < 2:
            continue  # strokes of a line of text, an underline
        wiped[place] |= (sides[0] & _close_to(ys, part.shape[0], near)[:, None]) | (
            sides[1] & _close_to(xs, part.shape[1], near)[None, :]
        )
        if len(ys) + len(xs) > 4:
            cells = _cells(_drawn(sides[0], ys, xs, near), _drawn(sides[1].T, xs, ys, near))
            grids.append(Grid(tuple(y + top for y in ys), tuple(x + left for x in xs), cells))
    return sorted(grids, key=lambda grid: (grid.ys[0], grid.xs[0])), wiped


def _rules(ink: Mask, length: float, thick: float) -> Mask:
    """Pixels of rules from left to right: runs of at least `length` that are no part of something thick."""
    spread = ink.copy()  # a rule that is not quite level stays one
    spread[1:] |= ink[:-1]
    spread[:-1] |= ink[1:]
    runs = _runs(~_runs(~spread, _GAP, 1), length, 1)
    return runs & ~_runs(runs, thick, 0)


def _runs(mask: Mask, length: float, axis: int) -> Mask:
    """What stands in runs of at least `length` pixels along an axis."""
    from scipy import ndimage  # noqa: PLC0415

    size = round(length) | 1
    kept = ndimage.minimum_filter1d(mask, size, axis=axis, mode="constant", cval=0)
    return np.asarray(ndimage.maximum_filter1d(kept, size, axis=axis, mode="constant", cval=0), dtype=bool)


def _bounds(rules: Mask, near: int) -> list[int]:
    """Heights of rules from left to right, those within `near` as one."""
    long = rules.sum(axis=1)
    rows = np.flatnonzero(long >= 4 * near)
    groups: list[list[int]] = []
    for row in rows:
        if groups and row - groups[-1][-1] <= near:
            groups[-1].append(int(row))
        else:
            groups.append([int(row)])
    return [int(np.average(group, weights=long[group])) for group in groups]


def _close_to(bounds: list[int], size: int, near: int) -> Mask:
    mask = np.zeros(size, dtype=bool)
    for bound in bounds:
        mask[max(0, bound - near) : bound + near + 1] = True
    return mask


def _drawn(rules: Mask, bounds: list[int], others: list[int], near: int) -> Mask:
    """For every bound and every stretch between two `others`, whether a rule is drawn there."""
    result = np.zeros((len(bounds), len(others) - 1), dtype=bool)
    for i, bound in enumerate(bounds):
        strip = np.asarray(rules[max(0, bound - near) : bound + near + 1].any(axis=0))
        for j, (start, end) in enumerate(pairwise(others)):
            result[i, j] = strip[start:end].mean() >= _DRAWN
    return result


def _cells(across: Mask, down: Mask) -> tuple[tuple[tuple[int, int], ...], ...]:
    """The origin of the cell at every place; a cell goes on to the right and down where no rule is drawn.

    `across[i, j]` is the rule above row i in column j, `down[j, i]` the one left of column j in row i.
    """
    rows, columns = across.shape[0] - 1, down.shape[0] - 1
    cells: dict[tuple[int, int], tuple[int, int]] = {}
    for r in range(rows):
        for c in range(columns):
            if (r, c) in cells:
                continue
            right, bottom = c + 1, r + 1
            while right < columns and not down[right, r] and (r, right) not in cells:
                right += 1
            while bottom < rows and _is_open(across, down, bottom, c, right):
                bottom += 1
            cells |= {(i, j): (r, c) for i in range(r, bottom) for j in range(c, right)}
    return tuple(tuple(cells[r, c] for c in range(columns)) for r in range(rows))


def _is_open(across: Mask, down: Mask, row: int, left: int, right: int) -> bool:
    """Whether a cell reaches down into `row`: no rule above it and none inside it."""
    return not across[row, left:right].any() and not down[left + 1 : right, row].any()
