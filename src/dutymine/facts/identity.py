"""Who a document speaks for: department, type, place, year and kind, from its title, its own sentences and its path."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from dutymine.facts.places import VINTAGE, Place, chain, complete
from dutymine.lexicon import DepartmentRow, rows
from dutymine.model import Document, DocumentKind, Identity
from dutymine.settings import Settings
from dutymine.text import Span, squeeze, trim

_HEAD = 2500
_TITLE_LINES = 14
_UNKNOWN = 6.0  # weight from which a name with a place is taken although no office of its kind is known
_LONGEST_TITLE = 80
_WHAT = re.compile(r"预算|决算|绩效|权责清单|责任清单|权力清单|职责|公开")
_YEAR = re.compile(r"(20[0-3]\d)\s?年")
_CHINESE_YEAR = re.compile(r"二[〇○零O0]([〇○零一二三四五六七八九])([〇○零一二三四五六七八九])年")
_RUN_ON_TITLE = re.compile(
    r"[^。，;:]{3,40}?20[0-3]\d年度?(?:部门|单位)?(?:整体)?(?:预算|决算|绩效)(?:公开|信息|情况|编制|自评|报告|说明)*"
)
_SPEAKS_OF = re.compile(r"(20[0-3]\d)\s?年(?:度)?[\u4e00-\u9fff“”]{0,12}?(?:预算|决算|收入|支出|收支|整体|绩效|“?三公)")
_END = (
    "局|委员会|委|厅|办公室|办公厅|办|部|院|会|联|政府|中心|办事处|社|团|队|校|学|馆|台|工会|政协|人大|处|所|站|街道|镇|乡"
    "|支队|大队|总队|党校|分局|园|基地|医院|公司"
)
_END_SIGNS = "".join({ending[0] for ending in _END.split("|")})
_NAME_LINE = re.compile(rf"[\u4e00-\u9fff()]+(?:{_END})")
_OWN = re.compile(
    rf"((?:中共|中国共产党|共青团)?[\u4e00-\u9fff（）()]{{2,38}}?(?=[{_END_SIGNS}])(?:{_END})(?:、[\u4e00-\u9fff]{{2,24}}(?:{_END}))?(?:[（(](?:本级|机关|[\u4e00-\u9fff、]{{4,40}})[）)])?)(?=20\d\d|二〇|关于|是|为|系|挂|的?主要职|部门预算|部门决算|单位预算|预算|决算|\s*\n|\s*$|部门整体|贯彻|权责|责任清单|部门职|职能|机构(?!编制)|概况|政务公开)"
)
_KEY = re.compile(
    r"(?:发布机构|发文机关|编制部门|编制单位|部门名称|单位名称|公开单位|预算部门|填报单位|部门\(单位\)名称|部门(?=:)|信息来源)"
    r"\s*[:：|\t ]\s*([\u4e00-\u9fff()]{4,40})"
)
_LEAD = re.compile(
    r"^(?:现将|现就|现对|反映|体现|现公开|本|关于|对|将|根据|按照|由|经|报|在|和|与|及|附件\d*[:：]?|年度?|\d+|[一二三四五六七八九十]、|第[一二三四五六七八九十]部分|部门|单位|主要|职责|职能|基本|情况|概况|机构(?!编制)|设置)+"
)
_NEIGHBOUR = re.compile(r"(?:经|报|由|和|与|据|向|及|同|照)$")
_WITHHELD = re.compile(
    r"(?:职责|职能|三定|机构设置)[^。\n]{0,30}?(?:涉密|秘密|保密)[^。\n]{0,16}?(?:不予|不宜|不便|暂不|免予|未予|不作|不再)\S{0,3}公开|(?:涉密|属于国家秘密|涉及国家秘密)[^。\n]{0,10}(?:不予|不宜|不便|暂不)\S{0,3}公开"
)
_KINDS = (
    (DocumentKind.RESPONSIBILITY_LIST, re.compile(r"权责清单|责任清单|权力清单")),
    (DocumentKind.FINAL_ACCOUNTS, re.compile(r"决算")),
    (DocumentKind.PERFORMANCE, re.compile(r"绩效(?:自评|评价|报告)|支出绩效|绩效目标")),
    (DocumentKind.BUDGET, re.compile(r"预算")),
)
_ASIDE = re.compile(r"\([^()]{4,40}\)$")  # another name of the same office
_TAIL = re.compile(r"(?:本级|机关|\((?:本级|机关)\)|（(?:本级|机关)）)$")


@dataclass(frozen=True, slots=True)
class _Title:
    line: str
    span: Span


def identify(document: Document, quiet: str, settings: Settings) -> Identity:
    """Identity of a document; what it does not say stays empty."""
    title = _title(document, quiet)
    name = _department(document, quiet, title, settings)
    bare = _ASIDE.sub("", name.translate(_BRACKETS))
    folded = (
        _ASIDE.sub("", squeeze(document.folded[document.text.find(name) :][: len(name)]))
        if name and name in document.text
        else bare
    )
    place = complete(chain(folded))
    kind = _kind(document, quiet, title)
    return Identity(
        title=title.line,
        department=name,
        department_type=department_type(folded, settings) or department_type(name.translate(_BRACKETS), settings),
        level=_level(folded, place),
        province=place.province,
        city=_as_written(document, place.city),
        county=_as_written(document, place.county),
        fiscal_year=_year(document, quiet, title),
        kind=kind,
        division_code=place.code,
        division_vintage=VINTAGE if place.code else "",
    )


_BRACKETS = str.maketrans("（）", "()")


def withheld(quiet: str) -> bool:
    """Whether the document says that its duties are secret and not published."""
    return _WITHHELD.search(quiet) is not None


def _as_written(document: Document, name: str) -> str:
    """The place in the document's own characters."""
    at = document.folded.find(name) if name else -1
    return document.text[at : at + len(name)] if at >= 0 else name


