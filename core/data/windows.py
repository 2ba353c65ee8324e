"""Windows of a table whose rows are a series in order: each is one row for the model."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from core.data.facts import Array
from core.spec import DataSpec, SeriesData, TableData


@dataclass(frozen=True)
class Windows:
    """Windows of `length` rows; those of `rows` at `starts` and after. The target stands `horizon` rows after each.

    `series` numbers the series that each of the `rows` belongs to, from 0; the rows of one are together, in order.
    """

    rows: pd.DataFrame
    starts: Array
    length: int
    horizon: int
    series: Array

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def places(self) -> Array:
        """The rows of each window, of shape (windows, length)."""
        found: Array = self.starts[:, None] + np.arange(self.length)
        return found

    @property
    def answers(self) -> Array:
        """The row of each window's target."""
        found: Array = self.starts + (self.length + self.horizon - 1)
        return found

    def taken(self, windows: Array) -> Windows:
        """Some of the windows."""
        return replace(self, starts=self.starts[windows])


def steps_ahead(data: DataSpec) -> int:
    """So many steps after a series the value stands that is forecast; 1 where nothing else is said."""
    if isinstance(data, TableData):
        return data.windows.horizon if data.windows else 1
    return data.horizon if isinstance(data, SeriesData) else 1
