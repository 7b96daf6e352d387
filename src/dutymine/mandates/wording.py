"""What a row of the pairs says to a reviewer: the suspicion, both sides with their lines, the law to check against."""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache

from dutymine.mandates import judging
from dutymine.model import Mined

_LAW = "《地方各级人民政府机构设置和编制管理条例》第十条"
_CHECK = f"建议核对三定规定及权责清单（{_LAW}）"
_SUSPICION = {
    judging.DUPLICATION: f"疑似职责重复，{_CHECK}",
    judging.OVERLAP: f"疑似职责交叉，{_CHECK}",
    judging.FRAGMENTATION: f"疑似职责分散，{_CHECK}",
    judging.CONFLICT: f"疑似权限冲突（双方均牵头、均审批或互指对方负责），{_CHECK}",
    judging.SPLIT: f"文本已写明分工配合，建议核对主办与协办是否一致（{_LAW}）",
    judging.SPECIAL: "一般职责与特别职责并存，依法可以成立，建议核对三定规定及权责清单的边界",
}
_LONGEST = 60


def message(
    left: tuple[Mined, tuple[int, int]], right: tuple[Mined, tuple[int, int]], thing: str, codes: tuple[str, ...]
) -> str:
    """One sentence in Chinese: what both sides say on `thing` (document and span each), and what to check."""
    return f"{_side(*left)}与{_side(*right)}均涉及“{thing}”；{_SUSPICION[codes[-1]]}"


def _side(mined: Mined, span: tuple[int, int]) -> str:
    said = "".join(mined.document.text[slice(*span)].split())
    said = said if len(said) <= _LONGEST else f"{said[: _LONGEST - 1]}…"
    who = mined.identity.department or mined.document.path
    return f"{who}第{_line(mined.document.folded, span[0])}行“{said}”"


def _line(folded: str, offset: int) -> int:
    return bisect_right(_breaks(folded), offset) + 1


@lru_cache(maxsize=256)
def _breaks(folded: str) -> tuple[int, ...]:
    return tuple(at + 1 for at, char in enumerate(folded) if char == "\n")
