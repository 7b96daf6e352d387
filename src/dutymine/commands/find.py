"""`dutymine find`: clauses, powers and indicators by words, act or object, as a table."""

from __future__ import annotations

import argparse
from pathlib import Path

from dutymine.commands.columns import aligned
from dutymine.commands.outcome import DONE, Outcome, UsageError
from dutymine.engines.find import KINDS, Answer, Hit, Query
from dutymine.engines.find import find as search
from dutymine.settings import Settings
from dutymine.text import fold

_NAMES = {"clause": "职责", "power": "权力", "indicator": "指标"}
_WIDTH = 40  # characters of a row's text that are shown
_BEFORE = 12  # of them before the first word


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument("words", metavar="WORDS", help='what to find, several words in one pair of quotes: "取水 审批"')
    parser.add_argument("folders", nargs="+", type=Path, metavar="DIR", help="folders of results")
    parser.add_argument("--kind", choices=tuple(KINDS), action="append", help="only this kind of row (repeatable)")
    parser.add_argument("--limit", type=int, default=20, metavar="N", help="rows to show (default: 20)")
    parser.add_argument("--lexicon", type=Path, metavar="DIR", help="folder of your own vocabulary rows")


def run(options: argparse.Namespace) -> Outcome:
    """Rows that hold every word, or its synonym, or (an act word) an act of its kind; the best first."""
    words = tuple(options.words.split())
    if not words:
        raise UsageError("WORDS is empty")
    if options.limit < 1:
        raise UsageError("--limit takes 1 or more")
    kinds = tuple(options.kind or KINDS)
    query = Query(words, tuple(options.folders), kinds, options.limit, Settings(lexicon=options.lexicon))
    try:
        answer = search(query)
    except FileNotFoundError as error:
        raise UsageError(str(error)) from None
    return Outcome(DONE, _table(answer, words))


def _table(answer: Answer, words: tuple[str, ...]) -> str:
    if not answer.hits:
        return f"没有找到“{' '.join(words)}”"
    header = ("种类", "文字", "部门", "年度", "地区", "编号", "文件")
    lines = [_line(hit, words) for hit in answer.hits]
    shown = f"，显示前 {len(lines)} 条" if len(lines) < answer.total else ""
    return f"{aligned(header, lines)}\n\n共 {answer.total} 条{shown}"


def _line(hit: Hit, words: tuple[str, ...]) -> tuple[object, ...]:
    of = hit.document
    year = "" if of["fiscal_year"] is None else str(of["fiscal_year"])
    place = "".join(dict.fromkeys(str(of[name]) for name in ("province", "city", "county") if of[name]))
    file = str(of["path"]).rpartition("/")[2]
    return (_NAMES[hit.kind], _around(hit.text, words), of["department"], year, place, hit.row_id, file)


def _around(text: str, words: tuple[str, ...]) -> str:
    """The part of a text in which the first of the words stands."""
    if len(text) <= _WIDTH:
        return text
    folded = fold(text)
    places = [place for word in words if (place := folded.find(fold(word))) >= 0]
    start = max(0, min(min(places, default=0) - _BEFORE, len(text) - _WIDTH))
    end = start + _WIDTH
    return ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")
