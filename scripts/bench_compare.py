"""Families of a million clauses: time, memory, recall and precision; our exact join beside DuckDB's in the same run.

The clauses are generated: families of one wording with small edits (a word left out, put in or changed, as copies of a
template have them), of 2 to 2,000 clauses, and as many clauses that belong to none. So the truth is known: recall and
precision are counted over pairs of clauses of one family. Both joins get the same texts, one of each family, so that
neither lists the pairs inside families, and look for all pairs from the same similarity on. Every measurement has a
process of its own; seconds of wall clock and of processor are both given, since the machine may be shared.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

import numpy as np

from dutymine.engines.sql_families import connected, fill
from dutymine.mandates.families import COPIED, distinct, families
from dutymine.mandates.join_sql import near_duplicates
from dutymine.mandates.shingles import all_pairs, lists, shingles, similar
from dutymine.mandates.templates import deviations, template
from dutymine.settings import Settings

_TYPES = 40  # department types, the blocks of the search
_SYLLABLES = (
    "政策规划项目资金安全监督管理服务信息网络建设发展改革农业工业商务文化教育卫生医疗交通运输水利林业环境资源土地城市乡村住房财政税收金融统计审计"
    "司法公安民政人事劳动保障就业社会组织宣传统战外事侨务体育旅游广播新闻出版科技创新知识产权标准质量计量食品药品特种设备应急消防防汛抗旱地震"
    "气象海洋渔业畜牧兽医种子肥料粮食储备能源电力煤炭石油天然气矿产勘查测绘地理移民扶贫振兴退役军人优抚安置养老残疾儿童妇女青年工会志愿慈善"
)
_ACTS = (
    *("负责", "组织", "指导", "监督", "拟订", "承担", "协调", "推进"),
    *("统筹", "审批", "开展", "实施", "参与", "牵头", "落实"),
)
_TAILS = (
    *("工作", "管理", "建设", "规划", "标准", "政策", "制度", "体系"),
    *("事项", "监测", "评估", "检查", "服务", "保障"),
)
_SIZES = (10_000, 100_000)
_FULL = 1_000_000
_SKEW = 50_000
_MEMORY = "3GB"
_LEAST_PATIENCE, _PATIENCE = 60, 3  # seconds, and times our own, that DuckDB is waited for


def phrase(random_: random.Random) -> str:
    """A phrase of an act and an object."""
    words = "".join(random_.choices(_SYLLABLES, k=random_.randint(4, 14)))
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


def clauses(size: int) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Texts, blocks and families of generated clauses in no order."""
    rows = list(generated(size))
    random.Random(3).shuffle(rows)
    blocks, truth = (np.array([row[i] for row in rows], np.int32) for i in (0, 1))
    return [text for _, _, text in rows], blocks, truth


