from __future__ import annotations

import numpy as np
import pytest

from core.errors import BuildError

pytestmark = pytest.mark.keras


@pytest.fixture(scope="module")
def build(keras):
    from core import build

    return build


def seeded(keras, build, project):
    keras.utils.set_random_seed(project.training.seed)
    return build.compiled(project)


def test_a_chain_has_the_weights_and_results_of_plain_keras(keras, build, make):
    project = make(
        ("rows", "Input", {"shape": [8]}),
        ("hidden", "Dense", "rows", {"units": 5, "activation": "relu", "kernel_initializer": "he_normal"}),
        ("drop", "Dropout", "hidden", {"rate": 0.5}),
        ("out", "Dense", "drop", {"units": 3, "activation": "softmax"}),
    )
    ours = seeded(keras, build, project)
    keras.utils.set_random_seed(1)
    inputs = keras.Input((8,))
    hidden = keras.layers.Dense(5, activation="relu", kernel_initializer="he_normal")(inputs)
    dropped = keras.layers.Dropout(0.5)(hidden)
    plain = keras.Model(inputs, keras.layers.Dense(3, activation="softmax")(dropped))
    rows = np.random.default_rng(0).normal(size=(4, 8)).astype("float32")
    np.testing.assert_array_equal(ours(rows), plain(rows))
    assert [layer.name for layer in ours.layers] == ["rows", "hidden", "drop", "out"]
    assert ours.input_shape == (None, 8), "one input is a tensor, not a list"


def test_layers_share_weights(keras, build, make):
    project = make(
        ("a", "Input", {"shape": [4]}),
        ("b", "Input", {"shape": [4]}),
        ("tower", "Dense", "a", {"units": 6}),
        ("twin", "Dense", "b", {"units": 6, "shared_with": "tower"}),
        ("gap", "Subtract", "tower", "twin", {}),
    )
    model = build.model(project)
    assert model.count_params() == 4 * 6 + 6
    same = np.ones((2, 4), "float32")
    np.testing.assert_array_equal(model([same, same]), np.zeros((2, 6)))


def test_attention_takes_its_inputs_as_its_call_does(keras, build, make):
    project = make(
        ("x", "Input", {"shape": [6, 8]}),
        ("heads", "MultiHeadAttention", "x", "x", {"num_heads": 2, "key_dim": 4}),
        ("plain", "Attention", "heads", "x", {}),
    )
    assert build.model(project).output_shape == (None, 6, 8)


def test_a_second_result_can_be_taken(keras, build, make):
    project = make(
        ("x", "Input", {"shape": [6, 3]}),
        ("cell", "LSTM", "x", {"units": 5, "return_state": True, "return_sequences": True}),
        ("both", "Concatenate", "cell:1", "cell:2", {}),
    )
    assert build.model(project).output_shape == (None, 10)
    late = make(("x", "Input", {"shape": [6]}), ("d", "Dense", "x:1", {"units": 2}))
    with pytest.raises(BuildError, match="d: x has one result, so there is no 'x:1'"):
        build.model(late)


def test_nested_objects_are_made(keras, build, make):
    project = make(
        ("x", "Input", {"shape": [6, 3]}),
        (
            "both_ways",
            "Bidirectional",
            "x",
            {
                "layer": {
                    "name": "GRU",
                    "params": {"units": 4, "kernel_regularizer": {"name": "L2", "params": {"l2": 0.1}}},
                }
            },
        ),
        ("out", "Dense", "both_ways", {"units": 1, "kernel_constraint": "NonNeg"}),
        optimizer={
            "name": "SGD",
            "params": {
                "learning_rate": {
                    "name": "ExponentialDecay",
                    "params": {"initial_learning_rate": 0.5, "decay_steps": 10, "decay_rate": 0.5},
                }
            },
        },
        loss="mse",
    )
    model = build.compiled(project)
    assert model.output_shape == (None, 1)
    assert len(model.losses) == 2, "one regularizer in each direction"
    assert float(model.optimizer.learning_rate) == 0.5
    assert isinstance(model.get_layer("out").kernel_constraint, keras.constraints.NonNeg)


