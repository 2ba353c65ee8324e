"""Each illness is found in a network that has it, and in no healthy one; all of them really train."""

from __future__ import annotations

import pytest

from core import health
from core.data import Folders, load
from core.edits import applied
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
    from core import train

    def run(data, layers, *, loss, optimizer, epochs, batch_size=32):
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
        events = []
        folders = Folders(tmp_path / "uploads", tmp_path / "datasets", tmp_path)
        train.run(project, load(project, folders), tmp_path / "run", events.append, Silent())
        return health.finding(project, fold(events)), project

    return run


def diabetes():
    return {"source": "diabetes", "features": [10]}


def adam(rate):
    return {"name": "Adam", "params": {"learning_rate": rate}}


def sgd(rate):
    return {"name": "SGD", "params": {"learning_rate": rate}}


def test_a_healthy_run_is_left_alone(trained):
    data = {"source": "wine", "features": [13]}
    layers = [{"units": 16, "activation": "relu"}, {"units": 3, "activation": "softmax"}]
    found, _ = trained(data, layers, loss="SparseCategoricalCrossentropy", optimizer=adam(0.005), epochs=12)
    assert found is None


def test_numbers_that_overflow(trained):
    found, project = trained(diabetes(), [1], loss="MeanSquaredError", optimizer=sgd(1e9), epochs=3)
    assert found.kind == "not_finite"
    repaired = applied(project, found.fixes[0].edits)
    assert repaired.compile.optimizer.params["learning_rate"] == 0.01


def test_a_loss_that_rises(trained):
    """Full-batch descent diverges slowly just above the rate at which it would oscillate for ever."""
    found, project = trained(diabetes(), [1], loss="MeanSquaredError", optimizer=sgd(0.32), epochs=12, batch_size=1000)
    assert found.kind == "rising"
    assert applied(project, found.fixes[0].edits).compile.optimizer.params["learning_rate"] < 0.05


def test_a_loss_that_stands_still(trained):
    found, project = trained(diabetes(), [1], loss="MeanSquaredError", optimizer=adam(1e-8), epochs=6)
    assert found.kind == "stalled"
    assert applied(project, found.fixes[0].edits).compile.optimizer.params["learning_rate"] == 1e-7


def test_rows_that_are_learned_by_heart(trained):
    data = {"source": "random", "shape": [20], "classes": 3, "rows": 150, "features": [20]}
    hidden = {"units": 64, "activation": "relu"}
    layers = [hidden, hidden, {"units": 3, "activation": "softmax"}]
    found, project = trained(data, layers, loss="SparseCategoricalCrossentropy", optimizer=adam(0.005), epochs=30)
    assert found.kind == "overfitting"
    fixes = {fix.label: applied(project, fix.edits) for fix in found.fixes}
    assert fixes["Stop early"].training.callbacks[0].name == "EarlyStopping"
    assert fixes["Add Dropout before dense_2"].model.nodes[-1].inputs == ("dropout_1",)


def test_steps_that_are_too_long(trained):
    """Columns that are not scaled, and a rate for columns that are."""
    data = {"source": "wine", "scaling": "none", "features": [13]}
    layers = [{"units": 3, "activation": "softmax"}]
    found, project = trained(data, layers, loss="SparseCategoricalCrossentropy", optimizer=sgd(0.01), epochs=15)
    assert found.kind == "rate_too_high"
    assert applied(project, found.fixes[0].edits).compile.optimizer.params["learning_rate"] < 0.01


def test_steps_that_are_too_short(trained):
    found, _ = trained(diabetes(), [1], loss="MeanAbsoluteError", optimizer=adam(0.02), epochs=8)
    assert found.kind == "rate_too_low"
