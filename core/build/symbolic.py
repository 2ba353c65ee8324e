"""One layer called on nothing but shapes: what it gives and how many weights it would have; nothing is allocated."""

from __future__ import annotations

import json
import math
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import keras

from core.build.flops import flops
from core.build.network import called
from core.build.objects import keras_object
from core.errors import BuildError
from core.spec import Node, Params

Shape = tuple[int | None, ...]
_REMEMBERED = 4096


@dataclass(frozen=True)
class Spec:
    """A tensor that is not there: its shape with the batch axis, and its dtype."""

    shape: Shape
    dtype: str


@dataclass(frozen=True)
class Outcome:
    """What a layer gives; or `fault`, the words in which Keras refused it."""

    specs: tuple[Spec, ...] = ()
    parameters: int = 0
    trainable_parameters: int = 0
    flops: int | None = None
    fault: str = ""


_OUTCOMES: OrderedDict[str, Outcome] = OrderedDict()


def outcome(node: Node, inputs: tuple[Spec, ...], built_on: tuple[Spec, ...] = ()) -> Outcome:
    """What the node's layer makes of its inputs; remembered by layer, params and inputs.

    Args:
        node: obeys the catalog's rules.
        inputs: what feeds it, in order.
        built_on: for a node that uses another's weights, what feeds that one: its weights have their shapes.
    """
    key = json.dumps([node.layer, node.params, _key(inputs), _key(built_on)], sort_keys=True)
    if key in _OUTCOMES:
        _OUTCOMES.move_to_end(key)
        return _OUTCOMES[key]
    found = _OUTCOMES[key] = _computed(node, node.params, inputs, built_on)
    if len(_OUTCOMES) > _REMEMBERED:
        _OUTCOMES.popitem(last=False)
    return found


def _key(specs: tuple[Spec, ...]) -> list[Any]:
    return [[*spec.shape, spec.dtype] for spec in specs]


def _computed(node: Node, params: Params, inputs: tuple[Spec, ...], built_on: tuple[Spec, ...]) -> Outcome:
    try:
        with keras.StatelessScope(initialize_variables=False):
            layer = keras_object("layer", {"name": node.layer, "params": params})
            if node.layer == "Input":
                return Outcome(specs=_specs(layer), flops=0)
            if built_on:
                called(layer, node, [_tensor(spec) for spec in built_on])
            specs = _specs(called(layer, node, [_tensor(spec) for spec in inputs]))
            return Outcome(specs, *_counts(layer), flops=_flops(layer, inputs, specs))
    except BuildError as fault:
        return Outcome(fault=str(fault.__cause__ or fault.message))
    except Exception as refusal:  # Keras and TensorFlow raise many kinds; all mean that this layer cannot be
        return Outcome(fault=f"{refusal}" or type(refusal).__name__)
    finally:
        keras.backend.clear_session(free_memory=False)  # forgets the variables that wait to be made


def _tensor(spec: Spec) -> Any:
    return keras.KerasTensor(spec.shape, dtype=spec.dtype)


def _specs(result: Any) -> tuple[Spec, ...]:
    tensors = result if isinstance(result, list | tuple) else [result]
    return tuple(
        Spec(tuple(None if size is None else int(size) for size in tensor.shape), str(tensor.dtype))
        for tensor in tensors
    )


def _counts(layer: Any) -> tuple[int, int]:
    """All weights, and those that are trained."""
    sizes = [[math.prod(weight.shape) for weight in some] for some in (layer.weights, layer.trainable_weights)]
    return sum(sizes[0]), sum(sizes[1])


def _flops(layer: Any, inputs: tuple[Spec, ...], outputs: tuple[Spec, ...]) -> int | None:
    try:
        return flops(layer, [spec.shape[1:] for spec in inputs], [spec.shape[1:] for spec in outputs])
    except (AttributeError, KeyError, IndexError, TypeError):  # a wrapper around a layer without a formula
        return None
