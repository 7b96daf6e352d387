"""The quality gate: extract the gold corpus, score it, and compare with the pinned floors of corpus/floors.json.

Exit status 1 below a floor. `--update` raises floors, `--lower REASON` takes the scores of today and keeps the reason,
`--errors` lists every row that is not right, `--diff REV` shows what changed since a revision, row by row.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

import mutate
import power_labels
from dutymine.commands.columns import aligned
from dutymine.commands.evaluate import error_table, score_table
from dutymine.duties.classifier import AXES
from dutymine.engines.local import Job, extract
from dutymine.evaluate import Error, Scores, evaluate
from dutymine.model import Mined, Threshold
from dutymine.output.csv_tables import read_cells
from dutymine.output.files import write_json
from dutymine.pipeline import mine
from dutymine.readers import read
from dutymine.settings import Settings, models_folder

ROOT = Path(__file__).resolve().parent.parent
CORPUS, SHARED = ROOT / "corpus", ROOT.parent / "shared"
FLOORS = CORPUS / "floors.json"
# Sets by name: documents and their gold. Those of shared/ are scored where it stands beside the checkout.
SETS = {
    "samples": (CORPUS / "samples", CORPUS / "gold" / "samples"),
    "heldout": (CORPUS / "heldout", CORPUS / "gold" / "heldout"),
    "seeds": (SHARED / "seeds", SHARED / "gold"),
}
STRESS = SHARED / "gold" / "stress_expressions.csv"
_DISCLOSURE = """\
某某县某某局2022年部门预算
一、部门职责
（一）负责全县相关工作。
二、部门预算绩效
（一）总体绩效目标
{expression}。
"""
_MONEY = {"元": 1, "万元": 10**4, "亿元": 10**8}

# Metrics of a table by name, tables by set.
Metrics = dict[str, dict[str, float]]


# --- scores ----------------------------------------------------------------------------------------------------------


def present() -> dict[str, tuple[Path, Path]]:
    """The sets whose folders are there."""
    return {name: pair for name, pair in SETS.items() if all(folder.is_dir() for folder in pair)}


def score(name: str, folder: Path) -> Scores:
    """Extract a set into `folder` and score it."""
    documents, gold = SETS[name]
    run = extract(Job((str(documents),), folder))
    for line in run.failures:
        print(f"{name}: {line}", file=sys.stderr)
    return evaluate(gold, folder)


def metrics(scores: Scores) -> Metrics:
    """Every number that has a floor; `gold` is one too, so that shrinking the gold is seen."""
    result: Metrics = {}
    for table, values in scores.tables.items():
        numbers = {key: values[key] for key in ("precision", "recall", "f1", "gold")}
        result[table] = numbers | {f"fields.{key}": value for key, value in values["fields"].items()}
    return result


# --- stress expressions ----------------------------------------------------------------------------------------------


def stress() -> tuple[Metrics, list[Error]]:
    """Each expression in a tiny disclosure of its own: how many are read as they are meant."""
    right: Counter[str] = Counter()
    all_of: Counter[str] = Counter()
    errors = []
    for number, row in enumerate(read_cells(STRESS), 2):
        kind = "trap" if row["kind"].startswith("trap") else row["kind"]
        data = _DISCLOSURE.format(expression=row["text"]).encode()
        mined = mine(read(data, "stress.txt", Settings()), Settings())
        all_of[kind] += 1
        if _CHECKS[kind](row, mined):
            right[kind] += 1
        else:
            errors.append(Error("stress", kind, "wrong", number, row["text"], _seen(mined)))
    return {kind: {"right": right[kind], "gold": all_of[kind]} for kind in all_of}, errors


def injected() -> Metrics:
    """How many errors put into clean documents the checks find, and whether clean ones stay without alarm."""
    texts = mutate.clean_texts()
    found = mutate.measure(texts, rounds=1)
    recall = sum(item.found for item in found.values()) / sum(item.injected for item in found.values())
    families = sum(item.found / item.injected for item in found.values()) / len(found)
    quiet = float(mutate.false_alarms(texts) == (0, 0))
    return {"errors": {"recall": round(recall, 4), "by_family": round(families, 4), "clean_is_quiet": quiet}}


def classifier() -> Metrics:
    """What the card of the model says of kinds of department that it was not trained on."""
    test = json.loads((models_folder() / "card.json").read_text("utf-8"))["test"]
    return {axis: {key: test[axis][key] for key in ("accuracy", "surer_half", "set_f1")} for axis in AXES}


def _number(cell: str) -> Decimal | None:
    return Decimal(cell) if cell else None


def _money_right(row: dict[str, str], mined: Mined) -> bool:
    low, high = _number(row["low"]), _number(row["high"])
    sums = [amount.yuan for amount in mined.amounts]
    if row["comparator"] == "=":
        return sums == [low]
    stated = {bound for bound in (low, high) if bound is not None}
    targets = [(str(item.comparator), _yuan(item, item.low), _yuan(item, item.high)) for item in mined.thresholds]
    return (row["comparator"], low, high) in targets or set(sums) == stated


def _yuan(threshold: Threshold, bound: Decimal | None) -> Decimal | None:
    factor = _MONEY.get(threshold.unit.partition("/")[0])
    return None if bound is None or factor is None else bound * factor


def _threshold_right(row: dict[str, str], mined: Mined) -> bool:
    meant = (row["comparator"], _number(row["low"]), _number(row["high"]), row["unit"])
    return [(str(item.comparator), item.low, item.high, item.unit) for item in mined.thresholds] == [meant]


def _trap_right(row: dict[str, str], mined: Mined) -> bool:
    return not mined.amounts and (row["kind"] == "trap-money" or not mined.thresholds)


_CHECKS = {"money": _money_right, "thr": _threshold_right, "trap": _trap_right}


def _seen(mined: Mined) -> str:
    amounts = [f"amount {item.yuan}元" for item in mined.amounts]
    targets = [f"threshold {item.comparator} {item.low} {item.high} {item.unit}" for item in mined.thresholds]
    return ", ".join(amounts + targets) or "nothing"


# --- floors ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fall:
    """A metric below its floor; no score where it could not be computed any more."""

    where: tuple[str, str, str]
    floor: float
    score: float | None

    def __str__(self) -> str:
        return f"{' '.join(self.where)}: {self.score} is below its floor {self.floor}"


def falls(scored: dict[str, Metrics], floors: dict[str, Metrics]) -> list[Fall]:
    """Every metric below its floor, in the sets that were scored."""
    result = []
    for name, tables in floors.items():
        for table, pinned in tables.items() if name in scored else ():
            for metric, floor in pinned.items():
                value = scored[name].get(table, {}).get(metric)
                if value is None or value < floor:
                    result.append(Fall((name, table, metric), floor, value))
    return result


def raised(scored: dict[str, Metrics], floors: dict[str, Metrics]) -> dict[str, Metrics]:
    """The floors lifted to the scores where these are higher; never lower."""
    result = json.loads(json.dumps(floors))
    for name, tables in scored.items():
        for table, values in tables.items():
            pinned = result.setdefault(name, {}).setdefault(table, {})
            for metric, value in values.items():
                pinned[metric] = max(value, pinned.get(metric, value))
    return result


def lowered(floors: dict[str, Metrics], fallen: list[Fall]) -> dict[str, Metrics]:
    """The floors with the fallen ones at today's scores (gone where there is none)."""
    result = json.loads(json.dumps(floors))
    for fall in fallen:
        name, table, metric = fall.where
        if fall.score is None:
            del result[name][table][metric]
        else:
            result[name][table][metric] = fall.score
    return result


