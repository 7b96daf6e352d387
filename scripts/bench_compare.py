"""Families of a million clauses: time, memory, recall and precision, beside DuckDB's exact join in the same run.

The clauses are generated: families of one wording with small edits (a word left out, put in or changed, as copies of a
template have them), sizes from 2 to some hundreds, and as many clauses that belong to none. The truth is known: pairs
of one family whose similarity reaches 0.8, and as a stricter measure whole families.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

import numpy as np

_TYPES = 40  # department types, the blocks of the search
_SYLLABLES = "政策规划项目资金安全监督管理服务信息网络建设发展改革农业工业商务文化教育卫生医疗交通运输水利林业环境资源土地城市乡村住房财政税收金融统计审计司法公安民政人事劳动保障就业社会组织宣传统战外事侨务体育旅游广播新闻出版科技创新知识产权标准质量计量食品药品特种设备应急消防防汛抗旱地震气象海洋渔业畜牧兽医种子肥料粮食储备能源电力煤炭石油天然气矿产勘查测绘地理移民扶贫振兴退役军人优抚安置养老残疾儿童妇女青年工会志愿慈善殡葬婚姻收养区划地名"
_ACTS = ("负责", "组织", "指导", "监督", "拟订", "承担", "协调", "推进", "统筹", "审批", "开展", "实施", "参与", "牵头", "落实")
_TAILS = ("工作", "管理", "建设", "规划", "标准", "政策", "制度", "体系", "事项", "监测", "评估", "检查", "服务", "保障")


def phrase(random_: random.Random) -> str:
    """A phrase of an act and an object."""
    words = "".join(random_.choice(_SYLLABLES) for _ in range(random_.randint(4, 14)))
    return random_.choice(_ACTS) + words + random_.choice(_TAILS)


def clause(random_: random.Random) -> str:
    """A clause of 40 to 200 characters."""
    length, parts = random_.randint(40, 160), ""
    while len(parts) < length:
        parts += phrase(random_)
    return parts


def edited(text: str, random_: random.Random) -> str:
    """A copy with up to three small edits; about one in three is exact."""
    for _ in range(random_.choice((0, 0, 1, 1, 2, 3))):
        at = random_.randrange(len(text) - 4)
        kind = random_.randrange(3)
        word = random_.choice(_ACTS + _TAILS)
        text = text[:at] + ("" if kind == 0 else word) + text[at + (0 if kind == 1 else 2) :]
    return text


def generated(size: int, seed: int = 7) -> Iterator[tuple[int, int, str]]:
    """Block, family (-1: none) and text of `size` clauses: half of them in families."""
    random_ = random.Random(seed)
    left, family = size // 2, 0
    while left > 0:
        members = min(left, max(2, int(random_.paretovariate(0.9))), 2000)
        base, block = clause(random_), random_.randrange(_TYPES)
        for _ in range(members):
            yield block, family, edited(base, random_)
        family += 1
        left -= members
    for _ in range(size - size // 2):
        yield random_.randrange(_TYPES), -1, clause(random_)


def measured(size: int, blocks: bool) -> dict[str, float]:
    """Seconds, peak memory and quality of the family search on generated clauses."""
    from dutymine.mandates.families import distinct, families  # noqa: PLC0415

    rows = list(generated(size))
    random.Random(3).shuffle(rows)
    texts = [text for _, _, text in rows]
    kinds = np.array([block if blocks else 0 for block, _, _ in rows], np.int32)
    truth = np.array([family for _, family, _ in rows])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.perf_counter()
    of, unique, weights, where = distinct(texts, kinds)
    found = families(unique, weights, where)
    seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    recall, precision = quality(truth, found.medoids[of])
    return {
        "clauses": size, "seconds": seconds, "recall": recall, "precision": precision,
        "peak_mb": peak // 1024, "above_input_mb": (peak - before) // 1024,
    }  # fmt: skip


def quality(truth: np.ndarray, found: np.ndarray) -> tuple[float, float]:
    """Recall and precision of the pairs of families, counted without listing them."""
    inside = truth >= 0
    both = Counter(zip(truth[inside].tolist(), found[inside].tolist(), strict=True))
    same = sum(n * (n - 1) // 2 for n in both.values())
    true = sum(n * (n - 1) // 2 for n in Counter(truth[inside].tolist()).values())
    put = sum(n * (n - 1) // 2 for n in Counter(found.tolist()).values())
    return same / max(true, 1), same / max(put, 1)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=10000)
    parser.add_argument("--one-block", action="store_true")
    options = parser.parse_args()
    print(json.dumps(measured(options.size, not options.one_block)))
