"""R45-R48: years and the department's own name, where the document speaks of itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dutymine.checks.facts import Facts
from dutymine.facts.identity import department_type
from dutymine.facts.places import Place, chain
from dutymine.lexicon import WordRow, rows
from dutymine.model import DocumentKind, Finding, Outcome, SectionKind, Severity, Verdict
from dutymine.settings import Settings
from dutymine.text import squeeze

_NOT_APPLICABLE = Verdict(Outcome.NOT_APPLICABLE)
# Behind a name these words say that the document speaks of the department whose budget it is.
_OWN_MATTER = (
    r"(?:本级)?(?:20\d\d年度?)?的?(?:财政拨款|一般公共预算|部门)?[“\"]?(?:三公[”\"]?经费|机关运行(?:经)?费|部门(?:整体)?(?:预算|决算)|"
    r"预算(?:收入|支出|收支|安排)|收支预算|固定资产(?:占用|金额|总额|原值|账面)|政府采购预算|国有资产占用|预算信息公开|的收支)"
)
BUREAU = "局|委员会|委|厅|办公室|办公厅|办|部|联合会|总工会|人民政府|办事处|法院|检察院"
_NAMED = re.compile(
    rf"(?<![^\n，。;:、(\s将映])((?:中共|中国共产党)?[\u4e00-\u9fff]{{2,30}}?(?:{BUREAU}))(?={_OWN_MATTER})"
)
# In the section of institutions: `X局内设办公室…`, `范围的单位为X局本级`.
_STAFFED = re.compile(
    rf"((?:中共)?[\u4e00-\u9fff]{{2,20}}?(?:{BUREAU}))(?=(?:机关)?(?:共|现)?(?:内设|下设)(?:机构|科室|股室|办公室|综合|\d|[一二三四五六七八九十])|本级[，。;])"
)
_OPENS = re.compile(r".*(?:单位为|单位是|包括|分别为|即)")
_KEYED = re.compile(
    rf"(?:编制部门|填报部门|部门名称)\s*[:|\t ]\s*((?:中共)?[\u4e00-\u9fff]{{2,30}}?(?:{BUREAU}))\s*[\n\t|]"
    rf"|(?:^|\n)单位名称\s*:\s*((?:中共)?[\u4e00-\u9fff]{{2,30}}?(?:{BUREAU}))\s*(?=\n)"
)
_SHOWN = 12  # characters of the own matter that are quoted behind a wrong name
_MONEY = frozenset(
    {
        *(SectionKind.INCOME, SectionKind.EXPENDITURE, SectionKind.CHANGE, SectionKind.AGENCY_RUNNING),
        *(SectionKind.THREE_PUBLIC, SectionKind.PROCUREMENT, SectionKind.ASSETS),
    }
)


@dataclass(frozen=True, slots=True)
class Named:
    """A body that the document names as the one whose money it tells of."""

    name: str
    start: int
    end: int


_LEAD = re.compile(r"(?:纳入|列入|包括|反映|体现|关于|根据|按照|公开|报送|现将|由|经|为|对|将|是|即|和|与|及|在)+")
_SENTENCE = re.compile(r"[，。;]")
_NEAR = 200


def named(facts: Facts) -> list[Named]:
    """All bodies that the document names as its own, found once."""
    if "named" not in facts.memory:
        facts.memory["named"] = list(_find_named(facts))
    found: list[Named] = facts.memory["named"]
    return found


def _find_named(facts: Facts) -> Iterator[Named]:
    """Names with the department's own matter behind them; titles of other pages (links) are none."""
    for match in _NAMED.finditer(facts.quiet):
        lead = _LEAD.match(match[1])
        start = match.start(1) + (lead.end() if lead else 0)
        line = facts.quiet[max(0, start - _NEAR) : start].rpartition("\n")[2]
        line += facts.quiet[start : start + _NEAR].partition("\n")[0]
        if _SENTENCE.search(line):
            yield Named(squeeze(facts.quiet[start : match.end(1)]), start, match.end(1))
    for section in facts.mined.sections:
        if section.kind is SectionKind.INSTITUTIONS:
            yield from _staffed(facts, section.body, section.end)
    for match in _KEYED.finditer(facts.quiet):
        yield Named(squeeze(match[1] or match[2]), *match.span(1 if match[1] else 2))


def _staffed(facts: Facts, start: int, end: int) -> Iterator[Named]:
    """Bodies whose inner offices the section of institutions tells of, where the sentence opens with their names."""
    for match in _STAFFED.finditer(facts.quiet, start, end):
        opening = _OPENS.match(match[1])
        begin = match.start(1) + (opening.end() if opening else 0)
        if facts.quiet[begin - 1 : begin] in "\n，。;:、 \t" or opening:
            yield Named(squeeze(facts.quiet[begin : match.end(1)]), begin, match.end(1))


