"""The figures say what the numbers say, in words and in colours."""

from __future__ import annotations

import pytest

from components import answers, charts, inside_charts


def test_a_confusion_counts_or_gives_the_share_of_its_row():
    def numbers(rates):
        drawn = charts.confusion([[3, 1], [0, 4]], ["a", "b"], rates=rates)
        written = drawn.data[1]
        return {(y, x): text for y, x, text in zip(written.y, written.x, written.text, strict=True)}

    assert numbers(rates=False) == {(0, 0): "3", (0, 1): "1", (1, 1): "4"}
    of_the_true_class = {(0, 0): "75%", (0, 1): "25%", (1, 1): "100%"}
    assert numbers(rates=True) == of_the_true_class
    assert [cell[0] for cell in charts.confusion([[3, 1], [0, 4]]).data[-1].customdata] == [3, 1, 0, 4]


def test_names_that_plotly_takes_for_tags_or_that_begin_alike_stay_apart():
    names = ["<b>bold</b>", "A" * 30 + "1", "A" * 30 + "2"]
    drawn = charts.confusion([[1, 0, 0], [0, 2, 0], [0, 0, 3]], names)
    assert drawn.layout.xaxis.ticktext[0] == "&lt;b>bold&lt;/b>"
    assert [cell[0] for cell in drawn.data[-1].customdata] == [1, 0, 0, 0, 2, 0, 0, 0, 3]
    shares = answers.bars(names, [0.1, 0.2, 0.7], "probability")
    assert (len(shares.data[0].x), shares.data[0].y) == (3, None)  # no bar lies on another of the same short name


def test_of_very_many_classes_only_cells_with_rows_are_sent_to_the_browser():
    count = 300
    matrix = [[5 if row == said else 0 for said in range(count)] for row in range(count)]
    matrix[3][7] = 1
    drawn = charts.confusion(matrix, [f"class {place}" for place in range(count)])
    assert len(drawn.data[-1].x) == count + 1
    assert (7, 3) in zip(drawn.data[-1].x, drawn.data[-1].y, strict=True)
    assert len(drawn.layout.xaxis.tickvals) <= charts.MOST_TICKS


def _contrast(one, other):
    def light(colour):
        parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("page", "ink"), [((18, 21, 28), (250, 250, 250)), ((255, 255, 255), (49, 51, 63))])
@pytest.mark.parametrize("share", [0.0, 0.2, 0.45, 0.7, 1.0])
def test_a_number_can_be_read_in_every_cell_on_both_pages(page, ink, share):
    """4.5 is what WCAG 2 asks of text; the inks are what the browser puts in for `INK`."""
    drawn = charts.confusion([[1, 0], [0, 1]])
    (empty, full) = (float(colour.rstrip(")").split(",")[-1]) for _, colour in drawn.data[0].colorscale)
    alpha = empty + share * (full - empty)
    cell = [alpha * part / 255 + (1 - alpha) * under / 255 for part, under in zip((228, 87, 46), page, strict=True)]
    assert drawn.data[1].textfont.color == charts.INK
    assert _contrast(cell, [part / 255 for part in ink]) > 4.3


def test_a_point_of_the_calibration_is_as_large_as_its_rows_are_many():
    bins = [{"confidence": 0.5, "accuracy": 0.0, "rows": 1}, {"confidence": 0.9, "accuracy": 1.0, "rows": 100}]
    sizes = answers.calibration(bins).data[1].marker.size
    assert sizes[1] > 2 * sizes[0]


def test_a_value_that_is_far_ahead_is_drawn_there():
    far = answers.series([{"series": [1.0, 2.0, 3.0], "ahead": [4.0], "foretold": [3.5]}], horizon=5)
    assert [list(trace.x) for trace in far.data] == [[0, 1, 2], [2, 7], [2, 7]]
    bent = answers.changed([1.0, None, 2.0], [2.0, None, 4.0], [5.0], horizon=2)
    assert (list(bent.data[2].x), list(bent.data[2].y)) == ([2, 4], [4.0, 5.0])
    assert len(answers.changed([1.0], [1.0], [], horizon=2).data) == 2  # a class is no next value


def test_few_units_are_narrow_bars_with_their_numbers():
    alone = inside_charts.numbers([0.0035])
    assert alone.data[0].width < 0.1
    assert list(alone.data[0].text) == ["0.00350"]
    shares = inside_charts.numbers([0.99, 1e-9, -0.01])
    assert list(shares.data[0].text) == ["0.990", "0.000", "-0.010"]
    assert list(inside_charts.numbers([0.0, 0.0]).data[0].text) == ["0", "0"]
    assert inside_charts.numbers([1.0] * 40).data[0].text is None


def test_a_forecast_begins_where_the_known_ends():
    figure = answers.series([{"series": [1.0, 2.0, 3.0], "ahead": [4.0], "foretold": [3.5]}])
    known, truth, model = figure.data
    assert (list(known.x), list(truth.x), list(model.x)) == ([0, 1, 2], [2, 3], [2, 3])
    assert (list(truth.y), list(model.y)) == ([3.0, 4.0], [3.0, 3.5])
    again = answers.series([{"series": [1.0, 2.0], "again": [1.1, 1.9]}])
    assert [trace.name for trace in again.data] == ["known", "model"]


def test_a_gradient_of_zero_breaks_the_line_of_a_logarithm():
    figure = inside_charts.over_epochs([0, 1, 2], {"dense": [0.1, 0.0, None]}, "gradient", log=True)
    assert list(figure.data[0].y) == [0.1, None, None]
    shares = inside_charts.over_epochs([0, 1], {"dense": [0.0, 0.5]}, "share")
    assert list(shares.data[0].y) == [0.0, 0.5]  # no unit dead is a value


def test_the_spread_of_weights_is_a_share_of_each_epoch():
    figure = inside_charts.spread_over_epochs([0, 9], [0.0, 1.0, 2.0], [[1, 3], [4, 4]])
    columns = [sum(row[place] for row in figure.data[0].z) for place in (0, 1)]
    assert columns == pytest.approx([1, 1])
    assert figure.data[0].z[1] == pytest.approx((0.75, 0.5))