# --- what changed since a revision -----------------------------------------------------------------------------------


def difference(revision: str, errors: dict[str, tuple[Error, ...]]) -> str:
    """Gains and losses of the working tree against a revision, which mines the same corpus in a worktree of its own."""
    lines = []
    with tempfile.TemporaryDirectory() as temporary:
        tree, out = Path(temporary) / "tree", Path(temporary) / "out"
        git = ["git", "-C", str(ROOT), "worktree"]
        subprocess.run([*git, "add", "--quiet", "--detach", str(tree), revision], check=True)
        try:
            for name, new in errors.items():
                documents, gold = SETS[name]
                program = [sys.executable, str(tree / "scripts" / "extract.py")]
                subprocess.run(
                    [*program, str(documents), "--out", str(out / name)],
                    check=False,
                    stdout=subprocess.DEVNULL,
                    cwd=ROOT,
                )
                old = evaluate(gold, out / name).errors
                lines += [("gain", name, error) for error in old if error not in set(new)]
                lines += [("loss", name, error) for error in new if error not in set(old)]
        finally:
            subprocess.run([*git, "remove", "--force", str(tree)], check=True)
    rows = [
        (change, name, item.table, item.doc, item.kind, item.line or "", " ".join(item.text.split())[:60], item.detail)
        for change, name, item in lines
    ]
    count = Counter(change for change, *_ in lines)
    head = aligned(("", "set", "table", "doc", "error", "line", "text", "detail"), rows) if rows else "no change"
    return f"{head}\n{count['gain']} gains, {count['loss']} losses"


