"""A rule can be met, and can say itself."""

from __future__ import annotations

import pytest

from core import catalog
from core.catalog.params import (
    AnyJson,
    AnyOf,
    Flag,
    IntBetween,
    KerasRef,
    OneOf,
    RealBetween,
    Shape,
    Text,
    TupleOf,
    nullable,
)

PAIR = AnyOf((IntBetween(1), TupleOf(IntBetween(1), (2,))))

MET = [
    (IntBetween(1), 1),
    (RealBetween(0, low_open=True), 1e9),
    (RealBetween(0, 1), 1),
    (OneOf(("valid", "same")), "same"),
    (Flag(), False),
    (Text(), "val_loss"),
    (PAIR, 3),
    (PAIR, [3, 5]),
    (nullable(PAIR), None),
    (Shape(), [28, 28, 1]),
    (Shape(), [None, 8]),
    (Shape(open_axes=False, minus_one=True), [-1, 4]),
    (AnyJson(), [1, "two", [None]]),
    (KerasRef("initializer"), "he_normal"),
    (KerasRef("initializer"), {"name": "RandomNormal", "params": {"stddev": 0.1}}),
    (KerasRef("activation", optional=True), None),
]
BROKEN = [
    (IntBetween(1), 0, "needed a whole number of at least 1, got 0."),
    (IntBetween(1), True, "needed a whole number of at least 1, got true."),
    (IntBetween(1), 32.0, "needed a whole number of at least 1, got 32.0."),
    (IntBetween(1), 10**12, "needed a whole number of at most 2147483647, got 1000000000000."),
    (IntBetween(0, 2), 3, "needed a whole number from 0 to 2, got 3."),
    (RealBetween(0, low_open=True), 0, "needed a number above 0, got 0."),
    (RealBetween(0, 1), 1.5, "needed a number from 0 to 1, got 1.5."),
    (RealBetween(0, 1, high_open=True), 1, "needed a number of at least 0 and below 1, got 1."),
    (RealBetween(), float("nan"), "needed a number, got NaN."),
    (RealBetween(), 10**400, "needed a number, got "),
    (OneOf(("valid", "same")), "SAME", 'needed one of "valid", "same", got "SAME". Did you mean "same"?'),
    (OneOf((1, 2)), True, "needed one of 1, 2, got true."),
    (Flag(), 1, "needed true or false, got 1."),
    (Text(), "", "needed a text of 1 to 120 characters"),
    (PAIR, [3, 0], "at place 2: needed a whole number of at least 1, got 0."),
    (PAIR, [3, 3, 3], "or a list of 2, each a whole number of at least 1, got [3, 3, 3]."),
    (Shape(), [], "needed a list of 1 to 8 sizes"),
    (Shape(), [28, 0], "0 is not a size."),
    (Shape(open_axes=False, minus_one=True), [-1, -1], "-1 may stand once only"),
    (Shape(open_axes=False, minus_one=True), [None, 2], "null is not a size."),
    (AnyJson(), {"class_name": "Lambda"}, "needed null, a flag, a number, a text, or a list of these"),
    (KerasRef("initializer"), "he_nrmal", 'no initializer is called "he_nrmal". Did you mean "HeNormal"?'),
    (KerasRef("initializer"), None, "needed an initializer such as"),
    (KerasRef("initializer"), {"name": "Zeros", "config": {}}, "and no `config`."),
    (KerasRef("initializer"), {"name": ["Zeros"]}, "needed an initializer such as"),
    (KerasRef("initializer"), {"name": "Zeros", "params": [1]}, "`params` is an object in braces, got [1]."),
    (
        KerasRef("initializer"),
        {"name": "HeNormal", "params": {"seed": "x"}},
        'in HeNormal, `seed`: needed a whole number of at least 0, or null, got "x".',
    ),
    (
        KerasRef("initializer"),
        {"name": "HeNormal", "params": {"sead": 1}},
        "HeNormal has no parameter `sead`. Did you mean `seed`?",
    ),
    (KerasRef("schedule"), "CosineDecay", "CosineDecay needs `initial_learning_rate`: a number above 0. Try 0.01."),
    (KerasRef("layer"), "Lambda", "Lambda cannot be used here: It runs code that the user brings."),
    (KerasRef("layer"), {"name": "Add"}, "needed a layer with one input, got Add."),
    (KerasRef("layer", only=("LSTM",)), {"name": "Dense", "params": {"units": 1}}, "needed one of LSTM, got Dense."),
]


@pytest.mark.parametrize(("rule", "value"), MET)
def test_a_fitting_value_is_allowed(rule, value):
    assert rule.allows(value)
    assert rule.problem(value) is None


@pytest.mark.parametrize(("rule", "value", "sentence"), BROKEN)
def test_a_wrong_value_gets_its_sentence(rule, value, sentence):
    assert not rule.allows(value)
    assert sentence in rule.problem(value)


@pytest.mark.parametrize("value", [None, [], {}, {"name": 1}, "x" * 10_000, [[[[1]]]], -1, 1e308, object(), b"x"])
def test_no_value_makes_any_rule_of_the_catalog_stumble(value):
    for kind in catalog.KINDS:
        for entry in catalog.entries(kind):
            for param in entry.params:
                assert param.rule.allows(value) == (param.rule.problem(value) is None), (entry.name, param.name)


def test_a_long_wrong_value_does_not_flood_the_sentence():
    assert len(IntBetween(1).problem("x" * 10_000)) < 200


def test_an_absurd_learning_rate_is_allowed_so_that_the_run_can_show_what_it_does():
    rule = catalog.entry("optimizer", "SGD").param("learning_rate").rule
    assert rule.allows(1e9)
    assert rule.allows({"name": "CosineDecay", "params": {"initial_learning_rate": 0.1, "decay_steps": 10}})
    assert "a number above 0, or a schedule" in rule.problem(-1)


def test_nested_layers_are_checked_to_the_bottom():
    rule = catalog.entry("layer", "TimeDistributed").param("layer").rule
    inner = {
        "name": "Conv2D",
        "params": {"filters": 4, "kernel_size": 3, "kernel_regularizer": {"name": "L2", "params": {"l2": -1}}},
    }
    assert "in L2, `l2`: needed a number of at least 0, got -1." in rule.problem(inner)
    assert "Lambda" not in rule.options()
