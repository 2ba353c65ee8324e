"""Asks the kernel what is right and wrong with a project, and remembers the answers."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from core import document, problems, validate
from core.data import DataFacts
from core.edits import Edit
from core.engine import Engine
from core.errors import EngineError
from core.problems import Problem
from core.spec import Project

_REMEMBERED = 256


@dataclass(frozen=True)
class Checked:
    """The answer; before the kernel is warm it lacks shapes and counts (`complete` is False).

    `trouble` says why a warm kernel gave no answer; it is among the problems too.
    `memory` is in bytes: `weights`, `gradients`, `optimizer`, `activations`, and `peak`, what training needs at most.
    """

    complete: bool
    problems: tuple[Problem, ...]
    nodes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    parameters: int | None = None
    trainable_parameters: int | None = None
    flops: int | None = None
    memory: Mapping[str, int] | None = None
    facts: DataFacts | None = None
    trouble: str = ""

    def of_node(self, node: str) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.node == node)


class Checker:
    """One for the server; safe to call from its threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._answers: OrderedDict[str, Checked] = OrderedDict()
        self._lock = Lock()

    def check(self, project: Project) -> Checked:
        """Shapes, counts and all problems. Never raises for a bad project: the answer says what is bad."""
        text = document.dump(project.model_copy(update={"name": "-", "description": ""}))
        with self._lock:
            if text in self._answers:
                self._answers.move_to_end(text)
                return self._answers[text]
        if not self._engine.is_warm:
            return Checked(complete=False, problems=tuple(validate.problems(project)))
        try:
            answer = _from_kernel(self._engine.ask({"ask": "check", "project": document.to_dict(project)}))
        except EngineError as trouble:
            found = validate.problems(project)
            return Checked(False, (*found, Problem(None, None, str(trouble))), trouble=str(trouble))
        with self._lock:
            self._answers[text] = answer
            while len(self._answers) > _REMEMBERED:
                self._answers.popitem(last=False)
        return answer

    def repairs(self, project: Project) -> tuple[Edit, ...]:
        """What "Repair all" does: edits that leave no problem, or as few as the repairs come to."""
        return problems.repairs(project, lambda changed: self.check(changed).problems)


def _from_kernel(answer: Mapping[str, Any]) -> Checked:
    facts = answer.get("facts")
    return Checked(
        complete=True,
        problems=tuple(Problem.from_dict(problem) for problem in answer["problems"]),
        nodes={node["id"]: node for node in answer["nodes"]},
        parameters=answer["parameters"],
        trainable_parameters=answer["trainable_parameters"],
        flops=answer["flops"],
        memory=answer["memory"],
        facts=DataFacts.from_dict(facts) if facts else None,
    )
