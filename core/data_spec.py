"""Where the rows come from and how they are split and prepared: the data's part of the project."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Fraction = Annotated[float, Field(ge=0.0, lt=1.0)]
Seed = Annotated[int, Field(ge=0, le=2**31 - 1)]
NodeId = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,63}$")]


class Frozen(BaseModel):
    """Unknown fields are refused; a change is a new object (`model_copy(update=…)`)."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


Scaling = Literal["auto", "standard", "min_max", "robust", "none"]
DatePart = Literal["year", "month", "day", "day_of_week", "day_of_year", "hour", "minute", "days"]


class ColumnChoice(Frozen):
    """How one column of a table becomes numbers; what is learned for it is learned from the training part only.

    `missing` is the strategy of scikit-learn's SimpleImputer, `fill` its constant. `encoding` is for categories
    ("embedding": codes as with "ordinal", which an Embedding layer takes), `parts` and `date_format` are for dates
    (`days`: since 1970).
    """

    kind: Literal["auto", "number", "category", "date"] = "auto"
    missing: Literal["auto", "mean", "median", "most_frequent", "constant"] = "auto"
    fill: float | Annotated[str, Field(max_length=200)] | None = None
    scaling: Scaling = "auto"
    encoding: Literal["one_hot", "ordinal", "embedding"] = "one_hot"
    parts: Annotated[tuple[DatePart, ...], Field(min_length=1)] = ("year", "month", "day", "day_of_week")
    date_format: Annotated[str, Field(max_length=100)] | None = None

    @model_validator(mode="after")
    def _a_constant_is_given(self) -> ColumnChoice:
        if self.missing == "constant" and self.fill is None:
            raise ValueError("`missing` is 'constant', so `fill` must say which value that is")
        return self


class Augmentation(Frozen):
    """How pictures are changed at random while training, and only then; as Keras's Random layers do it.

    `rotation` is a share of a full turn, `translation` and `zoom` are shares of height and width, and `contrast` of
    each pixel's distance from the mean; each is the most that is drawn, in both directions. `crop` is the share of
    height and width that is cut away, at a place of its own in each picture; what is left is enlarged to the whole.
    `fill_mode` says what stands beyond the edge.
    """

    flip: Literal["none", "horizontal", "vertical", "horizontal_and_vertical"] = "none"
    rotation: Annotated[float, Field(ge=0.0, le=0.5)] = 0.0
    translation: Annotated[float, Field(ge=0.0, le=0.5)] = 0.0
    zoom: Annotated[float, Field(ge=0.0, le=0.5)] = 0.0
    crop: Annotated[float, Field(ge=0.0, le=0.5)] = 0.0
    contrast: Annotated[float, Field(ge=0.0, le=0.9)] = 0.0
    fill_mode: Literal["reflect", "constant", "wrap", "nearest"] = "reflect"
    seed: Seed = 1


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
    augmentation: Augmentation | None = None
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
    """Pieces of made-up sentences, to predict the next letter of each."""

    source: Literal["sentences"]
    length: Annotated[int, Field(ge=4, le=100)] = 20
    rows: Annotated[int, Field(ge=100, le=50_000)] = 3000


class FileData(Source):
    """A user's own file; `path` is where it is, or `upload:<hash>` for one that the page took in."""

    source: str
    path: Annotated[str, Field(min_length=1, max_length=4096)]


class WindowsChoice(Frozen):
    """The rows are a series in order: `length` of them are one row for the model, the next begins `stride` later.

    The target is its column's value `horizon` rows after the window. Without `order_by` the rows are in order as they
    are; `group_by` tells several series apart.
    """

    length: Annotated[int, Field(ge=1, le=1000)] = 24
    horizon: Annotated[int, Field(ge=1, le=1000)] = 1
    stride: Annotated[int, Field(ge=1, le=1000)] = 1
    order_by: str | None = None
    group_by: str | None = None


class TextChoice(Frozen):
    """The words of one column of texts are learned from; as Keras's TextVectorization, by the training part."""

    column: str
    max_tokens: Annotated[int, Field(ge=10, le=10_000)] = 5000
    output_sequence_length: Annotated[int, Field(ge=1, le=2000)] = 100


class TableData(FileData):
    """A user's own table.

    With `windows` its rows are a series in time, and the target's past is a feature too. With `text` the words of one
    column are learned from, and no other feature.
    """

    target: str
    features: list[str] | None = None
    task: Literal["auto", "classification", "regression"] = "auto"
    windows: WindowsChoice | None = None
    text: TextChoice | None = None

    @model_validator(mode="after")
    def _is_one_kind_of_table(self) -> TableData:
        if self.windows is not None and self.text is not None:
            raise ValueError("a table is either cut into `windows` or read as `text`; set one of them to null")
        return self


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
