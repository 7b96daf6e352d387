"""Small patterns of a duty sentence: bodies, bases, scopes, what carries no meaning of its own; all on folded text.

Everything works on a copy in which brackets and book titles are masked, so that no act is seen in them.
"""

from __future__ import annotations

import re

from dutymine.text import Span

MASK, QUOTED = "\x00", "\x01"  # a bracket; a title or a word in quotation marks, which is part of what is said
_BRACKETS = re.compile(r"\([^()]{0,120}\)|《[^《》]{0,60}》|“[^“”]{0,12}”|\"[^\"]{0,12}\"")
_MARKER = re.compile(
    r"(?:^|(?<=[:。;，,]))(?:\(?[一二三四五六七八九十\d]{1,2}\)[、.]?|[一二三四五六七八九十]+、|\d{1,2}[、.](?!\d)|[①-⑳]|[一二三四五六七八九十]是|第[一二三四五六七八九十]+[，,])"
)

LISTING = re.compile(r"以及|[、和及]")
CONNECTOR = re.compile(r"、?(?:并且|以及|同时|和|与|及|并|或者|或)|、")
ADVERB = re.compile(
    r"严格|认真|积极|切实|全面|深入|扎实|大力|持续|不断|进一步|直接|统一(?!战线|管理|领导|行使|负责|办理)|具体(?!负责|承担)|定期|及时|分级|分类|"
    r"依法依规|依法(?!治|行政)|依照法律|合理|科学|有效|稳妥|共同|会同(?=、|和)|自觉|主动|重点|集中(?!行使)|日常(?=监|管|检|巡)|"
    r"按程序|按规定|按权限|按职责|按照规定|按分工|按照职责分工|按职责分工|按规定权限|按照规定权限|按照权限|依规|依规定|根据授权|"
    r"依法按程序|一并|联合(?=开展|有关|相关)|应当|应|要|还|也|地|主要|宏观(?!管理|指导)|分别|充分|加大|有序|有力|精准|高效|统筹兼顾|"
    r"稳步|逐步|用好|更好|全力|着力|努力|坚持|协同(?=推进|推动|开展)|监督并|牵头并"
)
_BASIS = "按照|依照|依据|根据|遵照|遵循|按(?!时|期|月|年)|受(?=[^，]{1,14}委托)|经(?=[^，,。;]{0,14}(?:批准|授权|同意))|比照"
BASIS = re.compile(
    rf"(?:{_BASIS})[^，,。;:对]{{0,40}}?(?:规定权限和程序|规定的权限和程序|权限和程序|管理权限|职责权限|规定权限|职责分工|法律和规定|有关规定|相关规定|"
    rf"规定|权限|程序|分工|要求|部署|安排|原则|授权|委托|法律法规|法律、法规|法律|政策|条例|标准|办法|职责|规划|计划|三定方案|批准|同意|指派|需求|{QUOTED}+|导向|意见|计划安排|总体规划|方案|精神|实际|需要|{MASK}+)"
    r"(?:和[^，,。;:]{0,8}(?:程序|要求|规定|规划|计划))?(?:，|,)?"
)
LAWFUL = re.compile(r"依法|按|依规|根据授权")

_ORGAN = (
    "部门|单位|机关|方面|机构|企业|乡镇|街道|镇街|区县|县区|市县|县市|各县|各市|各区|各镇|各乡|学校|医院|社区|委员会|各级|各地|群众|公众|"
    "社会力量|居民|村民|市民|会员|行业协会|协会|社会组织|基层|组织|团体|局|部|委|办|院|厅|处|科|所|站|队|中心|政府|党委|党组|支部|全社会|"
    "社会各界|农民|职工|青年|妇女|干部|人员|主体|成员|有关方|上级|法院|公安机关|大队|金融机构|用人单位|政府部门|企业家|志愿者|人士|公司|联盟"
)
BETWEEN = re.compile(r"(?:应当|应|分别|具体|依法|共同|直接|要)+$")
ORGAN_END = re.compile(rf"(?:{_ORGAN})(?:{MASK}+|等)?$")
WITH = re.compile(r"会同|联合|商|协商|配合|协助|协同|与|同|在")
ORGANS = re.compile(rf"(?:{_ORGAN}|领导下)(?:{MASK}+)?等?(?:共同|一起|一道)?")

