"""How many parameters a model would have at least, by formula, from what the file claims that its layers are fed.

The claims may lie, so this only saves the time for models that say themselves that they are too large; before
anything is built `core.build.check` counts exactly, on shapes alone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from core.errors import ImportRefused
from core.importing.limits import Limits
from core.spec import ModelSpec

Params = Mapping[str, Any]
_GATES = {"SimpleRNN": 1, "GRU": 3, "LSTM": 4, "ConvLSTM1D": 4, "ConvLSTM2D": 4, "ConvLSTM3D": 4}
_WRAPPERS = {"Bidirectional": 2, "TimeDistributed": 1, "SpectralNormalization": 1}


def refuse_too_large(spec: ModelSpec, claims: Mapping[str, Sequence[int | None]], limits: Limits) -> None:
    """Look at all layers with weights of their own.

    Args:
        spec: the graph.
        claims: for each node the shape that it is fed, batch first.
        limits: how many parameters are taken.

    Raises:
        ImportRefused: if there are more; names the largest layer.
    """
    counts = {
        node.id: at_least(node.layer, node.params, claims.get(node.id, ()))
        for node in spec.nodes
        if node.shared_with is None
    }
    total = sum(counts.values())
    if total > limits.parameters:
        largest = max(counts, key=lambda name: counts[name])
        raise ImportRefused(
            largest, f"this model has at least {total:,} parameters, {counts[largest]:,} of them here; at most "
            f"{limits.parameters:,} are taken. EAGERLY_MAX_PARAMETERS sets the limit.",
        )  # fmt: skip


def at_least(layer: str, params: Params, shape: Sequence[int | None]) -> int:
    """The least number of parameters of a layer; 0 where nothing is known."""
    if layer in _WRAPPERS:
        inner = params.get("layer")
        if not isinstance(inner, dict):
            return 0
        return _WRAPPERS[layer] * at_least(str(inner.get("name")), inner.get("params") or {}, shape)
    channels = shape[-1] if shape and type(shape[-1]) is int else 1
    axes = max(1, len(shape) - 2)
    if layer == "Embedding" or layer == "ReversibleEmbedding":
        return _number(params, "input_dim") * _number(params, "output_dim")
    if layer in _GATES:
        width = _number(params, "units" if "units" in params else "filters")
        return _GATES[layer] * _window(params, axes - 1) * width * (channels + width)
    if layer == "MultiHeadAttention":
        return 4 * channels * _number(params, "num_heads") * _number(params, "key_dim")
    if layer.startswith("Depthwise"):
        return _window(params, axes) * channels * _number(params, "depth_multiplier")
    if layer.startswith("Separable"):
        spread = channels * _number(params, "depth_multiplier")
        return _window(params, axes) * spread + spread * _number(params, "filters")
    if layer.startswith("Conv"):
        return _window(params, axes) * (channels // _number(params, "groups")) * _number(params, "filters")
    return channels * _number(params, "units") if "units" in params else 0


def _number(params: Params, name: str) -> int:
    value = params.get(name)
    return value if type(value) is int and value > 0 else 1


def _window(params: Params, axes: int) -> int:
    size = params.get("kernel_size", 1)
    if isinstance(size, list):
        return math.prod(one for one in size if type(one) is int)
    return size**axes if type(size) is int else 1
