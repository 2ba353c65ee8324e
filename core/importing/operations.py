"""Operations between layers (`x + y`, `keras.ops.relu(x)`), as the layers of ours that do the same: a closed table.

Two layers of `keras.applications` stand here too, which Keras does not export: InceptionResNetV2's scaled addition
and ConvNeXt's layer scale (Touvron et al., 2021, https://arxiv.org/abs/2103.17239).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
MODULES = ("keras.ops", "keras.src.ops.")
MASKS = ("NotEqual", "Any")
"""What Keras computes for a mask; our build computes it anew."""


class Unfit(Exception):
    """This operation cannot be had as a layer; its text is the sentence."""


@dataclass(frozen=True)
class Tensor:
    """An argument of a call that stands for the result of a layer; `shape` is what the file claims."""

    layer: str
    call: int
    slot: int
    shape: tuple[int | None, ...] | None = None


@dataclass(frozen=True)
class Step:
    """A layer that does (a part of) the same. `inputs` are tensors; None is the result of the step before."""

    layer: str
    params: Json
    inputs: tuple[Tensor | None, ...]


def is_operation(module: object) -> bool:
    """Is it a function of `keras.ops`, not a layer?"""
    return isinstance(module, str) and module.startswith(MODULES)


def operation(name: str, config: Mapping[str, Any], args: list[Any]) -> tuple[Step, ...]:
    """The layers that do what one call of an operation does.

    Args:
        name: the operation's class, such as `Add`.
        config: its settings.
        args: what it was called with: `Tensor`, numbers, lists of tensors.

    Raises:
        Unfit: if there are none.
    """
    maker = _OPERATIONS.get(name)
    if maker is None:
        raise Unfit(f"the operation keras.ops {name[:40]!r} has no layer here. Known are {', '.join(_OPERATIONS)}.")
    return maker(name, config, args)


def special(module: object, name: object) -> Callable[[Mapping[str, Any], list[Any]], tuple[Step, ...]] | None:
    """How to translate a layer of `keras.applications` that Keras does not export."""
    return _SPECIAL.get((str(module), str(name)))


def _binary(name: str, config: Mapping[str, Any], args: list[Any]) -> tuple[Step, ...]:
    if len(args) != 2:
        raise Unfit(f"{name} takes two arguments, and this call has {len(args)}.")
    left, right = args
    if isinstance(left, Tensor) and isinstance(right, Tensor):
        layer = {"TrueDivide": None, "Divide": None}.get(name, name)
        if layer is None:
            raise Unfit("one tensor divided by another has no layer here.")
        if left.shape is not None and right.shape is not None and len(left.shape) != len(right.shape):
            raise Unfit(f"{name} of tensors with different numbers of axes has no layer here.")
        return (Step(layer, {}, (left, right)),)
    tensor, number = (left, right) if isinstance(left, Tensor) else (right, left)
    if not isinstance(tensor, Tensor) or type(number) not in (int, float):
        raise Unfit(f"{name} is taken between tensors, or a tensor and a number.")
    scale, offset = _line(name, float(number), tensor is left)
    return (Step("Rescaling", {"scale": scale, "offset": offset}, (tensor,)),)


def _line(name: str, number: float, tensor_first: bool) -> tuple[float, float]:
    """Scale and offset that do the same as the operation with a number."""
    match name, tensor_first:
        case "Add", _:
            return 1.0, number
        case "Multiply", _:
            return number, 0.0
        case "Subtract", True:
            return 1.0, -number
        case "Subtract", False:
            return -1.0, number
        case (("TrueDivide" | "Divide"), True) if number != 0 and math.isfinite(1 / number):
            return 1 / number, 0.0
    raise Unfit(f"{name} with the number {number:g} has no layer here.")


def _only(args: list[Any], name: str) -> Tensor:
    if len(args) != 1 or not isinstance(args[0], Tensor):
        raise Unfit(f"{name} takes one tensor.")
    return args[0]


def _negative(name: str, config: Mapping[str, Any], args: list[Any]) -> tuple[Step, ...]:
    return (Step("Rescaling", {"scale": -1.0, "offset": 0.0}, (_only(args, name),)),)


def _activation(activation: str, **needed: Any) -> Callable[[str, Mapping[str, Any], list[Any]], tuple[Step, ...]]:
    """An activation by name; `needed` are the settings that it has when it is chosen by name."""

    def maker(name: str, config: Mapping[str, Any], args: list[Any]) -> tuple[Step, ...]:
        for field, value in needed.items():
            if config.get(field, value) != value:
                raise Unfit(f"{name} is taken with {field}={value} only, got {config[field]!r:.40}.")
        return (Step("Activation", {"activation": activation}, (_only(args, name),)),)

    return maker


def _softmax(name: str, config: Mapping[str, Any], args: list[Any]) -> tuple[Step, ...]:
    axis = config.get("axis", -1)
    params = {"activation": "softmax"} if axis == -1 else {"axis": axis}
    return (Step("Activation" if axis == -1 else "Softmax", params, (_only(args, name),)),)


def _concatenate(name: str, config: Mapping[str, Any], args: list[Any]) -> tuple[Step, ...]:
    tensors = args[0] if len(args) == 1 and isinstance(args[0], list) else []
    if len(tensors) < 2 or not all(isinstance(tensor, Tensor) for tensor in tensors):
        raise Unfit("Concatenate takes a list of at least two tensors.")
    axis = config.get("axis", -1)
    if axis == 0:
        raise Unfit("Concatenate along the batch has no layer here.")
    return (Step("Concatenate", {} if axis == -1 else {"axis": axis}, tuple(tensors)),)


def _reshape(name: str, config: Mapping[str, Any], args: list[Any]) -> tuple[Step, ...]:
    shape = _plain(config.get("newshape"))
    if not isinstance(shape, list) or len(shape) < 2 or shape[0] not in (-1, None) or -1 in shape[1:]:
        raise Unfit(f"Reshape is taken with the batch first, as in [-1, 4, 2], got {shape!r:.60}.")
    return (Step("Reshape", {"target_shape": shape[1:]}, (_only(args, name),)),)


def _transpose(name: str, config: Mapping[str, Any], args: list[Any]) -> tuple[Step, ...]:
    axes = _plain(config.get("axes"))
    if not isinstance(axes, list) or len(axes) < 2 or axes[0] != 0:
        raise Unfit(f"Transpose is taken where the batch stays first, as in [0, 2, 1], got {axes!r:.60}.")
    return (Step("Permute", {"dims": axes[1:]}, (_only(args, name),)),)


def _pooled(name: str, config: Mapping[str, Any], args: list[Any]) -> tuple[Step, ...]:
    """Mean or maximum over all axes between the batch and the channels."""
    tensor, axes = _only(args, name), _plain(config.get("axis"))
    axes = [axes] if type(axes) is int else axes
    rank = len(tensor.shape) if tensor.shape else 0
    if not 3 <= rank <= 5 or axes != list(range(1, rank - 1)):
        raise Unfit(f"{name} is taken over all axes but the first and the last, got axis {axes!r:.40}.")
    params = {"keepdims": True} if config.get("keepdims") is True else {}
    word = "Average" if name == "Mean" else "Max"
    return (Step(f"Global{word}Pooling{rank - 2}D", params, (tensor,)),)


def _plain(value: Any) -> Any:
    return value.get("items") if isinstance(value, dict) and value.get("class_name") == "__tuple__" else value


def _scaled_addition(config: Mapping[str, Any], args: list[Any]) -> tuple[Step, ...]:
    tensors = args[0] if len(args) == 1 and isinstance(args[0], list) else []
    scale = config.get("scale")
    if len(tensors) != 2 or type(scale) not in (int, float):
        raise Unfit("CustomScaleLayer takes two tensors and a number `scale`.")
    return (Step("Rescaling", {"scale": scale}, (tensors[1],)), Step("Add", {}, (tensors[0], None)))


def _layer_scale(config: Mapping[str, Any], args: list[Any]) -> tuple[Step, ...]:
    tensor, width, start = _only(args, "LayerScale"), config.get("projection_dim"), config.get("init_values")
    if type(width) is not int or type(start) not in (int, float) or not tensor.shape or len(tensor.shape) != 4:
        raise Unfit("LayerScale takes a picture, whole `projection_dim` and a number `init_values`.")
    params = {
        "equation": "abcd,d->abcd",
        "output_shape": [*tensor.shape[1:-1], width],
        "kernel_initializer": {"name": "Constant", "params": {"value": start}},
    }
    return (Step("EinsumDense", params, (tensor,)),)


_OPERATIONS: dict[str, Callable[[str, Mapping[str, Any], list[Any]], tuple[Step, ...]]] = {
    **dict.fromkeys(("Add", "Subtract", "Multiply", "TrueDivide", "Divide", "Maximum", "Minimum"), _binary),
    "Negative": _negative,
    "Concatenate": _concatenate,
    "Reshape": _reshape,
    "Transpose": _transpose,
    "Mean": _pooled,
    "Max": _pooled,
    "Softmax": _softmax,
    "LogSoftmax": _activation("log_softmax", axis=-1),
    "Relu": _activation("relu"),
    "Relu6": _activation("relu6"),
    "Sigmoid": _activation("sigmoid"),
    "Tanh": _activation("tanh"),
    "Softplus": _activation("softplus"),
    "Softsign": _activation("softsign"),
    "Silu": _activation("silu"),
    "Gelu": _activation("gelu", approximate=False),
    "Elu": _activation("elu", alpha=1.0),
    "Selu": _activation("selu"),
    "LeakyRelu": _activation("leaky_relu", negative_slope=0.2),
    "LogSigmoid": _activation("log_sigmoid"),
    "HardSigmoid": _activation("hard_sigmoid"),
    "HardSilu": _activation("hard_silu"),
    "HardTanh": _activation("hard_tanh"),
    "Celu": _activation("celu", alpha=1.0),
    "Exp": _activation("exponential"),
}
_SPECIAL = {
    ("keras.src.applications.inception_resnet_v2", "CustomScaleLayer"): _scaled_addition,
    ("keras.src.applications.convnext", "LayerScale"): _layer_scale,
}
