"""The trained classifier of duty clauses: function, act and role with calibrated probabilities.

Linear models over characters, words and what `features` sees. They are trained with scikit-learn and applied with numpy
alone: importing scikit-learn takes longer than a linear model is worth.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import metadata
from operator import add
from pathlib import Path
from typing import Any

from dutymine.duties import features
from dutymine.duties.features import Duty
from dutymine.duties.labels import Labels, label
from dutymine.language import words
from dutymine.model import Role
from dutymine.settings import Settings, models_folder

MODEL, ESTIMATORS, CARD = "duties.npz", "duties.skops", "card.json"
AXES = ("functions", "acts", "role")
_PACKAGES = ("scikit-learn", "skops")
_MOST = 3
_CENT = Decimal("0.01")
_REMEMBERED = 1 << 16  # clauses
# Of cross-validation over department types: fewer characters lose accuracy, more only make the model larger.
_COMMON = {"min_df": 3, "sublinear_tf": True, "lowercase": False, "norm": "l2"}
_CHARACTERS = {"analyzer": "char", "ngram_range": (1, 2), "max_features": 20_000} | _COMMON
_WORDS = {"token_pattern": r"\S+", "max_features": 10_000} | _COMMON
_STRENGTH = {"functions": 3.0, "acts": 1.0, "role": 1.0}  # inverse of regularisation
_DIGITS = 3  # of a coefficient: more change no label and double the file


class ModelError(ValueError):
    """A model that cannot be used here; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Numbers found on held-out folds: temperature of the probabilities, least probability of a further label, and the
    top probability below which a person should look.
    """

    temperature: float = 1.0
    further: float = 0.25
    sure: float = 0.6


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms with their place among the features, and the weight of each."""

    places: dict[str, int]
    weights: Any  # float32, one a term


@dataclass(frozen=True, slots=True)
class Linear:
    """One axis: its classes, coefficients (features × classes) and intercepts."""

    classes: tuple[str, ...]
    coefficients: Any
    intercepts: Any


@dataclass(frozen=True, slots=True)
class Model:
    """What is needed to label a clause; `estimators` are the same as scikit-learn has them, only after training."""

    characters: Terms
    words: Terms
    axes: dict[str, Linear]
    limits: dict[str, Limits]
    estimators: dict[str, Any] | None = None


def fit(duties: Sequence[Duty], labels: dict[str, Sequence[str]], settings: Settings) -> Model:
    """A model of clauses and their first label on each axis, with limits as yet unset."""
    import numpy as np  # noqa: PLC0415  heavy
    from scipy import sparse  # noqa: PLC0415
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    estimators: dict[str, Any] = {
        "characters": TfidfVectorizer(**_CHARACTERS),
        "words": TfidfVectorizer(**_WORDS),
    }
    parts = [
        estimators["characters"].fit_transform([duty.text for duty in duties]),
        estimators["words"].fit_transform([" ".join(words(duty.text)) for duty in duties]),
        sparse.csr_matrix(np.array([features.vector(duty, settings) for duty in duties], dtype="float32")),
    ]
    matrix = sparse.hstack(parts, format="csr", dtype="float32")
    axes = {}
    for axis in AXES:
        linear = LogisticRegression(C=_STRENGTH[axis], max_iter=500, tol=1e-3).fit(matrix, labels[axis])
        linear.coef_ = linear.coef_.astype("float32").round(_DIGITS)
        estimators[axis] = linear
        axes[axis] = Linear(tuple(map(str, linear.classes_)), linear.coef_.T, linear.intercept_)
    limits = dict.fromkeys(AXES, Limits())
    return Model(_terms(estimators["characters"]), _terms(estimators["words"]), axes, limits, estimators)


def _terms(vectorizer: Any) -> Terms:
    return Terms({str(term): int(i) for term, i in vectorizer.vocabulary_.items()}, vectorizer.idf_.astype("float32"))


def probabilities(model: Model, duties: Sequence[Duty], settings: Settings) -> dict[str, Any]:
    """An array (clauses × classes) for each axis, calibrated by the model's temperatures; rows add up to 1."""
    import numpy as np  # noqa: PLC0415  heavy

    scores: dict[str, list[Any]] = {axis: [] for axis in AXES}
    beside = len(model.characters.places), len(model.characters.places) + len(model.words.places)
    for duty in duties:
        text, last = duty.text, np.array(features.vector(duty, settings), dtype="float32")
        first_at, first = _weighted(model.characters, [*text, *map(add, text, text[1:])])
        second_at, second = _weighted(model.words, words(text))
        for axis, linear in model.axes.items():
            known = linear.coefficients
            score = first @ known[first_at] + second @ known[second_at + beside[0]] + last @ known[beside[1] :]
            scores[axis].append((score + linear.intercepts) / model.limits[axis].temperature)
    found = {}
    for axis, rows in scores.items():
        values = np.exp(np.array(rows) - np.max(rows, axis=1, keepdims=True))
        found[axis] = values / values.sum(axis=1, keepdims=True)
    return found


def _weighted(terms: Terms, found: Sequence[str]) -> tuple[Any, Any]:
    """Places and weights of the terms of one text: (1 + log count) × weight of the term, length 1 together."""
    import numpy as np  # noqa: PLC0415  heavy

    counts = Counter(map(terms.places.get, found))
    counts.pop(None, None)
    at = np.fromiter(counts.keys(), dtype="int64", count=len(counts))
    values = (1 + np.log(np.fromiter(counts.values(), dtype="float32", count=len(counts)))) * terms.weights[at]
    length = float(np.sqrt(values @ values))
    return at, values / length if length else values


# --- labels of clauses -----------------------------------------------------------------------------------------------


