"""Numbers with their units: Arabic, grouped, with 万 and 亿, in words, and per cent written out.

Everything is matched in the quiet text. Money keeps 元, 万元 or 亿元 as written; before any other unit 万 and 亿 are
folded into the number (`3万页` is 30000 页).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from dutymine.lexicon import UnitRow, rows
from dutymine.settings import Settings

YUAN = {"元": Decimal(1), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}

_DIGITS = "零一二三四五六七八九"
_FORMAL = str.maketrans("〇两壹贰叁肆伍陆柒捌玖拾佰仟萬億", "零二一二三四五六七八九十百千万亿")
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10_000, "亿": 100_000_000}
_WORDS = "零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟"
_NUMBER = re.compile(
    r"(?=[-(\d])(?<![\d.A-Za-z])(?:(?<![\d,])-|(?<=\D)\((?=[\d.]+\)))?(\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,])|\d{1,3}(?:，\d{3})+(?=\.\d|万?元)(?:\.\d+)?"
    r"|\d+(?:\.\d+)?)"
)
_SCALE = re.compile(r"\)?\s{0,3}([多余]?)\s?((?:[十千]|百(?!分))?[万亿]{0,2}|千|百(?!分))\s{0,3}([余多]?)\s?")
_SCALE_STARTS = frozenset(" \n\t)多余十百千万亿")
_COMPOSITE = re.compile(r"(\d+(?:\.\d+)?)亿(\d+(?:\.\d+)?)([千百]?)万")
_WORDED_MONEY = re.compile(rf"([{_WORDS}]+?)([余多几]?)(万|亿)?元(?![化结区素论宵旦首帅年])")
_WORDED_SHARE = re.compile(rf"百分之([{_WORDS}]+|\d+(?:\.\d+)?)")
_WORDED_COUNT = re.compile(rf"(?<![{_WORDS}第几])[{_WORDS}]+")
_MONEY_UNIT = re.compile(r"元(?:/[\u4e00-\u9fff]{1,4}(?:[/·][\u4e00-\u9fff]{1,2})?)?")
_NUMERAL = re.compile(r"-?\d+(?:\.\d+)?")
_NUMERAL_SIGNS = frozenset(_DIGITS + "十百千万亿")
_LONGEST = 8


class Quantity(NamedTuple):
    """A number and its unit: `value` in `unit`; `more` marks 余 or 多 between them; `worded` numbers are spelled
    out.
    """

    value: Decimal
    unit: str
    start: int
    number_end: int
    end: int
    more: bool = False
    worded: bool = False

    @property
    def money(self) -> str:
        """元, 万元 or 亿元 for a sum of money, else an empty string."""
        unit = self.unit.partition("/")[0]
        return unit if unit in YUAN else ""


@dataclass(frozen=True, slots=True)
class Units:
    """Surface forms of units by their first character, longest first, and which make a bare number a count."""

    by_first: dict[str, tuple[str, ...]]
    names: dict[str, str]
    bare: frozenset[str]
    follow: frozenset[str]  # what may stand behind a number that has a unit or a scale


@cache
def units(settings: Settings) -> Units:
    """All units of the lexicon."""
    names: dict[str, str] = {}
    bare = set()
    for row in rows("units", UnitRow, settings):
        for surface in row.surfaces:
            names[surface] = row.name or surface
            if row.bare:
                bare.add(surface)
    by_first: dict[str, list[str]] = {}
    for surface in sorted(names, key=len, reverse=True):
        by_first.setdefault(surface[0], []).append(surface)
    follow = frozenset(by_first) | _SCALE_STARTS | {"元"}
    return Units({first: tuple(forms) for first, forms in by_first.items()}, names, frozenset(bare), follow)


def unit_at(text: str, position: int, settings: Settings) -> str:
    """The longest unit that begins at `position`, or an empty string."""
    return _longest(text, position, units(settings))


def _longest(text: str, position: int, table: Units) -> str:
    for form in table.by_first.get(text[position : position + 1], ()):
        if text.startswith(form, position):
            return form
    return ""


def number(word: str) -> Decimal | None:
    """The value of an isolated numeral, in digits (`1,202.95`) or in words (`三十五`, `叁万伍仟`); None for
    anything else.
    """
    bare = word.replace(",", "").replace("，", "")
    if _NUMERAL.fullmatch(bare):
        return Decimal(bare)
    plain = word.translate(_FORMAL)
    if not plain or not _NUMERAL_SIGNS.issuperset(plain):
        return None
    total, section, digit = 0, 0, 0
    for sign in plain:
        if sign in _SMALL:
            section += (digit or 1) * _SMALL[sign]
            digit = 0
        elif sign in _LARGE:
            total = (
                (total + section + digit or 1) * _LARGE[sign]
                if sign == "亿"
                else total + (section + digit or 1) * _LARGE[sign]
            )
            section = digit = 0
        else:
            digit = _DIGITS.index(sign)
    return Decimal(total + section + digit)


def _scale(word: str) -> Decimal:
    result = Decimal(1)
    for sign in word:
        result *= _SMALL.get(sign) or _LARGE[sign]
    return result


def quantities(text: str, start: int, end: int, settings: Settings) -> list[Quantity]:
    """All quantities between `start` and `end` of a quiet text, in order, none inside another."""
    found = [*_arabic(text, start, end, units(settings)), *_worded(text, start, end, settings)]
    found.sort(key=lambda q: (q.start, -q.end))
    result: list[Quantity] = []
    for quantity in found:
        if not result or quantity.start >= result[-1].end:
            result.append(quantity)
    return [quantity for quantity in result if not _runs_on(text, quantity)]


def _runs_on(text: str, quantity: Quantity) -> bool:
    """Cells without separators (`20100%100%20`, `1020万元20万元10`): where one number ends is a guess, so none is
    read.
    """
    if not (quantity.money or quantity.unit == "%") or text[max(0, quantity.start - 1)] in "≥≤":
        return False
    return text[quantity.end : quantity.end + 1].isdigit() or (
        text[max(0, quantity.start - 1)] in "%元" and quantity.start > 0
    )


def _arabic(text: str, start: int, end: int, table: Units) -> Iterator[Quantity]:
    stop = start
    for match in _NUMBER.finditer(text, start, end):
        if match.start() < stop:
            continue
        first, number_end = match.span(1)
        if match.start() == first and text[number_end : number_end + 1] not in table.follow:
            quantity = Quantity(_decimal(match[1]), "", first, number_end, number_end)
        else:
            quantity = _composite(text, first) or _quantity(text, match, end, table)
            dash = match.start() == stop > start or text[max(0, match.start() - 1)] in "% "
            if quantity.value < 0 and dash:  # the dash of a range
                quantity = quantity._replace(value=-quantity.value, start=first)
        stop = quantity.end
        yield quantity


def _decimal(digits: str) -> Decimal:
    return Decimal(digits.replace(",", "").replace("，", ""))


def _composite(text: str, start: int) -> Quantity | None:
    """`5亿3千万元` is 5.3 亿元."""
    match = (
        _COMPOSITE.match(text, start)
        if text.startswith("亿", start + 1) or text[start + 1 : start + 4].find("亿") >= 0
        else None
    )
    if match is None:
        return None
    yuan = Decimal(match[1]) * _LARGE["亿"] + Decimal(match[2]) * _scale(match[3]) * _LARGE["万"]
    if not text.startswith("元", match.end()):
        return None
    return Quantity(yuan / YUAN["亿元"], "亿元", start, match.end(), match.end() + 1)


def _quantity(text: str, match: re.Match[str], end: int, table: Units) -> Quantity:
    """A number with a sign or with something behind it: scale word, 余, unit."""
    value, (start, number_end) = _decimal(match[1]), match.span(1)
    lead = text[match.start() : start]
    if lead == "-":
        value, start = -value, match.start()
    stop, word, more = number_end, "", False
    if text[number_end : number_end + 1] in _SCALE_STARTS:
        scale = _SCALE.match(text, number_end, min(end, number_end + 12))
        if scale:
            stop, word, more = scale.end(), scale[2], bool(scale[1] or scale[3])
    if lead == "(":  # `（0.53）万元` is a sum, `（1）` is a marker
        behind = _past(text, number_end + 1)
        if text[number_end : number_end + 1] != ")" or not text.startswith(("元", "万元", "亿元"), behind):
            return Quantity(value, "", start, number_end, number_end)
        start = match.start()
    return _with_unit(text, Quantity(value, "", start, number_end, stop, more), word, table)


def _past(text: str, position: int) -> int:
    while text[position : position + 1] == " ":
        position += 1
    return position


def _with_unit(text: str, found: Quantity, scale: str, table: Units) -> Quantity:
    """The quantity with the unit that follows its scale word; money keeps 万 and 亿 in the unit."""
    position = found.end
    money = _MONEY_UNIT.match(text, position) if text.startswith("元", position) else None
    if money:
        large = scale[-1:] if scale[-1:] in _LARGE and scale not in ("万亿", "百亿") else ""
        value = found.value * _scale(scale[: len(scale) - len(large)])
        unit = large + money[0]
        stop = money.end() if "/" in unit and not text.startswith("/", money.end()) else position + 1
        unit = unit if stop == money.end() else large + "元"
        return Quantity(value, unit, found.start, found.number_end, stop, found.more)
    if "\n" in text[found.number_end : position]:
        scale, position = "", found.number_end  # only money goes on in the next line
    unit = _longest(text, position, table)
    if not unit and not scale:
        return Quantity(found.value, "", found.start, found.number_end, found.number_end, found.more)
    stop = position + len(unit)
    while not unit and text[stop - 1].isspace():
        stop -= 1
    return Quantity(
        found.value * _scale(scale),
        table.names.get(unit, ""),
        found.start,
        found.number_end,
        stop,
        found.more,
    )


def _worded(text: str, start: int, end: int, settings: Settings) -> Iterator[Quantity]:
    if text.find("元", start, end) >= 0:
        for match in _WORDED_MONEY.finditer(text, start, end):
            quantity = _worded_money(match)
            if quantity:
                yield quantity
    if text.find("百分之", start, end) >= 0:
        for match in _WORDED_SHARE.finditer(text, start, end):
            value = number(match[1])
            if value is not None:
                yield Quantity(value, "%", match.start(), match.end(), match.end(), worded=True)


def _worded_money(match: re.Match[str]) -> Quantity | None:
    """Money in words; a single bare digit (`一元`) is left alone: too many words begin so."""
    word, large = match[1], match[3] or ""
    while word[-1:] in _LARGE and not large:
        word, large = word[:-1], word[-1]
    value = number(word) if word else Decimal(1)
    if value is None or not word or (len(match[1]) == 1 and not large and match[1] not in "百千"):
        return None
    if large and any(sign in word for sign in "万亿"):
        value, large = value * _LARGE[large], ""
    if not large and value >= 10_000:
        return Quantity(value, "元", match.start(), match.end(1), match.end(), bool(match[2]), worded=True)
    return Quantity(value, large + "元", match.start(), match.end(1), match.end(), bool(match[2]), worded=True)


def worded_count(text: str, position: int, settings: Settings) -> Quantity | None:
    """A count in words that begins at `position` (`三次`, `两万余人次`), where a comparator has announced one."""
    match = _WORDED_COUNT.match(text, position)
    value = number(match[0]) if match else None
    if match is None or value is None:
        return None
    more = text[match.end() : match.end() + 1] in ("余", "多")
    stop = match.end() + more
    unit = unit_at(text, stop, settings)
    if not unit:
        return None
    return Quantity(value, units(settings).names[unit], position, match.end(), stop + len(unit), more, worded=True)
