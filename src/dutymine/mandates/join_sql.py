"""The search for near-duplicates as SQL, for more clauses than fit into memory, and for a cluster later.

The same exact prefix-filter join as in `shingles`, in a handful of statements over a table `clause(id, block, text)` of
distinct normal texts. Only what explodes a text into its triples differs from one SQL engine to another: it is a
parameter. The engine that runs the statements caps their memory.
"""

from __future__ import annotations

# DuckDB: triples of a text; one under three characters is a triple by itself.
DUCKDB_TRIPLES = (
    "unnest(list_distinct(list_transform(range(1, greatest(2, length(text) - 1)), "
    "lambda i: substr(text, i::INTEGER, 3))))"
)

_TRIPLES = """
CREATE OR REPLACE TEMP TABLE triple AS
SELECT id, hash(block, gram) AS gram FROM (SELECT id, block, {triples} AS gram FROM {source})
"""
_SIZES = "CREATE OR REPLACE TEMP TABLE size AS SELECT id, count(*) AS n FROM triple GROUP BY id"
_PREFIXES = """
CREATE OR REPLACE TEMP TABLE prefix AS
SELECT gram, id, n FROM (
    SELECT gram, id, n, held, row_number() OVER (PARTITION BY id ORDER BY held, gram) AS place
    FROM triple
    JOIN size USING (id)
    JOIN (SELECT gram, count(*) AS held FROM triple GROUP BY gram) USING (gram)
)
WHERE held > 1 AND place <= n - ceil({threshold} * n - 1e-9) + 1
"""
# Every text of a list with the list's first text: what a family of fifty thousand needs instead of its pairs.
_LEADERS = """
CREATE OR REPLACE TEMP TABLE candidate AS
SELECT DISTINCT a, id AS b FROM (SELECT id, n, min(id) OVER (PARTITION BY gram) AS a FROM prefix) WHERE a < id
"""
_CANDIDATES = """
CREATE OR REPLACE TEMP TABLE candidate AS
SELECT DISTINCT x.id AS a, y.id AS b FROM prefix x JOIN prefix y
ON x.gram = y.gram AND x.id < y.id AND least(x.n, y.n) >= {threshold} * greatest(x.n, y.n) - 1e-9
"""
_SIMILAR = """
CREATE OR REPLACE TEMP TABLE near AS
SELECT a, b, shared::DOUBLE / (s.n + t.n - shared) AS similarity FROM (
    SELECT a, b, count(*) AS shared
    FROM candidate
    JOIN triple l ON l.id = a
    JOIN triple r ON r.id = b AND r.gram = l.gram
    GROUP BY a, b
)
JOIN size s ON s.id = a
JOIN size t ON t.id = b
WHERE shared >= {threshold} / (1 + {threshold}) * (s.n + t.n) - 1e-9
"""


def near_duplicates(threshold: float, source: str = "clause", leaders: bool = False) -> tuple[str, ...]:
    """Statements that fill `near(a, b, similarity)` with the pairs of `source` whose Jaccard similarity reaches the
    threshold: all of them, or, with `leaders`, each text with the first of the lists it stands in.
    """
    values = {"threshold": threshold, "source": source, "triples": DUCKDB_TRIPLES}
    steps = (_TRIPLES, _SIZES, _PREFIXES, _LEADERS if leaders else _CANDIDATES, _SIMILAR)
    return tuple(step.format(**values).strip() for step in steps)


def similarities(threshold: float, source: str = "clause") -> tuple[str, ...]:
    """Statements that fill `near` with those pairs of a given table `candidate(a, b)` that reach the threshold."""
    values = {"threshold": threshold, "source": source, "triples": DUCKDB_TRIPLES}
    return tuple(step.format(**values).strip() for step in (_TRIPLES, _SIZES, _SIMILAR))
