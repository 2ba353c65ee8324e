"""What the tests ask of a report: its shapes, its only problem, and what its repairs lead to."""

from __future__ import annotations

import functools

from core import edits
from tests.validate import small

facts = functools.partial(small.facts, shape=(8, 8, 1))


def shapes(report):
    return {node.id: node.output_shape for node in report.nodes}


def only(report):
    assert len(report.problems) == 1, [problem.message for problem in report.problems]
    return report.problems[0]


def repaired(check, project, known=None, rounds=4):
    """Presses the first fix again and again, as a user would."""
    for _ in range(rounds):
        report = check(project, known)
        fix = next((problem.fix for problem in report.problems if problem.fix), None)
        if fix is None:
            return report
        project = edits.applied(project, fix.edits)
    return check(project, known)
