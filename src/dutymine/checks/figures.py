"""Sums of money as the arithmetic rules see them: in sentences, with what each may be off by rounding."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from dutymine.checks.facts import Facts
from dutymine.model import Amount, AmountRole, Finding, Outcome, Severity, Verdict
from dutymine.text import plain

_FACTORS = {"元": 1, "万元": 10_000, "亿元": 100_000_000}
_STOPS = re.compile(r"。(?!\s*(?:其中|包括|分别|具体包括))|\n")
_KEYED = re.compile(
    r"[ \t]*(?:其中:)?[^，。;:\n\t]{2,24}:[ \t]*\d[\d,]*(?:\.\d+)?[ \t]*(?:万元|元|亿元)[。;]?[ \t]*(?=\n|$)"
)
_LABEL = 16
Figures = Sequence[Amount]


@dataclass(frozen=True, slots=True)
class Identity:
    """One equation: the figure on its left and those that should make it, each with its sign."""

    whole: Amount
    parts: tuple[tuple[Amount, int], ...]

    @property
    def difference(self) -> Decimal:
        """What the parts lack (or have too much, negative), in 元."""
        return self.whole.yuan - sum((part.yuan * sign for part, sign in self.parts), Decimal(0))

    @property
    def slack(self) -> Decimal:
        """What rounding explains: half the last printed digit of every figure, in 元; `0` among decimals is exact."""
        figures = (self.whole, *(part for part, _ in self.parts))
        halves = [half_digit(figure) for figure in figures]
        finest = min(halves)
        return sum((half if figure.value else finest for figure, half in zip(figures, halves, strict=True)), Decimal(0))

    @property
    def computation(self) -> str:
        """The equation with the document's figures."""
        terms = "".join(("+" if sign > 0 else "-") + shown(part) for part, sign in self.parts).removeprefix("+")
        exact = self.difference == 0
        return f"{shown(self.whole)}{'=' if exact else '≈' if abs(self.difference) <= self.slack else '≠'}{terms}"


def half_digit(amount: Amount) -> Decimal:
    """Half of the last printed digit of a figure in 元; whole numbers of things (not of money) are exact."""
    exponent = amount.value.as_tuple().exponent
    return _half(exponent if isinstance(exponent, int) else 0, amount.unit)


@cache
def _half(places: int, unit: str) -> Decimal:
    if places >= 0 and unit and unit not in _FACTORS:
        return Decimal(0)
    return Decimal(1).scaleb(min(places, 0)) * _FACTORS.get(unit, 1) / 2


def shown(amount: Amount) -> str:
    """A figure with its unit as the document has it."""
    return f"{plain(amount.value)}{amount.unit}"


def sentences(facts: Facts) -> list[list[Amount]]:
    """Amounts of running text, sentence by sentence."""
    if "sentences" not in facts.memory:
        facts.memory["sentences"] = list(_sentences(facts))
    found: list[list[Amount]] = facts.memory["sentences"]
    return found


def _sentences(facts: Facts) -> Iterator[list[Amount]]:
    held: list[Amount] = []
    for amount in facts.mined.amounts:
        if amount.table is not None:
            continue
        if held and _stops(facts.quiet, held[-1].start, amount.start):
            yield held
            held = []
        held.append(amount)
    if held:
        yield held


def _stops(text: str, start: int, end: int) -> bool:
    """Whether a sentence ends between two figures."""
    return any(not _goes_on(text, match.start()) for match in _STOPS.finditer(text, start, end))


def _goes_on(text: str, at: int) -> bool:
    """Whether a line end stands between two lines of a list `label: sum`, which is one statement."""
    if text[at] != "\n" or _KEYED.match(text, at + 1) is None:
        return False
    return _KEYED.match(text, text.rfind("\n", 0, at) + 1) is not None


def lines(facts: Facts) -> Iterator[list[Amount]]:
    """Amounts of running text, paragraph by paragraph."""
    held: list[Amount] = []
    for sentence in sentences(facts):
        if held and "\n" in facts.quiet[held[-1].end : sentence[0].start]:
            yield held
            held = []
        held = held + sentence
    if held:
        yield held


def of_year(facts: Facts, amount: Amount) -> bool:
    """Whether a figure is of the document's own year."""
    year = facts.mined.identity.fiscal_year
    return not amount.period or year is None or amount.period == str(year)


def firsts(facts: Facts, sentence: Figures, roles: Sequence[AmountRole]) -> dict[AmountRole, Amount]:
    """The one figure of each role in a sentence; a role that has several values has none."""
    found: dict[AmountRole, Amount] = {}
    several: set[AmountRole] = set()
    for amount in sentence:
        if amount.role in roles and of_year(facts, amount):
            if amount.role in found and found[amount.role].yuan != amount.yuan:
                several.add(amount.role)
            found.setdefault(amount.role, amount)
    return {role: amount for role, amount in found.items() if role not in several}


def quoted(facts: Facts, amount: Amount) -> tuple[int, int]:
    """A figure with the words before it in its clause that say what it is."""
    if amount.table is not None:
        return amount.start, amount.end
    left = amount.start
    while left > 0 and amount.start - left < _LABEL and facts.quiet[left - 1] not in "，。;:\n\t、(":
        left -= 1
    return left, amount.end


def judged(
    facts: Facts, rule: str, what: str, identities: Sequence[Identity], severity: Severity = Severity.ERROR
) -> Verdict:
    """The verdict on equations of one rule: what rounding explains passes; a broken one blames its whole, once."""
    if not identities:
        return Verdict(Outcome.NOT_APPLICABLE)
    blamed: set[tuple[int, int]] = facts.memory.setdefault("blamed", set())
    broken = [item for item in identities if abs(item.difference) > item.slack]
    findings = []
    for item in broken:
        spans = {(figure.start, figure.end) for figure in (item.whole, *(part for part, _ in item.parts))}
        if spans & blamed:
            continue
        blamed.add((item.whole.start, item.whole.end))
        difference = f"相差{plain(abs(item.difference) / _FACTORS.get(item.whole.unit, 1))}{item.whole.unit}"
        related = quoted(facts, item.parts[0][0])
        message = f"{what}不符：{item.computation}，{difference}"
        place = quoted(facts, item.whole)
        findings.append(Finding(rule, severity, message, *place, computation=item.computation, related=related))
    told = broken or identities
    used = tuple(figure.start for item in told for figure in (item.whole, *(part for part, _ in item.parts)))
    outcome = Outcome.FAIL if broken else Outcome.PASS
    return Verdict(outcome, "；".join(dict.fromkeys(item.computation for item in told)), used, tuple(findings))
