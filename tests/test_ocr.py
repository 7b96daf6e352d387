"""Scans and pictures: what their text tells, places, doubts, what is not legible, limits, and no extra installed."""

import io
import struct
import zlib
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFilter
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from dutymine.model import Comparator, Mined
from dutymine.pipeline import mine
from dutymine.readers import UnreadableError, picture, read, recognise
from dutymine.readers.ruling import find_grids
from dutymine.settings import Settings

SETTINGS = Settings()
FIXTURES = Path(__file__).resolve().parent / "fixtures" / "scan"
SCAN = FIXTURES / "scan.png"  # made by scripts/scans.py from the text beside it
needs_extra = pytest.mark.skipif(not recognise.available(), reason="the extra [ocr] is not installed")


def _mined(data: bytes, path: str = "a.bin") -> Mined:
    return mine(read(data, path, SETTINGS), SETTINGS)


def _saved(image: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def _page() -> Image.Image:
    return Image.open(SCAN).convert("L")


def _worn() -> Image.Image:
    """The page as a poor scanner has it: askew, blurred, on grey paper."""
    page = _page().rotate(1.3, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    return page.filter(ImageFilter.GaussianBlur(0.7)).point(lambda grey: 30 + grey * 3 // 4)


@cache
def _scanned() -> Mined:
    return _mined(SCAN.read_bytes())


def _told(mined: Mined) -> dict[str, list[object]]:
    return {
        "who": [mined.identity.department, mined.identity.fiscal_year],
        "clauses": [(item.number, item.text) for item in mined.clauses],
        "amounts": [(item.yuan, item.role, item.period) for item in mined.amounts],
        "indicators": [
            (item.level1, item.level2, item.name, item.comparator, item.low, item.high, item.unit, item.value_text)
            for item in mined.indicators
        ],
    }


TEXT = _told(_mined((FIXTURES / "scan.txt").read_bytes()))


@needs_extra
def test_a_picture_tells_what_its_text_tells() -> None:
    mined = _scanned()
    assert mined.document.format == "image"
    assert len(TEXT["indicators"]) == 4
    assert _told(mined) == TEXT
    assert "其他收入\n\t—\n\t—\n" in mined.document.text


@needs_extra
def test_a_worn_scan_tells_its_indicators_and_quotes_its_doubts() -> None:
    mined = _mined(_saved(_worn(), "PDF", resolution=150))
    told = _told(mined)
    assert mined.document.format == "pdf"
    assert told["indicators"] == TEXT["indicators"]
    assert told["clauses"] == TEXT["clauses"]
    doubts = [item for item in mined.rejects if item.reason == "uncertain_reading"]
    for item in doubts:
        assert item.detail.startswith("score 0.")
        assert item.start is not None and mined.document.text[item.start : item.end].strip()


@needs_extra
def test_every_page_of_a_tiff_has_its_place() -> None:
    page = _page()
    top, bottom = page.crop((0, 0, page.width, 260)), page.crop((0, 590, page.width, page.height))
    mined = _mined(_saved(top, "TIFF", save_all=True, append_images=[bottom], compression="tiff_lzw"))
    places = [(mined.document.text[place.start : place.start + 4], place.page) for place in mined.document.places]
    assert places == [("青岚县水", 1), ("三、项目", 2)]
    assert _told(mined)["indicators"] == TEXT["indicators"]


def _mixed() -> bytes:
    """A PDF of one page with a text layer and one that is a picture."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.setFont("STSong-Light", 12)
    canvas.drawString(90, 700, "青岚县水利局2023年部门预算公开说明，共两页，附件为扫描件。")
    canvas.drawString(90, 680, "见附件。")
    canvas.showPage()
    page = _page()
    canvas.drawImage(ImageReader(page.crop((0, 590, page.width, page.height))), 60, 500, width=480, height=206)
    canvas.save()
    return out.getvalue()


@needs_extra
def test_a_scanned_page_among_others_is_read_in_its_place() -> None:
    mined = _mined(_mixed())
    assert [place.page for place in mined.document.places] == [1, 2]
    assert _told(mined)["indicators"] == TEXT["indicators"]
    assert "needs_ocr" not in {item.reason for item in mined.rejects}
    (note,) = [item.detail for item in mined.rejects if item.reason == "read_from_picture"]
    assert note.startswith("1 pages, mean score 0.9") and note.endswith("on page 2")


@needs_extra
@pytest.mark.parametrize(("top", "turns"), [(400, 1), (590, 2)])
def test_a_page_that_does_not_stand_upright_is_turned(top: int, turns: int) -> None:
    page = _page()
    page = page.crop((0, top, page.width, page.height)).rotate(90 * turns, expand=True)
    mined = _mined(_saved(page, "PNG"))
    assert _told(mined)["indicators"] == TEXT["indicators"]


def test_without_the_extra_a_scan_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognise, "available", lambda: False)
    for data in (SCAN.read_bytes(), _saved(_page(), "PDF")):
        with pytest.raises(UnreadableError) as caught:
            read(data, "a.bin", SETTINGS)
        assert caught.value.reason == "needs_ocr"
        assert "pip install 'dutymine[ocr]'" in caught.value.detail
    document = read(_mixed(), "a.pdf", SETTINGS)
    assert [(item.reason, "pages without readable text: 2;" in item.detail) for item in document.rejects] == [
        ("needs_ocr", True)
    ]


@needs_extra
def test_a_picture_without_text_is_refused() -> None:
    with pytest.raises(UnreadableError) as caught:
        read(_saved(Image.new("L", (600, 400), 255), "PNG"), "a.png", SETTINGS)
    assert caught.value.reason == "no_text"


# --- what is not legible ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "scores", "kept"),
    [
        ("2280次", [0.45, 0.99, 0.99, 0.99, 0.99], "□次"),
        ("≥280次", [0.55, 0.99, 0.99, 0.99, 0.99], "□次"),
        ("收入181.83万元", [0.9] * 6 + [0.5] + [0.9] * 3, "收入□"),
        ("收入181.83万元", [0.9] * 8 + [0.5, 0.9], "收入□"),
        ("1.查处非法采砂", [0.8, 0.3] + [0.9] * 6, "1.查处非法采砂"),
        ("查处□非法采砂", [0.7] * 7, "查处□非法采砂"),
        ("Z口机关", [0.3] * 4, "□"),
    ],
)
def test_a_number_with_an_illegible_character_is_no_number(text: str, scores: list[float], kept: str) -> None:
    reading = recognise._judged(text, scores, (0, 0, 1, 1))
    assert reading.text == kept
    assert reading.doubt == f"score {min(np.mean(scores), *(scores if kept != text else [1])):.2f}: {text}"


def test_a_lone_sign_that_is_read_in_two_ways_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = iter(
        [[("≥≥", [0.9, 0.8]), ("2≥", [0.9, 0.9]), ("M≥", [0.9, 0.9])], [("2≥≥", [0.9] * 3), ("≤≤≤", [0.9, 0.7, 0.8])]]
    )
    monkeypatch.setattr(recognise, "_recognised", lambda crops, narrowest: next(shown))
    crop = np.zeros((8, 8), np.uint8)
    assert recognise._recognised_twice([crop] * 3) == [("≥", [0.8]), ("2≥≥", [0.0, 0.0, 0.0]), ("≤", [0.7])]


@pytest.mark.parametrize("row", ["\t□\n\t18\n\t公里", "\t≥\n\t□\n\t公里", "\t≥\n\t18\n\t□"])
def test_an_indicator_whose_value_is_not_legible_has_none(row: str) -> None:
    text = (FIXTURES / "scan.txt").read_text("utf-8").replace("\t≥\n\t18\n\t公里", row)
    mined = _mined(text.encode())
    first = mined.indicators[0]
    assert (first.name, first.low, first.high, first.comparator) == ("改造渠系长度", None, None, Comparator.TEXT)
    assert len(mined.thresholds) == 3
    assert [item.reason for item in mined.rejects] == ["suspect_ocr"]


# --- limits ----------------------------------------------------------------------------------------------------------


def _png(width: int, height: int) -> bytes:
    """A PNG that says it is of this size and holds almost nothing."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + data + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (_png(60_000, 60_000), "image_too_large"),
        (_png(10_000, 9_000), "image_too_large"),
        (SCAN.read_bytes()[:20_000], "damaged_file"),
        (b"\x89PNG\r\n\x1a\n" + b"junk" * 30, "damaged_file"),
        (b"II*\x00" + b"junk" * 30, "damaged_file"),
    ],
)
def test_a_picture_that_cannot_be_read_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        list(picture.frames(data))
    assert caught.value.reason == reason


def test_a_scan_whose_picture_would_fill_the_memory_is_refused() -> None:
    data = _saved(Image.new("1", (100, 100), 1), "PDF")
    huge = data.replace(b"/Width 100", b"/Width 1000000").replace(b"/Height 100", b"/Height 1000000")
    assert huge != data
    with pytest.raises(UnreadableError) as caught:
        read(huge, "a.pdf", SETTINGS)
    assert caught.value.reason == "image_too_large"


def test_a_tiff_of_too_many_pages_is_read_up_to_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "MOST_FRAMES", 2)
    blank = Image.new("L", (40, 40), 255)
    pages = picture.frames(_saved(blank, "TIFF", save_all=True, append_images=[blank] * 3))
    assert [next(pages)[0], next(pages)[0]] == [1, 2]
    with pytest.raises(UnreadableError, match="4 pages"):
        next(pages)


