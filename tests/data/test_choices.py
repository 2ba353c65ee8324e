"""What a user chooses for a column is what scikit-learn does under that name, learned from the training part alone."""

from __future__ import annotations

import numpy as np
import pytest

from core.data import DataFacts, describe, encode, load, prepared, preview
from core.errors import DataError

ROWS = [
    (
        "" if i % 7 == 0 else (i * 37 % 101) / 4,
        "" if i % 6 == 0 else "cab"[i * 5 % 3],
        f"202{i % 4}-0{1 + i % 9}-1{i % 8} 1{i % 9}:30",
        f"{10000 + i % 4}",
        i * 0.5,
    )
    for i in range(90)
]
TEXT = "size,kind,when,zip,y\n" + "".join(",".join(map(str, row)) + "\n" for row in ROWS)


@pytest.fixture
def made(table, folders):
    def make(**fields):
        return prepared(table(TEXT, **fields), folders)

    return make


def applied(ready, column):
    values = ready.preparation.apply(ready.raw.features)
    return values[:, list(ready.preparation.groups[column])]


@pytest.mark.parametrize("scaling", ["standard", "min_max", "robust", "none"])
@pytest.mark.parametrize("missing", ["mean", "median", "most_frequent", "constant"])
def test_gaps_and_scales_are_those_of_scikit_learn(made, missing, scaling):
    from sklearn import preprocessing
    from sklearn.impute import SimpleImputer

    choice = {"missing": missing, "scaling": scaling, **({"fill": -3.5} if missing == "constant" else {})}
    ready = made(features=["size"], columns={"size": choice})
    column = ready.raw.features[["size"]]
    train = column.iloc[ready.split.train]
    imputer = SimpleImputer(strategy=missing, fill_value=-3.5).fit(train)
    names = {"standard": "StandardScaler", "min_max": "MinMaxScaler", "robust": "RobustScaler"}
    expected = imputer.transform(column)
    if scaling != "none":
        expected = getattr(preprocessing, names[scaling])().fit(imputer.transform(train)).transform(expected)
    np.testing.assert_allclose(applied(ready, "size"), expected, rtol=1e-5, atol=1e-6)
    assert not np.isnan(applied(ready, "size")).any()


def test_ordinal_codes_begin_with_1_and_0_is_unknown(made):
    ready = made(columns={"kind": {"encoding": "ordinal"}})
    codes = applied(ready, "kind")[:, 0]
    assert codes[:4].tolist() == [0, 3, 2, 1] or set(codes) == {0, 1, 2, 3}
    assert (codes[ready.raw.features["kind"].isna()] == 0).all()
    strange = ready.raw.features.iloc[:1].assign(kind="never seen")
    assert ready.preparation.apply(strange)[0, ready.preparation.groups["kind"][0]] == 0
    assert ready.facts.feature_names == ("size", "kind", "zip")


def test_gaps_of_categories_can_be_the_commonest_or_a_category_of_their_own(made):
    own = made(columns={"kind": {"missing": "constant", "fill": "none"}})
    assert own.facts.columns[1].categories == ("a", "b", "c", "none")
    assert (applied(own, "kind").sum(axis=1) == 1).all()
    common = made(columns={"kind": {"missing": "most_frequent"}})
    assert common.facts.columns[1].categories == ("a", "b", "c")
    assert (applied(common, "kind").sum(axis=1) == 1).all()
    assert (applied(made(), "kind").sum(axis=1) == 0).sum() == 15  # as before: none of the categories


def test_a_number_can_be_a_category(made):
    ready = made(columns={"zip": {"kind": "category"}})
    assert ready.facts.feature_names[-4:] == ("zip=10000", "zip=10001", "zip=10002", "zip=10003")
    assert made().facts.feature_names[-1] == "zip"  # unless asked it is a number


def test_dates_become_parts(made, table, folders):
    assert any("'when' looks like dates" in note for note in made().facts.notes)
    ready = made(columns={"when": {"kind": "date", "parts": ["year", "hour", "days"], "scaling": "none"}})
    assert ready.facts.feature_names == (
        "size",
        *[f"kind={c}" for c in "abc"],
        "when.year",
        "when.hour",
        "when.days",
        "zip",
    )
    year, hour, days = applied(ready, "when")[1]
    assert (year, hour) == (2021, 11)
    assert days == pytest.approx((np.datetime64("2021-02-11T11:30") - np.datetime64("1970-01-01")).astype(int) / 1440)
    assert DataFacts.from_dict(ready.facts.to_dict()) == ready.facts


def test_dates_are_shown_as_dates(table, folders):
    shown = preview(table(TEXT, columns={"when": {"kind": "date"}}), folders, rows=2)
    assert shown.rows[1][2] == "2021-02-11 11:30:00"


def test_dates_of_another_country_need_their_format(table, folders):
    text = "when,y\n" + "".join(f"{i % 28 + 1}.{i % 12 + 1}.2026,{i * 0.5}\n" for i in range(60))
    with pytest.raises(DataError, match=r"'when' is said to hold dates such as '2026-11-28', .* \(row 1: '1.1.2026'\)"):
        describe(table(text, columns={"when": {"kind": "date"}}), folders)
    choice = {"kind": "date", "date_format": "%d.%m.%Y", "parts": ["day"], "scaling": "none"}
    ready = prepared(table(text, columns={"when": choice}), folders)
    assert applied(ready, "when")[:30, 0].tolist() == [float(i % 28 + 1) for i in range(30)]


