"""The names that a script uses, and those that a project brings: ids of nodes, functions of the user's own."""

from __future__ import annotations

import builtins
import io
import itertools
import keyword
import re
import tokenize
from collections.abc import Iterable
from dataclasses import dataclass

from core import formula, graph
from core.spec import Choice, CompileSpec, ModelSpec, Project

_NUMBERED = re.compile(r"[a-z0-9_]+_\d+")
_NUMBER = re.compile(r"_\d+$")

_IN_THE_SCRIPT = """
functools json math np pd tf keras ops train_test_split x y x_train y_train x_validation y_validation x_test y_test
model optimizer loss losses loss_function loss_functions metric metrics callbacks history logs dataset validation
epoch train_step train_steps validation_step results batches prediction gradients tape mean_loss step name names
value values generator weights scores table columns numbers chosen scaler prepare fill encoder shift by inner moved
spacing cycles phase time height waves label angle along radius hills heights texts path file found some target output
last total total_loss separator w w_train w_validation w_test order times said groups count kept splitter counts more
low high dates encoded weight weights train validation test
archive labels picture suffixes parts places name plain zipfile PurePosixPath Image ImageOps
"""
TAKEN = frozenset(_IN_THE_SCRIPT.split()) | frozenset(dir(builtins))
"""Names that mean something else in a script."""


def safe(name: str, taken: frozenset[str] | set[str] = TAKEN) -> str:
    """The name, or one like it that Python and the script leave free."""
    while keyword.iskeyword(name) or keyword.issoftkeyword(name) or name in taken:
        name += "_"
    return name


def different(identifiers: Iterable[str]) -> dict[str, str]:
    """For each id the name of a variable; no two have one."""
    found: dict[str, str] = {}
    taken = set(TAKEN)
    for identifier in identifiers:
        found[identifier] = safe(identifier, taken)
        taken.add(found[identifier])
    return found


def named(model: ModelSpec) -> frozenset[str]:
    """The layers whose names are written: those that the user chose, and outputs, which Keras's logs show.

    Keras calls other layers `dense`, `dense_1` …, so such a name of the user's is left to Keras; if an output has
    one, all names are written.
    """
    automatic = {_snake_case(node.layer) for node in model.nodes}
    ids = [node.id for node in model.nodes]
    several = frozenset(graph.outputs(model) if len(model.outputs) > 1 else ())
    if any(_NUMBER.sub("", name) in automatic for name in several):
        return frozenset(ids)
    return several | {name for name in ids if not _NUMBERED.fullmatch(name) and name not in automatic}


def _snake_case(layer: str) -> str:
    """As `keras.src.utils.naming.to_snake_case`."""
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", layer)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()


@dataclass(frozen=True)
class Function:
    """A user's own formula under the name that it has in the script."""

    name: str
    source: str


def functions(project: Project, variables: Iterable[str]) -> dict[str, Function]:
    """For the source text of each custom loss and metric the function that the script defines."""
    found: dict[str, Function] = {}
    taken = {*TAKEN, *variables}
    for choice in custom_choices(project.compile):
        source = choice.source or ""
        if source in found:
            continue
        parsed = formula.parse(source)
        name = safe(parsed.name, taken)
        taken.add(name)
        found[source] = Function(name, _renamed(parsed.source, name) if name != parsed.name else parsed.source)
    return found


def custom_choices(spec: CompileSpec) -> list[Choice]:
    """The custom losses, then the custom metrics."""
    losses = [spec.loss] if isinstance(spec.loss, Choice) else [*spec.loss.values()]
    groups = [spec.metrics] if isinstance(spec.metrics, tuple) else [*spec.metrics.values()]
    return [choice for choice in (*losses, *(metric for group in groups for metric in group)) if choice.source]


def _renamed(source: str, name: str) -> str:
    """The text with another name behind `def`."""
    tokens = [*tokenize.generate_tokens(io.StringIO(source).readline)]
    place = next(after for before, after in itertools.pairwise(tokens) if before.string == "def")
    lines = source.split("\n")
    row, column = place.start
    lines[row - 1] = lines[row - 1][:column] + name + lines[row - 1][column + len(place.string) :]
    return "\n".join(lines)