def foreign(facts: Facts, name: str) -> str:
    """`department` or `place` where a name is another body's, empty where it may be the department's own."""
    who = facts.mined.identity
    kind = department_type(name, facts.settings)
    own = [facts.department, *(item.name for item in facts.mined.institutions)]
    if not kind or any(name in other or other in name for other in own if other):
        return ""
    if kind != who.department_type:
        return "department"
    return "place" if _elsewhere(chain(name), who.city, who.county) else ""


def _elsewhere(place: Place, city: str, county: str) -> bool:
    """Whether a name's places contradict the document's own."""
    if place.county and county:
        return place.county != county
    return bool(place.city and city and place.city != city)


def quoted_name(facts: Facts, start: int, end: int) -> tuple[int, int]:
    """A name with the words behind it that make it the department's own matter."""
    text = facts.mined.document.folded
    stop = end
    while stop < len(text) and stop - end < _SHOWN and text[stop] not in "\n\t，。;":
        stop += 1
    return start, stop


def _r47(facts: Facts) -> Verdict:
    who = facts.mined.identity
    if not who.department_type:
        return _NOT_APPLICABLE
    own = facts.mined.identity.department
    findings = [
        Finding(
            "R47", Severity.ERROR, f"疑似误用其他部门名称：“{other.name}”，本文件的部门是“{own}”",
            *quoted_name(facts, other.start, other.end), suggestion=own,
        )
        for other in named(facts)
        if foreign(facts, other.name) == "department"
    ]  # fmt: skip
    findings += _trades(facts)
    return Verdict(Outcome.FAIL if findings else Outcome.PASS, f"部门：{own}", findings=tuple(findings))


def _trades(facts: Facts) -> Iterator[Finding]:
    """审计机关 and the like as the body whose own management is told of."""
    who = facts.mined.identity
    for row in rows("check_words", WordRow, facts.settings):
        kind = row.name.removeprefix("trade.")
        if kind in (row.name, who.department_type):
            continue
        words = "|".join(row.surfaces)
        for match in re.finditer(rf"(?:{words})的?(?=(?:内部|财务|预算|资产)(?:管理|控制)|内控)", facts.quiet):
            yield Finding(
                "R47", Severity.WARNING, f"疑似误用其他部门名称：“{match[0]}”，本文件的部门是“{who.department}”",
                *quoted_name(facts, match.start(), match.end()), suggestion="本单位",
            )  # fmt: skip


# --- how the department calls itself ---------------------------------------------------------------------------------


def _selves(name: str, settings: Settings) -> frozenset[str]:
    """What a body of this name calls itself (局, 委 …); empty where its ending is not known."""
    endings = {row.name.removeprefix("self."): row.surfaces for row in rows("check_words", WordRow, settings)}
    fitting = [ending for ending in endings if name.endswith(ending)]
    return frozenset(endings[max(fitting, key=len)]) if fitting else frozenset()


def _own_word(name: str, settings: Settings) -> str:
    for ending in ("局", "厅", "部", "院"):
        if name.endswith(ending) and ending in _selves(name, settings):
            return ending
    return "单位"


_SELF = re.compile(r"我(局|委|厅|办|部|院|会|中心|校|站|所|队|馆|街道|镇|乡)(?![长属员里]|内(?!设))")
_NEUTRAL = re.compile(r"部门|委员会|办公")


def _r48(facts: Facts) -> Verdict:
    """我局 in a 委, 我委 in a 局; bodies with several names or institutions of that ending may use both."""
    who = facts.mined.identity
    bare = re.sub(r"[（(][^）)]*[)）]$", "", facts.department)
    allowed = _selves(bare, facts.settings)
    if not allowed:
        return _NOT_APPLICABLE
    others = {word for item in facts.mined.institutions for word in _selves(item.name, facts.settings)}
    found = [
        match
        for match in _SELF.finditer(facts.quiet)
        if match[1] not in allowed | others and not _NEUTRAL.match(facts.quiet, match.start() + 1)
    ]
    if len(found) > _HABIT:  # a document that calls itself so throughout has another name beside its title's
        return Verdict(Outcome.COULD_NOT_RUN, f"自称“我{found[0][1]}”{len(found)}处，可能另有机构名称")
    word = _own_word(bare, facts.settings)
    findings = tuple(
        Finding(
            "R48", Severity.WARNING, f"疑似自称与部门不符：“{match[0]}”，本文件的部门是“{who.department}”",
            *quoted_name(facts, match.start(), match.end()), suggestion=f"我{word}",
        )
        for match in found
    )  # fmt: skip
    return Verdict(Outcome.FAIL if findings else Outcome.PASS, f"部门：{who.department}", findings=findings)


