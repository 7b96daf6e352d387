"""Links: likeness of texts that does not hang on the order in which a set happens to lie in memory."""

from __future__ import annotations

import random

from dutymine.links.similarity import Similarity


def test_what_another_text_holds_whole_scores_exactly_one() -> None:
    """Equal scores must tie to the last digit, else which link comes first differs from run to run."""
    chance = random.Random(11)
    signs = [chr(code) for code in range(0x4E00, 0x4E00 + 400)]
    for _ in range(300):
        pairs = ["".join(chance.sample(signs, 2)) for _ in range(60)]
        measure = Similarity({pair: chance.random() for pair in pairs}, 1.0)
        part = frozenset(pairs[:25])
        assert measure.score(part, frozenset(pairs)) == 1.0
        assert measure.score(frozenset(pairs), part) == 1.0