@needs_extra
@pytest.mark.parametrize("size", [(3, 400), (2000, 14)])
def test_a_strip_is_no_page(size: tuple[int, int]) -> None:
    with pytest.raises(UnreadableError) as caught:
        read(_saved(Image.new("L", size, 255), "PNG"), "a.png", SETTINGS)
    assert caught.value.reason == "no_text"


def test_a_long_picture_is_cut_between_lines() -> None:
    long = np.full((3000, 500), 255, np.uint8)
    long[::40, 50:400] = 0
    pieces = [piece for _, piece in picture.frames(_saved(Image.fromarray(long), "PNG"))]
    assert len(pieces) > 3
    assert np.array_equal(np.vstack(pieces), long)
    assert all(piece[0].min() == 255 for piece in pieces[1:])


@settings(max_examples=60, deadline=None)
@example("TIFF", 79, b"\x00")  # the library raises a TypeError
@given(st.sampled_from(["PNG", "JPEG", "TIFF", "BMP", "GIF"]), st.integers(0, 10_000), st.binary(max_size=20))
def test_broken_pictures_are_pictures_or_refused(form: str, place: int, noise: bytes) -> None:
    data = _saved(_page().resize((110, 88)), form)
    at = place * len(data) // 10_000
    try:
        pages = list(picture.frames(data[:at] + noise + data[at + len(noise) * 2 :]))
    except UnreadableError:
        return
    assert all(page.ndim == 2 for _, page in pages)


