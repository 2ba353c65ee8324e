"""Writes small files of every kind, good ones and harmful ones."""

from __future__ import annotations

import io
import json
import zipfile

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq


def rows(line, count=60, header="a,y"):
    return (header + "\n" + "".join(line(i) + "\n" for i in range(count))).encode()


GOOD = rows(lambda i: f"{i},{i % 2}")


def workbook(*lines, sheets=()):
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    for title in sheets:
        book.create_sheet(title)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def good_workbook():
    return workbook(["a", "y"], *([i, i % 2] for i in range(60)))


def packed(entries, compression=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return file.getvalue()


def repacked(change):
    """A good workbook whose entries went through `change(name, content)`; None drops an entry."""
    with zipfile.ZipFile(io.BytesIO(good_workbook())) as archive:
        entries = [(name, change(name, archive.read(name))) for name in archive.namelist()]
    return packed([(name, content) for name, content in entries if content is not None])


def bomb():
    """A few hundred kilobytes that unpack to 500 MB."""
    file = io.BytesIO(good_workbook())
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/bomb.xml", "w") as entry:
        for _ in range(500):
            entry.write(bytes(1_000_000))
    return file.getvalue()


def overlapping():
    """Two entries of the directory lead to the same bytes."""
    content = bytearray(packed([("xl/workbook.xml", b"x" * 500), ("xl/other.xml", b"y" * 500)], zipfile.ZIP_STORED))
    second = content.rindex(b"PK\x01\x02")
    content[second + 42 : second + 46] = (10).to_bytes(4, "little")
    return bytes(content)


def lying_about_its_size():
    """The directory says that the sheet is small; it is not."""
    content = bytearray(repacked(lambda name, old: old + b" " * 3_000_000 if name.endswith("sheet1.xml") else old))
    at = content.rindex(b"xl/worksheets/sheet1.xml") - 46
    content[at + 24 : at + 28] = (100).to_bytes(4, "little")
    return bytes(content)


def parquet(frame=None, **columns):
    file = io.BytesIO()
    table = pa.Table.from_pandas(frame) if frame is not None else pa.table(columns)
    pq.write_table(table, file)
    return file.getvalue()


def good_parquet():
    return parquet(a=list(range(60)), y=[i % 2 for i in range(60)])


def parquet_of_one_long_text():
    """A text of a million letters, a thousand times: small in the file, a gigabyte when written out."""
    return parquet(a=["x" * 1_000_000] * 1000, y=[i % 2 for i in range(1000)])


def lines(*objects):
    return "\n".join(item if isinstance(item, str) else json.dumps(item) for item in objects).encode()


def good_lines(*more):
    return lines(*({"a": i, "y": i % 2} for i in range(30)), *more)


def picture():
    from PIL import Image

    file = io.BytesIO()
    Image.new("CMYK", (40, 30)).save(file, "JPEG")
    return file.getvalue()
