"""The pages around the model: losses by output, roles of columns, two tabs, runs without weights, files."""

from __future__ import annotations

import pytest

from components.pages import inspect, runs as runs_page
from components.panels import data_roles
from core.edits import Set, apply, from_dict
from core.errors import EngineError, RunError
from core.events import Chosen, Failed, Speed, encode
from core.store import status_change


def test_each_output_gets_its_loss_weight_and_metrics(opened, two_outputs):
    page = opened(two_outputs, "train")
    page.set("One loss for all outputs", False)
    assert set(page.project.compile.loss) == {"dense_3", "aside"}
    losses = [box for box in page.at.selectbox if box.label == "Loss"]
    losses[1].set_value("Huber")
    page.run()
    weights = [box for box in page.at.number_input if box.label == "Weight of this loss"]
    weights[0].set_value(0.5)
    page.run()
    metrics = [box for box in page.at.multiselect if box.label == "Metrics"]
    metrics[1].set_value(["MeanAbsoluteError"])
    page.run()
    spec = page.project.compile
    assert {name: loss.name for name, loss in spec.loss.items()} == {"dense_3": "MeanSquaredError", "aside": "Huber"}
    assert spec.loss_weights == {"dense_3": 0.5, "aside": 1.0}
    assert [metric.name for metric in spec.metrics["aside"]] == ["MeanAbsoluteError"]
    assert spec.metrics["dense_3"] == ()
    page.set("One loss for all outputs", True)
    assert page.project.compile.loss.name == "MeanSquaredError"
    assert page.project.compile.loss_weights is None


def test_an_output_that_gives_back_the_features_begins_with_their_loss(opened, two_outputs):
    two_outputs["data"]["targets"] = {"aside": ["features"]}
    two_outputs["compile"] = {"loss": "Huber", "metrics": ["MeanAbsoluteError"]}
    page = opened(two_outputs, "train").set("One loss for all outputs", False)
    assert {name: loss.name for name, loss in page.project.compile.loss.items()} == {
        "dense_3": "Huber",
        "aside": "MeanSquaredError",
    }
    assert page.project.compile.metrics["aside"] == ()


def test_one_output_is_not_asked_about_others(opened, chain):
    page = opened(chain, "train")
    assert "One loss for all outputs" not in [toggle.label for toggle in page.at.toggle]


def test_a_metric_may_be_a_formula(opened, chain):
    page = opened(chain, "train")
    page.set("Metrics", ["MeanAbsoluteError", "custom"])
    source = "def half(y_true, y_pred):\n    return tf.reduce_mean(y_pred) / 2.0\n"
    page.set("Formula", source)
    assert [metric.source for metric in page.project.compile.metrics] == [None, source]
    page.set("Formula", "import os")
    assert page.says("Line 1")
    page.set("Metrics", ["MeanAbsoluteError"])
    assert [metric.name for metric in page.project.compile.metrics] == ["MeanAbsoluteError"]


def test_another_tabs_change_is_told_and_nothing_is_overwritten(opened, chain):
    page = opened(chain, "train")
    elsewhere = page.service.store.project(page.id)
    changed = apply(elsewhere.project, Set(path="training.epochs", value=77))
    page.service.store.save(page.id, changed, revision=elsewhere.revision)
    page.set("Epochs", 5)
    assert page.says("changed in another tab")
    assert page.project.training.epochs == 77
    page.press("Show the newest")
    assert page.field("Epochs").value == 77
    assert not page.has("Keep mine as a copy")


def test_ones_own_version_is_kept_as_a_copy(opened, chain):
    page = opened(chain, "train")
    elsewhere = page.service.store.project(page.id)
    changed = apply(elsewhere.project, Set(path="training.epochs", value=77))
    page.service.store.save(page.id, changed, revision=elsewhere.revision)
    page.run().press("Keep mine as a copy")
    assert page.at.query_params["project"] != [page.id]
    assert page.field("Epochs").value == 10
    assert page.project.training.epochs == 77


class JustWarm:
    """An engine that becomes warm while a page is drawn, and can answer nothing."""

    error, seconds_left = "", 0.0

    def __init__(self):
        self.asked = 0

    @property
    def is_warm(self):
        self.asked += 1
        return self.asked > 1

    def ask(self, question, timeout=None):
        raise EngineError("The engine has been stopped.")


