"""Checks a project without training it: exact shapes, counts, and every problem with its repair."""

from __future__ import annotations

from core import data, validate
from core.build import results, sentences
from core.build.report import NodeReport, Report
from core.build.walk import Walk
from core.data.facts import DataFacts, Folders
from core.errors import DataError
from core.problems import Problem
from core.spec import Project

__all__ = ["NodeReport", "Report", "check"]


def check(project: Project, facts: DataFacts | None = None, folders: Folders | None = None) -> Report:
    """Shapes, counts and problems of a project; never raises for a bad one, and allocates no weights.

    Each layer is called on shapes alone, and what came of it is remembered, so that one edit of a large model
    asks Keras about one layer.

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
            found.append(Problem(None, "data", str(fault)))
    found += validate.problems(project, facts)
    walk = Walk(project)
    walk.run()
    found += walk.problems
    found += [sentences.explained(refusal) for refusal in walk.refusals]
    found += results.problems(project, facts, walk.outcomes)
    return Report(walk.reports(), tuple(found), facts)
