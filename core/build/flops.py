"""How many floating point operations a layer does for one example: formulas, not measurements.

Counted as TensorFlow's own profiler counts the forward pass: a multiplication and an addition are two, a bias is
one for each number it is added to, softmax five for each number, pooling one for each number that it looks at.
Other activation functions, copies and reshapes count as nothing. Random layers count as nothing: they rest when the
model predicts. What has no formula, or an axis of unknown length, is None, never a guess.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

Shape = tuple[int, ...]
Formula = Callable[[Any, Sequence[Shape], Sequence[Shape]], int]


def flops(layer: Any, inputs: Sequence[Sequence[int | None]], outputs: Sequence[Sequence[int | None]]) -> int | None:
    """The operations of a built Keras layer for one example; None where no formula is known.

    Args:
        layer: a layer that has been called once, so that it knows its weights.
        inputs: the shapes that it takes, without the batch axis.
        outputs: the shapes that it gives, without the batch axis.
    """
    formula = _FORMULAS.get(type(layer).__name__)
    if formula is None or any(size is None for shape in (*inputs, *outputs) for size in shape):
        return None
    known = [[tuple(size or 0 for size in shape) for shape in shapes] for shapes in (inputs, outputs)]
    return formula(layer, *known)


def _size(shape: Shape) -> int:
    return math.prod(shape)


def _weights(variable: Any) -> int:
    return math.prod(variable.shape)


def _activation(layer: Any, size: int) -> int:
    name = getattr(getattr(layer, "activation", None), "__name__", "")
    return 5 * size if name in ("softmax", "log_softmax") else 0


def _nothing(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    return 0


def _each(factor: int) -> Formula:
    """A fixed number of operations for each number that the layer gives."""
    return lambda layer, inputs, outputs: factor * _size(outputs[0])


def _each_taken(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    return _size(inputs[0])


def _matrix(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    """Dense and convolution: the whole kernel is used once for each place of the output."""
    size = _size(outputs[0])
    places = size // int(layer.kernel.shape[-1])
    bias = size if layer.use_bias else 0
    return 2 * places * _weights(layer.kernel) + bias + _activation(layer, size)


def _transposed(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    """A transposed convolution uses its kernel once for each place of the input."""
    size = _size(outputs[0])
    places = _size(inputs[0]) // int(layer.kernel.shape[-1])
    return 2 * places * _weights(layer.kernel) + (size if layer.use_bias else 0) + _activation(layer, size)


def _depthwise(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    size = _size(outputs[0])
    bias = size if layer.use_bias else 0
    return int(2 * size * math.prod(layer.kernel_size) + bias + _activation(layer, size))


def _separable(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    size = _size(outputs[0])
    places = size // int(layer.filters)
    kernels = _weights(layer.depthwise_kernel) + _weights(layer.pointwise_kernel)
    return 2 * places * kernels + (size if layer.use_bias else 0) + _activation(layer, size)


def _pooling(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    window = layer.pool_size
    return _size(outputs[0]) * (math.prod(window) if isinstance(window, tuple) else int(window))


def _recurrent(gates: int, biases: int, elementwise: int) -> Formula:
    """Per step and unit: the gates' two matrices, their biases, and the products between gates and state."""

    def formula(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
        steps, features = inputs[0][0], inputs[0][-1]
        bias = biases if layer.use_bias else 0
        return int(steps * layer.units * (2 * gates * (features + layer.units) + bias + elementwise))

    return formula


def _dot_product_attention(queries: int, keys: int, width: int, value_width: int) -> int:
    """Scores, softmax over them, and the weighted sum (Vaswani et al., 2017)."""
    return queries * keys * (2 * width + 5 + 2 * value_width)


def _attention(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    query, value = inputs[0], inputs[1]
    return _dot_product_attention(_size(query[:-1]), _size(value[:-1]), query[-1], value[-1])


def _many_heads(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    query, value = inputs[0], inputs[1]
    key = inputs[2] if len(inputs) > 2 else value
    heads, width, value_width = layer.num_heads, layer.key_dim, layer.value_dim or layer.key_dim
    queries, keys = _size(query[:-1]), _size(key[:-1])
    bias = 1 if layer.use_bias else 0
    projections = queries * heads * width * (2 * query[-1] + bias)
    projections += keys * heads * width * (2 * key[-1] + bias)
    projections += keys * heads * value_width * (2 * value[-1] + bias)
    result = queries * outputs[0][-1] * (2 * heads * value_width + bias)
    return int(projections + result + heads * _dot_product_attention(queries, keys, width, value_width))


def _merged(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    """One operation for each input after the first; an average divides once more."""
    extra = 1 if type(layer).__name__ == "Average" else 0
    return _size(outputs[0]) * (len(inputs) - 1 + extra)


def _dot(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    axis = layer.axes if isinstance(layer.axes, int) else layer.axes[0]
    return 2 * _size(outputs[0]) * (0, *inputs[0])[axis]


def _both_ways(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    one = _inner(layer.forward_layer, inputs, outputs)
    return 2 * one + (_size(outputs[0]) if layer.merge_mode in ("sum", "mul", "ave") else 0)


def _every_step(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    return inputs[0][0] * _inner(layer.layer, [inputs[0][1:]], [outputs[0][1:]])


def _wrapped(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    return _inner(layer.layer, inputs, outputs)


def _inner(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    return _FORMULAS[type(layer).__name__](layer, inputs, outputs)


def _softmax(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    return 5 * _size(outputs[0])


def _activating(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    return _activation(layer, _size(outputs[0]))


def _named(formula: Formula, names: str) -> dict[str, Formula]:
    return dict.fromkeys(names.split(), formula)


_FORMULAS: dict[str, Formula] = {
    **_named(_matrix, "Dense Conv1D Conv2D Conv3D"),
    **_named(_transposed, "Conv1DTranspose Conv2DTranspose Conv3DTranspose"),
    **_named(_depthwise, "DepthwiseConv1D DepthwiseConv2D"),
    **_named(_separable, "SeparableConv1D SeparableConv2D"),
    **_named(_pooling, "MaxPooling1D MaxPooling2D MaxPooling3D AveragePooling1D AveragePooling2D AveragePooling3D"),
    **_named(_each_taken, "GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D"),
    **_named(_each_taken, "GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D"),
    **_named(_each(2), "BatchNormalization Normalization Rescaling"),
    **_named(_each(8), "LayerNormalization GroupNormalization"),
    **_named(_each(4), "RMSNormalization UnitNormalization"),
    **_named(_recurrent(gates=4, biases=4, elementwise=4), "LSTM"),
    **_named(_recurrent(gates=3, biases=6, elementwise=5), "GRU"),
    **_named(_recurrent(gates=1, biases=1, elementwise=1), "SimpleRNN"),
    **_named(_attention, "Attention"),
    **_named(_many_heads, "MultiHeadAttention"),
    **_named(_merged, "Add Subtract Multiply Average Maximum Minimum"),
    **_named(_dot, "Dot"),
    **_named(_both_ways, "Bidirectional"),
    **_named(_every_step, "TimeDistributed"),
    **_named(_wrapped, "SpectralNormalization"),
    **_named(_softmax, "Softmax"),
    **_named(_activating, "Activation"),
    **_named(_nothing, "InputLayer Embedding Flatten Reshape Permute RepeatVector Concatenate Masking Identity"),
    **_named(_nothing, "UpSampling1D UpSampling2D UpSampling3D ZeroPadding1D ZeroPadding2D ZeroPadding3D"),
    **_named(_nothing, "Cropping1D Cropping2D Cropping3D CenterCrop CategoryEncoding Discretization"),
    **_named(_nothing, "Dropout SpatialDropout1D SpatialDropout2D SpatialDropout3D AlphaDropout GaussianDropout"),
    **_named(_nothing, "GaussianNoise ActivityRegularization RandomFlip RandomRotation RandomZoom RandomTranslation"),
    **_named(_nothing, "RandomContrast RandomBrightness ReLU LeakyReLU PReLU ELU"),
}
