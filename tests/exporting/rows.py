"""A small network on rows of any source, and whether the script that is exported has the rows of the page."""

from __future__ import annotations

import numpy as np

from core import data, document, gallery
from core.exporting import python

TWO = {"shape": [2], "units": 1, "loss": "MeanSquaredError"}
CLASSES = "SparseCategoricalCrossentropy"


def project(source, form):
    whole = document.to_dict(gallery.load())
    whole["data"] = source
    nodes = whole["model"]["nodes"]
    nodes[0]["params"] = {"shape": form["shape"]}
    nodes[2]["params"] = {"units": form["units"]}
    whole["compile"] |= {"loss": {"name": form["loss"], "params": {}}, "metrics": []}
    return document.from_dict(whole)


def compare(wanted, folders):
    parts = python.sections(wanted, data.describe(wanted.data, folders))
    light = [line for line in parts.imports.splitlines() if "tensorflow" not in line and "keras" not in line]
    found = {}
    exec("\n".join([*light, parts.data]), found)  # the script's own text: what a user would run
    dataset = data.load(wanted, folders)
    for name in ("train", "validation", "test"):
        part = dataset.part(name)
        assert (part is None) == (f"x_{name}" not in found)
        if part is None:
            continue
        given = found[f"x_{name}"] if len(part.x) > 1 else (found[f"x_{name}"],)
        for own, page in zip(given, part.x, strict=True):
            np.testing.assert_allclose(own, page, rtol=1e-5, atol=1e-6)
            assert own.dtype == page.dtype
        np.testing.assert_allclose(found[f"y_{name}"], part.y[0], rtol=1e-6)
        assert (part.weights is None) == (f"w_{name}" not in found)
        if part.weights is not None:
            np.testing.assert_allclose(found[f"w_{name}"], part.weights, rtol=1e-5)
        assert found[f"y_{name}"].shape == part.y[0].shape
