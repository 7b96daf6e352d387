"""Which encoding a file's bytes are in: byte-order mark, NUL pattern, strict UTF-8, then GB18030 against Big5."""

from __future__ import annotations

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# The commonest characters of disclosures, Simplified and Traditional: a wrong decoding has almost none of them.
_COMMON = re.compile(
    "[的一是在不了有和人中大为上个国以要时用到作地于出分对成会主发年工能部度理法行政经费预算支出收入公开开展"
    "单位情况项目元万职责机关组织负责实施管理绩效指标目工作我本区县市省局委办其其他增加减少资产采购、。，（）"
    "為個國時於對會發經費預算開單項萬職責機關組織負責實績標區縣辦與資產採購減計劃財務處]"
)
_SAMPLE = 20_000
_LABEL = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_-]+)""", re.IGNORECASE)
_LABELS = {"gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "big5": "big5", "utf-8": "utf-8"}


def common_share(text: str) -> float:
    """Share of the non-ASCII characters of `text` that are common in disclosures (0 for none at all)."""
    wide = len(text) - len(text.encode("ascii", "ignore"))
    return len(_COMMON.findall(text)) / wide if wide else 0.0


def decode(data: bytes) -> tuple[str, str, int]:
    """Text, encoding and number of replaced characters of a file's bytes; never raises."""
    encoding = _detect(data)
    try:
        return data.decode(encoding), encoding, 0
    except UnicodeDecodeError:
        text = data.decode(encoding, errors="replace")
        return text, encoding, text.count("\ufffd")


def _detect(data: bytes) -> str:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return encoding
    wide = _utf16_without_mark(data)
    if wide:
        return wide
    if _is_utf8(data):
        return "utf-8"
    label = _LABEL.search(data[:2048])
    if label:
        named = _LABELS.get(label[1].decode("ascii").lower())
        if named and named != "utf-8":
            return named
    scores = {name: common_share(data[:_SAMPLE].decode(name, errors="replace")) for name in ("gb18030", "big5")}
    if max(scores.values()) < common_share(data[:_SAMPLE].decode("utf-8", errors="replace")):
        return "utf-8"
    return "gb18030" if scores["gb18030"] >= scores["big5"] else "big5"


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _utf16_without_mark(data: bytes) -> str | None:
    """UTF-16 shows NULs at one parity only (every ASCII digit, blank or line end), and common characters after
    decoding.
    """
    head = data[: 2 * _SAMPLE]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) < max(2, len(head) // 400) or min(even, odd) > max(even, odd) // 10:
        return None
    encoding = "utf-16-le" if odd > even else "utf-16-be"
    text = head[: len(head) // 2 * 2].decode(encoding, errors="replace")
    plausible = common_share(text) > 0.2 or text.isascii()
    return encoding if plausible and "\x00" not in text else None