def _title(document: Document, quiet: str) -> _Title:
    """The first line near the top that names what is published; with the name above it where it stands alone."""
    position = 0
    for _ in range(_TITLE_LINES):
        while position < len(quiet) and quiet[position] in "\n \t":
            position += 1
        end = quiet.find("\n", position)
        end = len(quiet) if end < 0 else end
        span = trim(quiet, position, end)
        words = quiet[slice(*span)]
        if (
            len(words) <= _LONGEST_TITLE
            and _WHAT.search(words)
            and _YEAR.search(words)
            and not words.endswith(("。", ";"))
            and ">" not in words
        ):
            return _Title(document.text[slice(*span)], span)
        run_on = _RUN_ON_TITLE.match(words) if len(words) > _LONGEST_TITLE else None
        if run_on:
            return _Title(document.text[span[0] : span[0] + run_on.end()], (span[0], span[0] + run_on.end()))
        if position >= len(quiet):
            break
        position = end
    return _Title("", (0, 0))


def _candidates(document: Document, quiet: str, title: _Title) -> Iterator[tuple[str, float]]:
    """Names the document may go by, with a weight for where they stand."""
    if title.line:
        for match in _OWN.finditer(quiet, *title.span):
            yield _own(quiet, match.span(1)), 8.0
        whole = quiet[slice(*title.span)]
        cut = _YEAR.split(whole)[-1]
        for match in _OWN.finditer(cut):
            yield squeeze(_LEAD.sub("", match[1])), 6.0
    head = quiet[:_HEAD]
    for line in head.split("\n")[: _TITLE_LINES * 2]:
        bare = squeeze(line)
        if 4 <= len(bare) <= 36 and _NAME_LINE.fullmatch(bare):
            yield _LEAD.sub("", bare), 5.0
    for match in _KEY.finditer(head):
        yield squeeze(match[1]), 4.0
    for match in _OWN.finditer(head):
        if not _NEIGHBOUR.search(head[max(0, match.start() - 1) : match.start()]):
            yield _own(head, match.span(1)), 2.0


