"""Models as Keras writes them, made by hand: the words of a file without Keras."""

from __future__ import annotations

import io
import json
import zipfile


def keras_object(class_name, config=None, module="keras.layers", **more):
    return {"module": module, "class_name": class_name, "config": config or {}, "registered_name": None, **more}


def tensor(layer, call=0, slot=0, shape=(None, 4)):
    config = {"shape": list(shape), "dtype": "float32", "keras_history": [layer, call, slot]}
    return {"class_name": "__keras_tensor__", "config": config}


def call(*args, **kwargs):
    return {"args": list(args), "kwargs": kwargs}


def layer(class_name, name, *calls, module="keras.layers", **config):
    """A layer of a Functional model; a call is what it is given, or a whole `call(…)`."""
    found = [one if isinstance(one, dict) and "kwargs" in one else call(one) for one in calls]
    return keras_object(class_name, {"name": name, **config}, module, name=name, inbound_nodes=found)


def source(name="x", shape=(None, 4)):
    return layer("InputLayer", name, batch_shape=list(shape), dtype="float32")


def functional(*layers, inputs=("x",), outputs=("y",), **more):
    """The text of `to_json()`; the first and the last layer are called x and y."""
    config = {
        "name": "written",
        "trainable": True,
        "layers": list(layers),
        "input_layers": [[name, 0, 0] for name in inputs],
        "output_layers": [[name, 0, 0] for name in outputs],
    }
    return keras_object("Functional", config, "keras.src.models.functional", **more)


def sequential(*layers, name="chain", **config):
    return keras_object("Sequential", {"name": name, "layers": list(layers), **config}, "keras")


def chain(class_name="Dense", name="y", **config):
    """The smallest model: an input and one layer."""
    return functional(source(), layer(class_name, name, tensor("x"), **config), outputs=(name,))


def packed(model, weights=b"", *more, compression=zipfile.ZIP_STORED):
    """A `.keras` file; `more` are further members, (name, content)."""
    config = model if isinstance(model, str) else json.dumps(model)
    found = [("metadata.json", '{"keras_version": "3.15.1"}'), ("config.json", config)]
    found += [("model.weights.h5", weights)] if weights else []
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in [*found, *more]:
            archive.writestr(name, content)
    return buffer.getvalue()
