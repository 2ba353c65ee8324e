from __future__ import annotations

import pytest

pytestmark = pytest.mark.keras

CASES = {
    "dense": ((20,), lambda layers: [layers.Dense(7), layers.Dense(3, use_bias=False)]),
    "softmax": ((20,), lambda layers: [layers.Dense(7, activation="relu"), layers.Dense(3, activation="softmax")]),
    "conv": (
        (9, 9, 3),
        lambda layers: [
            layers.Conv2D(4, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(6, 2, strides=2, padding="same"),
            layers.Flatten(),
            layers.Dense(10),
        ],
    ),
    "depthwise": ((9, 9, 3), lambda layers: [layers.DepthwiseConv2D(3, use_bias=False, depth_multiplier=2)]),
    "average": ((8, 8, 2), lambda layers: [layers.AveragePooling2D(2)]),
}


def profiled(keras, model):
    """What TensorFlow's own profiler counts in the frozen graph, for one example."""
    import tensorflow as tf
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2
    from tensorflow.python.profiler import model_analyzer
    from tensorflow.python.profiler.option_builder import ProfileOptionBuilder

    spec = tf.TensorSpec((1, *model.input_shape[1:]), tf.float32)
    frozen = convert_variables_to_constants_v2(tf.function(model).get_concrete_function(spec))
    options = ProfileOptionBuilder(ProfileOptionBuilder.float_operation()).with_empty_output().build()
    return model_analyzer.profile(frozen.graph, options=options).total_float_ops


@pytest.mark.parametrize("name", CASES)
def test_formulas_count_as_tensorflow_s_profiler_does(keras, name):
    from core.build.flops import flops

    shape, layers = CASES[name]
    model = keras.Sequential([keras.Input(shape), *layers(keras.layers)])
    counted = sum(flops(layer, [layer.input.shape[1:]], [layer.output.shape[1:]]) for layer in model.layers)
    assert counted == profiled(keras, model)


def test_recurrent_layers_count_each_step(keras):
    from core.build.flops import flops

    layer = keras.layers.LSTM(16)
    layer(keras.KerasTensor((None, 10, 8)))
    assert flops(layer, [(10, 8)], [(16,)]) == 10 * (2 * 4 * (8 + 16) * 16 + 4 * 16 + 4 * 16)


def test_what_is_unknown_is_none_and_never_a_guess(keras):
    from core.build.flops import flops

    layer = keras.layers.LSTM(4)
    layer(keras.KerasTensor((None, None, 8)))
    assert flops(layer, [(None, 8)], [(4,)]) is None
    assert flops(keras.layers.Equalization(), [(8, 8, 1)], [(8, 8, 1)]) is None
    bicubic = keras.layers.Resizing(4, 4, interpolation="bicubic")
    assert flops(bicubic, [(8, 8, 1)], [(4, 4, 1)]) is None


def counted(keras, layer, *shapes):
    """The operations of a layer that is called on rows of these shapes."""
    from core.build.flops import flops

    given = [keras.KerasTensor((None, *shape)) for shape in shapes]
    result = layer(given) if type(layer).__name__ == "AdditiveAttention" else layer(*given)
    return flops(layer, shapes, [tuple(result.shape[1:])])


def test_a_dense_written_as_einsum_counts_as_a_dense(keras):
    layers = keras.layers
    plain = counted(keras, layers.Dense(5, activation="softmax"), (6, 4))
    assert counted(keras, layers.EinsumDense("abc,cd->abd", (6, 5), bias_axes="d"), (6, 4)) == plain - 5 * 30
    dotted = layers.EinsumDense("...x,xy->...y", 5, bias_axes="y", activation="softmax")
    assert counted(keras, dotted, (6, 4)) == plain
    both = layers.EinsumDense("abc,cde->abde", (6, 2, 3))
    assert counted(keras, both, (6, 4)) == 2 * 6 * 4 * 2 * 3


def test_a_recurrent_convolution_is_a_convolution_at_each_step(keras):
    layers = keras.layers
    layer = layers.ConvLSTM2D(4, 3, padding="same", use_bias=False)
    steps, places = 5, 8 * 8
    each = 2 * places * (9 * 2 * 16 + 9 * 4 * 16) + 4 * places * 4
    assert counted(keras, layer, (steps, 8, 8, 2)) == steps * each
    everything = layers.ConvLSTM2D(4, 3, padding="same", use_bias=False, return_sequences=True)
    assert counted(keras, everything, (steps, 8, 8, 2)) == steps * each
    twice = layers.Bidirectional(layers.ConvLSTM2D(4, 3, padding="same", use_bias=False))
    assert counted(keras, twice, (steps, 8, 8, 2)) == 2 * steps * each


def test_groups_of_heads_share_keys_and_values(keras):
    layers = keras.layers
    many = counted(keras, layers.MultiHeadAttention(4, 8), (6, 16), (6, 16))
    grouped = counted(keras, layers.GroupQueryAttention(8, 4, 4), (6, 16), (6, 16))
    assert grouped == many, "with as many groups as heads it is the same"
    fewer = counted(keras, layers.GroupQueryAttention(8, 4, 2), (6, 16), (6, 16))
    assert many - fewer == 2 * 6 * 2 * 8 * (2 * 16 + 1)
    assert counted(keras, layers.AdditiveAttention(), (6, 16), (7, 16)) == 6 * 7 * (3 * 16 + 5 + 2 * 16)


def test_adaptive_windows_may_overlap(keras):
    layers = keras.layers
    assert counted(keras, layers.AdaptiveAveragePooling2D(4), (8, 8, 3)) == 8 * 8 * 3
    assert counted(keras, layers.AdaptiveMaxPooling1D(2), (5, 3)) == (3 + 3) * 3
    assert counted(keras, layers.Resizing(4, 4), (8, 8, 1)) == 9 * 16


def test_almost_every_layer_has_a_formula(keras):
    from core import catalog
    from core.build.flops import _FORMULAS

    without = {entry.name for entry in catalog.entries("layer")} - {*_FORMULAS, "Input"}
    assert without == {
        "AutoContrast",
        "ContrastLimitedAdaptiveHistogramEqualization",
        "MelSpectrogram",
        "STFTSpectrogram",
        "Solarization",
    }
