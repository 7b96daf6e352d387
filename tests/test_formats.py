"""Files of other formats give what their text gives; hostile ones one clear reason and never anything else."""

import io
import random
import sys
import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest
import xlwt
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dutymine.engines.local import Job, extract
from dutymine.model import Document, Mined
from dutymine.output.files import read_table
from dutymine.pipeline import mine
from dutymine.readers import UnreadableError, read
from dutymine.settings import Settings

SETTINGS = Settings()
TITLE = "青岚县水利局2023年部门预算"
PROSE = [
    *("一、部门职责", "（一）编制全县水利规划。", "（二）查处非法采砂。", "二、收入支出情况"),
    *("2023年收入合计181.83万元。", "三、项目绩效目标"),
]
HEADER = ["一级指标", "二级指标", "三级指标", "指标值"]
ROWS = [
    ["产出指标", "数量指标", "改造渠系长度", "≥18公里"],
    ["", "质量指标", "渠系完好率", "≥95%"],
    ["满意度指标", "服务对象满意度指标", "用水户满意度", "≥90%"],
]


def _plain() -> bytes:
    table = "".join("".join(f"\t{word}\n" for word in row) + "\n" for row in [HEADER, *ROWS])
    return ("\n".join([TITLE, *PROSE]) + "\n" + table).encode()


def _html() -> bytes:
    cells = "".join("<tr>" + "".join(f"<td>{word}</td>" for word in row) + "</tr>" for row in [HEADER, ROWS[0]])
    second = "<tr><td>质量指标</td><td>渠系完好率</td><td>≥95%</td></tr>"
    third = "<tr>" + "".join(f"<td>{word}</td>" for word in ROWS[2]) + "</tr>"
    table = cells.replace("<td>产出指标</td>", '<td rowspan="2">产出指标</td>') + second + third
    menu = "<ul>" + "".join(f'<li><a href="/{i}">栏目导航{i}</a></li>' for i in range(9)) + "</ul>"
    text = "".join(f"<p>{line}</p>" for line in PROSE)
    hidden = '<div style="display:none">收入合计999万元</div><script>var a="收入合计888万元";</script>'
    body = f'{menu}<div><h1>{TITLE}</h1>{text}<table>{table}</table><a href="/a.pdf">附件1</a></div>{hidden}'
    return f"<html><head><title>{TITLE}_门户</title></head><body>{body}</body></html>".encode("gb18030")


def _docx(numbered: bool = False) -> bytes:
    document = docx.Document()
    document.add_paragraph(TITLE)
    for line in PROSE:
        paragraph = document.add_paragraph(line)
        if numbered and line.startswith("（"):
            paragraph.text = line[3:]
            paragraph.style = document.styles["List Number"]
    table = document.add_table(rows=4, cols=4)
    for r, row in enumerate([HEADER, *ROWS]):
        for c, word in enumerate(row):
            table.cell(r, c).text = word
    table.cell(1, 0).merge(table.cell(2, 0))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _xlsx() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    for r, line in enumerate([TITLE, *PROSE], 1):
        sheet.cell(r, 1, line)
        sheet.merge_cells(start_row=r, start_column=1, end_row=r, end_column=4)
    top = len(PROSE) + 2
    for r, row in enumerate([HEADER, *ROWS]):
        for c, word in enumerate(row, 1):
            sheet.cell(top + r, c, word)
    sheet.merge_cells(start_row=top + 1, start_column=1, end_row=top + 2, end_column=1)
    sheet.cell(top + 2, 4, 0.95).number_format = "0%"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _xls() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet1")
    for r, line in enumerate([TITLE, *PROSE]):
        sheet.write_merge(r, r, 0, 3, line)
    for r, row in enumerate([HEADER, *ROWS], len(PROSE) + 1):
        for c, word in enumerate(row):
            sheet.write(r, c, word)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _mhtml() -> bytes:
    head = b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\nContent-Type: text/html\r\n"
    return head + b"Content-Transfer-Encoding: 8bit\r\n\r\n" + _html() + b"\r\n--x--\r\n"


