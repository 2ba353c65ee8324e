"""A comparison changes how the steps run, and nothing that decides their numbers."""

from __future__ import annotations

import array

import pytest

from core import gallery, lab
from core.events import Steps, encode
from core.spec import Choice
from core.store import Store


@pytest.fixture
def store(tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'eagerly.db'}")
    yield store
    store.close()


def test_each_variant_trains_the_same_numbers():
    project = gallery.load("digits_dense")
    shorter = [lab.project_of(project, variant, rows=1437) for variant in lab.VARIANTS]
    assert len({made.model_dump_json() for made in shorter}) == len(lab.VARIANTS) == 8
    assert {made.training.loop for made in shorter} == {"fit", "custom"}
    for made in shorter:
        assert (made.model, made.data, made.training.seed) == (project.model, project.data, project.training.seed)
        assert made.training.batch_size == project.training.batch_size
        assert made.training.epochs == 3  # 45 steps each: about 150 steps in all, not the project's ten epochs


def test_a_callback_that_would_end_a_run_early_is_left_out():
    project = gallery.load("digits_dense")
    stops = project.training.model_copy(update={"callbacks": (Choice(name="EarlyStopping"),)})
    made = lab.project_of(project.model_copy(update={"training": stops}), lab.VARIANTS[0], rows=10_000_000)
    assert made.training.callbacks == ()
    assert made.training.epochs == 1


def test_the_newest_comparison_is_found_and_no_mixture_of_two(store, tmp_path):
    project = gallery.load("digits_dense")
    owner = store.create_project(project)

    def started(variants):
        for variant in variants:
            store.rename_run(store.create_run(owner, project, tmp_path).id, variant.run_name)

    started(lab.VARIANTS)
    store.create_run(owner, project, tmp_path)
    started(lab.VARIANTS[:3])
    found = lab.newest(store.runs(owner))
    assert list(found) == [variant.name for variant in reversed(lab.VARIANTS[:3])]
    assert min(run.number for run in found.values()) == 10


def test_losses_come_back_in_order_and_are_compared_step_by_step(store, tmp_path):
    project = gallery.load("digits_dense")
    run = store.create_run(store.create_project(project), project, tmp_path)
    store.append(run.id, [encode(Steps(0, array.array("f", [3.0, 2.0]))), encode(Steps(2, array.array("f", [1.0])))])
    curve = lab.losses(store, run.id)
    assert list(curve) == [3.0, 2.0, 1.0]
    other = array.array("f", [3.0, 2.5])
    assert lab.largest_difference({"a": curve, "b": other}) == 0.5
    assert lab.largest_difference({"a": curve}) is None
