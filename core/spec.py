"""The project: what the user asked for, as frozen plain data. `core.document` reads and writes it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, JsonValue, field_validator, model_validator

from core.data_spec import (
    Augmentation,
    BundledData,
    ColumnChoice,
    CsvData,
    DataSpec,
    DatePart,
    DownloadedData,
    ExcelData,
    FileData,
    Fraction,
    Frozen,
    ImagesData,
    JsonLinesData,
    MadeTableData,
    NodeId,
    NoisyDigitsData,
    ParquetData,
    PointsData,
    RandomData,
    Scaling,
    Seed,
    SentencesData,
    SeriesData,
    ShapesData,
    Source,
    TableData,
    TextChoice,
    WavesData,
    WindowsChoice,
)

__all__ = [
    "VERSION",
    "Augmentation",
    "Block",
    "BundledData",
    "Choice",
    "ColumnChoice",
    "CompileSpec",
    "Coordinate",
    "CsvData",
    "DataSpec",
    "DatePart",
    "DownloadedData",
    "ExcelData",
    "FileData",
    "Fraction",
    "Frozen",
    "ImagesData",
    "InputRef",
    "JsonLinesData",
    "MadeTableData",
    "ModelSpec",
    "Node",
    "NodeId",
    "NoisyDigitsData",
    "Params",
    "ParquetData",
    "PointsData",
    "Project",
    "RandomData",
    "Scaling",
    "Seed",
    "SentencesData",
    "SeriesData",
    "ShapesData",
    "Source",
    "TableData",
    "TextChoice",
    "TrainingSpec",
    "WavesData",
    "WindowsChoice",
]

VERSION = 1

Params = dict[str, JsonValue]
InputRef = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,63}(:\d{1,2})?$")]


class Choice(Frozen):
    """A Keras object by its public name; `source` is the text of a user's own formula (name `custom`)."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    params: Params = Field(default_factory=dict)
    source: Annotated[str, Field(max_length=4096)] | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_short_name(cls, value: Any) -> Any:
        return {"name": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _source_belongs_to_custom(self) -> Choice:
        if (self.name == "custom") != (self.source is not None):
            raise ValueError("`source` goes with the name 'custom', and only with it")
        return self


Coordinate = Annotated[float, Field(ge=-1e6, le=1e6)]


class Node(Frozen):
    """One layer in the graph. An input is `id`, or `id:1` for the second output of a layer.

    `position` is the place of its upper left corner on the canvas, in pixels to the right and down; nodes without
    one are laid out by the canvas.
    """

    id: NodeId
    layer: Annotated[str, Field(min_length=1, max_length=80)]
    params: Params = Field(default_factory=dict)
    inputs: tuple[InputRef, ...] = ()
    shared_with: NodeId | None = None
    position: tuple[Coordinate, Coordinate] | None = None


class Block(Frozen):
    """Nodes that are drawn as one when it is closed, and stand `repeat` times in a row, each time with own weights."""

    id: NodeId
    nodes: Annotated[tuple[NodeId, ...], Field(min_length=1)]
    repeat: Annotated[int, Field(ge=1, le=100)] = 1
    open: bool = True


class ModelSpec(Frozen):
    """The layer graph; `outputs` name the nodes whose results the loss sees, in order."""

    nodes: Annotated[tuple[Node, ...], Field(max_length=5000)] = ()
    outputs: tuple[InputRef, ...] = ()
    blocks: tuple[Block, ...] = ()


class CompileSpec(Frozen):
    """What `model.compile` gets. With several outputs, loss and metrics may be keyed by output node."""

    optimizer: Choice = Choice(name="Adam")
    loss: Choice | dict[NodeId, Choice] = Choice(name="MeanSquaredError")
    loss_weights: dict[NodeId, float] | None = None
    metrics: tuple[Choice, ...] | dict[NodeId, tuple[Choice, ...]] = ()
    run_eagerly: bool = False
    steps_per_execution: Annotated[int, Field(ge=1, le=100_000)] | Literal["auto"] = "auto"
    jit_compile: bool | Literal["auto"] = "auto"

    @field_validator("loss", mode="wrap")
    @classmethod
    def _one_loss_or_one_for_each_output(cls, value: Any, handler: Any) -> Any:
        if isinstance(value, dict) and not isinstance(value.get("name"), str):
            return {node: Choice.model_validate(choice) for node, choice in value.items()}
        return Choice.model_validate(value)


class TrainingSpec(Frozen):
    """How long, in what portions, by which loop, and from which weights.

    `initial_weights` is the SHA-256 of the `.keras` file whose weights a run begins with; None: random ones.
    """

    loop: Literal["fit", "custom"] = "fit"
    epochs: Annotated[int, Field(ge=1, le=1_000_000)] = 10
    batch_size: Annotated[int, Field(ge=1, le=10_000_000)] = 32
    shuffle: bool = True
    seed: Seed = 1
    callbacks: tuple[Choice, ...] = ()
    initial_weights: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None


class Project(Frozen):
    """The whole project; one JSON document."""

    version: Literal[1] = 1
    name: Annotated[str, Field(min_length=1, max_length=120)] = "Untitled"
    description: Annotated[str, Field(max_length=4000)] = ""
    data: DataSpec
    model: ModelSpec = ModelSpec()
    compile: CompileSpec = CompileSpec()
    training: TrainingSpec = TrainingSpec()
