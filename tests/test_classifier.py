"""The classifier: trained alike twice, refused where it does not fit, the same numbers as scikit-learn has."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from dutymine.cli import main
from dutymine.duties import classifier, features
from dutymine.duties.classifier import AXES, ModelError, classify, loaded
from dutymine.duties.features import Duty, home_functions
from dutymine.engines.train import Example, LabelsError, read_labels, train
from dutymine.output.csv_tables import read_cells
from dutymine.settings import Settings, models_folder

LABELS = Path(__file__).parent.parent / "corpus" / "labels" / "duties.csv"
SETTINGS = Settings()
HEADER = "department_type,text,functions,acts,role,split\n"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few hundred clauses of the corpus."""
    rows = [row for number, row in enumerate(read_cells(LABELS)) if number % 20 == 0]
    file = tmp_path_factory.mktemp("labels") / "few.csv"
    lines = [",".join(row[name] for name in HEADER.strip().split(",")) for row in rows]
    file.write_text(HEADER + "\n".join(lines) + "\n", "utf-8")
    return file


@pytest.fixture(scope="module")
def model(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("model")
    train(small, [], out, SETTINGS)
    return out


def test_the_same_labels_give_the_same_model(small: Path, model: Path, tmp_path: Path) -> None:
    train(small, [], tmp_path, SETTINGS)
    assert (tmp_path / "card.json").read_bytes() == (model / "card.json").read_bytes()
    with np.load(tmp_path / "duties.npz") as one, np.load(model / "duties.npz") as other:
        assert one.files == other.files
        assert all((one[name] == other[name]).all() for name in one.files)


def test_what_numpy_computes_is_what_scikit_learn_would(model: Path) -> None:
    import skops.io
    from scipy import sparse

    ours = loaded(model)
    assert ours is not None
    parts = skops.io.load(model / "duties.skops")
    duties = [Duty(row["text"], ("F12",)) for row in list(read_cells(LABELS))[:40]]
    found = classifier.probabilities(ours, duties, SETTINGS)
    vectors = np.array([features.vector(duty, SETTINGS) for duty in duties], dtype="float32")
    texts = [duty.text for duty in duties]
    matrix = sparse.hstack(
        [
            parts["characters"].transform(texts),
            parts["words"].transform([" ".join(classifier.words(text)) for text in texts]),
            vectors,
        ]
    ).tocsr()
    for axis in AXES:
        scores = parts[axis].decision_function(matrix) / ours.limits[axis].temperature
        expected = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
        assert np.allclose(found[axis], expected, atol=1e-4), axis


def test_labels_are_codes_with_probabilities_and_a_clause_seen_before_is_remembered(model: Path) -> None:
    settings = Settings(model=model)
    duties = [Duty("负责全县取水许可的审批和日常监管。", ("F12",)), Duty("完成县委、县政府交办的其他任务。")]
    first, last = classify(duties, settings)
    assert set(first.functions) <= set(features.FUNCTIONS) and set(first.acts) <= set(features.ACTS)
    assert len(first.scores) == len(first.functions) and list(first.scores) == sorted(first.scores, reverse=True)
    assert first.role_score is not None and 0 < first.role_score <= 1
    assert (last.functions, last.acts, str(last.role)) == (("F20",), ("A15",), "residual")
    assert last.scores == (Decimal("1.00"),) and not last.needs_review
    assert classify(duties, settings)[0] is first


def test_without_a_model_the_rules_speak_and_ask_for_review(tmp_path: Path) -> None:
    (found,) = classify([Duty("查处非法采砂。")], Settings(model=tmp_path))
    assert found.needs_review and found.acts == ("A04",)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda card: card["versions"].update({"scikit-learn": "0.1"}), "made by scikit-learn 0.1"),
        (lambda card: card.update(features=0), "features 0"),
        (lambda card: card.pop("limits"), "no card"),
    ],
)
def test_a_model_that_does_not_fit_is_refused(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], change: object, says: str
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(model, folder)
    card = json.loads((folder / "card.json").read_text("utf-8"))
    change(card)  # type: ignore[operator]
    (folder / "card.json").write_text(json.dumps(card), "utf-8")
    with pytest.raises(ModelError, match=says):
        loaded(folder)
    (tmp_path / "a.txt").write_text("某县水利局2024年部门预算\n一、部门职责\n（一）编制规划。\n", "utf-8")
    command = ["extract", str(tmp_path / "a.txt"), "--out", str(tmp_path / "out"), "--model", str(folder)]
    assert main(command) == 2
    assert "dutymine train" in capsys.readouterr().err


