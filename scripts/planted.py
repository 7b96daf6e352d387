"""Disclosures with planted defects in ten layouts: what the checks find of them, and what they say of the clean twins.

A file of `corpus/planted` holds both twins: `{{right=>wrong#RULES}}` is a defect with the rules that may report it,
near to it, or anywhere where `~` stands behind the rule (the sum of a whole table).
"""

from __future__ import annotations

import argparse
import re
import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from dutymine.commands.columns import aligned
from dutymine.model import Finding, Mined
from dutymine.pipeline import mine
from dutymine.readers import read
from dutymine.settings import Settings

FOLDER = Path(__file__).resolve().parent.parent / "corpus" / "planted"
SETTINGS = Settings()
_PLANT = re.compile(r"\{\{(.*?)=>(.*?)#(.*?)\}\}", re.DOTALL)
_NEAR = 250  # characters between a defect and the place that a finding (or the place it is held against) quotes


@dataclass(frozen=True, slots=True)
class Plant:
    """One defect: rules that may report it, what was changed into what, and the words behind it."""

    rules: frozenset[str]
    right: str
    wrong: str
    behind: str


@dataclass(frozen=True, slots=True)
class Twins:
    """One document without and with its defects."""

    name: str
    clean: str
    planted: str
    plants: tuple[Plant, ...]


def twins(path: Path) -> Twins:
    """Both twins of a file."""
    text = path.read_text("utf-8")
    plants = tuple(
        Plant(frozenset(match[3].split()), match[1], match[2], _PLANT.sub(r"\2", text[match.end() :])[:12])
        for match in _PLANT.finditer(text)
    )
    return Twins(path.name, _PLANT.sub(r"\1", text), _PLANT.sub(r"\2", text), plants)


def mined(text: str, name: str) -> Mined:
    """One twin, mined."""
    return mine(read(text.encode(), name, SETTINGS), SETTINGS)


def missed(pair: Twins) -> list[Plant]:
    """Defects that no finding of their rules stands near to; what the clean twin has too does not count."""
    clean, planted = mined(pair.clean, pair.name), mined(pair.planted, pair.name)
    known = {_key(clean, item) for item in clean.findings}
    new = [item for item in planted.findings if _key(planted, item) not in known]
    at = 0
    lost = []
    for plant in pair.plants:
        words = re.sub(r"<[^>]*(?:>|$)|\s", "", plant.wrong + plant.behind)
        place = _find(planted.document.text, plant.wrong, words, at)
        at = place
        if not _is_found(plant, new, place):
            lost.append(plant)
    return lost


def _find(text: str, wrong: str, words: str, start: int) -> int:
    """Where a defect stands in the text as it was read: its words, and the first of what follows them."""
    for match in re.finditer(re.escape(wrong), text[start:]):
        place = start + match.start()
        if "".join(text[place : place + 60].split()).startswith(words[: len(wrong) + 2]):
            return place
    return start


def _is_near(item: Finding, place: int) -> bool:
    spans = [(item.start, item.end), *([item.related] if item.related else [])]
    return any(start - _NEAR <= place <= end + _NEAR for start, end in spans)


def _is_found(plant: Plant, new: list[Finding], place: int) -> bool:
    anywhere = {rule.removesuffix("~") for rule in plant.rules if rule.endswith("~")}
    return any(item.rule in anywhere or (item.rule in plant.rules and _is_near(item, place)) for item in new)


def _key(document: Mined, item: Finding) -> tuple[str, str, str]:
    return item.rule, document.document.text[item.start : item.end], item.message


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--missed", action="store_true", help="list the defects that were not found")
    parser.add_argument("--clean", action="store_true", help="list what is reported of the clean twins")
    options = parser.parse_args()
    rows, lines = [], []
    for path in sorted(FOLDER.glob("p*")):
        pair = twins(path)
        lost = missed(pair)
        told = [item for item in mined(pair.clean, pair.name).findings if item.severity != "hint"]
        errors = sum(item.severity == "error" for item in told)
        rows.append((path.stem, len(pair.plants), len(pair.plants) - len(lost), errors, len(told) - errors))
        shown = lost if options.missed else []
        lines += [f"{path.stem} missed {' '.join(sorted(p.rules))}: {p.right} => {p.wrong}" for p in shown]
        lines += [f"{path.stem} clean {item.rule}: {item.message}" for item in told if options.clean]
    print(aligned(("document", "planted", "found", "clean errors", "clean warnings"), rows))
    planted, found = sum(row[1] for row in rows), sum(row[2] for row in rows)
    print(f"\nfound {found} of {planted} ({found / planted:.3f})", *lines, sep="\n")


if __name__ == "__main__":
    main()