def test_a_page_that_was_drawn_while_the_engine_became_warm_is_drawn_again(service, opened, chain):
    service.engine = service.checker._engine = JustWarm()
    page = opened(chain, "data")
    assert page.says("The engine has been stopped.")  # what it says when asked; not an empty half of the page
    assert not page.says("TensorFlow is starting")


@pytest.fixture
def unbegun(opened, chain):
    """A run that was stopped while it waited."""

    def open_page(page):
        shown = opened(chain, page)
        run = shown.service.store.create_run(shown.id, shown.project, shown.service.settings.runs)
        shown.service.store.cancel_queued(run.id, "Stopped before it began.")
        shown.at.session_state["eagerly"].run_id = run.id
        return shown.run()

    return open_page


def test_a_run_without_weights_cannot_be_inspected_or_continued(unbegun):
    page = unbegun("inspect")
    assert page.says("Nothing to inspect")
    assert page.says("Stopped before it began.")
    assert not page.has("Continue")


@pytest.mark.parametrize(
    ("message", "can_go_on"),
    [
        ("Training stopped unexpectedly: its process is gone (was the computer restarted?).", True),
        ("The loss became NaN at epoch 3, step 91. Try a lower learning rate (now 10).", False),
    ],
)
def test_a_run_that_ended_badly_goes_on_unless_the_same_would_come_again(message, can_go_on, opened, chain):
    shown = opened(chain, "train")
    store = shown.service.store
    run = store.create_run(shown.id, shown.project, shown.service.settings.runs)
    run.path.mkdir(parents=True, exist_ok=True)
    (run.path / "last.weights.h5").touch()
    store.append(run.id, [encode(Failed(message))], status_change("failed", {"message": message}))
    shown.at.session_state["eagerly"].run_id = run.id
    assert shown.run().has("Continue") == can_go_on
    assert shown.has("Train")


def test_a_run_of_another_model_or_other_rows_is_told_from_one_that_is_as_the_project_stands(digits):
    seeded = digits.model_copy(update={"data": digits.data.model_copy(update={"seed": 7})})
    moved = apply(digits, from_dict({"op": "place", "positions": {"dense_1": [7, 7]}}))
    wider = apply(digits, from_dict({"op": "set_param", "node": "dense_1", "name": "units", "value": 9}))
    assert inspect._is_as_then(digits, moved)
    assert not inspect._is_as_then(digits, wider)
    assert not inspect._is_as_then(digits, seeded)


def test_a_run_that_never_began_took_no_time(unbegun):
    page = unbegun("runs")
    assert list(page.at.dataframe[0].value["took"]) == ["not begun"]
    assert runs_page.TITLE == "Runs"


ROLES = """
from components import state
from components.panels import data_roles
from core.data import DataFacts
if state.open_project():
    data_roles.render(DataFacts("csv", "Table", 9, "regression", (3,), ("a", "b", "c"), None, (), "table", "price",
                                {"train": 9}), ["price", "age"])
"""


def test_columns_go_to_inputs_and_targets_to_outputs(opened, two_outputs):
    two_outputs["model"]["nodes"].insert(0, {"id": "input_2", "layer": "Input", "params": {"shape": [1]}})
    page = opened(two_outputs)
    page.at = type(page.at).from_string(ROLES)
    page.at.query_params["project"] = page.id
    page.run().set("Columns of input_2", ["b"])
    assert page.project.data.inputs == {"input_2": ["b"], "input_1": ["a", "c"]}
    page.set("Columns of input_2", ["b", "a"])
    assert page.project.data.inputs == {"input_2": ["b", "a"], "input_1": ["c"]}
    page.set("aside learns", "age")
    page.set("dense_3 learns", data_roles.FEATURES)
    assert page.project.data.targets == {"aside": ["age"], "dense_3": ["features"]}
    page.set("aside learns", data_roles.TARGET)
    assert page.project.data.targets == {"dense_3": ["features"]}


