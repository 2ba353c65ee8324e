"""The exported model takes pictures as they are, of any size, and answers as the page does."""

from __future__ import annotations

import io
import zipfile

import numpy as np
import pytest
from PIL import Image

from core import data, document, exporting, importing, inspect, train
from core.events import Finished

pytestmark = pytest.mark.keras
SIZES = [(90, 60), (12, 16), (24, 24)]


class Nobody:
    """A control that says nothing."""

    def poll(self):
        return None


def originals():
    """Soft colours with fine stripes, which a filter that only picks pixels would get wrong."""
    random = np.random.default_rng(0)
    for number in range(30):
        width, height = SIZES[number % 3]
        spots = Image.fromarray(random.integers(0, 256, (4, 4, 3), dtype=np.uint8))
        pixels = np.asarray(spots.resize((width, height), Image.Resampling.BICUBIC)).copy()
        pixels[:, ::2] //= 2
        yield number, pixels


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    import keras

    home = tmp_path_factory.mktemp("pictures")
    with zipfile.ZipFile(home / "t.zip", "w") as archive:
        for number, pixels in originals():
            content = io.BytesIO()
            Image.fromarray(pixels).save(content, "PNG")
            archive.writestr(f"{'ab'[number % 2]}/{number:02}.png", content.getvalue())
    nodes = [
        {"id": "pixels", "layer": "Input", "params": {"shape": [24, 24, 3]}},
        {"id": "flat", "layer": "Flatten", "inputs": ["pixels"]},
        {"id": "answer", "layer": "Dense", "params": {"units": 2, "activation": "softmax"}, "inputs": ["flat"]},
    ]
    project = document.from_dict(
        {
            "data": {"source": "images", "path": "t.zip", "width": 24, "height": 24},
            "model": {"nodes": nodes, "outputs": ["answer"]},
            "compile": {"loss": "SparseCategoricalCrossentropy"},
            "training": {"epochs": 1},
        }
    )
    folders = data.Folders(home, home, home)
    events = []
    train.run(project, data.load(project, folders), home / "run", events.append, Nobody())
    assert isinstance(events[-1], Finished), events[-1]
    ready = data.prepared(project.data, folders)
    whole = ready.preparation.apply(ready.raw.features)
    page = inspect.trained.predictions(project, home / "run", (whole,))[0]
    (home / "model.keras").write_bytes(exporting.export(project, "keras", run_folder=home / "run", folders=folders))
    come_in = importing.find((home / "model.keras").read_bytes()).project.model.nodes
    assert [node.layer for node in come_in] == ["Input", "Flatten", "Dense"]  # nothing of what prepares the rows
    order = sorted(originals(), key=lambda one: (one[0] % 2, one[0]))  # as the reader has them, by folder and name
    return keras.models.load_model(home / "model.keras"), [pixels for _, pixels in order], page


@pytest.mark.parametrize("size", SIZES)
def test_a_picture_of_any_size_gets_the_answer_of_the_page(size, made):
    model, pictures, page = made
    found = [(pixels, said) for pixels, said in zip(pictures, page, strict=True) if pixels.shape[:2] == size[::-1]]
    assert len(found) == 10
    given = np.stack([pixels for pixels, _ in found]).astype("float32")
    said = np.stack([answer for _, answer in found])
    exact = size == (24, 24)
    np.testing.assert_allclose(model.predict(given, verbose=0), said, atol=1e-5 if exact else 5e-3)
    assert np.ptp(said[:, 0]) > 0.02, "every picture gets the same answer"
    if not exact:
        picked = np.stack([np.asarray(Image.fromarray(one).resize((24, 24), 0)) for one, _ in found])
        assert np.abs(model.predict(picked.astype("float32"), verbose=0) - said).max() > 5e-3
