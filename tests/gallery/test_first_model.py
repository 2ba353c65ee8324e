"""A proposed model suits any data: nothing to repair, and better than guessing after a short training."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
from pydantic import TypeAdapter

from core import data, document, edits, gallery, validate
from core.data import offers
from core.errors import SpecError
from core.gallery.first_model import propose
from core.spec import DataSpec, Project

SOURCES = {
    **{name: {"source": name} for name in ("digits", "iris", "wine", "breast_cancer", "diabetes")},
    **{name: {"source": name} for name in ("gaussians", "circle", "xor", "spiral", "plane", "hills")},
    "waves": {"source": "waves", "rows": 600},
    "a forecast": {"source": "waves", "task": "forecast", "rows": 600},
    "long waves": {"source": "waves", "length": 200, "rows": 400},
    "sines": {"source": "sine_mixture", "rows": 600},
    "moving average": {"source": "moving_average", "rows": 600},
    "made classes": {"source": "made_classification", "rows": 600},
    "made numbers": {"source": "made_regression", "rows": 600},
    "shapes": {"source": "shapes", "rows": 600},
    "noisy digits": {"source": "noisy_digits"},
    "sentences": {"source": "sentences", "rows": 2000},
    "random rows": {"source": "random", "shape": [20], "target": "real", "rows": 600},
    "random classes": {"source": "random", "shape": [12], "target": "one_hot", "classes": 4, "rows": 600},
    "random series": {"source": "random", "shape": [6, 2], "classes": 3, "rows": 600},
    "random pictures": {"source": "random", "shape": [8, 8, 3], "classes": 2, "rows": 800},
    "random films": {"source": "random", "shape": [3, 4, 4, 1], "classes": 2, "rows": 800},
    "houses": {"source": "csv", "path": "houses.csv", "target": "price_100k"},
    "a series": {"source": "csv", "path": "tides.csv", "target": "height", "windows": {"length": 12}},
    "temperatures": {"source": "csv", "path": "kelvin.csv", "target": "kelvin"},
    "texts": {"source": "csv", "path": "texts.csv", "target": "mood", "text": {"column": "said"}},
    "classes of houses": {"source": "csv", "path": "houses.csv", "target": "rooms"},
}
ELSEWHERE = {name: {"source": name} for name in ("mnist", "cifar100", "imdb", "reuters", "california_housing")}
EXTREME = {
    "two rows": {"source": "random", "shape": [3], "rows": 2, "target": "real", "validation_fraction": 0.0},
    "one long row": {"source": "random", "shape": [2_000_000], "rows": 12, "target": "real"},
    "large pictures": {"source": "random", "shape": [1200, 1200, 1], "rows": 40, "target": "real"},
    "many channels": {"source": "random", "shape": [2, 2, 500_000], "rows": 12, "target": "real"},
    "flat pictures": {"source": "random", "shape": [1, 40, 1], "rows": 40, "target": "real"},
    "a long series": {"source": "random", "shape": [200_000, 1], "rows": 40, "target": "real"},
    "a wide series": {"source": "random", "shape": [2, 2_000_000], "rows": 12, "target": "real"},
    "many classes": {"source": "random", "shape": [5], "rows": 3000, "classes": 1000},
}
STEPS = 300
"""A short training: a fraction of what is proposed."""
_DATA = TypeAdapter(DataSpec)


@pytest.fixture
def folders(tmp_path):
    shutil.copy(gallery.FOLDER / "houses.csv", tmp_path)
    tides = [(hour % 24, 3 * np.sin(hour / 2) + np.sin(hour / 5)) for hour in range(400)]
    (tmp_path / "tides.csv").write_text("clock,height\n" + "".join(f"{clock},{high}\n" for clock, high in tides))
    warmth = [(month % 12, month % 7, 285 + 8 * np.cos(month % 12 / 2) + month % 7 / 2) for month in range(400)]
    (tmp_path / "kelvin.csv").write_text("month,place,kelvin\n" + "".join(f"{m},{p},{k}\n" for m, p, k in warmth))
    words = [(("fine", "good", "glad")[i % 3], ("dull", "bad", "sad")[i % 5 % 3])[i % 2] for i in range(400)]
    said = [f"It was {word} on day{i % 31},{'ud'[i % 2]}\n" for i, word in enumerate(words)]
    (tmp_path / "texts.csv").write_text("said,mood\n" + "".join(said))
    return data.Folders(tmp_path, tmp_path, tmp_path)


@pytest.fixture
def proposed(folders):
    """The proposal for a source, from a project whose model is about something else."""

    def make(source, **fields):
        start = gallery.load("autoencoder_convolutional")
        rows = _DATA.validate_python({"seed": 3, **source, **fields})
        return propose(start.model_copy(update={"data": rows}), data.describe(rows, folders))

    return make


@pytest.fixture(scope="module")
def check():
    from core.build.check import check

    return check


@pytest.mark.parametrize("name", [*SOURCES, *ELSEWHERE])
def test_a_proposal_is_a_project_without_faults(name, proposed, folders):
    project = proposed({**SOURCES, **ELSEWHERE}[name])
    facts = data.describe(project.data, folders)
    assert validate.problems(project, facts) == []
    assert document.load(document.dump(project)) == project
    assert project.data.seed == 3
    assert project.name == "Autoencoder, convolutional"
    assert project.training.callbacks == ()
    assert project.training.batch_size <= facts.parts["train"]


@pytest.mark.parametrize("offer", [offer for offer in offers.OFFERS if offer.rows], ids=lambda offer: offer.name)
def test_a_card_names_the_layer_that_the_proposal_is_built_of(offer, proposed):
    layers = [node.layer for node in proposed(offers.starting(offer, gallery.load().data)).model.nodes]
    assert offer.network in layers
    assert offer.network == "Dense" or layers[1:-1] != ["Dense"]


@pytest.mark.keras
@pytest.mark.parametrize("name", [*SOURCES, *ELSEWHERE, *EXTREME])
def test_keras_finds_nothing_wrong_with_it(name, proposed, folders, check):
    project = proposed({**SOURCES, **ELSEWHERE, **EXTREME}[name])
    report = check(project, data.describe(project.data, folders))
    assert [problem.message for problem in report.problems] == []
    assert 0 < sum(node.parameters for node in report.nodes) < 60_000_000


@pytest.mark.keras
@pytest.mark.parametrize("name", SOURCES)
def test_it_is_better_than_guessing(name, proposed, folders):
    import keras

    from core import build

    project = proposed(SOURCES[name])
    dataset = data.load(project, folders)
    steps = -(-len(dataset.train) // project.training.batch_size)
    keras.utils.set_random_seed(1)
    model = build.compiled(project)
    model.steps_per_execution = steps
    given = {"batch_size": project.training.batch_size, "epochs": min(project.training.epochs, -(-STEPS // steps))}
    model.fit(dataset.train.x, dataset.train.y, **given, verbose=0)
    found = model.predict(dataset.validation.x, verbose=0)
    assert np.isfinite(found).all()
    assert error(found, dataset.validation.y[0], dataset.facts.task) < 0.85 * error(
        guess(dataset.train.y[0], found.shape, dataset.facts.task), dataset.validation.y[0], dataset.facts.task
    )


def guess(targets, shape, task):
    """The mean of the numbers, or the commonest class, for every row."""
    if task == "regression":
        return np.full(shape, targets.mean())
    if task == "binary" and shape[1] == 1:
        return np.full(shape, round(float(targets.mean())))
    return np.tile(np.bincount(targets, minlength=shape[1]) / len(targets), (shape[0], 1))


def error(found, true, task):
    """The squared error, or the share of wrong answers."""
    if task == "regression":
        return float(((found - true) ** 2).mean())
    chosen = (found > 0.5).astype(int).ravel() if found.shape[1] == 1 else found.argmax(axis=1)
    return float((chosen != true.ravel()).mean())


def test_each_kind_of_rows_gets_layers_of_its_own(proposed):
    layers = {name: {node.layer for node in proposed({**SOURCES, **ELSEWHERE}[name]).model.nodes} for name in
              ("digits", "wine", "waves", "long waves", "imdb")}  # fmt: skip
    assert "Conv2D" in layers["digits"]
    assert layers["wine"] == {"Input", "Dense", "Dropout"}
    assert "GRU" in layers["waves"]
    assert "Conv1D" not in layers["waves"]
    assert {"Conv1D", "GRU"} <= layers["long waves"]
    assert "Embedding" in layers["imdb"]


def test_numbers_far_from_1_are_brought_there_by_the_last_layer(proposed, folders):
    model = proposed(SOURCES["temperatures"]).model
    dense, last = model.nodes[-2:]
    assert (dense.layer, last.layer, model.outputs) == ("Dense", "Rescaling", (last.id,))
    assert 5 < last.params["scale"] < 7
    assert 284 < last.params["offset"] < 288
    assert [node.layer for node in proposed(SOURCES["houses"]).model.nodes][-1] == "Dense", "prices of about 2"
    two = proposed({**SOURCES["temperatures"], "targets": {"a": ["kelvin"], "b": ["place"]}})
    nodes = {node.id: node for node in two.model.nodes}
    assert two.model.outputs == ("target_1", "target_2")
    assert (nodes["target_1"].layer, nodes["target_2"].layer) == ("Rescaling", "Dense")
    sized = nodes["target_1"].inputs[0]
    wrong = edits.apply(two, edits.SetParam(node=sized, name="units", value=3))
    found = validate.problems(wrong, data.describe(wrong.data, folders))
    assert [(problem.node, problem.field) for problem in found] == [(sized, "units")]


def test_two_targets_get_an_output_and_a_loss_each(folders):
    before = gallery.load("two_outputs")
    facts = data.describe(before.data, folders)
    project = propose(before, facts)
    assert project.data.targets == {"target_1": ["price_100k"], "target_2": ["rooms"]}
    assert {name: choice.name for name, choice in project.compile.loss.items()} == {
        "target_1": "MeanSquaredError",
        "target_2": "SparseCategoricalCrossentropy",
    }
    assert validate.problems(project, data.describe(project.data, folders)) == []


def test_columns_that_went_to_two_inputs_all_go_to_the_one(folders):
    before = gallery.load("two_inputs")
    project = propose(before, data.describe(before.data, folders))
    assert project.data.inputs is None
    assert project.model.nodes[0].params["shape"] == [9]
    assert validate.problems(project, data.describe(project.data, folders)) == []


def test_without_facts_it_says_what_is_missing():
    with pytest.raises(SpecError, match=r"before the data can be read\. Choose other data"):
        propose(Project.model_validate({"data": {"source": "digits"}}), None)
