"""Each illness is found in a network that has it, and in no healthy one; all of them really train."""

from __future__ import annotations

import math

import pytest

from core import health
from core.data import Folders, load
from core.edits import applied
from core.events import Epoch
from core.progress import fold
from core.spec import Project

pytestmark = pytest.mark.keras


class Silent:
    """Nobody says anything to the run."""

    def poll(self):
        return None

    def wait(self):
        raise AssertionError("the run waits for a word")


@pytest.fixture
def trained(tmp_path):
    """Trains, and gives what was found, with the project."""
    from core import inspect, train

    def run(data, layers, *, loss, optimizer, epochs, batch_size=32, inside=False):
        nodes = [{"id": "rows", "layer": "Input", "params": {"shape": data.pop("features")}}]
        for number, params in enumerate(layers):
            params = {"units": params} if isinstance(params, int) else params
            node = {"id": f"dense_{number}", "layer": "Dense", "params": params, "inputs": [nodes[-1]["id"]]}
            nodes.append(node)
        project = Project.model_validate(
            {
                "data": data,
                "model": {"nodes": nodes, "outputs": [nodes[-1]["id"]]},
                "compile": {"loss": loss, "optimizer": optimizer},
                "training": {"epochs": epochs, "batch_size": batch_size},
            }
        )
        return again(project, inside=inside), project

    def again(project, *, inside=False):
        """The same project, changed: what is found in a run of it."""
        events, folder = [], tmp_path / f"run {len(list(tmp_path.iterdir()))}"
        folders = Folders(tmp_path / "uploads", tmp_path / "datasets", tmp_path)
        train.run(project, load(project, folders), folder, events.append, Silent())
        layers = health.from_answer(inspect.trail(project, folder, folders, latest=True)) if inside else None
        return health.finding(project, fold(events), layers)

    run.again = again
    return run


def kind(found):
    """What was found, or None in a healthy run."""
    return found.kind if found else None


CLASSES = "SparseCategoricalCrossentropy"


def diabetes():
    return {"source": "diabetes", "features": [10]}


def adam(rate):
    return {"name": "Adam", "params": {"learning_rate": rate}}


def sgd(rate):
    return {"name": "SGD", "params": {"learning_rate": rate}}


def test_a_healthy_run_is_left_alone(trained):
    data = {"source": "wine", "features": [13]}
    layers = [{"units": 16, "activation": "relu"}, {"units": 3, "activation": "softmax"}]
    found, _ = trained(data, layers, loss=CLASSES, optimizer=adam(0.005), epochs=12, inside=True)
    assert found is None


def test_a_deep_network_that_learns_is_left_alone(trained):
    """Eight layers of tanh, as they are begun today, hand the gradient on."""
    layers = [{"units": 16, "activation": "tanh"}] * 8 + [{"units": 3, "activation": "softmax"}]
    data = {"source": "wine", "features": [13]}
    found, _ = trained(data, layers, loss=CLASSES, optimizer=adam(0.003), epochs=8, inside=True)
    assert found is None


def test_a_gradient_that_vanishes(trained):
    """Each sigmoid takes three quarters of the gradient at least."""
    layers = [{"units": 16, "activation": "sigmoid"}] * 7 + [{"units": 3, "activation": "softmax"}]
    data = {"source": "wine", "features": [13]}
    found, project = trained(data, layers, loss=CLASSES, optimizer=sgd(0.01), epochs=6, inside=True)
    assert found.kind == "vanishing"
    repaired = applied(project, found.fixes[0].edits)
    assert [node.params.get("activation") for node in repaired.model.nodes] == [None, *["relu"] * 7, "softmax"]
    assert kind(trained.again(repaired, inside=True)) != "vanishing"


