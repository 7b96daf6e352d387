"""R04, R06, R07, R10-R15: the tables of a budget or of final accounts, each in itself and one against another."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from dutymine.checks.facts import Facts
from dutymine.checks.figures import Identity, judged
from dutymine.checks.ledgers import Entry, Ledger, children, is_economic, is_functional, is_total, ledgers, tops
from dutymine.model import Amount, Outcome, Verdict

_FISCAL = re.compile(r"财政拨款收入?支(?:出)?|财政拨款收支|财政拨款支出")
_GENERAL = re.compile(r"一般公共预算")
_SUBTOTAL = re.compile(r"本年(?:收入|支出)(?:合计|小计)")
_GRAND = re.compile(r"(?:收入|支出|收支)?总计|(?:收入|支出)合计")
_CHINESE = re.compile(r"[一二三四五六七八九十]{1,3}[、.]")
_ARABIC = re.compile(r"\d{1,2}[.、)]|\(\d\)|\([一二三四五六七八九十]\)")
_WHOLE_COLUMN = re.compile(r"(?:^|\|)(?:合计|总计|小计|本年支出合计|支出合计|决算数|预算数|金额)$")
_CARRY = (r"年初.*结[转余]", r"本年收入", r"本年支出(?:\|(?:合计|小计))?$", r"年末.*结[转余]")
_LEAST_LIST = 3
_OF_BASIC = re.compile(r"(?:日常)?(?:人员|公用)(?:经费|支出|类支出)?")
_PERSONNEL = ("301", "303")


def proved(facts: Facts, rule: str, what: str, found: Iterable[Identity]) -> Verdict:
    """The verdict on equations of tables; `could_not_run` where no table can be trusted."""
    every = list(found)
    right = trusted(every)
    if every and not right:
        return Verdict(Outcome.COULD_NOT_RUN, "表内多数等式不成立，列义不明")
    return judged(facts, rule, what, right)


def trusted(found: Iterable[Identity]) -> list[Identity]:
    """Equations without those of a table in which so many fail that it must have been read wrongly."""
    by_table: dict[int | None, list[Identity]] = defaultdict(list)
    for identity in found:
        by_table[identity.whole.table].append(identity)
    right = []
    for items in by_table.values():
        broken = sum(abs(item.difference) > item.slack for item in items)
        if broken < 2 or broken * 3 <= len(items):
            right += items
    return right


def _sum(whole: Amount, parts: Iterable[Amount | None]) -> Iterator[Identity]:
    stated = tuple((part, 1) for part in parts if part is not None)
    if stated and (whole.yuan or any(part.yuan for part, _ in stated)):
        yield Identity(whole, stated)


# --- classifications: classes are the sums of their parts ------------------------------------------------------------


def _levels(which: Callable[[Ledger], bool]) -> Callable[[Facts], Iterator[Identity]]:
    """Parents and children of coded tables, the deepest first, then the total and its classes."""

    def find(facts: Facts) -> Iterator[Identity]:
        for ledger in filter(which, ledgers(facts)):
            found = []
            for column in ledger.columns:
                for parent, below, is_whole in children(ledger.entries, column):
                    pairs = _sum(parent.figures[column], (entry.figures.get(column) for entry in below))
                    found += [
                        (len(parent.code), item) for item in pairs if is_whole or abs(item.difference) <= item.slack
                    ]
            yield from (item for _, item in sorted(found, key=lambda pair: -pair[0]))
            yield from _coded_total(ledger)

    return find


def _coded_total(ledger: Ledger) -> Iterator[Identity]:
    """The total row and the classes; a table that begins within a class goes on another."""
    totals = [entry for entry in ledger.entries if is_total(entry) and entry.figures]
    classes = tops(ledger.entries)
    coded = [entry for entry in ledger.entries if entry.code]
    if len(totals) != 1 or not classes or coded[0] is not classes[0]:
        return
    used = {column for entry in coded for column in entry.figures}
    if not set(totals[0].figures) <= used:
        return  # the row slid
    at_end = ledger.entries.index(totals[0]) > ledger.entries.index(coded[-1])
    for column, whole in totals[0].figures.items():
        for item in _sum(whole, (entry.figures.get(column) for entry in classes)):
            if at_end or abs(item.difference) <= item.slack or item.difference < 0:
                yield item


def flat_totals(facts: Facts) -> Iterator[Identity]:
    """Columns of a table without codes that sum to its total row, as at least one of them shows."""
    for ledger in ledgers(facts):
        rows = [entry.row for entry in ledger.entries if entry.figures]
        totals = [entry for entry in ledger.entries if is_total(entry) and entry.figures]
        if len(totals) != 1 or len(set(rows)) != len(rows) or any(entry.code for entry in ledger.entries):
            continue
        parts = [entry for entry in ledger.entries if entry is not totals[0] and entry.figures]
        if re.search(r"单价|数量|指标|采购", ledger.name) or any(_is_mixed(entry) for entry in parts):
            continue
        found = [
            item
            for column, whole in totals[0].figures.items()
            for item in _sum(whole, (entry.figures.get(column) for entry in parts))
            if len(item.parts) > 1
        ]
        if any(item.difference == 0 for item in found) or _is_list(facts, ledger, found):
            yield from found


def _is_list(facts: Facts, ledger: Ledger, found: Sequence[Identity]) -> bool:
    """Whether one column of a list of projects has the total that the text states: then its rows must make it."""
    if (
        len(found) != 1
        or len(found[0].parts) < _LEAST_LIST
        or not re.search(r"明细|清单|项目支出|项目预算", ledger.title)
    ):
        return False
    figures = [part.yuan for part, _ in found[0].parts]
    nested = any(
        figures[i] == sum(figures[i + 1 : j]) for i in range(len(figures)) for j in range(i + 3, len(figures) + 1)
    )
    said = any(item.table is None and item.yuan == found[0].whole.yuan for item in facts.mined.amounts)
    return said and min(figures) > 0 and not nested and abs(found[0].difference) * 2 < found[0].whole.yuan


def _is_mixed(entry: Entry) -> bool:
    """Whether a row is of another level than the plain rows of its table."""
    text = entry.printed
    return not text or re.search(r"其中|[小合总]计|结转|结余", text) is not None or _ARABIC.match(text) is not None


# --- income and expenditure side by side -----------------------------------------------------------------------------

Side = list[tuple[Entry, Amount]]


def _sides(facts: Facts, *, fiscal: bool) -> Iterator[tuple[bool, Side]]:
    """Columns of tables that set income against expenditure: whether one is income, and its figures from the top."""
    for ledger in ledgers(facts):
        labels = "".join(entry.label for entry in ledger.entries)
        if any(entry.code for entry in ledger.entries) or "总计" not in labels or "收入" not in labels + ledger.name:
            continue
        if bool(_FISCAL.search(ledger.name)) is not fiscal or "支出" not in ledger.name + labels:
            continue
        last = {column for entry in ledger.entries if _GRAND.fullmatch(entry.label) for column in entry.figures}
        if not set(ledger.columns) <= last:
            continue  # figures slid into a column that has no total
        for column in ledger.columns:
            side = [(entry, entry.figures[column]) for entry in ledger.entries if column in entry.figures]
            income = sum("收入" in entry.label for entry, _ in side) + ("收入" in ledger.heads.get(column, ""))
            spent = sum("支出" in entry.label for entry, _ in side) + ("支出" in ledger.heads.get(column, ""))
            if income != spent and any(_GRAND.fullmatch(entry.label) for entry, _ in side):
                yield income > spent, side


def _parts_of(side: Side) -> list[Amount]:
    """Figures of the highest level: the numbered ones where there are any, otherwise all but 其中."""
    if any(entry.label.endswith("基本支出") for entry, _ in side):  # 人员经费 and 公用经费 are its parts
        side = [pair for pair in side if not _OF_BASIC.fullmatch(pair[0].label)]
    numbered = [figure for entry, figure in side if _CHINESE.match(entry.printed)]
    plain = [
        figure for entry, figure in side if not entry.printed.startswith("其中") and not _ARABIC.match(entry.printed)
    ]
    return numbered or plain


def subtotals(facts: Facts, *, fiscal: bool, income: bool) -> Iterator[Identity]:
    """本年收入合计 (or the total where a table has no such line) and the lines above it."""
    for is_income, side in _sides(facts, fiscal=fiscal):
        places = [i for i, (entry, _) in enumerate(side) if _SUBTOTAL.fullmatch(entry.label)]
        places = places or [i for i, (entry, _) in enumerate(side) if _GRAND.fullmatch(entry.label)]
        if is_income is income and len(places) == 1 and places[0] > 0:
            yield from _sum(side[places[0]][1], _parts_of(side[: places[0]]))


def _carried(facts: Facts) -> Iterator[Identity]:
    """The total is the year's own sum and what was carried over."""
    for fiscal in (False, True):
        for _, side in _sides(facts, fiscal=fiscal):
            subtotals = [i for i, (entry, _) in enumerate(side) if _SUBTOTAL.fullmatch(entry.label)]
            grand = [i for i, (entry, _) in enumerate(side) if _GRAND.fullmatch(entry.label)]
            if len(subtotals) == len(grand) == 1 and subtotals[0] < grand[0]:
                between = side[subtotals[0] + 1 : grand[0]]
                bare = [figure for entry, figure in between if re.match(r"[^\d(一二三四五六七八九十其]", entry.printed)]
                yield from _sum(side[grand[0]][1], [side[subtotals[0]][1], *(bare or _parts_of(between))])
    yield from _carried_rows(facts)


