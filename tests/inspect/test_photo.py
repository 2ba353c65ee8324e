"""An uploaded picture becomes a row of the model's size; what is none is refused with a sentence."""

from __future__ import annotations

import io
import zipfile
from functools import partial

import numpy as np
import pytest
from PIL import Image

from core.data import Folders, read
from core.errors import DataError
from core.inspect import photo
from core.spec import ImagesData

pixels = partial(photo.pixels, whole=False)


def file(image, kind="PNG"):
    content = io.BytesIO()
    image.save(content, kind)
    return content.getvalue()


def test_the_middle_is_kept_and_made_small():
    wide = Image.new("L", (60, 20), 0)
    wide.paste(255, (25, 0, 35, 20))  # a white bar in the middle
    found = np.array(pixels(file(wide), [8, 8, 1]))
    assert found.shape == (8, 8, 1)
    assert found[:, 3:5].min() > 0.9
    assert found[:, :1].max() < 0.1


@pytest.mark.parametrize(
    ("mode", "kind"), [("CMYK", "JPEG"), ("I;16", "PNG"), ("P", "GIF"), ("LA", "PNG"), ("1", "BMP")]
)
def test_every_kind_of_picture_becomes_colours(mode, kind):
    found = np.array(pixels(file(Image.new(mode, (9, 5)), kind), [4, 6, 3]))
    assert found.shape == (4, 6, 3)
    assert 0 <= found.min() <= found.max() <= 1


def test_what_is_transparent_is_paper():
    clear = Image.new("RGBA", (8, 8), (0, 0, 0, 0))
    assert np.array(pixels(file(clear), [4, 4, 1])).min() == 1


def test_what_is_no_picture_is_refused():
    whole = file(Image.effect_noise((64, 64), 90))
    with pytest.raises(DataError, match="cut off; send it again"):
        pixels(whole[: len(whole) // 2], [8, 8, 1])
    for content in (b"", b"<svg/>", b"\0" * 100, b"%PDF-1.7"):
        with pytest.raises(DataError, match=r"no picture that can be read. Send one of: PNG"):
            pixels(content, [8, 8, 1])
    with pytest.raises(DataError, match=r"9,000 × 9,000 pixels"):
        pixels(file(Image.new("1", (9000, 9000))), [8, 8, 1])


def test_sixteen_bits_keep_their_grey():
    half = Image.fromarray(np.full((8, 8), 1 << 15, np.uint16))
    assert np.allclose(pixels(file(half), [4, 4, 1]), 0.5, atol=0.01)


@pytest.mark.parametrize("size", [(40, 30), (30, 40), (31, 7), (64, 64)])
@pytest.mark.parametrize(("kind", "color"), [("PNG", "rgb"), ("JPEG", "grayscale")])
def test_a_picture_of_a_users_own_kind_is_treated_as_those_of_the_training(size, kind, color, tmp_path):
    noise = np.random.default_rng(0).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    content = file(Image.fromarray(noise), kind)
    with zipfile.ZipFile(tmp_path / "t.zip", "w") as archive:
        archive.writestr("a/it", content)
        for name in ("a/it", "b/it"):
            archive.writestr(f"{name}.{kind}", content)
    data = ImagesData(source="images", path="t.zip", width=12, height=8, color=color)
    trained = read(data, Folders(tmp_path, tmp_path, tmp_path)).features[0]
    found = np.array(photo.pixels(content, trained.shape, whole=True))
    assert np.array_equal((found * 255).round(), trained)
    cut = np.array(photo.pixels(content, trained.shape, whole=False))
    assert not np.allclose(cut, found, atol=0.05), "the test would not see a picture that was cut"