_HABIT = 8


# --- years -----------------------------------------------------------------------------------------------------------

_BUDGET_YEAR = re.compile(
    r"(20(?<!\d20)[0-3]\d)年度?(?:的|我[部单]?[门位]?|本)?(?:部门|单位)?(?:财政拨款|一般公共预算)?[“\"]?"
    r"(?:预算(?:收入|支出|收支|安排|拟)|收入(?:总计|合计|预算)|支出(?:总计|合计|预算)|收支(?:总计|预算)|三公[”\"]?经费预算|机关运行(?:经)?费|政府采购预算)"
)
_COMPARED = re.compile(r"(?:较|比|与|同)\s*$")
_COMPARED_YEAR = re.compile(r"(?:较|比|与)\s*(20[0-3]\d)年(?!至|-|以来)")
_NO_YEAR = re.compile(r"年度部门(?:预算|决算)")


def _r45(facts: Facts) -> Verdict:
    """Years of the document's own figures; a year of the law, a plan or a project is none of them."""
    year, kind = facts.mined.identity.fiscal_year, facts.mined.identity.kind
    if year is None or kind is DocumentKind.RESPONSIBILITY_LIST:
        return _NOT_APPLICABLE
    findings = [*_wrong_years(facts, year), *_lost_years(facts)]
    return Verdict(Outcome.FAIL if findings else Outcome.PASS, f"年度：{year}", findings=tuple(findings))


def _wrong_years(facts: Facts, year: int) -> Iterator[Finding]:
    for section in facts.mined.sections:
        if section.kind not in _MONEY:
            continue
        for match in _BUDGET_YEAR.finditer(facts.quiet, section.start, section.end):
            compared = _COMPARED.search(facts.quiet[max(0, match.start() - 3) : match.start()])
            if not compared and int(match[1]) not in (year, year - 1):
                yield _year_finding(match, f"“{match[1]}年”与本文件年度{year}年不符", str(year))
        for match in _COMPARED_YEAR.finditer(facts.quiet, section.start, section.end):
            if int(match[1]) == year or int(match[1]) > year:
                yield _year_finding(match, f"与“{match[1]}年”相比，而本文件年度为{year}年", str(year - 1))


def _year_finding(match: re.Match[str], why: str, meant: str) -> Finding:
    return Finding("R45", Severity.WARNING, f"疑似年度有误：{why}", match.start(), match.end(), suggestion=f"{meant}年")


def _lost_years(facts: Facts) -> Iterator[Finding]:
    """`…办公室年度部门预算`: the year in front was lost."""
    name = facts.mined.document.folded
    for match in _NO_YEAR.finditer(facts.quiet):
        before = facts.quiet[max(0, match.start() - 4) : match.start()]
        if re.search(rf"(?:{BUREAU})$", before):
            start = match.start() - 4 if "\n" not in name[match.start() - 4 : match.start()] else match.start()
            year = facts.mined.identity.fiscal_year
            yield Finding(
                "R45", Severity.HINT, "疑似“年度”前缺少年份", start, match.end(), suggestion=f"{year}年度"
            )  # fmt: skip


_ASSET_DATE = re.compile(
    r"(?:截止|截至)(?:时间|日期)?[:：]?\s*(20[0-3]\d)年|(20[0-3]\d)年(?:末|底|12月31日)[^。\n]{0,8}固定资产"
)


def _r46(facts: Facts) -> Verdict:
    year, kind = facts.mined.identity.fiscal_year, facts.mined.identity.kind
    meant = None if year is None else year - 1 if kind is DocumentKind.BUDGET else year
    sections = [section for section in facts.mined.sections if section.kind is SectionKind.ASSETS]
    dates = [match for section in sections for match in _ASSET_DATE.finditer(facts.quiet, section.start, section.end)]
    if meant is None or kind not in (DocumentKind.BUDGET, DocumentKind.FINAL_ACCOUNTS) or not dates:
        return _NOT_APPLICABLE
    findings = tuple(
        Finding(
            "R46", Severity.WARNING, f"疑似资产截止日期有误：应为{meant}年末", match.start(), match.end(),
            suggestion=f"{meant}年12月31日",
        )
        for match in dates
        if int(match[1] or match[2]) not in (meant, year)
    )  # fmt: skip
    used = tuple(match.start() for match in dates)
    return Verdict(Outcome.FAIL if findings else Outcome.PASS, f"截止：{meant}年末", used, findings)


NAMES = {"R45": _r45, "R46": _r46, "R47": _r47, "R48": _r48}
