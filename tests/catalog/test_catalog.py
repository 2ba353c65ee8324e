"""Every row of the catalog is whole, and is found by every name that Keras has for it."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from dataclasses import dataclass

import pytest

from core import catalog
from core.catalog.rows import FACTS
from core.errors import SpecError

EVERY = [entry for kind in catalog.KINDS for entry in catalog.entries(kind, offered_only=False)]
OFFERED = [entry for entry in EVERY if entry.offered]


def label(entry):
    return f"{entry.kind}-{entry.name}"


@dataclass
class Facts:
    task: str
    classes: int | None = None


def test_all_143_layers_of_keras_and_input_are_listed():
    names = {entry.name for entry in catalog.entries("layer", offered_only=False)}
    assert len(names) == 144
    assert {"Input", "Lambda", "StringLookup", "ConvLSTM3D"} <= names


def test_about_ninety_layers_are_taught_and_none_of_them_runs_code():
    taught = {entry.name for entry in catalog.entries("layer") if entry.taught}
    assert len(taught) > 85
    assert not taught & {"Lambda", "TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer", "TextVectorization"}


@pytest.mark.parametrize("entry", OFFERED, ids=label)
def test_an_offered_entry_can_be_shown_and_added(entry):
    assert entry.summary.endswith((".", "!")), "one sentence"
    assert entry.category
    assert not entry.reason
    assert not list(entry.problems(entry.starting_params())), "what is added obeys its own rules"
    for param in entry.params:
        assert param.help.strip(), param.name
        assert str(param.rule), param.name
        if param.default is not catalog.REQUIRED:
            assert param.rule.problem(param.default) is None, f"{param.name} refuses its own default"
    assert not {param.name for param in entry.params} & set(entry.hidden)


@pytest.mark.parametrize("entry", [entry for entry in EVERY if not entry.offered], ids=label)
def test_what_is_not_offered_says_why(entry):
    assert entry.reason.endswith(".")
    assert len(entry.reason) > 15
    assert not entry.taught


def test_no_offered_parameter_takes_a_path_an_address_or_code():
    forbidden = {"path", "file", "dir", "url", "root", "vocabulary", "function", "fn", "module", "weights", "cell"}
    harmless = {"restore_best_weights", "tie_weights", "label_weights"}
    names = {param.name for entry in OFFERED for param in entry.params} - harmless
    assert not {name for name in names if set(name.split("_")) & forbidden}


@pytest.mark.parametrize("entry", OFFERED, ids=label)
def test_required_parameters_come_first_in_the_order_of_keras(entry):
    """Exported code writes them without their names."""
    order = list(json.loads(FACTS.read_text())[entry.kind][entry.name]["params"])
    required = [param.name for param in entry.params if param.default is catalog.REQUIRED]
    assert [param.name for param in entry.params][: len(required)] == required
    assert order[: len(required)] == required


def test_starting_params_are_a_copy():
    entry = catalog.entry("layer", "Bidirectional")
    entry.starting_params()["layer"]["params"]["units"] = 99
    assert entry.starting_params()["layer"]["params"]["units"] == 32


@pytest.mark.parametrize(
    ("kind", "name", "full"),
    [
        ("optimizer", "adam", "Adam"),
        ("optimizer", "sgd", "SGD"),
        ("optimizer", "rmsprop", "RMSprop"),
        ("loss", "mse", "MeanSquaredError"),
        ("loss", "MAE", "MeanAbsoluteError"),
        ("loss", "binary_crossentropy", "BinaryCrossentropy"),
        ("loss", "sparse_categorical_crossentropy", "SparseCategoricalCrossentropy"),
        ("loss", "kld", "KLDivergence"),
        ("metric", "mae", "MeanAbsoluteError"),
        ("metric", "AUC", "AUC"),
        ("metric", "acc", "accuracy"),
        ("metric", "accuracy", "accuracy"),
        ("initializer", "he_normal", "HeNormal"),
        ("initializer", "uniform", "RandomUniform"),
        ("regularizer", "l2", "L2"),
        ("regularizer", "l1_l2", "L1L2"),
        ("constraint", "max_norm", "MaxNorm"),
        ("activation", "swish", "silu"),
        ("layer", "MaxPool2D", "MaxPooling2D"),
        ("layer", "dense", "Dense"),
        ("layer", "Convolution2D", "Conv2D"),
        ("schedule", "cosine_decay", "CosineDecay"),
        ("callback", "early_stopping", "EarlyStopping"),
    ],
)
def test_short_names_become_full_ones(kind, name, full):
    assert catalog.canonical_name(kind, name) == full


def test_an_unknown_name_gets_the_closest_one_and_never_a_refused_one():
    with pytest.raises(SpecError, match=r'no layer is called "Dens"\. Did you mean "Dense"\?'):
        catalog.entry("layer", "Dens")
    with pytest.raises(SpecError) as caught:
        catalog.entry("layer", "Lambada")
    assert "Did you mean" not in str(caught.value)


def test_an_unknown_parameter_gets_the_closest_one():
    dense = catalog.entry("layer", "Dense")
    with pytest.raises(SpecError, match=r"Dense has no parameter `unit`\. Did you mean `units`\?"):
        dense.param("unit")
    with pytest.raises(SpecError, match=r"`name` of Dense cannot be set here: a layer is called by its node's id\."):
        dense.param("name")


def test_all_faults_of_one_layer_are_found_at_once():
    faults = dict(catalog.entry("layer", "Conv2D").problems({"kernel_size": 0, "paddin": "same"}))
    assert set(faults) == {"kernel_size", "paddin", "filters"}
    assert faults["filters"] == "Conv2D needs `filters`: a whole number of at least 1. Try 16."


def test_weights_can_be_frozen_only_where_there_are_some():
    assert catalog.entry("layer", "Dense").param("trainable").default is True
    with pytest.raises(SpecError):
        catalog.entry("layer", "Flatten").param("trainable")


@pytest.mark.parametrize(
    ("loss", "accuracy"),
    [
        ("SparseCategoricalCrossentropy", "SparseCategoricalAccuracy"),
        ("categorical_crossentropy", "CategoricalAccuracy"),
        ("BinaryCrossentropy", "BinaryAccuracy"),
        ("MeanSquaredError", "BinaryAccuracy"),
        ("custom", "BinaryAccuracy"),
        ("", "BinaryAccuracy"),
    ],
)
def test_accuracy_goes_with_the_loss(loss, accuracy):
    assert catalog.resolve_accuracy(loss) == accuracy
    assert catalog.resolve_accuracy("MeanSquaredError", "one_hot") == "CategoricalAccuracy"


@pytest.mark.parametrize("facts", [Facts("classification", 10), Facts("binary", 2), Facts("regression")])
def test_what_is_recommended_fits_together(facts):
    advice = catalog.recommend(facts)
    loss = catalog.entry("loss", advice.loss)
    assert advice.last_activation == loss.last_activation
    assert advice.last_units == (10 if facts.task == "classification" else 1)
    assert all(catalog.entry("metric", name).target[0] == loss.target[0] for name in advice.metrics)


def test_a_loss_fits_some_targets_only():
    assert catalog.fits("CategoricalCrossentropy", "one_hot")
    assert not catalog.fits("CategoricalCrossentropy", "integer")
    assert not catalog.fits("SparseCategoricalCrossentropy", "real")
    assert catalog.fits("custom", "real")


@pytest.mark.parametrize("kind", ["loss", "metric"])
def test_every_loss_and_metric_says_what_it_is_compared_with(kind):
    for entry in catalog.entries(kind):
        assert entry.target, entry.name
        if kind == "loss":
            assert entry.last_activation in {found.name for found in catalog.entries("activation")}


def test_inputs_are_counted_and_named():
    assert catalog.entry("layer", "Input").arity == "none"
    assert catalog.entry("layer", "Dense").most == 1
    assert (catalog.entry("layer", "Subtract").fewest, catalog.entry("layer", "Subtract").most) == (2, 2)
    assert catalog.entry("layer", "Attention").input_names == ("query", "value", "key")
    assert catalog.entry("layer", "MultiHeadAttention").spread
    assert not catalog.entry("layer", "Attention").spread


def test_the_catalog_is_plain_data_for_the_command_line():
    every = json.loads(json.dumps(catalog.describe(), allow_nan=False))
    assert len(every) == len(EVERY)
    dense = next(row for row in catalog.describe("layer") if row["name"] == "Dense")
    units = dense["parameters"][0]
    assert (units["name"], units["required"], units["rule"]) == ("units", True, "a whole number of at least 1")
    lambda_row = next(row for row in every if row["name"] == "Lambda")
    assert lambda_row["offered"] is False
    assert "code" in lambda_row["reason"]


def test_required_stays_itself_in_another_process():
    assert pickle.loads(pickle.dumps(catalog.REQUIRED)) is catalog.REQUIRED


def test_the_catalog_loads_without_keras():
    code = "import core.catalog, sys; print(sorted({'keras', 'tensorflow', 'numpy', 'pydantic'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
