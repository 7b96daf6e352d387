"""What the template or the copying left behind: blank slots, instructions, doubled phrases."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

from dutymine.checks.facts import Facts
from dutymine.lexicon import WordRow, rows
from dutymine.model import Finding, Outcome, SectionKind, Severity, Verdict
from dutymine.settings import Settings

_HAN = "[\u4e00-\u9fff]"
_CONTEXT = 8


def _verdict(findings: Iterator[Finding]) -> Verdict:
    found = tuple(findings)
    return Verdict(Outcome.FAIL if found else Outcome.PASS, findings=found)


def _with_label(facts: Facts, start: int, end: int) -> tuple[int, int]:
    """A slip with the words before it in its sentence, which say what it is about."""
    left = start
    while left > 0 and start - left < _CONTEXT and facts.quiet[left - 1] not in "\n\t。;，、:(":
        left -= 1
    return left, end


# --- template_slot ---------------------------------------------------------------------------------------------------

# Each begins with what it looks for and asks then what stands before: so the engine leaps from sign to sign.
_SLOTS = (
    (re.compile(r"(?:增长|下降|上升|提高|降低|占比|减少|增加)(?:了|为|:)?[ \t]{0,3}%"), "比例未填写"),
    (
        re.compile(
            r"[2Xx×*](?<![A-Za-z\d].)(?:(?<=2)0[Xx×*]{2,6}|(?<=[Xx×*])[Xx×*]{1,5})(?=年|月|万元|元|%|局|委|办|部门|单位|项目|人|个|县|市|区)"
        ),
        "占位符未替换",
    ),
    (re.compile(r"[_＿](?<=[\u4e00-\u9fff].)[_＿]+(?=[\u4e00-\u9fff])"), "空白处未填写"),
    (re.compile(r"[_＿ ](?<=\d年.)[_＿ ]+月"), "空白处未填写"),
    (
        re.compile(r"某(?:某+(?=[\u4e00-\u9fff])|(?=[省市县区](?:委|政府|[\u4e00-\u9fff]{1,8}局)|局|委员会))"),
        "占位符未替换",
    ),
    (re.compile(r"[〇○](?<=[\u4e00-\u9fff].)[〇○]+(?=[局委办部镇乡县市区])"), "占位符未替换"),
    (
        re.compile(r"(?:比|较|与)[ \t]+年(?:相比|预算|决算|增加|减少|持平)"),
        "年份未填写",
    ),
)
_BEFORE_SUM = (
    *("经费", "支出", "收入", "预算", "安排", "增加", "减少", "总计", "合计", "共计", "费", "费用", "资金", "为"),
)
_UNIT_NOTE = re.compile(r"(?:单位|金额|[(:/])[ \t]{0,6}万元")


def _template_slot(facts: Facts) -> Verdict:
    return _verdict(_slots(facts))


def _slots(facts: Facts) -> Iterator[Finding]:
    places = [(match.span(), what) for pattern, what in _SLOTS for match in pattern.finditer(facts.quiet)]
    places += [(place, "金额未填写") for place in _sums(facts)]
    for (begin, stop), what in places:
        if not _UNIT_NOTE.search(facts.quiet[max(0, begin - 4) : stop]) and not _in_cell(facts, begin, stop):
            start, end = _with_label(facts, begin, stop)
            yield Finding("template_slot", Severity.WARNING, f"疑似模板{what}", start, end)


def _sums(facts: Facts) -> Iterator[tuple[int, int]]:
    """万元 right behind the word that a number should follow."""
    at = facts.quiet.find("万元")
    while at >= 0:
        label = facts.quiet[max(0, at - _CONTEXT) : at].rstrip(" \t")
        if label.endswith(_BEFORE_SUM) and not facts.quiet.startswith("以", at + 2):
            yield max(0, at - _CONTEXT) + len(label) - 1, at + 2
        at = facts.quiet.find("万元", at + 2)


def _in_cell(facts: Facts, position: int, stop: int) -> bool:
    """Whether a slip is the whole content of a table cell (a header such as 收入 万元)."""
    if not any(table.start <= position < table.end for table in facts.mined.tables):
        return False
    start = max(facts.quiet.rfind(sign, 0, position) for sign in "\n\t|") + 1
    return len(facts.quiet[start:stop].strip()) <= 2 * _CONTEXT


# --- instruction_left ------------------------------------------------------------------------------------------------


@cache
def _instructions(settings: Settings) -> re.Pattern[str]:
    words = [s for row in rows("check_words", WordRow, settings) if row.name == "instruction" for s in row.surfaces]
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)))


def _instruction_left(facts: Facts) -> Verdict:
    return _verdict(_left(facts))


def _left(facts: Facts) -> Iterator[Finding]:
    last = -1
    for match in _instructions(facts.settings).finditer(facts.quiet):
        start, end = _with_label(facts, *match.span())
        while end < len(facts.quiet) and end - match.end() < 2 * _CONTEXT and facts.quiet[end] not in "\n\t。;)|":
            end += 1
        if start > last:
            yield Finding("instruction_left", Severity.WARNING, "疑似填报说明未删除", start, end)
        last = end


# --- duplicate_phrase ------------------------------------------------------------------------------------------------

_DOUBLED = re.compile(rf"({_HAN}{{2,14}})\1")
_SINGLE = re.compile(
    r"局局(?![长属机直内级])|厅厅(?![长属机直内级])|的的|和(?<!随和)和(?![谐睦平气])|办公办公室|预算算|决算算|万元元|万万元"
)
# A word that often ends one phrase and begins the next (信访工作工作人员).
_JOINTS = frozenset(
    {
        "工作",
        "服务",
        "管理",
        "中心",
        "单位",
        "部门",
        "人员",
        "组织",
        "活动",
        "研究",
        "讨论",
        "指标",
        "逐步",
        "一步",
        "一级",
    }
)
_ENDS_IN_PLACE = re.compile(r"[省市县区镇乡村州旗]$")
_LEAST_REPEAT = 14
_NAMES = re.compile(r"委员会|办公室|领导小组|部门|单位|《|》|有限公司|中心|法律法规|方针政策")


def _duplicate_phrase(facts: Facts) -> Verdict:
    return _verdict(_doubled(facts))


def _doubled(facts: Facts) -> Iterator[Finding]:
    for match in _DOUBLED.finditer(facts.quiet):
        word = match[1]
        if word in _JOINTS or len(set(word)) == 1 or _place_in_name(facts, match):
            continue
        yield _repeat(facts, match, word)
    for match in _SINGLE.finditer(facts.quiet):
        yield _repeat(facts, match, match[0])
    for clause in facts.mined.clauses:
        yield from _repeated_objects(facts, clause.start, clause.end)


def _place_in_name(facts: Facts, match: re.Match[str]) -> bool:
    """沙河市沙河市场: a place before a name that begins like it."""
    return bool(_ENDS_IN_PLACE.search(match[1])) and facts.quiet[match.end() : match.end() + 1] in (
        "场",
        "政",
        "容",
        "委",
    )


def _repeat(facts: Facts, match: re.Match[str], word: str) -> Finding:
    start, end = _with_label(facts, *match.span())
    return Finding("duplicate_phrase", Severity.WARNING, f"疑似文字重复：“{match[0]}”", start, end, suggestion=word)


def _repeated_objects(facts: Facts, start: int, end: int) -> Iterator[Finding]:
    """The same long object twice in one duty, under two verbs."""
    pieces = [facts.quiet[at : at + _LEAST_REPEAT] for at in range(start, end - _LEAST_REPEAT + 1)]
    if len(set(pieces)) == len(pieces):
        return
    seen: dict[str, int] = {}
    position = start
    while position + _LEAST_REPEAT <= end:
        piece = facts.quiet[position : position + _LEAST_REPEAT]
        before = seen.get(piece)
        if before is None or before + _LEAST_REPEAT > position:
            seen.setdefault(piece, position)
            position += 1
            continue
        length = _LEAST_REPEAT
        while position + length < end and facts.quiet[before + length] == facts.quiet[position + length]:
            length += 1
        text = facts.quiet[position : position + length]
        if not _NAMES.search(text):
            related = (before, before + length)
            message = f"疑似同一职责内重复：“{text.strip('，、;。')}”"
            yield Finding("duplicate_phrase", Severity.WARNING, message, position, position + length, related=related)
        position += length


# --- glossary --------------------------------------------------------------------------------------------------------

_ORDINAL = r"(?:\(?[\d一二三四五六七八九十]{1,3}[)、.]+)?"
_DEFINES = r"(?=[^\n]{0,12}(?:指|是|为|反映|用于|包括|按|除))"
_RUN_ON = (
    r"(?<=[。 ])(?:\d{1,2}[.、]|\([一二三四五六七八九十]{1,2}\)|[一二三四五六七八九十]{1,2}、)"  # entries on one line
)
_TERM = re.compile(
    rf"(?:(?:^|\n)[ \t]*{_ORDINAL}|{_RUN_ON})[ \t]*[“\"]?([\u4e00-\u9fff“”\"()]{{2,20}}?)[”\"]?:{_DEFINES}"
)
# Official definitions and a word that each of them holds.
_DEFINITIONS = {
    "机关运行": ("行政单位", "公用经费", "部门"),
    "基本支出": ("正常运转", "人员"),
    "项目支出": ("特定", "任务", "目标", "专项"),
    "事业收入": ("事业单位", "专业业务"),
    "上年结转": ("以前年度", "上年", "尚未"),
}


def _glossary_terms(facts: Facts) -> list[tuple[str, int, int]]:
    """Terms that the glossary defines, with the span of each entry."""
    terms = []
    for section in facts.mined.sections:
        if section.kind is SectionKind.GLOSSARY:
            found = list(_TERM.finditer(facts.quiet, section.body - 1, section.end))
            ends = [*(match.start() for match in found[1:]), section.end]
            terms += [(match[1].strip('“”"'), match.start(1), end) for match, end in zip(found, ends, strict=False)]
    return terms


def _glossary(facts: Facts) -> Verdict:
    terms = _glossary_terms(facts)
    if not terms:
        return Verdict(Outcome.NOT_APPLICABLE)
    findings = []
    for term, start, end in terms:
        for known, words in _DEFINITIONS.items():
            if term.startswith(known) and not any(word in facts.quiet[start:end] for word in words):
                message = f"疑似“{term}”的解释有误，通行定义提到“{words[0]}”"
                stop = min(end, start + len(term) + 20)
                findings.append(Finding("glossary", Severity.HINT, message, start, stop))
    return Verdict(Outcome.FAIL if findings else Outcome.PASS, findings=tuple(findings))


def _r60(facts: Facts) -> Verdict:
    """Terms that are defined and stand nowhere else."""
    terms = _glossary_terms(facts)
    if not terms:
        return Verdict(Outcome.NOT_APPLICABLE)
    spans = [(section.start, section.end) for section in facts.mined.sections if section.kind is SectionKind.GLOSSARY]
    rest = facts.quiet[: spans[0][0]] + facts.quiet[spans[-1][1] :]
    unused = [(term, start) for term, start, _ in terms if not _used(term, rest)]
    if not unused:
        return Verdict(Outcome.PASS, f"解释{len(terms)}个名词")
    listed = "、".join(f"“{term}”" for term, _ in unused)
    first, start = unused[0]
    finding = Finding("R60", Severity.HINT, f"名词解释中的{listed}在正文中未出现", start, start + len(first))
    return Verdict(Outcome.FAIL, f"解释{len(terms)}个名词", findings=(finding,))


def _used(term: str, rest: str) -> bool:
    bare = re.sub(r"[（(].*?[)）]|[“”\"]|(?:预算|决算)$", "", term)
    bare = re.sub(r"(?:拨款)?收入$|支出$|经费$|费$", "", bare)
    return len(bare) < 2 or bare in rest.replace("“", "").replace("”", "").replace('"', "")


RESIDUE: dict[str, Callable[[Facts], Verdict]] = {
    "R60": _r60,
    "duplicate_phrase": _duplicate_phrase,
    "template_slot": _template_slot,
    "instruction_left": _instruction_left,
    "glossary": _glossary,
}
