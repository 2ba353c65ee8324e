"""Figures of rows show the numbers of the profile."""

from __future__ import annotations

import pytest

from components import data_charts
from core.data import ColumnProfile

SIZE = ColumnProfile("size", "number", counts=(3, 5), edges=(0.0, 1.0, 2.0))
COLOUR = ColumnProfile("colour", "category", counts=(7, 2), values=("red", "a colour with a very long name indeed"))


def test_a_histogram_has_a_bar_for_each_bin_and_categories_one_for_each_value():
    (bars,) = data_charts.distribution(SIZE).data
    assert (list(bars.x), list(bars.y)) == ([0.5, 1.5], [3, 5])
    (bars,) = data_charts.distribution(COLOUR).data
    assert list(bars.y) == [7, 2]
    assert bars.customdata[1].endswith("…")


def test_two_values_that_begin_alike_have_a_bar_each():
    alike = ColumnProfile("place", "category", counts=(7, 2), values=("sensor in the north-eastern hall 1",) * 2)
    for drawn in (data_charts.distribution(alike), data_charts.balance(alike)):
        assert len(drawn.layout.xaxis.ticktext or drawn.layout.yaxis.ticktext) == 2
        assert not isinstance((drawn.data[0].x or [0])[0], str)  # by name they would lie on each other


def test_the_balance_says_counts_and_shares():
    drawn = data_charts.balance(COLOUR)
    assert list(drawn.data[0].text) == ["7 · 77.8%", "2 · 22.2%"]
    assert drawn.layout.shapes[0].x0 == 4.5


@pytest.mark.parametrize(("count", "traces"), [(3, 2), (20, 1)])
def test_r_is_written_where_there_is_room_and_not_where_it_is_unknown(count, traces):
    names = [f"x{place}" for place in range(count)]
    matrix = [[1.0 if row == column else None for column in range(count)] for row in range(count)]
    drawn = data_charts.correlation(names, matrix)
    assert len(drawn.data) == traces
    if traces == 2:
        assert list(drawn.data[1].text) == ["1.00"] * count
