"""Puts what was learned from the training rows in front of a trained network, as Keras layers: it takes raw rows then.

A table's model takes an object of columns: numbers as they are (NaN for a gap), texts (empty for a gap). For windows
each has the values of a window's rows, and texts come as a tensor (`tf.constant`): Keras takes no other array of lists
of texts. A model of a user's own pictures takes them in any size, one size a batch, and resizes them as their reader
does. Keras has no layer that reads dates, so each part of a date is an input of its own, such as `when.year`.
"""

from __future__ import annotations

import re
from typing import Any

import keras
import numpy as np
from keras import ops

from core import graph
from core.data import Prepared, shaping
from core.data.encoders import CategoryEncoder, DateEncoder, NumberEncoder
from core.data.prepare import ArrayPreparation, TablePreparation, WindowsPreparation
from core.data.scales import Scale
from core.data.texts import TextPreparation
from core.spec import ImagesData, Node, Project

_SMALLEST = 1e-6
"""Keras's Normalization divides by no smaller number than about this."""


Shape = tuple[int, ...]


def in_front(network: Any, project: Project, ready: Prepared) -> Any:
    """A model that takes rows as the user has them, or the network itself if its rows are not prepared at all.

    Args:
        network: the trained model, whose inputs are the project's Input nodes.
        project: says which columns go to which Input.
        ready: the data with its preparation.
    """
    preparation = ready.preparation
    if isinstance(preparation, TextPreparation):
        inputs, features = _text(preparation)
    elif isinstance(preparation, TablePreparation):
        inputs, features = _table(preparation)
    elif isinstance(preparation, ArrayPreparation) and not preparation.integers:
        inputs, pixels = _array(ready.raw.features.shape[1:], project)
        features = _scaled(pixels, preparation.scale)
    else:
        return network
    nodes = graph.inputs(project.model)
    given = [_of(node, project, ready, features) for node in nodes]
    if not isinstance(inputs, dict) and len(given) == 1 and given[0] is inputs:
        return network
    network.name = "network"
    given = [ops.cast(one, takes.dtype) for one, takes in zip(given, network.inputs, strict=True)]
    return keras.Model(inputs, network(given if len(given) > 1 else given[0]))


def _array(shape: Shape, project: Project) -> tuple[Any, Any]:
    """An input for the rows, and the same as the reader gives them: a user's own pictures may be of any size.

    Keras's antialiased bilinear filter is Pillow's, which rounds: pixels from 0 to 255 differ by 1 at most.
    """
    if not isinstance(project.data, ImagesData):
        inputs = keras.Input(shape, name="rows")
        return inputs, inputs
    height, width, channels = shape
    inputs = keras.Input((None, None, channels), name="rows")
    return inputs, ops.round(keras.layers.Resizing(height, width, antialias=True)(inputs))


def _of(node: Node, project: Project, ready: Prepared, features: Any) -> Any:
    """What an Input node gets, as `core.data.shaping` has it."""
    asked = (project.data.inputs or {}).get(node.id)
    if asked:
        features = ops.take(features, shaping.places(node.id, asked, ready.preparation), axis=-1)
    shape = shaping.shape(node, features.shape[1:])
    return features if tuple(features.shape[1:]) == shape else keras.layers.Reshape(shape)(features)


def _scaled(values: Any, scale: Scale) -> Any:
    """Numbers less `shift`, divided by `by`; one of each, or one for each feature."""
    shift, by = np.asarray(scale.shift, np.float32), np.asarray(scale.by, np.float32)
    if not shift.any():
        if (by == 1).all():
            return values
        if not by.ndim:
            return keras.layers.Rescaling(1 / float(by))(values)
    if by.min() < _SMALLEST:
        return (values - shift) / by
    axis = tuple(range(1, 1 + shift.ndim)) or None
    return keras.layers.Normalization(axis=axis, mean=shift, variance=np.square(by))(values)


def _table(preparation: TablePreparation) -> tuple[dict[str, Any], Any]:
    """An input for each column, and all that they become side by side."""
    inputs: dict[str, Any] = {}
    shape = (preparation.length, 1) if isinstance(preparation, WindowsPreparation) else (1,)
    parts = []
    for encoder in preparation.encoders:
        match encoder:
            case DateEncoder():
                parts += [_number(number, inputs, shape) for number in encoder.numbers]
            case NumberEncoder():
                parts.append(_number(encoder, inputs, shape))
            case CategoryEncoder():
                parts.append(_category(encoder, inputs, shape))
    return inputs, ops.concatenate(parts, axis=-1) if len(parts) > 1 else parts[0]


def _text(preparation: TextPreparation) -> tuple[dict[str, Any], Any]:
    inputs: dict[str, Any] = {}
    given = _input(preparation.name, "string", inputs, (1,))
    layer = keras.layers.TextVectorization(
        vocabulary=list(preparation.vocabulary), output_sequence_length=preparation.length
    )
    return inputs, layer(given)


def _number(encoder: NumberEncoder, inputs: dict[str, Any], shape: Shape) -> Any:
    given = _input(encoder.column.name, "float32", inputs, shape)
    return _scaled(ops.where(ops.isnan(given), encoder.fill, given), encoder.scale)


def _category(encoder: CategoryEncoder, inputs: dict[str, Any], shape: Shape) -> Any:
    """Place 0 is none of the categories; an empty text is looked up as one more, and gets the place of the filling."""
    column = encoder.column
    given = _input(column.name, "string", inputs, shape)
    words = [*column.categories, *([""] if column.fill is not None else [])]
    places = keras.layers.StringLookup(vocabulary=words)(given)
    if column.fill is not None:
        filling = column.categories.index(str(column.fill)) + 1
        places = ops.where(ops.equal(places, len(words)), filling, places)
    if column.encoding != "one_hot":
        return ops.cast(places, "float32")
    one_hot = keras.layers.CategoryEncoding(num_tokens=len(column.categories) + 1, output_mode="one_hot")
    return one_hot(places)[..., 1:]


def _input(name: str, dtype: str, inputs: dict[str, Any], shape: Shape) -> Any:
    """Named as its column, where a layer may be called so and no other is."""
    is_free = _NUMBER.sub("", name) not in _LAYERS and not set(name) & set("/\\")
    inputs[name] = keras.Input(shape, dtype=dtype, name=name if is_free else f"column_{len(inputs) + 1}")
    return inputs[name]


_NUMBER = re.compile(r"_\d+$")
_LAYERS = frozenset(
    ["network", "normalization", "rescaling", "string_lookup", "category_encoding", "reshape", "where", "isnan", "cast"]
) | {"concatenate", "take", "get_item", "equal", "subtract", "divide", "true_divide", "column", "text_vectorization"}
"""What Keras and we call the layers in front."""
