"""How well probabilities rank and how true they are: ROC, precision against recall, calibration."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from core.data.facts import Array
from core.inspect.answers import Classes

MOST_POINTS = 200
MOST_CLASSES = 20
DIGITS = 5
"""Behind the point, of a place on a curve: finer than a pixel, and half as much to send."""
BINS = 10


def report(true: Array, answers: Classes, class_names: Sequence[str]) -> dict[str, Any]:
    """Curves of one class against the rest, for two classes only those of the second; numbers as scikit-learn's.

    Returns:
        `roc`: for each class `{"class", "x" (false positive rate), "y" (true positive rate), "area"}`;
        `precision_recall`: likewise with `x` recall, `y` precision, `area` the average precision. A class that
        has no row, or no row of another class beside it, is left out. `calibration`: for each of ten bins of
        confidence that has rows `{"confidence", "accuracy", "rows"}`, with the means of the bin.
    """
    from sklearn import metrics

    shown = [1] if len(class_names) == 2 else range(min(len(class_names), MOST_CLASSES))
    roc, precision_recall = [], []
    for place in shown:
        hit, score = true == place, answers.probabilities[:, place]
        if not hit.any() or hit.all():
            continue
        wrongly, rightly, _ = metrics.roc_curve(hit, score)
        precision, recall, _ = metrics.precision_recall_curve(hit, score)
        name = class_names[place]
        roc.append(_curve(name, wrongly, rightly, metrics.auc(wrongly, rightly)))
        # scikit-learn's average_precision_score sorts the rows once more for the same curve
        average = -np.sum(np.diff(recall) * precision[:-1])
        precision_recall.append(_curve(name, recall[::-1], precision[::-1], average))
    return {"roc": roc, "precision_recall": precision_recall, "calibration": _calibration(true, answers)}


def _curve(name: str, x: Array, y: Array, area: float) -> dict[str, Any]:
    """Thinned to what a screen can show; the ends stay."""
    kept = np.unique(np.linspace(0, len(x) - 1, min(len(x), MOST_POINTS)).round().astype(int))
    return {
        "class": name,
        "x": x[kept].round(DIGITS).tolist(),
        "y": y[kept].round(DIGITS).tolist(),
        "area": float(area),
    }


def _calibration(true: Array, answers: Classes) -> list[dict[str, Any]]:
    """A model that says 80 % should be right in 80 of 100 rows (Guo et al., 2017, arXiv 1706.04599)."""
    sure = answers.probabilities[np.arange(len(true)), answers.chosen]
    right = answers.chosen == true
    bins = np.minimum((sure * BINS).astype(int), BINS - 1)
    return [
        {
            "confidence": float(sure[bins == place].mean()),
            "accuracy": float(right[bins == place].mean()),
            "rows": int((bins == place).sum()),
        }
        for place in range(BINS)
        if (bins == place).any()
    ]
