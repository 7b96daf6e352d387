"""Sums that changed from one year to the next, and figures for last year that this year's document states otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from dutymine.mandates.figures import Figure, Key, book, figure, keys, matched
from dutymine.mandates.shift import Shift, year
from dutymine.model import Amount, Mined
from dutymine.settings import Settings
from dutymine.text import plain

_CENT = Decimal("0.01")
_FACTORS = {"元": 1, "万元": 10_000, "亿元": 100_000_000}
_OTHER_BASE = re.compile("执行|决算|完成|实际|调整|同口径|同期")
_SENTENCE = re.compile("[。；;\n]")


def sums(earlier: Mined, later: Mined, settings: Settings) -> Iterator[Shift]:
    """Sums of the same role, or of the same project or budget subject, that differ by more than rounding."""
    before, after = (book(mined, mined.identity.fiscal_year or 0, settings) for mined in (earlier, later))
    for old, new in matched(before, after):
        if not old.equals(new):
            message = f"{new.item}由{year(earlier)}的{old.shown}变为{year(later)}的{new.shown}，{_difference(old, new)}"
            yield Shift("amount_changed", new.item, old.shown, new.shown, message)


def _difference(old: Figure, new: Figure) -> str:
    word = "增加" if new.yuan > old.yuan else "减少"
    share = f"（{plain((abs(new.yuan - old.yuan) / old.yuan * 100).quantize(_CENT))}%）" if old.yuan else ""
    return f"{word}{_gap(old, new)}{share}"


def _gap(old: Figure, new: Figure) -> str:
    return _money(abs(new.yuan - old.yuan), new.amount.unit)


def _money(yuan: Decimal, unit: str) -> str:
    known = unit if unit in _FACTORS else "元"
    return f"{plain(yuan / _FACTORS[known])}{known}"


def conflicts(earlier: Mined, later: Mined, settings: Settings) -> Iterator[Shift]:
    """Figures of the earlier year as the later document states or implies them, against the earlier document's own."""
    then = earlier.identity.fiscal_year or 0
    own = book(earlier, then, settings)
    stated = list(matched(own, book(later, then, settings)))
    for old, new in stated:
        if not old.equals(new):
            said = f"{year(later)}文件称{year(earlier)}{new.item}为{new.shown}"
            yield _conflict(earlier, old, new, said)
    if (later.identity.fiscal_year or 0) == then + 1:
        settled = {old.amount for old, _ in stated}
        for this, change, keyed in _implied(later, settings):
            known = [own[key] for key in keyed if key in own][:1]
            if not known or known[0].amount in settled:
                continue
            old = known[0]
            settled.add(old.amount)
            new = _last(later, this, change, old)
            if not old.equals(new):
                word = "增加" if change.direction == "+" else "减少"
                told = f"{figure(later, this).shown}、比上年{word}{figure(later, change).shown}"
                said = f"{year(later)}文件称{old.item}为{told}，推得{year(earlier)}为{new.shown}"
                yield _conflict(earlier, old, new, said)


def _conflict(earlier: Mined, old: Figure, new: Figure, said: str) -> Shift:
    message = (
        f"{said}，而{year(earlier)}文件为{old.shown}，相差{_gap(old, new)}；可能是口径不同，也可能是抄录有误，建议核对"
    )
    return Shift("figure_conflict", old.item, old.shown, new.shown, message)


def _implied(later: Mined, settings: Settings) -> Iterator[tuple[Amount, Amount, list[Key]]]:
    """A figure of this year, what it changed by (next in the sentence), and the keys the figure stands for."""
    this_year = str(later.identity.fiscal_year)
    own = book(later, later.identity.fiscal_year or 0, settings)
    before: Amount | None = None
    for amount in later.amounts:
        if amount.table is not None:
            continue
        if "-" not in amount.period:
            before = amount if amount.period == this_year else None
            continue
        if before is not None and amount.direction in ("+", "-"):
            between = later.document.folded[before.end : amount.start]
            if not _SENTENCE.search(between) and not _OTHER_BASE.search(between):
                known = [key for key in keys(later, before, settings) if key in own]
                yield before, amount, [key for key in known if own[key].equals(figure(later, before))]
        before = None


def _last(mined: Mined, this: Amount, change: Amount, old: Figure) -> Figure:
    """Last year's figure from this year's and the change; its slack is that of both."""
    sign = 1 if change.direction == "+" else -1
    yuan = this.yuan - sign * change.yuan
    slack = figure(mined, this).slack + figure(mined, change).slack
    return replace(figure(mined, this, old.item), yuan=yuan, slack=slack, shown=_money(yuan, this.unit))
