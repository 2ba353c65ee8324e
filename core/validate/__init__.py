"""Finds everything that is wrong with a project, all at once, before Keras is asked."""

from __future__ import annotations

from core.data.facts import DataFacts
from core.problems import Problem
from core.spec import Project
from core.validate import choices, data, embeddings, links, loss, params, repeats, training
from core.validate.case import Case
from core.validate.embeddings import with_embeddings
from core.validate.params import MAX_PARAMETERS

__all__ = ["MAX_PARAMETERS", "broken_nodes", "problems", "with_embeddings"]

_OF_THE_GRAPH = (*links.CHECKS, *params.CHECKS)
_CHECKS = (
    *_OF_THE_GRAPH,
    *repeats.CHECKS,
    *choices.CHECKS,
    *loss.CHECKS,
    *training.CHECKS,
    *data.CHECKS,
    *embeddings.CHECKS,
)


def problems(project: Project, facts: DataFacts | None = None) -> list[Problem]:
    """All faults of a project, those of the graph first; a list that is empty says that Keras may be asked.

    Args:
        project: with full names, as `core.document` gives it.
        facts: what is known of the data; without them nothing is said about how the model suits the data.
    """
    case = Case(project, facts)
    return [problem for check in _CHECKS for problem in check(case)]


def broken_nodes(project: Project) -> frozenset[str]:
    """The nodes that Keras cannot be asked about: their layer, a parameter or their inputs are wrong."""
    case = Case(project)
    found = (problem for check in _OF_THE_GRAPH for problem in check(case))
    return frozenset(problem.node for problem in found if problem.node is not None and problem.field is not None)
