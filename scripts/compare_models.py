"""Ways to classify duty clauses, side by side: what the choice of the model rests on.

Nested cross-validation cut by department type: the outer folds score, an inner split of the training types chooses the
strength of regularisation. Prints a Markdown table for docs/classifier.md. Takes half an hour.
"""

from __future__ import annotations

import argparse
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

import numpy as np

from dutymine.duties import features
from dutymine.duties.classifier import AXES
from dutymine.duties.labels import label
from dutymine.engines.train import Example, read_labels
from dutymine.language import words
from dutymine.settings import Settings

LABELS = Path(__file__).resolve().parent.parent / "corpus" / "labels" / "duties.csv"
SETTINGS = Settings()
Predict = Callable[[Sequence[Example], Sequence[Example], str], list[str]]
STRENGTHS = (0.3, 1.0, 3.0)


def rules(train: Sequence[Example], test: Sequence[Example], axis: str) -> list[str]:
    """Cue words and powers alone."""
    found = [label(example.duty.text, SETTINGS) for example in test]
    return [str(item.role) if axis == "role" else getattr(item, axis)[0] for item in found]


def linear(*parts: str) -> Predict:
    """Logistic regression over some of: characters, words, seen (cues and powers), home."""

    def predict(train: Sequence[Example], test: Sequence[Example], axis: str) -> list[str]:
        from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

        one, other = matrices(parts, train, test)
        goal = [example.first(axis) for example in train]
        inner = np.array([hash_of(example.type) % 4 == 0 for example in train])
        best = max(
            STRENGTHS,
            key=lambda c: (
                LogisticRegression(C=c, max_iter=300, tol=1e-2)
                .fit(one[~inner], [g for g, i in zip(goal, inner, strict=True) if not i])
                .score(one[inner], [g for g, i in zip(goal, inner, strict=True) if i])
            ),
        )
        model = LogisticRegression(C=best, max_iter=300, tol=1e-2).fit(one, goal)
        return list(model.predict(other))

    return predict


def boosted(train: Sequence[Example], test: Sequence[Example], axis: str) -> list[str]:
    """Gradient boosting over 60 components of the words with cues, powers and home."""
    from sklearn.decomposition import TruncatedSVD  # noqa: PLC0415
    from sklearn.ensemble import HistGradientBoostingClassifier  # noqa: PLC0415

    one, other = matrices(("characters", "words"), train, test)
    reduce = TruncatedSVD(60, random_state=0)
    seen = [dense(examples, ("seen", "home")) for examples in (train, test)]
    left, right = np.hstack([reduce.fit_transform(one), seen[0]]), np.hstack([reduce.transform(other), seen[1]])
    model = HistGradientBoostingClassifier(max_iter=30, random_state=0, early_stopping=False)
    return list(model.fit(left, [example.first(axis) for example in train]).predict(right))


def spacy_textcat(train: Sequence[Example], test: Sequence[Example], axis: str) -> list[str]:
    """SpaCy's text categorizer (bag of words) on jieba's words, five passes."""
    import spacy  # noqa: PLC0415
    from spacy.tokens import Doc  # noqa: PLC0415
    from spacy.training import Example as Pair  # noqa: PLC0415
    from spacy.util import fix_random_seed, minibatch  # noqa: PLC0415

    fix_random_seed(0)
    nlp = spacy.blank("zh")
    config = {
        "model": {
            "@architectures": "spacy.TextCatBOW.v3",
            "exclusive_classes": True,
            "ngram_size": 2,
            "no_output_layer": False,
        }
    }
    pipe: Any = nlp.add_pipe("textcat", config=config)
    codes = sorted({example.first(axis) for example in train})
    for code in codes:
        pipe.add_label(code)

    def doc(example: Example) -> Doc:
        found = words(example.duty.text)
        return Doc(nlp.vocab, words=found, spaces=[False] * len(found))

    pairs = [
        Pair.from_dict(doc(example), {"cats": {code: float(code == example.first(axis)) for code in codes}})
        for example in train
    ]
    optimizer = nlp.initialize(lambda: pairs)
    order = np.random.default_rng(0)
    for _ in range(5):
        order.shuffle(pairs)  # type: ignore[arg-type]
        for batch in minibatch(pairs, 64):
            nlp.update(batch, sgd=optimizer)
    return [max(found.cats, key=lambda code: found.cats[code]) for found in map(pipe, map(doc, test))]


def dense(examples: Sequence[Example], parts: Sequence[str]) -> Any:
    """Cues and powers (`seen`) and the functions of the office (`home`)."""
    vectors = np.array([features.vector(example.duty, SETTINGS) for example in examples], dtype="float32")
    home = len(features.FUNCTIONS)
    pieces = {"seen": vectors[:, :-home], "home": vectors[:, -home:]}
    return np.hstack([pieces[part] for part in ("seen", "home") if part in parts])


def matrices(parts: Sequence[str], train: Sequence[Example], test: Sequence[Example]) -> tuple[Any, Any]:
    """Sparse features of both sides."""
    from scipy import sparse  # noqa: PLC0415
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415

    texts = [[example.duty.text for example in examples] for examples in (train, test)]
    left, right = [], []
    if "characters" in parts:
        vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), min_df=3, sublinear_tf=True, lowercase=False)
        left.append(vectorizer.fit_transform(texts[0]))
        right.append(vectorizer.transform(texts[1]))
    if "words" in parts:
        cut = [[" ".join(words(text)) for text in side] for side in texts]
        vectorizer = TfidfVectorizer(token_pattern=r"\S+", min_df=3, sublinear_tf=True, lowercase=False)
        left.append(vectorizer.fit_transform(cut[0]))
        right.append(vectorizer.transform(cut[1]))
    if {"seen", "home"} & set(parts):
        left.append(sparse.csr_matrix(dense(train, parts)))
        right.append(sparse.csr_matrix(dense(test, parts)))
    return sparse.hstack(left, format="csr"), sparse.hstack(right, format="csr")


def hash_of(text: str) -> int:
    """A number that is the same in every run."""
    return sum(ord(char) * 31**i for i, char in enumerate(text))


WAYS: dict[str, Predict] = {
    "cue words and powers (rules)": rules,
    "characters, linear": linear("characters"),
    "jieba words TF-IDF, linear": linear("words"),
    "spaCy text categorizer": spacy_textcat,
    "characters + words, linear": linear("characters", "words"),
    "characters + words + cues and powers, linear": linear("characters", "words", "seen"),
    "the same + home functions, linear (ours)": linear("characters", "words", "seen", "home"),
    "gradient boosting over all of it": boosted,
}


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folds", type=int, default=3)
    options = parser.parse_args()
    warnings.filterwarnings("ignore")
    examples = [example for example in read_labels(LABELS, SETTINGS) if example.split == "train"]
    types = sorted({example.type for example in examples}, key=hash_of)
    print("| way | function | act | role | seconds |\n|---|---|---|---|---|")
    for name, predict in WAYS.items():
        begun, right = time.perf_counter(), dict.fromkeys(AXES, 0)
        for fold in range(options.folds):
            held = set(types[fold :: options.folds])
            train = [example for example in examples if example.type not in held]
            test = [example for example in examples if example.type in held]
            for axis in AXES:
                found = predict(train, test, axis)
                right[axis] += sum(code == example.first(axis) for code, example in zip(found, test, strict=True))
        cells = " | ".join(f"{right[axis] / len(examples):.3f}" for axis in AXES)
        print(f"| {name} | {cells} | {time.perf_counter() - begun:.0f} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
