"""How many floating point operations a layer does for one example: formulas, not measurements.

Counted as TensorFlow's own profiler counts the forward pass: a multiplication and an addition are two, a bias is
one for each number it is added to, softmax five for each number, pooling one for each number that it looks at.
Other activation functions, copies and reshapes count as nothing. Random layers count as nothing: they rest when the
model predicts. Bilinear resizing is three interpolations of three operations for each number. What has no formula
(histograms, Fourier transforms, other resizing, Solarization), or an axis of unknown length, is None, never a guess.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

Shape = tuple[int, ...]
Formula = Callable[[Any, Sequence[Shape], Sequence[Shape]], int | None]


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


def _grouped_heads(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    """As many heads, but groups of queries share keys and values (Ainslie et al., 2023)."""
    query, value = inputs[0], inputs[1]
    key = inputs[2] if len(inputs) > 2 else value
    width, heads, few = layer.head_dim, layer.num_query_heads, layer.num_key_value_heads
    queries, keys = _size(query[:-1]), _size(value[:-1])
    bias = 1 if layer.use_bias else 0
    projections = queries * heads * width * (2 * query[-1] + bias)
    projections += keys * few * width * (2 * (key[-1] + value[-1]) + 2 * bias)
    if layer.use_gate:
        projections += queries * heads * width * (2 * query[-1] + bias + 1)
    result = queries * outputs[0][-1] * (2 * heads * width + bias)
    return int(projections + result + heads * _dot_product_attention(queries, keys, width, width))


def _additive_attention(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    """Each query is added to each key, scaled and summed up (Bahdanau et al., 2014); then softmax and weighted sum."""
    query, value = inputs[0], inputs[1]
    each = (3 if layer.use_scale else 2) * query[-1] + 5 + 2 * value[-1]
    return _size(query[:-1]) * _size(value[:-1]) * int(each)


def _einsum(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    """A multiplication and an addition for each number that is given, times the axes that are summed over."""
    left, _, given = layer.equation.replace(" ", "").partition("->")
    taken, _, kernel = left.partition(",")
    sizes = dict(zip(reversed(taken.rpartition(".")[2]), reversed(inputs[0]), strict=False))
    sizes |= dict(zip(kernel, layer.kernel.shape, strict=True))
    summed = math.prod(size for letter, size in sizes.items() if letter not in given)
    size = _size(outputs[0])
    return int(2 * size * summed + (size if layer.bias is not None else 0) + _activation(layer, size))


def _recurrent_convolution(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    """At each step two convolutions into four gates, one over the input and one over the state; then as an LSTM."""
    cell = layer.cell
    sequences = 1 if layer.return_sequences else 0
    size = _size(outputs[0][sequences:])
    places = size // int(cell.filters)
    kernels = _weights(cell.kernel) + _weights(cell.recurrent_kernel)
    return int(inputs[0][0] * (2 * places * kernels + (4 * size if cell.use_bias else 0) + 4 * size))


def _adaptive_pooling(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    """One for each number that a window looks at; windows may overlap."""
    is_last = layer.data_format == "channels_last"
    space, result = (shape[:-1] if is_last else shape[1:] for shape in (inputs[0], outputs[0]))
    channels = inputs[0][-1] if is_last else inputs[0][0]
    return channels * math.prod(map(_looked_at, space, result))


def _looked_at(size: int, windows: int) -> int:
    """Window i of n goes from floor(i × size / n) to ceil((i + 1) × size / n)."""
    return sum(-(-(place + 1) * size // windows) - place * size // windows for place in range(windows))


def _resizing(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int | None:
    return {"nearest": 0, "bilinear": 9 * _size(outputs[0])}.get(layer.interpolation)


def _merged(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    """One operation for each input after the first; an average divides once more."""
    extra = 1 if type(layer).__name__ == "Average" else 0
    return _size(outputs[0]) * (len(inputs) - 1 + extra)


def _dot(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    axis = layer.axes if isinstance(layer.axes, int) else layer.axes[0]
    return 2 * _size(outputs[0]) * (0, *inputs[0])[axis]


def _both_ways(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int | None:
    halved = [(*shape[:-1], shape[-1] // 2) for shape in outputs] if layer.merge_mode == "concat" else outputs
    one = _inner(layer.forward_layer, inputs, halved)
    if one is None:
        return None
    return 2 * one + (_size(outputs[0]) if layer.merge_mode in ("sum", "mul", "ave") else 0)


def _every_step(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int | None:
    one = _inner(layer.layer, [inputs[0][1:]], [outputs[0][1:]])
    return None if one is None else inputs[0][0] * one


def _wrapped(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int | None:
    return _inner(layer.layer, inputs, outputs)


def _inner(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int | None:
    formula = _FORMULAS.get(type(layer).__name__)
    return formula(layer, inputs, outputs) if formula else None


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
    **_named(_grouped_heads, "GroupedQueryAttention GroupQueryAttention"),
    **_named(_additive_attention, "AdditiveAttention"),
    **_named(_einsum, "EinsumDense"),
    **_named(_recurrent_convolution, "ConvLSTM1D ConvLSTM2D ConvLSTM3D"),
    **_named(_adaptive_pooling, "AdaptiveAveragePooling1D AdaptiveAveragePooling2D AdaptiveAveragePooling3D"),
    **_named(_adaptive_pooling, "AdaptiveMaxPooling1D AdaptiveMaxPooling2D AdaptiveMaxPooling3D"),
    **_named(_resizing, "Resizing"),
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
    **_named(_nothing, "RandomContrast RandomBrightness RandomCrop RandomShear RandomPerspective"),
    **_named(_nothing, "RandomElasticTransform"),
    **_named(_nothing, "RandomErasing RandomGaussianBlur RandomGrayscale RandomHue RandomInvert RandomPosterization"),
    **_named(_nothing, "RandomSaturation RandomSharpness RandomColorDegeneration RandomColorJitter RandAugment AugMix"),
    **_named(_nothing, "ReLU LeakyReLU PReLU ELU ReversibleEmbedding"),
}
