"""Codes and rules by name: what the values of code columns mean."""

from __future__ import annotations

from dataclasses import dataclass

from dutymine.lexicon import rows
from dutymine.settings import Settings


@dataclass(frozen=True, slots=True)
class CodeRow:
    """One code of one axis, its Chinese name (the first surface) and its definition."""

    surfaces: tuple[str, ...]
    axis: str
    code: str
    definition: str


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule of the checks: its Chinese title (the first surface), family, worst severity and what it tests."""

    surfaces: tuple[str, ...]
    rule: str
    family: str
    severity: str
    definition: str


def codes(axis: str, settings: Settings) -> tuple[CodeRow, ...]:
    """The codes of an axis, in the order of the codebook."""
    return tuple(row for row in rows("codes", CodeRow, settings) if row.axis == axis)


def axes(settings: Settings) -> tuple[str, ...]:
    """All axes, in the order of the codebook."""
    return tuple(dict.fromkeys(row.axis for row in rows("codes", CodeRow, settings)))


def rules(settings: Settings) -> tuple[RuleRow, ...]:
    """The rules of the checks."""
    return rows("rules", RuleRow, settings)
