"""Waves in time, with noise: a sequence whose frequency is to be named, or whose next value is to be forecast."""

from __future__ import annotations

import numpy as np

from core.data import raw
from core.data.facts import Array, Folders
from core.data.raw import Raw, Target
from core.spec import WavesData


def read(data: WavesData, folders: Folders) -> Raw:
    """Draw the waves; the same seed always gives the same ones."""
    generator = np.random.default_rng(data.seed)
    values, target = _classes(data, generator) if data.task == "classification" else _forecast(data, generator)
    values = values + data.noise * generator.standard_normal(values.shape)
    asked = "Which frequency is it?" if data.task == "classification" else "What is the next value?"
    return Raw(
        title="Waves",
        kind="sequence",
        features=values.astype(np.float32)[..., None],
        targets=(target,),
        help=f"{data.rows:,} made-up series of {data.length} values each: sine waves with noise. {asked}",
        licence="Generated; no rights.",
    )


def _classes(data: WavesData, generator: np.random.Generator) -> tuple[Array, Target]:
    """One wave a row; its class says how many cycles the row holds, from about 1 to a quarter of its values."""
    spacing = (data.length / 4 - 1) / (data.classes - 1)
    label = np.arange(data.rows) % data.classes
    cycles = 1 + spacing * (label + generator.uniform(-0.25, 0.25, data.rows))
    phase = generator.uniform(0, 2 * np.pi, data.rows)
    time = np.arange(data.length) / data.length
    names = tuple(f"{1 + spacing * place:.3g} cycles" for place in range(data.classes))
    waves = np.sin(2 * np.pi * cycles[:, None] * time + phase[:, None])
    return waves, raw.classes("frequency", label, names)


def _forecast(data: WavesData, generator: np.random.Generator) -> tuple[Array, Target]:
    """Two waves on top of each other; the target is the value that comes next, without noise."""
    cycles = generator.uniform(1, data.length / 4, (data.rows, 2, 1))
    phase = generator.uniform(0, 2 * np.pi, (data.rows, 2, 1))
    height = generator.uniform(0.5, 1, (data.rows, 2, 1))
    time = np.arange(data.length + 1) / data.length
    waves = (height * np.sin(2 * np.pi * cycles * time + phase)).sum(axis=1)
    return waves[:, :-1], raw.numbers("next value", waves[:, -1])
