"""Pictures are changed while training, the same way for the same seed, and at no other time."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys

import numpy as np
import pytest

from core import data, document, gallery, validate
from core.data import augmentation, cards, in_training, load, prepared
from core.events import Failed, Finished
from core.exporting import export, notebook, python

ALL = {"flip": "horizontal", "rotation": 0.05, "translation": 0.1, "zoom": 0.1, "crop": 0.2, "contrast": 0.3, "seed": 5}


RUNNER = """
import json, pathlib, runpy, sys
runpy.run_path(sys.argv[1], run_name="__main__")
names = {"__name__": "__main__"}
for cell in json.loads(pathlib.Path(sys.argv[2]).read_text())["cells"]:
    if cell["cell_type"] == "code":
        exec("".join(cell["source"]), names)
"""
"""Runs a script, and then the cells of a notebook one after the other."""


class Nobody:
    """A control that says nothing."""

    def poll(self):
        return None

    def wait(self):
        raise AssertionError("nothing asked for a pause")


def digits(example="digits_dense", epochs=2, rows=None, **fields):
    whole = document.to_dict(gallery.load(example))
    whole["data"] |= {"augmentation": ALL, **fields}
    whole["training"] |= {"epochs": epochs}
    return document.from_dict(whole)


def trained(project, folders, folder, start=None):
    from core import train

    events = []
    train.run(project, load(project, folders), folder, events.append, Nobody(), start or train.fresh)
    assert isinstance(events[-1], Finished), next(e.message for e in events if isinstance(e, Failed))
    return events


def losses(events):
    return np.concatenate([np.array(event.loss) for event in events if event.tag == "steps"])


def test_the_layers_stand_behind_the_input_and_hold_no_weights(folders):
    project = digits()
    facts = data.describe(project.data, folders)
    changed = in_training(project, facts).model
    kinds = [node.layer for node in changed.nodes]
    crop = ["RandomTranslation", "RandomZoom"]
    random = ["RandomFlip", "RandomRotation", "RandomTranslation", "RandomZoom", *crop, "RandomContrast"]
    assert kinds[: kinds.index("Dense")] == [
        "Input",
        "Reshape",
        *random,
        "Reshape",
    ]  # a row of 64 is a picture of 8 x 8
    assert [node.layer for node in project.model.nodes][:2] == ["Input", "Dense"], "the user's model is left alone"
    assert augmentation.layers(project.data.augmentation, (0.0, 1.0))[-1].params["value_range"] == [0.0, 1.0]
    assert facts.value_range == (0.0, 1.0)
    seeds = [node.params["seed"] for node in changed.nodes if node.layer in random]
    assert seeds == [5, 6, 7, 8, 10, 11, 9], "with one seed for all a picture that is turned far is also moved far"
    none = project.model_copy(update={"data": project.data.model_copy(update={"augmentation": None})})
    assert in_training(none, facts) is none


def test_what_is_no_picture_or_is_to_be_reproduced_is_refused_with_a_repair(folders):
    table = document.to_dict(gallery.load("wine"))
    table["data"]["augmentation"] = {"zoom": 0.1}
    rebuilt = document.to_dict(digits())
    rebuilt["data"]["targets"] = {rebuilt["model"]["outputs"][0]: ["features"]}
    for whole, word in ((table, "the rows of this data are none"), (rebuilt, "to reproduce them")):
        project = document.from_dict(whole)
        found = [
            problem
            for problem in validate.problems(project, data.describe(project.data, folders))
            if problem.field == "data.augmentation"
        ]
        assert len(found) == 1
        assert word in found[0].message
        assert found[0].fix.edits[0].value is None
    fine = digits()
    assert not validate.problems(fine, data.describe(fine.data, folders))


@pytest.mark.keras
@pytest.mark.parametrize("loop", ["fit", "custom"])
def test_a_run_goes_on_exactly_and_a_script_gives_its_numbers(loop, folders, tmp_path):
    from core import train

    def project(epochs):
        made = digits(epochs=epochs)
        return made.model_copy(update={"training": made.training.model_copy(update={"loop": loop})})

    whole = trained(project(2), folders, tmp_path / "whole")
    halves = trained(project(1), folders, tmp_path / "half")
    halves += trained(project(1), folders, tmp_path / "half", train.more(1))
    np.testing.assert_allclose(losses(halves), losses(whole), atol=1e-5)
    plain = project(2)
    plain = plain.model_copy(update={"data": plain.data.model_copy(update={"augmentation": None})})
    assert abs(losses(trained(plain, folders, tmp_path / "plain")) - losses(whole)).max() > 0.05, "nothing was changed"

    facts = data.describe(project(2).data, folders)
    text = python.script(project(2), facts)
    assert "keras.layers.RandomRotation(" in text
    (tmp_path / "script.py").write_text(text)
    (tmp_path / "script.ipynb").write_bytes(notebook.write(project(2), facts))
    done = subprocess.run(
        [sys.executable, "-c", RUNNER, "script.py", "script.ipynb"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    printed = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert len(printed) == 2
    for numbers in printed:
        for name, value in whole[-1].metrics.items():
            assert numbers[name] == pytest.approx(value, abs=1e-4), name


@pytest.mark.keras
def test_what_is_exported_and_looked_into_sees_the_pictures_as_they_are(folders, tmp_path):
    import keras

    from core import inspect

    project = digits(epochs=1)
    trained(project, folders, tmp_path / "run")
    ready = prepared(project.data, folders)
    raw = ready.raw.features[:20]
    answers = {}
    for name in ("keras", "network"):
        (tmp_path / f"{name}.keras").write_bytes(
            export(project, name, run_folder=tmp_path / "run", folders=folders, facts=ready.facts)
        )
        model = keras.models.load_model(tmp_path / f"{name}.keras")
        given = raw if name == "keras" else ready.preparation.apply(raw).reshape(20, -1)
        answers[name] = model.predict(given, verbose=0)
    np.testing.assert_allclose(answers["keras"], answers["network"], atol=1e-5)
    rows = (raw / ready.raw.white).tolist()
    asked = inspect.predict(project, tmp_path / "run", folders, rows)
    names = list(ready.facts.class_names)
    assert [names.index(one["class"]) for one in asked] == answers["keras"].argmax(axis=1).tolist()
    trail = inspect.trail(project, tmp_path / "run", folders)
    assert trail["layers"], "what the run left on its way cannot be read"
    assert not [layer for layer in trail["layers"] if "augmentation" in json.dumps(layer)]
    assert np.unique(answers["keras"].argmax(axis=1)).size > 1, "every picture looks alike to it"


@pytest.mark.keras
def test_the_same_seed_draws_the_same_preview(folders):
    from core.build import augmented

    def seen(**fields):
        chosen = digits(augmentation=ALL | fields).data
        return augmented.pictures(chosen, prepared(chosen, folders))

    first = seen()
    assert (len(first["before"]), len(first["after"]), len(first["after"][0])) == (6, 4, 6)
    assert first == seen()
    assert first["after"] != seen(seed=6)["after"]
    assert first["after"][0] != first["before"]
    assert first["after"][0] != first["after"][1]
    values = np.array(first["after"])
    assert (values.min() >= 0, values.max() <= 1) == (True, True)


@pytest.mark.keras
@pytest.mark.parametrize("fill_mode", ["reflect", "constant"])
def test_a_crop_is_a_window_of_its_own_in_each_picture_and_none_outside_of_training(fill_mode):
    """The pixels of each picture tell their own place, so that the window can be read from what is left."""
    import keras

    from core.build.objects import keras_object
    from core.spec import Augmentation

    share, size = 0.25, 16
    chosen = augmentation.layers(Augmentation(crop=share, fill_mode=fill_mode), (0.0, 1.0))
    network = keras.Sequential([keras_object("layer", layer) for layer in chosen])
    places = np.stack(np.meshgrid(np.arange(size), np.arange(size), indexing="ij"), -1)
    pictures = np.tile(places.astype("float32"), (200, 1, 1, 1))
    changed = np.asarray(network(pictures, training=True))
    assert changed.shape == pictures.shape, "the network gets pictures of another size"
    first, last = changed[:, 0, 0], changed[:, -1, -1]  # the corners of the window: of each picture row and column
    np.testing.assert_allclose(last - first, (1 - share) * (size - 1), atol=0.2)
    assert first.min() >= 0, "something beyond the edge is seen"
    assert last.max() <= size - 1
    for place in (0, 1):
        assert first[:, place].min() < 0.3, "no window begins at the edge"
        assert last[:, place].max() > size - 1.3
        assert len(np.unique(first[:, place].round(3))) > 100, "all pictures are cut at the same places"
    assert abs(np.corrcoef(first.T)[0, 1]) < 0.3, "rows and columns are cut alike"
    np.testing.assert_array_equal(np.asarray(network(pictures, training=False)), pictures)


@pytest.mark.keras
def test_contrast_goes_both_ways_and_stays_among_the_pixels_of_the_data():
    import keras

    from core.build.objects import keras_object
    from core.spec import Augmentation

    (choice,) = augmentation.layers(Augmentation(contrast=0.5), (-1.0, 1.0))
    pictures = np.tile(np.linspace(-1, 1, 16, dtype="float32").reshape(1, 4, 4, 1), (64, 1, 1, 1))
    keras.utils.set_random_seed(0)
    changed = np.asarray(keras_object("layer", choice)(pictures, training=True))
    spread = changed.std(axis=(1, 2, 3)) / pictures[0].std()
    assert spread.min() < 0.8
    assert spread.max() > 1.1
    assert np.abs(changed).max() <= 1.0


@pytest.fixture
def downloaded(monkeypatch, folders):
    """Makes MNIST out of made-up pictures, kept where a download would leave it, and what Keras would give of it."""
    import keras
    import pooch

    random = np.random.default_rng(1)
    pictures = (random.random((90, 28, 28)) ** 3 * 255).astype("uint8")
    pictures[:, :2, :2] = [0, 255]
    labels = np.arange(90, dtype="uint8") % 10
    card = cards.CARDS["mnist"]
    folders.datasets.mkdir()
    path = folders.datasets / "mnist-mnist.npz"
    np.savez(path, x_train=pictures[:60], y_train=labels[:60], x_test=pictures[60:], y_test=labels[60:])
    file = card.files[0]._replace(hash=pooch.file_hash(str(path)))
    monkeypatch.setitem(cards.CARDS, "mnist", dataclasses.replace(card, rows=90, files=(file,)))
    halves = (pictures[:60], labels[:60]), (pictures[60:], labels[60:])
    monkeypatch.setattr(keras.datasets.mnist, "load_data", lambda: halves)


@pytest.mark.keras
@pytest.mark.parametrize("scaling", ["standard", "robust", "auto"])
def test_contrast_of_a_downloaded_set_keeps_to_its_pixels_on_the_page_and_in_the_script(
    scaling, downloaded, folders, tmp_path, capsys
):
    """How far scaled pixels go is not known before the rows are here, and a script is written before."""
    whole = document.to_dict(gallery.load("dense_network_mnist"))
    whole["data"] = {"source": "mnist", "scaling": scaling, "augmentation": {"contrast": 0.9}}
    whole["training"] |= {"epochs": 1}
    project = document.from_dict(whole)
    facts, ready = data.describe(project.data, folders), prepared(project.data, folders)
    pixels = ready.preparation.apply(ready.raw.features[ready.split.train])
    assert ready.facts.value_range == pytest.approx((pixels.min(), pixels.max()), rel=1e-5)
    assert facts.value_range == (None if scaling != "auto" else (0.0, 1.0))

    from core.build import augmented

    seen = augmented.pictures(project.data, ready)
    assert (np.min(seen["before"]), np.max(seen["before"])) == (0, 1), "the preview is greyer than the pictures"
    last = trained(project, folders, tmp_path / "run")[-1]
    text = python.script(project, facts)
    assert "10.0" not in text
    exec(text, {"__name__": "__main__"})
    numbers = json.loads(capsys.readouterr().out.strip().splitlines()[-1])
    assert numbers == pytest.approx({name: last.metrics[name] for name in numbers}, abs=1e-4)
