"""The language model of `typo`: the character pairs that Chinese text is made of (`data/bigrams.txt`)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from dutymine.settings import DATA

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Codes = NDArray[Any]  # a number for every character of a text
    Flags = NDArray[Any]  # true or false for every character of a text

_PLANE = 0x10000  # code points above it are no characters of disclosures: they count as its last one
_HAN = slice(0x4E00, 0xA000)


def codes(text: str) -> Codes:
    """The code point of every character."""
    import numpy as np  # noqa: PLC0415  heavy

    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    return np.minimum(points, _PLANE - 1)


@cache
def _model() -> tuple[Codes, Codes, int]:
    """The number of each character (0: not Chinese, 1: in no pair), one bit for every pair of numbers that is heard,
    and how many numbers there are.
    """
    import numpy as np  # noqa: PLC0415  heavy

    pairs = codes((DATA / "bigrams.txt").read_text("utf-8").replace("\n", "")).reshape(-1, 2)
    letters = np.unique(pairs)
    size = len(letters) + 2
    number = np.zeros(_PLANE, np.int32)
    number[_HAN] = 1
    number[letters] = np.arange(2, size)
    heard = np.zeros((size, size), np.bool_)
    heard[number[pairs[:, 0]], number[pairs[:, 1]]] = heard[0, :] = heard[:, 0] = True
    return number, np.packbits(heard, bitorder="little"), size


def odd(text: str) -> Flags:
    """Where a character makes an unheard-of pair with the next one."""
    import numpy as np  # noqa: PLC0415  heavy

    number, heard, size = _model()
    numbers = number[codes(text)]
    place = numbers[:-1] * size + numbers[1:]
    return np.append(heard[place >> 3] >> (place & 7) & 1 == 0, False)[: len(text)]
