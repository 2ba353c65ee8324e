"""A file on its way through a server: layers read as data, weights by a jailed kernel, a run that starts from them."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from core.data import Folders, keep
from core.errors import ImportRefused
from core.inspect import trained
from core.runner.local import LocalRunner
from core.runner.service import Service
from tests.importing.written import chain, packed

pytestmark = pytest.mark.keras


@pytest.fixture
def service(engine):
    """A service on the session's engine."""
    service = Service(engine.settings)
    service.engine = engine
    service.runner = LocalRunner(service.store, engine, 1)
    service.runner.start()
    yield service
    service.runner.stop()
    service.store.close()


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    """A small classifier, trained a little."""
    import keras

    file = tmp_path_factory.mktemp("theirs") / "theirs.keras"
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation="softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(np.eye(4), np.arange(4) % 3, verbose=0)
    model.save(file)
    return file.read_bytes()


def sent(service, content):
    """What the upload of this content is called."""
    return keep(content, Folders.of(service.settings))


def over(service, run):
    """The run, when it is over."""
    for _ in range(600):
        now = service.store.run(run.id)
        if now.is_over:
            return now
        threading.Event().wait(0.1)
    raise AssertionError(f"still {now.status}: {now.message}")


def test_a_run_can_start_from_imported_weights(service, content, tmp_path):
    import keras

    imported = service.import_file(sent(service, content), "My flowers.keras")
    assert imported.project.name == "My flowers"
    assert imported.project.training.initial_weights, imported.trouble
    weights = service.initial_weights(imported.project).parent
    (tmp_path / "theirs.keras").write_bytes(content)
    rows = np.random.default_rng(0).normal(size=(5, 4)).astype("float32")
    expected = keras.models.load_model(tmp_path / "theirs.keras").predict(rows, verbose=0)
    (found,) = trained.predictions(imported.project, weights, (rows,))
    np.testing.assert_allclose(found, expected, rtol=1e-6)

    training = imported.project.training.model_copy(update={"epochs": 1})
    optimizer = imported.project.compile.optimizer.model_copy(update={"params": {"learning_rate": 1e-12}})
    still = imported.project.model_copy(
        update={"training": training, "compile": imported.project.compile.model_copy(update={"optimizer": optimizer})}
    )
    project = service.store.create_project(still)
    afresh = still.model_copy(update={"training": training.model_copy(update={"initial_weights": None})})
    begun, fresh = (over(service, service.train(project, one)) for one in (still, afresh))
    assert (begun.status, fresh.status) == ("finished", "finished"), begun.message
    np.testing.assert_allclose(trained.predictions(still, begun.path, (rows,))[0], expected, rtol=1e-5)
    assert not np.allclose(trained.predictions(still, fresh.path, (rows,))[0], expected, rtol=1e-2)


def test_a_file_with_weights_of_another_model_is_refused(service, content):
    import io
    import zipfile

    weights = zipfile.ZipFile(io.BytesIO(content)).read("model.weights.h5")
    with pytest.raises(ImportRefused, match=r"needed an array of shape \[4, 5\], got \[4, 3\]"):
        service.import_file(sent(service, packed(chain(units=5), weights)), "x.keras")


def test_a_file_without_weights_needs_no_kernel(service):
    imported = service.import_file(sent(service, packed(chain(units=5))), "<script>.keras")
    assert imported.project.training.initial_weights is None
    assert not imported.trouble
    assert imported.project.name == "written"