def test_gradients_that_explode(trained):
    """Initial weights of deviation 1: each layer of 32 units makes the signal four times as large."""
    large = {"name": "RandomNormal", "params": {"stddev": 1.0}}
    layers = [{"units": 32, "activation": "relu", "kernel_initializer": large}] * 5
    layers = [*layers, {"units": 3, "activation": "softmax", "kernel_initializer": large}]
    data = {"source": "wine", "features": [13]}
    found, project = trained(data, layers, loss=CLASSES, optimizer=adam(0.0001), epochs=4, inside=True)
    assert found.kind == "exploding"
    assert applied(project, found.fixes[0].edits).compile.optimizer.params["global_clipnorm"] == 1.0
    usual = [{**layer, "kernel_initializer": "glorot_uniform"} for layer in layers]
    data = {"source": "wine", "features": [13]}
    found, _ = trained(data, usual, loss=CLASSES, optimizer=adam(0.0001), epochs=4, inside=True)
    assert kind(found) != "exploding"


def test_units_that_are_dead(trained):
    low = {"name": "Constant", "params": {"value": -8.0}}
    layers = [{"units": 16, "activation": "relu", "bias_initializer": low}, {"units": 3, "activation": "softmax"}]
    data = {"source": "wine", "features": [13]}
    found, project = trained(data, layers, loss=CLASSES, optimizer=adam(0.001), epochs=6, inside=True)
    assert found.kind == "dead_units"
    assert found.seen.startswith("100% of the units of dense_0 are dead")
    repaired = applied(project, found.fixes[0].edits)
    assert repaired.model.nodes[1].params["activation"] == "leaky_relu"
    assert kind(trained.again(repaired, inside=True)) != "dead_units"


@pytest.fixture
def kinds(trained, tmp_path):
    """A network of one unit for two classes, of which every so-manieth row is the rare one."""

    def run(every):
        rows = [f"{place % 7},{place % 5},{'rare' if place % every == 0 else 'usual'}" for place in range(200)]
        (tmp_path / "rows.csv").write_text("\n".join(["a,b,kind", *rows]))
        data = {"source": "csv", "path": "rows.csv", "target": "kind", "features": [2]}
        layers, loss = [{"units": 1, "activation": "sigmoid"}], "BinaryCrossentropy"
        return trained(data, layers, loss=loss, optimizer=adam(0.01), epochs=4, inside=True)

    return run


def test_classes_that_are_unbalanced(kinds, trained):
    found, project = kinds(25)
    assert found.kind == "unbalanced"
    assert "96% of the training rows are usual" in found.seen
    assert [fix.label for fix in found.fixes] == ["Weigh the classes", "Use BinaryFocalCrossentropy"]
    weighed = applied(project, found.fixes[0].edits)
    assert weighed.data.class_weight == "balanced"
    assert kind(trained.again(weighed, inside=True)) != "unbalanced"
    focal = applied(project, found.fixes[1].edits).compile.loss
    assert focal.params["apply_class_balancing"] is True
    assert focal.params["alpha"] < 0.1 or focal.params["alpha"] > 0.9  # the weight of the second class


def test_classes_of_which_one_is_rarer_are_left_alone(kinds):
    found, _ = kinds(5)
    assert kind(found) != "unbalanced"


@pytest.fixture
def warmth(trained, tmp_path):
    """Trains on temperatures around a mean."""

    def run(mean):
        rows = [(number % 50, mean + 5 * math.sin(number % 50 / 8)) for number in range(300)]
        (tmp_path / "rows.csv").write_text("hour,warmth\n" + "".join(f"{hour},{value}\n" for hour, value in rows))
        data = {"source": "csv", "path": "rows.csv", "target": "warmth", "features": [1]}
        layers = [{"units": 16, "activation": "relu"}, 1]
        return trained(data, layers, loss="MeanSquaredError", optimizer=adam(0.003), epochs=8, inside=True)

    return run


def test_a_target_that_is_far_from_what_a_new_network_answers(warmth, trained):
    found, project = warmth(290)
    assert found.kind == "far_target"
    assert found.seen == "After 8 epochs the model is still worse than always answering the mean, 289.9."
    repaired = applied(project, found.fixes[0].edits)
    last = repaired.model.nodes[-1]
    assert (last.layer, repaired.model.outputs) == ("Rescaling", (last.id,))
    assert kind(trained.again(repaired, inside=True)) != "far_target"


