"""A picture that a user uploaded, made into a row of the size that the model takes. Runs in the kernel, jailed."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import numpy as np

from core.errors import DataError

FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP")
MOST_PIXELS = 40_000_000


def pixels(content: bytes, shape: Sequence[int], *, inverted: bool = False) -> list[Any]:
    """The middle of the picture at the size of the model's images, values from 0 to 1.

    Args:
        content: a PNG, JPEG, BMP, GIF or WEBP file; of an animation the first frame counts.
        shape: height, width, and 1 (grey) or 3 (colours).
        inverted: dark becomes light: for digits on paper, where the model has learned white on black.

    Raises:
        DataError: if it is no such file, is cut off, or is too large.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            width, height = image.size
            if width * height > MOST_PIXELS:
                raise DataError(
                    f"The picture has {width:,} × {height:,} pixels. Upload one with fewer than 40 million."
                )
            image.draft("RGB", (shape[1] * 4, shape[0] * 4))
            upright = ImageOps.exif_transpose(image)
            turned = (_eight_bits(upright) if upright.mode.startswith("I;16") else upright).convert("RGBA")
    except UnidentifiedImageError:
        raise DataError(f"This file is no picture that can be read. Upload one of: {', '.join(FORMATS)}.") from None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise DataError(f"The picture cannot be read: {error}. It may be cut off; upload it again.") from error
    flat = Image.alpha_composite(Image.new("RGBA", turned.size, "white"), turned)
    small = ImageOps.fit(flat.convert("L" if shape[2] == 1 else "RGB"), (shape[1], shape[0]))
    values = np.asarray(small, np.float64).reshape(tuple(shape)) / 255
    return (1 - values if inverted else values).round(4).tolist()  # type: ignore[no-any-return]


def _eight_bits(image: Any) -> Any:
    """Pillow would cut the values of 16 bits off at 255."""
    from PIL import Image

    return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