def test_a_user_s_objects_are_never_deserialized(keras, build, make):
    hostile = {"module": "builtins", "class_name": "eval", "config": "1"}
    for params in (
        {"units": 3, "kernel_initializer": hostile},
        {"units": 3, "dtype": {"class_name": "DTypePolicy", "config": {"name": "float16"}}},
        {"units": 3, "activation": "os.system"},
    ):
        with pytest.raises(BuildError, match=r"^out: Dense, (kernel_initializer|dtype|activation): "):
            build.model(make(("x", "Input", {"shape": [4]}), ("out", "Dense", "x", params)))
    with pytest.raises(BuildError, match="code: Lambda cannot be used here"):
        build.model(make(("x", "Input", {"shape": [4]}), ("code", "Lambda", "x", {"function": "print"})))
    assert keras.config.floatx() == "float32"


def test_what_keras_refuses_names_the_node(build, make):
    with pytest.raises(BuildError, match=r"conv: Keras refuses this Conv2D: .*expected min_ndim=4"):
        build.model(make(("x", "Input", {"shape": [4]}), ("conv", "Conv2D", "x", {"filters": 2, "kernel_size": 3})))


def test_two_outputs_have_their_own_losses_and_metrics(keras, build, make):
    project = make(
        ("x", "Input", {"shape": [4]}),
        ("kind", "Dense", "x", {"units": 3, "activation": "softmax"}),
        ("size", "Dense", "x", {"units": 1}),
        outputs=["kind", "size"],
        loss={"kind": "sparse_categorical_crossentropy", "size": "mse"},
        loss_weights={"size": 0.0},
        metrics={"kind": ["accuracy"], "size": ["mae"]},
    )
    model = seeded(keras, build, project)
    rows = np.ones((8, 4), "float32")
    history = model.fit(rows, [np.zeros(8, "int32"), np.ones((8, 1))], epochs=1, verbose=0).history
    assert {"kind_loss", "size_loss", "kind_sparse_categorical_accuracy", "size_mean_absolute_error"} <= set(history)
    assert history["loss"][0] == pytest.approx(history["kind_loss"][0], rel=1e-5), "the weight of size is 0"


def test_a_user_s_own_formulas_train_and_are_named(keras, build, make):
    source = "def {name}(y_true, y_pred):\n    return tf.reduce_mean(tf.abs(y_true - y_pred))\n"
    project = make(
        ("x", "Input", {"shape": [4]}),
        ("out", "Dense", "x", {"units": 1}),
        loss={"name": "custom", "source": source.format(name="distance")},
        metrics=[{"name": "custom", "source": source.format(name="gap")}, "mae"],
    )
    model = seeded(keras, build, project)
    rows, target = np.random.default_rng(0).normal(size=(16, 4)).astype("float32"), np.ones((16, 1), "float32")
    history = model.fit(rows, target, epochs=2, batch_size=16, verbose=0).history
    assert history["gap"] == pytest.approx(history["mean_absolute_error"], rel=1e-5)
    assert history["loss"][1] < history["loss"][0]


def test_execution_is_passed_on(build, make):
    nodes = (("x", "Input", {"shape": [4]}), ("out", "Dense", "x", {"units": 1}))
    plain = build.compiled(make(*nodes, loss="mse"))
    assert (plain.run_eagerly, plain.steps_per_execution, plain.jit_compile) == (False, 1, False)
    chosen = build.compiled(make(*nodes, loss="mse", run_eagerly=True, steps_per_execution=4))
    assert (chosen.run_eagerly, chosen.steps_per_execution) == (True, 4)


def test_a_wrong_optimizer_names_its_field(build, make):
    project = make(("x", "Input", {"shape": [4]}), ("out", "Dense", "x", {"units": 1}), loss="mse", optimizer="Adamm")
    with pytest.raises(BuildError, match=r"compile.optimizer: .*Did you mean"):
        build.compiled(project)
