"""One table by parameter name: the rule of every constructor argument that Keras has more than a default for."""

from __future__ import annotations

from collections.abc import Callable

from core.catalog.params import (
    AnyOf,
    Flag,
    IntBetween,
    KerasRef,
    OneOf,
    RealBetween,
    Rule,
    Shape,
    Text,
    TupleOf,
    nullable,
)

INT = IntBetween()
COUNT = IntBetween(1)
FROM_ZERO = IntBetween(0)
REAL = RealBetween()
POSITIVE = RealBetween(0, low_open=True)
NOT_NEGATIVE = RealBetween(0)
FRACTION = RealBetween(0, 1, step=0.05)
BELOW_ONE = RealBetween(0, 1, high_open=True)
AXIS = IntBetween(-8, 8)
AXES = AnyOf((AXIS, TupleOf(AXIS)))
PAIR = TupleOf(REAL, (2,))
LEARNING_RATE = AnyOf((POSITIVE, KerasRef("schedule")))
RECURRENT = ("SimpleRNN", "LSTM", "GRU", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D")
WITH_KERNEL = ("Dense", "Conv1D", "Conv2D", "Conv3D", "Embedding")
FLOATS = ("float32", "float16", "bfloat16", "float64", "mixed_float16", "mixed_bfloat16")
INPUT_DTYPES = ("float32", "float16", "bfloat16", "float64", "int32", "int64", "uint8", "bool")
WINDOWS = OneOf(("hann", "hamming"))
REDUCTIONS = OneOf(("sum_over_batch_size", "mean", "sum", "mean_with_sample_weight"))


def sizes(rank: int, low: int = 1) -> Rule:
    """One number for all axes, or a list with one for each."""
    return AnyOf((IntBetween(low), TupleOf(IntBetween(low), (rank,))))


def borders(rank: int) -> Rule:
    """Cropping and padding: one number, one for each axis, or a pair (before, after) for each."""
    pair = TupleOf(FROM_ZERO, (2,))
    if rank == 1:
        return AnyOf((FROM_ZERO, pair))
    return AnyOf((FROM_ZERO, TupleOf(FROM_ZERO, (rank,)), TupleOf(pair, (rank,))))


BY_RANK: dict[str, Callable[[int], Rule]] = {
    "kernel_size": sizes,
    "pool_size": sizes,
    "dilation_rate": sizes,
    "strides": sizes,
    "size": sizes,
    "output_size": sizes,
    "output_padding": lambda rank: sizes(rank, 0),
    "cropping": borders,
}
"""For layers of one to three axes, as Conv1D and Conv3D; with a default of null, null is allowed as well."""

BY_NAME: dict[str, Rule] = {
    # sizes
    "units": COUNT,
    "filters": COUNT,
    "depth_multiplier": COUNT,
    "groups": COUNT,
    "input_dim": COUNT,
    "output_dim": COUNT,
    "num_heads": COUNT,
    "key_dim": COUNT,
    "value_dim": COUNT,
    "head_dim": COUNT,
    "num_query_heads": COUNT,
    "num_key_value_heads": COUNT,
    "sliding_window": COUNT,
    "n": COUNT,
    "height": COUNT,
    "width": COUNT,
    "lora_rank": COUNT,
    "lora_alpha": POSITIVE,
    "num_tokens": COUNT,
    "num_classes": IntBetween(2),
    "num_thresholds": IntBetween(2),
    "num_labels": COUNT,
    "top_k": COUNT,
    "k": COUNT,
    "class_id": FROM_ZERO,
    "ignore_class": INT,
    "target_class_ids": TupleOf(FROM_ZERO),
    "num_regressors": FROM_ZERO,
    "shape": Shape(),
    "target_shape": Shape(open_axes=False, minus_one=True),
    "output_shape": AnyOf((COUNT, Shape())),
    "noise_shape": TupleOf(nullable(COUNT)),
    "dims": TupleOf(IntBetween(1, 8)),
    "seed": IntBetween(0),
    # axes
    "axis": AXIS,
    "axes": AnyOf((AXIS, TupleOf(AXIS, (2,)))),
    "shared_axes": TupleOf(IntBetween(1, 8)),
    "attention_axes": AnyOf((IntBetween(1, 8), TupleOf(IntBetween(1, 8)))),
    "input_axes": AXES,
    "output_axes": AXES,
    "bias_axes": Text(8),
    "equation": Text(),
    "data_format": OneOf(("channels_last", "channels_first")),
    "dtype": OneOf(FLOATS),
    "reverse_dtype": OneOf(FLOATS),
    # Keras objects
    "activation": KerasRef("activation", optional=True),
    "recurrent_activation": KerasRef("activation", optional=True),
    "layer": KerasRef("layer"),
    "backward_layer": KerasRef("layer", only=RECURRENT),
    "learning_rate": LEARNING_RATE,
    # shares and strengths
    "rate": FRACTION,
    "dropout": FRACTION,
    "recurrent_dropout": FRACTION,
    "stddev": NOT_NEGATIVE,
    "l1": NOT_NEGATIVE,
    "l2": NOT_NEGATIVE,
    "epsilon": NOT_NEGATIVE,
    "epsilon_1": NOT_NEGATIVE,
    "epsilon_2": NOT_NEGATIVE,
    "momentum": FRACTION,
    "renorm_momentum": FRACTION,
    "ema_momentum": FRACTION,
    "rho": FRACTION,
    "beta_1": BELOW_ONE,
    "beta_2": BELOW_ONE,
    "adam_beta_1": BELOW_ONE,
    "adam_beta_2": BELOW_ONE,
    "weight_decay": NOT_NEGATIVE,
    "adam_weight_decay": NOT_NEGATIVE,
    "clipnorm": POSITIVE,
    "clipvalue": POSITIVE,
    "global_clipnorm": POSITIVE,
    "ema_overwrite_frequency": COUNT,
    "loss_scale_factor": POSITIVE,
    "gradient_accumulation_steps": IntBetween(2),
    "label_smoothing": FRACTION,
    "threshold": REAL,
    "thresholds": AnyOf((FRACTION, TupleOf(FRACTION))),
    "recall": FRACTION,
    "precision": FRACTION,
    "sensitivity": FRACTION,
    "specificity": FRACTION,
    "label_weights": TupleOf(NOT_NEGATIVE),
    "delta": POSITIVE,
    "gamma": NOT_NEGATIVE,
    "alpha": NOT_NEGATIVE,
    "q": RealBetween(0, 1, low_open=True, high_open=True),
    "beta": NOT_NEGATIVE,
    "max_value": NOT_NEGATIVE,
    "min_value": NOT_NEGATIVE,
    "negative_slope": NOT_NEGATIVE,
    "scale": AnyOf((REAL, TupleOf(REAL))),
    "offset": AnyOf((REAL, TupleOf(REAL))),
    "mean": REAL,
    "variance": NOT_NEGATIVE,
    "logit_soft_cap": POSITIVE,
    "learning_rate_power": RealBetween(None, 0),
    "initial_accumulator_value": NOT_NEGATIVE,
    "l1_regularization_strength": NOT_NEGATIVE,
    "l2_regularization_strength": NOT_NEGATIVE,
    "l2_shrinkage_regularization_strength": NOT_NEGATIVE,
    "warmup_steps": FROM_ZERO,
    "ns_steps": COUNT,
    "power_iterations": COUNT,
    # choices
    "padding": OneOf(("valid", "same")),
    "merge_mode": nullable(OneOf(("concat", "sum", "mul", "ave"))),
    "interpolation": OneOf(("bilinear", "nearest")),
    "fill_mode": OneOf(("reflect", "constant", "wrap", "nearest")),
    "score_mode": OneOf(("dot", "concat")),
    "output_mode": OneOf(("multi_hot", "one_hot", "count")),
    "curve": OneOf(("ROC", "PR")),
    "summation_method": OneOf(("interpolation", "minoring", "majoring")),
    "average": OneOf(("micro", "macro", "weighted")),
    "class_aggregation": OneOf(("uniform_average", "variance_weighted_average")),
    "reduction": REDUCTIONS,
    "use_cudnn": OneOf(("auto", True, False)),
    "flash_attention": Flag(),
    "window": WINDOWS,
    "scaling": OneOf(("density", "spectrum")),
    "distribution": OneOf(("truncated_normal", "untruncated_normal", "uniform")),
    "name": Text(64),
    # augmentation
    "factor": AnyOf((REAL, PAIR)),
    "height_factor": AnyOf((REAL, PAIR)),
    "width_factor": AnyOf((REAL, PAIR)),
    "x_factor": AnyOf((REAL, PAIR)),
    "y_factor": AnyOf((REAL, PAIR)),
    "brightness_factor": AnyOf((REAL, PAIR)),
    "contrast_factor": AnyOf((REAL, PAIR)),
    "saturation_factor": AnyOf((REAL, PAIR)),
    "hue_factor": AnyOf((REAL, PAIR)),
    "addition_factor": AnyOf((REAL, PAIR)),
    "threshold_factor": AnyOf((REAL, PAIR)),
    "sigma": AnyOf((REAL, PAIR)),
    "value_range": PAIR,
    "fill_value": REAL,
    "tile_grid_size": TupleOf(COUNT, (2,)),
    "bin_boundaries": TupleOf(REAL),
    "num_bins": COUNT,
    "fft_length": COUNT,
    "frame_length": COUNT,
    "frame_step": COUNT,
    "sequence_length": COUNT,
    "sequence_stride": COUNT,
    "max_freq": POSITIVE,
    # schedules and callbacks
    "initial_learning_rate": POSITIVE,
    "end_learning_rate": NOT_NEGATIVE,
    "warmup_target": POSITIVE,
    "decay_steps": COUNT,
    "first_decay_steps": COUNT,
    "decay_rate": POSITIVE,
    "boundaries": TupleOf(COUNT),
    "values": TupleOf(POSITIVE),
    "power": POSITIVE,
    "t_mul": POSITIVE,
    "m_mul": POSITIVE,
    "monitor": Text(),
    "min_delta": NOT_NEGATIVE,
    "patience": FROM_ZERO,
    "cooldown": FROM_ZERO,
    "min_lr": NOT_NEGATIVE,
    "baseline": REAL,
    "start_from_epoch": FROM_ZERO,
    "verbose": IntBetween(0, 2),
}

OF_ENTRY: dict[str, Rule] = {
    "Input.dtype": OneOf(INPUT_DTYPES),
    "Conv1D.padding": OneOf(("valid", "same", "causal")),
    "ZeroPadding1D.padding": borders(1),
    "ZeroPadding2D.padding": borders(2),
    "ZeroPadding3D.padding": borders(3),
    "RandomGaussianBlur.kernel_size": sizes(2),
    "Bidirectional.layer": KerasRef("layer", only=RECURRENT),
    "SpectralNormalization.layer": KerasRef("layer", only=WITH_KERNEL),
    "BatchNormalization.scale": Flag(),
    "LayerNormalization.scale": Flag(),
    "GroupNormalization.scale": Flag(),
    "LayerNormalization.axis": AXES,
    "RMSNormalization.axis": AXES,
    "UnitNormalization.axis": AXES,
    "Softmax.axis": AXES,
    "Normalization.axis": AXES,
    "Normalization.mean": AnyOf((REAL, TupleOf(REAL))),
    "Normalization.variance": AnyOf((NOT_NEGATIVE, TupleOf(NOT_NEGATIVE))),
    "GroupNormalization.groups": AnyOf((COUNT, OneOf((-1,)))),
    "GaussianDropout.rate": BELOW_ONE,
    "AlphaDropout.rate": BELOW_ONE,
    "GaussianNoise.stddev": NOT_NEGATIVE,
    "RandomFlip.mode": OneOf(("horizontal_and_vertical", "horizontal", "vertical")),
    "STFTSpectrogram.mode": OneOf(("log", "magnitude", "psd", "real", "imag", "angle", "stft")),
    "UpSampling2D.interpolation": OneOf(("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5")),
    "Resizing.interpolation": OneOf(("bilinear", "nearest", "bicubic", "area", "lanczos3", "lanczos5")),
    "Resizing.fill_mode": OneOf(("constant",)),
    "Discretization.output_mode": OneOf(("int", "one_hot", "multi_hot", "count")),
    "Masking.mask_value": REAL,
    "Dice.axis": TupleOf(AXIS),
    "Tversky.axis": TupleOf(AXIS),
    "F1Score.threshold": FRACTION,
    "FBetaScore.threshold": FRACTION,
    "BinaryAccuracy.threshold": FRACTION,
    "BinaryIoU.threshold": FRACTION,
    "CategoricalFocalCrossentropy.alpha": AnyOf((NOT_NEGATIVE, TupleOf(NOT_NEGATIVE))),
    "MaxNorm.axis": AXES,
    "MinMaxNorm.axis": AXES,
    "UnitNorm.axis": AXES,
    "EarlyStopping.mode": OneOf(("auto", "min", "max")),
    "ReduceLROnPlateau.mode": OneOf(("auto", "min", "max")),
    "ReduceLROnPlateau.factor": RealBetween(0, 1, low_open=True, high_open=True),
    "VarianceScaling.mode": OneOf(("fan_in", "fan_out", "fan_avg")),
    "VarianceScaling.scale": POSITIVE,
    "OrthogonalRegularizer.mode": OneOf(("rows", "columns")),
    "OrthogonalRegularizer.factor": NOT_NEGATIVE,
    "RandomNormal.mean": REAL,
    "Ftrl.beta": NOT_NEGATIVE,
    "CosineDecay.alpha": FRACTION,
    "CosineDecayRestarts.alpha": FRACTION,
    "Adafactor.beta_2_decay": RealBetween(None, 0),
}
