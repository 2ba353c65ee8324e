"""Checks that need the shapes: does the output suit the target, and does all of it fit a machine?"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from core import graph
from core.build.symbolic import Outcome
from core.data.facts import DataFacts
from core.edits import Add, Edit, InsertBefore, SetParam
from core.problems import Fix, Problem
from core.spec import Node, Project
from core.validate import MAX_PARAMETERS
from core.validate.case import FEATURES, Case
from core.validate.ends import end

_BY_ELEMENT = {
    *("Dense", "Activation", "ReLU", "LeakyReLU", "PReLU", "ELU", "Softmax", "Identity"),
    *("Dropout", "GaussianNoise", "GaussianDropout", "AlphaDropout"),
    *("BatchNormalization", "LayerNormalization", "UnitNormalization", "RMSNormalization"),
}
"""Layers that take rows with any number of axes, and keep it."""
_RECURRENT = ("LSTM", "GRU", "SimpleRNN", "Bidirectional")
_MAX_BATCH_BYTES = 4 * 2**30

Outcomes = Mapping[str, Outcome]


def problems(project: Project, facts: DataFacts | None, outcomes: Outcomes) -> list[Problem]:
    """What only shows once the shapes are known."""
    case = Case(project, facts)
    return [*_too_many_parameters(outcomes), *_too_large_batches(case, outcomes), *_unsuited_outputs(case, outcomes)]


def _too_many_parameters(outcomes: Outcomes) -> Iterator[Problem]:
    total = sum(found.parameters for found in outcomes.values())
    if total > MAX_PARAMETERS:
        largest = max(outcomes, key=lambda name: outcomes[name].parameters)
        message = (
            f"{largest}: the model would have {total:,} parameters, {outcomes[largest].parameters:,} of them here; "
            f"at most {MAX_PARAMETERS:,} fit. Make this layer smaller, or shrink what feeds it."
        )
        yield Problem(largest, None, message)


def _too_large_batches(case: Case, outcomes: Outcomes) -> Iterator[Problem]:
    batch = case.project.training.batch_size
    for name, found in outcomes.items():
        size = max(math.prod(size or 1 for size in spec.shape[1:]) for spec in found.specs)
        if 4 * size * batch > _MAX_BATCH_BYTES:
            gigabytes = 4 * size * batch / 2**30
            message = (
                f"{name}: for a batch of {batch:,} rows it gives {size * batch:,} numbers, {gigabytes:,.0f} GB; "
                "4 GB fit. Make it smaller, or lower training.batch_size."
            )
            yield Problem(name, None, message)


def _unsuited_outputs(case: Case, outcomes: Outcomes) -> Iterator[Problem]:
    for reference in case.project.model.outputs:
        name, slot = graph.source(reference)
        found = outcomes.get(name)
        if found is None or case.facts is None:
            continue
        if slot >= len(found.specs):
            message = f"The output {reference!r} is not there: {name} has {len(found.specs)} results. Choose another."
            yield Problem(name, "model.outputs", message)
            continue
        row = found.specs[slot].shape[1:]
        if (case.project.data.targets or {}).get(name) == [FEATURES]:
            yield from _reproduces(case, name, row)
        else:
            yield from _suits(case, name, row, outcomes)


def _reproduces(case: Case, name: str, row: tuple[int | None, ...]) -> Iterator[Problem]:
    """An autoencoder gives as many numbers as it takes."""
    needed = case.facts.feature_shape if case.facts else ()
    if None not in row and math.prod(size or 0 for size in row) != math.prod(needed):
        last = end(case, name)
        fix = None
        if last.sized_by is not None and len(row) == 1:
            edit = SetParam(node=last.sized_by.id, name="units", value=math.prod(needed))
            fix = Fix(f"Set units to {math.prod(needed)}", (edit,))
        message = f"{name}: it has to give back the features, of shape {list(needed)}, and gives {_written(row)}. "
        yield Problem(name, "output_shape", f"{message}Give it {math.prod(needed):,} numbers.", fix)


def _suits(case: Case, name: str, row: tuple[int | None, ...], outcomes: Outcomes) -> Iterator[Problem]:
    target, loss = case.target(name), case.loss(name)
    if target is None or loss is None:
        return
    width = (target.classes or 2) if target.task == "classification" else 1
    needed = f"{width} numbers, one for each class" if width > 1 else "one number"
    if len(row) != 1:
        fix, *others = _flattenings(case, name, outcomes)
        message = f"{name}: one row of the target {target.name!r} needs {needed}, and it gives a {_written(row)}. "
        yield Problem(name, "output_shape", f"{message}{fix.label} to bring it into one row.", fix, "", tuple(others))
        return
    free = loss.source is not None or end(case, name).sized_by is not None  # validate looks at the units of a Dense
    allowed = (1, 2) if target.task == "binary" else (width,)
    if row[0] not in allowed and not free:
        activation = {"classification": "softmax", "binary": "sigmoid"}.get(target.task, "linear")
        edit = Add(layer="Dense", params={"units": width, "activation": activation}, after=name)
        message = (
            f"{name}: the target {target.name!r} needs {needed}, and it gives {row[0]}. Add a Dense layer behind it."
        )
        yield Problem(name, "output_shape", message, Fix(f"Add Dense({width}) behind it", (edit,)))


def _written(row: tuple[int | None, ...]) -> str:
    return "block of " + " × ".join("any" if size is None else str(size) for size in row) if row else "single number"


def _flattenings(case: Case, name: str, outcomes: Outcomes) -> list[Fix]:
    """Where the axes are best brought into one: above the last run of Dense layers, or at the end."""
    top: Node | None = None
    node = case.nodes.get(name)
    while node is not None and node.layer in _BY_ELEMENT and len(node.inputs) == 1:
        top = node if node.layer == "Dense" else top
        above = graph.source(node.inputs[0])[0]
        if above not in outcomes or len(outcomes[above].specs[0].shape) <= 2:
            break
        node = case.nodes.get(above)
    if top is not None:
        layers = ("Flatten", _pooling(outcomes[graph.source(top.inputs[0])[0]]))
        found = [Fix(f"Insert {layer} before {top.id}", (InsertBefore(node=top.id, layer=layer),)) for layer in layers]
    else:
        layers = (_pooling(outcomes[name]), "Flatten")
        found = [Fix(f"Add {layer} behind it", (Add(layer=layer, after=name),)) for layer in layers]
    found = list({fix.label: fix for fix in found}.values())
    if node is not None and node.layer in _RECURRENT and node.params.get("return_sequences") is True:
        found.insert(0, Fix(f"Turn return_sequences off in {node.id}", (_ends_with_one_step(node),)))
    return found


def _pooling(found: Outcome) -> str:
    """The pooling that leaves one row for so many axes."""
    axes = len(found.specs[0].shape) - 1
    poolings = {2: "GlobalAveragePooling1D", 3: "GlobalAveragePooling2D", 4: "GlobalAveragePooling3D"}
    return poolings.get(axes, "Flatten")


def _ends_with_one_step(node: Node) -> Edit:
    return SetParam(node=node.id, name="return_sequences", value=False)
