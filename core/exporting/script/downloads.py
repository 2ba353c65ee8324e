"""Writes how a downloaded set is read: Keras's training rows, then its test rows, in the file's own order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.spec import DownloadedData

if TYPE_CHECKING:
    from core.data.facts import DataFacts

_FOLDER = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
_NUMPY = ("import numpy as np",)

_BOTH = """(x, y), (x_more, y_more) = keras.datasets.{source}.load_data()
x, y = np.concatenate([x, x_more]), np.concatenate([y, y_more]).ravel()"""
_WORDS = """texts = [[1, *(number + 3 for number in text)] for text in texts]
texts = [[number if number < 10000 else 2 for number in text] for text in texts]
x = keras.utils.pad_sequences(texts, maxlen=200)"""
_FILE = 'path = keras.utils.get_file("{source}.npz", "' + _FOLDER + '{source}.npz")\n'
_READS = {
    "imdb": _FILE
    + """with np.load(path, allow_pickle=True) as file:
    texts = [*file["x_train"], *file["x_test"]]
    y = np.concatenate([file["y_train"], file["y_test"]])
"""
    + _WORDS,
    "reuters": _FILE
    + """with np.load(path, allow_pickle=True) as file:
    texts, y = list(file["x"]), file["y"]
"""
    + _WORDS,
    "california_housing": _FILE
    + """with np.load(path) as file:
    x, y = file["x"], file["y"]""",
}


def lines(data: DownloadedData, facts: DataFacts) -> tuple[list[str], tuple[str, ...]]:
    """The source lines, and what they import."""
    found = [_READS.get(data.source, _BOTH).format(source=data.source)]
    if facts.kind == "image" and facts.feature_shape[-1] == 1:
        found.append("x = x[..., None]")
    if data.rows is not None:
        found += [
            f"chosen = np.random.default_rng({data.seed}).permutation(len(x))[:{data.rows}]",
            "x, y = x[chosen], y[chosen]",
        ]
    return found, _NUMPY
