"""What the page says about each example: its title, what it is, and what TensorFlow really does in it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Card:
    """`explains` are three sentences: on `compile`, on what runs eagerly, on what runs as a graph."""

    name: str
    title: str
    description: str
    explains: tuple[str, str, str]
    needs_network: bool = False


_COMPILE = (
    "compile() compiles nothing: it notes down the optimizer, the loss and the metrics, and no graph is made yet."
)
_TRACED = (
    "The first batch makes TensorFlow run the training step's Python once and record its operations "
    "as a graph; "
    "every later batch of that shape runs the graph, without Python."
)

CARDS = (
    Card(
        "digits_dense",
        "Digits, dense",
        "A small dense network reads handwritten digits of 8 × 8 pixels.",
        (
            _COMPILE,
            "Building the layers and reading the data happen eagerly: each line is done when Python "
            "has run it, "
            "so a weight can be printed at once.",
            _TRACED,
        ),
    ),
    Card(
        "dense_network",
        "Dense network",
        "The classic first network, 128 relu units and 10 softmax, here on the 64 pixels of the bundled digits "
        "because they need no network connection; the next card has MNIST with its 784.",
        (
            "compile(loss='categorical_crossentropy') turns the name into an object and waits; that "
            "the targets have to "
            "be one-hot shows only when the first batch comes.",
            "Turning class numbers into one-hot rows happens eagerly, once, before training.",
            "fit() records one graph for training and another for validation, because only the first "
            "has gradients in it.",
        ),
    ),
    Card(
        "dense_network_mnist",
        "Dense network, MNIST",
        "The same network on the 784 pixels of MNIST, which Keras downloads once (11 MB).",
        (
            _COMPILE,
            "The download and the scaling of the pixels happen eagerly, before the first step.",
            "One step is so short here that starting the graph costs more than its mathematics; "
            "several steps in one call make it many times faster.",
        ),
        needs_network=True,
    ),
    Card(
        "custom_loss",
        "Custom loss",
        "A loss typed as a Python function, the mean absolute error, is minimized by plain SGD on ten "
        "made-up features.",
        (
            "compile(loss=mean_absolute_error) keeps the Python function as it is; nothing is checked "
            "or translated yet.",
            "With run_eagerly=True the function's lines run as Python for every batch, so a debugger can stop in them.",
            "Otherwise they run as Python once, while the graph is recorded; after that only their tf "
            "operations are left.",
        ),
    ),
    Card(
        "custom_loop",
        "Custom training loop",
        "The training step is written out by hand, with tf.GradientTape, on ten made-up features.",
        (
            "There is no compile() in this loop: the optimizer, the loss and the metrics are plain "
            "objects that it calls.",
            "The `for` over epochs and batches is ordinary Python and runs eagerly; so would the step, "
            "were it not for its decorator.",
            "@tf.function records the step, the tape's gradients included, as one graph: the same "
            "that fit() would make.",
        ),
    ),
    Card(
        "digits_cnn",
        "Digits, convolutional",
        "A small convolutional network reads the same digits as pictures instead of as lists of pixels.",
        (
            _COMPILE,
            "The shapes were known before any row came: Keras computed them symbolically while the "
            "layers were connected.",
            "Most of the time of the graph is spent in the convolution, so there is less to win by "
            "running several steps "
            "a call than with a dense network.",
        ),
    ),
    Card(
        "wine",
        "Wines",
        "Which of three cultivars is it? 13 measurements of 178 wines, and a Dropout layer against "
        "learning them by heart.",
        (
            "compile() knows nothing of Dropout; it is the call with training=True that switches the layer on.",
            "predict() and evaluate() call the model with training=False, so there Dropout lets everything through.",
            "In the graph the random mask is an operation, not a number: it is drawn anew at every step, "
            "though Python ran only once.",
        ),
    ),
    Card(
        "breast_cancer",
        "Breast cancer",
        "Malignant or benign? One sigmoid output answers with a probability.",
        (
            "compile() keeps the metrics for later; whether they fit the targets shows when the first batch comes.",
            "Reading a metric with result() at the end of an epoch is eager: it is a division of two variables.",
            "Adding each batch to the metrics' variables is a part of the recorded graph, so it costs no Python.",
        ),
    ),
    Card(
        "diabetes",
        "Diabetes",
        "A number is predicted: how far the disease will have progressed in a year. Training ends "
        "when it stops helping.",
        (
            "compile() sees the loss only; the L2 penalty belongs to the layer, and fit() adds it to the loss.",
            "EarlyStopping is ordinary Python that runs eagerly between epochs and may ask fit() to stop.",
            "The penalty is computed inside the recorded graph, at every step, from the weights as they are then.",
        ),
    ),
    Card(
        "spiral",
        "Spiral, custom loop",
        "Two arms wind around each other; a hand-written loop learns where one ends and the other begins.",
        (
            "Nothing is compiled here: the loop calls the model, the loss and the optimizer directly.",
            "Take @tf.function away and each step runs eagerly, operation by operation: same numbers, "
            "several times slower.",
            "With it, Python's part of a step is one call; print() in the step would print once, "
            "tf.print() at every step.",
        ),
    ),
    Card(
        "houses",
        "Houses, from a CSV file",
        "A table of made-up houses, with words and gaps in it, becomes numbers that a network can learn from.",
        (
            "compile() gets a schedule instead of a number as learning rate; it is asked for its value at every step.",
            "Filling gaps and turning words into columns happen eagerly in pandas and numpy, before "
            "TensorFlow sees a row.",
            "The schedule's cosine is a part of the graph: the step counter goes in, the learning rate comes out.",
        ),
    ),
)
