"""Targets with their units brought together: 2 万条 and 20000 条, 1 天 and 24 小时, 2 次/年 and 2 次 are one."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from dutymine.lexicon import rows
from dutymine.model import Comparator, Indicator, Threshold
from dutymine.settings import Settings
from dutymine.text import fold

C = Comparator
_SCALES = {
    "万": Decimal(10_000),
    "千": Decimal(1000),
    "百": Decimal(100),
    "十": Decimal(10),
    "亿": Decimal(100_000_000),
}
_A_YEAR = {"年": 1, "半年": 2, "月": 12, "季": 4, "季度": 4, "周": 52, "天": 365, "日": 365}
_PER = re.compile(r"/(?:每)?(年|月|季度|季|周)$")
_EVERY = re.compile(r"每个?(半年|年|月|季度|季|周|天|日)")
_PLAIN = re.compile(r"[^0-9A-Za-z\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class TargetUnitRow:
    """Surface forms of a unit: a value times `factor` is the value in `unit`."""

    surfaces: tuple[str, ...]
    unit: str
    factor: str


@dataclass(frozen=True, slots=True)
class Target:
    """A target in its plain unit; `text` is folded words where nothing is bounded."""

    comparator: Comparator | None
    low: Decimal | None
    high: Decimal | None
    unit: str
    text: str = ""

    @property
    def is_number(self) -> bool:
        """Whether anything is bounded."""
        return self.low is not None or self.high is not None


def target(of: Indicator | Threshold, settings: Settings) -> Target:
    """The target of an indicator, or of a threshold that belongs to none."""
    frequency = of.frequency if isinstance(of, Threshold) else ""
    if of.low is None and of.high is None:
        words = of.value_text if isinstance(of, Indicator) else ""
        return Target(of.comparator, None, None, "", _PLAIN.sub("", fold(words)))
    unit, factor = plain_unit(of.unit, settings)
    every = _EVERY.search(frequency)
    if every and unit not in ("%", "分钟", "元"):
        factor *= _A_YEAR[every[1]]
    low, high = (None if value is None else value * factor for value in (of.low, of.high))
    return Target(of.comparator, low, high, unit)


def settled(of: Target) -> Target:
    """A target as it is meant whatever way it is written: a share without its sign (0.9 for 90%), all of a share
    (100%, which nothing can exceed) as a lower bound.
    """
    low, unit = of.low, of.unit
    if not unit and of.high is None and low is not None and 0 < low <= 1 and low.as_tuple().exponent:
        low, unit = low * 100, "%"
    comparator = C.AT_LEAST if unit == "%" and low == 100 and of.comparator in (C.EQUAL, None) else of.comparator
    high = None if comparator is not of.comparator else of.high
    return replace(of, comparator=comparator, low=low, high=high, unit=unit)


def plain_unit(unit: str, settings: Settings) -> tuple[str, Decimal]:
    """The plain unit of a unit as written, and what a value is multiplied by."""
    factor = Decimal(1)
    bare = "".join(fold(unit).split())
    per = _PER.search(bare)
    if per:
        bare, factor = bare[: per.start()], Decimal(_A_YEAR[per[1]])
    table = _table(settings)
    while bare not in table and len(bare) > 1 and bare[0] in _SCALES:
        bare, factor = bare[1:], factor * _SCALES[bare[0]]
    known = table.get(bare)
    return (known[0], factor * known[1]) if known else (bare, factor)


@cache
def _table(settings: Settings) -> dict[str, tuple[str, Decimal]]:
    found = rows("target_units", TargetUnitRow, settings)
    return {fold(surface): (row.unit, Decimal(row.factor)) for row in reversed(found) for surface in row.surfaces}
