"""Cards of the group `Custom`: losses and loops of one's own."""

from __future__ import annotations

from functools import partial

from core.gallery.card import Card

_card = partial(Card, group="Custom")

CUSTOM = (
    _card(
        name="custom_loss",
        title="Custom loss",
        description=(
            "A loss typed as a Python function, the mean absolute error, is minimized by plain SGD on ten made- "
            "up features."
        ),
        explains=(
            (
                "compile(loss=mean_absolute_error) keeps the Python function as it is; nothing is checked or "
                "translated yet."
            ),
            (
                "With run_eagerly=True the function's lines run as Python for every batch, so a debugger can "
                "stop in them."
            ),
            (
                "Otherwise they run as Python once, while the graph is recorded; after that only their tf "
                "operations are left."
            ),
        ),
    ),
    _card(
        name="custom_loop",
        title="Custom training loop",
        description=("The training step is written out by hand, with tf.GradientTape, on ten made-up features."),
        explains=(
            (
                "There is no compile() in this loop: the optimizer, the loss and the metrics are plain objects "
                "that it calls."
            ),
            (
                "The `for` over epochs and batches is ordinary Python and runs eagerly; so would the step, were "
                "it not for its decorator."
            ),
            (
                "@tf.function records the step, the tape's gradients included, as one graph: the same that "
                "fit() would make."
            ),
        ),
    ),
    _card(
        name="spiral",
        title="Spiral, custom loop",
        description=(
            "Two arms wind around each other; a hand-written loop learns where one ends and the other begins."
        ),
        explains=(
            "Nothing is compiled here: the loop calls the model, the loss and the optimizer directly.",
            (
                "Take @tf.function away and each step runs eagerly, operation by operation: same numbers, "
                "several times slower."
            ),
            (
                "With it, Python's part of a step is one call; print() in the step would print once, tf.print() "
                "at every step."
            ),
        ),
    ),
)
