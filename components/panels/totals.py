"""What the model costs, in the line below the layers."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from components import state, words
from core.runner.checking import Checked


class Total(NamedTuple):
    """One number of the line."""

    label: str
    value: str
    help: str


def render(checked: Checked) -> None:
    st.caption(" &emsp; ".join(f"{total.label} **{total.value}**" for total in totals(checked)))


def totals(checked: Checked) -> list[Total]:
    frozen = (checked.parameters or 0) - (checked.trainable_parameters or 0)
    found = [
        Total("Parameters", words.count(checked.parameters), "Numbers that the model holds"),
        Total("Trainable", words.count(checked.trainable_parameters), "Numbers that training changes"),
        Total("Compute", f"{words.flops(checked.flops)} / example", "Arithmetic for one example, forward"),
        _memory(checked),
    ]
    if frozen:
        found.insert(2, Total("Frozen", words.count(frozen), "Numbers that training leaves as they are"))
    run = state.run()
    seconds = state.services().epoch_seconds(run, state.project()) if run else None
    if run and seconds is not None:
        measured = Total("Epoch", f"≈ {words.duration(seconds)}", f"Measured in {run.name}, which trained this model")
        found.append(measured)
    return found


def _memory(checked: Checked) -> Total:
    """The peak of a training step; where it goes stands in the help."""
    batch, memory = state.project().training.batch_size, checked.memory
    if memory is None:
        return Total("Memory", "–", "What training takes at once; not known yet")
    parts = ", ".join(
        f"{name} {words.size(memory[name])}" for name in ("weights", "gradients", "optimizer", "activations")
    )
    value = f"{words.size(memory['peak'])} at batch {batch:,}"
    return Total("Memory", value, f"The most that a training step holds at once: {parts}, and room to work")
