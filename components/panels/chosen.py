"""What `auto` chose for a run, and what it measured; each row can be pinned."""

from __future__ import annotations

import streamlit as st

from components import state, words
from core.edits import Set
from core.events import Chosen, Speed
from core.spec import Project
from core.store import Run

SECONDS = 2.0
"""How often a run that trains is asked whether it has chosen."""


def render(run: Run) -> None:
    if run.is_over:
        _choice(run)
    else:
        _watch(run)


@st.fragment(run_every=SECONDS)
def _watch(run: Run) -> None:
    _choice(run)


def _choice(run: Run) -> None:
    choice = state.services().progress.view(run.id).chosen
    if choice is None:
        return
    st.markdown(f"**auto** runs `{choice.execution}`. {words.plain(_why(choice))}")
    for speed in choice.measured:
        _row(speed, is_chosen=speed.execution == choice.execution)


def _why(choice: Chosen) -> str:
    if choice.reason:
        return choice.reason
    if choice.remembered:
        return "An earlier run of this network on this machine measured it."
    return "It was the fastest on steps of this run."


def _row(speed: Speed, *, is_chosen: bool) -> None:
    name, rate, compiling, pin = st.columns([3, 2, 2, 1], vertical_alignment="center")
    name.markdown(f"**{speed.execution}**" if is_chosen else speed.execution)
    rate.caption(f"{speed.steps_per_second:,.0f} steps/s")
    compiling.caption(f"{speed.seconds:.1f} s to compile")
    switches = _switches(speed.execution)
    if switches is not None:
        pin.button(
            "Pin",
            icon=":material/keep:",
            key=state.key("pin", speed.execution),
            on_click=_pin,
            args=(switches,),
            help="Makes this the project's execution: the next run does not choose",
        )


def as_it_runs(run: Run) -> Project:
    """The project of a run, with the switches of Keras for what `auto` has chosen in it."""
    choice = state.services().progress.view(run.id).chosen
    switches = _switches(choice.execution.partition(",")[0]) if choice else None
    if not switches:
        return run.project
    return run.project.model_copy(update={"compile": run.project.compile.model_copy(update=switches)})


def _switches(execution: str) -> dict[str, bool | int] | None:
    """The three switches of `model.compile` that mean it; None for several epochs a call, which only auto does."""
    kind, _, steps = execution.partition(" x ")
    if "," in steps:
        return None
    return {"run_eagerly": False, "steps_per_execution": int(steps or 1), "jit_compile": kind == "XLA"}


def _pin(switches: dict[str, bool | int]) -> None:
    state.edit(*(Set(path=f"compile.{name}", value=value) for name, value in switches.items()))
