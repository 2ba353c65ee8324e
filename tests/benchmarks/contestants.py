"""Those who train a network, each in a process of its own: `python -m tests.benchmarks.contestants NAME FILE SECONDS`.

Each prints `{"steps_per_second", "loss", "memory_mb"}`: the speed in the last third of the time, and the mean loss of
the third epoch, which shows that all do the same work. Our trainer steps back behind the page (a niceness of 5), so
the others do too: on a busy machine that counts.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

from core import document

THIRD = 2


def main(name: str, file: str, seconds: str) -> None:
    project = document.load(Path(file).read_bytes())
    if not name.startswith("our "):
        os.nice(5)
    found = CONTESTANTS[name](project, float(seconds))
    found.setdefault("memory_mb", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    sys.stdout.write(json.dumps(found) + "\n")


class Clock:
    """Hears the end of each epoch, and knows the speed of the last third of the time."""

    def __init__(self, steps_per_epoch: int, seconds: float) -> None:
        self._steps = steps_per_epoch
        self._began = time.perf_counter()
        self._seconds = seconds
        self._marks: list[tuple[float, int]] = []
        self.losses: list[float] = []

    def is_over(self, loss: float | None) -> bool:
        self.losses.append(loss)
        self._marks.append((time.perf_counter(), len(self.losses) * self._steps))
        return self._marks[-1][0] - self._began > self._seconds and len(self.losses) > THIRD + 1

    def result(self) -> dict:
        return {"steps_per_second": speed(self._marks), "loss": self.losses[THIRD]}


def speed(marks: list[tuple[float, int]]) -> float:
    """Steps per second over the last third of the time."""
    end, steps = marks[-1]
    late = marks[0][0] + (end - marks[0][0]) * 2 / 3
    begin, before = [mark for mark in marks if mark[0] <= late][-1]
    return (steps - before) / (end - begin)


def prepared(project):
    """The compiled model, the features, the targets, and how many steps an epoch has."""
    import keras

    from core import build, data

    part = data.load(project, data.Folders(Path("."), Path("."))).train
    keras.utils.set_random_seed(project.training.seed)
    steps = -(-len(part.x[0]) // project.training.batch_size)
    return build.compiled(project), part.x[0], part.y[0], steps


def bare_fit(project, seconds):
    """`model.fit` on arrays, as in the first lines of every tutorial; it stores no curve."""
    import keras

    model, x, y, steps = prepared(project)
    clock = Clock(steps, seconds)

    class Watch(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            self.model.stop_training = clock.is_over(logs["loss"])

    training = project.training
    model.fit(x, y, batch_size=training.batch_size, epochs=training.epochs, verbose=0, callbacks=[Watch()])
    return clock.result()


def textbook_loop(project, seconds):
    """The loop of Keras's guide "Writing a training loop from scratch in TensorFlow", its step a `tf.function`."""
    import tensorflow as tf

    model, x, y, steps = prepared(project)
    loss_function, optimizer = model.loss, model.optimizer
    dataset = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(len(x), seed=1).batch(project.training.batch_size)

    @tf.function
    def train_step(x, y):
        with tf.GradientTape() as tape:
            loss = loss_function(y, model(x, training=True))
        gradients = tape.gradient(loss, model.trainable_weights)
        optimizer.apply_gradients(zip(gradients, model.trainable_weights, strict=True))
        return loss

    clock, curve = Clock(steps, seconds), []
    while True:
        for batch, target in dataset:
            curve.append(float(train_step(batch, target)))
        if clock.is_over(sum(curve[-steps:]) / steps):
            return clock.result()


def scikit_learn(project, seconds):
    """MLPClassifier, or MLPRegressor, with the same layers, batch size, optimizer and no penalty."""
    import warnings

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier, MLPRegressor

    from core import data

    warnings.simplefilter("ignore", ConvergenceWarning)
    part = data.load(project, data.Folders(Path("."), Path("."))).train
    x, y, training = part.x[0], part.y[0], project.training
    hidden = [node.params for node in project.model.nodes if node.layer == "Dense"][:-1]
    kind = MLPRegressor if project.compile.loss.name == "MeanSquaredError" else MLPClassifier
    y = y.argmax(axis=1) if y.ndim == 2 and y.shape[1] > 1 else y.ravel()
    steps = -(-len(x) // training.batch_size)

    def trained(epochs):
        began = time.perf_counter()
        network = kind(
            hidden_layer_sizes=tuple(params["units"] for params in hidden),
            activation=hidden[0]["activation"],
            alpha=0.0,
            batch_size=training.batch_size,
            max_iter=epochs,
            random_state=1,
            tol=0.0,
            n_iter_no_change=10**9,
        ).fit(x, y)
        return network, time.perf_counter() - began

    network, one = trained(4)
    network, took = trained(max(4, int(4 * seconds / one)))
    loss = network.loss_curve_[THIRD] * (2 if kind is MLPRegressor else 1)  # scikit-learn halves the squared error
    return {"steps_per_second": steps * network.n_iter_ / took, "loss": loss}


def ours(loop):
    def train(project, seconds):
        """As the page trains: queue, keeper, trainer in its jail, every loss and epoch committed to the store."""
        from core import settings
        from core.runner.service import Service

        training = project.training.model_copy(update={"loop": loop})
        with tempfile.TemporaryDirectory() as home:
            service = Service(settings.load({"EAGERLY_HOME": home, "EAGERLY_WALL_SECONDS": "600"}))
            service.start()
            try:
                service.engine.wait_warm(300)
                owner = service.store.create_project(project)
                run = service.train(owner, project.model_copy(update={"training": training}))
                return watched(service, run, seconds)
            finally:
                service.stop()

    return train


def watched(service, run, seconds):
    marks, began, third = [], None, None
    while True:
        time.sleep(0.1)  # how often somebody looks is no part of what is measured
        view = service.progress.view(run.id)
        assert view.status != "failed", view.message
        if third is None and len(view.history) > THIRD:  # of a long run the view does not keep all epochs
            third = view.history[THIRD].metrics["loss"]
        if view.steps:
            began = began or time.perf_counter()
            marks.append((time.perf_counter(), view.steps))
            if marks[-1][0] - began > seconds and third is not None:
                break
    service.runner.cancel(run.id)
    while not service.store.run(run.id).is_over:
        time.sleep(0.1)
    return {
        "steps_per_second": speed(marks),
        "loss": third,
        "memory_mb": view.memory_mb,
        "execution": view.execution,
    }


CONTESTANTS = {
    "bare fit": bare_fit,
    "tf.function loop": textbook_loop,
    "scikit-learn": scikit_learn,
    "our fit": ours("fit"),
    "our loop": ours("custom"),
}

if __name__ == "__main__":
    main(*sys.argv[1:])
