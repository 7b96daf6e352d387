"""Sums that changed from one year to the next, and figures for last year that this year's document states otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise, zip_longest

from dutymine.facts.quantities import YUAN
from dutymine.mandates.figures import Figure, Key, book, figure, keys, matched, measure
from dutymine.mandates.shift import Shift, year
from dutymine.model import Amount, DocumentKind, Mined
from dutymine.settings import Settings
from dutymine.text import plain

_CENT = Decimal("0.01")
# What a change is against where it is not last year's figure of the same kind.
_OTHER = re.compile("执行|决算|完成|实际|调整|同口径|同期|合计|共计|总计|总体")
_OTHER_FINAL = re.compile("预算|计划|调整|同口径|同期|合计|共计|总计|总体")
_SAME = re.compile(
    r"[，,、(]?(?:与|和|同|较|比)(?:上年|去年|\d{4}年)度?(?:预算)?数?(?:相比)?[，,]?"
    r"(?:持平|相同|一致|无增减|无变化|没有变化)"
)
_SENTENCE = re.compile("[。；;\n]")
_PARTS = re.compile("其中|包括|分别")


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
    known = unit if unit in YUAN else "元"
    return f"{plain(yuan / YUAN[known])}{known}"


def conflicts(earlier: Mined, later: Mined, settings: Settings) -> Iterator[Shift]:
    """Figures of the earlier year as the later document states or implies them, against the earlier document's own."""
    then = earlier.identity.fiscal_year or 0
    own = book(earlier, then, settings)
    stated = list(matched(own, book(later, then, settings)))
    for old, new in stated:
        if not old.equals(new):
            said = f"{year(later)}文件称{year(earlier)}{old.item}为{new.shown}"
            yield _conflict(earlier, old, new, said)
    if (later.identity.fiscal_year or 0) == then + 1:
        settled = {old.amount for old, _ in stated}
        for implied in _implied(later, settings):
            known = [own[key] for key in implied.keys if key in own][:1]
            if not known or known[0].amount in settled:
                continue
            settled.add(known[0].amount)
            new = replace(implied.last, item=known[0].item)
            if not new.equals(known[0]):
                said = f"{year(later)}文件称{new.item}{implied.told}，推得{year(earlier)}为{new.shown}"
                yield _conflict(earlier, known[0], new, said)


def _conflict(earlier: Mined, old: Figure, new: Figure, said: str) -> Shift:
    message = (
        f"{said}，而{year(earlier)}文件为{old.shown}，相差{_gap(old, new)}；可能是口径不同，也可能是抄录有误，建议核对"
    )
    return Shift("figure_conflict", old.item, old.shown, new.shown, message)


@dataclass(frozen=True, slots=True)
class _Implied:
    """Last year's figure as this year's and its change make it, the words for that, and what it is known by."""

    last: Figure
    told: str
    keys: tuple[Key, ...]


def _implied(later: Mined, settings: Settings) -> Iterator[_Implied]:
    """What sentences on changes say of last year: a figure and, next in the sentence, what it changed by."""
    own = book(later, later.identity.fiscal_year or 0, settings)
    text = later.document.folded
    for this, change in _changes(later):
        one = figure(later, this)
        known = tuple(key for key in keys(later, this, settings) if key in own and own[key].equals(one))
        if change is not None and change.direction != "0":
            by, (sign, word) = figure(later, change), _signed(change)
            yuan = one.yuan - sign * by.yuan
            last = replace(one, yuan=yuan, slack=one.slack + by.slack, shown=_money(yuan, this.unit))
            yield _Implied(last, f"为{one.shown}、比上年{word}{by.shown}", known)
        elif change is not None or _SAME.match(text, this.end):
            yield _Implied(one, f"为{one.shown}、与上年持平", known)
    for past, change in _compared(later):
        last, by, (sign, word) = figure(later, past), figure(later, change), _signed(change)
        now = replace(last, yuan=last.yuan + sign * by.yuan, slack=last.slack + by.slack)
        known = _meant(later, past, now, own, settings)
        yield _Implied(last, f"比上年{last.shown}{word}{by.shown}", known)


def _signed(change: Amount) -> tuple[int, str]:
    return (1, "增加") if change.direction == "+" else (-1, "减少")


def _compared(later: Mined) -> Iterator[tuple[Amount, Amount]]:
    """Figures of last year that this year's are compared with, each with the change that is told next."""
    last_year = str((later.identity.fiscal_year or 0) - 1)
    sentences = [amount for amount in later.amounts if amount.table is None]
    for last, change in pairwise(sentences):
        told = last.period == last_year and not last.direction and change.direction in ("+", "-")
        if told and not _SENTENCE.search(later.document.folded[last.end : change.start]):
            yield last, change


def _meant(later: Mined, past: Amount, now: Figure, own: Mapping[Key, Figure], settings: Settings) -> tuple[Key, ...]:
    """Keys of what is compared, which is as much as last year's and the change make: the sum right before it in its
    sentence, else the first of its paragraph.
    """
    text = later.document.folded
    line, sentence = text.rfind("\n", 0, past.start) + 1, _sentence(text, past.start)
    before = [amount for amount in later.amounts if line <= amount.start < past.start]
    nearest = [amount for amount in before[-1:] if amount.start >= sentence]
    for amount in (*nearest, *before):
        if not amount.direction and amount.period != past.period:
            known = tuple(key for key in keys(later, amount, settings) if key in own and own[key].equals(now))
            if known and measure(later, amount) == measure(later, past):
                return known
    return ()


def _changes(later: Mined) -> Iterator[tuple[Amount, Amount | None]]:
    """Figures of this year in sentences, each with the change that is told next, against last year's like.

    Behind several parts of a whole a change may be of any of them or of the whole: it is nobody's.
    """
    text = later.document.folded
    this_year = str(later.identity.fiscal_year)
    other = _OTHER_FINAL if later.identity.kind is DocumentKind.FINAL_ACCOUNTS else _OTHER
    sentences = [amount for amount in later.amounts if amount.table is None]
    before = 0
    for this, change in zip_longest(sentences, sentences[1:]):
        parts = _PARTS.search(text, _sentence(text, this.start), this.start)
        several, before = parts is not None and parts.end() <= before, this.start
        if this.period != this_year or this.direction or several:
            continue
        between = text[this.end : change.start] if change is not None else "。"
        told = change is not None and "-" in change.period and change.direction in ("+", "-", "0")
        if not told or _SENTENCE.search(between):
            yield this, None
        elif not other.search(between):
            yield this, change


def _sentence(text: str, position: int) -> int:
    """Where the sentence of a position begins."""
    return max(text.rfind(stop, 0, position) for stop in "。；;\n") + 1
