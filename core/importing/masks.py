"""Masks that Keras wrote into the links: taken where our build makes the same one by itself."""

from __future__ import annotations

from collections.abc import Callable

from core.importing.operations import Tensor
from core.importing.written import Model, Part
from core.spec import ModelSpec

Source = Callable[[Tensor], str | None]


def is_mask_of(spec: ModelSpec, model: Model, mask: Tensor, source: Source) -> bool:
    """Is this the mask that an `Embedding(mask_zero=True)` or a `Masking` of the graph makes?

    Embedding: `x != 0`. Masking: `any(x != mask_value, axis=-1)`. See their `compute_mask` in Keras.

    Args:
        spec: the graph, links resolved.
        model: where the mask stands.
        mask: the tensor that is given as the mask.
        source: the node whose result a tensor is.
    """
    part, layer = model.parts.get(mask.layer), "Embedding"
    if part and part.class_name == "Any" and part.config.get("axis") == -1 and not part.config.get("keepdims"):
        given = _args(part)
        part = model.parts.get(given[0].layer) if len(given) == 1 and isinstance(given[0], Tensor) else None
        layer = "Masking"
    if part is None or part.kind != "mask" or part.class_name != "NotEqual":
        return False
    given = _args(part)
    if len(given) != 2 or not isinstance(given[0], Tensor) or type(given[1]) not in (int, float):
        return False
    masked = source(given[0])
    value = "mask_zero" if layer == "Embedding" else "mask_value"
    needed = True if layer == "Embedding" else given[1]
    return (layer == "Masking" or given[1] == 0) and any(
        node.layer == layer and node.inputs == (masked,) and node.params.get(value, 0) == needed for node in spec.nodes
    )


def _args(part: Part) -> tuple[object, ...]:
    return part.calls[0].args if len(part.calls) == 1 else ()
