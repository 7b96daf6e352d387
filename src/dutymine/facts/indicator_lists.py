"""Indicators that prose lists by class: `数量指标：…≥20000条；质量指标：…≥95%`."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache

from dutymine.facts.stretches import Stretch
from dutymine.layout.columns import level_code
from dutymine.lexicon import LevelRow, rows
from dutymine.model import Comparator, Document, Indicator, SectionKind, Threshold, ThresholdKind
from dutymine.settings import Settings
from dutymine.text import squeeze

_NAME_START = re.compile(r"[，;。:\n]|\d[、.](?!\d)|[（(]\d{1,2}[)）]|指标\d{1,2}\s*:?")
_NAME_END = re.compile(r"(?:应?达到?|为|不|保持在|控制在|实现|完成|每年|每月|每季度|每半年|力争)+$")
_NEXT_ITEM = re.compile(
    r"[。]\s*(?:\d{1,2}[、.](?!\d)|\([一二三四五六七八九十\d]{1,2}\)|[一二三四五六七八九十]{1,2}、)"
)
_TAIL_VALUE = re.compile(r"[，:、\s]*(?:年度|计划|预期)?(?:目标值|指标值|预期值|计划值)(?:为)?:?\s*$")
_VALUE_WORD = re.compile(r"\s*(?:年度|计划|预期)?(?:目标值|指标值|预期值|计划值|值)(?:为)?:?\s*$")  # no name
_LONGEST = 60
_EXPLICIT = (ThresholdKind.SYMBOL, ThresholdKind.EXACT, ThresholdKind.RANGE)  # where reports tell also what was done
_POINTS = re.compile(r"\s?\((?:分值|权重)?:?(\d{1,3}(?:\.\d+)?)分\)")
_PROJECT = re.compile(r"(?:^|\n)[ \t]*(?:项目|政策)名称\s*:\s*([^\n:]{2,40}?)[ \t]*(?=\n|$)")
_PROJECT_REACH = 1500
_DEADLINE = re.compile(r"(?:20\d\d年)?(?:\d{1,2}月(?:\d{1,2}日|底|末)?|年底|年末)之?前")
_HOLDS = {"O": "OC", "B": "BS", "S": "S", "C": "C"}  # the classes a first level may stand over


@cache
def _label(settings: Settings) -> re.Pattern[str]:
    table = rows("levels", LevelRow, settings)
    second = sorted((s for row in table if row.depth == 2 for s in row.surfaces), key=len, reverse=True)
    long = "|".join(re.escape(surface) for surface in second if len(surface) > 3)
    every = "|".join(re.escape(surface) for surface in second)
    return re.compile(
        rf"((?:{every})\s?(?:指标|目标)|{long}|绩效指标|产出指标|效益指标)\s?(?:\([^()\n]{{1,8}}\))?\s?\d{{0,2}}\s?:"
    )


def listed_indicators(
    document: Document, quiet: str, stretches: Sequence[Stretch], thresholds: Sequence[Threshold], settings: Settings
) -> Iterator[Indicator]:
    """Indicators of prose lists in order; `thresholds` are those of running text, in order, which bound them."""
    starts = [threshold.start for threshold in thresholds]
    for stretch in stretches:
        if stretch.value_cell or not (stretch.bare or stretch.section is SectionKind.PERFORMANCE):
            continue
        labels = list(_label(settings).finditer(quiet, stretch.start, stretch.end))
        opened = {label.start() for label in labels}
        firsts = [
            first for first in _first(settings).finditer(quiet, stretch.start, stretch.end) if first.end() in opened
        ]
        for label, after in zip(labels, [*labels[1:], None], strict=False):
            stop = after.start() if after else stretch.end
            stop = _scope(quiet, label.end(), stop)
            inside = thresholds[bisect_left(starts, label.end()) : bisect_left(starts, stop)]
            inside = [item for item in inside if stretch.bare or item.kind in _EXPLICIT]
            inside = inside or _deadline(quiet, label.end(), stop)
            first = _over(label, firsts, quiet, settings) or _alone(label, settings)
            yield from (replace(item, level1=first) for item in _of_label(document, quiet, label, inside, settings))


def _scope(quiet: str, start: int, stop: int) -> int:
    """A class holds to the end of its line (of the next one where its own is empty), and not over the next list
    number.
    """
    while start < stop and quiet[start].isspace():
        start += 1
    line = quiet.find("\n", start, stop)
    stop = line if line >= 0 else stop
    number = _NEXT_ITEM.search(quiet, start, stop)
    return number.start() + 1 if number else stop


@cache
def _first(settings: Settings) -> re.Pattern[str]:
    names = {
        s.removesuffix("指标") for row in rows("levels", LevelRow, settings) if row.depth == 1 for s in row.surfaces
    }
    every = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"((?:{every})指标)\s?(?:\([^()\n]{{1,8}}\))?\s*:?\s*")


def _over(label: re.Match[str], firsts: Sequence[re.Match[str]], quiet: str, settings: Settings) -> str:
    """The first level over a class (`产出指标：数量指标：…`), as far as its list item goes and its classes do."""
    above = next((first for first in reversed(firsts) if first.end() <= label.start()), None)
    if above is None or _NEXT_ITEM.search(quiet, above.end(), label.start()):
        return ""
    held = _HOLDS.get(level_code(squeeze(above[1]), 1, settings), "")
    return squeeze(above[1]) if level_code(squeeze(label[1]), 2, settings)[:1] in held else ""


def _alone(label: re.Match[str], settings: Settings) -> str:
    """The first level where the list names no class under it (`产出指标：活动场次≥6场`)."""
    word = squeeze(label[1])
    return word if level_code(word, 1, settings) and not level_code(word, 2, settings) else ""


def _deadline(quiet: str, start: int, stop: int) -> list[Threshold]:
    """`完成时间10月底前`: a deadline is the value of its indicator and no threshold."""
    match = _DEADLINE.search(quiet, start, stop)
    if match is None:
        return []
    return [Threshold(Comparator.TEXT, None, None, True, True, "", "", "", ThresholdKind.EXACT, *match.span(), None)]


def _of_label(
    document: Document, quiet: str, label: re.Match[str], thresholds: Sequence[Threshold], settings: Settings
) -> Iterator[Indicator]:
    previous = label.end()
    for threshold in thresholds:
        if threshold.kind is ThresholdKind.CONDITION:
            continue
        start, end = _name(quiet, previous, threshold.start)
        previous = threshold.end
        if start < end and end - start <= _LONGEST:
            yield _indicator(document, quiet, (label, (start, end)), threshold, settings)


def _name(quiet: str, start: int, end: int) -> tuple[int, int]:
    """The words before a bound, since the last mark."""
    for mark in _NAME_START.finditer(quiet, start, end):
        start = (
            mark.end() if quiet[mark.end() : end].strip() and not _VALUE_WORD.match(quiet, mark.end(), end) else start
        )
    end = start + len(_TAIL_VALUE.sub("", quiet[start:end]))
    words = quiet[start:end].rstrip()
    tail = _NAME_END.search(words)
    end = start + (tail.start() if tail else len(words))
    while start < end and quiet[start] in " 、，;。:":
        start += 1
    return start, end


def _indicator(
    document: Document,
    quiet: str,
    place: tuple[re.Match[str], tuple[int, int]],
    threshold: Threshold,
    settings: Settings,
) -> Indicator:
    label, (start, end) = place
    code = level_code(squeeze(label[1]), 2, settings)
    comparator: Comparator = threshold.comparator
    points = _POINTS.match(quiet, threshold.end)
    named = list(_PROJECT.finditer(quiet, max(0, label.start() - _PROJECT_REACH), label.start()))[-1:]
    return Indicator(
        project=squeeze(document.text[slice(*named[0].span(1))]) if named else "",
        level1="",
        level2=squeeze(document.text[slice(*label.span(1))]) if code else "",
        name=squeeze(document.text[start:end]),
        class_code=code,
        description="",
        comparator=comparator,
        low=threshold.low,
        high=threshold.high,
        unit=threshold.unit,
        value_text=squeeze(document.text[threshold.start : threshold.end]),
        period="",
        points=Decimal(points[1]) if points else None,
        scoring_rule="",
        basis="",
        start=start,
        end=threshold.end,
        value_start=threshold.start,
        value_end=threshold.end,
    )
