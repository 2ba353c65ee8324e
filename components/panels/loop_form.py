"""By which loop, in which execution, for how long."""

from __future__ import annotations

from typing import Any

import streamlit as st

from components import state
from components.panels import parameters
from core import catalog
from core.edits import Set
from core.spec import Choice, CompileSpec, TrainingSpec

LOOPS = {"fit": "fit", "custom": "custom loop"}
LOOP_SAYS = {
    "fit": "Keras's own `model.fit` calls the step, the metrics and the callbacks.",
    "custom": "A loop written by hand: GradientTape records the step. Same numbers as fit.",
}
EXECUTIONS: dict[str, dict[str, Any]] = {
    "auto": {"run_eagerly": False, "steps_per_execution": "auto", "jit_compile": "auto"},
    "eager": {"run_eagerly": True, "steps_per_execution": 1, "jit_compile": False},
    "graph": {"run_eagerly": False, "steps_per_execution": 1, "jit_compile": False},
    "multi": {"run_eagerly": False, "steps_per_execution": 32, "jit_compile": False},
    "XLA": {"run_eagerly": False, "steps_per_execution": 32, "jit_compile": True},
}
EXECUTION_SAYS = {
    "auto": "Begins with graph steps, measures others while it trains, keeps the fastest, and remembers it.",
    "eager": "Python runs every operation, one by one. Slow, and easy to follow.",
    "graph": "`tf.function` traces the step once; each batch is one call of that graph.",
    "multi": "Many batches in one call of the graph: less time between the steps.",
    "XLA": "The graph compiled to machine code. The first call takes seconds, the others fly.",
}


def render() -> None:
    st.markdown("#### Training loop", anchors=False)
    training, compile_spec = state.project().training, state.project().compile
    _segments("Loop", list(LOOPS), training.loop, _set_loop, LOOPS, LOOP_SAYS)
    execution = execution_of(compile_spec)
    _segments("Execution", list(EXECUTIONS), execution, _set_execution, {}, EXECUTION_SAYS)
    st.caption(EXECUTION_SAYS[execution])
    if execution in ("multi", "XLA"):
        _number("Batches per call", "compile.steps_per_execution", int(compile_spec.steps_per_execution), 1, 100_000)
    left, right = st.columns(2)
    with left:
        _number("Epochs", "training.epochs", training.epochs, 1, 1_000_000)
    with right:
        _number("Batch size", "training.batch_size", training.batch_size, 1, 10_000_000)
    if training.initial_weights:
        _initial_weights()
    _callbacks(training)
    with st.expander("More: seed, shuffling", type="compact"):
        _number("Seed", "training.seed", training.seed, 0, 2**31 - 1)
        field = state.key("shuffle")
        st.toggle(
            "Shuffle each epoch", training.shuffle, key=field, on_change=_set_field, args=("training.shuffle", field)
        )


def execution_of(spec: CompileSpec) -> str:
    """The name of the execution that these three switches mean."""
    if spec.run_eagerly:
        return "eager"
    if spec.steps_per_execution == "auto":
        return "auto"
    if spec.jit_compile is True:
        return "XLA"
    return "graph" if spec.steps_per_execution == 1 else "multi"


def _segments(
    label: str, options: list[str], value: str, choose: Any, titles: dict[str, str], says: dict[str, str]
) -> None:
    field = state.key("segments", label)
    st.segmented_control(
        label,
        options,
        default=value,
        required=True,
        key=field,
        on_change=choose,
        args=(field,),
        width="stretch",
        wrap=False,
        format_func=lambda option: titles.get(option, option),
        help="\n\n".join(f"**{titles.get(option, option)}**: {sentence}" for option, sentence in says.items()),
    )


def _initial_weights() -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="initial-weights"):
        st.caption("Begins with the imported weights", width="stretch")
        st.button(
            "Begin afresh",
            key="fresh-weights",
            type="tertiary",
            on_click=_begin_afresh,
            help="Begin with random weights, made by the seed. Undo brings the imported ones back.",
        )


def _begin_afresh() -> None:
    state.edit(Set(path="training.initial_weights", value=None))


def _number(label: str, path: str, value: int, low: int, high: int) -> None:
    field = state.key(path)
    st.number_input(
        label, value=value, min_value=low, max_value=high, step=1, key=field, on_change=_set_field, args=(path, field)
    )


def _set_field(path: str, field: str) -> None:
    state.edit(Set(path=path, value=state.value(field)), by_field=True)


def _set_loop(field: str) -> None:
    state.edit(Set(path="training.loop", value=state.value(field)), by_field=True)


def _set_execution(field: str) -> None:
    switches = EXECUTIONS[state.value(field)]
    state.edit(*(Set(path=f"compile.{name}", value=value) for name, value in switches.items()), by_field=True)


def _callbacks(training: TrainingSpec) -> None:
    field = state.key("callbacks")
    chosen = [choice.name for choice in training.callbacks]
    names = list(dict.fromkeys([*chosen, *(entry.name for entry in catalog.entries("callback"))]))
    st.multiselect(
        "Callbacks",
        names,
        default=chosen,
        key=field,
        on_change=_set_callbacks,
        args=(field,),
        help="What watches the training and acts on it: stops early, lowers the learning rate.",
    )
    for index, choice in enumerate(training.callbacks):
        with st.container(border=True, gap="xsmall", key=f"callback-{choice.name}"):
            st.caption(f"**{choice.name}**")
            parameters.render(
                catalog.entry("callback", choice.name),
                choice.params,
                scope=f"callback.{choice.name}",
                commit=lambda name, new, index=index: _set_callback(index, name, new),  # type: ignore[misc]
            )


def _set_callbacks(field: str) -> None:
    old = {choice.name: choice for choice in state.project().training.callbacks}
    names = state.value(field)
    new = {name: Choice(name=name, params=catalog.entry("callback", name).starting_params()) for name in names}
    _save_callbacks([old.get(name, new[name]) for name in names])


def _set_callback(index: int, name: str, value: Any) -> None:
    callbacks = list(state.project().training.callbacks)
    choice = callbacks[index]
    callbacks[index] = choice.model_copy(update={"params": parameters.changed(choice.params, name, value)})
    _save_callbacks(callbacks, by_field=value is not parameters.DEFAULT)


def _save_callbacks(callbacks: list[Choice], *, by_field: bool = True) -> None:
    value: list[Any] = [choice.model_dump(exclude_none=True) for choice in callbacks]
    state.edit(Set(path="training.callbacks", value=value), by_field=by_field)
