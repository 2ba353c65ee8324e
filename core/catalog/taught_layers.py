"""The layers that are taught, in teaching order: category, one sentence, what beginners see, what to start from."""

from __future__ import annotations

from functools import partial

from core.catalog.lesson import Lesson

_LSTM = {"name": "LSTM", "params": {"units": 32}}
_DENSE = {"name": "Dense", "params": {"units": 32}}

_core = partial(Lesson, category="core")
_convolution = partial(Lesson, category="convolution")
_pooling = partial(Lesson, category="pooling")
_recurrent = partial(Lesson, category="recurrent")
_normalization = partial(Lesson, category="normalization")
_regularization = partial(Lesson, category="regularization")
_attention = partial(
    Lesson, category="attention", arity="named", fewest=2, most=3, input_names=("query", "value", "key")
)
_reshaping = partial(Lesson, category="reshaping")
_merging = partial(Lesson, category="merging", arity="many", fewest=2, most=None)
_preprocessing = partial(Lesson, category="preprocessing")
_activation = partial(Lesson, category="activation")
_wrapper = partial(Lesson, category="wrapper")
_FILTERS = "filters kernel_size strides padding activation"

CORE = (
    _core(
        "Input",
        summary="Where the data comes in.",
        basic="shape",
        starting={"shape": [64]},
        arity="none",
        fewest=0,
        most=0,
    ),
    _core("Dense", summary="Every input is connected to every unit.", basic="units activation", starting={"units": 32}),
    _core(
        "Activation", summary="Applies a function to every value.", basic="activation", starting={"activation": "relu"}
    ),
    _core(
        "Embedding",
        summary="Turns each whole number, such as a word's, into a learned vector.",
        basic="input_dim output_dim mask_zero",
        starting={"input_dim": 1000, "output_dim": 32},
    ),
    _core("Masking", summary="Marks empty time steps, which later layers skip.", basic="mask_value"),
    _core(
        "EinsumDense",
        summary="A dense layer over any axes, written in Einstein's notation.",
        basic="equation output_shape activation",
        starting={"equation": "...x,xy->...y", "output_shape": 32},
    ),
    _core("Identity", summary="Passes its input on unchanged."),
)
CONVOLUTION = (
    _convolution("Conv1D", summary="Looks for patterns along a sequence.", basic=_FILTERS,
                 starting={"filters": 16, "kernel_size": 3}),
    _convolution("Conv2D", summary="Looks for small patterns everywhere in a picture.", basic=_FILTERS,
                 starting={"filters": 16, "kernel_size": 3}),
    _convolution("Conv3D", summary="Looks for patterns in a volume or a film.", basic=_FILTERS,
                 starting={"filters": 8, "kernel_size": 3}),
    _convolution("SeparableConv1D", summary="A lighter Conv1D: first each channel by itself, then all mixed.",
                 basic=_FILTERS, starting={"filters": 16, "kernel_size": 3}),
    _convolution("SeparableConv2D", summary="A lighter Conv2D: first each channel by itself, then all mixed.",
                 basic=_FILTERS, starting={"filters": 16, "kernel_size": 3}),
    _convolution("DepthwiseConv1D", summary="Looks for patterns along a sequence, in each channel by itself.",
                 basic="kernel_size strides padding activation", starting={"kernel_size": 3}),
    _convolution("DepthwiseConv2D", summary="Looks for patterns in each channel of a picture by itself.",
                 basic="kernel_size strides padding activation", starting={"kernel_size": 3}),
    _convolution("Conv1DTranspose", summary="A Conv1D backwards: makes a sequence longer.", basic=_FILTERS,
                 starting={"filters": 16, "kernel_size": 3, "strides": 2}),
    _convolution("Conv2DTranspose", summary="A Conv2D backwards: makes a picture larger.", basic=_FILTERS,
                 starting={"filters": 16, "kernel_size": 3, "strides": 2}),
)  # fmt: skip
POOLING = (
    *(_pooling(f"MaxPooling{rank}D", summary=f"Shrinks {what} by keeping the largest of neighbouring values.",
               basic="pool_size strides padding", starting={"pool_size": 2})
      for rank, what in ((1, "a sequence"), (2, "a picture"), (3, "a volume"))),
    *(_pooling(f"AveragePooling{rank}D", summary=f"Shrinks {what} by averaging neighbouring values.",
               basic="pool_size strides padding", starting={"pool_size": 2})
      for rank, what in ((1, "a sequence"), (2, "a picture"), (3, "a volume"))),
    *(_pooling(f"GlobalMaxPooling{rank}D", summary=f"Keeps each channel's largest value in {what}.", basic="keepdims")
      for rank, what in ((1, "a sequence"), (2, "a picture"), (3, "a volume"))),
    *(_pooling(f"GlobalAveragePooling{rank}D", summary=f"Averages each channel over {what}.", basic="keepdims")
      for rank, what in ((1, "a whole sequence"), (2, "a whole picture"), (3, "a whole volume"))),
)  # fmt: skip
RECURRENT = (
    _recurrent("SimpleRNN", summary="Reads a sequence step by step with a short memory.",
               basic="units activation return_sequences", starting={"units": 32}),
    _recurrent("LSTM", summary="Reads a sequence step by step, and learns what to keep and what to forget.",
               basic="units return_sequences dropout", starting={"units": 32}),
    _recurrent("GRU", summary="A lighter LSTM with fewer gates.",
               basic="units return_sequences dropout", starting={"units": 32}),
    _recurrent("ConvLSTM2D", summary="An LSTM that reads a sequence of pictures.",
               basic="filters kernel_size padding return_sequences", starting={"filters": 8, "kernel_size": 3}),
)  # fmt: skip
WRAPPER = (
    _wrapper("Bidirectional", summary="Reads a sequence in both directions with the recurrent layer inside.",
             basic="layer merge_mode", starting={"layer": _LSTM}),
    _wrapper("TimeDistributed", summary="Applies the layer inside to every time step.",
             basic="layer", starting={"layer": _DENSE}),
    _wrapper("SpectralNormalization", summary="Keeps the layer inside from stretching its input too much.",
             basic="layer", starting={"layer": _DENSE}),
)  # fmt: skip
NORMALIZATION = (
    _normalization("BatchNormalization", summary="Centres and scales each feature over the batch; steadies training.",
                   basic="momentum"),
    _normalization("LayerNormalization", summary="Centres and scales each row by itself.", basic="axis epsilon"),
    _normalization("GroupNormalization", summary="Centres and scales groups of channels.", basic="groups",
                   starting={"groups": -1}),
    _normalization("RMSNormalization", summary="Scales each row by its root mean square.", basic="axis epsilon"),
    _normalization("UnitNormalization", summary="Scales each row to length 1.", basic="axis"),
)  # fmt: skip
REGULARIZATION = (
    _regularization("Dropout", summary="Sets a random share of values to zero while training, against overfitting.",
                    basic="rate", starting={"rate": 0.5}),
    *(_regularization(f"SpatialDropout{rank}D", summary="Drops whole channels at random while training.",
                      basic="rate", starting={"rate": 0.2}) for rank in (1, 2, 3)),
    _regularization("GaussianNoise", summary="Adds random noise while training.", basic="stddev",
                    starting={"stddev": 0.1}),
    _regularization("GaussianDropout", summary="Multiplies by random noise while training.", basic="rate",
                    starting={"rate": 0.2}),
    _regularization("AlphaDropout", summary="Dropout that keeps mean and variance; goes with selu.", basic="rate",
                    starting={"rate": 0.1}),
    _regularization("ActivityRegularization", summary="Adds a penalty on large outputs to the loss.", basic="l1 l2",
                    starting={"l2": 0.01}),
)  # fmt: skip
ATTENTION = (
    _attention("MultiHeadAttention", summary="Each position gathers what it needs from the others, in several ways.",
               basic="num_heads key_dim dropout", starting={"num_heads": 2, "key_dim": 16}, spread=True),
    _attention("Attention", summary="Each query gathers the values whose keys resemble it.", basic="use_scale dropout"),
    _attention("AdditiveAttention", summary="Attention that compares by a learned sum in place of a product.",
               basic="use_scale dropout"),
    _attention("GroupQueryAttention", summary="Multi-head attention whose heads share keys and values, to save memory.",
               basic="head_dim num_query_heads num_key_value_heads",
               starting={"head_dim": 16, "num_query_heads": 4, "num_key_value_heads": 2}, spread=True),
)  # fmt: skip
RESHAPING = (
    _reshaping("Flatten", summary="Turns any shape into one long row."),
    _reshaping("Reshape", summary="Arranges the same values in another shape.", basic="target_shape",
               starting={"target_shape": [-1]}),
    _reshaping("Permute", summary="Swaps axes.", basic="dims", starting={"dims": [2, 1]}),
    _reshaping("RepeatVector", summary="Repeats a row, which makes a sequence of it.", basic="n", starting={"n": 3}),
    *(_reshaping(f"UpSampling{rank}D", summary=f"Makes {what} larger by repeating values.",
                 basic="size interpolation" if rank == 2 else "size")
      for rank, what in ((1, "a sequence"), (2, "a picture"), (3, "a volume"))),
    *(_reshaping(f"ZeroPadding{rank}D", summary=f"Adds zeros around {what}.",
                 basic="padding") for rank, what in ((1, "a sequence"), (2, "a picture"), (3, "a volume"))),
    *(_reshaping(f"Cropping{rank}D", summary=f"Cuts off the edges of {what}.",
                 basic="cropping") for rank, what in ((1, "a sequence"), (2, "a picture"), (3, "a volume"))),
)  # fmt: skip
MERGING = (
    _merging("Concatenate", summary="Joins its inputs side by side.", basic="axis"),
    _merging("Add", summary="Adds its inputs up; closes a skip connection."),
    _merging("Subtract", summary="Subtracts the second input from the first.", most=2),
    _merging("Multiply", summary="Multiplies its inputs value by value."),
    _merging("Average", summary="Averages its inputs."),
    _merging("Maximum", summary="Keeps the larger value at each place."),
    _merging("Minimum", summary="Keeps the smaller value at each place."),
    _merging("Dot", summary="Multiplies and sums two inputs along chosen axes.", basic="axes normalize",
             starting={"axes": -1}, most=2),
)  # fmt: skip
PREPROCESSING = (
    _preprocessing("Rescaling", summary="Multiplies and shifts every value: 1/255 brings pixels to between 0 and 1.",
                   basic="scale offset", starting={"scale": 0.00392156862745098}),
    _preprocessing("Normalization", summary="Subtracts a mean and divides by a spread that you give.",
                   basic="mean variance", starting={"mean": 0.0, "variance": 1.0}),
    _preprocessing("Resizing", summary="Makes pictures the same size.", basic="height width interpolation",
                   starting={"height": 32, "width": 32}),
    _preprocessing("CenterCrop", summary="Cuts out the middle of a picture.", basic="height width",
                   starting={"height": 24, "width": 24}),
    _preprocessing("RandomFlip", summary="Mirrors pictures at random while training.", basic="mode",
                   starting={"mode": "horizontal"}),
    _preprocessing("RandomRotation", summary="Turns pictures at random while training.", basic="factor fill_mode",
                   starting={"factor": 0.1}),
    _preprocessing("RandomZoom", summary="Zooms into and out of pictures at random while training.",
                   basic="height_factor width_factor fill_mode", starting={"height_factor": 0.2}),
    _preprocessing("RandomTranslation", summary="Shifts pictures at random while training.",
                   basic="height_factor width_factor fill_mode",
                   starting={"height_factor": 0.1, "width_factor": 0.1}),
    _preprocessing("RandomContrast", summary="Changes the contrast at random while training.", basic="factor",
                   starting={"factor": 0.2}),
    _preprocessing("RandomBrightness", summary="Changes the brightness at random while training.",
                   basic="factor value_range", starting={"factor": 0.2}),
    _preprocessing("RandomCrop", summary="Cuts out a random part while training.", basic="height width",
                   starting={"height": 24, "width": 24}),
    _preprocessing("CategoryEncoding", summary="Turns class numbers into columns of zeros and ones.",
                   basic="num_tokens output_mode", starting={"num_tokens": 10}),
    _preprocessing("Discretization", summary="Sorts numbers into bins.", basic="bin_boundaries output_mode",
                   starting={"bin_boundaries": [0.0]}),
)  # fmt: skip
ACTIVATION = (
    _activation("ReLU", summary="Cuts off values below zero.", basic="max_value negative_slope"),
    _activation("LeakyReLU", summary="Weakens values below zero instead of cutting them off.", basic="negative_slope"),
    _activation("PReLU", summary="Weakens values below zero by a learned slope."),
    _activation("ELU", summary="Bends values below zero smoothly.", basic="alpha"),
    _activation("Softmax", summary="Turns scores into probabilities that sum to 1.", basic="axis"),
)  # fmt: skip

