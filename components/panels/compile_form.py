"""What `model.compile` gets: optimizer, loss and metrics."""

from __future__ import annotations

from typing import Any

import streamlit as st

from components import state, words
from components.panels import formula_field, parameters
from core import catalog
from core.edits import Set
from core.runner.checking import Checked
from core.spec import Choice

CUSTOM = "custom"


def render(checked: Checked) -> None:
    st.markdown("#### Compile")
    compile_spec = state.project().compile
    _choice("optimizer", "Optimizer", compile_spec.optimizer, "How the weights follow the gradient.")
    if isinstance(compile_spec.loss, Choice):
        _loss(compile_spec.loss, checked)
    if isinstance(compile_spec.metrics, tuple):
        _metrics(compile_spec.metrics)


def _loss(loss: Choice, checked: Checked) -> None:
    help_text = "What training makes small." + _advice(checked)
    _choice("loss", "Loss", loss, help_text, offers_custom=True)
    if loss.source is not None:
        formula_field.render(loss.source, path="compile.loss")


def _advice(checked: Checked) -> str:
    if checked.facts is None:
        return ""
    return f"\n\nRecommended for this target: `{catalog.recommend(checked.facts).loss}`"


def _choice(kind: catalog.Kind, label: str, choice: Choice, help_text: str, *, offers_custom: bool = False) -> None:
    field = state.key("compile", kind)
    names = [entry.name for entry in catalog.entries(kind)] + ([CUSTOM] if offers_custom else [])
    known = choice.name in names
    st.selectbox(
        label,
        names,
        index=names.index(choice.name) if known else None,
        key=field,
        format_func=lambda name: "Custom formula…" if name == CUSTOM else name,
        help=help_text,
        on_change=_choose,
        args=(kind, field),
    )
    if not known or choice.name == CUSTOM:
        return
    entry = catalog.entry(kind, choice.name)
    st.caption(words.plain(entry.summary))
    parameters.render(
        entry, choice.params, scope=f"compile.{kind}.{choice.name}", commit=lambda name, new: _set(kind, name, new)
    )


def _choose(kind: catalog.Kind, field: str) -> None:
    name = state.value(field)
    if name == CUSTOM:
        chosen = Choice(name=CUSTOM, source=formula_field.STARTING_LOSS)
    else:
        chosen = Choice(name=name, params=catalog.entry(kind, name).starting_params())
    state.edit(Set(path=f"compile.{kind}", value=chosen.model_dump(exclude_none=True)), by_field=True)


def _set(kind: catalog.Kind, name: str, value: Any) -> None:
    choice: Choice = getattr(state.project().compile, kind)
    changed = choice.model_copy(update={"params": {**choice.params, name: value}})
    state.edit(Set(path=f"compile.{kind}", value=changed.model_dump(exclude_none=True)), by_field=True)


def _metrics(metrics: tuple[Choice, ...]) -> None:
    field = state.key("compile", "metrics")
    chosen = [metric.name for metric in metrics if metric.name != CUSTOM]
    names = list(dict.fromkeys([*chosen, *(entry.name for entry in catalog.entries("metric"))]))
    st.multiselect(
        "Metrics",
        names,
        default=chosen,
        key=field,
        on_change=_set_metrics,
        args=(field,),
        help="What is measured beside the loss. Metrics do not change the training.",
    )


def _set_metrics(field: str) -> None:
    """Metrics that stay keep their parameters; a custom one is not in the list and stays, too."""
    names = state.value(field)
    metrics = state.project().compile.metrics
    old = {metric.name: metric for metric in metrics} if isinstance(metrics, tuple) else {}
    new = {name: Choice(name=name, params=catalog.entry("metric", name).starting_params()) for name in names}
    kept = [old.get(name, new[name]) for name in names] + [old[CUSTOM]] * (CUSTOM in old)
    value: list[Any] = [metric.model_dump(exclude_none=True) for metric in kept]
    state.edit(Set(path="compile.metrics", value=value), by_field=True)
