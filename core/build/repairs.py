"""Repairs for what Keras refuses: which edits bring the shapes together."""

from __future__ import annotations

import math

from pydantic import JsonValue

from core.build.walk import Refusal
from core.edits import Edit, InsertBefore, Remove, ResetParam, SetParam, Share
from core.problems import Fix

_RECURRENT = ("LSTM", "GRU", "SimpleRNN", "ConvLSTM2D", "Bidirectional")
_FLATTENING = (
    "Flatten",
    "GlobalAveragePooling1D",
    "GlobalAveragePooling2D",
    "GlobalMaxPooling1D",
    "GlobalMaxPooling2D",
)


def others(refusal: Refusal, fix: Fix | None) -> tuple[Fix, ...]:
    """What can be done instead of a repair: to do without the layer, if it stands on one link."""
    gone = Remove(node=refusal.node.id)
    if fix is None or fix.edits == (gone,) or refusal.entry.arity != "one" or len(refusal.node.inputs) != 1:
        return ()
    return (Fix(f"Remove {refusal.node.id}", (gone,)),)


def set_param(refusal: Refusal, name: str, value: JsonValue) -> Fix:
    return Fix(f"Set {name} to {value}", (SetParam(node=refusal.node.id, name=name, value=value),))


def reset(refusal: Refusal, name: str) -> Fix:
    return Fix(f"Reset {name}", (ResetParam(node=refusal.node.id, name=name),))


def own_weights(refusal: Refusal) -> Fix:
    return Fix("Give it its own weights", (Share(node=refusal.node.id, shared_with=None),))


def with_padding(refusal: Refusal) -> Fix | None:
    """The window may reach over the edge, where the layer has `padding`."""
    has_padding = any(param.name == "padding" for param in refusal.entry.params)
    if not has_padding or refusal.node.params.get("padding") == "same" or refusal.entry.category == "reshaping":
        return None
    return set_param(refusal, "padding", "same")


def dividing_groups(refusal: Refusal) -> Fix | None:
    """The largest number of groups up to the present one that divides the channels, and the filters if it has some."""
    channels, asked = refusal.row()[-1], refusal.node.params.get("groups", 32)
    filters = refusal.node.params.get("filters")
    if channels is None or not isinstance(asked, int):
        return None
    common = math.gcd(channels, filters) if isinstance(filters, int) else channels
    return set_param(refusal, "groups", max(size for size in range(1, min(asked, common) + 1) if common % size == 0))


def other_axes(refusal: Refusal, needed: int, found: int) -> Fix | None:
    """Rows with another number of axes: undo what took them away, or arrange the values anew."""
    node, parent, row = refusal.node, refusal.parent, refusal.row()
    if found < needed and parent is not None:
        if parent.layer in _RECURRENT and parent.params.get("return_sequences") is not True:
            edit = SetParam(node=parent.id, name="return_sequences", value=True)
            return Fix(f"Turn return_sequences on in {parent.id}", (edit,))
        if parent.layer in _FLATTENING:
            return Fix(f"Remove {parent.id}", (Remove(node=parent.id),))
    if found < needed and refusal.node.layer.startswith("Global"):
        return Fix(f"Remove {node.id}", (Remove(node=node.id),))
    if found > needed == 1:
        return Fix(f"Insert Flatten before {node.id}", (InsertBefore(node=node.id, layer="Flatten"),))
    target = _arranged(row, needed)
    if target is None:
        return None
    edits = tuple(
        InsertBefore(node=node.id, layer="Reshape", params={"target_shape": target}, link=link)
        for link in range(len(node.inputs))
        if refusal.row(link) == row
    )
    return Fix(f"Insert Reshape to {target} before {node.id}", edits)


def _arranged(row: tuple[int | None, ...], axes: int) -> list[JsonValue] | None:
    """The same values in rows of `axes` axes: a picture where they make a square, else single channels."""
    sizes = [size for size in row if size is not None]
    if len(sizes) < len(row):
        return None
    if len(sizes) > axes:  # the last axes become one: the rows of a picture become steps
        return [*sizes[: axes - 1], math.prod(sizes[axes - 1 :])]
    if len(sizes) == 1 and axes == 3:
        return _picture(sizes[0])
    return [*sizes, *[1] * (axes - len(sizes))]


def _picture(size: int) -> list[JsonValue]:
    for channels in (1, 3):
        side = math.isqrt(size // channels)
        if side * side * channels == size:
            return [side, side, channels]
    return [size, 1, 1]


def equal_shapes(refusal: Refusal) -> Fix | None:
    """For a merge: another axis, Flatten on each link, or a Dense that brings the last axis to one width."""
    rows = [refusal.row(link) for link in range(len(refusal.inputs))]
    if refusal.node.layer == "Concatenate":
        return _along_an_axis(refusal, rows) or _flattened(refusal, rows)
    if refusal.node.layer == "Dot" or len({row[:-1] for row in rows}) > 1:
        return None
    width = rows[0][-1]
    if width is None:
        return None
    edits: tuple[Edit, ...] = tuple(
        InsertBefore(node=refusal.node.id, layer="Dense", params={"units": width}, link=link)
        for link, row in enumerate(rows)
        if row[-1] != width
    )
    return Fix(f"Insert Dense({width}) so that the widths agree", edits)


def _along_an_axis(refusal: Refusal, rows: list[tuple[int | None, ...]]) -> Fix | None:
    """The one axis in which alone the shapes differ."""
    if len({len(row) for row in rows}) > 1:
        return None
    differing = [axis for axis, sizes in enumerate(zip(*rows, strict=True)) if len(set(sizes)) > 1]
    return set_param(refusal, "axis", differing[0] + 1) if len(differing) == 1 else None


def _flattened(refusal: Refusal, rows: list[tuple[int | None, ...]]) -> Fix:
    edits: list[Edit] = [
        InsertBefore(node=refusal.node.id, layer="Flatten", link=link) for link, row in enumerate(rows) if len(row) > 1
    ]
    if "axis" in refusal.node.params:
        edits.append(ResetParam(node=refusal.node.id, name="axis"))
    return Fix("Insert Flatten before its inputs", tuple(edits))
