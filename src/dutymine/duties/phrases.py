"""Small patterns of a duty sentence: bodies, bases, scopes, what carries no meaning of its own; all on folded text.

Everything works on a copy in which brackets and book titles are masked, so that no act is seen in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dutymine.text import Span

MASK, QUOTED = "\x00", "\x01"  # a bracket; a title or a word in quotation marks, which is part of what is said
_BRACKETS = re.compile(r"\([^()]{0,120}\)|《[^《》]{0,60}》|“[^“”]{0,12}”|\"[^\"]{0,12}\"")
_MARKER = re.compile(
    r"(?:^|(?<=[:。;，,]))(?:\(?[一二三四五六七八九十\d]{1,2}\)[、.]?|[一二三四五六七八九十]+、|\d{1,2}[、.](?!\d)|[①-⑳]|[一二三四五六七八九十]是|第[一二三四五六七八九十]+[，,])"
)

LISTING = re.compile(r"以及|[、和及]")
CONNECTOR = re.compile(r"、?(?:并且|以及|同时|和|与|及|并|或者|或)|、")
_BASIS = (
    "按照|依照|依据|根据|遵照|遵循|按(?!时|期|月|年)|受(?=[^，]{1,14}委托)|经(?=[^，,。;]{0,14}(?:批准|授权|同意))|比照"
)
BETWEEN = re.compile(r"(?:应当|应|分别|具体|依法|共同|直接|要)+$")
LEADS, ASSISTS = ("会同", "联合", "商", "协商"), ("配合", "协助", "协同")
WITH = re.compile(r"会同|联合|商|协商|配合|协助|协同|与|同|在")
_WHERE = "|".join(
    (
        "(?:全|我|本|该|各)(?:省|市|区(?!域|块|间|位|别)|县|旗|乡镇|镇街|镇|乡|州|盟|街道|地区|辖区|系统)(?!性)(?:各级)?(?:以内|内(?=的))?",
        "(?:所?管?辖)?本?(?:行政区域|行政区(?!划)|辖区|管辖范围|地区|权限|职责范围|区域(?=内|范围)|(?<=[本辖])区域)"
        "(?:范围)?以?内?",
        "(?:省|市|区|县|州|地|自治区){1,3}(?:级(?!以)|本级|直|属|域内|域|内|辖)",
        "县级以上|县级以下|本级|权限内|所管辖|本地|辖内|全省|全国|国家和本市",
    )
)
SCOPE = re.compile(rf"(?:(?:{_WHERE}){MASK}*的?)+")

AT_LEAST = re.compile(r"(?:[一两三四\d]+次)?不(?:少|低|超|高)[于过].*$")  # a target behind an object
LINK_END = re.compile(r"(?:以及|和|与|及|并|或|、)$")
RESIDUAL = re.compile(
    r"(?P<act>完成|承办|办理|承担|做好|负责|落实)(?P<by>[^。;]{0,80}?)(?P<how>交办|交付|部署|下达|赋予|安排|布置|交代|授权|指派|规定)(?P<what>的?(?:其他|其它|各项|有关|工作|一切|临时性|相关|任务|事项|工作任务|和|与|及|、)*(?:任务|事项|工作|事宜))"
)
ASSIGNED = re.compile(r"任务|事项|事宜|交办|工作")
OTHER = re.compile(r"的其|其他|其它")
NUMBER = re.compile(r"$|[与和及]|不[少低超]|[一两\d]")  # what stands behind an act whose object is told before it
FOR = re.compile(r"对于|对(?!外|口|策|接|象|应|内|照|比|手|联)")

BY = re.compile(r"由([^，,、;]{1,16})$")
SELF = re.compile(r"^(?:直接|[本我该]?(?:局|委|办|部|单位|中心|机关|部门)(?:直接)?)$")
REPORTED = re.compile(r"报(?:请|经)?(?!名|告|表|送|道|刊|业|废|销|考)[^，,、;]{1,14}$")
SUBJECT = re.compile(
    r"[^，,。;:对]{2,40}?(?:部门|机关|机构|政府|局|委员会|委|办公室)"
    r"(?=(?:依法|定期|应当|应|负责|按[^，,。;:对]{0,12})*对(?!外|口|策|象|应))"
)


def behind(pattern: re.Pattern[str], text: str, start: int, end: int) -> int:
    """Where a stretch goes on behind what a pattern matches there."""
    while (match := pattern.match(text, start, end)) is not None:
        start = match.end()
    return start


def masked(text: str) -> str:
    """The text with brackets, titles and item markers masked, same length."""

    def hide(match: re.Match[str]) -> str:
        return (QUOTED if match[0][0] in '《“"' else MASK) * len(match[0])

    return _BRACKETS.sub(hide, _MARKER.sub(hide, text))


PENALTY = re.compile(r"[^，,。;]{0,24}对[^。;]*的(?:行政)?(?:处罚|强制|奖励|确认|裁决)[。;]?$")


@dataclass(frozen=True, slots=True)
class Phrases:
    """Patterns made of the word lists of `act_lists.toml`."""

    adverb: re.Pattern[str]
    lawful: re.Pattern[str]
    basis: re.Pattern[str]
    organs: re.Pattern[str]
    organ_end: re.Pattern[str]
    public: re.Pattern[str]
    qualifier: re.Pattern[str]
    gives: re.Pattern[str]
    policy: re.Pattern[str]
    empty: tuple[str, ...]
    empty_behind_act: tuple[str, ...]
    staff: tuple[str, ...]

    def behind_adverbs(self, text: str, start: int, end: int) -> int:
        """Where a stretch goes on behind adverbs and bases."""
        while (skipped := self.basis.match(text, start, end) or self.adverb.match(text, start, end)) is not None:
            start = skipped.end()
        return start

    def told(self, text: str, start: int, end: int) -> re.Match[str] | None:
        """对 at the start of a stretch, behind adverbs and a scope."""
        while (skipped := self.adverb.match(text, start, end) or SCOPE.match(text, start, end)) is not None:
            start = skipped.end()
        return FOR.match(text, start, end)

    def without_ends(self, text: str, start: int, end: int) -> Span:
        """The span without linking words and masks at its ends, without 工作 and the like behind."""
        while start < end and (text[start] in "的、，," + MASK):
            start += 1
        while True:
            before = end
            end = self._without(self.empty, text, start, end)
            while start < end and text[end - 1] in "、，,。;:":
                end -= 1
            link = LINK_END.search(text, start, end)
            if link and link.start() > start and link[0] in "、和及并或":
                end = link.start()
            if end == before:
                return start, end

    def without_office(self, text: str, start: int, end: int) -> int:
        """The end of a stretch without 工作, 活动, 职权 and the like."""
        return self._without(self.empty_behind_act, text, start, end)

    def _without(self, words: tuple[str, ...], text: str, start: int, end: int) -> int:
        while text.endswith(words, start, end) and not text.endswith(self.staff, start, end):
            end -= len(next(word for word in words if text.endswith(word, start, end)))
        return end


def any_of(words: Iterable[str]) -> str:
    """A pattern of one of the words, the longest first."""
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


def phrases(lists: Mapping[str, tuple[str, ...]]) -> Phrases:
    """The patterns of word lists by name."""
    organ, document = any_of(lists["organ"]), any_of(lists["document"])
    adverbs = any_of((*lists["adverb"], *lists["lawful"]))
    return Phrases(
        adverb=re.compile(rf"(?!{any_of(lists['no_adverb'])})(?:{adverbs})"),
        lawful=re.compile(any_of(lists["lawful"])),
        basis=re.compile(
            rf"(?:{_BASIS})[^，,。;:对]{{0,40}}?(?:{any_of(lists['basis_end'])}|{QUOTED}+|{MASK}+)"
            r"(?:和[^，,。;:]{0,8}(?:程序|要求|规定|规划|计划))?(?:，|,)?"
        ),
        organs=re.compile(rf"(?:{organ}|领导下)(?:{MASK}+)?等?(?:共同|一起|一道)?"),
        organ_end=re.compile(rf"(?:{organ})(?:{MASK}+|等)?$"),
        public=re.compile(any_of(lists["public"])),
        qualifier=re.compile(rf"(?:{any_of(lists['qualifier'])})$"),
        gives=re.compile(any_of(lists["gives"])),
        policy=re.compile(rf"的[^的、，,]{{0,8}}(?:{document})[^的，,]*$"),
        empty=lists["empty"],
        empty_behind_act=(*lists["empty"], *lists["empty_behind_act"]),
        staff=lists["staff"],
    )
