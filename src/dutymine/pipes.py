"""The same steps as a spaCy component: `doc.spans` for what was mined, attributes for what was said about it.

Installed packages find it by entry points, so `spacy.load` of a saved pipeline needs no import of ours.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import registry
from spacy.vocab import Vocab

from dutymine.language import words
from dutymine.model import Document
from dutymine.pipeline import mine
from dutymine.settings import Settings
from dutymine.text import fold

# Groups of doc.spans: what they hold in Mined, which of their fields is the label, and which are attributes of a span.
GROUPS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "clauses": ("clauses", "functions", ("functions", "acts", "role", "function_scores", "act_scores", "needs_review")),
    "powers": ("powers", "act_code", ("act", "act_code", "strength", "role", "object", "scope", "actors", "basis")),
    "goals": ("goals", "level", ("level", "project")),
    "amounts": ("amounts", "role", ("yuan", "unit", "role", "period", "fund")),
    "thresholds": ("thresholds", "comparator", ("comparator", "low", "high", "unit", "subject", "kind")),
    "indicators": ("indicators", "class_code", ("name", "class_code", "comparator", "low", "high", "unit", "project")),
    "findings": ("findings", "rule", ("rule", "severity", "message", "suggestion")),
}
OF_DOC = ("department", "department_type", "level", "province", "city", "county", "fiscal_year", "kind")


def _declare() -> None:
    """Tell spaCy the attributes; telling it twice does no harm."""
    for name in sorted({name for _, _, names in GROUPS.values() for name in names}):
        Span.set_extension(name, default=None, force=True)
    for name in OF_DOC:
        Doc.set_extension(name, default=None, force=True)


_declare()


class Tokenizer:
    """Text to tokens that are jieba's words, white space included: `doc.text` is the text, always."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """The tokens of a text."""
        found = words(text)
        return Doc(self.vocab, words=found, spaces=[False] * len(found))

    def pipe(self, texts: Iterable[str], batch_size: int = 1000) -> Iterator[Doc]:
        """The tokens of many texts."""
        yield from map(self, texts)

    def to_bytes(self, **_: Any) -> bytes:
        """Nothing is learned, nothing is kept."""
        return b""

    def from_bytes(self, data: bytes, **_: Any) -> Tokenizer:
        """The same tokenizer."""
        return self

    def to_disk(self, path: str | Path, **_: Any) -> None:
        """As `to_bytes`."""

    def from_disk(self, path: str | Path, **_: Any) -> Tokenizer:
        """As `from_bytes`."""
        return self


@registry.tokenizers("dutymine.Tokenizer.v1")  # type: ignore[untyped-decorator]
def make_tokenizer() -> Any:
    """The factory of the tokenizer, as spaCy's registry wants it."""
    return lambda nlp: Tokenizer(nlp.vocab)


class Miner:
    """Mines a document; where a span begins or ends inside a token, the token is cut there."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def __call__(self, doc: Doc) -> Doc:
        """The document with its spans and attributes."""
        text = doc.text
        sha256 = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        document = Document(sha256[:12], "", sha256, "text", "utf-8", text, fold(text))
        mined = mine(document, self._settings)
        found = {name: getattr(mined, field) for name, (field, _, _) in GROUPS.items()}
        edges = {edge for items in found.values() for item in items for edge in (item.start, item.end)}
        cut = _cut(doc, edges)
        for name in OF_DOC:
            cut._.set(name, _plain(getattr(mined.identity, name)))
        at = {token.idx: token.i for token in cut} | {len(text): len(cut)}
        for name, (_, label, attributes) in GROUPS.items():
            cut.spans[name] = [_span(cut, at, item, label, attributes) for item in found[name]]
        return cut

    def to_disk(self, path: str | Path, **_: Any) -> None:
        """Nothing is learned here: the model lies with the package."""

    def from_disk(self, path: str | Path, **_: Any) -> Miner:
        """The same component."""
        return self


def _cut(doc: Doc, edges: set[int]) -> Doc:
    found: list[str] = []
    for token in doc:
        inside = [token.idx, *sorted(edges & set(range(token.idx + 1, token.idx + len(token)))), token.idx + len(token)]
        found += [doc.text[a:b] for a, b in itertools.pairwise(inside)]
    return Doc(doc.vocab, words=found, spaces=[False] * len(found))


def _span(doc: Doc, at: dict[int, int], item: Any, label: str, attributes: Sequence[str]) -> Span:
    value = getattr(item, label)
    shown = value[0] if isinstance(value, tuple) and value else value or ""
    span = Span(doc, at[item.start], at[item.end], label=str(shown))
    for name in attributes:
        span._.set(name, _plain(getattr(item, name)))
    return span


def _plain(value: Any) -> Any:
    """A value that DocBin can keep: numbers of money as their digits."""
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, bool | int) else str(value)


@Language.factory("dutymine", default_config={"lexicon": None, "model": None})
def make_miner(nlp: Language, name: str, lexicon: str | None, model: str | None) -> Miner:
    """The factory of the component; folders as in `Settings`."""
    return Miner(Settings(Path(lexicon) if lexicon else None, Path(model) if model else None))


def load(lexicon: str | None = None, model: str | None = None) -> Language:
    """A spaCy pipeline that mines disclosures: `dutymine.load()(text).spans["clauses"]`."""
    nlp = spacy.blank("zh", config={"nlp": {"tokenizer": {"@tokenizers": "dutymine.Tokenizer.v1"}}})
    nlp.add_pipe("dutymine", config={"lexicon": lexicon, "model": model})
    return nlp
