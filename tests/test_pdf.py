"""PDF: paragraphs of wrapped lines, ruled tables over pages, furniture, 元 beside 万元, and files that are none."""

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Table

from dutymine.model import Document, Mined
from dutymine.pipeline import mine
from dutymine.readers import UnreadableError, read
from dutymine.settings import Settings

SETTINGS = Settings()
FONT = "STSong-Light"
REAL = Path(__file__).resolve().parent.parent.parent / "shared" / "real" / "pdf"
WRAPPED = (
    "（一）负责全县水资源的统一管理和监督，编制水利规划，组织实施取水许可制度和水资源有偿使用制度，"
    "查处非法取水，指导农村供水和节约用水。"
)
ROWS = [
    ["产出指标", "数量指标", "改造渠系长度", "≥18公里"],
    ["", "质量指标", "渠系完好率", "≥95%"],
    ["满意度指标", "服务对象满意度指标", "用水户满意度", "≥90%"],
]


def _page(canvas: Canvas, number: int, lines: list[str], top: float = 780) -> float:
    canvas.setFont(FONT, 12)
    canvas.drawString(90, 810, "青岚县水利局部门预算")
    canvas.drawCentredString(297, 30, f"- {number} -")
    for line in lines:
        for at in range(0, len(line), 34):
            canvas.drawString(90, top, line[at : at + 34])
            top -= 20
    return top


def _table(canvas: Canvas, rows: list[list[str]], top: float, style: list[tuple[object, ...]]) -> None:
    grid = [("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("FONT", (0, 0), (-1, -1), FONT, 10)]
    table = Table(rows, colWidths=[100] * len(rows[0]), style=[*grid, *style])
    _, height = table.wrapOn(canvas, 400, 600)
    table.drawOn(canvas, 90, top - height)


def _pdf(password: str = "") -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    out = io.BytesIO()
    encrypt = StandardEncryption(password, canPrint=0) if password else None
    canvas = Canvas(out, pagesize=A4, encrypt=encrypt)
    top = _page(canvas, 1, ["青岚县水利局2023年部门预算", "一、部门职责", WRAPPED, "（二）查处非法采砂。"])
    _page(canvas, 1, ["二、收入支出情况", "2023年收入合计181.83万元。", "部门收入总表", "单位：元"], top)
    _table(canvas, [["项目", "预算数"], ["收入合计", "1,818,300"], ["财政拨款收入", "1,818,300"]], top - 90, [])
    canvas.showPage()
    header = ["一级指标", "二级指标", "三级指标", "指标值"]
    _page(canvas, 2, ["三、项目绩效目标"])
    _table(canvas, [header, *ROWS[:2]], 740, [("SPAN", (0, 1), (0, 2))])
    canvas.showPage()
    _page(canvas, 3, [])
    _table(canvas, [header, ROWS[2]], 780, [])
    canvas.showPage()
    _page(canvas, 4, ["四、名词解释", "基本支出：指为保障机构正常运转发生的支出。"])
    canvas.save()
    return out.getvalue()


DATA = _pdf()


def _mined(data: bytes) -> Mined:
    return mine(read(data, "a.pdf", SETTINGS), SETTINGS)


def test_pages_become_paragraphs_and_tables() -> None:
    mined = _mined(DATA)
    assert [(item.number, item.text) for item in mined.clauses] == [(1, WRAPPED[3:]), (2, "查处非法采砂。")]
    assert [(item.level1, item.name, item.value_text) for item in mined.indicators] == [
        ("产出指标", "改造渠系长度", "≥18公里"),
        ("产出指标", "渠系完好率", "≥95%"),
        ("满意度指标", "用水户满意度", "≥90%"),
    ]
    assert "- 2 -" not in mined.document.text
    assert mined.document.text.count("青岚县水利局部门预算") == 0
    assert {place.page for place in mined.document.places} >= {1, 2, 4}


def test_a_row_that_a_page_cuts_is_one() -> None:
    out = io.BytesIO()
    canvas = Canvas(out)
    top = _page(canvas, 1, ["青岚县水利局2023年部门预算", "一、部门职责", WRAPPED, "二、项目绩效目标"])
    header = ["一级指标", "二级指标", "三级指标", "指标值", "指标解释"]
    first = ["产出指标", "数量指标", "改造渠系长度", "≥18公里", "全年改造的干支渠"]
    _table(canvas, [header, first], top - 90, [])
    canvas.showPage()
    second = ["", "", "配套建筑物完好率", "≥95%", "完好座数占比"]
    _table(canvas, [header, ["", "", "", "", "长度，不含毛渠"], second, ["", "质量指标", "验收", "通过", ""]], 780, [])
    canvas.save()
    mined = _mined(out.getvalue())
    assert [(item.name, item.description) for item in mined.indicators] == [
        ("改造渠系长度", "全年改造的干支渠长度，不含毛渠"),
        ("配套建筑物完好率", "完好座数占比"),
        ("验收", ""),
    ]


def test_a_table_in_yuan_beside_prose_in_ten_thousands() -> None:
    sums = {(item.unit, item.yuan) for item in _mined(DATA).amounts}
    assert sums == {("万元", 1818300), ("元", 1818300)}


def test_a_protected_file_and_a_cut_one_say_so() -> None:
    with pytest.raises(UnreadableError) as caught:
        read(_pdf("geheim"), "a.pdf", SETTINGS)
    assert caught.value.reason == "encrypted_file"
    with pytest.raises(UnreadableError) as caught:
        read(b"%PDF-1.7\n" + b"junk" * 30, "a.pdf", SETTINGS)
    assert caught.value.reason in ("damaged_file", "needs_ocr")


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=30), st.booleans())
def test_broken_files_are_documents_or_refused(place: int, noise: bytes, cut: bool) -> None:
    at = place * len(DATA) // 10_000
    broken = DATA[:at] if cut else DATA[:at] + noise + DATA[at + len(noise) :]
    try:
        document = read(broken, "a.pdf", SETTINGS)
    except UnreadableError:
        return
    assert isinstance(document, Document)


@pytest.mark.skipif(not REAL.is_dir(), reason="the real files are not beside the project")
def test_the_real_files() -> None:
    mined = {
        path.stem[-6:]: mine(read(path.read_bytes(), path.name, SETTINGS), SETTINGS) for path in REAL.glob("*.pdf")
    }
    assert sorted(len(item.clauses) for item in mined.values()) == [9, 9, 12, 14]
    assert sorted(item.identity.fiscal_year or 0 for item in mined.values()) == [2024, 2024, 2025, 2025]
    for item in mined.values():
        assert [clause.number for clause in item.clauses] == list(range(1, len(item.clauses) + 1))
        assert {found.rule for found in item.findings if found.severity != "hint"} <= {"R62", "R65"}  # checked by hand
    street = next(item for item in mined.values() if item.identity.county == "普陀区" and len(item.clauses) == 9)
    prose = {item.yuan for item in street.amounts if item.unit == "万元" and item.role == "income_total"}
    table = {item.yuan for item in street.amounts if item.unit == "元" and item.role == "income_total"}
    (said,), (listed,) = prose, table
    assert abs(said - listed) < 100  # rounded to 0.01 万元; taken for 万元 the table would be 10,000 times as much
