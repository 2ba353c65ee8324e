"""Writes what training works with: the user's own functions, the optimizer, losses, metrics, callbacks."""

from __future__ import annotations

from core import graph
from core.exporting.script import objects
from core.exporting.script.names import Function
from core.exporting.script.writing import Call, Value, assign, call, listed, render, text
from core.spec import Choice, CompileSpec, Project

Functions = dict[str, Function]


def definitions(functions: Functions) -> list[str]:
    """The user's own losses and metrics, as they were typed."""
    return ["\n\n" + function.source.rstrip() + "\n\n" for function in functions.values()]


def compile_call(project: Project, functions: Functions) -> list[str]:
    """`model.compile(…)` with what is not the default."""
    spec, outputs = project.compile, graph.outputs(project.model)
    losses = [_loss(spec, output, functions) for output in outputs]
    metrics = [metrics_of(spec, output, functions) for output in outputs]
    weights = [repr((spec.loss_weights or {}).get(output, 1.0)) for output in outputs]
    steps = spec.steps_per_execution
    written = call(
        "model.compile",
        optimizer=objects.of_choice("optimizer", spec.optimizer),
        loss=losses[0] if len(outputs) == 1 else listed(losses),
        loss_weights=listed([*weights]) if spec.loss_weights else None,
        metrics=_compiled_metrics(metrics),
        run_eagerly="True" if spec.run_eagerly else None,
        steps_per_execution=str(steps) if steps not in ("auto", 1) else None,
        jit_compile=None if spec.jit_compile == "auto" else str(spec.jit_compile and not spec.run_eagerly),
    )
    return [render(written)]


def _compiled_metrics(metrics: list[list[Value]]) -> Value | None:
    if not any(metrics):
        return None
    return listed(metrics[0]) if len(metrics) == 1 else listed([listed(some) for some in metrics])


def pieces(project: Project, functions: Functions) -> list[str]:
    """The same objects one by one, for a loop that calls them itself."""
    spec, outputs = project.compile, graph.outputs(project.model)
    found = [assign("optimizer", objects.of_choice("optimizer", spec.optimizer))]
    metrics = [metrics_of(spec, output, functions, wrapped=True) for output in outputs]
    if len(outputs) == 1:
        loss = loss_choice(spec, outputs[0])
        if loss is not None and not loss.source:
            found.append(assign("loss_function", objects.of_choice("loss", loss)))
        return [*found, assign("metrics", listed(metrics[0]))] if metrics[0] else found
    losses = [_loss(spec, output, functions) for output in outputs]
    found.append(assign("loss_functions", listed(losses)))
    return [*found, assign("metrics", listed([listed(some) for some in metrics]))] if any(metrics) else found


def loss_choice(spec: CompileSpec, output: str) -> Choice | None:
    """The loss of an output; None if it has none."""
    return spec.loss if isinstance(spec.loss, Choice) else spec.loss.get(output)


def metrics_of(spec: CompileSpec, output: str, functions: Functions, wrapped: bool = False) -> list[Value]:
    """The metrics of an output; `wrapped`: a user's own function becomes an object that counts."""
    choices = spec.metrics.get(output, ()) if isinstance(spec.metrics, dict) else spec.metrics
    found: list[Value] = []
    for choice in choices:
        if not choice.source:
            found.append(objects.of_choice("metric", choice))
            continue
        name = functions[choice.source].name
        wrapper = Call("keras.metrics.MeanMetricWrapper", (name, ("name", text(name))))
        found.append(wrapper if wrapped else name)
    return found


def callbacks(project: Project) -> list[Value]:
    """The calls that make the callbacks."""
    return [objects.of_choice("callback", choice) for choice in project.training.callbacks]


def _loss(spec: CompileSpec, output: str, functions: Functions) -> Value:
    choice = loss_choice(spec, output)
    if choice is None:
        return "None"
    return functions[choice.source].name if choice.source else objects.of_choice("loss", choice)
