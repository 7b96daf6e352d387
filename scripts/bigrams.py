"""Make src/dutymine/data/bigrams.txt: the pairs of characters that Chinese official text is made of.

Pairs inside the words of jieba's dictionary (MIT) by the words' frequencies, and pairs of our own corpus (clean
documents and labelled clauses). Only pairs seen often enough are kept, in order, two characters each.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import jieba

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "src" / "dutymine" / "data" / "bigrams.txt"
# Below this frequency a pair is as likely a slip: set on the tuned corpus, where it leaves no false alarm.
LEAST = 20
LEAST_IN_CORPUS = 2
PER_LINE = 60
_HAN = re.compile(r"[\u4e00-\u9fff]+")


def _of(text: str) -> Counter[str]:
    return Counter(a + b for run in _HAN.findall(text) for a, b in pairwise(run))


def main() -> None:
    """Count, cut, write."""
    counts: Counter[str] = Counter()
    dictionary = Path(jieba.__file__).with_name("dict.txt")
    for line in dictionary.read_text("utf-8").splitlines():
        word, frequency, *_ = line.split()
        for pair, times in _of(word).items():
            counts[pair] += times * int(frequency)
    kept = {pair for pair, count in counts.items() if count >= LEAST}
    own: Counter[str] = Counter()
    for path in sorted((ROOT / "corpus").glob("labels/*.csv")):
        own += _of(path.read_text("utf-8"))
    kept |= {pair for pair, count in own.items() if count >= LEAST_IN_CORPUS}
    ordered = sorted(kept)
    lines = ["".join(ordered[i : i + PER_LINE]) for i in range(0, len(ordered), PER_LINE)]
    TARGET.write_text("\n".join(lines) + "\n", "utf-8")
    print(f"{len(ordered)} pairs in {TARGET.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
