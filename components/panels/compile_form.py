"""What `model.compile` gets: optimizer, loss and metrics; with several outputs for each of them, if wanted."""

from __future__ import annotations

from typing import Any

import streamlit as st

from components import state
from components.panels import choice_field, data_roles, metrics_field
from core import catalog, graph
from core.data import DataFacts
from core.edits import Set
from core.runner.checking import Checked
from core.spec import Choice, CompileSpec


def render(checked: Checked) -> None:
    st.markdown("#### Compile", anchors=False)
    spec = state.project().compile
    outputs = graph.outputs(state.project().model)
    choice_field.render(
        "optimizer",
        "Optimizer",
        spec.optimizer,
        path="compile.optimizer",
        help_text="How the weights follow the gradient.",
    )
    keyed = _is_keyed(spec)
    if len(outputs) > 1 or keyed:
        _one_for_all(not keyed, checked)
    if keyed:
        for output in outputs:
            with st.container(border=True, gap="small", key=f"output-{output}"):
                _output(output, spec, checked)
    else:
        _loss("Loss", spec.loss, "compile.loss", _advice(checked))
        metrics_field.render(_metrics(spec, ""), path="compile.metrics")


def _is_keyed(spec: CompileSpec) -> bool:
    return not isinstance(spec.loss, Choice) or not isinstance(spec.metrics, tuple)


def _loss(label: str, loss: Any, path: str, advice: str) -> None:
    help_text = "What training makes small." + advice
    choice_field.render("loss", label, loss, path=path, help_text=help_text, offers_custom=True)


def _advice(checked: Checked) -> str:
    if checked.facts is None:
        return ""
    return f"\n\nRecommended for this target: `{catalog.recommend(checked.facts).loss}`"


def _one_for_all(value: bool, checked: Checked) -> None:
    field = state.key("compile", "together")
    st.toggle(
        "One loss for all outputs",
        value=value,
        key=field,
        on_change=lambda: _together() if state.value(field) else _apart(checked.facts),
        help="Off: each output has a loss, a weight and metrics of its own.",
    )


def _together() -> None:
    """The first output's loss and metrics for all of them."""
    spec = state.project().compile
    first = graph.outputs(state.project().model)[0]
    _save(choice_field.written(_loss_of(spec, first)), [choice_field.written(one) for one in _metrics(spec, first)])


def _apart(facts: DataFacts | None) -> None:
    """Each output keeps what there was, or gets what suits a target of its own."""
    begun = {output: _begin(output, facts) for output in graph.outputs(state.project().model)}
    _save(
        {output: choice_field.written(loss) for output, (loss, _) in begun.items()},
        {output: [choice_field.written(one) for one in metrics] for output, (_, metrics) in begun.items()},
    )


def _begin(output: str, facts: DataFacts | None) -> tuple[Choice, tuple[Choice, ...]]:
    project = state.project()
    name = next(iter((project.data.targets or {}).get(output, ())), None)
    target = next((one for one in facts.targets if one.name == name), None) if facts else None
    if name == data_roles.FEATURES:
        return choice_field.begun("loss", "MeanSquaredError"), ()
    if target:
        advice = catalog.recommend(target)
        return choice_field.begun("loss", advice.loss), tuple(Choice(name=metric) for metric in advice.metrics)
    return _loss_of(project.compile, output), _metrics(project.compile, output)


def _save(loss: Any, metrics: Any) -> None:
    state.edit(
        Set(path="compile.loss_weights", value=None),
        Set(path="compile.loss", value=loss),
        Set(path="compile.metrics", value=metrics),
    )


def _loss_of(spec: CompileSpec, output: str) -> Choice:
    if isinstance(spec.loss, Choice):
        return spec.loss
    return spec.loss.get(output) or next(iter(spec.loss.values()), Choice(name="MeanSquaredError"))


def _metrics(spec: CompileSpec, output: str) -> tuple[Choice, ...]:
    return spec.metrics if isinstance(spec.metrics, tuple) else spec.metrics.get(output, ())


def _output(output: str, spec: CompileSpec, checked: Checked) -> None:
    """One output's loss, its weight in the sum, and its metrics."""
    st.markdown(f"**{output}**")
    _loss("Loss", _loss_of(spec, output), f"compile.loss.{output}", "")
    field = state.key("compile", "weight", output)
    st.number_input(
        "Weight of this loss",
        value=float((spec.loss_weights or {}).get(output, 1.0)),
        min_value=0.0,
        step=0.1,
        format="%g",
        key=field,
        on_change=lambda: _weigh(output, state.value(field)),
        help="The losses are added up, each times its weight.",
    )
    metrics_field.render(_metrics(spec, output), path=f"compile.metrics.{output}")


def _weigh(output: str, weight: float) -> None:
    model, old = state.project().model, state.project().compile.loss_weights or {}
    weights: Any = {name: weight if name == output else old.get(name, 1.0) for name in graph.outputs(model)}
    state.edit(Set(path="compile.loss_weights", value=weights), by_field=True)