def _carried_rows(facts: Facts) -> Iterator[Identity]:
    """Rows that state what came over, came in, went out and goes over."""
    for ledger in ledgers(facts):
        columns = [_one(ledger, pattern) for pattern in _CARRY]
        if None in columns:
            continue
        for entry in ledger.entries:
            opening, income, spent, closing = (entry.figures.get(column or 0) for column in columns)
            if spent is not None and (opening or income):
                signs = ((opening, 1), (income, 1), (closing, -1))
                yield Identity(spent, tuple((figure, sign) for figure, sign in signs if figure is not None))


def _one(ledger: Ledger, pattern: str) -> int | None:
    """The one column whose heads fit a pattern; the 合计 or 小计 under it where it has several."""
    found = [column for column, head in ledger.heads.items() if re.search(pattern, head)]
    totals = [column for column in found if re.search(r"\|[小合]计$", ledger.heads[column])]
    chosen = totals if len(found) > 1 else found
    return chosen[0] if len(chosen) == 1 else None


def balances(facts: Facts, *, fiscal: bool) -> Iterator[Identity]:
    """The totals of both sides of one table."""
    totals: dict[int | None, dict[bool, list[Amount]]] = defaultdict(lambda: defaultdict(list))
    for is_income, side in _sides(facts, fiscal=fiscal):
        grand = [figure for entry, figure in side if _GRAND.fullmatch(entry.label)]
        if grand:
            totals[grand[-1].table][is_income].append(grand[-1])
    for sides in totals.values():
        if sides[True] and sides[False]:
            yield Identity(sides[True][0], ((sides[False][0], 1),))