def test_a_broken_model_is_refused(model: Path, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(model, folder)
    (folder / "duties.npz").write_bytes(b"nothing")
    with pytest.raises(ModelError, match="cannot be read"):
        loaded(folder)


def test_corrections_of_reviewers_change_the_model(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "负责灯塔之友俱乐部的联络。"
    (tmp_path / "reviewed").mkdir()
    (tmp_path / "reviewed" / "clauses.csv").write_text(f"text,functions,acts,role\n{text},F12,A13,assist\n", "utf-8")
    out = tmp_path / "model"
    command = ["train", "--corpus", str(small), "--from", str(tmp_path / "reviewed"), "--out", str(out)]
    assert main(command) == 0
    assert "交叉验证" in capsys.readouterr().out
    assert json.loads((out / "card.json").read_text("utf-8"))["reviewed"] == 1
    before, after = (loaded(folder) for folder in (models_folder(), out))
    assert before is not None and after is not None
    place = after.axes["functions"].classes.index("F12")
    scores = [
        float(
            classifier.probabilities(found, [Duty(text)], SETTINGS)["functions"][0][
                found.axes["functions"].classes.index("F12")
            ]
        )
        for found in (before, after)
    ]
    assert scores[1] > scores[0] and place >= 0


def test_labels_that_cannot_be_used_say_where(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "labels.csv"
    file.write_text("text,functions,acts,role\n甲,F99,A01,own\n", "utf-8")
    with pytest.raises(LabelsError, match="line 2: 'F99'"):
        read_labels(file, SETTINGS)
    assert main(["train", "--corpus", str(tmp_path / "none.csv"), "--out", str(tmp_path)]) == 2
    assert "no such file" in capsys.readouterr().err


# --- the corpus of labels and the model that comes with the program ---------------------------------------------------


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    return read_labels(LABELS, SETTINGS)


def test_the_labelled_corpus_is_what_it_claims(examples: list[Example]) -> None:
    assert len(examples) >= 3000
    assert len({example.type for example in examples}) >= 45
    for axis in ("functions", "acts", "role"):
        counts = Counter(example.first(axis) for example in examples)
        assert min(counts.values()) >= 60, axis
    tested = {example.type for example in examples if example.split == "test"}
    assert tested and not tested & {example.type for example in examples if example.split == "train"}
    twice = [row for row in read_cells(LABELS) if row["second_role"]]
    assert len(twice) >= 500


def test_the_model_that_comes_with_the_program_is_of_this_corpus_and_good_enough() -> None:
    import hashlib

    card = json.loads((models_folder() / "card.json").read_text("utf-8"))
    assert card["corpus"]["sha256"] == hashlib.sha256(LABELS.read_bytes()).hexdigest()
    assert sum(file.stat().st_size for file in models_folder().rglob("*") if file.is_file()) < 20 * 2**20
    assert card["test"]["functions"]["accuracy"] >= 0.78
    assert card["test"]["acts"]["accuracy"] >= 0.72
    assert card["test"]["role"]["accuracy"] >= 0.88


def test_what_an_office_mostly_does_helps_where_the_words_leave_it_open() -> None:
    assert home_functions("水利局", SETTINGS) == ("F12",) and home_functions("", SETTINGS) == ()
    model = loaded(models_folder())
    assert model is not None
    duties = [Duty("负责行业的统计和信息发布。", home) for home in (("F12",), ())]
    at = model.axes["functions"].classes.index("F12")
    known, unknown = classifier.probabilities(model, duties, SETTINGS)["functions"][:, at]
    assert known > 2 * unknown
