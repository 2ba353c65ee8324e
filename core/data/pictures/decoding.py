"""One picture as an array of bytes: known formats only, its size looked at before its pixels are unpacked."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.data.facts import Array

FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF")
MOST_PIXELS = 50_000_000
MOST_PHOTO_BYTES = 10_000_000
"""Of a single picture that a trained model is to look at."""

_SIXTEEN_BITS = ("I;16", "I;16L", "I;16B", "I;16N", "I")


@dataclass(frozen=True)
class Picture:
    """The pixels, uint8 of shape (height, width, channels), and what had to be done to get them."""

    pixels: Array
    note: str = ""


def decoded(content: bytes, size: tuple[int, int], color: str) -> Picture:
    """Read, turn as the camera was held, and resize a picture.

    Args:
        content: the file.
        size: width and height, in pixels.
        color: "rgb" or "grayscale".

    Raises:
        ValueError: if it is no picture that can be read; the text says why, as the end of a sentence.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of large pictures, which are refused below
            with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
                width, height = picture.size
                if width * height > MOST_PIXELS:
                    raise ValueError(f"has {width:,} × {height:,} pixels, more than {MOST_PIXELS:,}")
                note = _note(picture)
                picture.seek(0)
                upright = ImageOps.exif_transpose(_eight_bits(picture))
                plain = upright.convert("L" if color == "grayscale" else "RGB")
                pixels = np.asarray(plain.resize(size, Image.Resampling.BILINEAR))
    except UnidentifiedImageError:
        raise ValueError("is no picture of a known kind (PNG, JPEG, GIF, BMP, WebP or TIFF)") from None
    except Image.DecompressionBombError:
        raise ValueError(f"has more than {MOST_PIXELS:,} pixels") from None
    except (OSError, SyntaxError, EOFError, IndexError, TypeError, KeyError, ArithmeticError) as error:
        raise ValueError(f"is damaged or cut off ({str(error)[:80]})") from error
    return Picture(pixels if pixels.ndim == 3 else pixels[..., None], note)


def _note(picture: Any) -> str:
    if getattr(picture, "n_frames", 1) > 1:
        return "has several frames, of which the first was taken"
    if picture.mode == "CMYK":
        return "was made for print (CMYK) and was turned into RGB"
    if picture.mode in _SIXTEEN_BITS:
        return "has 16 bits a pixel, of which the upper 8 were taken"
    return ""


def _eight_bits(picture: Any) -> Any:
    """Pillow would cut brighter pixels off at 255."""
    from PIL import Image

    if picture.mode not in _SIXTEEN_BITS:
        return picture
    return Image.fromarray((np.asarray(picture).clip(0, 65535) // 256).astype(np.uint8))