LAYERS: tuple[Lesson, ...] = (
    *CORE, *CONVOLUTION, *POOLING, *RECURRENT, *WRAPPER, *NORMALIZATION, *REGULARIZATION,
    *ATTENTION, *RESHAPING, *MERGING, *PREPROCESSING, *ACTIVATION,
)  # fmt: skip
STARTING: dict[str, dict[str, object]] = {
    "Conv3DTranspose": {"filters": 8, "kernel_size": 3},
    "ConvLSTM1D": {"filters": 8, "kernel_size": 3},
    "ConvLSTM3D": {"filters": 4, "kernel_size": 3},
    "AdaptiveAveragePooling1D": {"output_size": 4},
    "AdaptiveAveragePooling2D": {"output_size": 4},
    "AdaptiveAveragePooling3D": {"output_size": 4},
    "AdaptiveMaxPooling1D": {"output_size": 4},
    "AdaptiveMaxPooling2D": {"output_size": 4},
    "AdaptiveMaxPooling3D": {"output_size": 4},
    "RandomColorDegeneration": {"factor": 0.5},
    "RandomHue": {"factor": 0.1},
    "RandomPosterization": {"factor": 4},
    "RandomSaturation": {"factor": 0.5},
    "RandomSharpness": {"factor": 0.5},
    "ReversibleEmbedding": {"input_dim": 1000, "output_dim": 32},
}
"""Values to begin with for layers that are not taught but need some."""
