"""Cards of the group `Several inputs and outputs`: graphs with more than one end."""

from __future__ import annotations

from functools import partial

from core.gallery.card import Card

_card = partial(Card, group="Several inputs and outputs")

SEVERAL = (
    _card(
        name="two_inputs",
        title="Two inputs",
        description=("What a house is like and where it stands enter by two doors and meet in a Concatenate layer."),
        explains=(
            (
                "compile() does not mention inputs; fit() is given two arrays, in the order in which the model "
                "names its inputs."
            ),
            "Which column goes to which input is settled eagerly, in NumPy, before training.",
            (
                "A recorded graph takes both arrays as arguments; for a last batch with fewer rows it may have "
                "to be recorded a second time."
            ),
        ),
    ),
    _card(
        name="two_outputs",
        title="Two outputs",
        description=("One network says what a house costs and how many rooms it has, each with a loss of its own."),
        explains=(
            "compile(loss={…}) keeps a loss for each output by its name; loss_weights lets the rooms count half.",
            (
                "The history of a run is plain Python numbers, fetched when an epoch is over: each loss by "
                "itself, and their weighted sum."
            ),
            (
                "There is one backward pass and not two: the sum is differentiated, and the shared layers get "
                "both gradients added up."
            ),
        ),
    ),
)
