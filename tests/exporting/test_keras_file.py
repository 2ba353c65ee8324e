"""The format `keras`: a file that plain Keras opens."""

from __future__ import annotations

import pytest

from core import document, exporting, gallery
from core.errors import ExportError

pytestmark = pytest.mark.keras


@pytest.mark.parametrize("name", ["digits_cnn", "custom_loss"])
def test_an_untrained_model_opens_in_plain_keras_with_the_seed_of_the_project(name, tmp_path):
    import keras

    project = gallery.load(name)
    (tmp_path / "model.keras").write_bytes(exporting.export(project, "keras"))
    model = keras.models.load_model(tmp_path / "model.keras")
    assert [layer.name for layer in model.layers] == [node.id for node in project.model.nodes]
    keras.utils.set_random_seed(project.training.seed)
    first = keras.initializers.GlorotUniform()((3, 3, 1, 16) if name == "digits_cnn" else (10, 64))
    assert model.weights[0].numpy() == pytest.approx(keras.ops.convert_to_numpy(first))


def test_a_model_that_keras_refuses_is_a_sentence():
    whole = document.to_dict(gallery.load("digits_cnn"))
    whole["model"]["nodes"][1]["params"]["kernel_size"] = 20
    with pytest.raises(ExportError, match=r"cannot be built yet\. conv2d_1: "):
        exporting.export(document.from_dict(whole), "keras")
