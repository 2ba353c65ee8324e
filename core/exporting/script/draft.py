"""The model as plain Keras code for the page, at every moment: also while it is not finished."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core import blocks, graph
from core.errors import SpecError
from core.exporting.script import model
from core.spec import ModelSpec, Node, Project


@dataclass(frozen=True)
class ModelCode:
    """`lines` has for each node the first and the last of its lines, counted from 1."""

    text: str
    lines: Mapping[str, tuple[int, int]]


def model_code(project: Project) -> ModelCode:
    """The code that makes the model, as an exported script has it.

    What is not there yet is an ellipsis under a comment that says what is missing. A node that a block repeats has the
    lines in the body of the loop, or those of its last copy. Never raises, and needs no Keras.
    """
    spec = project.model
    if not spec.nodes:
        return ModelCode("import keras\n\n# The model has no layers yet.\n", {})
    known = spec.model_copy(update={"nodes": tuple(graph.by_id(spec).values())})  # of two with one id the first
    expansion = blocks.expansion(blocks.sound(known))
    try:
        parts = model.parts(known, expansion, _order(expansion.model), draft=True)
    except SpecError as fault:
        parts = [model.Part(f"# {fault}")]
    written = ["import keras", ""]
    lines: dict[str, tuple[int, int]] = {}
    for part in parts:
        begin = len(written) + 1
        written += part.text.split("\n")
        original = expansion.originals.get(part.node or "")
        if original is not None:
            is_next = original in lines and lines[original][1] == begin - 1
            lines[original] = (lines[original][0] if is_next else begin, len(written))
    return ModelCode("\n".join(written) + "\n", lines)


def _order(spec: ModelSpec) -> tuple[Node, ...]:
    """As layers are made; those that feed each other in a circle come last."""
    first = graph.sortable(spec)
    there = {node.id for node in first}
    return (*first, *(node for node in spec.nodes if node.id not in there))