def test_a_target_near_0_is_left_alone(warmth):
    found, _ = warmth(0)
    assert kind(found) != "far_target"


def test_numbers_that_overflow(trained):
    found, project = trained(diabetes(), [1], loss="MeanSquaredError", optimizer=sgd(1e9), epochs=3)
    assert found.kind == "not_finite"
    repaired = applied(project, found.fixes[0].edits)
    assert repaired.compile.optimizer.params["learning_rate"] == 0.01
    assert kind(trained.again(repaired)) != "not_finite"


def test_a_loss_that_rises(trained):
    """Full-batch descent diverges slowly just above the rate at which it would oscillate for ever."""
    found, project = trained(diabetes(), [1], loss="MeanSquaredError", optimizer=sgd(0.32), epochs=12, batch_size=1000)
    assert found.kind == "rising"
    repaired = applied(project, found.fixes[0].edits)
    assert repaired.compile.optimizer.params["learning_rate"] < 0.05
    assert kind(trained.again(repaired)) != "rising"


def test_a_loss_that_stands_still(trained):
    found, project = trained(diabetes(), [1], loss="MeanSquaredError", optimizer=adam(1e-8), epochs=6)
    assert found.kind == "stalled"
    assert applied(project, found.fixes[0].edits).compile.optimizer.params["learning_rate"] == 1e-7
    found, _ = trained(diabetes(), [1], loss="MeanSquaredError", optimizer=adam(0.5), epochs=6)
    assert kind(found) != "stalled"


def test_rows_that_are_learned_by_heart(trained):
    data = {"source": "random", "shape": [20], "classes": 3, "rows": 150, "features": [20]}
    hidden = {"units": 64, "activation": "relu"}
    layers = [hidden, hidden, {"units": 3, "activation": "softmax"}]
    found, project = trained(data, layers, loss=CLASSES, optimizer=adam(0.005), epochs=30)
    assert found.kind == "overfitting"
    fixes = {fix.label: applied(project, fix.edits) for fix in found.fixes}
    assert fixes["Stop early"].training.callbacks[0].name == "EarlyStopping"
    assert fixes["Add Dropout before dense_2"].model.nodes[-1].inputs == ("dropout_1",)
    small = [{"units": 4, "activation": "relu"}, {"units": 3, "activation": "softmax"}]
    data = {"source": "wine", "features": [13]}
    found, _ = trained(data, small, loss=CLASSES, optimizer=adam(0.005), epochs=30)
    assert kind(found) != "overfitting"


def test_steps_that_are_too_long(trained):
    """Columns that are not scaled, and a rate for columns that are."""
    data = {"source": "wine", "scaling": "none", "features": [13]}
    layers = [{"units": 3, "activation": "softmax"}]
    found, project = trained(data, layers, loss=CLASSES, optimizer=sgd(0.01), epochs=15)
    assert found.kind == "rate_too_high"
    assert applied(project, found.fixes[0].edits).compile.optimizer.params["learning_rate"] < 0.01
    data = {"source": "wine", "features": [13]}  # scaled
    found, _ = trained(data, layers, loss=CLASSES, optimizer=sgd(0.01), epochs=15)
    assert kind(found) != "rate_too_high"
    learned = [1.2, 0.1, 0.01, *(0.0001 if place % 2 else 0.0004 for place in range(20))]
    view = fold([Epoch(place, {"loss": loss}) for place, loss in enumerate(learned)])
    assert kind(health.finding(project, view, None)) != "rate_too_high", "at the minimum a jump costs nothing"


def test_steps_that_are_too_short(trained):
    found, project = trained(diabetes(), [1], loss="MeanAbsoluteError", optimizer=adam(0.02), epochs=8)
    assert found.kind == "rate_too_low"
    assert applied(project, found.fixes[0].edits).compile.optimizer.params["learning_rate"] == 0.06
    found, _ = trained(diabetes(), [1], loss="MeanAbsoluteError", optimizer=adam(20.0), epochs=8)
    assert kind(found) != "rate_too_low"
