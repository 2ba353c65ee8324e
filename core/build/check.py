"""Checks a project without training it: exact shapes, counts, and every problem with its repair."""

from __future__ import annotations

from core import blocks, data, validate
from core.build import originals, results, sentences
from core.build.memory import memory
from core.build.report import NodeReport, Report
from core.build.walk import Walk
from core.data.facts import DataFacts, Folders
from core.edits import Set
from core.errors import DataError
from core.problems import Fix, Problem
from core.spec import Project

__all__ = ["NodeReport", "Report", "check", "data_problem"]


def check(project: Project, facts: DataFacts | None = None, folders: Folders | None = None) -> Report:
    """Shapes, counts and problems of a project; never raises for a bad one, and allocates no weights.

    Each layer is called on shapes alone, and what came of it is remembered, so that one edit of a large model
    asks Keras about one layer. A layer in a repeated block is looked at once for each repeat.

    Args:
        project: with full names, as `core.document` gives it.
        facts: what is known of the data.
        folders: where to look the data up when `facts` are not given; without both the data is not looked at.
    """
    found: list[Problem] = []
    if facts is None and folders is not None:
        try:
            facts = data.describe(project.data, folders)
        except DataError as fault:
            found.append(data_problem(fault))
    found += validate.problems(project, facts)
    expansion = blocks.expansion(blocks.sound(project.model))
    written_out = project.model_copy(update={"model": expansion.model})
    walk = Walk(written_out)
    walk.run()
    shown = [*walk.problems, *(sentences.explained(refusal) for refusal in walk.refusals)]
    shown += results.problems(written_out, facts, walk.outcomes)
    found += originals.problems(project.model, shown, expansion)
    nodes = originals.reports(project.model, walk.reports(), expansion)
    return Report(nodes, tuple(found), facts, memory(written_out, walk.outcomes))


def data_problem(fault: DataError) -> Problem:
    """Why there is no data, with its place and its repair."""
    fix = None
    if fault.repair:
        label, fields = fault.repair
        fix = Fix(label, tuple(Set(path=path, value=value) for path, value in fields.items()))
    return Problem(None, fault.field, str(fault), fix)