def _rtf() -> bytes:
    """As Word writes it: escapes of both kinds, a number that it counts, a row's properties at both its ends."""

    def escaped(word: str) -> str:
        return "".join(f"\\uc2\\u{ord(sign)}\\'a3\\'bf" if ord(sign) > 127 else sign for sign in word)

    def coded(word: str) -> str:
        return "".join(f"\\'{byte:02x}" if byte > 127 else chr(byte) for byte in word.encode("gbk"))

    def listed(line: str) -> str:
        return f"{{\\listtext\\f1 {coded(line[:3])}\\tab}}{coded(line[3:])}" if line[0] == "（" else coded(line)

    properties = "\\trowd\\clvmgf\\cellx2000\\cellx4000\\cellx6000\\cellx8000"
    rows = ["".join(f"{{{escaped(word)}\\cell }}" for word in row) for row in [HEADER, *ROWS]]
    table = "".join(f"{properties}\\pard\\intbl {row}\\pard{{{properties}\\row}}\n" for row in rows)
    text = "\\par\n".join(listed(line) for line in [TITLE, *PROSE])
    fonts = "{\\fonttbl{\\f1\\fcharset134 SimSun;}}{\\header " + coded("页眉") + "}"
    return f"{{\\rtf1\\ansi\\ansicpg936\\deff1{fonts}\\f1 {text}\\par\n{table}\\pard\\par}}".encode()


FILES = {"html": _html(), "mhtml": _mhtml(), "docx": _docx(), "xlsx": _xlsx(), "xls": _xls(), "rtf": _rtf()}


def _mined(data: bytes) -> Mined:
    return mine(read(data, "a.bin", SETTINGS), SETTINGS)


def _told(mined: Mined) -> dict[str, list[object]]:
    return {
        "department": [mined.identity.department, mined.identity.fiscal_year],
        "clauses": [(item.number, item.text) for item in mined.clauses],
        "amounts": [(item.yuan, item.role) for item in mined.amounts],
        "indicators": [
            (item.level1, item.level2, item.name, item.comparator, item.low, item.unit) for item in mined.indicators
        ],
    }


@pytest.mark.parametrize("form", FILES)
def test_a_file_tells_what_its_text_tells(form: str) -> None:
    mined = _mined(FILES[form])
    assert mined.document.format == form
    told, expected = _told(mined), _told(_mined(_plain()))
    if form == "xlsx":  # a cell shown as per cent has no operator
        told["indicators"][1] = expected["indicators"][1]
        assert mined.indicators[1].value_text == "95%"
    assert told == expected
    text = mined.document.text
    assert all(text[item.start : item.end].startswith(item.text[:4]) for item in mined.clauses)


def test_numbers_that_word_counts_are_written() -> None:
    mined = _mined(_docx(numbered=True))
    assert [(item.number, item.text) for item in mined.clauses] == [(1, "编制全县水利规划。"), (2, "查处非法采砂。")]


def test_deleted_words_are_out_and_inserted_ones_in() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("收入合计")
    for tag, word in (("w:del", "100"), ("w:ins", "181.83")):
        change, run, text = OxmlElement(tag), OxmlElement("w:r"), OxmlElement("w:delText" if tag == "w:del" else "w:t")
        text.text = word
        run.append(text)
        change.append(run)
        paragraph._p.append(change)
    paragraph.add_run("万元")
    assert paragraph._p.find(qn("w:del")) is not None
    out = io.BytesIO()
    document.save(out)
    assert "收入合计181.83万元" in read(out.getvalue(), "a.docx", SETTINGS).text


def test_what_the_page_links_to_is_listed() -> None:
    (reject,) = [item for item in _mined(FILES["html"]).rejects if item.reason == "attachment_not_read"]
    assert "附件1" in reject.detail


def test_what_a_rich_text_holds_beside_text_is_listed_and_its_marks_are_not_trusted() -> None:
    notes = b"{\\rtf1\\ansi {\\pict 00ff}" + "预算".encode("gb18030") + b" C:\\\\cell\\cell {\\footnote x}\\par}"
    document = read(notes, "a.doc", SETTINGS)
    assert document.text == "预算 C:\\cell\n"
    assert [item.reason for item in document.rejects] == ["image_not_read", "footnote_not_read"]


def test_sheets_are_places() -> None:
    book = openpyxl.Workbook()
    book.active.title = "收支总表"
    book.active.append(["项目", "金额"])
    book.create_sheet("项目表").append(["名称", "数"])
    out = io.BytesIO()
    book.save(out)
    assert [place.sheet for place in read(out.getvalue(), "a.xlsx", SETTINGS).places] == ["收支总表", "项目表"]


def _bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 300_000_000)
    return out.getvalue()


