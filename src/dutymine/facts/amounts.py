"""Sums of money in running text: value, role, period, direction and fund.

A sum's label is what stands between the sum before it (or the last mark) and its number; where that names nothing, the
words of the whole sentence before it do, then what the sentence spoke of last, then the section.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from dutymine.facts.quantities import YUAN, Quantity
from dutymine.facts.roles import Cue, change_role, change_word, cue
from dutymine.facts.stretches import Stretch
from dutymine.model import Amount, AmountRole, Document, SectionKind
from dutymine.settings import Settings
from dutymine.text import Span, squeeze

_SOFT = re.compile(r"[，、;:。!](?!\s*$)|\((?![^()]{0,6}\))|包括|其中")
_YEAR = re.compile(r"(?<![\d〔(\[])(20\d\d)\s?年")
_COMPARES = ("较", "比", "与", "同", "和", "对比", "相比")
_LAST_YEAR = re.compile(r"上年(?:末|底|度)?|去年|上一年度?")
# `较2022年预算1195.2万元增加…`: what a figure is compared with, stated beside it
_COMPARED = re.compile(
    r"[较比与同和](?:(20\d\d)年|上年|去年|上一年)(?:(?!相比|对比|相较|增|减)[\u4e00-\u9fff()“”]){0,24}$"
)
_REACH = 300
_GOALS = frozenset(
    {
        SectionKind.GOALS_OVERALL,
        SectionKind.GOALS_SUB,
        SectionKind.SAFEGUARDS,
        SectionKind.INDICATORS_DEPARTMENT,
        SectionKind.INDICATORS_PROJECT,
    }
)
_DEFAULTS = {
    SectionKind.AGENCY_RUNNING: AmountRole.AGENCY_RUNNING,
    SectionKind.PROCUREMENT: AmountRole.PROCUREMENT_ITEM,
    SectionKind.ASSETS: AmountRole.ASSETS_ITEM,
    SectionKind.INDICATORS_PROJECT: AmountRole.PROJECT_ITEM,
}
_ENDS_PROJECTS = frozenset(
    {
        AmountRole.EXPENDITURE_BASIC,
        AmountRole.EXPENDITURE_TOTAL,
        AmountRole.INCOME_TOTAL,
        AmountRole.EXPENDITURE_OTHER,
        AmountRole.THREE_PUBLIC_TOTAL,
    }
)
_RESPECTIVELY = re.compile(r"([^，。;:]+?)分别(?:为|是|安排|达|列支|支出)?$")
_COUNTED = re.compile(r"[一二三四五六七八九十\d]+[个项类]+(?:项目|方面|事项)?$")
_PLANNED = re.compile(r"拟|购置|新增|配置|添置|计划|更新")
_STANDARD = re.compile(r"每[人场次户天月亩公个件]|人均|按[^，。]{0,10}(?:标准|补助)$")
_LEAD = re.compile(r"^(?:其中|包括|含|即|为|分别|用于|主要用于|一是|二是|三是|安排|[:，、()]|\d{1,2}[.、])+")
_OF_PROJECTS = (SectionKind.INDICATORS_PROJECT, SectionKind.PERFORMANCE)
_OWN_BUDGET = re.compile(r"(?:该|本)?项目(?:总)?(?:预算|资金|金额)(?:资金|总额|金额|数)?(?:为|共计?)?:?")
_NAMED_PROJECT = re.compile(r"(?<![个类大项点余])[\u4e00-\u9fff]{4,}(?<![个类大])项目(?:经费|资金)?$")
_SUB_ITEM = re.compile(r"\s*(?:\(\d{1,2}\)|[①-⑳])")  # of the list that the line before announced
_NAMES_PROJECT = re.compile(r"[\u4e00-\u9fff]{2}")
_QUOTES = re.compile(r"[“”\"'‘’]")
_EDGE = re.compile(
    r"^(?:其中|包括|含|即|为|其余|主要用于|用于|安排|共|计|\d+年度?|[，、;:。()“”\"')\d-])+|[为约:(]+$|(?<![总公合])共$|(?<![总合共小])计$|(?<=[\u4e00-\u9fff])安排$"
)


@dataclass(frozen=True, slots=True)
class Context:
    """What sums are read in: the document with its quiet copy and year, offsets inside bounds and inside label
    constants.
    """

    document: Document
    quiet: str
    year: int | None
    bounds: frozenset[int]
    conditions: frozenset[int]
    owned: frozenset[int]  # inside bounds of indicators
    settings: Settings


@dataclass(slots=True)
class _Memory:
    """What the sentence has spoken of: its subject, whether it lists projects, where its last sum ended."""

    subject: AmountRole | None = None
    projects: bool = False
    last: int = 0
    labels: list[str] = field(default_factory=list)  # of `A和B分别为…`, still to come


@dataclass(frozen=True, slots=True)
class _Mention:
    """One sum with the words before it: `near` since the last mark, `wide` since the last sum, `line` since the
    line began.
    """

    quantity: Quantity
    section: SectionKind
    value_cell: bool
    near: str
    wide: str
    line: str
    label: Span


def prose_amounts(context: Context, stretches: Sequence[Stretch], found: Sequence[Sequence[Quantity]]) -> list[Amount]:
    """Sums of money in running text, in order; `found` are the quantities of each stretch."""
    result: list[Amount] = []
    for stretch, quantities in zip(stretches, found, strict=True):
        memory = _Memory(last=stretch.start)
        for quantity in quantities:
            if not quantity.money:
                continue
            if quantity.start not in context.conditions:
                mention = _respectively(_mention(context.quiet, quantity, stretch, memory), memory)
                result.append(_amount(context, mention, memory))
            memory.last = quantity.end
    return result


def _mention(quiet: str, quantity: Quantity, stretch: Stretch, memory: _Memory) -> _Mention:
    line = max(stretch.start, quiet.rfind("\n", stretch.start, quantity.start) + 1, quantity.start - _REACH)
    sentence = max(line, quiet.rfind("。", line, quantity.start) + 1)
    if sentence >= memory.last:
        goes_on = line < memory.last or _SUB_ITEM.match(quiet, line) is not None
        memory.subject, memory.projects = None, memory.projects and goes_on
    wide = max(sentence, memory.last)
    near = wide
    for mark in _SOFT.finditer(quiet, wide, quantity.start):
        near = mark.end() if quiet[mark.end() : quantity.start].strip() else near
    return _Mention(
        quantity,
        stretch.section,
        stretch.value_cell,
        squeeze(quiet[near : quantity.start]),
        squeeze(quiet[wide : quantity.start]),
        quiet[line : quantity.start],
        (near, quantity.start),
    )


def _respectively(mention: _Mention, memory: _Memory) -> _Mention:
    """`人员经费和公用经费分别为5万元、2万元`: each sum takes the next of the labels."""
    match = _RESPECTIVELY.search(mention.wide)
    if match:
        memory.labels = [label for label in re.split(r"、|和|及|与|以及", _COUNTED.sub("", match[1])) if label]
    elif mention.near.strip("、和及与以"):
        memory.labels = []
    if not memory.labels:
        return mention
    label = memory.labels.pop(0)
    return replace(mention, near=label, wide=mention.wide[: match.start(1)] + label if match else label)


def _amount(context: Context, mention: _Mention, memory: _Memory) -> Amount:
    quantity, settings = mention.quantity, context.settings
    direction = change_word(mention.near, settings) or (
        change_word(mention.wide, settings) if mention.near == "" else ""
    )
    role, fund = _role(mention, memory, direction, settings)
    if (
        mention.value_cell
        or quantity.start in context.owned
        or (mention.section in _GOALS and quantity.start in context.bounds)
    ):
        role = AmountRole.INDICATOR_VALUE
    elif direction:
        role = change_role(role if role is not AmountRole.OTHER else memory.subject, mention.section)
    if mention.section in _GOALS and role is AmountRole.INCOME_TOTAL:
        role = AmountRole.OTHER  # `增加村集体收入10万元` is not the department's
    value = quantity.value
    if direction and value < 0:
        direction = {"+": "-", "-": "+"}.get(direction, "-")
    sign = "0" if direction and value == 0 else direction
    return Amount(
        value=value,
        unit=quantity.money,
        yuan=value * YUAN[quantity.money],
        role=role,
        role_label=_label(context, mention),
        period=period(mention.line, mention.near, context.year, role, bool(direction)),
        direction=sign,
        fund=fund,
        start=quantity.start,
        end=quantity.end - len(quantity.unit) + len(quantity.money) if "/" in quantity.unit else quantity.end,
    )


def _role(mention: _Mention, memory: _Memory, direction: str, settings: Settings) -> tuple[AmountRole, str]:
    """Role and fund: by the near words, by the words since the last sum, by what is listed, by the section."""
    near = _plain(mention.near)
    found = cue(near, mention.section, settings)
    if memory.projects and not direction and _is_project(near, found):
        return AmountRole.PROJECT_ITEM, ""
    if found and found.role is AmountRole.ASSETS_TOTAL and _PLANNED.search(mention.wide):
        return AmountRole.ASSETS_PLANNED, ""
    if found is None and not memory.projects:
        found = cue(_plain(mention.wide), mention.section, settings)
    if _STANDARD.search(near):
        return AmountRole.OTHER, ""
    if found:
        if not direction:
            memory.subject = found.role
            memory.projects = found.role is AmountRole.EXPENDITURE_PROJECT or (
                memory.projects and found.role not in _ENDS_PROJECTS
            )
        if memory.projects and found.role in _ENDS_PROJECTS:
            memory.projects = False
        if mention.section in _OF_PROJECTS and _OWN_BUDGET.fullmatch(near):
            return AmountRole.PROJECT_ITEM, ""
        return found.role, found.fund
    if direction:
        return memory.subject or AmountRole.OTHER, ""
    if mention.section is SectionKind.PERFORMANCE and "项目" in mention.wide:
        return AmountRole.EXPENDITURE_PROJECT, ""
    if _NAMED_PROJECT.search(near):
        return AmountRole.PROJECT_ITEM, ""
    if mention.section in _DEFAULTS and mention.wide:
        return _DEFAULTS[mention.section], ""
    return AmountRole.OTHER, ""


def _is_project(near: str, found: Cue | None) -> bool:
    """Whether a label in a list of projects names one: words of its own, and not just a budget term (`人员经费`)."""
    bare = _LEAD.sub("", near)
    if not _NAMES_PROJECT.search(bare) or _STANDARD.search(bare):
        return False
    if found is None or not found.role.startswith(("expenditure_", "income_", "three_public_total")):
        return True
    return found.role not in _ENDS_PROJECTS and found.end - found.start + 1 < len(bare)


def _plain(label: str) -> str:
    """A label without quotation marks and spaces that stand inside terms (`“三公”经费`)."""
    return _QUOTES.sub("", label)


def _label(context: Context, mention: _Mention) -> str:
    """The document's words for the sum, without lead words and marks."""
    words_of = squeeze(context.document.text[slice(*mention.label)])
    bare = _EDGE.sub("", _EDGE.sub("", words_of))
    return bare[-40:]


def period(line: str, near: str, year: int | None, role: AmountRole, change: bool) -> str:
    """The year a sum belongs to, or `year-(year before)` for a change; empty where the document's year is unknown."""
    if year is None:
        return ""
    if change:
        return f"{year}-{year - 1}"
    if role is AmountRole.INCOME_CARRYOVER:
        return str(year)
    compared = _COMPARED.search(near)
    if compared and int(compared[1] or year - 1) == year - 1:
        return str(year - 1)
    last = _LAST_YEAR.search(near)
    if last and not near[: last.start()].endswith(_COMPARES) and "结转" not in near:
        return str(year - 1)
    stated = year
    for match in _YEAR.finditer(line):
        if not line[: match.start()].rstrip().endswith(_COMPARES) and abs(int(match[1]) - year) <= 1:
            stated = int(match[1])
    return str(stated)