def _own(text: str, span: Span) -> str:
    return squeeze(_LEAD.sub("", text[slice(*span)]))


def _department(document: Document, quiet: str, title: _Title, settings: Settings) -> str:
    """The best candidate, in full: of names that end alike the one with its places in front."""
    scores: Counter[str] = Counter()
    for name, weight in _candidates(document, quiet, title):
        bare = _TAIL.sub("", name)
        if len(bare) > 3 and (department_type(bare, settings) or (weight >= _UNKNOWN and chain(bare).end)):
            scores[bare] += weight  # type: ignore[assignment]
    if not scores:
        return ""
    for name in scores:
        scores[name] += min(5, document.folded.count(name)) + (2 if chain(name).end else 0)
    best = max(scores, key=lambda name: (scores[name], len(name)))
    fuller = [name for name in scores if name.endswith(best) and 0 < len(name) - len(best) == _places(name, best)]
    best = max(fuller, key=lambda name: (scores[name], -len(name)), default=best)
    at = document.folded.find(best)
    return document.text[at : at + len(best)] if at >= 0 else best


def _places(name: str, best: str) -> int:
    """How many characters stand before `best`, where they (with 市, 县 … it begins with) are places; else 0."""
    length = len(name) - len(best)
    before = name[: length + 1] if best[0] in "省市县区旗州盟" else name[:length]
    return length if 0 < chain(before).end == len(before.removesuffix("人民政府")) else 0


@cache
def _types(settings: Settings) -> tuple[re.Pattern[str], dict[str, str]]:
    table = {s: row.type for row in rows("departments", DepartmentRow, settings) for s in row.surfaces}
    longest_first = sorted(table, key=len, reverse=True)
    return re.compile("(?=(" + "|".join(map(re.escape, longest_first)) + "))"), table


def department_type(name: str, settings: Settings) -> str:
    """Canonical type of a folded name: of the surfaces in it the one that ends last, the longest of these."""
    pattern, table = _types(settings)
    best: tuple[int, int, str] | None = None
    for match in pattern.finditer(name):
        start, end = match.span(1)
        if best is None or end > best[0] or (end == best[0] and start < best[1]):
            best = (end, start, match[1])
    return table[best[2]] if best else ""


def _level(name: str, place: Place) -> str:
    if re.match(r"国家(?!税务总局.)|中华人民共和国|中央|全国|国务院", name):
        return "national"
    if place.town:
        return "township"
    if place.county:
        return "county"
    if place.city and place.city == place.province:
        return "province"
    return "city" if place.city else "province" if place.province else ""


def _year(document: Document, quiet: str, title: _Title) -> int | None:
    """The year of the title; else the year most often said of the budget; else that of the path."""
    stated = _YEAR.search(title.line.translate(_DIGITS))
    if stated:
        return int(stated[1])
    said = Counter(match[1] for match in _SPEAKS_OF.finditer(quiet))
    if said:
        most = max(said.values())
        return max(int(year) for year, count in said.items() if count == most)
    worded = _CHINESE_YEAR.search(quiet)
    if worded:
        digits = "〇一二三四五六七八九"
        tens, ones = (digits.index(sign.replace("○", "〇").replace("零", "〇")) for sign in worded.groups())
        return 2000 + 10 * tens + ones
    inside = re.search(r"(?<!\d)(20[0-3]\d)(?!\d)", document.path)
    return int(inside[1]) if inside else None


_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")


def _kind(document: Document, quiet: str, title: _Title) -> DocumentKind:
    """By the title; without one by what the text speaks of most."""
    for kind, pattern in _KINDS:
        if title.line and pattern.search(quiet, *title.span):
            return kind
    counts = {kind: len(pattern.findall(quiet)) for kind, pattern in _KINDS if kind is not DocumentKind.PERFORMANCE}
    best = max(counts, key=lambda kind: counts[kind])
    return best if counts[best] else DocumentKind.OTHER
