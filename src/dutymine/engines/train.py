"""Training of the duty classifier: from labelled clauses to a model, its limits and its card.

Folds are cut by department type, so that a score says how the model does on offices it has never seen.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dutymine.duties import classifier
from dutymine.duties.classifier import AXES, Limits, Model
from dutymine.duties.features import ACTS, FUNCTIONS, ROLES, Duty, home_functions
from dutymine.facts.identity import department_type
from dutymine.output.csv_tables import read_cells
from dutymine.settings import Settings
from dutymine.text import fold, squeeze

FOLDS = 5
_HOMELESS = 3  # of ten clauses: the model must also do without a known department
_REVIEWED = 3  # a reviewer's correction counts as so many clauses
_WANTED = 0.9  # share of right first labels among those nobody is asked to look at
_CODES = {"functions": FUNCTIONS, "acts": ACTS, "role": ROLES}
_COLUMNS = ("text", *AXES)

Progress = Callable[[int, int, str], None]


class LabelsError(ValueError):
    """Labelled clauses that cannot be used; the message says which row and why."""


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled clause: codes best first on each axis, its kind of department and its part of the corpus."""

    duty: Duty
    labels: dict[str, tuple[str, ...]]
    type: str
    split: str = "train"

    def first(self, axis: str) -> str:
        """The first label on an axis."""
        return self.labels[axis][0]


def read_labels(file: Path, settings: Settings) -> list[Example]:
    """Labelled clauses of a CSV with at least text, functions, acts and role; raises LabelsError."""
    examples = []
    for number, row in enumerate(read_cells(file), 2):
        missing = [name for name in _COLUMNS if name not in row]
        if missing:
            raise LabelsError(f"{file}: needs a column {missing[0]}")
        labels = {axis: tuple(row[axis].split("|")) for axis in AXES}
        wrong = [code for axis in AXES for code in labels[axis] if code not in _CODES[axis]]
        if wrong:
            raise LabelsError(f"{file}, line {number}: {wrong[0]!r} is no code")
        kind = row.get("department_type") or department_type(row.get("department", ""), settings)
        duty = Duty(squeeze(fold(row["text"])), home_functions(kind, settings))
        examples.append(Example(duty, labels, kind, row.get("split") or "train"))
    return examples


def train(
    corpus: Path, reviewed: Iterable[Path], out: Path, settings: Settings, progress: Progress | None = None
) -> dict[str, Any]:
    """Train on a CSV of labelled clauses and on reviewers' corrections, write the model to `out`; gives its card.

    Same input, same versions: same model. Raises LabelsError.
    """
    tell = progress or (lambda done, total, what: None)
    examples = read_labels(corpus, settings)
    own = [example for file in reviewed for example in read_labels(file, settings)]
    learned = [example for example in examples if example.split == "train"] + own * _REVIEWED
    tested = [example for example in examples if example.split != "train"]
    folds = _folds(learned)
    steps = len(folds) + 2
    unseen: list[tuple[Sequence[Example], dict[str, Any]]] = []
    for number, fold_types in enumerate(folds):
        tell(number, steps, f"fold {number + 1} of {len(folds)}")
        held = [example for example in learned if example.type in fold_types]
        model = _fit([example for example in learned if example.type not in fold_types], settings)
        unseen.append((held, _scores(model, held, settings)))
    limits = {axis: _limits(axis, unseen) for axis in AXES}
    card: dict[str, Any] = {
        "corpus": {"clauses": len(examples), "sha256": hashlib.sha256(corpus.read_bytes()).hexdigest()},
        "reviewed": len(own),
        "cross_validation": {axis: _quality(axis, unseen, limits[axis]) for axis in AXES},
    }
    if tested:
        tell(len(folds), steps, "test")
        model = _fit(learned, settings)
        scored = [(tested, _scores(model, tested, settings))]
        card["test"] = {axis: _quality(axis, scored, limits[axis]) for axis in AXES}
        card["test"]["types"] = sorted({example.type for example in tested})
    tell(steps - 1, steps, "whole corpus")
    whole = replace(_fit(learned + tested, settings), limits=limits)
    classifier.save(whole, card, out)
    tell(steps, steps, "")
    return card


def _fit(examples: Sequence[Example], settings: Settings) -> Model:
    duties = [
        replace(example.duty, home=()) if _is_homeless(example.duty.text) else example.duty for example in examples
    ]
    return classifier.fit(duties, {axis: [example.first(axis) for example in examples] for axis in AXES}, settings)


def _is_homeless(text: str) -> bool:
    return hashlib.sha256(text.encode()).digest()[0] % 10 < _HOMELESS


