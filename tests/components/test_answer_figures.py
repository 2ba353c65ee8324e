"""The figures say what the numbers say, in words and in colours."""

from __future__ import annotations

import pytest

from components import answers, charts


def test_a_confusion_counts_or_gives_the_share_of_its_row():
    def numbers(rates):
        drawn = charts.confusion([[3, 1], [0, 4]], ["a", "b"], rates=rates)
        return {(y, x): text for part in drawn.data[1:3] for y, x, text in zip(part.y, part.x, part.text, strict=True)}

    assert numbers(rates=False) == {("a", "a"): "3", ("a", "b"): "1", ("b", "b"): "4"}
    of_the_true_class = {("a", "a"): "75%", ("a", "b"): "25%", ("b", "b"): "100%"}
    assert numbers(rates=True) == of_the_true_class
    assert [cell[0] for cell in charts.confusion([[3, 1], [0, 4]]).data[-1].customdata] == [3, 1, 0, 4]


def test_a_forecast_begins_where_the_known_ends():
    figure = answers.series([{"series": [1.0, 2.0, 3.0], "ahead": [4.0], "foretold": [3.5]}])
    known, truth, model = figure.data
    assert (list(known.x), list(truth.x), list(model.x)) == ([0, 1, 2], [2, 3], [2, 3])
    assert (list(truth.y), list(model.y)) == ([3.0, 4.0], [3.0, 3.5])
    again = answers.series([{"series": [1.0, 2.0], "again": [1.1, 1.9]}])
    assert [trace.name for trace in again.data] == ["known", "model"]


def test_a_gradient_of_zero_breaks_the_line_of_a_logarithm():
    figure = answers.over_epochs([0, 1, 2], {"dense": [0.1, 0.0, None]}, "gradient", log=True)
    assert list(figure.data[0].y) == [0.1, None, None]
    shares = answers.over_epochs([0, 1], {"dense": [0.0, 0.5]}, "share")
    assert list(shares.data[0].y) == [0.0, 0.5]  # no unit dead is a value


def test_the_spread_of_weights_is_a_share_of_each_epoch():
    figure = answers.spread_over_epochs([0, 9], [0.0, 1.0, 2.0], [[1, 3], [4, 4]])
    columns = [sum(row[place] for row in figure.data[0].z) for place in (0, 1)]
    assert columns == pytest.approx([1, 1])
    assert figure.data[0].z[1] == pytest.approx((0.75, 0.5))
