"""Numbers as the page writes them."""

from __future__ import annotations

import pytest

from components import words


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(None, "–"), (0.0124, "12.4 ms"), (0.25, "250 ms"), (2.55, "2.5 s"), (75, "1 min 15 s"), (7260, "2 h 1 min")],
)
def test_a_duration_is_never_nothing_because_it_is_short(seconds, said):
    assert words.duration(seconds) == said
