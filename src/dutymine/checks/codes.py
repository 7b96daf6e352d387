"""R54: codes of subjects and of the purchase catalogue against the names beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from dutymine.checks.facts import Facts
from dutymine.lexicon import WordRow, rows
from dutymine.model import Finding, Outcome, Severity, Verdict
from dutymine.settings import Settings

_CODED = re.compile(r"(2(?<![\d.A-Z].)[012]\d(?:\d{4})?)[ \t\n()|“\"]{0,4}([\u4e00-\u9fff]{4,20})")
_SERVICE = re.compile(r"服务$|(?:维修|维护|租赁|保洁|印刷)(?:和保养)?服务?$")
_WORKS = re.compile(r"工程(?:施工)?$|修缮$|施工$")
# The catalogue of 2022 ends with A08; goods of the one of 2013 go to A19. Budgets from 2024 on follow the new one.
_NEW_EDITION = 2024
_LAST_NEW = "08"


@cache
def _names(settings: Settings) -> dict[str, str]:
    """Code by name of a subject."""
    return {
        surface: row.name
        for row in rows("subjects", WordRow, settings)
        if row.name.isdigit()
        for surface in row.surfaces
    }


@cache
def _goods(settings: Settings) -> re.Pattern[str]:
    words = [word for row in rows("subjects", WordRow, settings) if row.name == "goods" for word in row.surfaces]
    return re.compile("|".join(map(re.escape, words)))


def _r54(facts: Facts) -> Verdict:
    coded = [match for match in _CODED.finditer(facts.quiet) if match[2] in _names(facts.settings)]
    bought = [item for item in facts.mined.purchases if item.code]
    if not coded and not bought:
        return Verdict(Outcome.NOT_APPLICABLE)
    findings = (*_subjects(facts, coded), *_purchases(facts))
    used = (*(match.start() for match in coded), *(item.start for item in bought))
    return Verdict(Outcome.FAIL if findings else Outcome.PASS, f"核对{len(used)}个编码", used, findings)


def _subjects(facts: Facts, coded: list[re.Match[str]]) -> Iterator[Finding]:
    """A code beside the name of another subject of the same depth."""
    known = _names(facts.settings)
    for match in coded:
        right = known[match[2]]
        if len(right) == len(match[1]) and right != match[1] and match[1] in known.values():
            message = f"疑似科目编码与名称不符：“{match[2]}”的编码是{right}"
            yield Finding("R54", Severity.WARNING, message, match.start(), match.end(), suggestion=right)


def _purchases(facts: Facts) -> Iterator[Finding]:
    year = facts.mined.identity.fiscal_year or 0
    for item in facts.mined.purchases:
        letter, name = item.code[:1], item.item.strip()
        is_service, is_work = bool(_SERVICE.search(name)), bool(_WORKS.search(name))
        is_good = bool(_goods(facts.settings).search(name)) and not (is_service or is_work)
        meant = "C（服务）" if is_service else "B（工程）" if is_work else "A（货物）" if is_good else ""
        if meant and letter in "ABC" and letter and letter != meant[0]:
            message = f"疑似采购品目编码与名称不符：“{name}”应属{meant}类，编码为{item.code}"
            yield Finding("R54", Severity.WARNING, message, item.start, item.end)
        elif letter == "A" and year >= _NEW_EDITION and item.code[1:3].isdigit() and item.code[1:3] > _LAST_NEW:
            message = f"疑似采购品目编码沿用2013年版目录：{item.code}"
            yield Finding("R54", Severity.HINT, message, item.start, item.end)


CODES = {"R54": _r54}
