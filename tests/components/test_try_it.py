"""What a model says to a row of the user's own, and examples with names that Markdown would change."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from components.panels import answers, try_series
from core.data import Column, DataFacts

SAID = """
from components.panels import try_it
try_it._said({answer!r})
"""
FORM = """
from components.panels import try_it
from core.data import Column
for column in (Column("*st_ar*", "number", low=0.0, high=2.0, typical=1.0),
               Column("$in$", "category", categories=("$a$", "_b_"), typical="_b_")):
    try_it._field(column)
"""


def said(**answer):
    at = AppTest.from_string(SAID.format(answer={"output": "dense_1", "target": "kind", **answer})).run()
    assert not at.exception
    return at


def classes(shares):
    return {"class": max(shares, key=shares.get), "probabilities": shares}


def test_an_answer_is_called_by_its_target_and_not_by_a_layer():
    (metric,) = said(value=1.25).metric
    assert (metric.label, metric.value) == ("kind", "1.25")


def test_a_class_is_written_as_the_user_wrote_it():
    (metric,) = said(**classes({"*a_b*": 0.75, ":red[no]": 0.25})).metric
    assert metric.value == r"\*a\_b\*"


def test_of_many_classes_the_likeliest_are_drawn_and_the_rest_is_counted():
    shares = {f"class {place}": 0.4 / 149 for place in range(149)} | {"likely": 0.6}
    assert any("The 10 likeliest of 150 classes" in caption.value for caption in said(**classes(shares)).caption)
    assert not said(**classes({"a": 0.6, "b": 0.4})).caption


def test_fields_are_called_as_the_columns_are():
    at = AppTest.from_string(FORM).run()
    assert at.slider[0].label == r"\*st\_ar\*"
    assert (at.selectbox[0].label, at.selectbox[0].options) == (r"\$in\$", ["$a$", "_b_"])  # options are no Markdown


def test_a_series_is_bent_and_a_text_of_numbers_is_not():
    facts = DataFacts("csv", "t", 9, "regression", (3, 2), ("a", "b"), None, (), "sequence", "y", {"train": 9})
    assert try_series.can_be_bent(facts)
    words = DataFacts("csv", "t", 9, "regression", (3,), (), None, (), "text", "y", {"train": 9})
    assert not try_series.can_be_bent(words)
    only_words = DataFacts(
        *("csv", "t", 9, "regression", (3, 2), ("a", "b"), None, (), "sequence", "y", {"train": 9}),
        columns=(Column("a", "category"),),
    )
    assert not try_series.can_be_bent(only_words)


@pytest.mark.parametrize(
    ("true", "predicted", "caption"),
    [
        ("8", "1", "8 → 1 · 79%"),
        ("*a*", "$b$", r"\*a\* → \$b\$  " + "\n79%"),
        ("square", "disc", "square → disc  \n79%"),
    ],
)
def test_a_caption_has_the_names_as_they_are_and_no_dangling_dot(true, predicted, caption):
    said = answers._caption({"true": true, "predicted": predicted, "probability": 0.79})
    assert said == caption


def test_an_accuracy_stands_beside_that_of_always_saying_the_same():
    found = {"examined": 114, "per_class": [{"name": "malignant", "support": 42}, {"name": "benign", "support": 72}]}
    assert answers._measure(found) == "of 114 rows; always saying 'benign' would be right in 63.2%"
