"""Weights out of a `.keras` file: the same numbers as Keras's own loader gives, or a refusal."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import h5py
import numpy as np
import pytest

from core import importing
from core.errors import ImportRefused
from core.importing import Limits
from tests.importing.written import packed

pytestmark = pytest.mark.keras
DENSE = "layers/dense/vars/0"


@pytest.fixture(scope="module")
def keras():
    import keras

    return keras


@pytest.fixture(scope="module")
def write():
    from core.importing import weights

    return weights.write


def randomised(model):
    """Other numbers than those that a fresh model of the same seed would have."""
    random = np.random.default_rng(1)
    for variable in model.variables:
        if "float" in str(variable.dtype):
            variable.assign(np.abs(random.normal(0.5, 0.1, variable.shape)))
    return model


def saved(model, tmp_path):
    model.save(tmp_path / "theirs.keras")
    return (tmp_path / "theirs.keras").read_bytes()


def imported(content, write, tmp_path):
    """Our model with the weights of the file."""
    from core import build

    found = importing.find(content)
    write(content, found, Limits(), tmp_path / "last.weights.h5")
    model = build.model(found.project)
    model.load_weights(tmp_path / "last.weights.h5")
    return model


def branched(keras):
    """Models inside, shared layers, operations, several inputs and outputs."""
    layers = keras.layers
    inner = keras.Sequential([keras.Input((8,)), layers.Dense(8), layers.BatchNormalization(), layers.Dropout(0.2)])
    a, b = keras.Input((8,)), keras.Input((8,))
    shared = layers.Dense(8, activation="relu")
    both = layers.Concatenate()([shared(inner(a)), shared(inner(b)) * 0.5 + 1.0])
    return keras.Model([a, b], [layers.Dense(2, activation="softmax")(both), layers.Dense(1)(both)])


def recurrent(keras):
    """Wrappers, attention, states and masks."""
    layers = keras.layers
    x = keras.Input((6,), dtype="int32")
    y = layers.Embedding(10, 4, mask_zero=True)(x)
    y = layers.LSTM(4, return_sequences=True)(y)
    z = keras.Input((6, 4))
    w = layers.Bidirectional(layers.GRU(3, return_sequences=True))(z)
    w = layers.MultiHeadAttention(2, 4)(w, w)
    h, state, _ = layers.LSTM(4, return_state=True)(w)
    return keras.Model([x, z], [layers.LayerNormalization()(layers.Concatenate()([h, state])), layers.LSTM(2)(y)])


@pytest.mark.parametrize("made", [branched, recurrent])
def test_the_predictions_are_those_of_keras_own_loader(made, keras, write, tmp_path):
    content = saved(randomised(made(keras)), tmp_path)
    theirs, ours = keras.models.load_model(tmp_path / "theirs.keras"), imported(content, write, tmp_path)
    random = np.random.default_rng(0)
    rows = [
        random.integers(0, 10, (5, *one.shape[1:])) if "int" in one.dtype else random.normal(size=(5, *one.shape[1:]))
        for one in theirs.inputs
    ]
    assert ours.count_params() == theirs.count_params()
    for one, other in zip(theirs.predict(rows, verbose=0), ours.predict(rows, verbose=0), strict=True):
        assert np.ptp(one) > 0
        np.testing.assert_allclose(other, one, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize(("name", "size"), [("MobileNet", 32), ("MobileNetV2", 32), ("EfficientNetB0", 32)])
def test_architectures_of_keras_applications_come_in_and_go_out_again(name, size, keras, write, tmp_path):
    from core.exporting import keras_file

    theirs = randomised(getattr(keras.applications, name)(weights=None, input_shape=(size, size, 3), classes=10))
    content = saved(theirs, tmp_path)
    ours = imported(content, write, tmp_path)
    rows = np.random.default_rng(0).normal(size=(2, size, size, 3))
    expected = theirs.predict(rows, verbose=0)
    assert ours.count_params() == theirs.count_params()
    np.testing.assert_allclose(ours.predict(rows, verbose=0), expected, rtol=1e-5, atol=1e-6)

    (tmp_path / "out.keras").write_bytes(keras_file.network(importing.read(content), None))
    again = keras.models.load_model(tmp_path / "out.keras")
    again.load_weights(tmp_path / "last.weights.h5")
    np.testing.assert_allclose(again.predict(rows, verbose=0), expected, rtol=1e-5, atol=1e-6)


@pytest.fixture(scope="module")
def small(keras, tmp_path_factory):
    """The content of a small model's file."""
    folder = tmp_path_factory.mktemp("small")
    return saved(keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)]), folder)


