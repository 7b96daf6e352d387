"""The sums of one document for one year, by what they state: how figures of two documents are held against each other.

A sum is known by its role (total expenditure), or by its label where the role has several sums (a project, a budget
subject). What stands in several places with one value is one figure; what has several values is none. Budget, executed,
adjusted and final figures of one year are different things and never meet.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from dutymine.facts.quantities import YUAN
from dutymine.mandates.normal import Voice, normalise, voice, without_slots
from dutymine.model import Amount, AmountRole, DocumentKind, Mined
from dutymine.settings import Settings
from dutymine.text import fold, squeeze

R = AmountRole
Key = tuple[str, ...]

_ITEMS = frozenset({R.PROJECT_ITEM, R.PROCUREMENT_ITEM, R.ASSETS_ITEM, R.ASSETS_PLANNED})
_NEVER = frozenset({R.CHANGE_TOTAL, R.CHANGE_BASIC, R.CHANGE_PROJECT, R.CHANGE_OTHER, R.INDICATOR_VALUE})
# Which figure of a year a sum is, by the words before it; the first that fits.
_MEASURES = (
    ("executed", re.compile("执行|预计|快报")),
    ("adjusted", re.compile("调整|追加|调增|调减")),
    ("final", re.compile("决算|完成|实际")),
    ("budget", re.compile("预算|安排|计划")),
)
_BEFORE = 24  # characters before a sum that say which figure it is
_STOP = re.compile("[，。；;、\n]")
# 类, 款 and 项 of a budget subject in a sentence; of a table the code says that a row is one.
_SUBJECT = re.compile(r"([^()]+)\(款\)([^()]+)\(项\)")
_SPENT = "3"  # codes of how money is spent (301 wages), which say nothing of duties
_YEARS = re.compile(r"(?:19|20)\d\d年?度?|本年度?|当年|上年度?(?!结)|年初|科目$|预算数$|决算数$")
_NUMBER = re.compile(
    r"^[\s.\"“]*(?:\(?(?:[一二三四五六七八九十]{1,3}|\d{1,2})(?:\)、?|[、.](?!\d)))?(?:其中|包括|用于)?[::]?"
)
_LEAST_LABEL = 3
_PROCURED = frozenset({"货物", "工程", "服务"})  # what procurement law divides it into
_VAGUE = re.compile(
    "^(?:合计|小计|总计|总额|金额|预算|项目|资金|经费|支出|收入|其他|货物|工程|服务|年初预算数?|本年支出|本年收入|.*用款计划)$"
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One sum: in 元, what rounding explains (half its last digit), and as the document has it."""

    item: str
    yuan: Decimal
    slack: Decimal
    shown: str
    amount: Amount

    def equals(self, other: Figure) -> bool:
        """Whether two figures are one, in whatever unit and rounding."""
        return abs(self.yuan - other.yuan) <= self.slack + other.slack


def figure(mined: Mined, amount: Amount, item: str = "") -> Figure:
    """The figure of an amount of a document."""
    exponent = amount.value.as_tuple().exponent
    places = min(exponent, 0) if isinstance(exponent, int) else 0
    slack = Decimal(1).scaleb(places) * YUAN.get(amount.unit, 1) / 2
    quote = squeeze(mined.document.text[amount.start : amount.end])
    shown = quote if amount.unit in quote else f"{quote}{amount.unit}"
    return Figure(item, amount.yuan, slack, shown, amount)


def book(mined: Mined, year: int, settings: Settings) -> dict[Key, Figure]:
    """The figures of a document for a year: keys of roles first, then those of labels."""
    whose = voice(mined)
    found: dict[Key, list[Figure]] = defaultdict(list)
    for amount in mined.amounts:
        if amount.period == str(year) and not amount.direction:
            for key, entry in _entries(mined, amount, whose, settings):
                found[key].append(entry)
    kept = {key: one for key, figures in found.items() if (one := _one(figures)) is not None}
    return dict(sorted(kept.items(), key=lambda entry: entry[0][0] != "role"))


