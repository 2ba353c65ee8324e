"""The data section of a script gives the very rows of `core.data`, for every source and every way to prepare them."""

from __future__ import annotations

import io
import zipfile

import numpy as np
import pytest
from PIL import Image

from core import document, gallery
from tests.exporting.rows import CLASSES, TWO, compare, project

POINTS = ("gaussians", "circle", "xor", "spiral", "plane", "hills")
CASES = {
    **{name: ({"source": name, "rows": 101, "noise": 0.3, "seed": 4}, TWO) for name in POINTS},
    "points, standard": ({"source": "spiral", "scaling": "standard"}, TWO),
    "digits": ({"source": "digits", "test_fraction": 0.1}, {"shape": [64], "units": 10, "loss": CLASSES}),
    "digits as pictures": ({"source": "digits"}, {"shape": [8, 8, 1], "units": 10, "loss": CLASSES}),
    "digits, standard": ({"source": "digits", "scaling": "standard"}, {"shape": [64], "units": 10, "loss": CLASSES}),
    "digits, 0 to 1": ({"source": "digits", "scaling": "min_max"}, {"shape": [8, 8], "units": 10, "loss": CLASSES}),
    "digits as they are": ({"source": "digits", "scaling": "none"}, {"shape": [64], "units": 10, "loss": CLASSES}),
    "iris": ({"source": "iris"}, {"shape": [4], "units": 3, "loss": CLASSES}),
    "wine, two parts": ({"source": "wine", "test_fraction": 0.2}, {"shape": [13], "units": 3, "loss": CLASSES}),
    "cancer, no part": (
        {"source": "breast_cancer", "validation_fraction": 0.0},
        {"shape": [30], "units": 1, "loss": "BinaryCrossentropy"},
    ),
    "diabetes, 0 to 1": (
        {"source": "diabetes", "scaling": "min_max"},
        {"shape": [10], "units": 1, "loss": "MeanSquaredError"},
    ),
    "random": ({"source": "random", "shape": [5], "target": "real", "rows": 50}, {**TWO, "shape": [5]}),
    "random classes": (
        {"source": "random", "shape": [4, 3], "target": "integer", "classes": 3, "rows": 60, "seed": 9},
        {"shape": [12], "units": 3, "loss": CLASSES},
    ),
    "random, standard": (
        {"source": "random", "shape": [4, 3], "target": "integer", "classes": 3, "rows": 60, "scaling": "standard"},
        {"shape": [4, 3], "units": 3, "loss": CLASSES},
    ),
    "waves": ({"source": "waves", "rows": 40, "length": 16}, {"shape": [16, 1], "units": 4, "loss": CLASSES}),
    "forecast": ({"source": "waves", "task": "forecast", "rows": 40, "length": 16}, {**TWO, "shape": [16, 1]}),
    "sines": (
        {"source": "sine_mixture", "rows": 40, "length": 16, "stride": 5, "horizon": 2},
        {**TWO, "shape": [16, 1]},
    ),
    "moving average": ({"source": "moving_average", "rows": 40, "length": 16, "seed": 3}, {**TWO, "shape": [16, 1]}),
    "made classes": (
        {"source": "made_classification", "rows": 60, "features": 5, "scaling": "standard"},
        {"shape": [5], "units": 3, "loss": CLASSES},
    ),
    "made numbers": (
        {"source": "made_regression", "rows": 60, "features": 5, "difficulty": 0.7},
        {**TWO, "shape": [5]},
    ),
    "shapes": ({"source": "shapes", "rows": 40, "size": 12}, {"shape": [12, 12, 1], "units": 4, "loss": CLASSES}),
    "noisy digits": ({"source": "noisy_digits", "seed": 5}, {"shape": [64], "units": 10, "loss": CLASSES}),
    "sentences": ({"source": "sentences", "rows": 200, "length": 12}, {"shape": [12], "units": 28, "loss": CLASSES}),
    "houses": ({"source": "csv", "path": "houses.csv", "target": "price_100k"}, {**TWO, "shape": [9]}),
    "houses, to classify": (
        {"source": "csv", "path": "houses.csv", "target": "heating", "test_fraction": 0.1, "scaling": "min_max"},
        {"shape": [7], "units": 3, "loss": CLASSES},
    ),
    "houses, some columns": (
        {"source": "csv", "path": "houses.csv", "target": "price_100k", "features": ["garden", "rooms"]},
        {**TWO, "shape": [3]},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_rows_of_the_script_are_those_of_the_page(case, folders):
    compare(project(*CASES[case]), folders)


@pytest.mark.parametrize("labels", [False, True])
@pytest.mark.parametrize("color", ["rgb", "grayscale"])
def test_pictures_are_read_as_the_page_reads_them(color, labels, folders, tmp_path):
    random = np.random.default_rng(0)
    with zipfile.ZipFile(tmp_path / "t.zip", "w") as archive:
        for i in range(20):
            content = io.BytesIO()
            pixels = random.integers(0, 256, (9, 12, 3), dtype="uint8")
            Image.fromarray(pixels).save(content, "PNG")
            archive.writestr(f"{'cat' if i % 3 else 'dog'}/{i}.png", content.getvalue())
        archive.writestr("__MACOSX/cat/._1.png", b"x")
        archive.writestr("cat/broken.png", content.getvalue()[:60])
        if labels:
            archive.writestr("labels.csv", "file,label\n" + "".join(f"{i}.png,{i % 4}\n" for i in range(20)))
    source = {"source": "images", "path": str(tmp_path / "t.zip"), "width": 6, "height": 5, "color": color}
    channels = 1 if color == "grayscale" else 3
    compare(project(source, {"shape": [5, 6, channels], "units": 4 if labels else 2, "loss": CLASSES}), folders)


def test_columns_of_a_bundled_set_have_choices_of_their_own(folders):
    source = {"source": "iris", "columns": {"petal width (cm)": {"scaling": "none"}}}
    compare(project(source, {"shape": [4], "units": 3, "loss": CLASSES}), folders)
    compare(project({"source": "wine", "scaling": "robust"}, {"shape": [13], "units": 3, "loss": CLASSES}), folders)
    compare(project({"source": "digits", "scaling": "robust"}, {"shape": [64], "units": 10, "loss": CLASSES}), folders)


def test_two_inputs_get_their_columns(folders):
    whole = document.to_dict(gallery.load("houses"))
    whole["data"] |= {"inputs": {"size": ["rooms", "area_m2"], "place": ["heating", "center_km"]}}
    whole["model"] = {
        "nodes": [
            {"id": "size", "layer": "Input", "params": {"shape": [2]}},
            {"id": "place", "layer": "Input", "params": {"shape": [4]}},
            {"id": "both", "layer": "Concatenate", "inputs": ["size", "place"]},
            {"id": "dense_1", "layer": "Dense", "params": {"units": 1}, "inputs": ["both"]},
        ],
        "outputs": ["dense_1"],
    }
    compare(document.from_dict(whole), folders)