# --- the command -----------------------------------------------------------------------------------------------------


def main() -> int:
    """Score everything, show it, and hold it against the floors."""
    options = _options()
    scored: dict[str, Metrics] = {}
    errors: dict[str, tuple[Error, ...]] = {}
    with tempfile.TemporaryDirectory() as temporary:
        for name in present():
            scores = score(name, Path(temporary) / name)
            scored[name], errors[name] = metrics(scores), scores.errors
            print(f"== {name}\n{score_table(scores)}\n")
            if options.errors:
                print(f"{error_table(scores.errors)}\n")
    for name in sorted(set(SETS) - set(scored)):
        print(f"== {name}: not here, not scored\n")
    if STRESS.is_file():
        scored["stress"], wrong = stress()
        counts = ", ".join(f"{kind} {values['right']}/{values['gold']}" for kind, values in scored["stress"].items())
        print(f"== stress expressions: {counts}\n")
        if options.errors:
            print(f"{error_table(wrong)}\n")
    scored["mutations"] = injected()
    told = ", ".join(f"{name} {value:.3f}" for name, value in scored["mutations"]["errors"].items())
    print(f"== injected errors: {told}\n")
    scored["classifier"] = classifier()
    for name, values in scored["classifier"].items():
        print(f"== classifier, {name}: " + ", ".join(f"{key} {value}" for key, value in values.items()) + "\n")
    scored["powers"] = {name: power_labels.measure(name) for name in ("tuned", "held")}
    for name, values in scored["powers"].items():
        print(f"== powers, {name}: " + ", ".join(f"{key} {value}" for key, value in values.items()) + "\n")
        if options.errors:
            print("\n".join(power_labels.wrong(name)))
    if options.diff:
        print(f"== since {options.diff}\n{difference(options.diff, errors)}\n")
    return _hold(options, scored)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--update", action="store_true", help="raise floors to today's scores, never lower them")
    parser.add_argument("--lower", metavar="REASON", help="lower fallen floors; the reason is kept in floors.json")
    parser.add_argument("--errors", action="store_true", help="list every row that is not right")
    parser.add_argument("--diff", metavar="REV", help="gains and losses since a revision")
    return parser.parse_args()


def _hold(options: argparse.Namespace, scored: dict[str, Metrics]) -> int:
    """Compare with the floors, and change them as asked."""
    pinned = json.loads(FLOORS.read_text("utf-8")) if FLOORS.is_file() else {"floors": {}, "lowered": []}
    if not FLOORS.is_file() and not options.update:
        print(f"{FLOORS} is missing; --update writes it", file=sys.stderr)
        return 1
    fallen = falls(scored, pinned["floors"])
    for fall in fallen:
        print(fall, file=sys.stderr)
    if fallen and options.lower:
        pinned["lowered"].append({"reason": options.lower, "falls": [str(fall) for fall in fallen]})
        pinned["floors"] = lowered(pinned["floors"], fallen)
    if options.update:
        pinned["floors"] = raised(scored, pinned["floors"])
    if options.update or (fallen and options.lower):
        write_json(FLOORS, pinned)
    print("below a floor" if fallen else "all floors hold")
    return 1 if fallen and not options.lower else 0


if __name__ == "__main__":
    raise SystemExit(main())