CHOICES = """
from components import state
from components.panels import data_choices
from core.data import Column, DataFacts
if state.open_project():
    columns = (Column("size"), Column("colour", "category", ("blue", "red")), Column("when", "date", parts=("year",)))
    facts = DataFacts("csv", "Table", 9, "binary", (4,), (), 2, ("no", "yes"), "table", "y", {"train": 9},
                      columns=columns, header=("size", "colour", "when", "who", "y"))
    data_choices.split(facts)
    data_choices.columns(facts)
    data_choices.weights(facts)
"""


def test_what_is_chosen_for_a_column_and_for_the_rows_is_kept_and_the_usual_is_not(opened, chain):
    page = opened({**chain, "data": {"source": "csv", "path": "upload:0", "target": "y"}})
    page.at = type(page.at).from_string(CHOICES)
    page.at.query_params["project"] = page.id
    page.run().set("Scaling of it", "robust")
    page.set("Gaps", "constant")
    page.set("Fill with", -1.0)
    assert page.project.data.columns["size"].model_dump(exclude_defaults=True) == {
        "scaling": "robust",
        "missing": "constant",
        "fill": -1.0,
    }
    page.set("Column", "colour")
    page.set("Encoding", "ordinal")
    page.set("Encoding", "one_hot")
    assert list(page.project.data.columns) == ["size"]  # nothing is kept of what is as usual
    page.set("Column", "when").set("Parts of the date", ["month", "hour"])
    assert page.project.data.columns["when"].parts == ("month", "hour")
    page.set("Split", "group").set("Split by", "who")
    page.set("Classes count", "balanced").set("Repeat rare classes", True).set("Weight of a row", "size")
    data = page.project.data
    assert (data.split, data.split_by, data.class_weight, data.oversample) == ("group", "who", "balanced", True)
    page.set("Weight of a row", "")
    assert page.project.data.sample_weight is None


def test_no_classes_are_kept_in_proportion_where_a_number_is_predicted(opened, chain):
    def ways(task):
        page = opened({**chain, "data": {"source": "csv", "path": "upload:0", "target": "y"}})
        page.at = type(page.at).from_string(CHOICES.replace('"binary"', repr(task)))
        page.at.query_params["project"] = page.id
        return page.run().field("Split").options

    assert ways("binary")[:3] == ["by chance, classes in proportion", "by chance alone", "stratified by class"]
    assert ways("regression")[0] == "by chance"
    assert not [way for way in ways("regression") if "class" in way]


def test_imported_weights_are_said_and_can_be_given_up(opened, chain):
    training = chain.get("training", {}) | {"initial_weights": 64 * "a"}
    page = opened({**chain, "training": training}, "train")
    assert page.says("Begins with the imported weights")
    page.press("Begin afresh")
    assert page.project.training.initial_weights is None
    assert not page.says("Begins with the imported weights")
    page.at.session_state["eagerly"].stored = page.service.store.undo(page.id)
    assert page.project.training.initial_weights == 64 * "a"


def test_weights_that_are_not_here_are_no_silent_fresh_start(opened, chain):
    page = opened({**chain, "training": {"initial_weights": 64 * "a"}}, "train")
    with pytest.raises(RunError, match=r"Open their \.keras file again, or choose fresh weights"):
        page.service.train(page.id, page.project)
    assert page.service.store.runs(page.id) == []


def test_what_auto_chose_is_said_and_can_be_pinned(unbegun):
    page = unbegun("train")
    assert not page.says("steps/s")
    leap = Speed("XLA x 45, 8 epochs a call", 9900.0, 2.1)
    speeds = (Speed("graph x 45", 400.0, 0.3), Speed("XLA x 45", 9000.0, 1.2), leap)
    run = page.service.store.runs(page.id)[0]
    page.service.store.append(run.id, [encode(Chosen(leap.execution, speeds))])
    page.run()
    assert page.says("**auto** runs `XLA x 45, 8 epochs a call`. It was the fastest on steps of this run.")
    assert page.says("9,000 steps/s")
    pins = [button for button in page.at.button if button.label == "Pin"]
    assert len(pins) == 2, "several epochs a call is no switch of Keras"
    pins[1].click()
    page.run()
    pinned = page.project.compile
    assert (pinned.run_eagerly, pinned.steps_per_execution, pinned.jit_compile) == (False, 45, True)