def timed(work: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    """What the work gave, with its seconds and what it took of memory."""
    before = resource.getrusage(resource.RUSAGE_SELF)
    begun, used = time.perf_counter(), time.process_time()
    result = work()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return result, {
        "seconds": time.perf_counter() - begun,
        "cpu": time.process_time() - used,
        "peak_mb": peak // 1024,
        "above_mb": (peak - before.ru_maxrss) // 1024,
    }


def ours(size: int, heads: Path | None = None) -> dict[str, float]:
    """The search for families: from texts to the family of each clause; `heads` takes one text of each family."""
    texts, blocks, truth = clauses(size)

    def search() -> tuple[np.ndarray, ...]:
        of, unique, weights, where = distinct(texts, blocks)
        medoids = families(unique, weights, where).medoids
        return medoids[of], np.array(unique, object)[np.unique(medoids)], where[np.unique(medoids)]

    (found, kept, where), measured = timed(search)
    if heads:
        heads.write_text(json.dumps([kept.tolist(), where.tolist()]), encoding="utf-8")
    recall, precision = quality(truth, found)
    return measured | {"recall": recall, "precision": precision}


def _heads(path: Path) -> tuple[list[str], np.ndarray]:
    texts, blocks = json.loads(path.read_text("utf-8"))
    return texts, np.array(blocks, np.int32)


def join(heads: Path) -> dict[str, float]:
    """Our exact join of one text of each family: all pairs from 0.8 on."""
    texts, blocks = _heads(heads)

    def pairs() -> int:
        sets = shingles(texts, blocks)
        found = lists(sets, np.arange(len(texts)), COPIED)
        near = [similar(sets, part, COPIED)[0] for part in all_pairs(found)]
        return len({pair for part in near for pair in zip(*part.tolist(), strict=True)})

    count, measured = timed(pairs)
    return measured | {"pairs": count}


def duckdb(heads: Path) -> dict[str, float]:
    """DuckDB's exact join of the same texts."""
    texts, blocks = _heads(heads)

    def pairs() -> int:
        with tempfile.TemporaryDirectory() as folder, connected(Path(folder), _MEMORY) as base:
            fill(base, texts, blocks)
            for statement in near_duplicates(COPIED):
                base.execute(statement)
            return int(base.execute("SELECT count(*) FROM near").fetchall()[0][0])

    count, measured = timed(pairs)
    return measured | {"pairs": count}


def skew(size: int, one_family: bool) -> dict[str, float]:
    """From texts to every member's deviations: `size` clauses of one family, or none of any."""
    random_, settings = random.Random(5), Settings()
    base = clause(random_)
    texts = [edited(base, random_) if one_family else clause(random_) for _ in range(size)]

    def compare() -> int:
        _, unique, weights, where = distinct(texts, np.zeros(size, np.int32))
        medoids = families(unique, weights, where).medoids
        members: dict[int, dict[str, int]] = {}
        for text, family, count in zip(unique, medoids.tolist(), weights.tolist(), strict=True):
            members.setdefault(family, {})[text] = count
        told = 0
        for family, counts in members.items():
            made = template(counts, unique[family], "", settings)
            told += sum(len(deviations(text, made, settings)) for text in counts)
        return told

    return timed(compare)[1]


def quality(truth: np.ndarray, found: np.ndarray) -> tuple[float, float]:
    """Recall and precision of the pairs of families, counted without listing them."""
    inside = truth >= 0
    both = Counter(zip(truth[inside].tolist(), found[inside].tolist(), strict=True))
    same = sum(n * (n - 1) // 2 for n in both.values())
    true = sum(n * (n - 1) // 2 for n in Counter(truth[inside].tolist()).values())
    put = sum(n * (n - 1) // 2 for n in Counter(found.tolist()).values())
    return same / max(true, 1), same / max(put, 1)


_MEASURES = {
    "ours": lambda options: ours(options.size, options.heads),
    "join": lambda options: join(options.heads),
    "duckdb": lambda options: duckdb(options.heads),
    "family": lambda options: skew(options.size, True),
    "singles": lambda options: skew(options.size, False),
}


def apart(measure: str, size: int, heads: Path | None = None, patience: float | None = None) -> dict[str, float]:
    """One measurement in a process of its own; empty where it takes longer than `patience` seconds."""
    command = [sys.executable, __file__, "--measure", measure, "--size", str(size)]
    command += ["--heads", str(heads)] if heads else []
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=patience)
    except subprocess.TimeoutExpired:
        return {}
    result: dict[str, float] = json.loads(done.stdout)
    return result


def _columns(found: dict[str, float]) -> str:
    return f"{found['seconds']:9.1f}{found['cpu']:8.1f}{found['peak_mb']:9.0f}"


def _beside(size: int, heads: Path) -> float:
    """Print the lines of a size: the search, then both joins of what it leaves; processor seconds of the search."""
    found = apart("ours", size, heads)
    print(f"{size:10,} {'ours':11}{_columns(found)}{found['recall']:9.5f}{found['precision']:11.5f}", flush=True)
    own = apart("join", size, heads)
    print(f"{size:10,} {'  our join':11}{_columns(own)}{own['pairs']:9,.0f} pairs", flush=True)
    patience = _LEAST_PATIENCE + _PATIENCE * found["seconds"]
    other = apart("duckdb", size, heads, patience)
    told = f"{_columns(other)}{other['pairs']:9,.0f} pairs" if other else f" given up after {patience:.0f} s"
    print(f"{size:10,} {'  duckdb':11}{told}", flush=True)
    return found["cpu"]


def report(sizes: tuple[int, ...]) -> None:
    """Print the tables of the comparison."""
    print(f"{'clauses':>10}{'':12}{'seconds':>9}{'cpu':>8}{'peak MB':>9}{'recall':>9}{'precision':>11}")
    used = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            used.append(_beside(size, Path(folder, "heads.json")))
    growth = math.log(used[-1] / used[0]) / math.log(sizes[-1] / sizes[0])
    print(f"growth exponent of the search from {sizes[0]:,} to {sizes[-1]:,} (processor time): {growth:.2f}")
    family, singles = apart("family", _SKEW), apart("singles", _SKEW)
    print(
        f"{_SKEW:,} clauses to their deviations: one family {family['cpu']:.1f} s, "
        f"none {singles['cpu']:.1f} s (x{family['cpu'] / singles['cpu']:.2f})"
    )


def main(full: bool = False) -> None:
    """Measure 10,000 and 100,000 clauses; `full` adds a million."""
    report((*_SIZES, _FULL) if full else _SIZES)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="a million clauses too")
    parser.add_argument("--measure", choices=tuple(_MEASURES), help=argparse.SUPPRESS)
    parser.add_argument("--size", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--heads", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(_MEASURES[options.measure](options)))
    else:
        main(options.full)
