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
    assert flops(keras.layers.RandomErasing(), [(8, 8, 1)], [(8, 8, 1)]) is None
