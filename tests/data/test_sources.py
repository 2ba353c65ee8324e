"""Every source keeps the same promise."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest

from core.data import DataFacts, Preview, archives, describe, fetch, is_ready, load, preview, read
from core.errors import DataError

CSV = "colour,size,y\n" + "".join(f"{'red' if i % 3 else 'blue'},{i / 2},{'ny'[i % 2]}\n" for i in range(40))
SOURCES = {
    "digits": {},
    "iris": {},
    "wine": {},
    "breast_cancer": {},
    "diabetes": {},
    "gaussians": {},
    "circle": {"noise": 0.0},
    "xor": {},
    "spiral": {"rows": 101},
    "plane": {},
    "hills": {},
    "random": {"shape": [6, 2], "rows": 300, "classes": 4},
    "waves": {"rows": 200},
    "sine_mixture": {"rows": 200, "stride": 5, "horizon": 3},
    "moving_average": {"rows": 200},
    "made_classification": {"rows": 300},
    "made_regression": {"rows": 300},
    "shapes": {"rows": 100},
    "noisy_digits": {},
    "sentences": {"rows": 2000},
    "csv": {"path": "table.csv", "target": "y"},
}


@pytest.fixture(params=SOURCES)
def data(request, spec, table):
    table(CSV)
    return spec(request.param, test_fraction=0.1, **SOURCES[request.param])


def loss_of(facts):
    return "MeanSquaredError" if facts.task == "regression" else "SparseCategoricalCrossentropy"


def loaded(data, project, folders):
    facts = describe(data, folders)
    return load(project(data, list(facts.feature_shape), facts.classes or 1, loss_of(facts)), folders)


def test_facts_say_what_load_gives(data, project, folders):
    facts = describe(data, folders)
    dataset = loaded(data, project, folders)
    assert dataset.facts == facts
    for name, count in facts.parts.items():
        part = dataset.part(name)
        assert len(part) == len(part.x[0]) == len(part.y[0]) == count > 0
        assert part.x[0].shape == (count, *facts.feature_shape)
        assert part.x[0].dtype == (np.int32 if facts.kind == "text" else np.float32)
        assert np.isfinite(part.x[0]).all()
    assert sum(facts.parts.values()) == facts.rows
    assert facts.title
    assert facts.help
    assert facts.licence


def test_every_row_is_in_exactly_one_part(data, project, folders):
    dataset = loaded(data, project, folders)
    rows = np.concatenate([dataset.part(name).rows for name in dataset.facts.parts])
    assert sorted(rows) == list(range(dataset.facts.rows))


def test_the_same_seed_gives_the_same_rows_and_another_seed_others(data, project, folders):
    first, again = loaded(data, project, folders), loaded(data, project, folders)
    other = loaded(data.model_copy(update={"seed": 2}), project, folders)
    assert np.array_equal(first.train.x[0], again.train.x[0])
    assert np.array_equal(first.train.rows, again.train.rows)
    assert not np.array_equal(first.train.rows, other.train.rows)


def test_facts_and_preview_survive_json(data, folders):
    facts, shown = describe(data, folders), preview(data, folders)
    assert DataFacts.from_dict(json.loads(json.dumps(facts.to_dict(), allow_nan=False))) == facts
    assert Preview.from_dict(json.loads(json.dumps(shown.to_dict(), allow_nan=False))) == shown
    assert shown.rows_in_all == facts.rows
    assert shown.images or shown.rows


def test_a_target_is_in_its_classes(data, folders):
    raw = read(data, folders)
    if raw.target.task == "regression":
        assert raw.target.classes is None
        assert len(np.unique(raw.target.values)) > 20
    else:
        assert set(np.unique(raw.target.values)) == set(range(len(raw.target.class_names)))
        assert (raw.target.task == "binary") == (len(raw.target.class_names) == 2)


def test_digits_are_pictures_from_0_to_1(spec, folders, project):
    dataset = load(project(spec("digits"), [64], 10, "SparseCategoricalCrossentropy"), folders)
    assert dataset.train.x[0].shape == (1438, 64)
    assert (dataset.train.x[0].min(), dataset.train.x[0].max()) == (0.0, 1.0)
    image = preview(spec("digits"), folders).images[0]
    assert image["label"] == "0"
    assert np.shape(image["pixels"]) == (8, 8)


@pytest.mark.parametrize(("noise", "clear"), [(0.0, True), (1.0, False)])
def test_noise_moves_points_over_the_border(spec, folders, noise, clear):
    raw = read(spec("circle", noise=noise, rows=1000), folders)
    inside = np.hypot(*raw.features.T) < 2.6
    assert bool((inside == (raw.target.values == 1)).all()) is clear


@pytest.mark.parametrize("target", ["one_hot", "integer", "real"])
def test_a_linear_model_learns_the_random_target(spec, folders, project, target):
    from sklearn.linear_model import LogisticRegression, Ridge

    data = spec("random", shape=[20], target=target, classes=4, rows=4000)
    real = target == "real"
    classes = "CategoricalCrossentropy" if target == "one_hot" else "SparseCategoricalCrossentropy"
    dataset = load(project(data, [20], 1 if real else 4, "MeanSquaredError" if real else classes), folders)
    shapes = {"one_hot": ((3200, 4), np.float32), "integer": ((3200,), np.int32), "real": ((3200, 1), np.float32)}
    assert (dataset.train.y[0].shape, dataset.train.y[0].dtype) == shapes[target]
    train, validation = (
        part.y[0].argmax(axis=1) if target == "one_hot" else part.y[0].ravel()
        for part in (dataset.train, dataset.validation)
    )
    model = Ridge() if real else LogisticRegression(max_iter=500)
    score = model.fit(dataset.train.x[0], train).score(dataset.validation.x[0], validation)
    assert score > 0.9
    shuffled = np.random.default_rng(0).permutation(train)
    assert model.fit(dataset.train.x[0], shuffled).score(dataset.validation.x[0], validation) < 0.5


@pytest.mark.parametrize("source", ["sine_mixture", "moving_average"])
def test_the_value_after_a_window_is_what_the_next_windows_say(spec, folders, source):
    raw = read(spec(source, rows=50, length=16, stride=4, horizon=4), folders)
    windows, later = raw.features[..., 0], raw.target.values.astype(np.float32)
    assert np.allclose(windows[1:, -1], later[:-1])
    assert np.array_equal(windows[1:, :-4], windows[:-1, 4:])
    assert not np.allclose(windows[:, -1], later)
    assert "share 12 of 16 values" in raw.notes[0]
    assert not read(spec(source, rows=50, length=16, stride=16), folders).notes


@pytest.mark.parametrize("source", ["made_classification", "made_regression"])
def test_difficulty_makes_a_table_harder(spec, folders, source):
    from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor

    model = (KNeighborsClassifier if source == "made_classification" else KNeighborsRegressor)(15)
    scores = []
    for difficulty in (0.0, 0.5, 1.0):
        raw = read(spec(source, rows=2000, features=4, difficulty=difficulty), folders)
        scores.append(
            model.fit(raw.features[:1000], raw.target.values[:1000]).score(
                raw.features[1000:], raw.target.values[1000:]
            )
        )
    assert scores[0] > 0.9
    assert scores[0] > scores[1] > scores[2] > 0


def test_shapes_differ_and_noise_covers_them(spec, folders):
    clear = read(spec("shapes", rows=40, noise=0.0), folders)
    assert set(np.unique(clear.features)) == {0.0, 1.0}
    area = clear.features.mean(axis=(1, 2, 3))
    radius_alike = [area[clear.target.values == place].mean() for place in range(4)]
    assert radius_alike[2] < radius_alike[0]
    noisy = read(spec("shapes", rows=40, noise=1.0), folders)
    assert 0 <= noisy.features.min() < noisy.features.max() <= 1
    assert np.abs(noisy.features - clear.features).mean() > 0.2


def test_sentences_can_be_read_and_the_next_letter_follows(spec, folders):
    raw = read(spec("sentences", rows=200, length=30), folders)
    shown = preview(spec("sentences", rows=200, length=30), folders)
    assert shown.columns == ("text", "next letter")
    first, letter = shown.rows[0]
    assert first.startswith("the ")
    assert len(first) == 30
    following = shown.rows[1][0]
    assert (first + letter.replace("␣", " "))[3:] == following[:28]
    assert raw.features.min() >= 1
    assert not any(character.isdigit() for character in first)


def test_too_large_random_data_is_refused_before_it_is_drawn(spec, folders):
    data = spec("random", shape=[5000], rows=1_000_000)
    with pytest.raises(DataError, match=r"at most 100,000,000 are possible. Ask for 20,000 rows or fewer"):
        describe(data, folders)


def test_a_set_that_needs_the_network_is_described_without_it(spec, folders):
    facts = describe(spec("mnist", rows=1000), folders)
    assert (facts.rows, facts.parts["validation"], facts.feature_shape) == (1000, 200, (28, 28, 1))
    assert not is_ready(spec("mnist"), folders)


def test_without_network_the_sentence_names_a_bundled_set(spec, folders, monkeypatch):
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")  # the discard port: refused at once
    with pytest.raises(DataError, match=r"Fashion-MNIST could not be downloaded.*network once.*bundled set 'digits'"):
        fetch(spec("fashion_mnist"), folders)
    assert not is_ready(spec("fashion_mnist"), folders)


def test_downloaded_addresses_and_hashes_are_those_of_keras():
    import importlib.util
    from pathlib import Path

    from core.data.cards import CARDS

    folder = Path(importlib.util.find_spec("keras").submodule_search_locations[0]) / "src" / "datasets"
    for name, card in CARDS.items():
        text = (folder / f"{name}.py").read_text()
        for file in card.files:
            base, _, last = file.url.rpartition("/")
            assert base in text
            assert last in text
            assert file.hash in text or file.hash.startswith("md5:")


def test_texts_keep_their_last_words_and_rare_words_are_unknown():
    ends = archives.padded([[5, 20_000], list(range(300))])
    assert ends[0].tolist() == [0] * 197 + [1, 8, 2]
    assert ends[1].tolist() == list(range(103, 303))


def test_the_files_of_a_set_are_read_as_training_rows_then_test_rows(tmp_path):
    path = tmp_path / "mnist.npz"
    images = np.arange(3 * 784, dtype=np.uint8).reshape(3, 28, 28)
    np.savez(path, x_train=images[:2], y_train=np.array([4, 5]), x_test=images[2:], y_test=np.array([6]))
    features, target = archives.READERS["mnist"]([str(path)])
    assert features.shape == (3, 28, 28, 1)
    assert target.tolist() == [4, 5, 6]
    assert np.array_equal(features[2, ..., 0], images[2])


def test_importing_the_room_loads_neither_scikit_learn_nor_keras():
    slow = "('sklearn', 'keras', 'tensorflow', 'pooch')"
    code = f"import core.data, sys; print([name for name in {slow} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