def tampered(content, change):
    """The file with other weights: `change` gets the open HDF5 file."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        config, buffer = archive.read("config.json").decode(), io.BytesIO(archive.read("model.weights.h5"))
    with h5py.File(buffer, "r+") as file:
        change(file)
    return packed(config, buffer.getvalue())


def exchanged(make):
    """A change that puts something else in the place of the kernel."""

    def change(file):
        del file[DENSE]
        make(file)

    return change


def external(file):
    file.create_dataset(DENSE, (4, 3), "float32", external=[("/etc/passwd", 0, 48)])


def virtual(file):
    layout = h5py.VirtualLayout((4, 3), "float32")
    layout[:] = h5py.VirtualSource("/etc/passwd", "x", (4, 3))
    file.create_virtual_dataset(DENSE, layout)


def soft(file):
    file[DENSE] = h5py.SoftLink("/layers/dense/vars/1")


def linked(file):
    file[DENSE] = h5py.ExternalLink("/etc/passwd", "/x")


def shape_bomb(file):
    file.create_dataset(DENSE, (200_000, 200_000), "float32", chunks=(1000, 1000), compression="gzip", fillvalue=1.0)


def chunk_bomb(file):
    file.create_dataset(DENSE, (4, 3), "float32", maxshape=(None, None), chunks=(20_000, 20_000), compression="gzip")


def words(file):
    file.create_dataset(DENSE, data=np.full((4, 3), "x", dtype=object), dtype=h5py.string_dtype())


def folder(file):
    file.create_group(DENSE)


def one_more(file):
    file.create_dataset(DENSE, data=np.zeros((4, 3), "float32"))
    file.create_dataset(f"{DENSE[:-1]}7", (1,))


def infinite(file):
    file.create_dataset(DENSE, data=np.full((4, 3), np.inf, "float32"))


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (external, "lie in another place"),
        (virtual, "lie in another place"),
        (soft, "a link to somewhere else"),
        (linked, "a link to somewhere else"),
        (shape_bomb, r"needed an array of shape \[4, 3\], got \[200000, 200000\]"),
        (chunk_bomb, "packed in a way that Keras does not use"),
        (words, "needed an array of numbers"),
        (folder, "needed an array, got a group"),
        (infinite, "no finite numbers"),
        (lambda file: None, "it is not in the file"),
        (one_more, "needed 2 arrays, got 3"),
    ],
)
def test_weights_made_to_harm_are_refused(make, sentence, small, write, tmp_path, keras):
    content = tampered(small, exchanged(make))
    before = (keras.config.floatx(), keras.config.dtype_policy().name, keras.config.image_data_format())
    with pytest.raises(ImportRefused, match=sentence):
        write(content, importing.find(content), Limits(), tmp_path / "last.weights.h5")
    assert not (tmp_path / "last.weights.h5").exists()
    assert (keras.config.floatx(), keras.config.dtype_policy().name, keras.config.image_data_format()) == before


def test_weights_that_are_no_hdf5_file_are_refused(small, write, tmp_path):
    content = packed(zipfile.ZipFile(io.BytesIO(small)).read("config.json").decode(), b"\x80\x04nothing")
    with pytest.raises(ImportRefused, match="no HDF5 file"):
        write(content, importing.find(content), Limits(), tmp_path / "last.weights.h5")


def test_a_model_is_counted_exactly_before_it_is_built(small, write, tmp_path):
    found = importing.find(small)
    node = found.project.model.nodes[1].model_copy(update={"params": {"units": 100_000_000}})
    model = found.project.model.model_copy(update={"nodes": (found.project.model.nodes[0], node)})
    larger = replace(found, project=found.project.model_copy(update={"model": model}))
    with pytest.raises(ImportRefused, match=r"at most 20,000,000 are taken|No memory would hold"):
        write(small, larger, Limits(), tmp_path / "last.weights.h5")


def test_a_file_without_weights_says_so(small, write, tmp_path):
    content = packed(zipfile.ZipFile(io.BytesIO(small)).read("config.json").decode())
    assert importing.find(content).groups == {}
    with pytest.raises(ImportRefused, match="this file has no weights"):
        write(content, importing.find(content), Limits(), tmp_path / "last.weights.h5")
