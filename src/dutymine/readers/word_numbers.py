"""Automatic numbers of Word: counted per list and level, written as they would be seen."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "〇一二三四五六七八九"
_CIRCLES = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_PLACEHOLDER = re.compile(r"%([1-9])")


def chinese(number: int) -> str:
    """A counting number below 100 as Chinese numerals count (十一, 二十); digits one by one beyond."""
    if not 0 < number < 100:
        return "".join(_DIGITS[int(digit)] for digit in str(number))
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十") + (_DIGITS[ones] if ones else "")


def _letters(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _roman(number: int) -> str:
    pairs = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
    text = ""
    for value, sign in pairs:
        count, number = divmod(number, value)
        text += sign * count
    return text


def shown(number: int, form: str) -> str:
    """A number in one of Word's number formats."""
    if form.startswith(("chinese", "taiwanese", "japanese", "ideograph")):
        return chinese(number)
    if form == "decimalEnclosedCircle" or form == "decimalEnclosedCircleChinese":
        return _CIRCLES[number - 1] if 0 < number <= len(_CIRCLES) else str(number)
    if form == "decimalFullWidth":
        return "".join(chr(ord("０") + int(digit)) for digit in str(number))
    if form == "decimalZero":
        return f"{number:02}"
    if form in ("lowerLetter", "upperLetter"):
        return _letters(number).upper() if form == "upperLetter" else _letters(number)
    if form in ("lowerRoman", "upperRoman"):
        return _roman(number).upper() if form == "upperRoman" else _roman(number)
    return str(number)


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: where it starts, its number format and the text around the number."""

    start: int = 1
    form: str = "decimal"
    text: str = "%1."


@dataclass(slots=True)
class Numbers:
    """The lists of one document and how far each has counted."""

    levels: dict[str, dict[int, Level]] = field(default_factory=dict)  # by numId
    abstract: dict[str, str] = field(default_factory=dict)
    styles: dict[str, tuple[str, int]] = field(default_factory=dict)
    counts: dict[tuple[str, int], int] = field(default_factory=dict)

    def of(self, paragraph: Any) -> str:
        """The number in front of a paragraph as it would be seen; empty for one without."""
        found = self._list(paragraph)
        if found is None:
            return ""
        number_id, depth = found
        level = self.levels.get(number_id, {}).get(depth)
        if level is None or level.form == "none":
            return ""
        list_id = self.abstract.get(number_id, number_id)
        key = (list_id, depth)
        self.counts[key] = self.counts.get(key, level.start - 1) + 1
        for deeper in [other for other in self.counts if other[0] == list_id and other[1] > depth]:
            del self.counts[deeper]
        if level.form == "bullet":
            return ""
        return _PLACEHOLDER.sub(lambda match: self._shown(list_id, number_id, int(match[1]) - 1), level.text)

    def _shown(self, list_id: str, number_id: str, depth: int) -> str:
        level = self.levels[number_id].get(depth, Level())
        return shown(self.counts.get((list_id, depth), level.start), level.form)

    def _list(self, paragraph: Any) -> tuple[str, int] | None:
        """The list and level of a paragraph: its own, else that of its style; a list 0 takes it out."""
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            return None
        own = _reference(properties)
        if own is not None:
            return None if own[0] == "0" else own
        style = properties.find(f"{W}pStyle")
        return self.styles.get(style.get(f"{W}val", "")) if style is not None else None


def _reference(properties: Any) -> tuple[str, int] | None:
    found = properties.find(f"{W}numPr")
    if found is None:
        return None
    number, level = found.find(f"{W}numId"), found.find(f"{W}ilvl")
    if number is None:
        return None
    depth = level.get(f"{W}val", "0") if level is not None else "0"
    return number.get(f"{W}val", "0"), int(depth) if depth.isdecimal() else 0


def numbers(numbering: Any | None, styles: Any | None) -> Numbers:
    """The lists that numbering.xml and styles.xml define; either may be missing."""
    result = Numbers()
    if numbering is not None:
        abstract = {item.get(f"{W}abstractNumId"): _levels(item) for item in numbering.iter(f"{W}abstractNum")}
        for item in numbering.iter(f"{W}num"):
            number_id = item.get(f"{W}numId", "")
            base = item.find(f"{W}abstractNumId")
            name = base.get(f"{W}val", "") if base is not None else ""
            overrides: dict[int, Level] = {}
            for override in item.iter(f"{W}lvlOverride"):
                overrides |= _levels(override)
            result.levels[number_id] = abstract.get(name, {}) | overrides
            restarts = item.find(f"{W}lvlOverride") is not None
            result.abstract[number_id] = number_id if restarts else f"a{name}"
    if styles is not None:
        _inherit(result, styles)
    return result


def _levels(item: Any) -> dict[int, Level]:
    found = {}
    for level in item.iter(f"{W}lvl"):
        values = {child.tag: child.get(f"{W}val", "") for child in level}
        start = values.get(f"{W}start", "1")
        depth = level.get(f"{W}ilvl", "0")
        found[int(depth) if depth.isdecimal() else 0] = Level(
            int(start) if start.isdecimal() else 1,
            values.get(f"{W}numFmt", "decimal"),
            values.get(f"{W}lvlText", ""),
        )
    return found


def _inherit(result: Numbers, styles: Any) -> None:
    """Lists of paragraph styles, also those they inherit."""
    own: dict[str, tuple[str, int]] = {}
    above: dict[str, str] = {}
    for style in styles.iter(f"{W}style"):
        name = style.get(f"{W}styleId", "")
        properties, base = style.find(f"{W}pPr"), style.find(f"{W}basedOn")
        found = _reference(properties) if properties is not None else None
        if found is not None:
            own[name] = found
        if base is not None:
            above[name] = base.get(f"{W}val", "")
    for name in set(own) | set(above):
        at, seen = name, set[str]()
        while at and at not in own and at not in seen:
            seen.add(at)
            at = above.get(at, "")
        if at in own and own[at][0] != "0":
            result.styles[name] = own[at]
