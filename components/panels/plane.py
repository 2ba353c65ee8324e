"""What a run's model says everywhere in the plane of its two features, while it trains and after."""

from __future__ import annotations

from components.panels.reading import explain
from components.plane_canvas.plane_canvas import plane_canvas
from core.data import DataFacts
from core.store import Run


def can_be_drawn(facts: DataFacts | None) -> bool:
    """Is a row two numbers?"""
    return facts is not None and facts.feature_shape == (2,) and len(facts.columns) == 2


def render(run: Run, facts: DataFacts, weights: str) -> None:
    is_number = facts.task == "regression"
    colour = "The colour is what the model answers." if is_number else "The surer the model, the fuller the colour."
    explain(
        f"{colour} Circles are rows it was trained on, diamonds it has never seen. "
        "Point at a unit to see what it alone does: orange where it answers above zero, blue below. "
        "After [TensorFlow Playground](https://playground.tensorflow.org)."
    )
    plane_canvas(run.id, key="plane", weights=weights, ticket=run.ticket, status=run.status)
