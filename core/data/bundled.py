"""Real sets that scikit-learn carries inside its wheel: no network needed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from core.data import raw
from core.data.facts import Folders
from core.data.raw import Raw
from core.spec import BundledData


@dataclass(frozen=True)
class _Card:
    title: str
    target: str
    help: str


_LICENCE = "Distributed with scikit-learn (BSD-3-Clause); from the UCI Machine Learning Repository."
_CARDS = {
    "digits": _Card(
        "Handwritten digits",
        "digit",
        "1,797 small pictures (8 × 8 pixels) of the digits 0 to 9, written by 43 people. Which digit is it?",
    ),
    "iris": _Card(
        "Iris flowers", "species", "150 flowers, four measurements in cm each. Which of three species is it?"
    ),
    "wine": _Card(
        "Wines", "cultivar", "178 Italian wines, 13 chemical measurements each. Which of three cultivars is it?"
    ),
    "breast_cancer": _Card(
        "Breast cancer",
        "diagnosis",
        "569 tumours, 30 measurements of their cell nuclei each. Is it malignant or benign?",
    ),
    "diabetes": _Card(
        "Diabetes",
        "progression",
        "442 patients, ten measurements each. How far will the disease have progressed in a year?",
    ),
}


def read(data: BundledData, folders: Folders) -> Raw:
    """Read one of the sets from scikit-learn's own files."""
    from sklearn import datasets

    card = _CARDS[data.source]
    bunch = getattr(datasets, f"load_{data.source}")()
    if data.source == "digits":
        return _digits(card, bunch)
    frame = pd.DataFrame(bunch.data, columns=[str(name) for name in bunch.feature_names])
    return Raw(
        title=card.title,
        kind="table",
        features=frame,
        targets=(_target(card.target, bunch),),
        help=card.help,
        licence=_LICENCE if data.source != "diabetes" else "Efron et al. 2004, Least Angle Regression.",
        scaled=True,
    )


def _target(name: str, bunch: Any) -> raw.Target:
    names = getattr(bunch, "target_names", None)
    if names is None:
        return raw.numbers(name, bunch.target)
    return raw.classes(name, bunch.target, tuple(str(item) for item in names))


def _digits(card: _Card, bunch: Any) -> Raw:
    return Raw(
        title=card.title,
        kind="image",
        features=bunch.images[..., np.newaxis],
        targets=(_target(card.target, bunch),),
        help=card.help,
        licence=_LICENCE,
        white=16.0,
    )
