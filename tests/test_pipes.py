"""The spaCy side: spans are the quoted texts, attributes survive what spaCy users do with documents."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import spacy
from spacy import displacy
from spacy.tokens import DocBin

import dutymine
import generate
from dutymine.pipeline import mine
from dutymine.readers import read
from dutymine.settings import Settings, models_folder

TEXTS = [generate.generate(seed).text for seed in range(3)]


def test_spans_are_what_was_mined_to_the_character() -> None:
    doc = dutymine.load()(TEXTS[0])
    assert doc.text == TEXTS[0]
    mined = mine(read(TEXTS[0].encode(), "a.txt", Settings()), Settings())
    for name in ("clauses", "powers", "goals", "amounts", "thresholds", "indicators"):
        items = getattr(mined, name)
        spans = doc.spans[name]
        assert [(span.start_char, span.end_char) for span in spans] == [(item.start, item.end) for item in items], name
    assert len(doc.spans["clauses"]) and len(doc.spans["powers"]) and len(doc.spans["amounts"])
    clause = doc.spans["clauses"][0]
    assert tuple(clause._.functions) == mined.clauses[0].functions and clause.label_ == mined.clauses[0].functions[0]
    assert doc.spans["amounts"][0]._.yuan == str(mined.amounts[0].yuan)
    assert doc._.department == mined.identity.department and doc._.fiscal_year == mined.identity.fiscal_year


def test_pipe_docbin_and_displacy_work() -> None:
    nlp = dutymine.load()
    docs = list(nlp.pipe(TEXTS))
    stored = DocBin(store_user_data=True, docs=docs).to_bytes()
    again = list(DocBin().from_bytes(stored).get_docs(nlp.vocab))
    assert [doc.text for doc in again] == TEXTS
    before, after = docs[1].spans["powers"], again[1].spans["powers"]
    assert [(span.text, span._.act, span._.strength) for span in before] == [
        (span.text, span._.act, span._.strength) for span in after
    ]
    page = displacy.render(docs[0], style="span", options={"spans_key": "clauses"}, jupyter=False)
    assert docs[0].spans["clauses"][0].label_ in page


@pytest.mark.parametrize("text", ["", "\n\n", "今天天气不错。", "一、部门职责\r\n（一）编制规划。\t\u3000 \ufeff"])
def test_any_text_is_a_document(text: str) -> None:
    assert dutymine.load()(text).text == text


def test_a_saved_pipeline_is_loaded_without_an_import_of_ours(tmp_path: Path) -> None:
    dutymine.load().to_disk(tmp_path / "pipeline")
    assert spacy.load(tmp_path / "pipeline")(TEXTS[0]).spans["clauses"]
    program = "import spacy, sys; print(len(spacy.load(sys.argv[1])(sys.argv[2]).spans['clauses']))"
    command = [sys.executable, "-c", program, str(tmp_path / "pipeline"), TEXTS[0]]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 0


def test_the_packaged_pipeline_is_there() -> None:
    assert spacy.load(models_folder() / "pipeline")(TEXTS[0]).spans["clauses"]


def test_the_front_door_has_what_it_names() -> None:
    assert len(dutymine.__all__) <= 10
    for name in dutymine.__all__:
        assert callable(getattr(dutymine, name))
    with pytest.raises(AttributeError):
        _ = dutymine.nothing
