"""Bad files, made anew for each test: what is in them, how they are read, and what the user is told."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as pa

from tests.data.made_files import (
    GOOD,
    bomb,
    good_lines,
    good_parquet,
    good_workbook,
    lines,
    lying_about_its_size,
    overlapping,
    packed,
    parquet,
    parquet_of_one_long_text,
    picture,
    repacked,
    rows,
    workbook,
)


@dataclass(frozen=True)
class Bad:
    """`sentence` is part of what the user reads: a refusal, or of a file that is taken the note of its repair.

    `repair` is what the button says, `target` the column to predict.
    """

    make: object
    sentence: str
    source: str = "csv"
    is_taken: bool = False
    repair: str | None = None
    target: str = "y"
    fields: dict = field(default_factory=dict)

    @property
    def content(self):
        return self.make() if callable(self.make) else self.make


TEXTS = {
    "empty": Bad(b"", "is empty"),
    "only blank lines": Bad(b"\n \n\n", "is empty"),
    "header only": Bad(b"a,y\n", "column names but no rows"),
    "header and blank lines": Bad(b"a,y\n\n\n", "column names but no rows"),
    "too many values": Bad(b"a,y\n1,2\n1,2,3\n", r"line 3 has 3 values, but the header names 2 columns"),
    "too few values": Bad(b"a,b,y\n1,2,0\n\n1\n", r"line 4 has 1 value, but the header names 3 columns"),
    "ragged after a text of two lines": Bad(b'a,y\n"x\nz",1\n1,2,3\n', "line 4 has 3 values"),
    "unclosed quote": Bad(b'a,y\n1,2\n"3,4\n5,6\n', r'quote \("\) that opens in line 3 is never closed'),
    "text after a quote": Bad(b'a,y\n"b"c,1\n', "in line 2 text follows a closing quote"),
    "a cell without end": Bad(b'a,y\n"' + b"x" * 200_000 + b"\n", "cell in line 2 has more than"),
    "NUL": Bad(b"a,y\n1,\x002\n", "NUL byte in line 2"),
    "binary": Bad(bytes(range(1, 32)) * 9, "holds binary data"),
    "an old Excel file": Bad(b"\xd0\xcf\x11\xe0" + bytes(600), "an old Excel file"),
    "picture as text": Bad(b"\x89PNG\r\n\x1a\n" + bytes(50), "a picture, not text"),
    "CMYK picture as text": Bad(picture, "a picture, not text"),
    "PDF as text": Bad(b"%PDF-1.7\n" + bytes(50), "a PDF file"),
    "gzip as text": Bad(b"\x1f\x8b" + bytes(50), r"a compressed \(gzip\) file"),
    "HDF5 as text": Bad(b"\x89HDF\r\n" + bytes(50), "an HDF5 file"),
    "database as text": Bad(b"SQLite format 3\x00" + bytes(50), "a database"),
    "workbook as text": Bad(good_workbook, "an Excel or ZIP file", repair="Read it as Excel"),
    "Parquet as text": Bad(good_parquet, "a Parquet file", repair="Read it as Parquet"),
    "JSON lines as text": Bad(good_lines, "in line 1 text follows", repair="Read it as JSON lines"),
    "no encoding": Bad(b"a,y\n\x81\x8d,1\n", "neither UTF-8 nor Windows text"),
    "half of UTF-16": Bad(b"\xff\xfea\x00,", "says it is UTF-16, but is not"),
    "UTF-16 without a mark": Bad(GOOD.decode().encode("utf-16-le"), "NUL byte in line 1"),
    "200,000 columns": Bad(
        lambda: ",".join(f"c{i}" for i in range(200_000)).encode() + b"\n", "200,000 columns; at most 2,000"
    ),
    "same name twice": Bad(b"a,b,a,y\n1,2,3,0\n", "columns 1 and 3 have the same name, 'a'"),
    "same name twice but for spaces": Bad(b"a,y, y\n1,2,3\n", "columns 2 and 3 have the same name, 'y'"),
    "no such target": Bad(b"a,Y \n1,2\n", "no column 'y' to be the target. Did you mean 'Y'", repair="Use Y"),
    "no feature": Bad(b"y\n1\n2\n", "No column is left to learn from. There is no column beside the target"),
    "constant feature": Bad(b"a,y\n1,1\n1,2\n", "No column is left to learn from. Column 'a' has the same value"),
    "all missing": Bad(b"a,b,y\n,,1\n,,2\n", "Column 'a' is empty, so it is left out. Column 'b' is empty"),
    "one class": Bad(b"a,y\n1,no\n2,no\n3,no\n", r"same value \('no'\) in all 3 rows"),
    "target missing": Bad(b"a,y\n1,\n2,NA\n3,?\n", "'y' has no value in any row"),
    "target infinite": Bad(b"a,y\n1,inf\n2,-inf\n3,1e999\n", "'y' has no value in any row"),
    "10,000 classes": Bad(
        lambda: rows(lambda i: f"{i},n{i % 10_000}", 30_000), "'y' has 10,000 different values in 30,000 rows"
    ),
    "10,000 numbers as classes": Bad(
        lambda: rows(lambda i: f"{i % 7},{i % 10_000}", 30_000),
        "'y' has 10,000 different values",
        fields={"task": "classification"},
        repair="Predict it as a number",
    ),
    "names as classes": Bad(rows(lambda i: f"{i},name{i}", 80), "'y' has 80 different values in 80 rows"),
    "nearly numbers": Bad(
        rows(lambda i: f"{i},{i * 1.5 if i != 7 else 'broken'}", 80), "needs numbers to regress, but row 8 has 'broken'"
    ),
    "words to regress": Bad(
        rows(lambda i: f"{i},{'xyz'[i % 3]}"),
        "needs numbers to regress, but row 1 has 'x'",
        fields={"task": "regression"},
        repair="Predict classes",
    ),
    "dates that are none": Bad(
        rows(lambda i: f"2026-13-{i % 28 + 1:02},{i}", header="when,y"),
        r"others \(row 1: '2026-13-01'\)",
        fields={"columns": {"when": {"kind": "date"}}},
        repair="Make it a category",
    ),
    "a date that is none": Bad(
        rows(lambda i: f"{'2026-02-30' if i == 8 else f'2026-01-{i % 28 + 1:02}'},{i}", header="when,y"),
        r"1 value\(s\) are no dates \(row 9: '2026-02-30'\)",
        fields={"columns": {"when": {"kind": "date"}}},
        is_taken=True,
    ),
    "infinities": Bad(
        rows(lambda i: f"{'inf' if i == 3 else '1e300' if i == 6 else i},{i % 2}"),
        r"2 infinite or too large value\(s\) count as missing",
        is_taken=True,
    ),
    "stray words among numbers": Bad(
        rows(lambda i: f"{'oops' if i == 4 else i},{i % 2}"), "row 5: 'oops'", is_taken=True
    ),
    "rows without a target": Bad(rows(lambda i: f"{i},{'' if i < 2 else i % 2}"), "2 rows without a", is_taken=True),
    "formulas as text": Bad(
        rows(lambda i: f'"=cmd|{i}",{i},{i % 2}', header="run,a,y"), "'run' has 60 different texts", is_taken=True
    ),
    "Latin-1": Bad(rows(lambda i: f"{i},{'ä' if i % 2 else 'b'}").decode().encode("latin-1"), "", is_taken=True),
    "UTF-16": Bad(GOOD.decode().encode("utf-16"), "", is_taken=True),
    "cut off while uploading": Bad(
        rows(lambda i: f"{i},{i},{i % 2}", header="a,b,y")[:-4], "line 61 has 2 values, but the header names 3"
    ),
}
WORKBOOKS = {
    "no archive": Bad(b"PK\x03\x04" + bytes(80), "is no Excel workbook"),
    "empty file": Bad(b"", "is empty"),
    "text": Bad(GOOD, "is no Excel workbook", repair="Read it as CSV"),
    "cut off": Bad(lambda: good_workbook()[:-300], "or was cut off"),
    "ZIP without a workbook": Bad(packed([("a.csv", GOOD)]), "a ZIP file without a workbook"),
    "no cells": Bad(lambda: workbook(), "is empty"),
    "header only": Bad(lambda: workbook(["a", "y"]), "column names but no rows"),
    "same name twice": Bad(lambda: workbook(["a", "a", "y"], [1, 2, 3]), "columns 1 and 2 have the same name"),
    "cells beside the table": Bad(
        lambda: workbook(["a", "y"], [1, 2], [1, 2, "?!"]), "row 3 of 'Sheet' has a cell to the right of the 2 named"
    ),
    "no such sheet": Bad(
        lambda: workbook(["a", "y"], [1, 2]),
        "no sheet 'other'. Its sheets are 'Sheet'",
        fields={"sheet": "other"},
        repair="Take the first sheet",
    ),
    "formulas never computed": Bad(
        lambda: workbook(["a", "y"], *([i, f"=A{i + 2}"] for i in range(9))), "'y' holds formulas that nothing has"
    ),
    "errors in cells": Bad(
        lambda: workbook(["a", "y"], *(["#DIV/0!" if i == 3 else i, i % 2] for i in range(60))),
        "1 missing value replaced",
        is_taken=True,
    ),
    "broken XML": Bad(
        lambda: repacked(lambda name, old: old[:200] if name.endswith("sheet1.xml") else old), "workbook is damaged"
    ),
    "a sheet is missing": Bad(
        lambda: repacked(lambda name, old: None if name.endswith("sheet1.xml") else old), "damaged|is empty"
    ),
    "100,000 entries": Bad(
        lambda: packed([("xl/workbook.xml", b"x"), *((f"{i}", b"") for i in range(100_000))], zipfile.ZIP_STORED),
        r"in 100,001 parts; at most",
    ),
    "bomb": Bad(bomb, r"unpacks to 500 MB"),
    "overlapping entries": Bad(overlapping, "parts that overlap"),
    "a lie about the size": Bad(lying_about_its_size, "damaged"),
    "entries above the folder": Bad(
        lambda: packed([("../../evil.xml", b"x"), ("xl/workbook.xml", b"<x/>")]), "workbook is damaged"
    ),
    "entities without end": Bad(
        lambda: repacked(
            lambda name, old: (
                b'<!DOCTYPE x [<!ENTITY a "'
                + b"b" * 5000
                + b'">'
                + b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 60) for i in range(8))
                + b"]>"
                + old.replace(b"<v>", b"<v>&i;")
                if name.endswith("sheet1.xml")
                else old
            )
        ),
        "workbook is damaged",
    ),
}
PARQUET = {
    "only its first letters": Bad(b"PAR1" + bytes(90), "is no Parquet file, or a damaged one"),
    "cut off": Bad(lambda: good_parquet()[:-60], "is no Parquet file, or a damaged one"),
    "damaged in the middle": Bad(
        lambda: good_parquet()[:20] + b"\xff" * 40 + good_parquet()[60:], "no Parquet file, or a damaged one"
    ),
    "text": Bad(GOOD, "is no Parquet file", repair="Read it as CSV"),
    "no rows": Bad(lambda: parquet(a=pa.array([], "int64"), y=pa.array([], "int64")), "no rows below"),
    "2,001 columns": Bad(lambda: parquet(**{f"c{i}": [1] for i in range(2001)}), "2,001 columns; at most 2,000"),
    "a target of lists": Bad(
        lambda: parquet(a=[1, 2, 3], y=[[1], [2], [3]]), "target column 'y' holds list<element: int64>"
    ),
    "bytes beside numbers": Bad(
        lambda: parquet(a=list(range(60)), b=[b"x"] * 60, y=[i % 2 for i in range(60)]),
        "'b' holds binary, which is no number, text or date, so it is left out",
        is_taken=True,
    ),
    "texts of a gigabyte": Bad(parquet_of_one_long_text, r"texts of column 'a' are 1,000 MB together"),
    "numbers without end": Bad(
        lambda: parquet(pd.DataFrame({"a": np.r_[[np.inf], np.arange(59.0)], "y": np.arange(60) % 2})),
        "'a': 1 infinite",
        is_taken=True,
    ),
}
JSON_LINES = {
    "empty": Bad(b"\n\n", "is empty"),
    "one list": Bad(b'[{"a": 1, "y": 2}]', "is one JSON list, not JSON lines"),
    "a broken line": Bad(lambda: good_lines('{"a": 1,'), "line 31 is no JSON: .* at column 9"),
    "a number as a line": Bad(lambda: good_lines("17"), "line 31 is no object"),
    "a name twice": Bad(lambda: good_lines('{"a": 1, "a": 2, "y": 1}'), "line 31 cannot be read: the name 'a' stands"),
    "nested without end": Bad(
        lambda: good_lines('{"a": ' + "[" * 100_000 + "]" * 100_000 + "}"), "line 31 cannot be read: its brackets"
    ),
    "a number of 5,000 digits": Bad(lambda: good_lines('{"a": ' + "9" * 5000 + "}"), "line 31 cannot be read"),
    "2,001 names": Bad(lambda: lines({f"c{i}": 1 for i in range(2001)}), "2,001 columns"),
    "NUL": Bad(lambda: good_lines() + b"\x00", "NUL byte in line 30"),
    "lists in a column": Bad(
        lambda: lines(*({"a": i, "b": [i], "y": i % 2} for i in range(30))),
        r"'b' holds lists \(line 1\)",
        is_taken=True,
    ),
    "cut off": Bad(lambda: good_lines()[:-5], "line 30 is no JSON"),
    "mixed words and numbers to predict": Bad(
        lambda: lines(*({"a": i, "y": 1 if i % 2 else "one"} for i in range(30))), "", is_taken=True
    ),
}
KINDS = {"csv": TEXTS, "excel": WORKBOOKS, "parquet": PARQUET, "json_lines": JSON_LINES}
FILES = {
    f"{kind}: {name}": Bad(bad.make, bad.sentence, kind, bad.is_taken, bad.repair, bad.target, bad.fields)
    for kind, group in KINDS.items()
    for name, bad in group.items()
}
