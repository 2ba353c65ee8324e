"""Reads a Parquet file by Arrow, after looking at what it says of its own size."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from core.data.facts import FileLimits
from core.data.tables.table import MISSING, Table, check_cells, check_header, check_rows, renamed
from core.data.tables.textfile import checked_size
from core.errors import DataError

MOST_UNPACKED = 1_000_000_000
MOST_TEXT = 500_000_000


def read(path: Path, name: str, limits: FileLimits) -> Table:
    """The file's columns; those that hold lists, objects or bytes are left out.

    Raises:
        DataError: if the file is no Parquet file, is damaged, or unpacks to too much.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    checked_size(path, name, limits.size)
    try:
        with path.open("rb") as source:
            file = pq.ParquetFile(source)
            _check_size(file.metadata, file.schema_arrow, name, limits.rows)
            texts = [field.name for field in file.schema_arrow if _kind(field.type) == "text"]
            source.seek(0)
            return _table(pq.ParquetFile(source, read_dictionary=texts), name)
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        raise DataError(f"{name} is no Parquet file, or a damaged one. Write it again.") from error


def _check_size(metadata: Any, schema: Any, name: str, most_rows: int) -> None:
    check_header(schema.names, name)
    check_rows(metadata.num_rows, name, most_rows)
    check_cells(metadata.num_rows, metadata.num_columns, name)
    size = sum(metadata.row_group(group).total_byte_size for group in range(metadata.num_row_groups))
    if size > MOST_UNPACKED:
        raise DataError(
            f"{name} unpacks to {size / 1e6:,.0f} MB; at most {MOST_UNPACKED / 1e6:,.0f} MB are read. "
            "Use fewer rows or columns."
        )


def _table(file: Any, name: str) -> Table:
    table, left_out, columns = file.read(), {}, {}
    header = check_header(table.column_names, name)
    for column, values in zip(header, table.columns, strict=True):
        kind = _kind(values.type)
        if kind is None:
            left_out[column] = f"holds {values.type!s:.60}, which is no number, text or date"
            columns[column] = pd.Series(float("nan"), index=range(len(values)))
        else:
            columns[column] = _texts(values, name, column) if kind == "text" else _values(values, kind)
    return Table(pd.DataFrame(columns), reading=dict(renamed(table.column_names)), left_out=left_out)


def _kind(type_: Any) -> str | None:
    """What our columns make of an Arrow type; None: nothing."""
    from pyarrow import types

    if types.is_dictionary(type_):
        return "text" if _kind(type_.value_type) == "text" else None
    kinds = {
        "text": (types.is_string, types.is_large_string, types.is_string_view),
        "number": (types.is_integer, types.is_floating, types.is_decimal, types.is_boolean, types.is_null),
        "date": (types.is_date, types.is_timestamp),
    }
    return next((kind for kind, tests in kinds.items() if any(test(type_) for test in tests)), None)


def _values(values: Any, kind: str) -> pd.Series[Any]:
    import pyarrow as pa

    if kind == "date":
        found: pd.Series[Any] = values.cast(pa.timestamp("us", tz=getattr(values.type, "tz", None))).to_pandas()
        return found.dt.tz_convert(None) if found.dt.tz is not None else found
    if pa.types.is_decimal(values.type) or pa.types.is_null(values.type):
        values = values.cast(pa.float64())
    plain: pd.Series[Any] = values.to_pandas()
    return plain.astype("float64") if plain.dtype.kind == "f" else plain


def _texts(values: Any, name: str, column: str) -> pd.Series[Any]:
    """Texts come as numbers into a list of the different ones; written out, a small file could fill the memory."""
    import pyarrow as pa
    import pyarrow.compute as pc

    encoded = values if pa.types.is_dictionary(values.type) else values.dictionary_encode()
    whole = encoded.unify_dictionaries().combine_chunks()
    codes, words = whole.indices, whole.dictionary
    total = pc.sum(pc.binary_length(words).take(codes)).as_py() or 0
    if total > MOST_TEXT:
        raise DataError(
            f"{name}: the texts of column {column!r} are {total / 1e6:,.0f} MB together; at most "
            f"{MOST_TEXT / 1e6:.0f} MB are read. Leave the column out of the file."
        )
    stripped = [None if word is None or word.strip() in MISSING else word.strip() for word in words.to_pylist()]
    known = np.array([*stripped, None], object)  # the last stands for no value
    return pd.Series(known[codes.fill_null(len(stripped)).to_numpy(zero_copy_only=False)], dtype="str")
