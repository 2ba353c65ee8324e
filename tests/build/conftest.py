from __future__ import annotations

import pytest

from core import document


@pytest.fixture(scope="session")
def keras():
    """Keras, loaded once for all tests of this room."""
    import keras

    return keras


@pytest.fixture(scope="session")
def make():
    """Makes a project: nodes as (id, layer, *inputs, params), the last one the output unless said otherwise."""

    def project(*nodes, outputs=None, data=None, training=None, **compile_):
        written = []
        for name, layer, *inputs, params in nodes:
            own = {key: value for key, value in params.items() if key != "shared_with"}
            shared_with = params.get("shared_with")
            written.append({"id": name, "layer": layer, "params": own, "inputs": inputs, "shared_with": shared_with})
        return document.from_dict(
            {
                "data": data or {"source": "digits"},
                "model": {"nodes": written, "outputs": outputs or [written[-1]["id"]]},
                "compile": compile_ or {"loss": "sparse_categorical_crossentropy"},
                "training": training or {},
            }
        )

    return project


@pytest.fixture(scope="session")
def folders(tmp_path_factory):
    from core.data.facts import Folders

    return Folders(tmp_path_factory.mktemp("uploads"), tmp_path_factory.mktemp("datasets"))


@pytest.fixture(scope="session")
def check(keras):
    from core.build.check import check

    return check
