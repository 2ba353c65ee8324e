"""The kinds of edit: tagged, typed values that the page, a fix and a test can all write down."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, JsonValue, TypeAdapter, ValidationError

from core.errors import SpecError
from core.spec import Coordinate, Frozen, InputRef, NodeId, Params

LayerName = Annotated[str, Field(min_length=1, max_length=80)]
ParamName = Annotated[str, Field(min_length=1, max_length=80)]
Position = tuple[Coordinate, Coordinate]
Link = Annotated[int, Field(ge=0)]
MAX_TOGETHER = 1000
_NAME = "a name begins with a letter and has letters, digits and underscores only, at most 64"


class Add(Frozen):
    """A new layer behind `after`; without it behind the output. What `after` fed, the new layer feeds now.

    `linked` false: it stands alone, and nothing feeds it until it is connected.
    """

    op: Literal["add"] = "add"
    layer: LayerName
    params: Params = Field(default_factory=dict)
    after: NodeId | None = None
    id: NodeId | None = None
    linked: bool = True
    position: Position | None = None


class InsertBefore(Frozen):
    """A new layer on the link into `node`; `link` says which of its inputs, counted from 0."""

    op: Literal["insert_before"] = "insert_before"
    node: NodeId
    layer: LayerName
    params: Params = Field(default_factory=dict)
    link: Link = 0
    id: NodeId | None = None
    position: Position | None = None


class Remove(Frozen):
    """The layer goes; those that it fed take its inputs, or with `heal` false lose a link."""

    op: Literal["remove"] = "remove"
    node: NodeId
    heal: bool = True


class Move(Frozen):
    """The layer leaves its place, which heals, and goes behind `after`; without it behind the first input."""

    op: Literal["move"] = "move"
    node: NodeId
    after: NodeId | None = None


class Duplicate(Frozen):
    """A second layer of the same parameters, behind the first in a chain, else beside it."""

    op: Literal["duplicate"] = "duplicate"
    node: NodeId
    id: NodeId | None = None
    position: Position | None = None


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


class Connect(Frozen):
    """A link from an output of a layer into another layer; an input that is taken is replaced if `slot` says so.

    A layer with one input takes the new link in place of the old; a merge takes one more; a layer with named
    inputs takes it as the first that is free. If `source` was an output of the model and `node` led nowhere, the
    output moves to the end of what `node` leads to.
    """

    op: Literal["connect"] = "connect"
    source: InputRef
    node: NodeId
    slot: Link | None = None


class Disconnect(Frozen):
    """A layer loses one of its inputs, counted from 0."""

    op: Literal["disconnect"] = "disconnect"
    node: NodeId
    link: Link


class Place(Frozen):
    """Where layers stand on the canvas; those that are gone by now are passed over."""

    op: Literal["place"] = "place"
    positions: Annotated[dict[NodeId, Position], Field(min_length=1)]


class Tidy(Frozen):
    """The canvas lays all layers out again."""

    op: Literal["tidy"] = "tidy"


class MakeBlock(Frozen):
    """Layers become a block, which can be closed and repeated."""

    op: Literal["make_block"] = "make_block"
    id: NodeId
    nodes: Annotated[tuple[NodeId, ...], Field(min_length=1)]


class SetBlock(Frozen):
    """How often a block stands in a row, whether it is open, and what it is called; None leaves a thing as it is."""

    op: Literal["set_block"] = "set_block"
    block: NodeId
    repeat: Annotated[int, Field(ge=1, le=100)] | None = None
    open: bool | None = None
    to: NodeId | None = None


class Dissolve(Frozen):
    """The block is gone, its layers stay, once each."""

    op: Literal["dissolve"] = "dissolve"
    block: NodeId


class Set(Frozen):
    """A field outside of the layers: `name`, `description`, `data…`, `compile…`, `training…`, by dotted path."""

    op: Literal["set"] = "set"
    path: Annotated[str, Field(min_length=1, max_length=400)]
    value: JsonValue


Single = Annotated[
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
    | Connect
    | Disconnect
    | Place
    | Tidy
    | MakeBlock
    | SetBlock
    | Dissolve
    | Set,
    Field(discriminator="op"),
]


class Together(Frozen):
    """Several edits, all or none, and one step to undo."""

    op: Literal["together"] = "together"
    edits: Annotated[tuple[Single, ...], Field(min_length=1, max_length=MAX_TOGETHER)]


Edit = Annotated[Single | Together, Field(discriminator="op")]
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
        place = ".".join(str(part) for part in fault["loc"][1:8])
        reason = _NAME if fault["type"] == "string_pattern_mismatch" else fault["msg"]
        raise SpecError(f"edit.{place}".rstrip("."), f"this edit cannot be done: {reason}.") from None


def to_dict(edit: Edit) -> dict[str, Any]:
    """The edit as JSON data; fields at their default are left out, the tag stays."""
    if isinstance(edit, Together):
        return {"op": edit.op, "edits": [to_dict(single) for single in edit.edits]}
    return {"op": edit.op, **edit.model_dump(mode="json", exclude_defaults=True)}
