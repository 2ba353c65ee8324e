"""How long somebody waits for the first confusion matrix of 10,000 examples of 784 features, after a run."""

from __future__ import annotations

import re
import time
from pathlib import Path

from playwright.sync_api import Page

from core.spec import Project
from core.store import Store

LONG = 120_000
MATRIX = ".js-plotly-plot .heatmaplayer image"
LOOKS_AT_THE_CURVE = 3_000
"""Milliseconds between the end of the run and the click."""


def first_matrix(page: Page, url: str, home: Path, seed: int) -> float:
    """From the click on Inspect to the picture; each round has rows and a network that nobody has seen before."""
    store = Store(f"sqlite:///{home / 'eagerly.db'}")
    page.goto(f"{url}/?project={store.create_project(_project(seed))}")
    store.close()
    page.get_by_text("20,000 rows · 784 features · 10 classes").wait_for(timeout=LONG)
    page.get_by_role("button", name=re.compile("^Train")).first.click()
    page.get_by_role("button", name=re.compile("^Stop")).first.wait_for(timeout=LONG)
    page.get_by_role("button", name=re.compile("Continue")).first.wait_for(timeout=LONG)
    page.wait_for_timeout(LOOKS_AT_THE_CURVE)
    began = time.perf_counter()
    page.get_by_role("link", name="Inspect", exact=True).first.click()
    page.wait_for_function(f"() => document.querySelector('{MATRIX}')", timeout=LONG, polling="raf")
    return time.perf_counter() - began


def _project(seed: int) -> Project:
    nodes = [
        {"id": "rows", "layer": "Input", "params": {"shape": [784]}},
        {"id": "hidden", "layer": "Dense", "params": {"units": 128, "activation": "relu"}, "inputs": ["rows"]},
        {"id": "answer", "layer": "Dense", "params": {"units": 10, "activation": "softmax"}, "inputs": ["hidden"]},
    ]
    data = {"source": "random", "shape": [784], "classes": 10, "rows": 20_000, "validation_fraction": 0.5, "seed": seed}
    return Project.model_validate(
        {
            "data": data,
            "model": {"nodes": nodes, "outputs": ["answer"]},
            "compile": {"loss": "SparseCategoricalCrossentropy"},
            "training": {"epochs": 3},
        }
    )
