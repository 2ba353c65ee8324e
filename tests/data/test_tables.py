"""One table in every kind of file is one table: each reader keeps the same promise."""

from __future__ import annotations

import datetime
import json

import numpy as np
import openpyxl
import pandas as pd
import pytest

from core.data import describe, header, kind, load, preview, read
from core.errors import DataError

HEADER = ["size", "colour", "new", "gaps", " note ", "y"]
ROWS = [
    [
        i * 0.25,
        ("röt", "blue", None)[i % 3],
        i % 4 == 0,
        None if i % 5 == 0 else i,
        "?" if i % 2 else "x",
        ["no", "yes"][i % 2],
    ]
    for i in range(60)
]
TSV, CSV = "\t", ","


def as_text(separator):
    lines = [separator.join(HEADER), *(separator.join("" if v is None else str(v) for v in row) for row in ROWS)]
    return ("\n".join(lines) + "\n").encode()


def as_excel(path):
    book = openpyxl.Workbook()
    for row in [HEADER, *ROWS]:
        book.active.append(row)
    book.save(path)


def as_parquet(path):
    frame = pd.DataFrame(ROWS, columns=HEADER)
    frame.to_parquet(path)


def as_json_lines(path):
    rows = [{k: v for k, v in zip(HEADER, row, strict=True) if v is not None or i == 0} for i, row in enumerate(ROWS)]
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n", encoding="utf-8")


WRITERS = {
    "csv": lambda path: path.write_bytes(as_text(CSV)),
    "tsv": lambda path: path.write_bytes(as_text(TSV)),
    "excel": as_excel,
    "parquet": as_parquet,
    "json_lines": as_json_lines,
}


@pytest.fixture(params=WRITERS)
def data(request, spec, tmp_path):
    WRITERS[request.param](tmp_path / "t")
    return spec("csv" if request.param == "tsv" else request.param, path="t", target="y")


def test_the_table_is_the_same_in_every_kind_of_file(data, folders):
    found = read(data, folders)
    assert list(found.features.columns) == ["size", "colour", "new", "gaps", "note"]
    assert found.features["size"].tolist() == [row[0] for row in ROWS]
    assert found.features["colour"].isna().sum() == 20  # a gap is no category of its own
    assert set(found.features["colour"].dropna()) == {"röt", "blue"}
    assert found.features["new"].tolist() == [float(row[2]) for row in ROWS]
    assert found.features["gaps"].isna().sum() == 12
    assert found.features["note"].isna().sum() == 30  # a question mark is no value
    assert found.target.class_names == ("no", "yes")
    assert found.header == ("size", "colour", "new", "gaps", "note", "y")


def test_it_trains_and_is_shown_as_any_other(data, folders, project):
    facts = describe(data, folders)
    dataset = load(project(data, list(facts.feature_shape), 2, "SparseCategoricalCrossentropy"), folders)
    assert np.isfinite(dataset.train.x[0]).all()
    assert preview(data, folders, rows=1).rows == ((0.0, "röt", 1.0, None, "x", "no"),)


def test_the_kind_is_seen_by_the_content(data, folders):
    content = (folders.files / "t").read_bytes()
    assert kind(content) == data.source
    assert header(data, folders).columns[-1] == "y"


@pytest.mark.parametrize(
    ("table", "target"),
    [
        ("kind,size,remark\n" + "a,1,\n" * 9 + "b,2,late\n", "size"),  # a column of gaps is no target
        ("Class,size,weight\n" + "a,1,2\n" * 9, "Class"),
        ("size,weight,kind\n" + "1,2,a\n" * 9, "kind"),
        ("Id,Survived,Port\n" + "1,0,S\n" * 9, "Survived"),
        ("x,y,kind\n" + "1,2,a\n" * 9, "kind"),  # a place in the plane is no target
    ],
)
def test_the_column_that_is_most_likely_to_be_predicted(spec, folders, tmp_path, table, target):
    (tmp_path / "t.csv").write_text(table)
    assert header(spec("csv", path="t.csv", target=""), folders).target == target


@pytest.mark.parametrize("kind", ["csv", "excel", "parquet", "json_lines"])
def test_numbers_that_are_written_with_signs_are_numbers(kind, spec, folders, tmp_path):
    frame = pd.DataFrame(
        {
            "price": [f"-${i * 311:,}.50" for i in range(60)],
            "share": [None if i == 3 else f"{i % 30} %" for i in range(60)],
            "list": [f"{i % 4},{i % 3}" for i in range(60)],
            "either": [f"{i % 9}{'€$'[i % 2]}" for i in range(60)],
            "code": [f"{i % 5}{'A' if i == 40 else ''}" for i in range(60)],
            "y": range(60),
        }
    )
    write = {"csv": frame.to_csv, "excel": frame.to_excel, "parquet": frame.to_parquet}
    path = tmp_path / ("t.xlsx" if kind == "excel" else "t")
    if kind == "json_lines":
        frame.to_json(path, orient="records", lines=True)
    else:
        write[kind](path, index=False)
    found = read(spec(kind, path=path.name, target="y"), folders)
    assert found.features["price"].tolist() == [-(i * 311 + 0.5) for i in range(60)]
    assert found.features["share"].isna().sum() == 1
    assert found.features["share"].max() == 29
    assert set(found.features["list"]) >= {"1,2"}, "a list is no number of thousands"
    assert set(found.features["either"]) >= {"1$", "2€"}, "two currencies have no common size"
    assert any("'price', 'share' were left out, as in -$0.50" in note for note in found.notes)


