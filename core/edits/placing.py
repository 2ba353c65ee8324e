"""Edits of where layers stand on the canvas."""

from __future__ import annotations

from core.edits.kinds import Place, Tidy
from core.edits.references import find, with_model
from core.spec import Project


def place(project: Project, edit: Place) -> Project:
    model = project.model
    if not any(node.id in edit.positions for node in model.nodes):
        find(model, next(iter(edit.positions)))
    nodes = tuple(
        node.model_copy(update={"position": edit.positions[node.id]}) if node.id in edit.positions else node
        for node in model.nodes
    )
    return with_model(project, model.model_copy(update={"nodes": nodes}))


def tidy(project: Project, edit: Tidy) -> Project:
    nodes = tuple(
        node if node.position is None else node.model_copy(update={"position": None}) for node in project.model.nodes
    )
    return with_model(project, project.model.model_copy(update={"nodes": nodes}))
