"""Splits keep proportions and seeds; nothing is learned from rows that are not for training."""

from __future__ import annotations

import numpy as np
import pytest

from core.data import describe, load, prepared
from core.errors import DataError


def test_each_part_keeps_the_proportions_of_the_classes(table, folders):
    rows = "".join(f"{i},{'rare' if i % 10 == 0 else 'common'}\n" for i in range(200))
    ready = prepared(table("a,y\n" + rows, test_fraction=0.1), folders)
    shares = {name: np.mean(ready.raw.target.values[part] == 1) for name, part in ready.split.parts().items()}
    assert shares == {"train": 0.1, "validation": 0.1, "test": 0.1}
    assert ready.facts.stratified


def test_the_parts_are_those_of_scikit_learn(spec, folders):
    from sklearn.model_selection import train_test_split

    ready = prepared(spec("iris", seed=7), folders)
    train, validation = train_test_split(np.arange(150), test_size=30, random_state=7, stratify=ready.raw.target.values)
    assert np.array_equal(ready.split.train, train)
    assert np.array_equal(ready.split.validation, validation)


def test_a_class_of_one_row_is_told_and_split_anyway(table, folders):
    facts = describe(table("a,y\n" + "".join(f"{i},{'one' if i == 0 else 'many'}\n" for i in range(30))), folders)
    assert not facts.stratified
    assert facts.notes == ("Class 'one' has only 1 row, so the split could not keep the proportions of the classes.",)


def test_a_part_smaller_than_the_number_of_classes_is_told(table, folders):
    facts = describe(table("a,y\n" + "".join(f"{i},c{i % 5}\n" for i in range(20)), validation_fraction=0.1), folders)
    assert facts.parts == {"train": 18, "validation": 2, "test": 0}
    assert "A part of 2 rows is too small for 5 classes" in facts.notes[0]


def test_something_must_be_left_to_train_on(table, folders):
    with pytest.raises(DataError, match="2 rows; with 1 to validate and 1 to test, none is left to train on"):
        describe(table("a,y\n1,2\n2,3\n", validation_fraction=0.1, test_fraction=0.1), folders)


def test_no_fraction_means_no_part(spec, folders, project):
    dataset = load(project(spec("iris", validation_fraction=0.0), [4], 3, "SparseCategoricalCrossentropy"), folders)
    assert dataset.validation is None
    assert dataset.test is None
    assert len(dataset.train) == 150


def leaky(table):
    """Rows outside the training part are extreme, of another category, and must not matter."""
    rows = [f"{i % 5},{'' if i % 4 == 0 else i % 3},{'xyz'[i % 3]},{i * 0.5}" for i in range(100)]
    return lambda changed: table(
        "a,gaps,kind,y\n"
        + "\n".join(f"1000000,1000000,strange,{i * 0.5}" if i in changed else row for i, row in enumerate(rows))
        + "\n",
        test_fraction=0.1,
    )


def test_scales_medians_and_categories_come_from_the_training_part_alone(table, folders, project):
    write = leaky(table)
    before = prepared(write(()), folders)
    outside = set(map(int, np.concatenate([before.split.validation, before.split.test])))
    data = write(outside)
    dataset = load(project(data, [5], 1, "MeanSquaredError"), folders)
    train = dataset.train.x[0]
    assert np.array_equal(train, before.preparation.apply(before.raw.features.iloc[before.split.train]))
    assert dataset.facts.feature_names == ("a", "gaps", "kind=x", "kind=y", "kind=z")
    assert np.allclose(train[:, 0].mean(), 0, atol=1e-6)
    assert np.allclose(train[:, 0].std(), 1, atol=1e-5)
    assert dataset.validation.x[0][:, 0].min() > 1000  # not squeezed to its own scale
    assert (dataset.validation.x[0][:, 2:] == 0).all()  # an unknown category is none of the known


def test_standard_scaling_is_that_of_scikit_learn(spec, folders, project):
    from sklearn.preprocessing import StandardScaler

    data = spec("wine")
    ready = prepared(data, folders)
    scaler = StandardScaler().fit(ready.raw.features.iloc[ready.split.train])
    dataset = load(project(data, [13], 3, "SparseCategoricalCrossentropy"), folders)
    expected = scaler.transform(ready.raw.features.iloc[ready.split.validation])
    assert np.allclose(dataset.validation.x[0], expected, atol=1e-5)


@pytest.mark.parametrize(
    ("source", "scaling", "low", "high"),
    [
        ("digits", "none", 0, 16),
        ("digits", "min_max", 0, 1),
        ("wine", "min_max", 0, 1),
        ("wine", "none", 0.13, 1680),
        ("xor", "min_max", 0, 1),
    ],
)
def test_scaling_as_asked(spec, folders, source, scaling, low, high):
    ready = prepared(spec(source, scaling=scaling, validation_fraction=0.0), folders)
    values = ready.preparation.apply(ready.raw.features)
    assert np.isclose(values.min(), low)
    assert np.isclose(values.max(), high)


def test_points_are_untouched_unless_asked(spec, folders):
    ready = prepared(spec("xor"), folders)
    assert np.array_equal(ready.preparation.apply(ready.raw.features), ready.raw.features)
    assert ready.facts.scaling == "Features are used as they are."
