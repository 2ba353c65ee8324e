"""The activation functions that are taught, in teaching order."""

from __future__ import annotations

from core.catalog.lesson import Lesson

ACTIVATIONS = tuple(
    Lesson(name, "activation", summary)
    for name, summary in (
        ("relu", "Cuts off values below zero; a good first choice between layers."),
        ("linear", "Leaves values as they are; for numbers in the last layer."),
        ("sigmoid", "Squeezes values to between 0 and 1; for yes or no in the last layer."),
        ("softmax", "Makes probabilities that sum to 1; for classes in the last layer."),
        ("tanh", "Squeezes values to between -1 and 1."),
        ("gelu", "A smooth relu, usual in transformers."),
        ("silu", "A smooth relu that dips below zero; also called swish."),
        ("elu", "A relu that bends smoothly below zero."),
        ("selu", "An elu that keeps values well scaled."),
        ("leaky_relu", "A relu that weakens values below zero instead of cutting them off."),
        ("relu6", "A relu that stops at 6."),
        ("softplus", "A smooth relu that stays above zero."),
        ("softsign", "As tanh, with gentler ends."),
        ("exponential", "e to the power of the value; for counts."),
        ("mish", "A smooth relu that dips below zero."),
        ("hard_sigmoid", "A sigmoid made of straight lines: faster."),
        ("hard_silu", "A silu made of straight lines: faster."),
        ("hard_tanh", "A tanh made of straight lines: faster."),
        ("log_softmax", "The logarithm of softmax."),
        ("log_sigmoid", "The logarithm of sigmoid."),
        ("celu", "An elu without a kink."),
        ("hard_shrink", "Sets small values to zero."),
        ("soft_shrink", "Pulls values towards zero."),
        ("tanh_shrink", "The value minus its tanh."),
        ("sparse_plus", "A softplus that reaches zero."),
        ("sparse_sigmoid", "A sigmoid that reaches 0 and 1."),
        ("sparsemax", "A softmax that gives some classes exactly zero."),
        ("squareplus", "A smooth relu made of a square root."),
    )
)
