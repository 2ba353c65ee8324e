"""What Keras wrote becomes our own words: layers, links, shared weights, models inside, operations, compile."""

from __future__ import annotations

import json

import pytest

from core import document, graph, importing, validate
from core.errors import ImportRefused
from core.importing import Limits
from tests.importing.written import call, chain, functional, keras_object, layer, sequential, source, tensor

MSE = {"loss": "mse", "optimizer": "adam"}


def found(model):
    return importing.find(json.dumps(model).encode())


def nodes(model):
    return {node.id: node for node in found(model).project.model.nodes}


def test_what_is_as_keras_has_it_anyway_is_left_out():
    initializer = keras_object("GlorotUniform", {"seed": None}, "keras.initializers")
    policy = keras_object("DTypePolicy", {"name": "float32"}, "keras")
    y = nodes(chain(units=3, activation="linear", kernel_initializer=initializer, dtype=policy, trainable=True))["y"]
    assert y.params == {"units": 3}


def test_what_differs_is_kept_in_full_names():
    y = nodes(
        chain(
            units=3,
            activation="swish",
            kernel_initializer=keras_object("HeNormal", {"seed": 7}, "keras.initializers"),
            kernel_regularizer=keras_object("L2", {"l2": 0.5}, "keras.regularizers"),
            bias_constraint=keras_object("NonNeg", {}, "keras.constraints"),
            dtype=keras_object("DTypePolicy", {"name": "mixed_float16"}, "keras"),
            trainable=False,
        )
    )["y"]
    assert y.params == {
        "units": 3,
        "activation": "silu",
        "kernel_initializer": {"name": "HeNormal", "params": {"seed": 7}},
        "kernel_regularizer": {"name": "L2", "params": {"l2": 0.5}},
        "bias_constraint": "NonNeg",
        "dtype": "mixed_float16",
        "trainable": False,
    }


def test_a_layer_inside_a_wrapper_is_looked_at_as_well():
    dense = keras_object("Dense", {"name": "inner", "units": 3, "use_bias": False})
    assert nodes(chain("TimeDistributed", layer=dense))["y"].params == {
        "layer": {"name": "Dense", "params": {"units": 3, "use_bias": False}}
    }
    with pytest.raises(ImportRefused, match="Lambda is not taken") as refusal:
        found(chain("TimeDistributed", layer=keras_object("Lambda", {"function": "x"})))
    assert refusal.value.path == "config.layers[1].config.layer"


def test_a_layer_called_twice_shares_its_weights():
    model = functional(
        source(), layer("Dense", "d", tensor("x"), tensor("d"), units=4), layer("ReLU", "y", tensor("d", 1))
    )
    two = nodes(model)["d_2"]
    assert (two.shared_with, two.inputs) == ("d", ("d",))
    assert nodes(model)["y"].inputs == ("d_2",)


def test_a_layer_without_weights_called_twice_is_two_layers():
    model = functional(source(), layer("ReLU", "d", tensor("x"), tensor("d")), layer("ReLU", "y", tensor("d", 1)))
    assert nodes(model)["d_2"].shared_with is None


def test_models_inside_are_laid_open_and_share_when_called_twice():
    inner = sequential(
        keras_object("Dense", {"name": "d", "units": 4}), keras_object("Dropout", {"name": "o", "rate": 0.5})
    )
    calls = [call(tensor("x")), call(tensor("m"))]
    model = functional(
        source(), {**inner, "name": "m", "inbound_nodes": calls}, layer("Add", "y", [tensor("m"), tensor("m", 1)])
    )
    laid_open = nodes(model)
    assert list(laid_open) == ["x", "m_d", "m_o", "m_d_2", "m_o_2", "y"]
    assert laid_open["m_d_2"].shared_with == "m_d"
    assert laid_open["m_d_2"].inputs == ("m_o",)
    assert laid_open["y"].inputs == ("m_o", "m_o_2")


