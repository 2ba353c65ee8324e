"""Pictures changed at random while a model trains: which Keras layers do it, and where they stand in the model."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.data import shaping
from core.data.facts import Array, DataFacts
from core.data.prepare import Preparation
from core.data.raw import Raw
from core.spec import Augmentation, Choice, DownloadedData, Node, Project, Source


def layers(choice: Augmentation, value_range: tuple[float, float]) -> tuple[Choice, ...]:
    """Keras's layers, in the order of their use; all of them idle outside of training.

    Contrast keeps pixels within `value_range`, a pair. Each layer has a seed of its own, counted from that of the
    choice: with one for all a picture that is turned far would also be moved far.
    """
    both = {"height_factor": choice.translation, "width_factor": choice.translation}
    found: list[tuple[int, str, bool, dict[str, Any]]] = [
        (0, "RandomFlip", choice.flip != "none", {"mode": choice.flip}),
        (1, "RandomRotation", choice.rotation > 0, {"factor": choice.rotation, "fill_mode": choice.fill_mode}),
        (2, "RandomTranslation", choice.translation > 0, {**both, "fill_mode": choice.fill_mode}),
        (3, "RandomZoom", choice.zoom > 0, {"height_factor": choice.zoom, "fill_mode": choice.fill_mode}),
        *((number, name, choice.crop > 0, params) for number, name, params in _crop(choice.crop)),
        # of a single number Keras 3.15 takes only more contrast, never less
        (4, "RandomContrast", choice.contrast > 0, {"factor": [choice.contrast] * 2, "value_range": list(value_range)}),
    ]
    return tuple(
        Choice(name=name, params={**params, "seed": choice.seed + number})
        for number, name, is_chosen, params in found
        if is_chosen
    )


def _crop(share: float) -> tuple[tuple[int, str, dict[str, Any]], ...]:
    """A window without this share of the sides, anywhere in the picture, enlarged to the whole.

    The window in the middle reaches every place if the picture is moved before by half of what is cut away, so nothing
    beyond the edge is seen. Keras's RandomCrop cuts all pictures of a batch at one place, and what it does outside of
    training is not what it documents (keras-team/keras#21868).
    """
    half = {"height_factor": share / 2, "width_factor": share / 2}
    return (5, "RandomTranslation", half), (6, "RandomZoom", {"height_factor": [-share, -share]})


def chosen(data: Source, facts: DataFacts) -> tuple[Choice, ...]:
    """The layers for this data; none if its rows are no pictures."""
    if data.augmentation is None or facts.kind != "image":
        return ()
    return layers(data.augmentation, facts.value_range or (0.0, 1.0))


def in_training(project: Project, facts: DataFacts) -> Project:
    """The project as it is trained: behind each Input the layers that change its pictures.

    They hold no weights, so what is trained fits the project's own model. Several inputs see the same changes, since
    each of their layers begins with the same seed.
    """
    found = chosen(project.data, facts)
    if not found:
        return project
    names = {node.id for node in project.model.nodes}
    nodes: list[Node] = []
    renamed: dict[str, str] = {}
    for node in project.model.nodes:
        nodes.append(node)
        if node.layer == "Input":
            added = _behind(node, found, facts.feature_shape, names)
            nodes += added
            renamed[node.id] = added[-1].id
    new = {node.id for node in nodes} - {node.id for node in project.model.nodes}
    moved = tuple(node if node.id in new else _after(node, renamed) for node in nodes)
    return project.model_copy(update={"model": project.model.model_copy(update={"nodes": moved})})


def _behind(node: Node, chosen: tuple[Choice, ...], picture: tuple[int, ...], names: set[str]) -> list[Node]:
    """The layers of one Input; a row that is no picture any more becomes one meanwhile."""
    asked = shaping.shape(node, picture)
    there, back = (
        [Choice(name="Reshape", params={"target_shape": list(shape)})] if asked != picture else []
        for shape in (picture, asked)
    )
    found: list[Node] = []
    for layer in (*there, *chosen, *back):
        before = found[-1].id if found else node.id
        found.append(Node(id=_free(names, layer.name), layer=layer.name, params=layer.params, inputs=(before,)))
    return found


def _free(names: set[str], layer: str) -> str:
    """A name that no other layer has, and that is added to `names`."""
    number = 1
    while (name := f"augmentation_{layer.lower()}_{number}") in names:
        number += 1
    names.add(name)
    return name


def _after(node: Node, renamed: dict[str, str]) -> Node:
    return node.model_copy(update={"inputs": tuple(renamed.get(one.partition(":")[0], one) for one in node.inputs)})


def value_range(data: Source, raw: Raw, train: Array, preparation: Preparation) -> tuple[float, float] | None:
    """Between which numbers the pixels lie that the network sees; contrast is kept within it. None without pictures."""
    if raw.kind != "image":
        return None
    known = expected(data) if isinstance(data, DownloadedData) else None
    if known is not None:
        return known
    pixels = raw.features[train]
    low, high = preparation.apply(np.array([pixels.min(), pixels.max()])).tolist()
    return low, high


def expected(data: DownloadedData) -> tuple[float, float] | None:
    """The same for a set of pictures that need not be here; None where it depends on the training part."""
    known = {"auto": (0.0, 1.0), "min_max": (0.0, 1.0), "none": (0.0, 255.0)}
    return known.get(data.scaling)
