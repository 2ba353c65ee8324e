"""The format `python`: plain Keras code without a line of ours, that gives the numbers of the page."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core import graph
from core.data import in_training
from core.errors import ExportError, FormulaError, SpecError
from core.exporting.script import compiling, data, fitting, looping, model, names
from core.exporting.script.draft import ModelCode, model_code
from core.exporting.script.writing import Code
from core.spec import Node, Project

if TYPE_CHECKING:
    from core.data.facts import DataFacts


__all__ = ["INITIAL_WEIGHTS", "ModelCode", "Sections", "heading", "model_code", "script", "sections"]


INITIAL_WEIGHTS = "start.weights.h5"
"""The file that a script reads if the project begins with imported weights."""


@dataclass(frozen=True)
class Sections:
    """The parts of a script; `compile` and `training` are what the page shows as the code that is running."""

    imports: str
    data: str
    model: str
    compile: str
    training: str

    def script(self, heading: str) -> str:
        """The whole file."""
        parts = (self.imports, self.data, self.model, self.compile, self.training)
        return _spaced(heading + "\n".join(parts))


def script(project: Project, facts: DataFacts) -> str:
    """A Python file that does what the project says; its last line of output is a JSON object with the last numbers.

    Raises:
        ExportError: if the project is not complete.
    """
    return sections(project, facts).script(_docstring(project))


def sections(project: Project, facts: DataFacts) -> Sections:
    """The script in parts.

    Raises:
        ExportError: if the project is not complete.
    """
    try:
        return _sections(project, facts)
    except (SpecError, FormulaError) as fault:
        raise ExportError(f"This project cannot be written as code yet. {fault}") from fault


def _sections(project: Project, facts: DataFacts) -> Sections:
    functions = names.functions(project, model.variables(project.model).values())
    data_lines, imports = data.lines(project, facts)
    has_validation = bool(facts.parts.get("validation"))
    if project.training.loop == "fit":
        compiled = compiling.compile_call(project, functions)
        training = fitting.lines(project, has_validation)
    else:
        compiled = compiling.pieces(project, functions)
        training = looping.lines(project, functions, has_validation)
    parts = (
        ["# The data.", *data_lines],
        ["# The model.", *_model(project, facts), *_initial_weights(project)],
        ["# What it learns by.", *compiling.definitions(functions), *compiled],
        ["# The training.", *training],
    )
    written = [_spaced("\n".join(part)) for part in parts]
    return Sections(_imports(imports, "\n".join(written)), *written)


def _model(project: Project, facts: DataFacts) -> list[str]:
    trained = in_training(project, facts)
    own = {node.id for node in project.model.nodes}
    changing = [node for node in trained.model.nodes if node.id not in own]
    about = []
    if changing:
        about.append("# The Random layers in front change the pictures while training, and at no other time.")
    if changing and project.data.augmentation and (share := project.data.augmentation.crop):
        about.append(f"# The RandomZoom by [-{share}, -{share}] and the RandomTranslation before it crop them.")
    if facts.value_range is None:
        spoken = {node.id: _by_the_rows(node, len(graph.inputs(project.model)) > 1) for node in changing}
        nodes = tuple(spoken.get(node.id, node) for node in trained.model.nodes)
        trained = trained.model_copy(update={"model": trained.model.model_copy(update={"nodes": nodes})})
    seed = f"keras.utils.set_random_seed({project.training.seed})"
    return [*about, seed, *model.lines(trained.model)]


def _by_the_rows(node: Node, several: bool) -> Node:
    """A set that is downloaded shows only then how far its scaled pixels go."""
    if "value_range" not in node.params:
        return node
    pixels = "x_train[0]" if several else "x_train"
    found = Code(f"(float({pixels}.min()), float({pixels}.max()))")
    return node.model_copy(update={"params": {**node.params, "value_range": found}})


def _initial_weights(project: Project) -> list[str]:
    if project.training.initial_weights is None:
        return []
    return ["# The imported weights: a file of the Export page, to be put beside this script.",
            f'model.load_weights("{INITIAL_WEIGHTS}")']  # fmt: skip


_ALWAYS = {"json", "keras", "numpy as np", "pandas as pd", "tensorflow as tf", "zipfile"}
_OF_PYTHON = {"collections", "importlib.resources", "json", "pathlib", "re", "zipfile"}


def _imports(asked: set[str], body: str) -> str:
    """The import lines that the body uses, in the order of isort."""
    lines = {line for line in asked if line.startswith("from ")}
    for module in _ALWAYS:
        name = module.rpartition(" ")[2]
        if re.search(rf"\b{name}\.", body):
            lines.add(f"import {module}")
    if re.search(r"(?<![\w.])ops\.", body):
        lines.add("from keras import ops")
    own = {line for line in lines if line.split(" ")[1] in _OF_PYTHON} | {"import json"}
    return "\n".join(_sorted(own)) + "\n\n" + "\n".join(_sorted(lines - own)) + "\n"


def _sorted(lines: set[str]) -> list[str]:
    """`import …` before `from …`; what comes from one module on one line."""
    plain = sorted(line for line in lines if line.startswith("import "))
    by_module: dict[str, list[str]] = {}
    for line in sorted(lines - set(plain)):
        _, module, _, name = line.split(" ")
        by_module.setdefault(module, []).append(name)
    return plain + [f"from {module} import {', '.join(found)}" for module, found in by_module.items()]


def heading(project: Project) -> str:
    """The project's name and description in one line, without anything that could end a docstring."""
    words = " ".join(f"{project.name}. {project.description}".split())
    return "".join(letter for letter in words if letter.isprintable()).replace("\\", "/").replace('"', "'").strip()


def _docstring(project: Project) -> str:
    first, *rest = textwrap.wrap(heading(project) or "Untitled.", 82)
    quotes = '"""'
    return f"{quotes}{first}{quotes}\n\n" if not rest else "\n".join([quotes + first, *rest, quotes, "\n"])


def _spaced(source: str) -> str:
    """Two empty lines around definitions, never more; none at the ends."""
    return re.sub(r"\n{3,}", "\n\n\n", source).strip("\n") + "\n"
