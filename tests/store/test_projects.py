"""Projects are kept, undone, redone, and never lost to another tab."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from core.errors import StoreError
from core.store import Store


def named(project, name):
    return project.model_copy(update={"name": name})


def test_a_project_comes_back_as_it_was_in_another_process(store, url, project):
    token = store.create_project(project)
    stored = Store(url).project(token)
    assert stored.project == project
    assert stored.name == "Digits"
    assert not stored.can_undo
    assert not stored.can_redo


def test_tokens_cannot_be_guessed(store, project):
    tokens = {store.create_project(project) for _ in range(20)}
    assert len(tokens) == 20
    assert min(map(len, tokens)) >= 22  # 128 bits in base 64


def test_an_unknown_project_is_a_sentence(store):
    with pytest.raises(StoreError, match="no project at this address"):
        store.project("nothing")


def test_undo_and_redo_walk_the_history(store, project):
    token = store.create_project(named(project, "a"))
    revision = store.save(token, named(project, "b"), revision=1)
    store.save(token, named(project, "c"), revision=revision)
    names = [store.undo(token).name, store.undo(token).name, store.undo(token).name]
    assert names == ["b", "a", "a"]
    assert not store.project(token).can_undo
    assert [store.redo(token).name, store.redo(token).name, store.redo(token).name] == ["b", "c", "c"]
    assert not store.project(token).can_redo


def test_saving_after_an_undo_cuts_what_could_be_redone(store, project):
    token = store.create_project(named(project, "a"))
    store.save(token, named(project, "b"), revision=1)
    undone = store.undo(token)
    store.save(token, named(project, "c"), revision=undone.revision)
    assert store.redo(token).name == "c"
    assert store.undo(token).name == "a"


def test_another_tabs_change_is_not_overwritten(store, project):
    token = store.create_project(project)
    store.save(token, named(project, "mine"), revision=1)
    with pytest.raises(StoreError, match="another tab"):
        store.save(token, named(project, "theirs"), revision=1)
    assert store.project(token).name == "mine"


def test_an_undo_in_another_tab_counts_as_a_change(store, project):
    token = store.create_project(named(project, "a"))
    revision = store.save(token, named(project, "b"), revision=1)
    undone = store.undo(token)
    store.save(token, named(project, "c"), revision=undone.revision)
    with pytest.raises(StoreError, match="another tab"):
        store.save(token, named(project, "stale"), revision=revision)


def test_saving_what_is_there_already_is_no_step_to_undo(store, project):
    token = store.create_project(project)
    assert store.save(token, project, revision=1) == 1
    assert not store.project(token).can_undo


def test_at_most_200_steps_are_kept(store, project):
    token, revision = store.create_project(project), 1
    for number in range(230):
        revision = store.save(token, named(project, f"n{number}"), revision=revision)
    steps = 0
    while store.project(token).can_undo:
        store.undo(token)
        steps += 1
    assert steps == 199
    assert store.project(token).name == "n30"


def test_of_two_tabs_that_save_at_once_each_time_one_wins(store, project):
    token = store.create_project(project)

    def save(name):
        try:
            return store.save(token, named(project, name), revision=store.project(token).revision)
        except StoreError:
            return None

    with ThreadPoolExecutor(4) as pool:
        saved = [revision for revision in pool.map(save, [f"n{i}" for i in range(60)]) if revision]
    assert len(saved) == len(set(saved))
    assert store.project(token).revision == 1 + len(saved)


def test_a_deleted_project_takes_its_runs_along(store, project, tmp_path):
    token = store.create_project(project)
    run = store.create_run(token, project, tmp_path)
    store.append(run.id, [b"x"])
    store.delete_project(token)
    with pytest.raises(StoreError, match="no project"):
        store.project(token)
    with pytest.raises(StoreError, match="no such run"):
        store.run(run.id)
