"""What the project says about single columns: they are there, and the choice suits them."""

from __future__ import annotations

from collections.abc import Iterator

from core import graph
from core.edits import SetParam
from core.problems import Fix, Problem
from core.spec import TableData
from core.validate.case import FEATURES, Case, setting

FEWEST_WORDS = 10
"""The least `max_tokens` of a text."""


def columns(case: Case) -> Iterator[Problem]:
    """`data.columns` names columns of a table."""
    choices, facts = case.project.data.columns or {}, case.facts
    if not choices or facts is None:
        return
    known = (
        {*facts.header, *(column.name for column in facts.columns)} if facts.kind == "table" or facts.header else set()
    )
    for name in choices:
        if name in known:
            continue
        left = {other: choice.model_dump(mode="json") for other, choice in choices.items() if other != name}
        why = (
            "which is no column of the table" if known else "but only the columns of a table can be prepared one by one"
        )
        fix = setting(f"Remove {name}", "data.columns", left or None)
        yield Problem(None, f"data.columns.{name}", f"data.columns names {name!r}, {why}.", fix)


def weights(case: Case) -> Iterator[Problem]:
    """Rows have weights if they are those of a table."""
    data, facts = case.project.data, case.facts
    if data.sample_weight is None or facts is None or data.sample_weight in facts.header:
        return
    message = f"Rows are to weigh as column {data.sample_weight!r} says, but this data has no such column."
    yield Problem(None, "data.sample_weight", message, setting("Weigh all rows alike", "data.sample_weight", None))


def augmentation(case: Case) -> Iterator[Problem]:
    """Only pictures are changed, and only where the answer is not the picture itself."""
    facts = case.facts
    if case.project.data.augmentation is None or facts is None:
        return
    fix = setting("Turn augmentation off", "data.augmentation", None)
    if facts.kind != "image":
        message = "data.augmentation changes pictures, but the rows of this data are none. Turn it off."
        yield Problem(None, "data.augmentation", message, fix)
    elif any(names == [FEATURES] for names in (case.project.data.targets or {}).values()):
        message = (
            "data.augmentation changes the pictures, but an output is to reproduce them as they were before. "
            "Turn it off, or add a layer such as GaussianNoise to the model."
        )
        yield Problem(None, "data.augmentation", message, fix)


def vocabulary(case: Case) -> Iterator[Problem]:
    """An Embedding that takes the words as they come has a row for each of them."""
    data, tokens = case.project.data, case.facts.tokens if case.facts else None
    if tokens is None:
        return
    inputs = {node.id for node in case.project.model.nodes if node.layer == "Input"}
    for node in case.project.model.nodes:
        size = node.params.get("input_dim")
        takes_words = node.layer == "Embedding" and any(graph.source(one)[0] in inputs for one in node.inputs)
        if not takes_words or not isinstance(size, int) or size >= tokens:
            continue
        message = (
            f"The Embedding {node.id!r} has input_dim={size}, but the words of this data are numbers from 0 to "
            f"{tokens - 1:,}. Set input_dim to {tokens}, or know fewer words."
        )
        fix = Fix(f"Set input_dim to {tokens}", (SetParam(node=node.id, name="input_dim", value=tokens),))
        is_own = isinstance(data, TableData) and data.text is not None and size >= FEWEST_WORDS
        fewer = (setting(f"Know {size} words", "data.text.max_tokens", size),) if is_own else ()
        yield Problem(node.id, "input_dim", message, fix, others=fewer)


CHECKS = (columns, weights, augmentation, vocabulary)
