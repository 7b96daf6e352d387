"""Pictures of pages as grey arrays: image files opened within limits, PDF pages rendered, straightened, ink found."""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dutymine.readers.ruling import Mask
from dutymine.readers.signature import UnreadableError

Grey = NDArray[np.uint8]

DPI = 150
MOST_PIXELS = 80_000_000  # an A3 page at 600 dpi has 70 million
MOST_FRAMES = 100
_SHORT_SIDE = 1700  # pixels: an A4 page at 200 dpi; what is larger is made smaller
_LONG_SIDE = 4000
_LONGEST = 1.6  # of the width: what is longer (a screenshot of a whole page) is cut between lines
_SMALLEST = 12  # pixels: in less stands no line
_FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "GIF")
_DARK = 0.8  # of the paper's brightness: what is darker is ink
_SPECK = 5  # pixels
_STEEPEST = 3.0  # degrees
_LEAST_TURN = 0.1


def frames(data: bytes) -> Iterator[tuple[int, Grey]]:
    """Page numbers and pages of an image file; a long one comes in pieces.

    Raises UnreadableError where the file is damaged or too large, after the pages that can be had.
    """
    from PIL import Image, ImageOps  # noqa: PLC0415  only a picture needs it

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of broken metadata, which nothing is read from
        try:
            with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
                count = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1  # a GIF's frames are no pages
                for number in range(min(count, MOST_FRAMES)):
                    image.seek(number)
                    if image.width * image.height > MOST_PIXELS:
                        raise UnreadableError("image_too_large", f"{image.width} × {image.height} pixels")
                    for piece in _pieces(_grey(ImageOps.exif_transpose(image))):
                        yield number + 1, piece
        except Image.DecompressionBombError as error:
            raise UnreadableError("image_too_large", str(error)) from None
        except UnreadableError:
            raise
        except Exception as error:  # the library lets any error of a broken file through
            detail = f"the picture cannot be read: {type(error).__name__}: {error}"
            raise UnreadableError("damaged_file", detail) from None
    if count > MOST_FRAMES:
        raise UnreadableError("too_many_pages", f"{count} pages, of which the first {MOST_FRAMES} were read")


def rendered(book: Any, index: int) -> Grey:
    """A page of a pypdfium2 document at DPI, or at less where the page is a poster."""
    page = book[index]
    short, long = sorted(page.get_size())
    scale = min(DPI / 72, _SHORT_SIDE / max(short, 1.0), _LONG_SIDE / max(long, 1.0))
    bitmap = page.render(scale=scale, grayscale=True)
    picture = np.array(bitmap.to_numpy(), dtype=np.uint8).reshape(bitmap.height, bitmap.width)
    bitmap.close()
    page.close()
    return picture


def _grey(image: Any) -> Grey:
    """An image as grey on white, made smaller where it is larger than reading needs."""
    from PIL import Image  # noqa: PLC0415

    if "A" in image.getbands() or "transparency" in image.info:
        clear = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear)
    scale = min(1.0, _SHORT_SIDE / min(image.size), 2 * _SHORT_SIDE / image.width)
    return smaller(np.asarray(image.convert("L"), dtype=np.uint8), scale)


def smaller(grey: Grey, scale: float) -> Grey:
    """A picture at a scale of at most 1."""
    from PIL import Image  # noqa: PLC0415

    height, width = (max(1, round(side * scale)) for side in grey.shape)
    if scale >= 1.0:
        return grey
    return np.asarray(Image.fromarray(grey).resize((width, height), Image.Resampling.BILINEAR), dtype=np.uint8)


def _pieces(grey: Grey) -> Iterator[Grey]:
    """A picture cut between lines into pieces of at most _LONGEST times its width."""
    height, width = grey.shape
    if min(height, width) < _SMALLEST:
        return
    most = max(400, int(_LONGEST * width))
    top = 0
    while height - top > most:
        band = grey[top + most * 3 // 4 : top + most].astype(np.int16)
        cut = top + most * 3 // 4 + int(np.ptp(band, axis=1).argmin())
        yield grey[top:cut]
        top = cut
    yield grey[top:]


def ink_of(grey: Grey) -> Mask:
    """Where a picture is clearly darker than the paper around it."""
    from scipy import ndimage  # noqa: PLC0415

    paper = ndimage.uniform_filter(ndimage.maximum_filter(grey[::4, ::4], 25), 25)
    paper = paper.repeat(4, axis=0).repeat(4, axis=1)[: grey.shape[0], : grey.shape[1]]
    return np.asarray(grey < paper * _DARK, dtype=bool)


def without_specks(ink: Mask) -> Mask:
    """The ink without dirt and noise."""
    from scipy import ndimage  # noqa: PLC0415

    labels, _ = ndimage.label(ink, structure=np.ones((3, 3)))
    sizes = np.bincount(labels.ravel())
    return np.asarray(ink & (sizes >= _SPECK)[labels], dtype=bool)


def straightened(grey: Grey) -> Grey:
    """A picture turned by the few degrees by which the page lay askew on the scanner."""
    turn = _slope(ink_of(grey))
    if abs(turn) < _LEAST_TURN:
        return grey
    from PIL import Image  # noqa: PLC0415

    paper = int(np.median(grey))
    return np.asarray(Image.fromarray(grey).rotate(turn, Image.Resampling.BICUBIC, fillcolor=paper), dtype=np.uint8)


def _slope(ink: Mask) -> float:
    """The angle in degrees at which the ink falls into the clearest lines."""
    ys, xs = np.nonzero(ink[::2, ::2])
    if len(ys) < 100:
        return 0.0

    def clearness(angle: float) -> float:
        rows = (ys - xs * math.tan(math.radians(angle))).astype(np.int64)
        return float((np.bincount(rows - rows.min()).astype(np.float64) ** 2).sum())

    rough = max(np.arange(-_STEEPEST, _STEEPEST + 0.1, 0.25), key=clearness)
    best = float(max(np.arange(rough - 0.2, rough + 0.21, 0.05), key=clearness))
    return best if clearness(best) > 1.02 * clearness(0.0) else 0.0
