"""The catalog as the canvas needs it: one row for each layer, as JSON."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from components import words
from core import catalog
from core.catalog import Entry

COMMON = frozenset(
    [
        "Input",
        "Dense",
        "Activation",
        "Embedding",
        "Conv1D",
        "Conv2D",
        "SeparableConv2D",
        "MaxPooling1D",
        "MaxPooling2D",
        "AveragePooling2D",
        "GlobalAveragePooling1D",
        "GlobalAveragePooling2D",
        "LSTM",
        "GRU",
        "Bidirectional",
        "TimeDistributed",
        "BatchNormalization",
        "LayerNormalization",
        "Dropout",
        "MultiHeadAttention",
        "Flatten",
        "Reshape",
        "UpSampling2D",
        "Add",
        "Concatenate",
        "Multiply",
        "Rescaling",
        "Normalization",
        "ReLU",
        "LeakyReLU",
    ]
)
"""What the palette shows before anything is searched; everything else is one click or one word away."""
MOST_BRIEF = 4
SILENT = ("dtype", "mask_zero", "return_sequences", "trainable", "dropout", "momentum", "value_dim")
"""Parameters that a beginner sees in the panel, but that do not help to tell one layer from another."""


@cache
def as_json() -> bytes:
    """`{layer: row}`, refused layers with their reason included."""
    rows = {entry.name: _row(entry) for entry in catalog.entries("layer", offered_only=False)}
    return json.dumps(rows, separators=(",", ":"), ensure_ascii=False).encode()


def _row(entry: Entry) -> dict[str, Any]:
    return {
        "category": entry.category,
        "colour": words.COLOURS.get(entry.category, "gray"),
        "summary": entry.summary,
        "arity": entry.arity,
        "fewest": entry.fewest,
        "most": entry.most,
        "input_names": list(entry.input_names),
        "start": entry.starting_params(),
        "params": [param.name for param in entry.params],
        "required": [param.name for param in entry.params if param.default is catalog.REQUIRED],
        "brief": _brief(entry),
        "is_common": entry.name in COMMON,
        "taught": entry.taught,
        "offered": entry.offered,
        "reason": entry.reason,
    }


def _brief(entry: Entry) -> list[str]:
    """The parameters that matter, in the order in which they are written on a node."""
    telling = [param.name for param in entry.params if param.basic and param.name not in SILENT]
    return telling[:MOST_BRIEF]
