"""R49, R50: names and words of another place or level, and units that the table of institutions does not list."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from dutymine.checks.facts import Facts
from dutymine.checks.names import BUREAU, foreign, named, quoted_name
from dutymine.model import Finding, Outcome, SectionKind, Severity, Verdict
from dutymine.text import fold

_NOT_APPLICABLE = Verdict(Outcome.NOT_APPLICABLE)
_LEVEL_WORD = re.compile(r"(?:全|我|本)(省|市|县|区|旗|州|镇|乡)(?![场民容长委政直属级])")
_LEADING = re.compile(
    r"(?:负责|拟订|组织|指导|承担|统筹|推进|监督|管理|主管|开展|协调|推动|编制|制定|规范)[^，。;\n]{0,8}$"
)
_OWN_LEVEL_LEAST = 3
_OTHER_LEVEL_MOST = 2


def _r49(facts: Facts) -> Verdict:
    who = facts.mined.identity
    if not (who.county or who.city or who.province):
        return _NOT_APPLICABLE
    findings = [
        Finding(
            "R49", Severity.ERROR, f"疑似误用其他地区名称：“{other.name}”，本文件的部门是“{who.department}”",
            *quoted_name(facts, other.start, other.end), suggestion=who.department,
        )
        for other in named(facts)
        if foreign(facts, other.name) == "place"
    ]  # fmt: skip
    findings += [*_levels(facts), *_principals(facts), *_treasuries(facts)]
    place = who.county or who.city or who.province
    return Verdict(Outcome.FAIL if findings else Outcome.PASS, f"地区：{place}", findings=tuple(findings))


def _levels(facts: Facts) -> Iterator[Finding]:
    """全市 in the duties of a county that elsewhere says 全县: the duty of the copied list's department."""
    who = facts.mined.identity
    own = fold(who.county or who.city or who.province)[-1:]
    if who.level not in ("county", "city", "province") or own not in "省市县区旗州":
        return
    said = [
        match for clause in facts.mined.clauses for match in _LEVEL_WORD.finditer(facts.quiet, clause.start, clause.end)
    ]
    counts = Counter(match[1] for match in said)
    for match in said:
        rare = counts[match[1]] <= _OTHER_LEVEL_MOST and counts[own] >= _OWN_LEVEL_LEAST
        if match[1] != own and rare and _LEADING.search(facts.quiet[max(0, match.start() - 12) : match.start()]):
            yield Finding(
                "R49", Severity.WARNING, f"疑似辖区用语不符：“{match[0]}”，本文件其他职责均称“全{own}”",
                *quoted_name(facts, match.start(), match.end()), suggestion=match[0][0] + own,
            )  # fmt: skip


_PRINCIPAL = re.compile(
    r"(?<![\u4e00-\u9fff]{2}[治地园景发])(?<![治地园景发])([市县区旗])(?:委|政府)(?=[、，和及与交的])"
)
_ASSIGNED = re.compile(r"交办|交付|布置|部署的其他")


def _principals(facts: Facts) -> Iterator[Finding]:
    """县委、县政府 as those who assign other tasks to a department of a 区: nobody of that level is above or in it."""
    who = facts.mined.identity
    own = fold(who.county)[-1:]
    if who.level != "county" or own not in ("县", "区", "旗"):
        return
    for clause in facts.mined.clauses:
        if _ASSIGNED.search(facts.quiet, clause.start, clause.end):
            for match in _PRINCIPAL.finditer(facts.quiet, clause.start, clause.end):
                if match[1] not in (own, "市"):  # told once a clause
                    yield Finding(
                        "R49", Severity.WARNING, f"疑似辖区用语不符：“{match[0]}”，本文件的部门属“{who.county}”",
                        *quoted_name(facts, *match.span()), suggestion=own + match[0][1:],
                    )  # fmt: skip
                    break


_TREASURY = re.compile(
    r"指[^，。;\n]{0,4}?(?<!上)(省|市|县|区|自治区|镇|乡)级?财政(?:部门)?(?:当年|本年|年度)?(?:预算)?(?:拨付|拨款|安排)"
)
_OWN_TREASURY = {"province": ("省", "市", "自治区"), "city": ("市", "州", "区", "县"), "township": ("镇", "乡")}


def _treasuries(facts: Facts) -> Iterator[Finding]:
    """`指市级财政当年拨付的资金` in a county's glossary: the money of a budget is its own treasury's."""
    who = facts.mined.identity
    own = _OWN_TREASURY.get(who.level, (fold(who.county)[-1],) if who.county else ())
    for section in facts.mined.sections:
        if not own or section.kind is not SectionKind.GLOSSARY:
            continue
        for match in _TREASURY.finditer(facts.quiet, section.body, section.end):
            if match[1] not in own:
                yield Finding(
                    "R49", Severity.WARNING, f"疑似预算级次不符：“{match[0]}”，本文件的部门是“{who.department}”",
                    *match.span(), suggestion=f"{own[0]}级财政",
                )  # fmt: skip


_WITH_UNITS = re.compile(r"\(?含所属(?:事业)?单位\)?|(?:及|和|与)(?:所属|下属)(?:各)?(?:事业)?单位")
_NO_UNITS = re.compile(r"(?:无|没有)(?:所属|下属)(?:事业|预算)?单位")
_OWNER = re.compile(rf"(?:{BUREAU}|部门|本级|机关)\s*$")


def _r50(facts: Facts) -> Verdict:
    """所属单位 in the text and in the institution table."""
    units = facts.mined.institutions
    if not units:
        return _NOT_APPLICABLE
    wrong = _WITH_UNITS if len(units) == 1 else _NO_UNITS
    listed = f"机构表列出{len(units)}个单位"
    findings = tuple(
        Finding(
            "R50", Severity.HINT, f"疑似与机构设置不符：{listed}，此处称“{match[0]}”", match.start(), match.end(),
            related=(units[0].start, units[0].end),
        )
        for match in wrong.finditer(facts.quiet)
        if _OWNER.search(facts.quiet[max(0, match.start() - 4) : match.start()])
    )  # fmt: skip
    return Verdict(Outcome.FAIL if findings else Outcome.PASS, listed, (units[0].start,), findings)


PLACES = {"R49": _r49, "R50": _r50}
