"""One long made-up series in time, cut into windows: what comes after each?"""

from __future__ import annotations

import numpy as np

from core.data import raw
from core.data.facts import Array, Folders
from core.data.raw import Raw
from core.spec import SeriesData


def read(data: SeriesData, folders: Folders) -> Raw:
    """Draw the series and cut it; the same seed always gives the same one."""
    generator = np.random.default_rng(data.seed)
    steps = data.stride * (data.rows - 1) + data.length + data.horizon
    drawn = _sines(data, steps, generator) if data.source == "sine_mixture" else _moving_average(data, steps, generator)
    starts = data.stride * np.arange(data.rows)
    windows = drawn[starts[:, None] + np.arange(data.length)]
    what = "sine waves with noise" if data.source == "sine_mixture" else "random shocks, averaged as they pass"
    return Raw(
        title="Mixture of sines" if data.source == "sine_mixture" else "Moving average",
        kind="sequence",
        features=windows.astype(np.float32)[..., None],
        targets=(raw.numbers(_name(data), drawn[starts + data.length + data.horizon - 1]),),
        help=f"{data.rows:,} windows of {data.length} values from one made-up series: {what}. "
        f"Which value comes {_when(data)}?",
        licence="Generated; no rights.",
        notes=_notes(data),
    )


def _name(data: SeriesData) -> str:
    return "next value" if data.horizon == 1 else f"value {data.horizon} steps later"


def _when(data: SeriesData) -> str:
    return "next" if data.horizon == 1 else f"{data.horizon} steps later"


def _notes(data: SeriesData) -> tuple[str, ...]:
    if data.stride >= data.length:
        return ()
    shared = data.length - data.stride
    return (f"Neighbouring windows share {shared} of {data.length} values, also across the split.",)


def _sines(data: SeriesData, steps: int, generator: np.random.Generator) -> Array:
    """Waves of different length and height on top of each other."""
    period = generator.uniform(4, 2 * data.length, (data.terms, 1))
    phase = generator.uniform(0, 2 * np.pi, (data.terms, 1))
    height = generator.uniform(0.5, 1, (data.terms, 1))
    waves = height * np.sin(2 * np.pi * np.arange(steps) / period + phase)
    drawn: Array = waves.sum(axis=0) + data.noise * generator.standard_normal(steps)
    return drawn


def _moving_average(data: SeriesData, steps: int, generator: np.random.Generator) -> Array:
    """An MA(q) process: each value is its own shock plus weighted shocks of the `terms` steps before."""
    weights = np.append(1, generator.uniform(0.5, 1, data.terms))
    shocks = generator.standard_normal(steps + data.terms)
    return np.convolve(shocks, weights, "valid") + data.noise * generator.standard_normal(steps)
