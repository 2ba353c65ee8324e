"""Cards of the group `Sequences`: series in time, read by loops, windows or attention."""

from __future__ import annotations

from functools import partial

from core.gallery.card import Card

_card = partial(Card, group="Sequences")

SEQUENCES = (
    _card(
        name="conv1d",
        title="Convolution along a series",
        description="Which frequency is hidden in the noise? Filters slide along 64 values in time.",
        explains=(
            "compile() says nothing about the length of the series; that stands in the shape of the Input.",
            "The series are drawn with NumPy, eagerly and once; later TensorFlow only picks rows from them.",
            (
                "TensorFlow runs a convolution along a series as one over a picture of height 1, so both use "
                "the same fast code."
            ),
        ),
    ),
    _card(
        name="lstm",
        title="LSTM",
        description="An LSTM reads a wave value by value and says how fast it swings.",
        explains=(
            (
                "compile() is the same for a layer with a memory: that memory starts empty for every row, and "
                "nothing goes from batch to batch."
            ),
            (
                "Run eagerly, each of the 32 time steps is a round of Python with a dozen small operations, "
                "which is why an LSTM wins so much by a graph."
            ),
            (
                "In the graph the time steps are one tf.while_loop, whose body is recorded once, however long "
                "the series is."
            ),
        ),
    ),
    _card(
        name="gru",
        title="GRU, forecasting",
        description="A GRU reads 24 values of two waves and forecasts the next one.",
        explains=(
            (
                "compile() gets the mean squared error to learn by, and the mean absolute error to read, in "
                "units of the series."
            ),
            (
                "Cutting each series into a past and a next value is NumPy's work before training; the model "
                "never sees what it has to predict."
            ),
            (
                "On the way back TensorFlow runs the recorded loop in reverse, and for that it keeps what every "
                "time step gave."
            ),
        ),
    ),
    _card(
        name="attention",
        title="Attention over a series",
        description=("Each place in the series gathers what it needs from all others, by how much they resemble it."),
        explains=(
            "compile() sees outputs only; the attention scores are none, so no loss looks at them.",
            (
                "To look at the scores, call the layer yourself with return_attention_scores=True: eagerly, a "
                "tensor with values comes back."
            ),
            (
                "All places are compared with all others in one matrix product, without a loop over time; a "
                "series twice as long costs four times as much."
            ),
        ),
    ),
    _card(
        name="transformer",
        title="Transformer encoder",
        description=(
            "A series is cut into eight patches; a block of attention and dense layers stands twice in a row."
        ),
        explains=(
            (
                "compile() gets a plain learning rate; large transformers want a schedule that warms up, and "
                "two small blocks do without."
            ),
            (
                "MultiHeadAttention made its four kernels, for query, key, value and output, when it was "
                "connected, because by then it knew their shapes."
            ),
            (
                "The heads are one more axis of the same tensors, so the graph holds one product for all of "
                "them and not one for each."
            ),
        ),
    ),
)
