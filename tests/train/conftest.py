"""A small data set, two small networks, and a control that a test can script."""

from __future__ import annotations

import queue
from collections.abc import Callable

import numpy as np
import pytest

from core.data import Dataset, Part
from core.spec import Project


class Words:
    """A control that a test scripts.

    The first word is there from the start; the others come while the run waits for one, or earlier when they stand
    as (condition on the events so far, word).
    """

    def __init__(self, *script):
        self.events = []
        first = [_always if not index else _never for index in range(len(script))]
        self.script = [
            item if isinstance(item, tuple) else (when, item) for when, item in zip(first, script, strict=True)
        ]

    def poll(self):
        if self.script and self.script[0][0](self.events):
            return self.script.pop(0)[1]
        return None

    def wait(self):
        if not self.script:
            raise queue.Empty("the run waits for a word that the test does not give")
        return self.script.pop(0)[1]


def _always(_events):
    return True


def _never(_events):
    return False


@pytest.fixture(scope="session")
def keras():
    import keras

    return keras


@pytest.fixture
def rows():
    """Rows that a network can learn: (count, shape) -> Part with integer targets of three classes."""

    def make(count, *shape, seed=0):
        random = np.random.default_rng(seed)
        x = random.normal(size=(count, *shape)).astype("float32")
        flat = x.reshape(count, -1)
        y = np.argmax(flat @ np.random.default_rng(7).normal(size=(flat.shape[1], 3)), axis=1).astype("int32")
        return Part((x,), (y,), np.arange(count))

    return make


@pytest.fixture
def project():
    def make(training=None, **compile_spec):
        return Project.model_validate(
            {
                "data": {"source": "random", "shape": [8], "rows": 1000},
                "compile": {"loss": "SparseCategoricalCrossentropy", **compile_spec},
                "training": {"epochs": 2, "batch_size": 16, "seed": 3, **(training or {})},
            }
        )

    return make


@pytest.fixture
def dense(keras):
    def make(optimizer=None, loss="sparse_categorical_crossentropy", metrics=("sparse_categorical_accuracy",)):
        model = keras.Sequential(
            [
                keras.Input((8,)),
                keras.layers.Dense(16, activation="relu", kernel_regularizer=keras.regularizers.L2(0.01)),
                keras.layers.Dense(3, activation="softmax"),
            ]
        )
        model.compile(optimizer or keras.optimizers.Adam(0.01), loss=loss, metrics=list(metrics))
        return model

    return make


@pytest.fixture
def conv(keras):
    def make():
        model = keras.Sequential(
            [
                keras.Input((6, 6, 1)),
                keras.layers.Conv2D(4, 3, activation="relu"),
                keras.layers.BatchNormalization(),
                keras.layers.MaxPooling2D(),
                keras.layers.Flatten(),
                keras.layers.Dense(3, activation="softmax"),
            ]
        )
        model.compile(
            keras.optimizers.SGD(0.05, momentum=0.9),
            loss="sparse_categorical_crossentropy",
            metrics=["sparse_categorical_accuracy"],
        )
        return model

    return make


@pytest.fixture
def trained(keras, tmp_path):
    """Seed, build and train as `core.train.run` does, with a model from the test; gives all events."""

    def run(
        build: Callable[[], object], project, dataset, control=None, start=None, folder=tmp_path, callbacks=()
    ) -> list:
        from core.train import fresh, running
        from core.train.record import Record

        words = control or Words()
        keras.utils.set_random_seed(project.training.seed)
        job = running.Job(project, dataset, folder, start or fresh)
        running.train(build(), list(callbacks), job, Record(words.events.append), words)
        return words.events

    return run


@pytest.fixture
def words():
    return Words


@pytest.fixture
def dataset():
    return lambda train, validation=None: Dataset(train, validation, None, facts=None)


@pytest.fixture
def losses():
    """The losses of all steps in the order of the events."""

    def of(events):
        steps = [event for event in events if event.tag == "steps"]
        values = np.concatenate([np.array(event.loss) for event in steps])
        starts = np.cumsum([0, *(len(event.loss) for event in steps)])[:-1] + steps[0].first
        assert [event.first for event in steps] == list(starts)  # no gap, no step twice
        return values

    return of
