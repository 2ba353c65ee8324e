"""The project: what the user asked for, as frozen plain data. `core.document` reads and writes it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, field_validator, model_validator

VERSION = 1

Params = dict[str, JsonValue]
Fraction = Annotated[float, Field(ge=0.0, lt=1.0)]
Seed = Annotated[int, Field(ge=0, le=2**31 - 1)]
NodeId = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,63}$")]
InputRef = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,63}(:\d{1,2})?$")]


class Frozen(BaseModel):
    """Unknown fields are refused; a change is a new object (`model_copy(update=…)`)."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Choice(Frozen):
    """A Keras object by its public name; `source` is the text of a user's own formula (name `custom`)."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    params: Params = {}
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


Scaling = Literal["auto", "standard", "min_max", "robust", "none"]
DatePart = Literal["year", "month", "day", "day_of_week", "day_of_year", "hour", "minute", "days"]


class ColumnChoice(Frozen):
    """How one column of a table becomes numbers; what is learned for it is learned from the training part only.

    `missing` is the strategy of scikit-learn's SimpleImputer, `fill` its constant. `encoding` is for categories,
    `parts` and `date_format` are for dates (`days`: since 1970).
    """

    kind: Literal["auto", "number", "category", "date"] = "auto"
    missing: Literal["auto", "mean", "median", "most_frequent", "constant"] = "auto"
    fill: float | Annotated[str, Field(max_length=200)] | None = None
    scaling: Scaling = "auto"
    encoding: Literal["one_hot", "ordinal"] = "one_hot"
    parts: Annotated[tuple[DatePart, ...], Field(min_length=1)] = ("year", "month", "day", "day_of_week")
    date_format: Annotated[str, Field(max_length=100)] | None = None

    @model_validator(mode="after")
    def _a_constant_is_given(self) -> ColumnChoice:
        if self.missing == "constant" and self.fill is None:
            raise ValueError("`missing` is 'constant', so `fill` must say which value that is")
        return self


class Source(Frozen):
    """What every source of rows has: how the rows are split, prepared and given to the model.

    `split_by` names the column whose order, groups or words decide. Rows weigh in the loss as the column
    `sample_weight` says, and so that each class counts alike if `class_weight` is "balanced"; `oversample` repeats
    training rows of rare classes instead.
    """

    validation_fraction: Fraction = 0.2
    test_fraction: Fraction = 0.0
    seed: Seed = 1
    split: Literal["auto", "random", "stratified", "time", "group", "column"] = "auto"
    split_by: str | None = None
    scaling: Scaling = "auto"
    columns: dict[str, ColumnChoice] | None = None
    class_weight: Literal["none", "balanced"] = "none"
    sample_weight: str | None = None
    oversample: bool = False
    inputs: dict[NodeId, list[str]] | None = None
    targets: dict[NodeId, list[str]] | None = None

    @model_validator(mode="after")
    def _something_is_left_to_train_on(self) -> Source:
        if self.validation_fraction + self.test_fraction >= 1:
            raise ValueError("validation_fraction and test_fraction together must leave rows to train on")
        return self


class BundledData(Source):
    """A real set that scikit-learn carries inside its wheel."""

    source: Literal["digits", "iris", "wine", "breast_cancer", "diabetes"]


class PointsData(Source):
    """Points in the plane, drawn by a teaching generator: four to classify, two to regress."""

    source: Literal["gaussians", "circle", "xor", "spiral", "plane", "hills"]
    rows: Annotated[int, Field(ge=10, le=100_000)] = 500
    noise: Annotated[float, Field(ge=0.0, le=1.0)] = 0.1


class RandomData(Source):
    """Standard normal features with a target that can be learned from them."""

    source: Literal["random"]
    shape: Annotated[list[Annotated[int, Field(ge=1)]], Field(min_length=1, max_length=4)]
    target: Literal["one_hot", "integer", "real"] = "integer"
    classes: Annotated[int, Field(ge=2, le=1000)] = 10
    rows: Annotated[int, Field(ge=2, le=1_000_000)] = 1000


class WavesData(Source):
    """Noisy waves in time: which frequency is it, or what comes next?"""

    source: Literal["waves"]
    task: Literal["classification", "forecast"] = "classification"
    length: Annotated[int, Field(ge=8, le=512)] = 32
    classes: Annotated[int, Field(ge=2, le=10)] = 4
    rows: Annotated[int, Field(ge=10, le=100_000)] = 1000
    noise: Annotated[float, Field(ge=0.0, le=1.0)] = 0.2


class SeriesData(Source):
    """Windows of one long series, to forecast a value after each; `terms` sines, or so many shocks from before."""

    source: Literal["sine_mixture", "moving_average"]
    length: Annotated[int, Field(ge=8, le=512)] = 32
    horizon: Annotated[int, Field(ge=1, le=64)] = 1
    stride: Annotated[int, Field(ge=1, le=512)] = 32
    terms: Annotated[int, Field(ge=1, le=10)] = 3
    rows: Annotated[int, Field(ge=10, le=20_000)] = 1000
    noise: Annotated[float, Field(ge=0.0, le=1.0)] = 0.1


class MadeTableData(Source):
    """A table by scikit-learn's `make_classification` or `make_regression`; `difficulty` goes from 0 to 1."""

    source: Literal["made_classification", "made_regression"]
    features: Annotated[int, Field(ge=4, le=100)] = 10
    classes: Annotated[int, Field(ge=2, le=10)] = 3
    difficulty: Annotated[float, Field(ge=0.0, le=1.0)] = 0.3
    rows: Annotated[int, Field(ge=20, le=100_000)] = 1000


