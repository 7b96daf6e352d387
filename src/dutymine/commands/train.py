"""`dutymine train`: the duty classifier anew from labelled clauses."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from dutymine.commands.columns import aligned
from dutymine.commands.outcome import Outcome, UsageError
from dutymine.commands.progress import bar
from dutymine.engines.train import LabelsError, train
from dutymine.settings import PACKAGE, Settings, models_folder

_CORPUS = PACKAGE.parent.parent / "corpus" / "labels" / "duties.csv"
_AXES = {"functions": "职能（首位）", "acts": "行为（首位）", "role": "角色"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument("--corpus", type=Path, metavar="FILE", help="CSV of labelled clauses (default: our own)")
    parser.add_argument(
        "--from",
        dest="reviewed",
        type=Path,
        action="append",
        default=[],
        metavar="DIR",
        help="reviewers' corrections: a folder with clauses.csv, or such a file; may be repeated",
    )
    parser.add_argument("--out", type=Path, metavar="DIR", help="folder of the model (default: where it is looked for)")
    parser.add_argument("--lexicon", type=Path, metavar="DIR", help="folder of your own vocabulary rows")


def run(options: argparse.Namespace) -> Outcome:
    """Train and write the model, with the spaCy pipeline that wraps it."""
    corpus = options.corpus or _CORPUS
    reviewed = [path / "clauses.csv" if path.is_dir() else path for path in options.reviewed]
    for file in (corpus, *reviewed):
        if not file.is_file():
            raise UsageError(f"no such file: {file}")
    out = options.out or models_folder()
    try:
        with bar() as progress:
            card = train(corpus, reviewed, out, Settings(lexicon=options.lexicon), progress)
    except LabelsError as error:
        raise UsageError(str(error)) from None
    from dutymine.pipes import load  # noqa: PLC0415  spaCy

    load().to_disk(out / "pipeline")
    return Outcome(text=f"{_table(card)}\n\n{out}")


def _table(card: dict[str, Any]) -> str:
    rows = [
        (_AXES[axis], _SETS[name], *(f"{value:.3f}" for value in _numbers(card[name][axis])))
        for name in _SETS
        if name in card
        for axis in _AXES
    ]
    return aligned(_HEADINGS, rows)


_HEADINGS = ("维度", "数据", "准确率", "较有把握的一半", "无需复核的占比", "其准确率", "标签集合F1", "校准误差")
_SETS = {"cross_validation": "交叉验证", "test": "测试"}


def _numbers(quality: dict[str, Any]) -> tuple[float, ...]:
    return (
        quality["accuracy"],
        quality["surer_half"],
        quality["sure"]["coverage"],
        quality["sure"]["accuracy"],
        quality["set_f1"],
        quality["calibration_error"],
    )
