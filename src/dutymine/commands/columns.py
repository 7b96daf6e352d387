"""Tables for a terminal: columns that line up although a Chinese character is two columns wide."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

_GAP = "  "


def aligned(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Lines of a table; numbers stand at the right of their column, the rest at the left."""
    cells = [list(header), *([_word(cell) for cell in row] for row in rows)]
    widths = [max(cell_len(row[column]) for row in cells) for column in range(len(header))]
    right = [bool(rows) and all(isinstance(row[column], int | float) for row in rows) for column in range(len(header))]
    lines = []
    for row in cells:
        padded = [
            " " * (width - cell_len(cell)) + cell if at_right else cell + " " * (width - cell_len(cell))
            for cell, width, at_right in zip(row, widths, right, strict=True)
        ]
        lines.append(_GAP.join(padded).rstrip())
    return "\n".join(lines)


def _word(cell: object) -> str:
    return f"{cell:.3f}" if isinstance(cell, float) else str("" if cell is None else cell)
