"""Cards of the group `First steps`: dense layers on points, tables and pixels."""

from __future__ import annotations

from functools import partial

from core.gallery.card import Card

_card = partial(Card, group="First steps")

_COMPILE = (
    "compile() compiles nothing: it notes down the optimizer, the loss and the metrics, and no graph is made yet."
)
_TRACED = (
    "The first batch makes TensorFlow run the training step's Python once and record its operations as a graph; "
    "every later batch of that shape runs the graph, without Python."
)

FIRST_STEPS = (
    _card(
        name="digits_dense",
        title="Digits, dense",
        description="A small dense network reads handwritten digits of 8 × 8 pixels.",
        explains=(
            _COMPILE,
            (
                "Building the layers and reading the data happen eagerly: each line is done when Python has run "
                "it, so a weight can be printed at once."
            ),
            _TRACED,
        ),
    ),
    _card(
        name="linear_regression",
        title="Linear regression",
        description="One Dense unit without an activation fits a plane through noisy points.",
        explains=(
            "compile() keeps the SGD object and the loss object for later; no weight changes before fit() is called.",
            (
                "The two weights and the bias are variables that exist as soon as the model is built, so the "
                "slope can be read at any time."
            ),
            (
                "The gradients for these three numbers are worked out as operations when the step is recorded; "
                "each batch only sends values through them."
            ),
        ),
    ),
    _card(
        name="logistic_regression",
        title="Logistic regression",
        description="The same single unit with a sigmoid behind it parts two clouds of points.",
        explains=(
            (
                "compile() gets a BinaryCrossentropy that expects probabilities; that the last layer gives some "
                "is your part of the deal."
            ),
            (
                "Calling model(x) runs eagerly and gives a tensor with values; predict() makes and runs a graph "
                "of its own."
            ),
            (
                "While the graph is recorded, Keras finds what went into the sigmoid and takes the loss from "
                "that, because the logarithm of a probability close to 0 is inexact."
            ),
        ),
    ),
    _card(
        name="mlp",
        title="Multilayer perceptron",
        description="Two hidden layers draw a closed border around a disc, which no straight line can.",
        explains=(
            (
                "compile() may be called again at any time: the weights stay, the optimizer forgets its past, "
                "and the step is recorded anew."
            ),
            (
                "Each Dense layer made its weights eagerly, when it was connected to the one before and so knew "
                "how many numbers come in."
            ),
            "Three layers are three matrix products in the graph; the gradients add up to two more for each.",
        ),
    ),
    _card(
        name="dense_network",
        title="Dense network",
        description=(
            "The classic first network, 128 relu units and 10 softmax, here on the 64 pixels of the bundled "
            "digits because they need no network connection; the next card has MNIST with its 784."
        ),
        explains=(
            (
                "compile(loss='categorical_crossentropy') turns the name into an object and waits; that the "
                "targets have to be one-hot shows only when the first batch comes."
            ),
            "Turning class numbers into one-hot rows happens eagerly, once, before training.",
            (
                "fit() records one graph for training and another for validation, because only the first has "
                "gradients in it."
            ),
        ),
    ),
    _card(
        name="dense_network_mnist",
        title="Dense network, MNIST",
        description="The same network on the 784 pixels of MNIST, which Keras downloads once (11 MB).",
        explains=(
            _COMPILE,
            "The download and the scaling of the pixels happen eagerly, before the first step.",
            (
                "One step is so short here that starting the graph costs more than its mathematics; several "
                "steps in one call make it many times faster."
            ),
        ),
        needs_network=True,
    ),
    _card(
        name="deep_mlp",
        title="Deep network with dropout",
        description=(
            "A block of Dense, batch normalization, relu and dropout stands three times in a row and reads digits."
        ),
        explains=(
            (
                "compile() hands the optimizer the weights that are trained; the moving averages of "
                "BatchNormalization are weights too, but not among them."
            ),
            (
                "Dropout and BatchNormalization go by a Python argument, training, which fit() sets to True and "
                "evaluate() to False."
            ),
            (
                "Python reads that argument only while a graph is recorded, so the graph for training and the "
                "one for validation hold different operations."
            ),
        ),
    ),
    _card(
        name="wine",
        title="Wines",
        description=(
            "Which of three cultivars is it? 13 measurements of 178 wines, and a Dropout layer against learning "
            "them by heart."
        ),
        explains=(
            "compile() knows nothing of Dropout; it is the call with training=True that switches the layer on.",
            "predict() and evaluate() call the model with training=False, so there Dropout lets everything through.",
            (
                "In the graph the random mask is an operation, not a number: it is drawn anew at every step, "
                "though Python ran only once."
            ),
        ),
    ),
    _card(
        name="breast_cancer",
        title="Breast cancer",
        description="Malignant or benign? One sigmoid output answers with a probability.",
        explains=(
            "compile() keeps the metrics for later; whether they fit the targets shows when the first batch comes.",
            "Reading a metric with result() at the end of an epoch is eager: it is a division of two variables.",
            "Adding each batch to the metrics' variables is a part of the recorded graph, so it costs no Python.",
        ),
    ),
    _card(
        name="diabetes",
        title="Diabetes",
        description=(
            "A number is predicted: how far the disease will have progressed in a year. Training ends when it "
            "stops helping."
        ),
        explains=(
            "compile() sees the loss only; the L2 penalty belongs to the layer, and fit() adds it to the loss.",
            "EarlyStopping is ordinary Python that runs eagerly between epochs and may ask fit() to stop.",
            "The penalty is computed inside the recorded graph, at every step, from the weights as they are then.",
        ),
    ),
    _card(
        name="houses",
        title="Houses, from a CSV file",
        description=(
            "A table of made-up houses, with words and gaps in it, becomes numbers that a network can learn from."
        ),
        explains=(
            (
                "compile() gets a schedule instead of a number as learning rate; it is asked for its value at "
                "every step."
            ),
            (
                "Filling gaps and turning words into columns happen eagerly in pandas and numpy, before "
                "TensorFlow sees a row."
            ),
            "The schedule's cosine is a part of the graph: the step counter goes in, the learning rate comes out.",
        ),
    ),
)