def keys(mined: Mined, amount: Amount, settings: Settings) -> list[Key]:
    """The keys of one amount, that of its label first."""
    return [key for key, _ in _entries(mined, amount, voice(mined), settings)][::-1]


def measure(mined: Mined, amount: Amount) -> str:
    """Which figure of its year a sum is: `budget`, `executed`, `adjusted` or `final`."""
    before = mined.document.folded[max(0, amount.start - _BEFORE) : amount.start] if amount.table is None else ""
    near = _STOP.split(before)[-1]
    for words in (near, fold(amount.role_label)):
        told = next((name for name, pattern in _MEASURES if pattern.search(words)), "")
        if told:
            return told
    return "final" if mined.identity.kind is DocumentKind.FINAL_ACCOUNTS else "budget"


def _entries(mined: Mined, amount: Amount, whose: Voice, settings: Settings) -> Iterator[tuple[Key, Figure]]:
    if amount.role in _NEVER or amount.subject_code.startswith(_SPENT):
        return
    label = fold(amount.role_label)
    which = measure(mined, amount)
    subject = _subject(amount, label)
    if subject:
        yield ("subject", subject, which), figure(mined, amount, _titled(*subject.partition("/")[::2]))
        return
    head, _, column = label.partition("/")
    name, rest = (_plain(part, whose, settings) for part in (head, column))
    rest = "" if _VAGUE.match(rest) else rest
    item = _titled(name, column)
    if amount.role is not R.OTHER and amount.role not in _ITEMS:
        yield ("role", amount.role, amount.fund, which), figure(mined, amount, _last_part(item))
    one = figure(mined, amount, item)
    telling = len(name) >= _LEAST_LABEL and not _VAGUE.match(name)
    if (amount.role is R.PROCUREMENT_ITEM and name in _PROCURED) or (amount.role is not R.OTHER and telling):
        yield ("label", amount.role, name, rest, which), one


def _subject(amount: Amount, label: str) -> str:
    """A budget subject: its name and what it stands under, as far as the label says; empty for other sums."""
    match = _SUBJECT.search(label)
    if match:
        return f"{match[2]}/{match[1]}"
    return label if amount.subject_code else ""


def _titled(name: str, rest: str) -> str:
    """What a sum is about, with the column it stands in where that says more than that it is a sum."""
    column = rest.rpartition("/")[2]
    if _VAGUE.match(name):
        return column or name
    return f"{name}（{column}）" if column and column != name and not _VAGUE.match(column) else name


def _last_part(item: str) -> str:
    """The end of a long label, which is what the sum is: 下属单位财政拨款的机关运行经费."""
    end = item.rpartition("的")[2]
    return end if len(end) > _LEAST_LABEL else item


def _plain(label: str, whose: Voice, settings: Settings) -> str:
    """A label without years, numbers and the department's name."""
    return _YEARS.sub("", without_slots(normalise(_NUMBER.sub("", label), whose, settings).text))


def _one(figures: list[Figure]) -> Figure | None:
    """The one figure that all statements are; zeros beside it are of parts. Running text goes before tables."""
    for chosen in ([one for one in figures if one.amount.table is None], figures):
        stated = [one for one in chosen if one.yuan] or chosen
        if stated and all(one.equals(stated[0]) for one in stated):
            return min(stated, key=lambda one: (len(one.item) < _LEAST_LABEL, len(one.item)))
    return None


def matched(earlier: Mapping[Key, Figure], later: Mapping[Key, Figure]) -> Iterator[tuple[Figure, Figure]]:
    """Figures of two books that state the same, each once: a subject that several tables repeat is one."""
    told: dict[str, list[tuple[Figure, Figure]]] = defaultdict(list)
    for key in (key for key in later if key in earlier):
        old, new = earlier[key], later[key]
        name = key[2] if key[1] in _ITEMS else key[1].partition("/")[0]
        if not any(old.equals(before) and new.equals(after) for before, after in told[name]):
            told[name].append((old, new))
            yield old, new
