"""How many offices and units a department says it has, in two years."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from dutymine.facts.quantities import number
from dutymine.mandates.shift import Shift, year
from dutymine.model import Mined, SectionKind
from dutymine.text import Span

_NUMBER = r"(?P<number>\d{1,3}|[一二两三四五六七八九十]{1,4})"
_OFFICES = (
    r"(?:职能|内设|业务|行政|综合|正科级|副科级|正股级|股级|科级|个)*(?:股室|科室|处室|机构|股\(室\)|科\(室\)|股|科|处)"
)
_UNITS = r"(?:预算|财政|全额|差额|拨款|独立核算|二级|基层|直属|下属|所属|个)*(?:事业|行政|企业|参公|预算)*(?:单位|机构)"
_BELOW = r"(?:下属|所属|直属|下设|下辖)"
# What is counted, as messages name it, with the patterns that count it; the first that fits a place has it.
_COUNTED = (
    (
        "内设机构",
        re.compile(rf"(?:内设|下设|设有?)[^。;\n]{{0,120}}?{_NUMBER}个{_OFFICES}(?![\u4e00-\u9fff]*?(?:事业|预算))"),
    ),
    ("内设机构", re.compile(rf"内设(?:机构|{_OFFICES})(?:共|共计|有|为)?{_NUMBER}个")),
    ("下属单位", re.compile(rf"{_BELOW}(?P<what>{_UNITS})(?:共|共计|有|为|共有)?{_NUMBER}[个家]")),
    ("下属单位", re.compile(rf"{_BELOW}(?:共|有|共有)?{_NUMBER}[个家](?P<what>{_UNITS})")),
)
_SECTIONS = (SectionKind.INSTITUTIONS, SectionKind.DUTIES)
Counted = tuple[str, str]  # what is counted, and the words for it


def counts(earlier: Mined, later: Mined) -> Iterator[Shift]:
    """Numbers of inner offices and of units below that changed; none where a year states several or no number."""
    before, after = _stated(earlier), _stated(later)
    for key in (key for key in after if key in before and before[key][0] != after[key][0]):
        (_, was), (_, now) = before[key], after[key]
        item = f"{key[1]}数" if key[0] == key[1] else f"下属{key[1]}数"
        message = f"{item}由{year(earlier)}的{was}变为{year(later)}的{now}"
        yield Shift("institution_changed", item, was, now, message)


def _stated(mined: Mined) -> dict[Counted, tuple[int, str]]:
    """The one number that a document states of each kind, and as it stands there."""
    text = mined.document.folded
    found: dict[Counted, dict[int, str]] = defaultdict(dict)
    for name, pattern in _COUNTED:
        for span in _bodies(mined):
            for match in pattern.finditer(text, *span):
                words = match.groupdict().get("what") or name
                value = number(match["number"].replace("两", "二"))
                if value is not None:
                    found[name, words].setdefault(int(value), f"{match['number']}个")
    return {key: next(iter(values.items())) for key, values in found.items() if len(values) == 1}


def _bodies(mined: Mined) -> Sequence[Span]:
    """Stretches that tell of the organisation: sections of it, else those of the duties."""
    for kind in _SECTIONS:
        spans = [(section.body, section.end) for section in mined.sections if section.kind is kind]
        if spans:
            return spans
    return ()