def _folds(examples: Sequence[Example]) -> list[set[str]]:
    """Department types in parts of about equal size."""
    sizes = Counter(example.type for example in examples)
    parts: list[tuple[int, set[str]]] = [(0, set()) for _ in range(FOLDS)]
    for kind, size in sorted(sizes.items(), key=lambda pair: (-pair[1], pair[0])):
        smallest = min(range(FOLDS), key=lambda i: (parts[i][0], i))
        parts[smallest] = (parts[smallest][0] + size, parts[smallest][1] | {kind})
    return [kinds for _, kinds in parts if kinds]


def _scores(model: Model, examples: Sequence[Example], settings: Settings) -> dict[str, Any]:
    """By axis: the classes, and the log-probabilities of each clause."""
    import numpy as np  # noqa: PLC0415  heavy

    found = classifier.probabilities(model, [example.duty for example in examples], settings)
    return {axis: (model.axes[axis].classes, np.log(found[axis] + 1e-12)) for axis in AXES}


Scored = Sequence[tuple[Sequence[Example], dict[str, Any]]]


def _rows(axis: str, scored: Scored, temperature: float) -> list[tuple[tuple[str, ...], list[tuple[str, float]]]]:
    """Each clause's labels and its classes with probabilities, best first."""
    import numpy as np  # noqa: PLC0415  heavy

    rows = []
    for examples, scores in scored:
        classes, logs = scores[axis]
        values = np.exp(logs / temperature)
        values /= values.sum(axis=1, keepdims=True)
        for example, row in zip(examples, values, strict=True):
            order = np.argsort(-row, kind="stable")
            rows.append((example.labels[axis], [(classes[i], float(row[i])) for i in order]))
    return rows


def _limits(axis: str, scored: Scored) -> Limits:
    """The temperature with the least log loss, the best bound for further labels, and the least sure probability."""
    grid = [0.5 + 0.05 * step for step in range(31)]
    temperature = min(grid, key=lambda value: _log_loss(_rows(axis, scored, value)))
    rows = _rows(axis, scored, temperature)
    further = max((0.06 + 0.02 * step for step in range(20)), key=lambda bound: _set_f1(rows, bound))
    sure = 1.0
    tops = sorted(((ranked[0][1], ranked[0][0] == labels[0]) for labels, ranked in rows), reverse=True)
    right = 0
    for number, (score, is_right) in enumerate(tops, 1):
        right += is_right
        if number >= len(tops) // 10 and right / number >= _WANTED:
            sure = score
    return Limits(round(temperature, 2), round(further, 2), round(sure, 3))


def _log_loss(rows: Sequence[tuple[tuple[str, ...], list[tuple[str, float]]]]) -> float:
    return -sum(math.log(dict(ranked).get(labels[0], 0.0) + 1e-9) for labels, ranked in rows)


def _set_f1(rows: Sequence[tuple[tuple[str, ...], list[tuple[str, float]]]], bound: float) -> float:
    hit = size = 0
    for labels, ranked in rows:
        found = {code for place, (code, score) in enumerate(ranked[:3]) if place == 0 or score >= bound}
        hit += len(found & set(labels))
        size += len(found) + len(labels)
    return 2 * hit / size if size else 0.0


def _quality(axis: str, scored: Scored, limits: Limits) -> dict[str, Any]:
    """Accuracy of the first label, of the surer half, of what nobody is asked to look at; set F1; calibration error."""
    rows = _rows(axis, scored, limits.temperature)
    tops = sorted(((ranked[0][1], ranked[0][0] == labels[0]) for labels, ranked in rows), reverse=True)
    half, sure = tops[: len(tops) // 2], [item for item in tops if item[0] >= limits.sure]
    by_class = Counter(labels[0] for labels, _ in rows)
    hits = Counter(labels[0] for labels, ranked in rows if ranked[0][0] == labels[0])
    found = Counter(ranked[0][0] for _, ranked in rows)
    return {
        "clauses": len(rows),
        "accuracy": _share(tops),
        "surer_half": _share(half),
        "sure": {"coverage": round(len(sure) / len(tops), 3), "accuracy": _share(sure)},
        "set_f1": round(_set_f1(rows, limits.further), 3),
        "calibration_error": _calibration_error(tops),
        "f1": {code: round(2 * hits[code] / (by_class[code] + found[code]), 3) for code in sorted(by_class)},
    }


def _share(items: Sequence[tuple[float, bool]]) -> float:
    return round(sum(is_right for _, is_right in items) / len(items), 3) if items else 0.0


def _calibration_error(items: Sequence[tuple[float, bool]], bins: int = 10) -> float:
    """Mean distance between probability and share of right answers in bins of the probability."""
    total = 0.0
    for number in range(bins):
        inside = [item for item in items if min(int(item[0] * bins), bins - 1) == number]
        total += abs(sum(score for score, _ in inside) - sum(is_right for _, is_right in inside))
    return round(total / len(items), 3)
