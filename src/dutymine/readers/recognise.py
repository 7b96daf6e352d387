"""What stands in the lines of a picture, with the score of every character, by the extra [ocr]."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dutymine.readers.compose import line
from dutymine.readers.picture import Grey, smaller
from dutymine.readers.ruling import Box, Mask

ILLEGIBLE = "□"  # as in print: something stands here that could not be read

# Scores of the reader, measured on corpus pages printed, blurred and rasterised at 100 to 200 dpi.
_SURE = 0.9  # of a line: below it is reported
_READ = 0.5  # of a line: below it is no text
_DIGIT = 0.6  # of every character of a number: below it the number is not legible
_NUMBER = re.compile(r"[≥≤≧≦<>=＜＞＝±~～-]{0,2}\d(?:[\d,，.．]*\d)?(?:[%％‰]|[万亿千百]{0,2}元)?")

_DETECTED_AT = 900  # pixels of the shorter side: finds lines as well as at 150 dpi, three times faster
_NARROWEST = 96  # pixels at a height of 48 that a line is padded to: two characters read as well as in 320, and faster
_NARROWEST_TWICE = 320  # of 186 lone signs 178 are right and 1 wrong with a high score; shown once 173 and 9
_LONE = 1.3  # of its height: what is narrower is one or two characters
_FLAT = 4  # times its height: what is wider is a stroke
_SLIMMEST = 3  # times its shorter side
_SAMPLE = 6  # lines that show which way up a page is


@dataclass(frozen=True, slots=True)
class Reading:
    """What stands in a box of the picture; `doubt` says with what score where that is low.

    A level `stroke` is the dash of an empty cell, which the reader takes for a 一 or a low line, or is a 一.
    """

    text: str
    score: float
    doubt: str
    box: Box
    stroke: bool = False


def available() -> bool:
    """Whether the extra [ocr] is installed."""
    return all(find_spec(name) for name in ("rapidocr", "onnxruntime"))


def detected(grey: Grey) -> Iterator[Box]:
    """Boxes of the lines that the detector finds."""
    height, width = grey.shape
    scale = min(1.0, _DETECTED_AT / min(height, width))
    # The detector enlarges what is narrow: a strip without the paper beside it would fill the memory.
    beside = ((0, max(0, width // _SLIMMEST - height)), (0, max(0, height // _SLIMMEST - width)))
    paper = np.pad(grey, beside, constant_values=255)
    found = _engine()(_colour(smaller(paper, scale)), use_det=True, use_cls=False, use_rec=False)
    for corners in found.boxes if found.boxes is not None else ():
        left, top = np.floor(corners.min(axis=0) / scale).astype(int)
        right, bottom = np.ceil(corners.max(axis=0) / scale).astype(int)
        box = (max(0, int(left)), max(0, int(top)), min(width, int(right)), min(height, int(bottom)))
        if box[2] - box[0] > 2 and box[3] - box[1] > 2:
            yield box


def upright(grey: Grey, turns: Sequence[int]) -> Grey:
    """The most legible of a picture and its turns by so many right angles."""
    return max((np.rot90(grey, turn) for turn in (0, *turns)), key=_legibility)


def _legibility(grey: Grey) -> float:
    boxes = sorted(detected(grey), key=lambda box: box[0] - box[2])[:_SAMPLE]
    scores = [score for _, scores in _recognised([_crop(grey, box) for box in boxes]) for score in scores]
    return float(np.mean(scores)) if scores else 0.0


def readings(clean: Grey, ink: Mask, boxes: Sequence[Box]) -> list[Reading]:
    """The reading of every box."""
    lone = [box[2] - box[0] < _LONE * (box[3] - box[1]) for box in boxes]
    said = iter(_recognised([_crop(clean, box) for box, alone in zip(boxes, lone, strict=True) if not alone]))
    twice = iter(
        _recognised_twice([_closely(clean, ink, box) for box, alone in zip(boxes, lone, strict=True) if alone])
    )
    result = []
    for box, alone in zip(boxes, lone, strict=True):
        text, scores = next(twice if alone else said)
        result.append(_judged(text, scores, box, _is_stroke(_crop(ink, box))))
    return result


def _recognised(crops: Sequence[Grey], narrowest: int = _NARROWEST) -> list[tuple[str, list[float]]]:
    """Text and the score of each of its characters, for every crop."""
    if not crops:
        return []
    result = _engine(narrowest).recognize_txt([_colour(crop) for crop in crops])
    pairs = zip(result.txts, result.word_results, strict=True)
    return [(text, list(info.confs) if text else []) for text, info in pairs]


def _recognised_twice(crops: Sequence[Grey]) -> list[tuple[str, list[float]]]:
    """Lone characters, shown twice, or else three times, side by side: not read the same each time is not read."""
    result: list[tuple[str, list[float]]] = [("", [])] * len(crops)
    left = list(range(len(crops)))
    for times in (2, 3):
        read = _recognised([np.hstack([crops[i]] * times) for i in left], _NARROWEST_TWICE)
        for i, (text, scores) in zip(left, read, strict=True):
            length = len(text) // times
            same = length > 0 and text == text[:length] * times
            least = [min(scores[at::length]) for at in range(length)] if same else [0.0] * len(text)
            result[i] = (text[:length] if same else text, least)
        left = [i for i in left if not any(result[i][1])]
    return result


def _is_stroke(ink: Mask) -> bool:
    """Whether ink is one level stroke."""
    ys, xs = np.nonzero(ink)
    if not len(ys):
        return False
    thick = int(np.ptp(ys)) + 1
    return thick < ink.shape[0] / 3 and int(np.ptp(xs)) >= _FLAT * thick


def _crop(picture: NDArray[Any], box: Box) -> NDArray[Any]:
    return picture[box[1] : box[3], box[0] : box[2]]


def _closely(clean: Grey, ink: Mask, box: Box) -> Grey:
    """A box without the empty columns beside its ink."""
    left, top, right, bottom = box
    columns = np.flatnonzero(ink[top:bottom, left:right].any(axis=0))
    if not len(columns):
        return _crop(clean, box)
    return clean[top:bottom, max(0, left + int(columns[0]) - 1) : left + int(columns[-1]) + 2]


def _judged(text: str, scores: Sequence[float], box: Box, stroke: bool = False) -> Reading:
    """A reading with what is not legible taken out: a whole number where one of its characters is not."""
    score = float(np.mean(scores)) if text.strip() else 0.0
    if score < _READ:
        return Reading(ILLEGIBLE, score, f"score {score:.2f}: {text}", box, stroke)
    kept, position = "", 0
    for number in _NUMBER.finditer(text):
        least = min(scores[number.start() : number.end()])
        if least < _DIGIT:
            kept += text[position : number.start()] + ILLEGIBLE
            position, score = number.end(), min(score, least)
    kept += text[position:]
    return Reading(line(kept), score, f"score {score:.2f}: {text}" if score < _SURE else "", box, stroke)


@cache
def _engine(narrowest: int = _NARROWEST) -> Any:
    """The reader, which pads what is narrower; its models are named by file, so that it never looks elsewhere."""
    import rapidocr  # noqa: PLC0415  heavy: only a picture needs it

    models = Path(rapidocr.__file__).parent / "models"
    return rapidocr.RapidOCR(
        params={
            "Global.use_cls": False,
            "Global.return_word_box": True,
            "Global.max_side_len": 10_000,  # the picture has its size
            "Global.log_level": "critical",
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,  # a core a document
            "Det.model_path": str(next(models.glob("*_det_*.onnx"))),
            "Rec.model_path": str(next(models.glob("*_rec_*.onnx"))),
            "Rec.rec_batch_num": 1,  # lines of one batch are padded to the longest
            "Rec.rec_img_shape": [3, 48, narrowest],
        }
    )


def _colour(grey: Grey) -> Any:
    return np.repeat(grey[:, :, None], 3, axis=2)
