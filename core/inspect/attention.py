"""Where the attention layers of a model look, for one row."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.data.facts import Array

MOST_HEADS = 8
MOST_PLACES = 64
KINDS = ("MultiHeadAttention", "GroupQueryAttention", "Attention", "AdditiveAttention")


def maps(model: Any, layer: Any, row: list[Array]) -> list[list[list[float]]]:
    """For each head a picture (queries × keys, up to 64 of each) of shares that sum to 1 in each line.

    Empty for layers of other kinds (Vaswani et al., 2017, arXiv 1706.03762).
    """
    if type(layer).__name__ not in KINDS:
        return []
    import keras

    arguments = layer._inbound_nodes[0].arguments
    tensors = list({id(tensor): tensor for tensor in arguments.keras_tensors}.values())
    found = keras.Model(model.inputs, tensors)(row if len(row) > 1 else row[0], training=False)
    listed = found if isinstance(found, list | tuple) else [found]
    given, named = arguments.fill_in({id(tensor): value for tensor, value in zip(tensors, listed, strict=True)})
    _, scores = layer(*given, **{**named, "return_attention_scores": True})
    shares = np.asarray(scores, np.float64)[0]
    heads = shares[np.newaxis] if shares.ndim == 2 else shares
    if heads.ndim != 3:
        return []
    return heads[:MOST_HEADS, :MOST_PLACES, :MOST_PLACES].round(4).tolist()  # type: ignore[no-any-return]
