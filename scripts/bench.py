"""Speed and memory: beside other tools on the same text, by format, and of a batch.

`text` prints characters a second of the whole extraction with all tables, of amounts and thresholds alone, of JioNLP's
`ner.extract_money` and of a one-line regex, and the peak memory of a folder of documents above what the imports take.
`formats` prints documents and pages a second by format. `batch` prints documents a second with one and two processes,
memory at both ends, and whether a batch that was killed again and again ends with the same bytes.
Ratios are what counts: the machine may be shared. `--full` takes more text and more documents.
"""

from __future__ import annotations

import argparse
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from bench_files import batch, by_format
from dutymine.engines.local import Job, extract
from dutymine.facts.quantities import quantities
from dutymine.facts.thresholds import targets
from dutymine.layout.noise import quiet
from dutymine.settings import Settings
from dutymine.text import fold

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
ONE_LINE = re.compile(r"\d[\d,]*(?:\.\d+)?\s*(?:万|亿)?元")
ROUNDS = 5


def texts() -> list[str]:
    """The corpus as text."""
    files = sorted([*(CORPUS / "samples").glob("*.txt"), *(CORPUS / "heldout").glob("*.txt")])
    decoded = []
    for file in files:
        for encoding in ("utf-8-sig", "gb18030", "utf-16"):
            try:
                decoded.append(file.read_bytes().decode(encoding))
                break
            except UnicodeDecodeError:
                continue
    return decoded


def rate(work: Callable[[str], object], samples: list[str]) -> list[float]:
    """Characters a second of each round."""
    size = sum(map(len, samples))
    rates = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        for sample in samples:
            work(sample)
        rates.append(size / (time.perf_counter() - begun))
    return rates


def alone(text: str) -> object:
    """Sums of money and bounds of a text, without its outline and tables."""
    still = quiet(fold(text))
    settings = Settings()
    found = quantities(still, 0, len(still), settings)
    return [quantity for quantity in found if quantity.money], targets(still, (0, len(still)), found, True, settings)


def whole(samples: list[str], copies: int) -> list[float]:
    """Characters a second of `extract` from files to CSV, one process."""
    rates = []
    with tempfile.TemporaryDirectory() as folder:
        inputs = Path(folder, "in")
        inputs.mkdir()
        for copy in range(copies):
            for number, sample in enumerate(samples):
                Path(inputs, f"{copy}_{number}.txt").write_text(f"{sample}\n第{copy}份\n", encoding="utf-8")
        size = copies * sum(map(len, samples))
        for round_ in range(ROUNDS):
            begun = time.perf_counter()
            extract(Job((str(inputs),), Path(folder, f"out{round_}")))
            rates.append(size / (time.perf_counter() - begun))
    return rates


_MEMORY = """
import resource, sys
from pathlib import Path
from dutymine.engines.local import Job, extract
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
extract(Job((sys.argv[1],), Path(sys.argv[2])))
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def memory(samples: list[str], documents: int) -> int:
    """Peak memory (MB) of a folder of documents above what the imports take."""
    with tempfile.TemporaryDirectory() as folder:
        inputs = Path(folder, "in")
        inputs.mkdir()
        for number in range(documents):
            text = f"{samples[number % len(samples)]}\n第{number}份\n"
            Path(inputs, f"{number:05}.txt").write_text(text, encoding="utf-8")
        command = [sys.executable, "-c", _MEMORY, str(inputs), str(Path(folder, "out"))]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    return int(done.stdout)


def linear(samples: list[str]) -> tuple[float, float]:
    """Seconds for one line of half and of full length (5 MB in UTF-8): twice the text, about twice the time."""
    line = "".join("".join(samples).split("\n"))
    whole_length = 1_750_000
    long = (line * (whole_length // len(line) + 1))[:whole_length]
    seconds = []
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (("half", long[: whole_length // 2]), ("full", long)):
            Path(folder, f"{name}.txt").write_text(text, encoding="utf-8")
            begun = time.perf_counter()
            extract(Job((str(Path(folder, f"{name}.txt")),), Path(folder, f"out_{name}")))
            seconds.append(time.perf_counter() - begun)
    return seconds[0], seconds[1]


def beside_others(full: bool) -> int:
    """Print characters a second beside other tools; 1 when JioNLP is not installed."""
    try:
        import jionlp.algorithm.ner as jionlp_ner  # noqa: PLC0415
    except ImportError:
        print("jionlp is not installed: pip install dutymine[bench]", file=sys.stderr)
        return 1
    samples = texts()
    money = jionlp_ner.MoneyExtractor()
    measured = {
        "whole extraction, files to CSV": whole(samples, 20 if full else 4),
        "amounts and thresholds alone": rate(alone, samples),
        "JioNLP ner.extract_money": rate(money, samples),
        "one-line regex": rate(ONE_LINE.findall, samples),
    }
    base = statistics.median(measured["JioNLP ner.extract_money"])
    print(f"{len(samples)} documents, {sum(map(len, samples))} characters, {ROUNDS} rounds\n")
    print(f"{'':34}{'characters/s':>14}{'x JioNLP':>10}{'min':>12}{'max':>12}")
    for name, rates in measured.items():
        middle = statistics.median(rates)
        print(f"{name:34}{middle:14,.0f}{middle / base:10.2f}{min(rates):12,.0f}{max(rates):12,.0f}")
    documents = 1000 if full else 300
    print(f"\npeak memory above imports, {documents} documents: {memory(samples, documents)} MB")
    half, long = linear(samples)
    print(f"one line of 0.9 and 1.75 million characters: {half:.1f} s and {long:.1f} s (x{long / half:.2f})")
    print(f"peak memory of this run: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
    return 0


def main() -> int:
    """Print the sections; exit status 1 when JioNLP is wanted and not installed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true", help="more text, more documents")
    parser.add_argument("--only", choices=("text", "formats", "batch", "compare"), help="one section")
    options = parser.parse_args()
    status = beside_others(options.full) if options.only in (None, "text") else 0
    if options.only in (None, "formats"):
        by_format(32 if options.full else 6)
    if options.only == "batch" or (options.full and not options.only):
        batch(*((10_000, 500, 20) if options.full else (200, 70, 3)))
    if options.only == "compare" or (options.full and not options.only):
        import bench_compare  # noqa: PLC0415  needs much memory

        bench_compare.main(options.full)
    return status


if __name__ == "__main__":
    raise SystemExit(main())
