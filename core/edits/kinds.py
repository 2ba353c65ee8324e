"""The kinds of edit: tagged, typed values that the page, a fix and a test can all write down."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, JsonValue, TypeAdapter, ValidationError

from core.errors import SpecError
from core.spec import Frozen, InputRef, NodeId, Params

LayerName = Annotated[str, Field(min_length=1, max_length=80)]
ParamName = Annotated[str, Field(min_length=1, max_length=80)]


class Add(Frozen):
    """A new layer behind `after`; without it behind the output. What `after` fed, the new layer feeds now."""

    op: Literal["add"] = "add"
    layer: LayerName
    params: Params = Field(default_factory=dict)
    after: NodeId | None = None
    id: NodeId | None = None


class InsertBefore(Frozen):
    """A new layer on the link into `node`; `link` says which of its inputs, counted from 0."""

    op: Literal["insert_before"] = "insert_before"
    node: NodeId
    layer: LayerName
    params: Params = Field(default_factory=dict)
    link: Annotated[int, Field(ge=0)] = 0
    id: NodeId | None = None


class Remove(Frozen):
    """The layer goes; those that it fed take its inputs."""

    op: Literal["remove"] = "remove"
    node: NodeId


class Move(Frozen):
    """The layer leaves its place, which heals, and goes behind `after`; without it behind the first input."""

    op: Literal["move"] = "move"
    node: NodeId
    after: NodeId | None = None


class Duplicate(Frozen):
    """A second layer of the same parameters, behind the first in a chain, else beside it."""

    op: Literal["duplicate"] = "duplicate"
    node: NodeId


class Rename(Frozen):
    """A new id; every reference follows."""

    op: Literal["rename"] = "rename"
    node: NodeId
    to: NodeId


class SetParam(Frozen):
    """A parameter gets a value. A value that breaks its rule is kept, and reported by `core.validate`."""

    op: Literal["set_param"] = "set_param"
    node: NodeId
    name: ParamName
    value: JsonValue


class ResetParam(Frozen):
    """A parameter goes back to Keras's default, or to our starting value where Keras has none."""

    op: Literal["reset_param"] = "reset_param"
    node: NodeId
    name: ParamName


class SetInputs(Frozen):
    """What feeds a node, in order."""

    op: Literal["set_inputs"] = "set_inputs"
    node: NodeId
    inputs: tuple[InputRef, ...]


class SetOutputs(Frozen):
    """Whose results the loss sees, in order."""

    op: Literal["set_outputs"] = "set_outputs"
    outputs: tuple[InputRef, ...]


class Share(Frozen):
    """A node uses another node's weights; with None it gets its own again."""

    op: Literal["share"] = "share"
    node: NodeId
    shared_with: NodeId | None = None


class Set(Frozen):
    """A field outside of the layers: `name`, `description`, `data…`, `compile…`, `training…`, by dotted path."""

    op: Literal["set"] = "set"
    path: Annotated[str, Field(min_length=1, max_length=400)]
    value: JsonValue


Edit = Annotated[
    Add
    | InsertBefore
    | Remove
    | Move
    | Duplicate
    | Rename
    | SetParam
    | ResetParam
    | SetInputs
    | SetOutputs
    | Share
    | Set,
    Field(discriminator="op"),
]
_ADAPTER: TypeAdapter[Edit] = TypeAdapter(Edit)


def from_dict(data: Any) -> Edit:
    """The edit that JSON data such as `{"op": "remove", "node": "dense_1"}` describes.

    Raises:
        SpecError: if there is no such edit, or a field of it is wrong.
    """
    try:
        return _ADAPTER.validate_python(data)
    except ValidationError as refusal:
        fault = refusal.errors(include_url=False)[0]
        place = ".".join(str(part) for part in fault["loc"][1:])
        raise SpecError(f"edit.{place}".rstrip("."), f"this edit cannot be done: {fault['msg']}.") from None


def to_dict(edit: Edit) -> dict[str, Any]:
    """The edit as JSON data; fields at their default are left out, the tag stays."""
    return {"op": edit.op, **edit.model_dump(mode="json", exclude_defaults=True)}
