"""Compile the annotated corpus: inline-tagged documents become plain samples and gold tables.

`annotate.py check FILE…` validates; `annotate.py build` writes corpus/samples, corpus/heldout and corpus/gold.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
TAG = re.compile(r"⟦(/?)([scgat])([^⟦⟧]*)⟧")
MONEY = re.compile(r"\d[\d,.]*\s*[万亿]?元")
FIELDS = {
    "s": ("kind",),
    "c": ("number",),
    "g": ("level", "number"),
    "a": ("value", "unit", "role", "period", "direction"),
    "t": ("comparator", "low", "high", "unit", "kind", "frequency"),
}
TABLES = {"s": "sections", "c": "clauses", "g": "goals", "a": "amounts", "t": "thresholds"}
SPLITS = {"dev": "samples", "heldout": "heldout"}


@dataclass(frozen=True, slots=True)
class Mark:
    """One annotated stretch: its table letter, field values and half-open span in the plain text."""

    kind: str
    fields: dict[str, str]
    start: int
    end: int


def parse(tagged: str) -> tuple[str, list[Mark]]:
    """Plain text and marks of a tagged text; raises ValueError on tags that cross or stay open."""
    plain: list[str] = []
    marks: list[Mark] = []
    open_tags: list[tuple[str, dict[str, str], int]] = []
    length = position = 0
    for tag in TAG.finditer(tagged):
        plain.append(tagged[position : tag.start()])
        length += tag.start() - position
        position = tag.end()
        closing, kind, words = tag.groups()
        if not closing:
            open_tags.append((kind, _fields(kind, words.split()), length))
        elif open_tags and open_tags[-1][0] == kind:
            kind, fields, start = open_tags.pop()
            marks.append(Mark(kind, fields, start, length))
        else:
            raise ValueError(f"tag /{kind} crosses or was never opened near {tagged[tag.start() - 40 : tag.end()]!r}")
    plain.append(tagged[position:])
    if open_tags:
        raise ValueError(f"tag {open_tags[-1]} was never closed")
    text = "".join(plain)
    if "⟦" in text or "⟧" in text:
        at = min(i for i in (text.find("⟦"), text.find("⟧")) if i >= 0)
        raise ValueError(f"unreadable tag near {text[max(0, at - 20) : at + 40]!r}")
    return text, sorted(marks, key=lambda mark: (mark.start, -mark.end))


def _fields(kind: str, words: list[str]) -> dict[str, str]:
    names = FIELDS[kind]
    if len(words) > len(names) or (kind == "t" and len(words) < 5) or (kind == "a" and len(words) < 4):
        raise ValueError(f"tag {kind} takes {names}, got {words}")
    values = ["" if word in ("-", "?") and names[i] != "direction" else word for i, word in enumerate(words)]
    return dict.fromkeys(names, "") | dict(zip(names, values, strict=False))


def check(path: Path) -> bool:
    """Print tag counts and money-like strings without a tag; False when the file cannot be parsed."""
    try:
        text, marks = parse(path.read_text("utf-8"))
        meta = tomllib.loads(path.with_suffix(".toml").read_text("utf-8"))
        text.replace("\n", meta["document"].get("newline", "\n")).encode(meta["document"].get("encoding", "utf-8"))
    except (ValueError, OSError, KeyError, TypeError) as error:
        print(f"{path.name}: {error}", file=sys.stderr)
        return False
    counts = {TABLES[kind]: sum(mark.kind == kind for mark in marks) for kind in TABLES}
    print(path.name, len(text), "characters", counts, "indicators", len(meta.get("indicators", [])))
    covered = [(mark.start, mark.end) for mark in marks if mark.kind in "at"]
    for match in MONEY.finditer(text):
        if not any(start < match.end() and match.start() < end for start, end in covered):
            print("  untagged money-like:", text[max(0, match.start() - 15) : match.end() + 10].replace("\n", "⏎"))
    return True


def build() -> None:
    """Write samples and gold for every annotated document, by split."""
    rows: dict[tuple[str, str], list[dict[str, str]]] = {}
    for path in sorted((CORPUS / "annotated").glob("*.txt")):
        meta = tomllib.loads(path.with_suffix(".toml").read_text("utf-8"))
        document = meta["document"]
        newline = document.get("newline", "\n")
        tagged = path.read_bytes().decode("utf-8").replace("\n", newline)
        text, marks = parse(tagged)
        folder = SPLITS[document["split"]]
        target = CORPUS / folder / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode(document.get("encoding", "utf-8")))
        for table, row in _gold_rows(path.stem, text, marks, meta):
            rows.setdefault((folder, table), []).append(row)
    for (folder, table), table_rows in rows.items():
        _write(CORPUS / "gold" / folder / f"{table}.csv", table_rows)


def _gold_rows(stem: str, text: str, marks: list[Mark], meta: dict) -> list[tuple[str, dict[str, str]]]:
    head = {"doc": stem}
    internal = ("split", "layout", "encoding", "newline", "notes")
    document = {key: str(value) for key, value in meta["document"].items() if key not in internal}
    result = [("documents", head | document)]
    for mark in marks:
        place = {"start": str(mark.start), "end": str(mark.end), "line": str(text.count("\n", 0, mark.start) + 1)}
        quoted = {"text": text[mark.start : mark.end]}
        result.append((TABLES[mark.kind], head | place | quoted | mark.fields))
    for table in ("indicators", "institutions", "procurement"):
        result += [(table, head | {key: str(value) for key, value in row.items()}) for row in meta.get(table, [])]
    return result


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = list(dict.fromkeys(key for row in rows for key in row))
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, columns, lineterminator="\n", restval="")
        writer.writeheader()
        writer.writerows(rows)


def main() -> int:
    """Run `check FILE…` or `build`; exit status 1 when a file cannot be parsed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("action", choices=("check", "build"))
    parser.add_argument("files", nargs="*", type=Path)
    options = parser.parse_args()
    if options.action == "build":
        build()
        return 0
    results = [check(path) for path in options.files or sorted((CORPUS / "annotated").glob("*.txt"))]
    return 0 if all(results) else 1


if __name__ == "__main__":
    raise SystemExit(main())
