"""Every offered optimizer, schedule, loss, metric, callback and small object is checked, built, used and exported."""

from __future__ import annotations

import math

import numpy as np
import pytest

from core import catalog, document

pytestmark = pytest.mark.keras

USUAL = {
    "one_hot": ("CategoricalCrossentropy", "softmax"),
    "integer": ("SparseCategoricalCrossentropy", "softmax"),
    "binary": ("BinaryCrossentropy", "sigmoid"),
    "real": ("MeanSquaredError", "linear"),
}


def project_with(target="real", activation=None, layer=None, loss=None, metrics=(), training=None, optimizer="SGD"):
    """Two numbers in, one Dense layer between, and an output that gives what the target asks for."""
    units = 2 if target in ("one_hot", "integer") else 1
    last = activation or USUAL[target][1]
    return document.from_dict(
        {
            "data": {"source": "plane" if target == "real" else "gaussians", "rows": 40},
            "model": {
                "nodes": [
                    {"id": "input_1", "layer": "Input", "params": {"shape": [2]}},
                    {"id": "dense_1", "layer": "Dense", "params": {"units": 2, **(layer or {})}, "inputs": ["input_1"]},
                    {
                        "id": "dense_2",
                        "layer": "Dense",
                        "params": {"units": units, "activation": last},
                        "inputs": ["dense_1"],
                    },
                ],
                "outputs": ["dense_2"],
            },
            "compile": {
                "optimizer": optimizer,
                "loss": loss or USUAL[target][0],
                "metrics": list(metrics),
                "run_eagerly": True,
            },
            "training": {"epochs": 2, "batch_size": 16, **(training or {})},
        }
    )


def choice(entry):
    return {"name": entry.name, "params": entry.starting_params()}


def of_optimizer(entry):
    return project_with(optimizer=choice(entry))


def of_schedule(entry):
    return project_with(optimizer={"name": "SGD", "params": {"learning_rate": choice(entry)}})


def of_loss(entry):
    return project_with(entry.target[0], activation=entry.last_activation, loss=choice(entry))


def of_metric(entry):
    counts = "exponential" if entry.name == "Poisson" else None  # it takes the logarithm of what is predicted
    return project_with(entry.target[0], activation=counts, metrics=[choice(entry)])


def of_callback(entry):
    return project_with(training={"callbacks": [choice(entry)]})


def of_small_object(entry):
    return project_with(layer={f"kernel_{entry.kind}": choice(entry)})


def of_activation(entry):
    return project_with(layer={"activation": entry.name})


MAKERS = {
    "optimizer": of_optimizer,
    "schedule": of_schedule,
    "loss": of_loss,
    "metric": of_metric,
    "callback": of_callback,
    "initializer": of_small_object,
    "regularizer": of_small_object,
    "constraint": of_small_object,
    "activation": of_activation,
}
CHOICES = [entry for kind in MAKERS for entry in catalog.entries(kind)]


@pytest.mark.parametrize("entry", CHOICES, ids=lambda entry: f"{entry.kind}-{entry.name}")
def test_a_choice_is_checked_built_used_and_exported(entry, keras, folders, exported):
    from core import build, data
    from core.build.check import check

    project = MAKERS[entry.kind](entry)
    report = check(project, data.describe(project.data, folders))
    assert [problem.message for problem in report.problems] == []

    dataset = data.load(project, folders)
    keras.utils.set_random_seed(1)
    model = build.compiled(project)
    before = [weight.numpy() for weight in model.trainable_weights]
    callbacks = [build.keras_object("callback", item) for item in project.training.callbacks]
    first = used(model, dataset, callbacks)
    assert all(math.isfinite(value) for value in first), first
    if (entry.kind, entry.name) != ("initializer", "Zeros"):  # a layer of zeros learns nothing at first
        assert any(
            not np.array_equal(old, new.numpy()) for old, new in zip(before, model.trainable_weights, strict=True)
        )

    keras.utils.set_random_seed(1)
    again = exported(project)
    assert np.allclose(used(again, dataset, callbacks), first, rtol=1e-4, atol=1e-5)
    keras.backend.clear_session(free_memory=False)


def used(model, dataset, callbacks):
    """The loss and the metrics of one step; callbacks need a whole epoch."""
    x, y = dataset.train.x[0], dataset.train.y[0]
    if not callbacks:
        return np.ravel(model.train_on_batch(x, y)).tolist()
    validation = (dataset.validation.x[0], dataset.validation.y[0])
    history = model.fit(x, y, epochs=1, shuffle=False, verbose=0, callbacks=callbacks, validation_data=validation)
    return [value for values in history.history.values() for value in values]