def _appropriation(facts: Facts) -> Iterator[Identity]:
    """财政拨款收入 and the budgets numbered under it; the income of the appropriation table and its budgets."""
    for ledger in ledgers(facts):
        for i, entry in enumerate(ledger.entries):
            if re.fullmatch(r"(?:本年)?财政拨款(?:收入)?", entry.label) and _CHINESE.match(entry.printed):
                for column, whole in entry.figures.items():
                    yield from _sum(whole, _under(ledger.entries[i + 1 :], column))
    yield from subtotals(facts, fiscal=True, income=True)


def _under(entries: Sequence[Entry], column: int) -> Iterator[Amount]:
    """Figures of a column numbered 1., 2. … up to the next line of the higher level."""
    for entry in entries:
        if column in entry.figures:
            if not _ARABIC.match(entry.printed):
                return
            yield entry.figures[column]


# --- one table against another ---------------------------------------------------------------------------------------


def _whole_column(ledger: Ledger, pattern: re.Pattern[str] = _WHOLE_COLUMN) -> int | None:
    found = [column for column in ledger.columns if pattern.search(ledger.heads.get(column, ""))]
    return found[0] if len(found) == 1 else None


def _total_of(ledger: Ledger, column: int | None) -> Amount | None:
    if column is None:
        return None
    totals = [entry.figures[column] for entry in ledger.entries if is_total(entry) and column in entry.figures]
    return totals[0] if len(totals) == 1 else None