class ShapesData(Source):
    """Made-up grey pictures of discs, squares, triangles and crosses."""

    source: Literal["shapes"]
    size: Annotated[int, Field(ge=8, le=32)] = 16
    rows: Annotated[int, Field(ge=20, le=10_000)] = 1000
    noise: Annotated[float, Field(ge=0.0, le=1.0)] = 0.2


class NoisyDigitsData(Source):
    """scikit-learn's handwritten digits with noise on every pixel."""

    source: Literal["noisy_digits"]
    noise: Annotated[float, Field(ge=0.0, le=1.0)] = 0.3


class SentencesData(Source):
    """Pieces of made-up sentences, to foretell the next letter of each."""

    source: Literal["sentences"]
    length: Annotated[int, Field(ge=4, le=100)] = 20
    rows: Annotated[int, Field(ge=100, le=50_000)] = 3000


class FileData(Source):
    """A user's own file; `path` is where it is, or `upload:<hash>` for one that the page took in."""

    source: str
    path: Annotated[str, Field(min_length=1, max_length=4096)]


class TableData(FileData):
    """A user's own table."""

    target: str
    features: list[str] | None = None
    task: Literal["auto", "classification", "regression"] = "auto"


class CsvData(TableData):
    """Text with a separator: comma, semicolon, tab or bar."""

    source: Literal["csv"]


class ExcelData(TableData):
    """One sheet of a workbook (.xlsx); the first one with cells unless `sheet` names another."""

    source: Literal["excel"]
    sheet: Annotated[str, Field(min_length=1, max_length=100)] | None = None


class ParquetData(TableData):
    """A Parquet file."""

    source: Literal["parquet"]


class JsonLinesData(TableData):
    """A file with one JSON object a line."""

    source: Literal["json_lines"]


class ImagesData(FileData):
    """Pictures in a ZIP file: in a folder for each class, or with a CSV file of names and labels."""

    source: Literal["images"]
    width: Annotated[int, Field(ge=4, le=512)] = 32
    height: Annotated[int, Field(ge=4, le=512)] = 32
    color: Literal["rgb", "grayscale"] = "rgb"


class DownloadedData(Source):
    """A set that Keras downloads; needs the network once."""

    source: Literal["mnist", "fashion_mnist", "cifar10", "cifar100", "imdb", "reuters", "california_housing"]
    rows: Annotated[int, Field(ge=10)] | None = None


DataSpec = Annotated[
    BundledData
    | PointsData
    | RandomData
    | WavesData
    | SeriesData
    | MadeTableData
    | ShapesData
    | NoisyDigitsData
    | SentencesData
    | CsvData
    | ExcelData
    | ParquetData
    | JsonLinesData
    | ImagesData
    | DownloadedData,
    Field(discriminator="source"),
]


Coordinate = Annotated[float, Field(ge=-1e6, le=1e6)]


class Node(Frozen):
    """One layer in the graph. An input is `id`, or `id:1` for the second output of a layer.

    `position` is the place of its upper left corner on the canvas, in pixels to the right and down; nodes without
    one are laid out by the canvas.
    """

    id: NodeId
    layer: Annotated[str, Field(min_length=1, max_length=80)]
    params: Params = {}
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
    """How long, in what portions, and by which loop."""

    loop: Literal["fit", "custom"] = "fit"
    epochs: Annotated[int, Field(ge=1, le=1_000_000)] = 10
    batch_size: Annotated[int, Field(ge=1, le=10_000_000)] = 32
    shuffle: bool = True
    seed: Seed = 1
    callbacks: tuple[Choice, ...] = ()


class Project(Frozen):
    """The whole project; one JSON document."""

    version: Literal[1] = 1
    name: Annotated[str, Field(min_length=1, max_length=120)] = "Untitled"
    description: Annotated[str, Field(max_length=4000)] = ""
    data: DataSpec
    model: ModelSpec = ModelSpec()
    compile: CompileSpec = CompileSpec()
    training: TrainingSpec = TrainingSpec()
