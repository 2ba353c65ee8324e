"""The functions that a formula may call, with the parameters that each takes."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

MODULES = ("tf", "keras", "ops")
"""The names that are there in every formula: TensorFlow, Keras, and `keras.ops`."""

DTYPES = ("float16", "bfloat16", "float32", "float64", "int32", "int64", "bool")

_KINDS = {"axis": "axis", "keepdims": "flag", "exclusive": "flag", "reverse": "flag", "dtype": "dtype"}

_ELEMENTWISE = "abs(x) exp(x) tanh(x) sigmoid(x) sin(x) cos(x) tan(x) sqrt(x) square(x) sign(x) round(x) floor(x)"
_PAIRS = "maximum(x, y) minimum(x, y) equal(x, y) not_equal(x, y) greater(x, y) greater_equal(x, y) less(x, y) "
_PAIRS += "less_equal(x, y) logical_and(x, y) logical_or(x, y) logical_not(x) add(x, y) subtract(x, y) multiply(x, y) "
_PAIRS += "divide(x, y)"
_REDUCTIONS = " ".join(
    f"reduce_{name}(input_tensor, axis=, keepdims=)" for name in ("mean", "sum", "max", "min", "prod", "any", "all")
)
_IN_TF = f"""
{_ELEMENTWISE} {_PAIRS} {_REDUCTIONS}
sinh(x) cosh(x) negative(x) pow(x, y) cumsum(x, axis=, exclusive=, reverse=) argmax(input, axis=) argmin(input, axis=)
"""
_IN_TF_ALONE = """
cast(x, dtype) where(condition, x, y) clip_by_value(t, clip_value_min, clip_value_max) constant(value)
zeros_like(input) ones_like(input) stop_gradient(input) identity(input) squeeze(input, axis=)
"""
_IN_TF_MATH = """
log(x) log1p(x) expm1(x) log_sigmoid(x) softplus(features) erf(x) ceil(x) rsqrt(x) reciprocal(x) reciprocal_no_nan(x)
divide_no_nan(x, y) multiply_no_nan(x, y) squared_difference(x, y) xlogy(x, y) atan(x)
reduce_std(input_tensor, axis=, keepdims=) reduce_variance(input_tensor, axis=, keepdims=)
reduce_logsumexp(input_tensor, axis=, keepdims=) l2_normalize(x, axis=)
"""
_IN_TF_NN = """
relu(features) elu(features) gelu(features) leaky_relu(features) softplus(features) softmax(logits, axis=)
log_softmax(logits, axis=) l2_normalize(x, axis=) sigmoid_cross_entropy_with_logits(labels, logits)
softmax_cross_entropy_with_logits(labels, logits, axis=)
"""
_IN_OPS = f"""
{_ELEMENTWISE} {_PAIRS.replace("(x, y)", "(x1, x2)")}
{" ".join(f"{name}(x, axis=, keepdims=)" for name in ("mean", "sum", "max", "min", "prod", "any", "all", "std", "var"))}
sinh(x) cosh(x) negative(x) power(x1, x2) log(x) log1p(x) log10(x) log2(x) expm1(x) logaddexp(x1, x2) ceil(x)
reciprocal(x) rsqrt(x) erf(x) arctan(x) absolute(x) logsumexp(x, axis=, keepdims=) cumsum(x, axis=)
argmax(x, axis=, keepdims=) argmin(x, axis=, keepdims=) clip(x, x_min, x_max) where(condition, x1, x2) cast(x, dtype)
zeros_like(x) ones_like(x) stop_gradient(variable) squeeze(x, axis=) divide_no_nan(x1, x2)
relu(x) elu(x) gelu(x) leaky_relu(x) silu(x) softplus(x) log_sigmoid(x) softmax(x, axis=) log_softmax(x, axis=)
"""


@dataclass(frozen=True)
class Parameter:
    """`kind` is "tensor", "axis", "flag" or "dtype"."""

    name: str
    kind: str
    is_required: bool


def _signatures(prefix: str, text: str) -> Iterator[tuple[str, tuple[Parameter, ...]]]:
    for entry in text.replace("\n", " ").strip().rstrip(")").split(")"):
        name, _, names = entry.strip().partition("(")
        found = (item.strip() for item in names.split(","))
        yield (
            f"{prefix}.{name}",
            tuple(
                Parameter(item.rstrip("="), _KINDS.get(item.rstrip("="), "tensor"), not item.endswith("="))
                for item in found
            ),
        )


FUNCTIONS: dict[str, tuple[Parameter, ...]] = {
    name: parameters
    for prefix, text in (
        ("tf", _IN_TF),
        ("tf", _IN_TF_ALONE),
        ("tf.math", _IN_TF),
        ("tf.math", _IN_TF_MATH),
        ("tf.nn", _IN_TF_NN),
        ("ops", _IN_OPS),
        ("keras.ops", _IN_OPS),
    )
    for name, parameters in _signatures(prefix, text)
}


def nearest(name: str) -> str:
    """The allowed function that was probably meant, or an empty text."""
    last = name.rsplit(".", 1)[-1]
    same_last = [known for known in FUNCTIONS if known.rsplit(".", 1)[-1] == last]
    same_module = [known for known in same_last if known.split(".")[0] == name.split(".")[0]]
    close = difflib.get_close_matches(name, FUNCTIONS, n=1, cutoff=0.7)
    return (same_module + same_last + close + [""])[0]