# --- ruled tables ----------------------------------------------------------------------------------------------------


def _ruled() -> np.ndarray:
    """Ink of a table of three rows and three columns with a merged cell at its left and one in its header."""
    ink = np.zeros((600, 1200), bool)
    for y in (100, 160, 220, 280):
        ink[y : y + 2, 100:1101] = True
    for x in (100, 400, 800, 1100):
        ink[100:282, x : x + 2] = True
    ink[102:160, 800:802] = False  # the second header cell covers two columns
    ink[220:222, 102:400] = False  # the first column's last two rows are one cell
    ink[160:162, 500:560] = False  # a gap that a poor print leaves
    ink[400:402, 100:700] = True  # an underline is no table
    return ink


def test_merged_cells_of_a_ruled_table() -> None:
    (grid,), rules = find_grids(_ruled())
    assert grid.cells == (
        ((0, 0), (0, 1), (0, 1)),
        ((1, 0), (1, 1), (1, 2)),
        ((1, 0), (2, 1), (2, 2)),
    )
    assert [round(x, -1) for x in grid.xs] == [100, 400, 800, 1100]
    assert grid.box(1, 0) == (grid.xs[0], grid.ys[1], grid.xs[1], grid.ys[3])
    assert rules[100, 600] and not rules[400, 300]


def test_a_page_askew_is_straightened() -> None:
    ink = np.where(_ruled(), 0, 255).astype(np.uint8)
    askew = np.asarray(Image.fromarray(ink).rotate(1.5, Image.Resampling.BICUBIC, fillcolor=255))
    assert len(find_grids(picture.ink_of(picture.straightened(askew)))[0]) == 1
    assert picture.straightened(ink) is ink
