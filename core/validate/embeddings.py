"""Columns that are to be embedded: each has an Input of its own and an Embedding behind it that is large enough.

And the other way round: an Embedding is given codes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from core import graph
from core.data.facts import Column, DataFacts, places
from core.edits import Add, Edit, Remove, Set, SetInputs, SetParam, applied
from core.problems import Fix, Problem
from core.spec import ModelSpec, Node, Project
from core.validate.case import Case, setting

_WIDEST = 50


def width(categories: int) -> int:
    """A usual `output_dim`: half as many numbers as there are categories, from 2 to 50 (fast.ai's older rule)."""
    return max(2, min(_WIDEST, (categories + 1) // 2))


def embeddings(case: Case) -> Iterator[Problem]:
    """A column whose encoding is "embedding" gives a code, which only an Embedding can make sense of."""
    facts = case.facts
    for column in facts.columns if facts else ():
        if facts is None or not case.nodes or column.kind != "category" or column.encoding != "embedding":
            continue
        codes = len(column.categories) + 1
        found = _embedding(case, column.name)
        field = f"data.columns.{column.name}.encoding"
        if found is None:
            message = (
                f"The column {column.name!r} is to be embedded, so it needs an Input of its own with an Embedding "
                "behind it, but the model has none for it. Add them, or choose one_hot."
            )
            yield Problem(None, field, message, _branch(case, facts, column))
            continue
        size = found.params.get("input_dim")
        if isinstance(size, int) and size < codes:
            message = (
                f"The Embedding {found.id!r} has input_dim={size}, but the column {column.name!r} has codes from 0 to "
                f"{codes - 1}. Set input_dim to {codes}."
            )
            edit = SetParam(node=found.id, name="input_dim", value=codes)
            yield Problem(found.id, "input_dim", message, Fix(f"Set input_dim to {codes}", (edit,)))


def embeddings_are_given_codes(case: Case) -> Iterator[Problem]:
    """A column that was embedded once leaves its Embedding behind, which would look up zeros and ones."""
    for column, embedding in _mistaken(case):
        name, numbers = column.name, len(column.encoded)
        message = (
            f"{embedding.id}: an Embedding takes codes, but {name!r}, the column that it is given, is encoded as "
            f"one_hot, which is {numbers} numbers. Take the Embedding out, or encode the column as embedding."
        )
        choices = case.project.data.columns or {}
        columns = {one: choice.model_dump(mode="json", exclude_defaults=True) for one, choice in choices.items()}
        again = {**columns, name: {**columns.get(name, {}), "encoding": "embedding"}}
        fix = Fix(f"Take the Embedding of {name[:30]} out", _taken_out(case, column, embedding))
        back = setting(f"Embed {name[:30]}", "data.columns", again)
        yield Problem(embedding.id, f"data.columns.{name}.encoding", message, fix, others=(back,))


def inputs_of_embeddings(case: Case) -> frozenset[str]:
    """The Inputs whose column has to be encoded otherwise; their shape is not what is wrong."""
    return frozenset(graph.source(one)[0] for _, embedding in _mistaken(case) for one in embedding.inputs)


def _mistaken(case: Case) -> Iterator[tuple[Column, Node]]:
    if not any(node.layer == "Embedding" for node in case.project.model.nodes):
        return
    for column in case.facts.columns if case.facts else ():
        if column.kind == "category" and column.encoding == "one_hot" and (found := _embedding(case, column.name)):
            yield column, found


def _taken_out(case: Case, column: Column, embedding: Node) -> tuple[Edit, ...]:
    """Back to what was there before `_branch`, if the layers still stand so; else only the Embedding goes."""
    model, given = case.project.model, case.project.data.inputs or {}
    own, behind = graph.source(embedding.inputs[0])[0], graph.children(model)[embedding.id]
    shaping = next((one for one in behind if case.nodes[one].layer in ("Flatten", "Reshape")), None)
    going = (embedding.id, *([shaping] if shaping and len(behind) == 1 else []))
    merge = _merge(case, shaping) if len(going) > 1 else None
    main = next((one for one in graph.parents(merge) if one in given and one != own), None) if merge else None
    if merge is None or main is None or graph.children(model)[own] != (embedding.id,):
        return (*(Remove(node=one) for one in going), _shape(case, own, [column.name]))
    together = {*given[main], column.name}
    every = [one.name for one in case.facts.columns] if case.facts else []
    names = [name for name in every if name in together]
    shared: dict[str, Any] = {node: names if node == main else given[node] for node in given if node != own}
    left = tuple(one for one in merge.inputs if graph.source(one)[0] != shaping)
    return (
        *(Remove(node=one, heal=False) for one in (*reversed(going), own)),
        *((Remove(node=merge.id),) if len(left) == 1 else ()),
        _shape(case, main, names),
        Set(path="data.inputs", value=shared if len(shared) > 1 or names != every else None),
    )


def _merge(case: Case, shaping: str | None) -> Node | None:
    """The Concatenate that is all that the layer leads to."""
    behind = graph.children(case.project.model)[shaping] if shaping else ()
    return case.nodes[behind[0]] if len(behind) == 1 and case.nodes[behind[0]].layer == "Concatenate" else None


def _shape(case: Case, node: str, names: list[str]) -> SetParam:
    """An Input gets the shape of these columns."""
    lead = list(case.facts.feature_shape[:-1]) if case.facts else []
    groups = places(case.facts.columns) if case.facts else {}
    return SetParam(node=node, name="shape", value=[*lead, sum(len(groups[name]) for name in names)])


def _embedding(case: Case, name: str) -> Node | None:
    """The Embedding that takes this column and nothing else."""
    alone = _inputs(case, [name])
    return next(
        (
            node
            for node in case.project.model.nodes
            if node.layer == "Embedding" and any(graph.source(one)[0] in alone for one in node.inputs)
        ),
        None,
    )


def _inputs(case: Case, names: list[str]) -> set[str]:
    """The Input nodes that get exactly these columns."""
    nodes = [node.id for node in case.project.model.nodes if node.layer == "Input"]
    given = case.project.data.inputs
    if given is None:
        every = [column.name for column in case.facts.columns] if case.facts else []
        return set(nodes) if every == names else set()
    return {node for node in nodes if given.get(node) == names}


def _branch(case: Case, facts: DataFacts, column: Column) -> Fix | None:
    """Takes the column out of the Input that has it now, and joins it again behind an Embedding."""
    nodes = [node for node in case.project.model.nodes if node.layer == "Input"]
    every = [one.name for one in facts.columns]
    given = case.project.data.inputs or ({nodes[0].id: every} if len(nodes) == 1 else {})
    main = next((node for node in nodes if column.name in given.get(node.id, ())), None)
    main = main or next((node for node in nodes if node.id in given), None)  # a column that no Input has
    if main is None:
        return None
    others = [name for name in given[main.id] if name != column.name]
    label = f"Give {column.name[:30]} an Embedding"
    if not others:
        return Fix(label, _behind(case.project.model, main.id, facts, column)[0])
    own = graph.fresh_id(case.project.model, "Input")
    lead = list(facts.feature_shape[:-1])
    numbers = sum(len(places(facts.columns)[name]) for name in others)
    layers, last = _behind(case.project.model, own, facts, column)
    shared: dict[str, Any] = {**given, main.id: others, own: [column.name]}
    edits: tuple[Edit, ...] = (
        Add(layer="Input", id=own, linked=False, params={"shape": [*lead, 1]}),
        *layers,
        *_joined(case.project.model, main.id, last),
        SetParam(node=main.id, name="shape", value=[*lead, numbers]),
        Set(path="data.inputs", value=shared),
    )
    return Fix(label, edits)


def _behind(model: ModelSpec, source: str, facts: DataFacts, column: Column) -> tuple[tuple[Edit, ...], str]:
    """An Embedding behind `source`, whose numbers stand in the last axis; and the layer that gives them."""
    codes, lead = len(column.categories) + 1, list(facts.feature_shape[:-1])
    size = width(len(column.categories))
    shaping = "Reshape" if lead else "Flatten"
    shape: dict[str, Any] = {"target_shape": [*lead, size]} if lead else {}
    embedding, last = graph.fresh_id(model, "Embedding"), graph.fresh_id(model, shaping)
    return (
        Add(layer="Embedding", id=embedding, after=source, params={"input_dim": codes, "output_dim": size}),
        Add(layer=shaping, id=last, after=embedding, params=shape),
    ), last


def _joined(model: ModelSpec, main: str, last: str) -> tuple[Edit, ...]:
    """`last` beside what `main` gives: in the Concatenate that is there already, or in a new one."""
    fed = [node for node in model.nodes if main in graph.parents(node)]
    if len(fed) == 1 and fed[0].layer == "Concatenate":
        return (SetInputs(node=fed[0].id, inputs=(*fed[0].inputs, last)),)
    merge = graph.fresh_id(model, "Concatenate")
    return (
        Add(layer="Concatenate", id=merge, after=main),
        SetInputs(node=merge, inputs=(main, last)),
    )


def with_embeddings(project: Project, facts: DataFacts) -> Project:
    """The project with all the layers that its columns to be embedded lack."""
    for _ in facts.columns:
        missing = [found.fix for found in embeddings(Case(project, facts)) if found.node is None and found.fix]
        if not missing:
            break
        project = applied(project, missing[0].edits)
    return project


CHECKS = (embeddings, embeddings_are_given_codes)