def test_a_frozen_model_inside_stays_frozen():
    inner = sequential(keras_object("Dense", {"name": "d", "units": 4}), trainable=False)
    model = functional(source(), {**inner, "name": "y", "inbound_nodes": [call(tensor("x"))]})
    assert nodes(model)["y_d"].params["trainable"] is False


def test_states_of_a_recurrent_layer_can_be_used():
    shape = (None, 5, 4)
    lstm = layer("LSTM", "l", tensor("x", shape=shape), units=3, return_state=True)
    model = functional(source(shape=shape), lstm, layer("Concatenate", "y", [tensor("l"), tensor("l", 0, 2)]))
    assert nodes(model)["y"].inputs == ("l", "l:2")


def test_attention_takes_its_inputs_by_name():
    shape = (None, 5, 4)
    x = tensor("x", shape=shape)
    attention = layer("MultiHeadAttention", "y", call(x, value=x, use_causal_mask=False), num_heads=2, key_dim=2)
    assert nodes(functional(source(shape=shape), attention))["y"].inputs == ("x", "x")
    causal = layer("MultiHeadAttention", "y", call(x, x, use_causal_mask=True), num_heads=2, key_dim=2)
    with pytest.raises(ImportRefused, match="MultiHeadAttention is called without `use_causal_mask` here"):
        found(functional(source(shape=shape), causal))


@pytest.mark.parametrize(
    ("name", "args", "config", "expected"),
    [
        ("Add", (tensor("x"), 3.0), {}, ("Rescaling", {"scale": 1.0, "offset": 3.0})),
        ("Subtract", (2, tensor("x")), {}, ("Rescaling", {"scale": -1.0, "offset": 2.0})),
        ("TrueDivide", (tensor("x"), 4), {}, ("Rescaling", {"scale": 0.25, "offset": 0.0})),
        ("Maximum", (tensor("x"), tensor("x")), {}, ("Maximum", {})),
        ("Concatenate", ([tensor("x"), tensor("x")],), {"axis": 1}, ("Concatenate", {"axis": 1})),
        ("Relu", (tensor("x"),), {}, ("Activation", {"activation": "relu"})),
        ("Softmax", (tensor("x"),), {"axis": -1}, ("Activation", {"activation": "softmax"})),
        ("Reshape", (tensor("x"),), {"newshape": [-1, 2, 2]}, ("Reshape", {"target_shape": [2, 2]})),
    ],
)
def test_operations_become_layers(name, args, config, expected):
    operation = layer(name, "y", call(*args), module="keras.src.ops.numpy", **config)
    y = nodes(functional(source(), operation))["y"]
    assert (y.layer, y.params) == expected


@pytest.mark.parametrize(
    ("name", "args", "config", "words"),
    [
        ("TrueDivide", (1, tensor("x")), {}, "TrueDivide with the number 1"),
        ("TrueDivide", (tensor("x"), 0), {}, "TrueDivide with the number 0"),
        ("Add", (tensor("x"), tensor("x", shape=(None, 2, 4))), {}, "different numbers of axes"),
        ("Gelu", (tensor("x"),), {"approximate": True}, "approximate=False only"),
        ("Reshape", (tensor("x"),), {"newshape": [8, -1]}, "with the batch first"),
        ("Concatenate", ([tensor("x"), tensor("x")],), {"axis": 0}, "along the batch"),
        ("Einsum", (tensor("x"), tensor("x")), {}, "'Einsum' has no layer here"),
    ],
)
def test_operations_that_no_layer_does_are_refused_with_their_place(name, args, config, words):
    operation = layer(name, "y", call(*args), module="keras.src.ops.numpy", **config)
    with pytest.raises(ImportRefused, match=words) as refusal:
        found(functional(source(), operation))
    assert refusal.value.path == "config.layers[1].inbound_nodes[0]"


def test_names_that_become_alike_stay_apart():
    chained = [layer("ReLU", name, tensor(before)) for name, before in (("a/b", "x"), ("a b", "a/b"), ("y", "a b"))]
    model = functional(source(), *chained)
    assert list(nodes(model)) == ["x", "a_b", "a_b_2", "y"]
    assert nodes(model)["y"].inputs == ("a_b_2",)


