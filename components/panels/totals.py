"""The line below the list of layers: what the model costs."""

from __future__ import annotations

import streamlit as st

from components import state, words
from core.runner.checking import Checked


def render(checked: Checked) -> None:
    frozen = (checked.parameters or 0) - (checked.trainable_parameters or 0)
    memory, batch = checked.memory, state.project().training.batch_size
    numbers = [
        ("Parameters", words.count(checked.parameters)),
        ("Trainable", words.count(checked.trainable_parameters)),
        ("Compute", f"{words.flops(checked.flops)} / example"),
        ("Memory", f"{words.size(memory['peak'] if memory else None)} at batch {batch:,}"),
    ]
    numbers += [("Frozen", words.count(frozen))] if frozen else []
    st.markdown(" &emsp; ".join(f":gray[{name}] **{value}**" for name, value in numbers))
