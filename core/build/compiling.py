"""A Keras model with its optimizer, losses and metrics, a user's own formulas among them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import tensorflow as tf

from core import catalog, formula, graph
from core.build.network import model, one_or_all
from core.build.objects import first_sentence, keras_object
from core.errors import BuildError, FormulaError
from core.spec import Choice, CompileSpec, Project


def compiled(project: Project) -> Any:
    """The Keras model of a project, compiled.

    `"auto"` means what a plain script gets: one step per call, no XLA. `core.train` measures and chooses better.

    Raises:
        BuildError: if Keras refuses a layer (`path` is the node), or something of `compile` (`path` is its field).
    """
    network = model(project)
    spec, outputs = project.compile, graph.outputs(project.model)
    try:
        network.compile(
            optimizer=_at("compile.optimizer", lambda: keras_object("optimizer", spec.optimizer)),
            loss=_at("compile.loss", lambda: one_or_all([_loss(spec, output) for output in outputs])),
            loss_weights=_loss_weights(spec, outputs),
            metrics=_at("compile.metrics", lambda: one_or_all([_metrics(spec, output) for output in outputs])),
            run_eagerly=spec.run_eagerly,
            steps_per_execution=1 if spec.steps_per_execution == "auto" else spec.steps_per_execution,
            jit_compile=False if spec.jit_compile == "auto" else spec.jit_compile,
        )
    except (ValueError, TypeError) as refusal:
        raise BuildError("compile", f"Keras refuses to compile this model: {first_sentence(refusal)}") from refusal
    return network


def formula_function(source: str) -> Callable[[Any, Any], Any]:
    """A user's own formula as a function of (y_true, y_pred), named as in its text; Keras shows that name.

    Raises:
        BuildError: if the formula is not allowed.
    """
    try:
        parsed = formula.parse(source)
    except FormulaError as fault:
        raise BuildError("", str(fault)) from None
    namespace = {"tf": tf, "keras": keras, "ops": keras.ops}

    def function(y_true: Any, y_pred: Any) -> Any:
        return parsed.call(y_true, y_pred, namespace)

    function.__name__ = parsed.name
    return function


def _loss(spec: CompileSpec, output: str) -> Any:
    choice = spec.loss if isinstance(spec.loss, Choice) else spec.loss.get(output)
    if choice is None or choice.source is None:
        return choice and keras_object("loss", choice)
    return formula_function(choice.source)


def _metrics(spec: CompileSpec, output: str) -> list[Any]:
    choices = spec.metrics.get(output, ()) if isinstance(spec.metrics, dict) else spec.metrics
    return [
        formula_function(choice.source) if choice.source else keras_object("metric", _resolved(choice, spec, output))
        for choice in choices
    ]


def _resolved(choice: Choice, spec: CompileSpec, output: str) -> Choice:
    """`accuracy` is the accuracy that goes with the loss."""
    if choice.name.lower() not in ("accuracy", "acc"):
        return choice
    loss = spec.loss if isinstance(spec.loss, Choice) else spec.loss.get(output)
    return choice.model_copy(update={"name": catalog.resolve_accuracy(loss.name if loss else "")})


def _loss_weights(spec: CompileSpec, outputs: tuple[str, ...]) -> list[float] | None:
    if spec.loss_weights is None:
        return None
    return [spec.loss_weights.get(output, 1.0) for output in outputs]


def _at(field: str, act: Callable[[], Any]) -> Any:
    """What `act` gives; its BuildError names the field."""
    try:
        return act()
    except BuildError as fault:
        raise BuildError(field, fault.message) from fault.__cause__
