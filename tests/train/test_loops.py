"""Both loops and the four executions: one mathematics, one voice, the numbers of a plain Keras script."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

pytestmark = pytest.mark.keras

EXECUTIONS = {
    "eager": {"run_eagerly": True},
    "graph": {"steps_per_execution": 1},
    "graph x 7": {"steps_per_execution": 7},
    "XLA": {"jit_compile": True, "steps_per_execution": 1},
    "XLA x 7": {"jit_compile": True, "steps_per_execution": 7},
}
EPOCHS = 4  # 52 steps each, the last with a short batch: 208 steps


def plain_script(keras, model, train, validation, training):
    """What `core.train.order` says an exported script has to do; returns Keras's own history."""
    import tensorflow as tf

    data = tf.data.Dataset.from_tensor_slices((train.x[0], train.y[0]))
    data = data.shuffle(len(train.x[0]), seed=training.seed).batch(training.batch_size)
    return model.fit(
        data,
        epochs=training.epochs,
        steps_per_epoch=len(data),
        validation_data=(validation.x[0], validation.y[0]),
        validation_batch_size=training.batch_size,
        verbose=0,
    ).history


@pytest.fixture(scope="module")
def reference():
    return {}


@pytest.fixture(params=["dense", "conv"])
def case(request, keras, rows, project, dataset, reference):
    """A network, its data, and what a plain script gets from it."""
    build = request.getfixturevalue(request.param)
    shape = (8,) if request.param == "dense" else (6, 6, 1)
    data = dataset(rows(820, *shape), rows(101, *shape, seed=1))
    if request.param not in reference:
        training = project({"epochs": EPOCHS}).training
        keras.utils.set_random_seed(training.seed)
        reference[request.param] = plain_script(keras, build(), data.train, data.validation, training), {}
    return build, data, *reference[request.param]


@pytest.mark.parametrize("loop", ["fit", "custom"])
@pytest.mark.parametrize("execution", EXECUTIONS)
def test_every_loop_and_execution_gets_the_numbers_of_a_plain_script(case, execution, loop, trained, project, losses):
    build, data, plain, seen = case
    events = trained(build, project({"epochs": EPOCHS, "loop": loop}, **EXECUTIONS[execution]), data)

    values = losses(events)
    assert values.shape == (EPOCHS * 52,)
    first = seen.setdefault("losses", values)
    assert np.abs(values - first).max() < 1e-4
    assert len(set(values.round(6))) > 150, "a running mean or a repeated value stands in for the losses"

    epochs = [event for event in events if event.tag == "epoch"]
    assert [event.epoch for event in epochs] == list(range(EPOCHS))
    assert [event.steps for event in epochs] == [52, 104, 156, 208]
    for name, expected in plain.items():
        np.testing.assert_allclose([event.metrics[name] for event in epochs], expected, atol=2e-4)
    assert set(epochs[0].metrics) == set(plain)
    assert epochs[0].learning_rate == pytest.approx(
        0.01 if "Dense" in type(build).__name__ else epochs[0].learning_rate
    )
    assert epochs[0].memory_mb > 1
    assert events[0].execution == events[-1].execution == execution


@pytest.mark.parametrize("loop", ["fit", "custom"])
def test_events_come_in_order_and_not_one_a_step(trained, dense, rows, dataset, project, loop):
    data = dataset(rows(3200, 8), rows(64, 8, seed=1))
    events = trained(dense, project({"loop": loop, "epochs": 3}), data)

    started, *middle, finished = events
    assert (started.tag, started.epochs, started.steps_per_epoch, started.parameters) == ("started", 3, 200, 195)
    assert (finished.tag, finished.steps, finished.epochs, finished.stopped) == ("finished", 600, 3, False)
    assert finished.metrics == [event for event in middle if event.tag == "epoch"][-1].metrics
    assert {event.tag for event in middle} == {"steps", "epoch"}
    assert 3 <= sum(event.tag == "steps" for event in middle) < 60
    seen = 0
    for event in middle:
        if event.tag == "steps":
            seen += len(event.loss)
        else:
            assert seen == event.steps, "an epoch was told before its losses"


@pytest.mark.parametrize("loop", ["fit", "custom"])
def test_callbacks_hear_the_same_in_both_loops(keras, trained, dense, rows, dataset, project, loop):
    class Diary(keras.callbacks.Callback):
        def __init__(self):
            super().__init__()
            self.lines = []

        def __getattribute__(self, name):
            if name.startswith("on_"):
                return lambda *args, **kwargs: self.lines.append(name)
            return super().__getattribute__(name)

    ours, plain = Diary(), Diary()
    data = dataset(rows(40, 8), rows(20, 8, seed=1))
    spec = project({"loop": loop}, steps_per_execution=2)
    trained(dense, spec, data, callbacks=[ours])
    model = dense()
    model.steps_per_execution = 2
    model.fit(
        data.train.x[0], data.train.y[0], batch_size=16, epochs=2, verbose=0, callbacks=[plain],
        validation_data=(data.validation.x[0], data.validation.y[0]),
    )  # fmt: skip
    assert ours.lines == plain.lines


@pytest.mark.parametrize("loop", ["fit", "custom"])
def test_two_inputs_and_two_weighted_outputs(keras, trained, rows, dataset, project, loop):
    def build():
        a, b = keras.Input((8,), name="a"), keras.Input((8,), name="b")
        joined = keras.layers.Dense(8, activation="tanh")(keras.layers.Concatenate()([a, b]))
        model = keras.Model(
            [a, b],
            [
                keras.layers.Dense(3, activation="softmax", name="kind")(joined),
                keras.layers.Dense(1, name="size")(joined),
            ],
        )
        model.compile(
            "sgd",
            loss={"kind": "sparse_categorical_crossentropy", "size": "mse"},
            loss_weights={"kind": 1.0, "size": 0.25},
            metrics={"kind": ["sparse_categorical_accuracy"], "size": ["mae"]},
        )
        return model

    one, two = rows(100, 8), rows(100, 8, seed=2)
    part = dataclasses.replace(one, x=(*one.x, *two.x), y=(*one.y, two.x[0].sum(axis=1, keepdims=True)))
    events = trained(build, project({"loop": loop, "shuffle": False}, steps_per_execution=3), dataset(part, part))

    keras.utils.set_random_seed(3)
    plain = build().fit(
        list(part.x), list(part.y), batch_size=16, epochs=2, shuffle=False, verbose=0,
        validation_data=(list(part.x), list(part.y)),
    ).history  # fmt: skip
    epochs = [event for event in events if event.tag == "epoch"]
    assert set(epochs[0].metrics) == set(plain)
    for name, expected in plain.items():
        np.testing.assert_allclose([event.metrics[name] for event in epochs], expected, atol=1e-4)


def test_dropout_is_on_in_training_and_off_in_validation(keras, trained, rows, dataset, project):
    def build():
        model = keras.Sequential(
            [keras.Input((8,)), keras.layers.Dropout(0.9), keras.layers.Dense(3, activation="softmax")]
        )
        model.compile(keras.optimizers.SGD(0.0), loss="sparse_categorical_crossentropy")
        return model

    part = rows(160, 8)
    for loop in ("fit", "custom"):
        first, second = (
            event.metrics
            for event in trained(build, project({"loop": loop}), dataset(part, part))
            if event.tag == "epoch"
        )
        assert first["val_loss"] == pytest.approx(second["val_loss"])
        assert abs(first["loss"] - first["val_loss"]) > 0.01
        assert abs(first["loss"] - second["loss"]) > 1e-4
