"""Rows in order become windows; none crosses a border between the parts, and nothing held out is learned from."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from core import edits
from core.build.check import data_problem
from core.data import DataFacts, describe, encode, load, prepared, preview, profile
from core.errors import DataError
from core.inspect.outputs import shown


def series(stores="a", days=60, shuffled=True):
    """Sales that say their own day, and their store by the thousands."""
    rows = [(f"2026-{1 + day // 28:02}-{1 + day % 28:02}", store, day) for day in range(days) for store in stores]
    lines = [
        f"{when},{store},{day + 0.5 + 1000 * stores.index(store)},{'' if day % 9 == 0 else day % 7}\n"
        for when, store, day in rows
    ]
    if shuffled:
        np.random.default_rng(0).shuffle(lines)
    return "when,store,sales,temp\n" + "".join(lines)


@pytest.fixture
def cut(table, folders):
    def make(content, windows, **fields):
        return prepared(table(content, target="sales", windows=windows, **fields), folders)

    return make


IN_TIME = {"length": 5, "horizon": 2, "order_by": "when"}


def test_a_window_holds_rows_in_order_and_its_target_stands_the_horizon_later(cut):
    ready = cut(series(), {**IN_TIME, "stride": 3}, features=["sales"], scaling="none")
    windows = ready.preparation.apply(ready.raw.features)
    assert windows.shape == (18, 5, 1)
    assert windows[1, :, 0].tolist() == [3.5, 4.5, 5.5, 6.5, 7.5]
    assert ready.raw.target.values[1] == 9.5
    assert ready.facts.feature_shape == (5, 1)
    assert ready.facts.kind == "sequence"
    assert DataFacts.from_dict(json.loads(json.dumps(ready.facts.to_dict()))) == ready.facts


def test_no_window_mixes_series(cut):
    ready = cut(series("abc"), {**IN_TIME, "group_by": "store"}, features=["sales"], scaling="none")
    windows = ready.preparation.apply(ready.raw.features)
    assert len(windows) == 3 * (60 - 6)
    assert (np.ptp(windows, axis=(1, 2)) == 4).all()
    mixed = cut(series("abc"), IN_TIME, features=["sales"])
    assert any("'when': 120 rows have the same value as the row before" in note for note in mixed.facts.notes)
    assert not any("same value" in note for note in ready.facts.notes)


def test_no_window_crosses_a_border_and_the_parts_are_in_time(cut):
    ready = cut(series("ab"), {**IN_TIME, "group_by": "store"}, test_fraction=0.2)
    seen = {}
    for name, windows in ready.split.parts().items():
        taken = ready.raw.features.taken(windows)
        seen[name] = {*taken.places.ravel().tolist(), *taken.answers.tolist()}
    assert seen["train"] == {*range(36), *range(60, 96)}
    assert seen["validation"] == {*range(36, 48), *range(96, 108)}
    assert seen["test"] == {*range(48, 60), *range(108, 120)}
    assert "24 windows across the borders between the parts are left out." in ready.facts.notes
    assert ready.facts.parts == {"train": 60, "validation": 12, "test": 12}


def test_nothing_is_learned_from_rows_that_are_held_out(cut):
    usual = series(shuffled=False)
    lines = usual.splitlines()
    strange = "\n".join(f"{line.split(',')[0]},a,1e6,1e6" if place > 48 else line for place, line in enumerate(lines))
    before, after = (cut(content, IN_TIME, features=["sales", "temp"]) for content in (usual, strange))
    assert before.facts.columns == after.facts.columns
    train = before.split.train
    assert np.array_equal(train, after.split.train)
    one, other = (ready.preparation.apply(ready.raw.features.taken(train)) for ready in (before, after))
    assert np.array_equal(one, other)
    assert one.mean(axis=(0, 1)) == pytest.approx([0, 0], abs=0.1)
    values = before.raw.features.rows["sales"].to_numpy()[:46]  # each row counts once, not once a window
    assert before.preparation.encoders[0].scale.by == pytest.approx(values.std())


def test_the_past_of_the_target_is_learned_from_but_not_order_and_series(cut):
    ready = cut(series("ab"), {**IN_TIME, "group_by": "store"})
    assert [column.name for column in ready.facts.columns] == ["sales", "temp"]


def test_windows_without_a_target_are_left_out_and_rows_keep_their_distance(cut):
    content = series(shuffled=False).replace(",20.5,", ",,")
    ready = cut(content, {"length": 3}, features=["sales"], scaling="none", split="random")
    assert "1 row without a usable target left out." in ready.facts.notes
    assert 20.5 not in ready.raw.target.values
    windows = ready.preparation.apply(ready.raw.features)
    assert len(windows) == 56
    assert (ready.raw.target.values - windows[:, 0, 0] == 3).sum() == 55  # all but that with the filled gap first


def test_weights_and_classes_are_those_of_the_foretold_rows(table, folders, project):
    content = "a,w,y\n" + "".join(f"{i},{i},{'ud'[i % 3 == 0]}\n" for i in range(50))
    data = table(content, windows={"length": 4}, features=["a"], sample_weight="w", scaling="none")
    loaded = load(project(data, [4, 1], 2, "SparseCategoricalCrossentropy"), folders)
    assert loaded.facts.class_names == ("d", "u")
    assert np.array_equal(loaded.train.weights, loaded.train.x[0][:, -1, 0] + 1)
    assert np.array_equal(loaded.train.y[0], loaded.train.weights % 3 != 0)


@pytest.mark.parametrize(
    ("windows", "fields", "sentence", "mended"),
    [
        ({"length": 100}, {}, r"and its target 1 later need 101 rows in order, but the longest series has 60", True),
        ({"length": 40, "horizon": 100}, {}, "the longest series has 60. Use a shorter length or horizon", False),
        ({"length": 20}, {}, "validation part has no window: .* 21 rows .* longest stretch has 12", True),
        ({"order_by": "wen"}, {}, "no column 'wen' to be the order of the rows. Did you mean 'when'", True),
        ({"order_by": "store"}, {}, r"in order of 'store', but row 1 has 'a'\. Needed is a number or a date", True),
        ({"group_by": "stor"}, {}, "no column 'stor' .* Did you mean 'store'", True),
        ({}, {"split": "column", "split_by": "store"}, "cannot be split as a column says", True),
        ({}, {"split": "group", "split_by": "store"}, "only if each group is a series of its own", True),
        ({"order_by": "when"}, {"split": "time", "split_by": "temp"}, "cannot be split by the time in column", True),
    ],
)
def test_what_cannot_be_cut_says_where_and_the_repair_mends_it(
    windows, fields, sentence, mended, table, folders, project
):
    data = table(series(), target="sales", windows={"length": 8, **windows}, **fields)
    with pytest.raises(DataError, match=sentence) as caught:
        describe(data, folders)
    assert caught.value.field.startswith(("data.windows.", "data.split"))
    fix = data_problem(caught.value).fix
    assert (fix is not None) == mended
    if fix:
        better = edits.applied(project(data, [8, 1], 1, "MeanSquaredError"), fix.edits)
        assert describe(better.data, folders).parts["validation"] > 0


def test_the_page_sees_each_column_of_a_window(table, folders):
    shown_rows = preview(table(series(), target="sales", windows=IN_TIME, features=["temp", "sales"]), folders)
    assert shown_rows.columns == ("temp", "sales", "sales")
    assert shown_rows.rows[0] == ((None, 1, 2, 3, 4), (0.5, 1.5, 2.5, 3.5, 4.5), 6.5)
    assert shown_rows.rows_in_all == 54


def test_the_profile_is_one_of_rows_not_of_windows(cut, table):
    ready = cut(series(), {**IN_TIME, "stride": 5})
    found = profile(table(series(), target="sales", windows=IN_TIME), ready)
    assert found.rows == 60
    temp = next(column for column in found.columns if column.name == "temp")
    assert (temp.missing, temp.role) == (7, "feature")
    assert found.correlated == ("sales", "temp")
    assert not [hint for hint in found.hints if "missing" in hint.message]


def test_a_window_can_be_typed_and_a_wrong_one_says_what_is_needed(cut, project, table):
    ready = cut(series(), IN_TIME, features=["sales", "temp"], scaling="none")
    wanted = project(table(series(), target="sales", windows=IN_TIME), [5, 2], 1, "MeanSquaredError")
    by_column, by_row = {"sales": [1, 2, 3, 4, 5], "temp": [0] * 5}, [[value, 0] for value in range(1, 6)]
    (x,) = encode(wanted, ready, [by_column, by_row])
    assert x.shape == (2, 5, 2)
    assert np.array_equal(x[0], x[1])
    for row, sentence in (
        ({"sales": [1, 2]}, "Row 1 needs 5 values for 'sales'"),
        ([[1, 2]], "Row 1 needs a window of 5 rows"),
    ):
        with pytest.raises(DataError, match=sentence):
            encode(wanted, ready, [row])


def test_a_forecast_is_shown_after_the_targets_own_past(cut):
    ready = cut(series(), IN_TIME)
    assert shown(ready, 3) == {"series": [3.5, 4.5, 5.5, 6.5, 7.5]}


@pytest.mark.parametrize("kind", ["excel", "parquet", "json_lines"])
def test_any_kind_of_table_can_be_a_series(kind, spec, folders, tmp_path):
    frame = pd.DataFrame({"when": pd.date_range("2026-01-01", periods=40), "y": np.arange(40) / 2})
    path = tmp_path / ("t.xlsx" if kind == "excel" else "t")
    write = {
        "excel": lambda: frame.to_excel(path, index=False),
        "parquet": lambda: frame.to_parquet(path),
        "json_lines": lambda: path.write_text(frame.to_json(orient="records", lines=True, date_format="iso")),
    }
    write[kind]()
    facts = describe(spec(kind, path=path.name, target="y", windows={"length": 4, "order_by": "when"}), folders)
    assert facts.feature_shape == (4, 1)
    assert facts.rows == 36


def test_too_many_values_are_refused_before_they_are_made(table, folders):
    content = "y\n" + "".join(f"{i / 2}\n" for i in range(101_500))
    with pytest.raises(DataError, match=r"100,500 windows of 1000 rows .* Use a larger stride") as caught:
        describe(table(content, windows={"length": 1000}), folders)
    assert caught.value.field == "data.windows.stride"
