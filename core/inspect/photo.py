"""A picture that a user uploaded, made into a row of the size that the model takes. Runs in the kernel, jailed."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import numpy as np

from core.data.facts import Array
from core.data.pictures.decoding import FORMATS, MOST_PIXELS, decoded
from core.errors import DataError


def pixels(content: bytes, shape: Sequence[int], *, whole: bool) -> list[Any]:
    """The picture at the size of the model's images, values from 0 to 1.

    Args:
        content: a file of one of `FORMATS`; of an animation the first frame counts.
        shape: height, width, and 1 (grey) or 3 (colours).
        whole: treat it as a user's own pictures are treated for training, which keeps all of it and changes its
            proportions. Otherwise only its middle is kept, with its proportions, on white paper.

    Raises:
        DataError: if it is no such file, is cut off, or is too large.
    """
    height, width, channels = shape
    if not whole:
        return _listed(_middle(content, shape))
    try:
        return _listed(decoded(content, (width, height), "grayscale" if channels == 1 else "rgb").pixels)
    except ValueError as error:
        raise DataError(f"The picture {error}. Send another one.") from error


def _listed(found: Array) -> list[Any]:
    return (found / 255).round(4).tolist()  # type: ignore[no-any-return]


def _middle(content: bytes, shape: Sequence[int]) -> Array:
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            width, height = image.size
            if width * height > MOST_PIXELS:
                raise DataError(f"The picture has {width:,} × {height:,} pixels. Send one of {MOST_PIXELS:,} at most.")
            image.draft("RGB", (shape[1] * 4, shape[0] * 4))
            upright = ImageOps.exif_transpose(image)
            turned = (_eight_bits(upright) if upright.mode.startswith("I;16") else upright).convert("RGBA")
    except UnidentifiedImageError:
        raise DataError(f"This file is no picture that can be read. Send one of: {', '.join(FORMATS)}.") from None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise DataError(f"The picture cannot be read: {error}. It may be cut off; send it again.") from error
    flat = Image.alpha_composite(Image.new("RGBA", turned.size, "white"), turned)
    small = ImageOps.fit(flat.convert("L" if shape[2] == 1 else "RGB"), (shape[1], shape[0]))
    return np.asarray(small).reshape(tuple(shape))


def _eight_bits(image: Any) -> Any:
    """Pillow would cut the values of 16 bits off at 255."""
    from PIL import Image

    return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