def test_a_single_date_that_is_none_counts_as_missing_and_is_told(table, folders):
    text = "when,y\n" + "".join(
        f"{'2026-02-30' if i == 4 else f'2026-03-{i % 28 + 1:02}'},{i * 0.5}\n" for i in range(60)
    )
    facts = describe(table(text, columns={"when": {"kind": "date"}}), folders)
    assert "Column 'when': 1 value(s) are no dates (row 5: '2026-02-30') and count as missing." in facts.notes


def test_a_typed_date_is_read_as_those_of_the_file(made, project):
    choice = {"when": {"kind": "date", "parts": ["day_of_week"], "scaling": "none"}}
    ready = made(columns=choice, features=["when"])
    wanted = project(ready_data(made, choice), [1], 1, "MeanSquaredError")
    (x,) = encode(wanted, ready, [{"when": "2026-11-28"}, {"when": ready.facts.columns[0].typical}, {}])
    assert x[0, 0] == 5  # a Saturday
    assert np.isfinite(x).all()
    with pytest.raises(DataError, match="Row 1 needs a date for 'when', but has 'soon'"):
        encode(wanted, ready, [{"when": "soon"}])


def ready_data(made, choice):
    import pydantic

    from core.spec import DataSpec

    fields = {"source": "csv", "path": "table.csv", "target": "y", "features": ["when"], "columns": choice}
    return pydantic.TypeAdapter(DataSpec).validate_python(fields)


@pytest.mark.parametrize(
    ("columns", "sentence", "repair"),
    [
        (
            {"kind": {"kind": "number"}},
            r"'kind' is said to hold numbers, but row \d+ has '[abc]'",
            "Make it a category",
        ),
        ({"size": {"missing": "constant", "fill": "x"}}, "'size' are to be filled with 'x'", "Fill with the median"),
    ],
)
def test_a_choice_that_does_not_suit_says_where_and_how_to_mend_it(made, columns, sentence, repair):
    with pytest.raises(DataError, match=sentence) as caught:
        made(columns=columns)
    assert caught.value.repair[0] == repair
    assert caught.value.field.startswith(f"data.columns.{next(iter(columns))}.")
    assert all(path.startswith("data.columns.") for path in caught.value.repair[1])


@pytest.mark.parametrize("source", ["csv", "xor"])
def test_a_choice_for_no_column_is_a_problem_that_can_be_removed(source, table, spec, folders, project):
    from core import edits, validate

    choices = {"knd": {"scaling": "none"}, "size": {"scaling": "robust"}}
    data = table(TEXT, columns=choices) if source == "csv" else spec("xor", columns=choices)
    wanted = project(data, [6], 1, "MeanSquaredError")
    found = [one for one in validate.problems(wanted, describe(data, folders)) if "columns" in (one.field or "")]
    assert found[0].field == "data.columns.knd"
    mended = edits.applied(wanted, found[0].fix.edits)
    assert list(mended.data.columns) == ["size"]


def test_classes_can_count_alike_or_be_repeated(table, folders, project):
    from sklearn.utils.class_weight import compute_sample_weight

    text = "a,w,y\n" + "".join(f"{i},{i % 3},{'rare' if i % 10 == 0 else 'common'}\n" for i in range(100))

    def loaded(**fields):
        data = table(text, **fields)
        return load(project(data, [1], 2, "SparseCategoricalCrossentropy"), folders)

    balanced = loaded(class_weight="balanced", features=["a"])
    assert np.allclose(balanced.train.weights, compute_sample_weight("balanced", balanced.train.y[0]))
    assert balanced.validation.weights is None  # as Keras's class_weight
    both = loaded(class_weight="balanced", sample_weight="w")
    assert np.allclose(both.train.weights, balanced.train.weights * (both.train.rows % 3))
    assert np.array_equal(both.validation.weights, both.validation.rows % 3)
    assert both.facts.feature_names == ("a",)  # a weight is no feature
    repeated = loaded(oversample=True, features=["a"])
    assert np.bincount(repeated.train.y[0]).tolist() == [72, 72]
    assert set(repeated.train.rows) == set(balanced.train.rows)  # nothing of the held-out rows
    assert len(repeated.validation) == 20


def test_what_cannot_be_weighed_is_refused(table, folders):
    numbers = "a,w,y\n" + "".join(f"{i},{-i},{i * 0.5}\n" for i in range(40))
    for fields, sentence in (
        ({"class_weight": "balanced"}, r"balanced \(class_weight\), but the target 'y' is a number"),
        ({"oversample": True}, r"balanced \(oversample\), but the target 'y' is a number"),
        ({"sample_weight": "w"}, "to weigh the rows, but row 2 has '-1'"),
        ({"sample_weight": "W"}, "Did you mean 'w'"),
    ):
        with pytest.raises(DataError, match=sentence) as caught:
            describe(table(numbers, **fields), folders)
        assert caught.value.repair