def _general(facts: Facts) -> Ledger | None:
    """The table of general public budget expenditure by function, where there is one."""
    found = [
        item
        for item in ledgers(facts)
        if is_functional(item) and _GENERAL.search(item.name) and "收入" not in item.name
    ]
    return found[0] if len(found) == 1 else None


def _between(facts: Facts) -> Iterator[Identity]:
    """General public budget expenditure in the appropriation table and in its own, total and classes."""
    own = _general(facts)
    column = None if own is None else _whole_column(own)
    if own is None or column is None:
        return
    classes = {entry.label: entry.figures[column] for entry in tops(own.entries) if column in entry.figures}
    total = _total_of(own, column)
    for ledger in ledgers(facts):
        if not _FISCAL.search(ledger.name) or any(entry.code for entry in ledger.entries) or ledger.unit != own.unit:
            continue
        for entry in ledger.entries:
            for place, figure in entry.figures.items():
                head = ledger.heads.get(place, "")
                other = (
                    total if re.fullmatch(r"本年支出合计|支出合计|支出总计", entry.label) else classes.get(entry.label)
                )
                if re.search(r"一般公共预算(?:财政拨款|支出)?$", head) and other is not None:
                    yield Identity(figure, ((other, 1),))


def _basic(facts: Facts) -> Iterator[Identity]:
    """Basic expenditure by function and by economic class."""
    own = _general(facts)
    economic = [item for item in ledgers(facts) if is_economic(item) and "基本支出" in item.name]
    if own is None or len(economic) != 1 or economic[0].unit != own.unit:
        return
    whole = _total_of(own, _whole_column(own, re.compile(r"(?:^|\|)基本支出(?:\|(?:小计|合计))?$")))
    other = _total_of(economic[0], _whole_column(economic[0]))
    parts = [other] if other is not None else [
        figure for entry in economic[0].entries if re.fullmatch(r"(?:人员|公用)经费合计", entry.label)
        for figure in entry.figures.values()
    ]  # fmt: skip
    if whole is not None and len(parts) in (1, 2):
        yield from _sum(whole, parts)


def _economic(word: str, *, personnel: bool) -> Callable[[Facts], Iterator[Identity]]:
    """Personnel (301, 303) or operating expenditure (the other classes) of tables by economic class."""

    def find(facts: Facts) -> Iterator[Identity]:
        for ledger in filter(is_economic, ledgers(facts)):
            classes = [entry for entry in tops(ledger.entries) if (entry.code in _PERSONNEL) is personnel]
            column = _whole_column(ledger, re.compile(rf"(?:^|\|){word}(?:支出)?$"))
            if column is not None:
                whole = _total_of(ledger, column)
                if whole is not None:
                    yield from _sum(whole, (entry.figures.get(column) for entry in classes))
                continue
            stated = [entry for entry in ledger.entries if re.fullmatch(rf"{word}(?:支出)?(?:合计|小计)", entry.label)]
            wholes = [figure for entry in stated for figure in entry.figures.values()]
            if len(wholes) == 1:
                yield from _sum(wholes[0], (next(iter(entry.figures.values()), None) for entry in classes))

    return find


def _rule(rule: str, what: str, find: Callable[[Facts], Iterator[Identity]]) -> Callable[[Facts], Verdict]:
    return lambda facts: proved(facts, rule, what, find(facts))


TABLES: dict[str, Callable[[Facts], Verdict]] = {
    "R04": _rule("R04", "总计与本年合计、结转结余", _carried),
    "R06": _rule("R06", "人员经费与301、303类合计", _economic("人员经费", personnel=True)),
    "R07": _rule("R07", "公用经费与302、310等类合计", _economic("公用经费", personnel=False)),
    "R10": _rule("R10", "财政拨款收入与各项预算拨款", _appropriation),
    "R11": _rule("R11", "财政拨款收入总计与支出总计", lambda facts: balances(facts, fiscal=True)),
    "R12": _rule("R12", "一般公共预算支出在两表中的金额", _between),
    "R13": _rule("R13", "基本支出在功能分类表与经济分类表中的金额", _basic),
    "R14": _rule("R14", "功能分类科目与下级科目合计", _levels(is_functional)),
    "R15": _rule("R15", "经济分类科目与下级科目合计", _levels(is_economic)),
}
