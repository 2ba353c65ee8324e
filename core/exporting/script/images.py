"""Writes how pictures in a ZIP file are read: by Pillow, in the order of their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.data import uploads
from core.errors import ExportError
from core.exporting.script.writing import assign, flat, strings, text
from core.spec import ImagesData

if TYPE_CHECKING:
    from core.data.facts import DataFacts

_IMPORTS = (
    "import numpy as np",
    "import zipfile",
    "from PIL import Image",
    "from PIL import ImageOps",
    "from pathlib import PurePosixPath",
)
_PICTURE = """

def picture(file):
    with Image.open(file) as found:
        plain = ImageOps.exif_transpose(found).convert("{mode}")
    return np.asarray(plain.resize(({width}, {height}), Image.Resampling.BILINEAR))

"""
_FOLDERS = """suffixes = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".tif", ".tiff")
labels = {}
for name in sorted(archive.namelist()):
    parts = PurePosixPath(name).parts
    hidden = any(part.startswith((".", "__MACOSX")) for part in parts)
    if name.lower().endswith(suffixes) and not hidden:
        labels[name] = parts[-2]"""
_TABLE = """table = pd.read_csv(archive.open({table}), sep=None, engine="python", dtype="str")
places = {{PurePosixPath(name).name: name for name in sorted(archive.namelist())}}
labels = {{}}
for file, label in table.iloc[:, :2].dropna().itertuples(index=False):
    labels[file if file in places.values() else places[PurePosixPath(file).name]] = label.strip()
labels = dict(sorted(labels.items()))"""


def lines(data: ImagesData, facts: DataFacts) -> tuple[list[str], tuple[str, ...]]:
    """The source lines that leave `x` and `y`, and what they import.

    Raises:
        ExportError: if there are pictures of 16 bits, which Pillow does not turn into 8 by itself.
    """
    if facts.reading.get("sixteen_bits"):
        raise ExportError(
            "Pictures with 16 bits a pixel are read here in a way that a plain script has no short words for. "
            "Save them with 8 bits a pixel, and export again."
        )
    table = facts.reading.get("labels")
    left_out = list(facts.reading.get("left_out", ()))
    path = "pictures.zip" if data.path.startswith(uploads.PREFIX) else data.path
    found = [
        _PICTURE.format(mode="L" if data.color == "grayscale" else "RGB", width=data.width, height=data.height),
        assign("archive", f"zipfile.ZipFile({text(path)})"),
        _TABLE.format(table=text(table)) if table else _FOLDERS,
    ]
    if left_out:
        found.append(f"for name in {flat(strings(left_out))}:")
        found.append("    del labels[name]")
    found += [
        "x = np.stack([picture(archive.open(name)) for name in labels])",
        *(["x = x[..., None]"] if data.color == "grayscale" else []),
        "y = np.unique(list(labels.values()), return_inverse=True)[1]",
    ]
    return found, (*_IMPORTS, *(("import pandas as pd",) if table else ()))
