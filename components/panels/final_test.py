"""The final test: the rows that were set aside are looked at once, and what was found stays."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from components import state
from components.panels import answers
from components.panels.asked import work
from components.panels.reading import explain
from core.runner.final_test import take
from core.store import FinalTest, Run

_WHY = (
    "These rows are looked at once, and only here: whoever chooses a model by their score fits it to them too, and the "
    "score then promises too much. [Hastie, Tibshirani and Friedman, ch. 7](https://hastie.su.domains/ElemStatLearn/)"
)


def render(run: Run, weights: str) -> None:
    """The test that was taken, or the button that takes it."""
    kept = state.services().store.final_test(run)
    explain(_WHY)
    if kept is not None:
        _show(kept)
    elif not _has_rows(run):
        st.caption("This run set no rows aside. Choose a share for **Test** on the Data page, then train again.")
    else:
        _offer(run, weights)


def _has_rows(run: Run) -> bool:
    data = run.project.data
    return data.split == "column" or data.test_fraction > 0


def _offer(run: Run, weights: str) -> None:
    name = "the last weights" if weights == "last" else "the weights with the lowest validation loss"
    is_wanted = st.button(
        "Take the final test",
        icon=":material/task_alt:",
        type="primary",
        key="final.take",
        disabled=not run.is_over,
        help="Cannot be taken back. A run that is trained further can be tested again.",
    )
    st.caption(f"It tests {name}." if run.is_over else "It can be taken when training is over.")
    if is_wanted:
        store, engine = state.services().store, state.services().engine
        work("final test", f"{run.id}.{run.ticket}", lambda: take(store, engine, run, weights))
        st.rerun()


def _show(kept: FinalTest) -> None:
    first = next(iter(kept.answers.values()))
    when = pd.Timestamp(kept.created, unit="s").strftime("%Y-%m-%d %H:%M")
    st.caption(f"Taken once, {when} UTC: {first['rows']:,} rows, the {kept.weights} weights.")
    outputs = list(kept.answers)
    output = outputs[0]
    if len(outputs) > 1:
        output = st.segmented_control("Output", outputs, default=output, required=True, key="final.output") or output
    answers.show(kept.answers[str(output)])
