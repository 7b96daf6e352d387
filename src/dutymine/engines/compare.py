"""All departments of some result folders against each other: read twice in a stream, compared, written as tables."""

from __future__ import annotations

import heapq
import pickle
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

from dutymine.engines.batch import locked
from dutymine.engines.inputs import known_as
from dutymine.engines.record import hashes, versions
from dutymine.engines.sql_families import sql_families
from dutymine.mandates.additions import added
from dutymine.mandates.benchmarks import benchmarks
from dutymine.mandates.comparison import Compared, Corpus, compare, gather, likeness, missing
from dutymine.mandates.context import OTHER_LEVEL, OTHER_PLACE, SAME_UNIT, between, place_key
from dutymine.mandates.coverage import coverage
from dutymine.mandates.drift import drift
from dutymine.mandates.families import families
from dutymine.model import Identity, Mined
from dutymine.output.columns import Row
from dutymine.output.compared_frames import (
    Side,
    Wordings,
    added_rows,
    copy_row,
    deviation_rows,
    held,
    isomorphism_row,
    member_rows,
    missing_rows,
    side,
    template_rows,
)
from dutymine.output.compared_tables import COMPARED
from dutymine.output.files import FORMATS, Results, read_table, table_path, write_json
from dutymine.output.relation_rows import pair_rows
from dutymine.output.reload import ALL, Stored, mined, stored
from dutymine.settings import Settings

TABLES = tuple(table.name for table in COMPARED)

Producer = Callable[[Sequence[Mined], Settings], Iterable[Row]]
# Tables made from whole documents. Each producer gets all documents of one place (every year and department of it).
PER_PLACE: tuple[tuple[str, Producer], ...] = (
    ("drift", drift),
    ("coverage", coverage),
    ("pairs", pair_rows),
)
# And these all documents, one after another, with the tables `_ACROSS_READ` only and without their texts.
ACROSS: tuple[tuple[str, Callable[[Iterable[Mined], Settings], Iterable[Row]]], ...] = (("benchmarks", benchmarks),)

_PAIRED = 50  # clauses of a family whose pairs are listed
_IN_MEMORY = 300_000_000  # characters of clauses; more are joined by DuckDB, out of core
_READ = ("clauses", "powers")
_ACROSS_READ = ("indicators", "thresholds")
_AT_ONCE = 2_000  # documents in memory
_WHERE = ("level", "province", "city", "county")
_COPIES = frozenset({SAME_UNIT, OTHER_PLACE, OTHER_LEVEL})


@dataclass(frozen=True, slots=True)
class Job:
    """What to compare: result folders in, one folder of tables out."""

    folders: tuple[Path, ...]
    out: Path
    settings: Settings = field(default_factory=Settings)
    format: str = "csv"


@dataclass(frozen=True, slots=True)
class Run:
    """What a comparison gave: rows of each table, documents and clauses compared."""

    tables: dict[str, int]
    documents: int
    clauses: int


class OldResultsError(Exception):
    """A result folder that another version wrote, without columns that this one reads."""


def run(job: Job) -> Run:
    """Compare and write.

    Raises FileNotFoundError for a folder without results, OldResultsError for an old one, FolderInUseError where
    another run writes to `job.out`.
    """
    for folder in job.folders:
        table_path(folder, "clauses")
    started = time.time()
    corpus = gather(documents(job.folders, ("clauses",), texts=False), job.settings)
    with locked(job.out):  # not before: what cannot be compared leaves no folder behind
        return _write(job, corpus, started)


def _write(job: Job, corpus: Corpus, started: float) -> Run:
    names = known_as([document.path for document in corpus.documents])
    corpus.names.update({document.doc_id: names[document.path] for document in corpus.documents})
    large = sum(map(len, corpus.texts)) > _IN_MEMORY
    compared = compare(corpus, job.settings, sql_families if large else families)
    with Results(job.out, FORMATS[job.format], TABLES) as results:
        _clauses(job, compared, results)
        results.write({"isomorphism": [isomorphism_row(group, found) for group, found in likeness(compared)]})
        for table, rows in _whole(job, corpus):
            results.write({table: list(rows)})
    told = Run(dict(results.counts), len(compared.corpus.documents), len(compared.rows))
    record = {
        "versions": versions(),
        "hashes": hashes(job.settings),
        "counts": told.tables,
        "documents": told.documents,
    }
    inputs = [folder.as_posix() for folder in job.folders]
    write_json(job.out / "run.json", record | {"inputs": inputs, "seconds": round(time.time() - started, 3)})
    return told


def documents(folders: Sequence[Path], names: Sequence[str] = ALL, texts: bool = True) -> Iterator[Mined]:
    """Documents of all folders in order of their doc_id, each once; with the tables `names`, and with their `texts`.

    Where all documents of a folder that state their place state the same one, the others are taken to be from there.
    """
    homes = {folder: _home(folder) for folder in folders}
    for document in _stored(folders, names):
        yield _placed(document, homes, texts)


def _stored(folders: Sequence[Path], names: Sequence[str]) -> Iterator[Stored]:
    last = ""
    for document in heapq.merge(*(stored(folder, names) for folder in folders), key=lambda document: document.doc_id):
        if document.doc_id != last:
            last = document.doc_id
            yield document


def _home(folder: Path) -> Identity | None:
    """The only place of a result folder, as an identity of nothing else; None where there are none or several."""
    places = {}
    for row in read_table(folder, "documents"):
        level, province, city, county = (str(row[name]) for name in ("level", "province", "city", "county"))
        who = Identity(department=str(row["department"]), level=level, province=province, city=city, county=county)
        if key := place_key(who):
            places[key] = replace(who, department="")
    return next(iter(places.values())) if len(places) == 1 else None


