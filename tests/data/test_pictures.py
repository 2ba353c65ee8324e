"""Pictures in a ZIP file: classes from folders or from a table; bad archives and bad pictures get one sentence."""

from __future__ import annotations

import io
import re
import stat
import zipfile

import numpy as np
import pytest
from PIL import Image

from core.data import describe, kind, load, preview, read
from core.errors import DataError


def picture(color, size=(20, 10), mode="RGB", format="PNG", **options):
    file = io.BytesIO()
    Image.new(mode, size, color).save(file, format, **options)
    return file.getvalue()


def packed(*entries, method=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return file.getvalue()


def pets(*more, count=12):
    files = [(f"pets/{'cat' if i % 2 else 'dog'}/{i}.png", picture((i * 20, 0, 255))) for i in range(count)]
    return [*files, *more]


@pytest.fixture
def zipped(spec, tmp_path):
    def make(content, **fields):
        (tmp_path / "t.zip").write_bytes(content)
        return spec("images", path="t.zip", **{"width": 8, "height": 4, **fields})

    return make


def test_folders_are_classes(zipped, folders, project):
    data = zipped(packed(*pets(("__MACOSX/pets/._1.png", b"x"), ("pets/.DS_Store", b"x"), ("pets/note.txt", b"x"))))
    found = read(data, folders)
    assert found.features.shape == (12, 4, 8, 3)
    assert found.target.class_names == ("cat", "dog")
    names = sorted(name for name, _ in pets())
    assert found.features[:, 0, 0, 0].tolist() == [int(name.split("/")[-1][:-4]) * 20 for name in names]
    dataset = load(project(data, [4, 8, 3], 2, "SparseCategoricalCrossentropy"), folders)
    assert (dataset.train.x[0].min(), dataset.train.x[0].max()) == (0, 1)
    assert preview(data, folders).images[0]["label"] == "cat"
    assert kind((folders.files / "t.zip").read_bytes()) == "images"  # not taken for a workbook


def test_a_table_of_labels_goes_before_the_folders(zipped, folders):
    files = [(f"all/{i}.png", picture((i, 0, 0))) for i in range(6)]
    table = "file;label\n" + "".join(f"{i}.png;{i % 3}\n" for i in range(6))
    found = read(zipped(packed(*files, ("labels.csv", table)), color="grayscale"), folders)
    assert found.target.class_names == ("0", "1", "2")
    assert found.features.shape == (6, 4, 8, 1)
    assert found.notes == ()
    two = read(zipped(packed(*files, ("labels.csv", table), ("z/test.csv", "file\n"))), folders)
    assert two.notes == ("The labels come from 'labels.csv'; not read: 'z/test.csv'.",)
    with pytest.raises(DataError, match=r"row 7 of labels.csv names '9.png', which is not in the archive"):
        read(zipped(packed(*files, ("labels.csv", table + "9.png;1\n"))), folders)


def linked():
    link = zipfile.ZipInfo("cat/link.png")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    return packed(*pets(), (link, "/etc/passwd"))


def overlapping():
    content = bytearray(packed(("cat/a.png", b"x" * 500), ("dog/b.png", b"y" * 500), method=zipfile.ZIP_STORED))
    second = content.rindex(b"PK\x01\x02")
    content[second + 42 : second + 46] = (10).to_bytes(4, "little")
    return bytes(content)


def damaged():
    content = bytearray(packed(*pets(), method=zipfile.ZIP_STORED))
    at = content.index(b"IDAT")
    content[at : at + 20] = bytes(20)
    return bytes(content)


def bomb():
    """One file of 60 MB, packed into 60 kB."""
    return packed(*pets(("cat/bomb.png", bytes(60_000_000))))


def huge(side=20_000):
    """A picture of 400 million pixels in a few kilobytes."""
    return picture(0, (side, side), "1")


BAD_ARCHIVES = {
    "empty": (b"", "is empty"),
    "text": (b"a,y\n1,2\n", "is no ZIP file, or was cut off"),
    "cut off": (packed(*pets())[:-30], "is no ZIP file, or was cut off"),
    "no pictures": (packed(("a.txt", b"x")), "has no pictures"),
    "no folders": (packed(("a.png", picture(1)), ("b.png", picture(2))), "'a.png' is in no folder"),
    "one class": (packed(("cat/a.png", picture(1)), ("cat/b.png", picture(2))), "all pictures are of one class, 'cat'"),
    "above the folder": (packed(*pets(("../../evil.png", picture(1)))), "'../../evil.png' leads out of the archive"),
    "from the root": (packed(*pets(("/etc/evil.png", picture(1)))), "'/etc/evil.png' leads out of the archive"),
    "a drive": (packed(*pets(("C:/evil.png", picture(1)))), "'C:/evil.png' leads out of the archive"),
    "a link": (linked, "'cat/link.png' is a link"),
    "overlap": (overlapping, "files that overlap"),
    "bomb": (bomb, r"'cat/bomb.png' has 60 MB, more than 50"),
    "100,000 entries": (
        lambda: packed(*((f"cat/{i}.png", b"") for i in range(100_000)), method=zipfile.ZIP_STORED),
        "100,000 files; at most 50,000",
    ),
    "unknown packing": (lambda: packed(*pets(), method=zipfile.ZIP_LZMA), "packed in a way that is not read here"),
    "a label table of one column": (packed(*pets(("l.csv", "file\n0.png\n"))), "l.csv needs two columns"),
    "a broken label table": (packed(*pets(("l.csv", "file,label\n0.png\n"))), "l.csv: line 2 has 1 value"),
    "text named as pictures": (
        packed(*((f"{'ab'[i % 2]}/{i}.png", b"hello") for i in range(9))),
        "9 of 9 pictures cannot be read; the first is 'a/0.png', which is no picture of a known kind",
    ),
    "drawings in XML": (
        packed(*((f"{'ab'[i % 2]}/{i}.png", b"<svg/>") for i in range(9))),
        "no picture of a known kind",
    ),
}
BAD_PICTURES = {
    "truncated": (lambda: picture((9, 9, 9), (200, 200), format="JPEG")[:400], "left out: .* is damaged or cut off"),
    "huge": (
        huge,
        r"left out: .* 20,000 × 20,000 pixels, more than 50,000,000|left out: .* more than 50,000,000 pixels",
    ),
    "CMYK": (lambda: picture((1, 2, 3, 4), mode="CMYK", format="JPEG"), r"made for print \(CMYK\) and was turned"),
    "16 bits": (lambda: picture(40_000, mode="I;16"), "16 bits a pixel, of which the upper 8 were taken"),
    "animated": (
        lambda: picture((255, 0, 0), format="GIF", save_all=True, append_images=[Image.new("RGB", (20, 10), "blue")]),
        "several frames, of which the first was taken",
    ),
    "PostScript": (lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "left out: .* no picture of a known"),
    "no bytes": (lambda: b"", "left out: .* no picture of a known kind"),
}


@pytest.mark.parametrize("name", BAD_ARCHIVES)
def test_a_bad_archive_is_named_in_one_sentence(name, zipped, folders):
    content, sentence = BAD_ARCHIVES[name]
    data = zipped(content() if callable(content) else content)
    before = sorted(folders.files.rglob("*"))
    with pytest.raises(DataError, match=sentence) as caught:
        describe(data, folders)
    assert str(caught.value).endswith(".")
    assert sorted(folders.files.rglob("*")) == before  # nothing was unpacked


@pytest.mark.parametrize("name", BAD_PICTURES)
def test_a_bad_picture_among_good_ones_is_told(name, zipped, folders):
    make, sentence = BAD_PICTURES[name]
    facts = describe(zipped(packed(*pets(("pets/cat/bad.png", make()), count=20))), folders)
    assert any(re.search(sentence, note) and "bad.png" in note for note in facts.notes), facts.notes
    assert facts.rows == (20 if "left out" in sentence else 21)


def test_a_damaged_entry_is_named(zipped, folders):
    with pytest.raises(DataError, match=r"'pets/dog/0.png' is damaged"):
        describe(zipped(damaged()), folders)


def test_sixteen_bits_keep_their_brightness(zipped, folders):
    files = [(f"{'ab'[i % 2]}/{i}.png", picture(i * 4000, mode="I;16")) for i in range(12)]
    found = read(zipped(packed(*files), color="grayscale"), folders)
    assert sorted(set(found.features.ravel().tolist())) == [i * 4000 // 256 for i in range(12)]
    assert np.ptp(found.features) > 100  # not cut off at 255