def _entities() -> bytes:
    names = "".join(f'<!ENTITY e{i} "{"".join(f"&e{i - 1};" for _ in range(20))}">' for i in range(1, 12))
    xml = f'<!DOCTYPE a [<!ENTITY e0 "ha">{names}<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    body = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", f"{xml}{body}a&e11;&x;</w:t></w:r></w:p></w:body></w:document>")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (_bomb(), "archive_bomb"),
        (_docx()[:4000], "damaged_file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le") + b"\x00" * 900, "damaged_file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le") + b"\x00" * 900, "not_converted"),
        (b"<html><body></body></html>", "no_text"),
    ],
)
def test_hostile_files_give_one_reason(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        read(data, "a.bin", SETTINGS)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("form", "package"),
    [("html", "lxml"), ("mhtml", "lxml"), ("docx", "lxml"), ("xls", "python_calamine"), ("rtf", "striprtf")],
)
def test_a_missing_extra_is_one_line_that_says_what_to_install(
    form: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(
        UnreadableError, match=rf"needs_files: {form} files are read with {package}: pip install"
    ) as info:
        read(FILES[form], "a.bin", SETTINGS)
    assert info.value.reason == "needs_files"


def test_entities_are_not_followed() -> None:
    try:
        text = read(_entities(), "a.docx", SETTINGS).text
    except UnreadableError as error:
        text = error.detail
    assert "root:" not in text
    assert len(text) < 1000


@pytest.mark.parametrize("form", ["html", "docx", "xlsx", "rtf"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=40), st.booleans())
def test_broken_files_are_documents_or_refused(form: str, place: int, noise: bytes, cut: bool) -> None:
    data = FILES[form]
    at = place * len(data) // 10_000
    broken = data[:at] if cut else data[:at] + noise + data[at + len(noise) :]
    try:
        document = read(broken, Path("a.bin").name, SETTINGS)
    except UnreadableError:
        return
    assert isinstance(document, Document)
    assert len(document.text) == len(document.folded)


def test_broken_workbooks_of_old_and_far_cells_end_at_worst_their_own_process(tmp_path: Path) -> None:
    """A count that lies makes the workbook library ask for more memory than there is, and its process ends."""
    chance, data = random.Random(2), FILES["xls"]
    for number in range(40):
        at, noise = chance.randrange(len(data)), bytes(chance.choice((0, 255)) for _ in range(chance.randrange(1, 40)))
        (tmp_path / f"{number}.xls").write_bytes(data[:at] + noise + data[at + len(noise) :])
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = "甲", "乙"
    book.save(tmp_path / "far.xlsx")
    run = extract(Job((str(tmp_path),), tmp_path / "out", jobs=2))
    assert len(run.documents) == 41
    reasons = {str(row["path"]).rpartition("/")[2]: row["reason"] for row in read_table(tmp_path / "out", "rejects")}
    assert reasons["far.xlsx"] in {"worker_crashed", "too_many_cells"}
    assert any(item.status == "ok" for item in run.documents)


def _list() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["青岚市水利局2024年权责清单"])
    sheet.merge_cells("A1:E1")
    sheet.append(["序号", "事项\n名称", "权力类型", "实施依据", "部门职责"])
    duty, other = "负责全市取水许可\n的审批和日常监管。", "查处非法采砂。"
    for i, (name, text) in enumerate(
        [("取水许可", duty), ("采砂处罚", other), ("取水许可延续", duty.replace("\n", ""))], 1
    ):
        sheet.append([i, name, "行政许可", "《水法》：处5万元以上罚款", text])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_list_of_powers_gives_each_duty_once_with_all_its_rows() -> None:
    mined = _mined(_list())
    assert (mined.identity.kind, mined.status, mined.identity.city) == ("responsibility_list", "ok", "青岚市")
    assert [(item.text, item.rows) for item in mined.clauses] == [
        ("负责全市取水许可的审批和日常监管。", ((0, 1), (0, 3))),
        ("查处非法采砂。", ((0, 2),)),
    ]
    assert mined.amounts == ()
    assert [cell.is_header for cell in mined.tables[0].cells[:6]] == [True] * 5 + [False]


REAL = Path(__file__).resolve().parent.parent.parent / "shared" / "real"


@pytest.mark.skipif(not REAL.is_dir(), reason="the real files are not beside the project")
def test_real_lists_of_one_city() -> None:
    lists = sorted((REAL / "responsibility_lists").iterdir())
    mined = [mine(read(path.read_bytes(), path.name, SETTINGS), SETTINGS) for path in lists]
    assert {item.identity.kind for item in mined} == {"responsibility_list"}
    assert sorted(len(item.clauses) for item in mined) == [3, 3, 3, 11, 34, 37, 43, 53, 83, 215, 347]
    assert sum(item.identity.city != "" for item in mined) == 10


@pytest.mark.skipif(not REAL.is_dir(), reason="the real files are not beside the project")
def test_the_real_page() -> None:
    mined = mine(read((REAL / "html" / "budget2017.jsp").read_bytes(), "budget2017.jsp", SETTINGS), SETTINGS)
    assert (mined.identity.fiscal_year, len(mined.clauses), len(mined.amounts)) == (2018, 12, 26)
    assert [item.number for item in mined.clauses] == list(range(1, 13))