def test_all_that_is_refused_is_told_at_once():
    bad = layer("Dense", "y", tensor("x"), units=0, activation="evil", kernel_initializer="evil", color="red")
    with pytest.raises(ImportRefused) as refusal:
        found(functional(source(), bad))
    sentence = str(refusal.value)
    for place in ("units", "activation", "kernel_initializer", "color"):
        assert f"config.layers[1].config.{place}: " in sentence


def test_no_more_than_twenty_places_are_told():
    with pytest.raises(ImportRefused) as refusal:
        found(functional(source(), *[layer("Lambda", f"l{i}", tensor("x")) for i in range(100)]))
    assert str(refusal.value).count("Lambda is not taken") == 20


def test_how_it_was_compiled_comes_along():
    optimizer = keras_object(
        "SGD",
        {"name": "sgd", "learning_rate": 0.05000000074505806, "momentum": 0.9, "weight_decay": None},
        "keras.optimizers",
    )
    loss = keras_object(
        "SparseCategoricalCrossentropy",
        {"name": "sparse_categorical_crossentropy", "reduction": "sum_over_batch_size", "from_logits": True},
        "keras.losses",
    )
    model = {
        **chain(units=3),
        "compile_config": {"optimizer": optimizer, "loss": loss, "metrics": ["accuracy"], "loss_weights": None},
    }
    spec = found(model).project.compile
    assert (spec.optimizer.name, spec.optimizer.params) == ("SGD", {"learning_rate": 0.05, "momentum": 0.9})
    assert (spec.loss.name, spec.loss.params) == ("SparseCategoricalCrossentropy", {"from_logits": True})
    assert [metric.name for metric in spec.metrics] == ["SparseCategoricalAccuracy"]


def test_losses_of_several_outputs_find_their_layers():
    two = [layer("Dense", name, tensor("x"), units=1) for name in ("head/a", "b")]
    model = functional(source(), *two, outputs=("head/a", "b"))
    model["compile_config"] = {"loss": {"head/a": "mse", "b": "mae"}, "metrics": [["mse"], []]}
    spec = found(model).project.compile
    assert {node: loss.name for node, loss in spec.loss.items()} == {
        "head_a": "MeanSquaredError",
        "b": "MeanAbsoluteError",
    }
    assert [metric.name for metric in spec.metrics["head_a"]] == ["MeanSquaredError"]


def test_an_authors_own_loss_is_left_out_with_a_note():
    model = {**chain(units=3), "compile_config": {"loss": "my_loss", "optimizer": "adam"}}
    imported = found(model)
    assert imported.project.compile.loss.name == "MeanSquaredError"
    assert any("loss" in note and "my_loss" in note and "left out" in note for note in imported.notes)


def test_the_project_can_be_kept_and_has_no_faults():
    model = functional(
        source(), layer("Dense", "h", tensor("x"), units=8), layer("Dense", "y", tensor("h"), units=3,
                                                                   activation="softmax"))  # fmt: skip
    project = found({**model, "compile_config": {"loss": "sparse_categorical_crossentropy"}}).project
    assert document.load(document.dump(project)) == project
    assert validate.problems(project) == []
    assert project.data.classes == 3
    assert graph.is_chain(project.model)


def test_the_limits_can_be_set():
    with pytest.raises(ImportRefused, match="at least 400 parameters, 400 of them here; at most 100 are taken"):
        importing.find(json.dumps(chain(units=100)).encode(), Limits(parameters=100))
    with pytest.raises(ImportRefused, match="this model has 2 layers; at most 1 are taken"):
        importing.find(json.dumps(chain(units=1)).encode(), Limits(layers=1))


def test_a_model_that_was_never_built_is_refused():
    with pytest.raises(ImportRefused, match="has never been built"):
        found(sequential(keras_object("Dense", {"name": "d", "units": 1})))