@pytest.mark.parametrize("odd", ["-$-5", "--5%", "٣%", "9" * 25 + "%", "9" * 5000 + "%", "5%%", "$", "1,23%"])
def test_what_only_looks_like_a_number_with_a_sign_stays_a_text(odd, spec, folders, tmp_path):
    rows = "".join(f'"{odd if i % 2 else "7" + odd[-1:]}",{i}\n' for i in range(60))
    (tmp_path / "t.csv").write_text("a,y\n" + rows, encoding="utf-8")
    found = read(spec("csv", path="t.csv", target="y"), folders)
    assert odd in set(found.features["a"])


def test_a_comma_that_is_the_decimal_point_is_no_thousand(spec, folders, tmp_path):
    (tmp_path / "t.csv").write_text("preis;anteil;y\n" + "".join(f"1,234 €;{i},5;{i}\n" for i in range(60)))
    found = read(spec("csv", path="t.csv", target="y", features=["preis", "anteil"]), folders)
    assert found.features["anteil"].max() == 59.5
    assert "preis" not in found.features or set(found.features["preis"]) == {"1,234 €"}


def test_another_kind_of_file_is_refused_in_a_sentence(data, spec, folders):
    for source in ("excel", "parquet", "json_lines", "csv"):
        if source != data.source:
            with pytest.raises(DataError) as caught:
                describe(spec(source, path="t", target="y"), folders)
            assert str(caught.value).startswith("t")
            assert str(caught.value).endswith(".")


def test_a_sheet_is_chosen_by_its_name(spec, folders, tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "cover"
    second = book.create_sheet("numbers")
    for row in [[], ["made by", None], [], ["a", "y"], *([i, i % 2] for i in range(30))]:
        second.append(row)
    third = book.create_sheet("clean")
    for row in [["a", "y"], *([i, i % 3] for i in range(30))]:
        third.append(row)
    book.save(tmp_path / "t.xlsx")
    facts = describe(spec("excel", path="t.xlsx", target="y", sheet="clean"), folders)
    assert (facts.classes, facts.notes[0]) == (3, "Of 3 sheets, 'clean' was read.")
    assert header(spec("excel", path="t.xlsx", target=""), folders).sheets == ("cover", "numbers", "clean")
    with pytest.raises(DataError, match=r"no sheet 'klean'. Its sheets are 'cover', 'numbers', 'clean'"):
        describe(spec("excel", path="t.xlsx", target="y", sheet="klean"), folders)
    assert describe(spec("excel", path="t.xlsx", target="y"), folders).classes == 3  # the first that is a table
    with pytest.raises(DataError, match="row 4 of 'numbers' has a cell to the right of the 1 named column"):
        describe(spec("excel", path="t.xlsx", target="y", sheet="numbers"), folders)


def test_formulas_that_nobody_computed_are_named(spec, folders, tmp_path):
    book = openpyxl.Workbook()
    for row in [["a", "b", "y"], *([i, f"=A{i + 2}*2", i % 2] for i in range(30))]:
        book.active.append(row)
    book.save(tmp_path / "t.xlsx")
    data = spec("excel", path="t.xlsx", target="y")
    assert "Column 'b' holds formulas that nothing has computed yet (row 2)" in " ".join(describe(data, folders).notes)
    with pytest.raises(DataError, match="target column 'b' holds formulas that nothing has computed"):
        describe(spec("excel", path="t.xlsx", target="b"), folders)


def test_lists_and_objects_are_left_out_with_their_place(spec, folders, tmp_path):
    rows = [{"a": i, "tags": ["x"] if i == 3 else None, "y": i % 2} for i in range(30)]
    (tmp_path / "t.jsonl").write_text("\n".join(map(json.dumps, rows)))
    pd.DataFrame([{**row, "tags": ["x"]} for row in rows]).to_parquet(tmp_path / "t.parquet")
    for source, path, why in (
        ("json_lines", "t.jsonl", "Column 'tags' holds lists (line 4), so it is left out."),
        ("parquet", "t.parquet", "Column 'tags' holds list<element: string>, which is no number, text or date, so"),
    ):
        facts = describe(spec(source, path=path, target="y"), folders)
        assert facts.feature_names == ("a",)
        assert any(note.startswith(why) for note in facts.notes), facts.notes


def test_dates_are_known_as_such_in_every_kind_of_file(spec, folders, tmp_path):
    days = [datetime.datetime(2026, 1, 1) + datetime.timedelta(days=i) for i in range(30)]
    frame = pd.DataFrame({"when": days, "a": range(30), "y": [i % 2 for i in range(30)]})
    frame.to_csv(tmp_path / "t.csv", index=False)
    frame.to_excel(tmp_path / "t.xlsx", index=False)
    frame.to_parquet(tmp_path / "t.parquet")
    (tmp_path / "t.jsonl").write_text(frame.to_json(orient="records", lines=True, date_format="iso"))
    for source, path in (("csv", "t.csv"), ("excel", "t.xlsx"), ("parquet", "t.parquet"), ("json_lines", "t.jsonl")):
        assert header(spec(source, path=path, target=""), folders).dates == ("when",)
