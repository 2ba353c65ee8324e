"""A profile says what is in the rows, checked against pandas, and what may mislead a model."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from core.data import Profile, prepared, profile as profile_of
from core.data.profiles import give_role

ROWS = 400


def profile(data, folders):
    return profile_of(data, prepared(data, folders))


@pytest.fixture(scope="module")
def frame():
    """A table with every trait that a profile names, and some columns that are as they should be."""
    generator = np.random.default_rng(0)
    y = generator.integers(0, 2, ROWS)
    age = generator.normal(40, 10, ROWS).round(1)
    age[3] = 9999
    income = generator.normal(0, 1, ROWS)
    income[:40] = np.nan
    return pd.DataFrame(
        {
            "customer": np.arange(ROWS) + 1000,
            "user_id": generator.permutation(ROWS) * 3,
            "shop_id": generator.integers(0, 60, ROWS) * 7,
            "year_built": generator.integers(1900, 2000, ROWS),
            "age": age,
            "income": income,
            "spending": income * 2 + generator.normal(0, 0.1, ROWS),
            "colour": generator.choice(["red", "green", "blue"], ROWS, p=[0.7, 0.2, 0.1]),
            "answer": np.where(y == 1, "ja", "nein"),
            "later": y * 10 + generator.normal(0, 1, ROWS),
            "same": 7,
            "gone": np.where(np.arange(ROWS) % 4, np.nan, generator.normal(size=ROWS)),
            "y": np.where(y == 1, "yes", "no"),
        }
    )


@pytest.fixture
def found(frame, table, folders):
    return lambda **fields: profile(table(frame.to_csv(index=False), **fields), folders)


def column(seen, name):
    return next(column for column in seen.columns if column.name == name)


def hint(seen, name):
    return [hint for hint in seen.hints if hint.column == name]


def test_numbers_are_those_of_pandas(found, frame):
    seen = found()
    for name in ("age", "income", "spending"):
        have, known = column(seen, name), frame[name].dropna()
        assert (have.kind, have.role) == ("number", "feature")
        assert have.missing == frame[name].isna().sum()
        assert have.distinct == known.nunique()
        assert have.mean == pytest.approx(known.mean())
        assert have.deviation == pytest.approx(known.std(ddof=0))
        assert have.quartiles == pytest.approx(tuple(known.quantile([0.25, 0.5, 0.75])))
        assert (have.low, have.high) == (known.min(), known.max())
        assert sum(have.counts) == len(known)
        assert len(have.edges) == len(have.counts) + 1


def test_categories_are_counted_with_the_commonest_first(found, frame):
    have = column(found(), "colour")
    assert have.values == ("red", "green", "blue")
    assert have.counts == tuple(frame["colour"].value_counts())
    assert have.kind != "number"


def test_correlation_leaves_gaps_out_pair_by_pair(found, frame):
    seen = found()
    names = list(seen.correlated)
    assert names[0] == "y"
    assert "colour" not in names
    numbers = frame.assign(y=(frame["y"] == "yes").astype(int))[names]
    assert np.allclose(np.array(seen.correlation), numbers.corr().to_numpy(), atol=2e-4)


def test_what_is_left_out_says_why(found):
    seen = found()
    assert (column(seen, "same").role, column(seen, "same").reason) == ("ignored", "always the same")
    assert column(seen, "user_id").role == "identifier"
    chosen = found(features=["age", "colour"])
    assert column(chosen, "income").role == "ignored"
    assert column(chosen, "age").role == "feature"
    assert "income" not in chosen.correlated


def test_columns_that_tell_the_target_are_named_and_can_be_ignored(found):
    seen = found()
    assert "says the same as the target" in hint(seen, "answer")[0].message
    assert "alone tells" in hint(seen, "later")[0].message
    assert "different in every row" in hint(seen, "customer")[0].message
    for name in ("answer", "later", "customer"):
        (only,) = hint(seen, name)
        assert (only.fix.label, list(only.fix.fields)) == (f"Ignore {name}", ["data.features"])
        repaired = found(features=only.fix.fields["data.features"])
        assert not hint(repaired, name)
        assert column(repaired, name).role in ("ignored", "identifier")
    for fine in ("colour", "income", "spending"):
        assert not hint(seen, fine)


def test_what_many_rows_share_is_no_number_to_learn_from(found):
    (only,) = hint(found(), "shop_id")
    assert "(60 different numbers): their size means nothing" in only.message
    assert "shop_id" not in found(features=only.fix.fields["data.features"]).correlated
    assert not hint(found(), "year_built")


def test_far_and_missing_values_are_named(found):
    seen = found()
    assert "reaches 9999" in hint(seen, "age")[0].message
    assert column(seen, "age").outliers >= 1
    assert "missing in 75%" in hint(seen, "gone")[0].message


def test_rows_on_both_sides_of_the_split_are_counted(found, frame, table, folders):
    assert not any("stand in the training part too" in hint.message for hint in found().hints)
    twice = pd.concat([frame, frame]).to_csv(index=False)
    messages = [hint.message for hint in profile(table(twice), folders).hints]
    assert any("validation rows" in message and "stand in the training part too" in message for message in messages)


def test_a_regression_target_is_not_told_by_noise_but_by_its_own_multiple(table, folders):
    generator = np.random.default_rng(1)
    rows = pd.DataFrame({"near": generator.normal(size=ROWS), "cents": 0.0, "y": 0.0})
    rows["y"] = rows["near"] + generator.normal(0, 0.3, ROWS)
    rows["cents"] = rows["y"] * 100
    seen = profile(table(rows.to_csv(index=False)), folders)
    assert "alone tells" in hint(seen, "cents")[0].message
    assert not hint(seen, "near")


def test_uneven_classes_are_told(table, folders):
    text = "x,y\n" + "".join(f"{i * 7 % 11},{'rare' if i % 20 == 0 else 'often'}\n" for i in range(200))
    uneven = next(hint for hint in profile(table(text), folders).hints if "always answering" in hint.message)
    assert "always answering 'often' is right in 95%" in uneven.message
    assert uneven.fix.fields == {"data.class_weight": "balanced"}
    for done in ({"class_weight": "balanced"}, {"oversample": True}):  # nothing is offered twice
        again = profile(table(text, **done), folders).hints
        assert [hint.fix for hint in again if "always answering" in hint.message] == [None]
    even = text.replace("rare", "b").replace("often", "a").replace("a\n", "b\n", 80)
    assert not any("always answering" in hint.message for hint in profile(table(even), folders).hints)


@pytest.mark.parametrize("source", ["digits", "iris", "diabetes", "spiral", "waves"])
def test_every_kind_has_a_profile_that_survives_json(source, spec, folders):
    seen = profile(spec(source), folders)
    assert Profile.from_dict(json.loads(json.dumps(seen.to_dict(), allow_nan=False))) == seen
    assert sum(seen.target.counts) == seen.rows
    assert sum(column.role == "feature" for column in seen.columns) >= 1
    assert not any(hint.fix for hint in seen.hints)


def test_a_column_changes_its_role(spec):
    data = spec("csv", path="t.csv", target="y")
    assert give_role(data, ["a", "b"], "a", "ignored") == {"data.features": ["b"]}
    assert give_role(data, ["a", "b"], "a", "target") == {"data.target": "a"}
    assert give_role(data, ["a"], "c", "feature") == {"data.features": ["a", "c"]}
    chosen = data.model_copy(update={"features": ["a", "b"]})
    assert give_role(chosen, ["a", "b"], "a", "target") == {"data.target": "a", "data.features": ["b", "y"]}


def test_the_last_feature_stays_and_other_sources_keep_their_columns(spec):
    assert give_role(spec("csv", path="t.csv", target="y"), ["a"], "a", "ignored") == {}
    assert give_role(spec("iris"), ["a", "b"], "a", "ignored") == {}


def test_a_far_value_has_a_repair_that_keeps_what_was_chosen_before(found, table, frame, folders):
    chosen = {"columns": {"age": {"missing": "mean"}, "colour": {"encoding": "ordinal"}}}
    far = hint(found(**chosen), "age")[0]
    assert far.fix.label == "Scale age robustly"
    data = table(frame.to_csv(index=False), **chosen)
    fields = data.model_dump(mode="json") | {"columns": far.fix.fields["data.columns"]}
    repaired = type(data).model_validate(fields)
    assert repaired.columns["age"].scaling == "robust"
    assert (repaired.columns["age"].missing, repaired.columns["colour"].encoding) == ("mean", "ordinal")
    assert [one.fix for one in hint(profile(repaired, folders), "age")] == [None]
    assert [one.fix for one in hint(found(scaling="robust"), "age")] == [None]
