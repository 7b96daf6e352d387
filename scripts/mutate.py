"""Injects one error at a time into clean documents and counts which the checks find, family by family.

A mutation is one function from a text to the changed text (None where it finds no place) and one row that names the
rules that may report it. What clean documents give is counted beside it: those are false alarms.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

import planted
from dutymine.commands.columns import aligned
from dutymine.model import Finding
from dutymine.pipeline import mine
from dutymine.readers import read
from dutymine.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
# Written as clean ground: see corpus/README.md.
CLEAN = ("d19_ziran", "d20_gongxin", "d21_dangan")
SETTINGS = Settings()

Mutate = Callable[[str, random.Random], str | None]


@dataclass(frozen=True, slots=True)
class Mutation:
    """One kind of error: its family, the rules that may report it, and the change."""

    family: str
    rules: str
    change: Mutate


def _sub(pattern: str, new: str | Callable[[re.Match[str]], str]) -> Mutate:
    """Change one place that a pattern finds, drawn at random."""

    def change(text: str, draw: random.Random) -> str | None:
        places = list(re.finditer(pattern, text))
        if not places:
            return None
        place = draw.choice(places)
        word = new(place) if callable(new) else place.expand(new)
        return text[: place.start()] + word + text[place.end() :]

    return change


def _more(group: int) -> Callable[[re.Match[str]], str]:
    """The match with the number of a group made larger by about a tenth."""

    def change(match: re.Match[str]) -> str:
        number = match[group]
        digits = len(number.partition(".")[2])
        larger = f"{float(number.replace(',', '')) * 1.1 + 1:.{digits}f}"
        whole = match[0]
        at = match.start(group) - match.start()
        return whole[:at] + larger + whole[at + len(number) :]

    return change


def _half_of(match: re.Match[str]) -> str:
    """A number cut in half, rounded up, never itself."""
    return str(max(1, int(match[1]) // 2))


_CELL = r"(?<=支出)(?:\n\t|\t| \| |</td><td>)"  # before the first figure of a row of a table, in every layout
_CELL_END = r"\n\t\d|\t\d| \| \d|</td><td>\d"
_TOTAL_CELL = r"(?<=合计)(?:\n\t|\t| \| |</td><td>)"
_SUM = r"(\d[\d,]*\.\d\d)万元"
MUTATIONS = (
    Mutation("income total", "R01 R03 R59", _sub(rf"预算收入{_SUM}，其中", _more(1))),
    Mutation("income source", "R01", _sub(rf"一般公共预算(?:拨款)?收入{_SUM}", _more(1))),
    Mutation("expenditure total", "R02 R03 R26 R59", _sub(rf"预算支出{_SUM}", _more(1))),
    Mutation("basic expenditure", "R02 R05 R26 R59 R61", _sub(rf"(?<=其中：)基本支出{_SUM}", _more(1))),
    Mutation("personnel", "R05", _sub(rf"人员经费{_SUM}和", _more(1))),
    Mutation("operating", "R05 R21", _sub(rf"和日常公用经费{_SUM}(?=[；;])", _more(1))),
    Mutation("three public", "R17", _sub(rf"因公出国（境）费(?:用)?{_SUM}", _more(1))),
    Mutation("rate of change", "R25", _sub(r"(?:增长|下降)(\d+\.\d\d)%", _more(1))),
    Mutation("direction", "R24 R25 R22 R27", _sub(rf"(?<=[，较])增加({_SUM}，增长)", r"减少\1")),
    Mutation("share", "R26", _sub(r"占(\d+\.\d\d)%", _more(1))),
    Mutation(
        "procurement line", "R30 R29 R31 R16", _sub(r"(?<=[\t|] )?(\d+\.\d\d) \| \d+\.\d\d \| 0\.00 \|", _more(1))
    ),
    Mutation("procurement total", "R29 R32", _sub(rf"政府采购预算{_SUM}", _more(1))),
    Mutation("asset item", "R36", _sub(r"其他固定资产\n\t[^\n]*\n\t(\d+\.\d\d)", _more(1))),
    Mutation(
        "asset total", "R36 R37", _sub(rf"(?s)固定资产(?:原值|总额|金额|总值)(?:为)?{_SUM}(?=.*资产总额)", _more(1))
    ),
    Mutation("points", "R39", _sub(r"(?<!\d )\| (10) \| 每少", r"| 15 | 每少")),
    Mutation(
        "year of the budget",
        "R45",
        _sub(r"(20\d\d)年预算(?:收入|支出)", lambda m: m[0].replace(m[1], str(int(m[1]) - 4))),
    ),
    Mutation("date of assets", "R46", _sub(r"(20\d\d)年12月31日", lambda m: f"{int(m[1]) - 2}年12月31日")),
    Mutation("another department", "R47", _sub(r"我局(?=“三公”经费)", "栎河县司法局")),
    Mutation("self-reference", "R48", _sub(r"我局(?=及|机关|“三公”)", "我委")),
    Mutation("number of a duty", "R55", _sub(r"(?<=\n)（三）(?=[\u4e00-\u9fff]{6})", "（四）")),
    Mutation(
        "doubled phrase", "duplicate_phrase", _sub(r"(主要用于|组织开展|组织实施|监督管理)(?=[\u4e00-\u9fff])", r"\1\1")
    ),
    Mutation("blank rate", "template_slot", _sub(r"(增长|下降)\d+\.\d\d%", r"\1%")),
    Mutation("blank sum", "template_slot", _sub(r"(人员经费|基本支出|项目支出)\d[\d,]*\.\d\d万元", r"\1 万元")),
    Mutation(
        "instruction",
        "instruction_left",
        _sub(r"(?<=。)\n(?=[一二三四五六七八九]、)", "（注：请部门根据实际情况填写）\n"),
    ),
    Mutation("known slip", "typo", _sub("贯彻", "贯切")),
    Mutation("known slip", "typo", _sub("部署", "部暑")),
    Mutation(
        "extra character",
        "typo",
        _sub(r"(?<=项目)支出(?=预算)|(?<=绩效)目标(?=管理)", lambda m: m[0][0] + "扪" + m[0][1]),
    ),
    Mutation(
        "glossary", "glossary", _sub(r"(机关运行(?:经)?费：[^\n]{0,8})行政单位[^\n]{0,24}?(?=运行|用于)", r"\1全体")
    ),
    Mutation("scoring direction", "R42", _sub(r"≤(\d+\S{1,6}) \| (\d+) \| 每超(?:过)?", r"≤\1 | \2 | 每少")),
    Mutation("carry-over", "R01 R04 R61", _sub(rf"上年结转{_SUM}", _more(1))),
    Mutation(
        "last of a list",
        "R01 R02 R05 R08 R23 R32 R36 R61",
        _sub(rf"(?:包括|其中：)[^。主要\n]*[、，][^、。；，：\n\d]{{4,14}}{_SUM}(?=。)", _more(1)),
    ),
    Mutation("vehicles running", "R17 R18 R61", _sub(rf"公务用车运行(?:维护)?费{_SUM}", _more(1))),
    Mutation("services bought", "R08 R32 R61", _sub(rf"服务(?:类)?(?:支出)?{_SUM}", _more(1))),
    Mutation("vehicles by use", "R62", _sub(r"其他用车(\d+)辆", lambda m: f"其他用车{int(m[1]) + 2}辆")),
    Mutation("number of a table", "R02 R12 R14 R15 R16", _sub(rf"{_CELL}(\d[\d,]*\.\d\d)(?={_CELL_END})", _more(1))),
    Mutation(
        "total of a table", "R01 R02 R03 R04 R06 R07 R13 R14 R15 R16 R33", _sub(rf"{_TOTAL_CELL}(\d+\.\d\d)", _more(1))
    ),
    Mutation(
        "unit of a sum",
        "R01 R02 R03 R05 R17 R51 R59 R61",
        _sub(r"((?:预算)?(?:收入|支出)(?:预算)?\d+\.\d\d)万元，其中", r"\1元，其中"),
    ),
    Mutation(
        "target of a goal",
        "R41 IND-08",
        _sub(r"(?<=不[少低]于)(\d+)(?=[%个处场件名期]，)(?=[\s\S]*[≥于]\1[%个处场件名期])", _half_of),
    ),
    Mutation(
        "number of a list", "R55", _sub(r"(?<=\n)([2-4])(?=[.、][\u4e00-\u9fff]{4})", lambda m: str(int(m[1]) + 1))
    ),
    Mutation("year compared", "R45", _sub(r"(?<=比)(20\d\d)(?=年(?:增加|减少|预算))", lambda m: str(int(m[1]) + 2))),
    Mutation("fixed phrase", "typo", _sub("组织实施|贯彻执行|监督管理|法律法规", lambda m: m[0][:2] + "扪" + m[0][3:])),
    Mutation(
        "doubled object",
        "duplicate_phrase",
        _sub(r"(?<=监督管理|组织实施)[\u4e00-\u9fff]{3}(?=[，。、])", r"\g<0>\g<0>"),
    ),
    Mutation(
        "reason",
        "R63",
        _sub(r"(减少\d+\.\d\d万元，(?:下降\d+\.\d\d%，)?(?:主要)?原因是)[^。；，]{4,30}", r"\1新增工作人员经费增加"),
    ),
    Mutation("another department's assets", "R47", _sub(r"(?<=31日，)我[局馆委会](?=固定资产)", "栎河县司法局")),
    Mutation("share of small firms", "R35", _sub(r"占政府采购支出总额的(\d+\.\d\d)%", _more(1))),
    Mutation("rate of completion", "R57", _sub(r"完成年初预算的(\d+\.\d\d)%", _more(1))),
    Mutation("unit of a rate", "IND-02", _sub(r"率 \| ([^|\n]*) \| ≥(\d+)% ", r"率 | \1 | ≥\2万元 ")),
)


@dataclass(frozen=True, slots=True)
class Score:
    """One family: errors injected and found, the rules that found them and those that reported something beside."""

    injected: int
    found: int
    rules: frozenset[str]
    beside: tuple[str, ...] = ()


def _findings(text: str, name: str) -> Sequence[Finding]:
    return mine(read(text.encode(), name, SETTINGS), SETTINGS).findings


def _keys(text: str, findings: Sequence[Finding]) -> set[tuple[str, str]]:
    return {
        (item.rule, text[item.start : item.end])
        for item in findings
        if item.severity != "hint" or item.rule == "glossary"
    }


def measure(texts: Mapping[str, str], rounds: int, seed: int = 1) -> dict[str, Score]:
    """Recall by family over texts by name, each mutation drawn `rounds` times a text."""
    draw = random.Random(seed)
    scores: dict[str, Score] = {}
    for name, text in texts.items():
        clean = _keys(text, _findings(text, name))
        for mutation in MUTATIONS:
            for _ in range(rounds):
                changed = mutation.change(text, draw)
                if changed is None or changed == text:
                    continue
                told = {rule for rule, _ in _keys(changed, _findings(changed, name)) - clean}
                new = told & set(mutation.rules.split())
                old = scores.get(mutation.family, Score(0, 0, frozenset()))
                beside = (*old.beside, *sorted(told - new))
                scores[mutation.family] = Score(old.injected + 1, old.found + bool(new), old.rules | new, beside)
    return scores


def clean_texts() -> dict[str, str]:
    """The clean documents by name, and the clean twins of the planted ones."""
    folder = ROOT / "corpus"
    samples = {f"{name}.txt": (folder / "samples" / f"{name}.txt").read_text("utf-8") for name in CLEAN}
    twins = {path.name: planted.twins(path).clean for path in sorted((folder / "planted").glob("p*"))}
    return samples | twins


def false_alarms(texts: Mapping[str, str]) -> tuple[int, int]:
    """Errors and warnings on clean texts."""
    found = [item for name, text in texts.items() for item in _findings(text, name)]
    return sum(item.severity == "error" for item in found), sum(item.severity == "warning" for item in found)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=1, help="draws of every mutation in every document")
    options = parser.parse_args()
    texts = clean_texts()
    scores = measure(texts, options.rounds)
    rows = [
        (family, s.injected, s.found, s.found / s.injected, " ".join(sorted(s.rules)), " ".join(sorted(set(s.beside))))
        for family, s in scores.items()
    ]
    print(aligned(("family", "injected", "found", "recall", "rules", "beside"), rows))
    print()
    print(aligned(("rule", "families it found", "beside"), _by_rule(scores)))
    injected, found = sum(s.injected for s in scores.values()), sum(s.found for s in scores.values())
    errors, warnings = false_alarms(texts)
    families = sum(s.found / s.injected for s in scores.values()) / len(scores)
    print(f"\nrecall {found / injected:.3f} of {injected} errors, {families:.3f} over {len(scores)} families")
    print(f"clean documents: {errors} errors and {warnings} warnings in {len(texts)} documents")


def _by_rule(scores: Mapping[str, Score]) -> list[tuple[str, int, int]]:
    """Every rule that reported something: in how many families it found the error, and how often it spoke beside."""
    rules = sorted({rule for s in scores.values() for rule in (*s.rules, *s.beside)})
    return [
        (rule, sum(rule in s.rules for s in scores.values()), sum(s.beside.count(rule) for s in scores.values()))
        for rule in rules
    ]


if __name__ == "__main__":
    main()
