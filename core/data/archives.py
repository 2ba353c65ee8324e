"""Reads the files of the downloaded sets; their hashes were checked before, so their pickles are Keras's own."""

from __future__ import annotations

import gzip
import pickle
import tarfile
from collections.abc import Callable, Sequence

import numpy as np

from core.data.facts import Array

Rows = tuple[Array, Array]
WORDS = 200
VOCABULARY = 10_000
_START, _UNKNOWN, _FIRST_WORD = 1, 2, 3


def _mnist(paths: Sequence[str]) -> Rows:
    with np.load(paths[0], allow_pickle=False) as file:
        features = np.concatenate([file["x_train"], file["x_test"]])
        return features[..., None], np.concatenate([file["y_train"], file["y_test"]])


def _fashion_mnist(paths: Sequence[str]) -> Rows:
    train, train_labels, test, test_labels = (_unzipped(path) for path in paths)
    images = np.concatenate([train[16:], test[16:]]).reshape(-1, 28, 28, 1)
    return images, np.concatenate([train_labels[8:], test_labels[8:]])


def _unzipped(path: str) -> Array:
    with gzip.open(path, "rb") as file:
        return np.frombuffer(file.read(), np.uint8)


def _cifar10(paths: Sequence[str]) -> Rows:
    names = [*(f"data_batch_{index}" for index in range(1, 6)), "test_batch"]
    return _cifar(paths[0], [f"cifar-10-batches-py/{name}" for name in names], b"labels")


def _cifar100(paths: Sequence[str]) -> Rows:
    return _cifar(paths[0], ["cifar-100-python/train", "cifar-100-python/test"], b"fine_labels")


def _cifar(path: str, members: Sequence[str], key: bytes) -> Rows:
    with tarfile.open(path) as archive:
        files = [archive.extractfile(name) for name in members]
        batches = [pickle.load(file, encoding="bytes") for file in files if file is not None]
    images = np.concatenate([batch[b"data"] for batch in batches]).reshape(-1, 3, 32, 32)
    return images.transpose(0, 2, 3, 1), np.concatenate([batch[key] for batch in batches])


def _imdb(paths: Sequence[str]) -> Rows:
    with np.load(paths[0], allow_pickle=True) as file:
        words = [*file["x_train"], *file["x_test"]]
        return padded(words), np.concatenate([file["y_train"], file["y_test"]])


def _reuters(paths: Sequence[str]) -> Rows:
    with np.load(paths[0], allow_pickle=True) as file:
        return padded(list(file["x"])), np.asarray(file["y"])


def padded(texts: Sequence[Sequence[int]]) -> Array:
    """The last 200 words of each text, zeros before short ones; rare words are 2, as `load_data` of Keras has it."""
    result = np.zeros((len(texts), WORDS), np.int32)
    for row, text in enumerate(texts):
        numbers = np.concatenate([[_START], np.asarray(text, np.int64) + _FIRST_WORD])[-WORDS:]
        result[row, WORDS - len(numbers) :] = np.where(numbers < VOCABULARY, numbers, _UNKNOWN)
    return result


def _california_housing(paths: Sequence[str]) -> Rows:
    with np.load(paths[0], allow_pickle=False) as file:
        return file["x"].astype(np.float64), file["y"]


READERS: dict[str, Callable[[Sequence[str]], Rows]] = {
    "mnist": _mnist,
    "fashion_mnist": _fashion_mnist,
    "cifar10": _cifar10,
    "cifar100": _cifar100,
    "imdb": _imdb,
    "reuters": _reuters,
    "california_housing": _california_housing,
}
