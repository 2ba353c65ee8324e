"""What a user may type as a loss, what is refused, and in which words."""

from __future__ import annotations

import pickle
import random

import pytest

from core.errors import FormulaError
from core.formula import parse
from core.formula.functions import FUNCTIONS
from tests.formula import hostile

GOOD = {
    "one line": "def loss(y_true, y_pred): return tf.reduce_mean(tf.abs(y_true - y_pred))",
    "Huber": '''
    def huber(y_true, y_pred):
        """Square near zero, linear far away."""
        delta = 0.5 * 2
        error = y_true - y_pred  # the residual
        return tf.where(tf.abs(error) < delta, 0.5 * error ** 2, delta * (tf.abs(error) - 0.5 * delta))
    ''',
    "focal": """
def focal(y_true, y_pred):
    p = tf.clip_by_value(y_pred, 1e-7, 1 - 1e-7)
    return tf.reduce_mean(-y_true * (1 - p) ** 2 * tf.math.log(p), axis=-1)
""",
    "keras.ops": "def d(a, b): return keras.ops.mean(ops.square(ops.cast(a, b.dtype) - b), axis=(-1,), keepdims=True)",
}


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_what_a_teacher_would_type_is_taken(source):
    formula = parse(source)
    assert formula.name in source
    assert pickle.loads(pickle.dumps(formula)) == formula


@pytest.mark.parametrize(
    ("source", "line", "column", "words"),
    [
        ("def loss(y_true, y_pred):\n    return y_pred.numpy()", 2, 12, "Only functions of `tf`"),
        ("def loss(y_true, y_pred):\n    return tf.log(y_pred)", 2, 12, "Write `tf.math.log(…)`"),
        ("def loss(y_true, y_pred):\n    return tf.reduce_men(y_pred)", 2, 12, "Write `tf.reduce_mean(…)`"),
        ("def loss(y_true, y_pred):\n    return tf.mean(y_pred)", 2, 12, "`tf.mean` is not allowed"),
        ("def loss(y_true, y_pred):\n    return y_pred if 1 else 0", 2, 12, "Write `tf.where(condition, a, b)`"),
        ("def loss(y_true, y_pred):\n    return y_pred + k", 2, 21, "`k` has no value here"),
        ("def loss(y_true, y_pred):\n    x = y_pred", 2, 5, "Write `return …`"),
        ("import tensorflow as tf\ndef loss(y_true, y_pred): return y_pred", 1, 1, "`tf`, `keras` and `ops` are there"),
        ("def loss(y_true): return y_true", 1, 1, "Write `def loss(y_true, y_pred):`"),
        ("def loss(y_true, y_pred): return y_true", 1, 27, "does not depend on `y_pred`"),
        ("def loss(y_true, y_pred): return y_pred ** y_true", 1, 44, "An exponent is a number"),
        ("def loss(y_true, y_pred): return ops.ſum(y_pred)", 1, 38, "letters a to z"),
        ("def loss(y_true, y_pred) return y_pred", 1, 26, "This is no Python"),
    ],
)
def test_a_refusal_says_where_and_what_to_write_instead(source, line, column, words):
    with pytest.raises(FormulaError) as refusal:
        parse(source)
    assert (refusal.value.line, refusal.value.column) == (line, column)
    assert words in refusal.value.message
    assert str(pickle.loads(pickle.dumps(refusal.value))) == str(refusal.value)


HARMLESS = [
    "def loss(y_true, y_pred):\n    return tf.reduce_sum(y_pred, axis=None)",
    "def loss(y_true, y_pred):\n    'text'\n    return y_pred",
]


def test_no_known_escape_is_taken():
    programs = hostile.programs()
    assert len(programs) > 1000
    assert [source for source in programs if is_taken(source)] == HARMLESS


@pytest.mark.filterwarnings("ignore:invalid")
def test_no_text_brings_anything_but_a_refusal():
    generator = random.Random(1)
    pieces = [*GOOD.values(), *hostile.WHOLE, *hostile.PIECES[:40]]
    for _ in range(5000):
        is_taken(mutated(generator, generator.choice(pieces), pieces))


def is_taken(source):
    """False when it is refused with a sentence and a place; any other exception fails the test."""
    try:
        parse(source)
    except FormulaError as refusal:
        is_sentence = refusal.message.endswith((".", "`."))
        if not (is_sentence and refusal.line >= 1 and refusal.column >= 1):
            raise
        return False
    return True


def mutated(generator, source, pieces):
    for _ in range(generator.randint(1, 6)):
        place = generator.randrange(len(source) + 1)
        end = min(place + generator.randint(0, 8), len(source))
        other = generator.choice(pieces)
        start = generator.randrange(len(other) + 1)
        new = generator.choice(
            [other[start : start + 12], "", chr(generator.randrange(0x3000)), generator.choice("()[]:,.*\n\t '\"\\@#=")]
        )
        source = source[:place] + new + source[end:]
    return source


@pytest.fixture(scope="module")
def namespace():
    import keras
    import tensorflow as tf

    return {"tf": tf, "keras": keras, "ops": keras.ops}


@pytest.mark.keras
@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_the_interpreter_gives_what_python_would_give(namespace, source):
    import numpy as np

    generator = np.random.default_rng(1)
    tf = namespace["tf"]
    y_true, y_pred = (tf.constant(generator.random((8, 3)), "float32") for _ in range(2))
    formula = parse(source)
    scope = dict(namespace)
    exec(formula.source, scope)  # the test's own text: what an exported script would do
    expected = scope[formula.name](y_true, y_pred)
    found = tf.function(lambda a, b: formula.call(a, b, namespace))(y_true, y_pred)
    np.testing.assert_allclose(found, expected, rtol=1e-6)


@pytest.mark.keras
def test_every_listed_function_exists_and_takes_the_listed_parameters(namespace):
    import inspect
    from functools import reduce

    wrong = []
    for name, parameters in FUNCTIONS.items():
        first, *rest = name.split(".")
        function = reduce(getattr, rest, namespace[first])
        found = list(inspect.signature(function).parameters)
        if [item.name for item in parameters if item.name not in found]:
            wrong.append((name, found))
        listed = [item.name for item in parameters]
        if found[: len(listed)] != listed:
            wrong.append((name, found))
    assert wrong == []


@pytest.mark.keras
def test_shapes_that_do_not_fit_are_a_sentence_with_a_place(namespace):
    tf = namespace["tf"]
    formula = parse("def loss(y_true, y_pred):\n    return tf.abs(y_true - y_pred)")
    with pytest.raises(FormulaError, match="Line 2, column 19: TensorFlow refused this"):
        formula.call(tf.zeros((2, 3)), tf.zeros((2, 4)), namespace)
