"""Cards of the group `Images`: convolutions, and autoencoders."""

from __future__ import annotations

from functools import partial

from core.gallery.card import Card

_card = partial(Card, group="Images")

IMAGES = (
    _card(
        name="digits_cnn",
        title="Digits, convolutional",
        description=("A small convolutional network reads the same digits as pictures instead of as lists of pixels."),
        explains=(
            "compile() is told nothing of pictures: optimizer, loss and metrics are those of a dense network.",
            (
                "The shapes were known before any row came: Keras computed them symbolically while the layers "
                "were connected."
            ),
            (
                "Most of the time of the graph is spent in the convolution, so there is less to win by running "
                "several steps a call than with a dense network."
            ),
        ),
    ),
    _card(
        name="lenet",
        title="LeNet",
        description=(
            "The ancestor of convolutional networks, cut down from 32 × 32 pixels to the 8 × 8 of the bundled digits."
        ),
        explains=(
            "compile() is also where XLA is switched on, by jit_compile; for convolutions on a CPU it seldom pays.",
            (
                "A filter is a slice of a variable of shape (5, 5, 1, 6): height, width, channels in, filters; "
                "it can be looked at after every epoch."
            ),
            (
                "A convolution is one operation in the graph, however many filters it has, and TensorFlow "
                "spreads it over the cores."
            ),
        ),
    ),
    _card(
        name="vgg",
        title="VGG",
        description=("Two small convolutions behind each other, then pooling, and that twice: depth by simple means."),
        explains=(
            (
                "compile() takes the same time for two layers or twenty; it is the recording of the graph that "
                "takes longer with each layer."
            ),
            (
                "summary() is plain Python over shapes that were inferred while the layers were connected; no "
                "picture is needed for it."
            ),
            (
                "The backward pass needs what each layer gave on the way forward, so these values wait in "
                "memory until then; that is what makes deep networks large."
            ),
        ),
    ),
    _card(
        name="residual",
        title="Residual network",
        description=("Each block adds what it has learned to what came in; the block stands twice in a row."),
        explains=(
            "compile() knows nothing of skip connections: to the optimizer the model is a list of variables.",
            (
                "Add is called with a list of two symbolic tensors while the model is put together, and has no "
                "weights of its own."
            ),
            (
                "On the way back the gradient of Add goes to both of its inputs unchanged, so a part of it "
                "passes the convolutions by and reaches the early layers."
            ),
        ),
    ),
    _card(
        name="inception",
        title="Inception",
        description=("Four branches look at the same picture through windows of different sizes, and are joined."),
        explains=(
            "compile() does not say in which order the branches run; that is left to TensorFlow.",
            (
                "While the model is built, Python walks through the branches one after the other and computes "
                "shapes only."
            ),
            (
                "In the graph no branch waits for another, so TensorFlow may run them at the same time on "
                "different cores."
            ),
        ),
    ),
    _card(
        name="separable",
        title="Separable convolutions",
        description=(
            "Convolutions in two parts, first each channel by itself, then all channels mixed, need far fewer weights."
        ),
        explains=(
            (
                "compile() gives Adam the weights to train, and Adam keeps two numbers for each: a lighter "
                "model makes a lighter optimizer."
            ),
            (
                "SeparableConv2D has two kernels, here of 9 · 16 and 16 · 32 weights, where Conv2D would have "
                "one of 9 · 16 · 32."
            ),
            (
                "In the graph these are two operations with far fewer products in all; on a CPU two small ones "
                "are not always faster than a large one."
            ),
        ),
    ),
    _card(
        name="autoencoder_dense",
        title="Autoencoder, dense",
        description=("64 pixels are squeezed into 8 numbers and unfolded again; the target is the picture itself."),
        explains=(
            "compile() does not ask where targets come from: fit() is given the pictures twice, as x and as y.",
            (
                "keras.Model(inputs, code) makes an encoder of the first half: eager Python, with the same "
                "variables and not with copies."
            ),
            "There are no labels in this graph; 64 pixels are compared with 64 others, and one mean comes out.",
        ),
    ),
    _card(
        name="autoencoder_convolutional",
        title="Autoencoder, convolutional",
        description=("Strided convolutions shrink the picture to 2 × 2, transposed ones draw it again at full size."),
        explains=(
            (
                "compile() cannot know that the output must have the picture's shape; a wrong one shows in the "
                "first batch, or is broadcast without a word."
            ),
            (
                "Conv2DTranspose tells its output's shape at once, from 2 × 2 to 4 × 4, because shapes are "
                "inferred without any values."
            ),
            (
                "What Conv2DTranspose computes on its way forward is what a Conv2D computes on its way back, "
                "the gradient for its input."
            ),
        ),
    ),
)
