"""Duties of a template that a document has split in several clauses, or merged with another one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from dutymine.mandates.comparison import Compared, Told
from dutymine.mandates.copies import similarity, triples
from dutymine.mandates.templates import ADDITION, Deviation, Template, deviations
from dutymine.settings import Settings

_LEAST = 8  # triples of a part that says something
_HELD = 0.7  # of a duty's triples, for a stretch that holds it


def splits(compared: Compared, document: Told) -> Iterator[tuple[Template, list[int]]]:
    """Clauses that say a template's duty only together: they follow each other, and are nearer to it than any alone."""
    parts: dict[int, list[int]] = defaultdict(list)
    for number in compared.clauses(document):
        family = compared.medoids[compared.rows[number]]
        if family in compared.templates:
            parts[family].append(number)
    for family, numbers in parts.items():
        together = numbers[-1] - numbers[0] == len(numbers) - 1 > 0
        if together and any(compared.families.partial[compared.rows[number]] for number in numbers):
            of, texts = compared.templates[family], [compared.texts[compared.rows[number]] for number in numbers]
            if similarity("".join(texts), of.text) > max(similarity(text, of.text) for text in texts):
                yield of, numbers


def split_deviations(texts: Sequence[str], of: Template, settings: Settings) -> list[list[Deviation]]:
    """Deviations of a split duty, each with the part it stands in; what reaches over a cut is left out."""
    result: list[list[Deviation]] = [[] for _ in texts]
    for item in deviations("".join(texts), of, settings):
        start, end = item.own
        before = 0
        for part, text in enumerate(texts):
            if before <= start and end <= before + len(text):
                result[part].append(replace(item, own=(start - before, end - before)))
                break
            before += len(text)
    return result


def without_merged(
    text: str, found: Sequence[Deviation], compared: Compared, lacking: Sequence[int]
) -> list[Deviation]:
    """Deviations but for additions that are another duty of the peers whole, which the document has nowhere else."""
    return [item for item in found if item.kind != ADDITION or not _another(text[slice(*item.own)], compared, lacking)]


def _another(stretch: str, compared: Compared, lacking: Sequence[int]) -> bool:
    said = triples(stretch)
    if len(said) < _LEAST:
        return False
    wanted = (triples(compared.texts[family]) for family in lacking)
    return any(len(said & duty) >= _HELD * len(duty) for duty in wanted)
