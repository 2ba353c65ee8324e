"""Every kind of source by name: one file each, one promise (`Raw`)."""

from __future__ import annotations

from core.data import (
    bundled,
    downloaded,
    made_tables,
    own_table,
    pictures,
    points,
    random,
    sentences,
    series,
    shapes,
    uploads,
    waves,
)
from core.data.facts import Folders
from core.data.raw import Raw
from core.data.tables import Table
from core.spec import (
    BundledData,
    DataSpec,
    DownloadedData,
    FileData,
    ImagesData,
    MadeTableData,
    NoisyDigitsData,
    PointsData,
    RandomData,
    SentencesData,
    SeriesData,
    ShapesData,
    TableData,
    WavesData,
)


def read(data: DataSpec, folders: Folders, table: Table | None = None) -> Raw:
    """Read or draw the rows; `table` is what was read of a user's own before.

    Raises:
        DataError: if the data cannot be had; the sentence says why and what to do.
    """
    match data:
        case BundledData():
            return bundled.read(data, folders)
        case PointsData():
            return points.read(data, folders)
        case RandomData():
            return random.read(data, folders)
        case WavesData():
            return waves.read(data, folders)
        case TableData():
            return own_table.read(data, folders, table)
        case ImagesData():
            return pictures.read(data, folders)
        case SeriesData():
            return series.read(data, folders)
        case MadeTableData():
            return made_tables.read(data, folders)
        case ShapesData() | NoisyDigitsData():
            return shapes.read(data, folders)
        case SentencesData():
            return sentences.read(data, folders)
        case DownloadedData():
            return downloaded.read(data, folders)


def stamp(data: DataSpec, folders: Folders) -> object:
    """Changes when the rows may have changed though the project file did not."""
    return uploads.stamp(data, folders) if isinstance(data, FileData) else None
