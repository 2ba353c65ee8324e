"""Keras's refusals in plain sentences, with the repair where there is one."""

from __future__ import annotations

import re
from collections.abc import Callable

from core.build import repairs
from core.build.walk import Refusal
from core.problems import Fix, Problem

Said = tuple[str, Fix | None]
"""What is wrong and what to do, and the repair that is most likely meant."""

_AXES = {
    1: "features",
    2: "steps and features",
    3: "height, width and channels",
    4: "depth, height, width and channels",
}


def explained(refusal: Refusal) -> Problem:
    """The problem that Keras's words come to; they themselves are its details."""
    words = plain(refusal.words)
    for pattern, explain in _KNOWN:
        if match := re.search(pattern, words, re.DOTALL):
            message, fix = explain(refusal, match)
            break
    else:
        message, fix = f"Keras refuses it for {_fed(refusal)}: {_short(words)} Change it, or what feeds it.", None
    others = repairs.others(refusal, fix)
    return Problem(refusal.node.id, None, f"{refusal.node.id}: {message}", fix, words, others)


def plain(words: str) -> str:
    """Keras's message without terminal colours, and without the list of arguments behind it."""
    text = re.sub(r"\x1b\[\d+m", "", words)
    text = re.sub(r"^Exception encountered when calling.*?\n\n", "", text, flags=re.DOTALL)
    return text.partition("\n\nArguments received by")[0].strip()


def _short(words: str) -> str:
    first = words.partition("\n")[0][:300]
    return first if first.endswith(".") else f"{first}."


def _fed(refusal: Refusal) -> str:
    """`rows of shape 8 × 8 × 1`; of several inputs all."""
    return "rows of shape " + " and ".join(shape(spec.shape[1:]) for spec in refusal.inputs)


def shape(row: tuple[int | None, ...]) -> str:
    return "[" + ", ".join("any" if size is None else str(size) for size in row) + "]"


def _wrong_axes(refusal: Refusal, match: re.Match[str]) -> Said:
    return _other_axes(refusal, int(match["needed"]) - 1, int(match["found"]) - 1)


def _wrong_kernel(refusal: Refusal, match: re.Match[str]) -> Said:
    """A convolution whose input has an axis too many is only noticed when its kernel is used."""
    return _other_axes(refusal, match["kernel"].count(","), len(refusal.row()))


def _other_axes(refusal: Refusal, needed: int, found: int) -> Said:
    axes = f"{needed} {'axis' if needed == 1 else 'axes'} ({_AXES.get(needed, 'more than four')})"
    fix = repairs.other_axes(refusal, needed, found)
    advice = f"{fix.label}." if fix else "Put a Reshape before it."
    return f"{refusal.node.layer} needs rows with {axes}, got {_fed(refusal)}. {advice}", fix


def _too_small(refusal: Refusal, match: re.Match[str]) -> Said:
    fix = repairs.with_padding(refusal)
    advice = "Set padding to same, or remove a layer before it that shrinks." if fix else "Remove a layer that shrinks."
    return f"{_fed(refusal).capitalize()} are smaller than its window, so nothing would be left. {advice}", fix


def _shapes_differ(refusal: Refusal, match: re.Match[str]) -> Said:
    fix = repairs.equal_shapes(refusal)
    given = ", ".join(
        f"{name} gives {shape(spec.shape[1:])}" for name, spec in zip(refusal.node.inputs, refusal.inputs, strict=True)
    )
    advice = f"{fix.label}." if fix else "Bring them to one shape first."
    return f"{refusal.node.layer} needs inputs whose shapes agree, but {given}. {advice}", fix


def _wrong_size(refusal: Refusal, match: re.Match[str]) -> Said:
    wanted = refusal.node.params.get("target_shape")
    message = f"needed a target_shape with as many values as {_fed(refusal)}, got {wanted}. Set target_shape to [-1]."
    return message, repairs.set_param(refusal, "target_shape", [-1])


def _open_axis(refusal: Refusal, match: re.Match[str]) -> Said:
    message = f"its weights need a known number of features, got {_fed(refusal)}. "
    return f"{message}Set the sizes in the shape of the Input, or put a pooling layer over the open axis.", None


def _other_weights(refusal: Refusal, match: re.Match[str]) -> Said:
    owner = refusal.node.shared_with
    message = f"it uses the weights of {owner}, which are for {match['needed']} features, got {_fed(refusal)}. "
    return f"{message}Give it its own weights.", repairs.own_weights(refusal)


def _groups(refusal: Refusal, match: re.Match[str]) -> Said:
    message = f"its groups do not divide the channels of {_fed(refusal)} evenly. Choose a number that does."
    return message, repairs.dividing_groups(refusal)


def _strides_and_dilation(refusal: Refusal, match: re.Match[str]) -> Said:
    return "strides and dilation_rate cannot both be above 1. Reset one of them.", repairs.reset(
        refusal, "dilation_rate"
    )


def _stateful(refusal: Refusal, match: re.Match[str]) -> Said:
    message = "stateful needs a fixed batch size, which an Input here does not have. Turn stateful off."
    return message, repairs.set_param(refusal, "stateful", False)


def _features_differ(refusal: Refusal, match: re.Match[str]) -> Said:
    message = f"{refusal.node.layer} compares queries with keys, so both need as many features, got {_fed(refusal)}. "
    return f"{message}Put a Dense layer before one of them.", repairs.equal_shapes(refusal)


def _no_such_axis(refusal: Refusal, match: re.Match[str]) -> Said:
    axis = refusal.node.params.get("axis", refusal.node.params.get("axes"))
    fix = repairs.reset(refusal, "axis")
    return f"{_fed(refusal)} have no axis {axis}. Choose another axis.", fix if "axis" in refusal.node.params else None


_KNOWN: tuple[tuple[str, Callable[[Refusal, re.Match[str]], Said]], ...] = (
    (r"expected (?:min_|max_)?ndim=(?P<needed>\d+), found ndim=(?P<found>\d+)", _wrong_axes),
    (r"must have the same length as input, but received kernel of shape \((?P<kernel>[^)]*)\)", _wrong_kernel),
    (r"at least (?P<needed>3) dimensions, received: \(None(?:, \d+)?\)(?P<found>)", lambda r, m: _in_steps(r)),
    (r"output size would be zero or negative|One of the dimensions in the output is <= 0", _too_small),
    (r"should be smaller than the corresponding spatial", _too_small),
    (r"requires inputs with matching shapes|Inputs have incompatible shapes|Incompatible input shapes", _shapes_differ),
    (r"total size of the tensor must be unchanged", _wrong_size),
    (r"must be fully-defined|last dimension of the inputs", _open_axis),
    (r"expected axis -?\d+ of input shape to have value (?P<needed>\d+)", _other_weights),
    (r"divisible by the number of groups|cannot be more than the number of channels|multiple of the number", _groups),
    (r"`?strides > 1`? not supported in conjunction", _strides_and_dilation),
    (r"stateful=True", _stateful),
    (r"query and key need the same", _features_differ),
    (r"index out of range|out of bounds|Invalid axis", _no_such_axis),
)


def _in_steps(refusal: Refusal) -> Said:
    fix = repairs.other_axes(refusal, 2, len(refusal.row()))
    advice = f"{fix.label}." if fix else "Put a Reshape before it."
    return f"{refusal.node.layer} needs rows with steps and features, got {_fed(refusal)}. {advice}", fix
