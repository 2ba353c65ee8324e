"""Each example trains as it is, on data that is there, and learns; all in one process."""

from __future__ import annotations

import numpy as np
import pytest

from core import data, gallery, train

pytestmark = pytest.mark.keras

HERE = [card.name for card in gallery.cards() if not card.needs_network]
ENOUGH = 120
"""Steps after which the loss must have fallen."""
SLOW = {"spiral": 600}


class Nobody:
    """A control that says nothing."""

    def poll(self):
        return None

    def wait(self):
        raise AssertionError("nothing asked for a pause")


@pytest.fixture
def folders(tmp_path):
    return data.Folders(tmp_path, tmp_path, gallery.FOLDER)


@pytest.mark.parametrize("name", HERE)
def test_an_example_has_no_problem_and_its_loss_falls(name, folders, tmp_path):
    from core.build.check import check

    project = gallery.load(name)
    facts = data.describe(project.data, folders)
    report = check(project, facts)
    assert [problem.message for problem in report.problems] == []
    assert sum(node.parameters for node in report.nodes) < 100_000

    events = []
    train.run(
        _shortened(project, facts, SLOW.get(name, ENOUGH)),
        data.load(project, folders),
        tmp_path,
        events.append,
        Nobody(),
    )
    assert events[-1].tag == "finished", events[-1]
    losses = np.concatenate([event.loss for event in events if event.tag == "steps"])
    assert np.isfinite(losses).all()
    assert np.median(losses[-10:]) < 0.75 * np.median(losses[:3])


def _shortened(project, facts, enough):
    """Fewer epochs, and ten steps a call: measuring what is fastest takes longer than these few steps."""
    steps = -(-facts.parts["train"] // project.training.batch_size)
    epochs = min(project.training.epochs, -(-enough // steps))
    quick = {"steps_per_execution": 10, "jit_compile": False, "run_eagerly": False}
    return project.model_copy(
        update={
            "compile": project.compile.model_copy(update=quick),
            "training": project.training.model_copy(update={"epochs": epochs}),
        }
    )


def test_there_are_enough_of_every_group():
    groups = [card.group for card in gallery.cards()]
    assert list(dict.fromkeys(groups)) == ["First steps", "Images", "Sequences", "Several inputs and outputs", "Custom"]
    assert len(HERE) >= 27
    assert min(groups.count(group) for group in set(groups)) >= 2
