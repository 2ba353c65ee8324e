"""A model's numbers read as classes, as its loss reads them."""

from __future__ import annotations

import numpy as np
import pytest

from core.errors import DataError
from core.inspect import answers
from core.spec import Choice


def test_probabilities_logits_and_margins_of_two_classes():
    numbers = np.array([[0.2], [0.9], [-0.4]])
    plain = answers.classes(numbers[:2], 2, Choice(name="BinaryCrossentropy"))
    assert plain.chosen.tolist() == [0, 1]
    assert np.allclose(plain.probabilities, [[0.8, 0.2], [0.1, 0.9]])
    logits = answers.classes(numbers, 2, Choice(name="BinaryCrossentropy", params={"from_logits": True}))
    assert logits.chosen.tolist() == [1, 1, 0]  # a logit of 0.2 is more than a half
    margins = answers.classes(numbers, 2, Choice(name="Hinge"))
    assert margins.chosen.tolist() == [1, 1, 0]
    assert np.allclose(margins.probabilities[:, 1], [0.6, 0.95, 0.3])


def test_many_classes_sum_to_one_even_from_logits():
    sure = answers.classes(np.array([[0.1, 0.7, 0.2]]), 3, Choice(name="CategoricalCrossentropy"))
    assert np.allclose(sure.probabilities, [[0.1, 0.7, 0.2]])
    logits = Choice(name="SparseCategoricalCrossentropy", params={"from_logits": True})
    soft = answers.classes(np.array([[1000.0, 1000.0, 0.0]]), 3, logits)
    assert np.allclose(soft.probabilities, [[0.5, 0.5, 0.0]])


def test_an_output_of_the_wrong_width_is_refused():
    with pytest.raises(DataError, match=r"shape \[4\] for each row, but the target has 3 classes.*3 units"):
        answers.classes(np.zeros((2, 4)), 3, Choice(name="CategoricalCrossentropy"))
