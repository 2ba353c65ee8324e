"""The examples: each can be opened, is complete, and says what can be learned from it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core import data, document, gallery, validate
from core.errors import SpecError

DESIGN = json.loads("""
{
  "version": 1,
  "name": "Digits, dense",
  "data": {"source": "digits", "validation_fraction": 0.2, "test_fraction": 0.0, "seed": 1},
  "model": {
    "nodes": [
      {"id": "input_1", "layer": "Input", "params": {"shape": [64]}, "inputs": []},
      {"id": "dense_1", "layer": "Dense", "params": {"units": 128, "activation": "relu"}, "inputs": ["input_1"]},
      {"id": "dense_2", "layer": "Dense", "params": {"units": 10, "activation": "softmax"}, "inputs": ["dense_1"]}
    ],
    "outputs": ["dense_2"]
  },
  "compile": {
    "optimizer": {"name": "Adam", "params": {"learning_rate": 0.001}},
    "loss": {"name": "SparseCategoricalCrossentropy", "params": {}},
    "metrics": [{"name": "SparseCategoricalAccuracy", "params": {}}],
    "run_eagerly": false, "steps_per_execution": "auto", "jit_compile": "auto"
  },
  "training": {"loop": "fit", "epochs": 10, "batch_size": 32, "seed": 1, "callbacks": []}
}
""")


@pytest.fixture
def folders(tmp_path):
    return data.Folders(tmp_path, tmp_path, tmp_path)


def test_the_first_example_is_the_one_of_the_design():
    assert gallery.names()[0] == gallery.DEFAULT
    assert gallery.load() == document.from_dict(DESIGN)


@pytest.mark.parametrize("name", gallery.names())
def test_an_example_is_complete_and_keeps_its_name(name, folders):
    project = gallery.load(name)
    card = next(card for card in gallery.cards() if card.name == name)
    assert project.name == card.title
    assert validate.problems(project, data.describe(project.data, folders)) == []
    assert document.load(document.dump(project)) == project


@pytest.mark.parametrize("card", gallery.cards(), ids=lambda card: card.name)
def test_a_card_says_three_whole_sentences(card):
    assert len(card.explains) == 3
    assert all(sentence.endswith(".") and "  " not in sentence for sentence in (*card.explains, card.description))
    assert "MNIST" in card.title or not card.needs_network


def test_every_file_beside_the_cards_has_one_and_no_file_is_missing():
    assert {path.stem for path in gallery.FOLDER.glob("*.json")} == set(gallery.names())


def test_the_table_of_houses_is_found_from_anywhere(folders, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    facts = data.describe(gallery.load("houses").data, folders)
    assert facts.rows == 400
    assert Path(gallery.load("houses").data.path).is_absolute()


def test_a_page_can_keep_the_table_as_an_upload(folders):
    path = data.keep(gallery.table("houses"), folders)
    kept = gallery.load("houses").data.model_copy(update={"path": path})
    assert data.describe(kept, data.Folders(folders.uploads, folders.datasets)).rows == 400
    assert gallery.table("wine") is None


def test_an_unknown_example_is_refused_with_the_names_there_are():
    with pytest.raises(SpecError, match=r"no example 'nonsense'\. Choose one of digits_dense"):
        gallery.load("nonsense")
