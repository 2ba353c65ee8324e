"""What a user's table becomes: roles, encodings, separators, repairs with a note."""

from __future__ import annotations

import numpy as np
import pytest

from core.data import describe, load, preview, read

ROWS = [(i, i * 0.25, "red" if i % 3 else "blue", i % 2) for i in range(60)]


def text(separator=",", point="."):
    lines = [
        ["count", "size", "colour", "y"],
        *([str(a), str(b).replace(".", point), c, str(d)] for a, b, c, d in ROWS),
    ]
    return "\n".join(separator.join(line) for line in lines) + "\n"


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_separators_and_encodings_give_the_same_table(table, folders, separator, encoding):
    words = text(separator).replace("red", "röt")
    raw = read(table(words.encode(encoding)), folders)
    assert list(raw.features.columns) == ["count", "size", "colour"]
    assert raw.features["colour"].iloc[1] == "röt"
    assert raw.features["size"].iloc[2] == 0.5


def test_decimal_commas_are_read_and_told(table, folders):
    facts = describe(table(text(";", ",")), folders)
    assert facts.notes[0] == "Commas in numbers were read as decimal points."
    assert facts.columns[1].kind == "number"


@pytest.mark.parametrize(
    ("values", "task", "classes"),
    [
        (["no", "yes"], "binary", 2),
        (["a", "b", "c"], "classification", 3),
        (["0", "1"], "binary", 2),
        (["0.0", "1.0", "2.0"], "classification", 3),
        (["True", "False"], "binary", 2),
        ([str(i) for i in range(20)], "classification", 20),
        ([str(i) for i in range(21)], "regression", None),
        (["0.5", "1.5"], "regression", None),
    ],
)
def test_the_task_follows_from_the_target(table, folders, values, task, classes):
    rows = "".join(f"{i},{values[i % len(values)]}\n" for i in range(84))
    facts = describe(table("a,y\n" + rows), folders)
    assert (facts.task, facts.classes) == (task, classes)


def test_class_names_are_the_words_of_the_file(table, folders):
    assert describe(table("a,y\n1,3\n2,1\n3,3\n4,1\n"), folders).class_names == ("1", "3")
    assert describe(table("a,y\n1,True\n2,False\n3,True\n4,\n"), folders).class_names == ("False", "True")


def test_identifiers_are_left_out_with_a_note(table, folders):
    rows = "".join(f"{i},person {i},{i % 7},{i % 2}\n" for i in range(60))
    facts = describe(table(",name,size,y\n" + rows), folders)
    assert facts.feature_names == ("size",)
    assert "Column 'column_1' only numbers the rows, so it is left out." in facts.notes
    assert any(note.startswith("Column 'name' has 60 different texts") for note in facts.notes)


@pytest.mark.parametrize("name", ["PassengerId", "userID", "Customer ID", "order_id", "Unnamed: 0"])
def test_a_column_that_is_called_an_identifier_is_left_out_where_it_never_comes_again(name, table, folders):
    rows = "".join(f"{{}},{i % 7},{i % 2}\n" for i in range(60))
    once = describe(table(f"{name},paid,y\n" + rows.format(*(i * 3 for i in range(60)))), folders)
    assert once.feature_names == ("paid",)
    again = describe(table(f"{name},paid,y\n" + rows.format(*(i // 2 for i in range(60)))), folders)
    assert len(again.feature_names) == 2, "what comes again may tell something: that is for the user to say"


def test_stray_words_in_a_number_column_count_as_missing(table, folders):
    rows = "".join(f"{'oops' if i == 4 else i},{i % 2}\n" for i in range(60))
    facts = describe(table("a,y\n" + rows), folders)
    assert facts.columns[0].kind == "number"
    assert "row 5: 'oops'" in facts.notes[0]


def test_infinite_and_missing_values_are_filled_and_told(table, folders, project):
    rows = "".join(f"{'inf' if i == 3 else '' if i == 5 else '1e300' if i == 6 else i},{i % 2}\n" for i in range(60))
    data = table("a,y\n" + rows)
    facts = describe(data, folders)
    assert "Column 'a': 2 infinite or too large value(s) count as missing." in facts.notes
    assert any("3 missing values replaced by" in note for note in facts.notes)
    assert np.isfinite(load(project(data, [1], 2, "SparseCategoricalCrossentropy"), folders).train.x[0]).all()


def test_rows_without_a_target_are_left_out(table, folders):
    facts = describe(table(text() + "61,1,red,\n62,1,red,NA\n"), folders)
    assert facts.rows == 60
    assert "2 rows without a usable target left out." in facts.notes


def test_yes_and_no_columns_are_numbers(table, folders):
    rows = "".join(f"{i % 3 == 0},{i},{i % 2}\n" for i in range(30))
    assert describe(table("ok,a,y\n" + rows), folders).feature_names == ("ok", "a")


def test_a_changed_file_is_read_again(table, folders):
    assert describe(table(text()), folders).rows == 60
    assert describe(table(text() + "61,1,red,1\n"), folders).rows == 61


def test_the_preview_shows_the_file_not_the_scaled_numbers(table, folders):
    shown = preview(table(text()), folders, rows=2)
    assert shown.columns == ("count", "size", "colour", "y")
    assert shown.rows == ((0.0, 0.0, "blue", "0"), (1.0, 0.25, "red", "1"))
    assert shown.rows_in_all == 60
