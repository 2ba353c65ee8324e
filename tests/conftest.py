"""One warm engine for all the tests of a session: warming up takes long."""

from __future__ import annotations

import pytest

from core import settings
from core.engine import Engine
from core.spec import Project


@pytest.fixture(scope="session")
def engine(tmp_path_factory):
    engine = Engine(settings.load({"EAGERLY_HOME": str(tmp_path_factory.mktemp("engine"))}))
    engine.start()
    engine.wait_warm(180)
    yield engine
    engine.stop()


@pytest.fixture
def digits():
    return Project.model_validate(
        {
            "name": "Digits, dense",
            "data": {"source": "digits"},
            "model": {
                "nodes": [
                    {"id": "input_1", "layer": "Input", "params": {"shape": [64]}},
                    dense("dense_1", 128, "relu", "input_1"),
                    dense("dense_2", 10, "softmax", "dense_1"),
                ],
                "outputs": ["dense_2"],
            },
            "compile": {"loss": "SparseCategoricalCrossentropy", "metrics": ["SparseCategoricalAccuracy"]},
        }
    )


def dense(name, units, activation, after):
    return {"id": name, "layer": "Dense", "params": {"units": units, "activation": activation}, "inputs": [after]}
