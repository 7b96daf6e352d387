"""Families of more clauses than fit into memory: the SQL of `mandates.join_sql`, run by DuckDB under a memory cap."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dutymine.mandates.families import ADAPTED, COPIED, LED, Families, joined
from dutymine.mandates.join_sql import near_duplicates, similarities
from dutymine.mandates.shingles import Ints

if TYPE_CHECKING:
    import duckdb

_ROWS = 100_000  # rows handed over at once


def sql_families(texts: Sequence[str], weights: Ints, blocks: NDArray[np.int32], memory: str = "3GB") -> Families:
    """As `mandates.families.families`, without parts of clauses; a family stands around its most copied text."""
    rows = np.arange(len(texts), dtype=np.int64)
    with tempfile.TemporaryDirectory() as folder, connected(Path(folder), memory) as base:
        fill(base, texts, blocks)
        groups = joined(rows, _pairs(base, near_duplicates(LED, leaders=True)))
        _table(base, "chosen", {"id": np.unique(groups)})
        base.execute("CREATE OR REPLACE TEMP TABLE head AS SELECT clause.* FROM clause JOIN chosen USING (id)")
        groups = joined(groups, _pairs(base, near_duplicates(COPIED, "head")))
        order = np.lexsort((rows, -weights, groups))
        firsts = order[np.flatnonzero(np.diff(groups[order], prepend=-1))]
        medoids = np.empty_like(rows)
        medoids[groups[firsts]] = firsts
        medoids = medoids[groups]
        others = rows[medoids != rows]
        _table(base, "candidate", {"a": medoids[others], "b": others})
        near = _run(base, similarities(ADAPTED)).execute("SELECT b, similarity FROM near").fetchnumpy()
    found = np.zeros(len(texts))
    found[near["b"]] = near["similarity"]
    alone = (found == 0) | (medoids == rows)
    return Families(np.where(alone, rows, medoids), np.where(alone, 1.0, found), np.zeros(len(texts), np.bool_))


def connected(folder: Path, memory: str) -> duckdb.DuckDBPyConnection:
    """A database in a folder that may take so much memory and spills what is more."""
    import duckdb  # noqa: PLC0415  heavy

    base = duckdb.connect(str(folder / "join.duckdb"))
    base.execute(
        f"SET memory_limit = '{memory}'; SET temp_directory = '{folder}'; SET preserve_insertion_order = false"
    )
    return base


def fill(base: duckdb.DuckDBPyConnection, texts: Sequence[str], blocks: NDArray[np.int32]) -> None:
    """Fill the table `clause` with distinct texts, numbered from 0."""
    base.execute("CREATE TABLE clause (id BIGINT, block INTEGER, text VARCHAR)")
    for first in range(0, len(texts), _ROWS):
        part = np.array(texts[first : first + _ROWS], dtype=object)
        ids = np.arange(first, first + len(part))
        base.register("part", {"id": ids, "block": blocks[first : first + len(part)], "text": part})
        base.execute("INSERT INTO clause SELECT id, block, text FROM part")
        base.unregister("part")


def _table(base: duckdb.DuckDBPyConnection, name: str, columns: dict[str, Ints]) -> None:
    base.register("columns_", columns)
    base.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM columns_")
    base.unregister("columns_")


def _run(base: duckdb.DuckDBPyConnection, statements: Iterable[str]) -> duckdb.DuckDBPyConnection:
    for statement in statements:
        base.execute(statement)
    return base


def _pairs(base: duckdb.DuckDBPyConnection, statements: Iterable[str]) -> Ints:
    found = _run(base, statements).execute("SELECT a, b FROM near").fetchnumpy()
    return np.stack((found["a"], found["b"]))