_WHERE = (
    "(?:全|我|本|该|各)(?:省|市|区(?!域|块|间|位|别)|县|旗|镇|乡|州|盟|街道|地区|辖区|系统)(?:各级)?|"
    "(?:所?管?辖)?(?:本)?(?:行政区域|行政区(?!划)|辖区|管辖范围|地区|权限|职责范围|区域)(?:范围)?以?内?|"
    "(?:省|市|区|县|州|县市区)(?:级(?!以)|本级|直|属|域内|域|内|辖)|县级以上|县级以下|本级|权限内|所管辖|本地|辖内|全省|全国|国家和本市"
)
SCOPE = re.compile(rf"(?:(?:{_WHERE})(?:以?内)?(?:区)?{MASK}*的?)+")

# Ends of an object that say nothing (审批等工作), and more of them where an act is looked for before them.
TRAILING = re.compile(
    r"(?:等)?(?:相关|有关|各项|具体|的|其他)*(?:(?<!日常)(?:工作|事务)|事项|职责|任务|职能|责任|手续|事宜|等|的|有关|相关)+$"
)
TRAILING_ACT = re.compile(
    r"(?:等)?(?:相关|有关|各项|具体|日常|的|其他)*(?:工作|事务|事项|职责|任务|职能|责任|手续|活动|业务|事宜|等|的|力度|权|职权|行为)+$"
)
QUALIFIER = re.compile(r"(?:日常|综合|行政|依法|相关|有关|具体|组织|统一|专项|定期|全面|宏观|安全|动态|跟踪)$")
LINK_END = re.compile(r"(?:以及|和|与|及|并|或|、)$")
RESIDUAL = re.compile(
    r"(?P<act>完成|承办|办理|承担|做好|负责|落实)(?P<by>[^。;]{0,80}?)(?P<how>交办|交付|部署|下达|赋予|安排|布置|交代|授权|指派|规定)(?P<what>的?(?:其他|其它|各项|有关|工作|一切|临时性|相关|任务|事项|工作任务|和|与|及|、)*(?:任务|事项|工作|事宜))"
)
FOR = re.compile(r"对于|对(?!外|口|策|接|象|应|内|照|比|手|联)")
GIVES = re.compile(r"进行|给予|予以|实施|开展|作出|实行|做出|施行|提出|负责|承担|办理|依法")


BY = re.compile(r"由([^，,、;]{1,16})$")
SELF = re.compile(r"^(?:直接|[本我该]?(?:局|委|办|部|单位|中心|机关|部门)(?:直接)?)$")
REPORTED = re.compile(r"报(?:请|送|经)?[^，,、;]{1,14}$")


def behind_adverbs(text: str, start: int, end: int) -> int:
    """Where a stretch goes on behind adverbs and bases."""
    while (skipped := BASIS.match(text, start, end) or ADVERB.match(text, start, end)) is not None:
        start = skipped.end()
    return start


def told(text: str, start: int, end: int) -> re.Match[str] | None:
    """对 at the start of a stretch, behind adverbs and a scope."""
    while (skipped := ADVERB.match(text, start, end) or SCOPE.match(text, start, end)) is not None:
        start = skipped.end()
    return FOR.match(text, start, end)


def masked(text: str) -> str:
    """The text with brackets, titles and item markers masked, same length."""

    def hide(match: re.Match[str]) -> str:
        return (QUOTED if match[0][0] in "《“\"" else MASK) * len(match[0])

    return _BRACKETS.sub(hide, _MARKER.sub(hide, text))


def without_ends(text: str, start: int, end: int) -> Span:
    """The span without linking words and masks at its ends, without 工作 and the like behind."""
    while start < end and (text[start] in "的、，," + MASK):
        start += 1
    while True:
        before = end
        match = TRAILING.search(text, start, end)
        end = match.start() if match else end
        while start < end and text[end - 1] in "、，,。;:" + MASK and not text[start:end].endswith(MASK):
            end -= 1
        link = LINK_END.search(text, start, end)
        if link and link.start() > start and link[0] in "、和及并或":
            end = link.start()
        if end == before:
            return start, end


PENALTY = re.compile(r"[^，,。;]{0,24}对[^。;]*的(?:行政)?(?:处罚|强制|奖励|确认|裁决)[。;]?$")
PUBLIC = re.compile(r"部门|单位|乡镇|街道|各级|机关|下级|区县|县区|执行|落实|各地|学校|政府|贯彻|镇|责任制")

