"""The script reads a table of the user's own as the page does: any kind of file, every choice, windows, texts."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.exporting.rows import CLASSES, TWO, compare, project

MESSY = "size,kind,when,zip,who,part,w,y,label\n" + "".join(
    f"{'' if i % 7 == 0 else i * 37 % 101 / 4},{'' if i % 6 == 0 else 'cab'[i * 5 % 3]},"
    f"202{i % 4}-0{1 + i % 9}-1{i % 8} 1{i % 9}:30,{10000 + i % 4},p{i % 11},"
    f"{('train', 'val', 'TEST')[(i % 10 > 6) + (i % 10 > 8)]},{i % 3 + 1},{i * 7 % 90 / 2},{'ab'[i % 5 == 0]}\n"
    for i in range(120)
)
CHOICES = {
    "size": {"missing": "mean", "scaling": "robust"},
    "kind": {"encoding": "ordinal", "missing": "most_frequent"},
    "when": {"kind": "date", "parts": ["year", "day_of_week", "days"], "scaling": "min_max"},
    "zip": {"kind": "category", "missing": "constant", "fill": "none"},
}
FEATURES = ["size", "kind", "when", "zip"]
LABEL = {"target": "label", "loss": CLASSES, "units": 2}
MESSY_CASES = {
    "choices": ({"features": FEATURES, "columns": CHOICES}, 10),
    "choices, most frequent and a constant": (
        {
            "features": FEATURES,
            "columns": {
                "size": {"missing": "constant", "fill": -1.5, "scaling": "none"},
                "kind": {"missing": "constant", "fill": "none"},
                "zip": {"missing": "most_frequent", "scaling": "min_max"},
                "when": {"kind": "date", "missing": "mean"},
            },
        },
        10,
    ),
    "all robust": ({"features": ["size", "zip"], "scaling": "robust"}, 2),
    "in time": ({"features": ["size", "zip"], "split": "time", "split_by": "when", "test_fraction": 0.1}, 2),
    "in the order of the file": ({"features": ["size", "zip"], "split": "time"}, 2),
    "by group": ({"features": ["size", "zip"], "split": "group", "split_by": "who", "test_fraction": 0.2}, 2),
    "by a column": ({"features": ["size", "zip"], "split": "column", "split_by": "part"}, 2),
    "not stratified": ({"features": ["size", "zip"], "split": "random", **LABEL}, 2),
    "weights": ({"features": ["size", "zip"], "sample_weight": "w"}, 2),
    "both weights": ({"features": ["size"], "sample_weight": "w", "class_weight": "balanced", **LABEL}, 1),
    "oversampled": ({"features": ["size", "zip"], "oversample": True, "class_weight": "balanced", **LABEL}, 2),
}


@pytest.mark.parametrize("case", MESSY_CASES)
def test_what_was_chosen_for_the_columns_is_in_the_script(case, folders, tmp_path):
    (tmp_path / "messy.csv").write_text(MESSY)
    given, width = MESSY_CASES[case]
    form = {**TWO, "shape": [width], **{name: given[name] for name in ("loss", "units") if name in given}}
    source = {name: value for name, value in given.items() if name not in ("loss", "units")}
    compare(project({"source": "csv", "path": str(tmp_path / "messy.csv"), "target": "y", **source}, form), folders)


SERIES = "when,store,temp,kind,sales\n" + "".join(
    f"2026-{1 + i // 28 % 12:02}-{1 + i % 28:02},{'ab'[i % 3 == 0]},{'' if i % 7 == 0 else i * 37 % 101 / 4},"
    f"{'cab'[i * 5 % 3]},{'' if i % 11 == 0 else i * 13 % 50 + i / 9}\n"
    for i in (place * 61 % 150 for place in range(150))
)
IN_ORDER = {"length": 4, "horizon": 2, "order_by": "when"}
SERIES_CASES = {
    "one series": ({"windows": IN_ORDER, "test_fraction": 0.2}, [4, 7]),
    "several series, overlapping less": (
        {"windows": {**IN_ORDER, "stride": 2, "group_by": "store"}, "split": "time", "scaling": "min_max"},
        [4, 5],
    ),
    "in the order of the file": ({"windows": {"length": 5}, "features": ["sales"], "validation_fraction": 0.3}, [5, 1]),
    "without validation": ({"windows": {"length": 5}, "features": ["sales"], "validation_fraction": 0.0}, [5, 1]),
    "by chance": ({"windows": IN_ORDER, "split": "random", "features": ["temp", "sales"]}, [4, 2]),
    "whole series": (
        {"windows": {"length": 4, "group_by": "kind"}, "split": "group", "split_by": "kind", "features": ["temp"]},
        [4, 1],
    ),
    "choices of columns": (
        {
            "windows": {**IN_ORDER, "order_by": None},
            "features": ["when", "kind", "temp"],
            "columns": {"when": {"kind": "date", "parts": ["month", "day"]}, "kind": {"encoding": "ordinal"}},
            "sample_weight": "weight",
        },
        [4, 4],
    ),
}


@pytest.mark.parametrize("case", SERIES_CASES)
def test_windows_of_a_series_are_those_of_the_page(case, folders, tmp_path):
    lines = SERIES.splitlines()
    weighed = [f"{lines[0]},weight", *(f"{line},{place % 3 + 1}" for place, line in enumerate(lines[1:]))]
    (tmp_path / "series.csv").write_text("\n".join(weighed if "weight" in str(SERIES_CASES[case]) else lines))
    given, shape = SERIES_CASES[case]
    source = {"source": "csv", "path": str(tmp_path / "series.csv"), "target": "sales", **given}
    compare(project(source, {**TWO, "shape": shape}), folders)


TEXTS = "review,stars,weight,mood\n" + "".join(
    f'"{" ".join(("Good", "bad,", "WORD" + str(i % 13), "Öl", "end.")[i % 4 :])}",{i % 5 + i / 90},{i % 3 + 1},'
    f"{'' if i == 7 else 'ud'[i % 3 == 0]}\n"
    for i in range(90)
)
TEXTS += "?,1.5,1,u\n...,2.5,1,u\n"
TEXT_CASES = {
    "classes": ({"target": "mood", "test_fraction": 0.1}, {"shape": [4], "units": 2, "loss": CLASSES}),
    "a number, in time, weighed": (
        {"target": "stars", "split": "time", "sample_weight": "weight"},
        {**TWO, "shape": [4]},
    ),
    "repeated": ({"target": "mood", "oversample": True}, {"shape": [4], "units": 2, "loss": CLASSES}),
}


@pytest.mark.parametrize("case", TEXT_CASES)
def test_words_are_numbered_as_the_page_numbers_them(case, folders, tmp_path):
    (tmp_path / "texts.csv").write_text(TEXTS)
    given, form = TEXT_CASES[case]
    words = {"column": "review", "max_tokens": 10, "output_sequence_length": 4}
    compare(project({"source": "csv", "path": str(tmp_path / "texts.csv"), "text": words, **given}, form), folders)


def test_a_table_from_another_country_is_read_as_the_page_reads_it(folders, tmp_path):
    rows = "".join(
        f"{i % 7},{i % 3};{'ja' if i % 4 else 'nein'};{'' if i % 9 == 0 else i};{i * 3 % 11},5\n" for i in range(80)
    )
    (tmp_path / "umsatz.csv").write_text("größe;neu;menge;preis\n" + rows)
    source = {"source": "csv", "path": str(tmp_path / "umsatz.csv"), "target": "preis"}
    compare(project(source, {**TWO, "shape": [4]}), folders)


@pytest.mark.parametrize("kind", ["csv", "excel", "parquet", "json_lines"])
def test_a_table_in_any_kind_of_file_is_read_as_the_page_reads_it(kind, folders, tmp_path):
    texts = ["röt", "blau", None]
    frame = pd.DataFrame(
        {
            "Unnamed: 0": [i % 13 for i in range(80)],
            " ": [i % 7 for i in range(80)],
            " size ": [None if i % 9 == 0 else i * 0.5 for i in range(80)],
            "colour": [texts[i % 3] for i in range(80)],
            "new": [i % 4 == 0 for i in range(80)],
            "fee": [None if i % 8 == 0 else f"${i * 311:,}" for i in range(80)],
            "price": [i * 3 % 11 + 0.5 for i in range(80)],
        }
    )
    write = {
        "csv": lambda path: path.write_bytes(frame.to_csv(index=False).encode("cp1252")),
        "excel": lambda path: frame.to_excel(path.with_suffix(".xlsx"), index=False, startrow=2),
        "parquet": frame.to_parquet,
        "json_lines": lambda path: path.write_text(frame.to_json(orient="records", lines=True)),
    }
    path = tmp_path / ("t.xlsx" if kind == "excel" else "t")
    write[kind](path)
    compare(project({"source": kind, "path": str(path), "target": "price"}, {**TWO, "shape": [7]}), folders)
