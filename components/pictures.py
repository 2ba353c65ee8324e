"""Small images as the page shows them: enlarged without blur."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

SIDE = 128


def enlarged(pixels: Sequence[Any] | NDArray[np.float32]) -> NDArray[np.float32]:
    """Each pixel as a square, so that the longer side has about 128 pixels.

    Args:
        pixels: values from 0 to 1, shape (height, width), or (height, width, channels).
    """
    image = np.clip(np.asarray(pixels, dtype=np.float32), 0.0, 1.0)
    image = image.squeeze(-1) if image.ndim == 3 and image.shape[-1] == 1 else image
    times = max(1, SIDE // max(image.shape[:2]))
    return image.repeat(times, axis=0).repeat(times, axis=1)


def stretched(values: Sequence[Any]) -> NDArray[np.float32]:
    """Numbers from 0 on so that the largest is white."""
    image = np.asarray(values, dtype=np.float32)
    return image / max(float(image.max()), 1e-9)