def classify(duties: Sequence[Duty], settings: Settings) -> list[Labels]:
    """Labels of clauses, in order; a clause seen before costs nothing.

    Without a trained model the rules alone speak. Raises ModelError for a model that was made by other versions.
    """
    seen = _seen(settings)
    new = [duty for duty in dict.fromkeys(duties) if duty not in seen]
    if new:
        if len(seen) + len(new) > _REMEMBERED:
            kept = {duty: seen[duty] for duty in duties if duty in seen}
            seen.clear()
            seen.update(kept)
        seen.update(zip(new, _labels(new, settings), strict=True))
    return [seen[duty] for duty in duties]


@cache
def _seen(settings: Settings) -> dict[Duty, Labels]:
    return {}


def _labels(duties: Sequence[Duty], settings: Settings) -> list[Labels]:
    model = loaded(settings.model or models_folder())
    rules = [label(duty.text, settings) for duty in duties]
    if model is None:
        return rules
    found = probabilities(model, duties, settings)
    return [_certain(rule) or _read(model, {axis: found[axis][i] for axis in AXES}) for i, rule in enumerate(rules)]


def _certain(rules: Labels) -> Labels | None:
    """What no model has to decide: 完成…交办的其他任务."""
    if rules.functions[0] != "F20" or rules.role is not Role.RESIDUAL:
        return None
    one = (Decimal("1.00"),)
    return Labels(("F20",), ("A15",), Role.RESIDUAL, one, False, one, one[0])


def _read(model: Model, found: dict[str, Any]) -> Labels:
    ranked = {axis: _ranked(model, axis, found[axis]) for axis in AXES}
    functions, acts = ranked["functions"], ranked["acts"]
    unsure = any(ranked[axis][0][1] < model.limits[axis].sure for axis in ("functions", "acts"))
    return Labels(
        tuple(code for code, _ in functions),
        tuple(code for code, _ in acts),
        Role(ranked["role"][0][0]),
        tuple(_cent(score) for _, score in functions),
        unsure,
        tuple(_cent(score) for _, score in acts),
        _cent(ranked["role"][0][1]),
    )


def _ranked(model: Model, axis: str, row: Any) -> list[tuple[str, float]]:
    """The first label and further ones that are likely enough, best first."""
    order = sorted(range(len(row)), key=lambda i: (-row[i], i))[:_MOST]
    classes = model.axes[axis].classes
    return [
        (classes[i], float(row[i]))
        for place, i in enumerate(order)
        if place == 0 or row[i] >= model.limits[axis].further
    ]


def _cent(value: float) -> Decimal:
    return Decimal(value).quantize(_CENT)


# --- on disk ---------------------------------------------------------------------------------------------------------


def save(model: Model, card: dict[str, Any], folder: Path) -> None:
    """Write a trained model as arrays, its estimators for those who go on with scikit-learn, and its card."""
    import numpy as np  # noqa: PLC0415  heavy
    import skops.io  # noqa: PLC0415

    folder.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, Any] = {}
    for name, terms in (("characters", model.characters), ("words", model.words)):
        arrays[f"{name}_terms"] = np.array(sorted(terms.places, key=terms.places.__getitem__))
        arrays[f"{name}_weights"] = terms.weights
    for axis, linear in model.axes.items():
        arrays[f"{axis}_classes"] = np.array(linear.classes)
        arrays[f"{axis}_coefficients"] = linear.coefficients
        arrays[f"{axis}_intercepts"] = linear.intercepts
    np.savez_compressed(folder / MODEL, **arrays)
    skops.io.dump(model.estimators, folder / ESTIMATORS, compression=8, compresslevel=9)
    limits = {
        axis: {"temperature": limit.temperature, "further": limit.further, "sure": limit.sure}
        for axis, limit in model.limits.items()
    }
    whole = {"features": features.VERSION, "versions": versions(), "limits": limits} | card
    (folder / CARD).write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", "utf-8")


def versions() -> dict[str, str]:
    """Minor releases of the packages that train: a model of others is trained again and not read."""
    return {name: ".".join(metadata.version(name).split(".")[:2]) for name in _PACKAGES}


@cache
def loaded(folder: Path) -> Model | None:
    """The model of a folder; None where it holds none. Raises ModelError for one that does not fit this program."""
    if not (folder / CARD).is_file():
        return None
    try:
        card = json.loads((folder / CARD).read_text("utf-8"))
        made_by, version = card["versions"], card["features"]
        limits = {axis: Limits(**card["limits"][axis]) for axis in AXES}
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{folder / CARD} is no card of a model ({error}); run `dutymine train`") from None
    if made_by != versions() or version != features.VERSION:
        wanted = ", ".join(f"{name} {number}" for name, number in made_by.items())
        raise ModelError(f"the model in {folder} was made by {wanted}, features {version}; run `dutymine train`")
    try:
        return _arrays(folder / MODEL, limits)
    except Exception as error:  # of many kinds, for a file that is not what it should be
        raise ModelError(f"{folder / MODEL} cannot be read ({type(error).__name__}); run `dutymine train`") from None


def _arrays(file: Path, limits: dict[str, Limits]) -> Model:
    import numpy as np  # noqa: PLC0415  heavy

    with np.load(file, allow_pickle=False) as arrays:
        terms = {
            name: Terms({term: i for i, term in enumerate(arrays[f"{name}_terms"].tolist())}, arrays[f"{name}_weights"])
            for name in ("characters", "words")
        }
        axes = {
            axis: Linear(
                tuple(arrays[f"{axis}_classes"].tolist()),
                arrays[f"{axis}_coefficients"],
                arrays[f"{axis}_intercepts"],
            )
            for axis in AXES
        }
    return Model(terms["characters"], terms["words"], axes, limits)