def _placed(document: Stored, homes: Mapping[Path, Identity | None], texts: bool = True) -> Mined:
    """The mined document, at home in its folder's place where it states none."""
    try:
        found = mined(document, texts)
    except KeyError as error:
        raise OldResultsError(f"a folder has no column {error}: another version wrote it; extract it again") from error
    home = homes[document.folder]
    if home is None or place_key(found.identity):
        return found
    return replace(found, identity=replace(found.identity, **{name: getattr(home, name) for name in _WHERE}))


def _clauses(job: Job, compared: Compared, results: Results) -> None:
    """Members, deviations and templates, then the pairs of small families."""
    words, gone, extra = Wordings({}), missing(compared), added(compared)
    small = _small(compared)
    sides: dict[int, Side] = {}
    for number, read in enumerate(documents(job.folders, _READ)):
        document = compared.corpus.documents[number]
        words.see(compared, document, read, job.settings)
        lacking = gone.get(document.doc_id, ())
        found = held(compared, document, [item.family for item in lacking if item.elsewhere], job.settings)
        rows = list(deviation_rows(compared, document, read, found, job.settings))
        rows += added_rows(compared, document, read, extra)
        results.write({"members": list(member_rows(compared, document, found)), "deviations": rows})
        for clause in compared.clauses(document):
            if clause in small:
                sides[clause] = side(compared, document, read, clause, job.settings)
    for document in compared.corpus.documents:
        lost = [item for item in gone.get(document.doc_id, ()) if not item.elsewhere]
        found_missing = missing_rows(compared, document, lost, words.shown)
        results.write({"deviations": list(found_missing)})
    results.write({"templates": template_rows(compared, words.shown)})
    for left, others in _partners(compared, sides):
        results.write({"pairs": list(_pairs(left, others, job.settings))})


def _small(compared: Compared) -> set[int]:
    """Clauses of the families whose pairs are listed; boilerplate is never paired."""
    clauses: dict[int, list[int]] = defaultdict(list)
    for clause, row in enumerate(compared.rows):
        family = compared.medoids[row]
        if family in compared.templates and not compared.boilerplate[row] and len(clauses[family]) <= _PAIRED:
            clauses[family].append(clause)
    return {clause for found in clauses.values() if len(found) <= _PAIRED for clause in found}


def _partners(compared: Compared, sides: dict[int, Side]) -> Iterator[tuple[Side, list[Side]]]:
    """Each clause, in order, with the later clauses of its family."""
    families: dict[int, list[int]] = defaultdict(list)
    for clause in sorted(sides):
        families[compared.medoids[compared.rows[clause]]].append(clause)
    for clause in sorted(sides):
        later = families[compared.medoids[compared.rows[clause]]]
        later.pop(0)
        yield sides[clause], [sides[other] for other in later]


def _pairs(left: Side, others: Sequence[Side], settings: Settings) -> Iterator[Row]:
    for right in others:
        context = between(left.document.identity, right.document.identity)
        row = copy_row(left, right, context, settings) if context in _COPIES else None
        if row is not None:
            yield row


def _whole(job: Job, corpus: Corpus) -> Iterator[tuple[str, Iterable[Row]]]:
    """The tables that are made from whole documents; those of some places at a time are in memory."""
    for places in _by_place(job, corpus):
        for table, producer in PER_PLACE:
            for _, found in sorted(places.items()):
                yield table, producer(found, job.settings)
    for table, across in ACROSS:
        yield table, across(documents(job.folders, _ACROSS_READ, texts=False), job.settings)


def _by_place(job: Job, corpus: Corpus) -> Iterator[dict[str, list[Mined]]]:
    """Documents by place, some places at a time. All tables are read once: what is not needed yet is put aside."""
    keys = {document.doc_id: place_key(document.identity) for document in corpus.documents}
    batch_of = {place: number for number, batch in enumerate(_batches(corpus)) for place in batch}
    homes = {folder: _home(folder) for folder in job.folders}
    with tempfile.TemporaryDirectory(dir=job.out) as beside, ExitStack() as stack:
        paths = [Path(beside, str(number)) for number in range(max(batch_of.values(), default=-1) + 1)]
        files = [stack.enter_context(path.open("wb")) for path in paths]
        for document in _stored(job.folders, ALL):
            pickle.dump(document, files[batch_of[keys[document.doc_id]]], pickle.HIGHEST_PROTOCOL)
        stack.close()
        for path in paths:
            places: dict[str, list[Mined]] = defaultdict(list)
            for document in _put_aside(path):
                places[keys[document.doc_id]].append(_placed(document, homes))
            yield places


def _put_aside(path: Path) -> Iterator[Stored]:
    with path.open("rb") as file:
        while True:
            try:
                yield pickle.load(file)  # noqa: S301  written by this run
            except EOFError:
                return


def _batches(corpus: Corpus) -> Iterator[list[str]]:
    """Places in order, as many at a time as have `_AT_ONCE` documents together."""
    counts = Counter(place_key(document.identity) for document in corpus.documents)
    batch: list[str] = []
    held = 0
    for place, number in sorted(counts.items()):
        if batch and held + number > _AT_ONCE:
            yield batch
            batch, held = [], 0
        batch.append(place)
        held += number
    if batch:
        yield batch
