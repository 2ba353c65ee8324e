"""How good a classifier is: confusion, scores by class, and its most confident mistakes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from core.data.facts import Array
from core.inspect.answers import Classes

MOST_EXAMPLES = 24


def report(true: Array, answers: Classes, class_names: Sequence[str]) -> dict[str, Any]:
    """Numbers as scikit-learn counts them; rows of the confusion are the true classes."""
    from sklearn import metrics

    labels = list(range(len(class_names)))
    scores = metrics.precision_recall_fscore_support(true, answers.chosen, labels=labels, zero_division=0.0)
    return {
        "class_names": list(class_names),
        "accuracy": float(metrics.accuracy_score(true, answers.chosen)),
        "confusion": metrics.confusion_matrix(true, answers.chosen, labels=labels).tolist(),
        "per_class": [
            {
                "name": name,
                "precision": float(precision),
                "recall": float(recall),
                "f1": float(f1),
                "support": int(support),
            }
            for name, precision, recall, f1, support in zip(class_names, *scores, strict=True)
        ],
    }


def wrong(true: Array, answers: Classes, class_names: Sequence[str]) -> list[dict[str, Any]]:
    """The wrong answers that the model was most sure of; `place` counts the examined rows from 0."""
    places = np.flatnonzero(answers.chosen != true)
    return _listed(places, -1, true, answers, class_names)


def unsure(true: Array, answers: Classes, class_names: Sequence[str]) -> list[dict[str, Any]]:
    """The right answers that the model was least sure of, as `wrong` lists them."""
    places = np.flatnonzero(answers.chosen == true)
    return _listed(places, +1, true, answers, class_names)


def cell(
    true: Array, answers: Classes, class_names: Sequence[str], wanted: Sequence[int] | None
) -> list[dict[str, Any]]:
    """The rows of one cell of the confusion, `(true, predicted)`, the surest first; of none nothing."""
    if wanted is None:
        return []
    places = np.flatnonzero((true == wanted[0]) & (answers.chosen == wanted[1]))
    return _listed(places, -1, true, answers, class_names)


def _listed(places: Array, by: int, true: Array, answers: Classes, class_names: Sequence[str]) -> list[dict[str, Any]]:
    """The first of these rows, by the probability of the class that was chosen: rising (+1) or falling (-1)."""
    sure = answers.probabilities[np.arange(len(true)), answers.chosen]
    order = places[np.argsort(by * sure[places], kind="stable")][:MOST_EXAMPLES]
    return [
        {
            "place": int(place),
            "true": class_names[int(true[place])],
            "predicted": class_names[int(answers.chosen[place])],
            "probability": float(sure[place]),
        }
        for place in order
    ]
